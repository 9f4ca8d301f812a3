"""The judge's errors by kind: counted, merged, taken back; and whether new kinds still turn up."""

import json

import pytest
from commands import run
from conftest import HOSTILE, commit

from miareview.errors import DataError, RefusedError
from miareview.review.queues import create_queue, queue_by_rule, written_before
from miareview.review.reasons import reasons
from miareview.store.check import check
from miareview.store.gold import new_guideline
from miareview.store.ledger import Entry, append
from miareview.store.queues import queue
from miareview.store.reasons import names_of_reasons, rename_reason
from miareview.store.store import Store


@pytest.fixture
def told(store: Store) -> Store:
    """Ann gives miscount, wrong count, miscount and a word of her own; Ben's reason is in a review not committed."""
    rows = queue(store, create_queue(store, "q", seed=1).name).rows
    for row, words in zip(rows, ("miscount", "wrong count", "miscount", HOSTILE), strict=False):
        append(store, Entry("ann", "reason", row.response, 1, words))
        commit(store, "ann", row.response, "q")
    append(store, Entry("ben", "reason", rows[0].response, 1, "too strict"))
    append(store, Entry("ann", "score", rows[5].response, 1, "1"))
    return store


def test_kinds_are_counted_by_category_and_model(told: Store) -> None:
    found = reasons(told, "test")
    assert {kind.name: kind.count for kind in found.kinds} == {"miscount": 2, "wrong count": 1, HOSTILE: 1}
    assert found.given == 4
    assert all(sum(kind.categories.values()) == sum(kind.models.values()) == kind.count for kind in found.kinds)
    assert found.curve == (1, 2, 2, 3)
    assert found.new == 0.5


def test_a_merge_changes_the_count_and_not_what_was_said(told: Store) -> None:
    rename_reason(told, "ann", "wrong count", "miscount")
    (first, _) = reasons(told, "test").kinds
    assert (first.name, first.count, first.words) == ("miscount", 3, ("miscount", "wrong count"))
    rename_reason(told, "ann", "miscount", "number")
    assert names_of_reasons(told) == {"wrong count": "number", "miscount": "number"}
    with pytest.raises(RefusedError, match="already"):
        rename_reason(told, "ann", "number", "miscount")
    rename_reason(told, "ann", "miscount", None)
    rename_reason(told, "ann", "wrong count", None)
    assert [kind.count for kind in reasons(told, "test").kinds] == [2, 1, 1]
    assert check(told).ok


def test_names_that_go_round_end(told: Store) -> None:
    for words, new in (("a", "b"), ("b", "c"), ("c", "a")):
        append(told, Entry("ann", "rename", value=json.dumps({"reason": words, "as": new})))
    assert set(names_of_reasons(told)) <= {"a", "b", "c"}


def test_by_command(told: Store) -> None:
    merged = run("reason", "merge", "wrong count", "miscount", "--by", "ann", db=told.path)
    assert (merged.returncode, "called miscount from now on" in merged.stderr) == (0, True)
    shown = run("reason", "list", db=told.path)
    assert "Said as" in shown.stdout
    assert "2 kinds: 1 after 1" in shown.stdout
    assert "\x1b" not in shown.stdout
    found = json.loads(run("reason", "list", "--json", db=told.path).stdout)
    assert [kind["count"] for kind in found["kinds"]] == [3, 1]
    assert run("reason", "rename", "wrong count", "--undo", "--by", "ann", db=told.path).returncode == 0
    for words in (["merge", "no such", "miscount"], ["rename", "miscount", "--undo"]):
        refused = run("reason", *words, "--by", "ann", db=told.path)
        assert (refused.returncode, refused.stderr.count("\n")) == (3, 1)


def test_what_was_written_under_an_older_guideline_is_drawn_again(told: Store) -> None:
    with pytest.raises(DataError, match="none yet"):
        written_before(told, "test", "v1")
    append(told, new_guideline("ann", "# First"))
    rows = queue(told, "q").rows
    commit(told, "ann", rows[6].response, "q")
    append(told, new_guideline("ann", "# Second"))
    commit(told, "ann", rows[7].response, "q")
    committed = {row.response for row in rows[:4]}
    assert set(written_before(told, "test", "v1")) == committed
    assert set(written_before(told, "test", "2")) == committed | {rows[6].response}
    done = run("queue", "create", "recheck", "--recheck", "v2", db=told.path)
    assert "5 responses with labels written before guideline v2" in done.stderr
    assert queue(told, "recheck").design == "rule"
    assert queue_by_rule(told, "x", "any", [rows[0].response], benchmark="test").design == "rule"
