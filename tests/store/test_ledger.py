"""The ledger: every word is kept, in a chain that shows any change, and replay gives the same state again."""

import shutil
import sqlite3
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import JUDGE, commit, make_items, make_judgment, make_response, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miareview.errors import DataError, RefusedError
from miareview.store.check import check, derived_rows, rebuild
from miareview.store.ledger import (
    Entry,
    append,
    event_hash,
    events,
    may_see_judge,
    next_id,
    review_state,
    version,
)
from miareview.store.store import Store


def say(store: Store, kind: str, component: int | None = None, value: str | None = None, **more: object) -> str:
    entry = Entry("ann", kind, store.responses()[0].id, component, value, **more)  # type: ignore[arg-type]
    return append(store, entry)[0].id


def state(store: Store) -> object:
    return review_state(store, store.responses()[0].id, "ann")


def points(store: Store) -> dict[int, Fraction | None]:
    found = review_state(store, store.responses()[0].id, "ann")
    return {position: mark.points for position, mark in found.blind.items()}


def test_the_last_score_counts_and_all_are_kept(store: Store) -> None:
    say(store, "score", 1, "2")
    say(store, "score", 1, "3.5")
    assert points(store) == {1: Fraction(7, 2)}
    assert [event.value for event in said(store)] == ["2", "3.5"]


def test_undo_and_redo_are_recorded_and_go_both_ways(store: Store) -> None:
    first = say(store, "score", 1, "2")
    second = say(store, "score", 1, "4")
    say(store, "undo", value=second)
    assert points(store) == {1: 2}
    say(store, "undo", value=first)
    assert points(store) == {}
    say(store, "redo", value=first)
    say(store, "redo", value=second)
    assert points(store) == {1: 4}
    assert len(said(store)) == 6


def test_of_many_words_in_one_transaction_a_refused_one_takes_its_own_along(store: Store) -> None:
    first, second = (response.id for response in store.responses()[:2])
    with store.writing():
        append(store, Entry("ann", "score", first, 1, "2"))
        with pytest.raises(DataError):
            append(store, Entry("ann", "score", second, 1, "3"), Entry("ann", "score", second, 2, "99"))
        append(store, Entry("ann", "score", first, 2, "1"))
    assert [(event.response, event.value) for event in said(store)] == [(first, "2"), (first, "1")]
    assert check(store).ok


def test_a_blind_score_is_never_replaced_after_the_judge_was_seen(store: Store) -> None:
    blind = say(store, "score", 1, "1")
    commit(store, "ann", store.responses()[0].id)
    say(store, "score", 1, "4")
    with pytest.raises(DataError, match="nothing to undo"):
        say(store, "undo", value=blind)
    found = review_state(store, store.responses()[0].id, "ann")
    assert found.blind[1].points == 1
    assert found.assisted[1].points == 4
    assert found.mark(1) == found.assisted[1]
    last = said(store)[-1]
    assert (last.kind, last.judge_visible) == ("score", True)  # the caller did not say so; the file knows


def test_chains_hold_and_a_changed_row_is_named(store: Store) -> None:
    for number in range(4):
        say(store, "score", 1, str(number))
    assert check(store).ok
    target = said(store)[1].id
    store.connection.execute("drop trigger event_no_update")
    store.connection.execute("update event set value = '4' where id = ?", (target,))
    problems = dict(check(store).problems)
    assert "changed" in problems[f"event {target}"]
    with pytest.raises(RefusedError, match="Nothing was made again"):
        rebuild(store)


def test_a_removed_row_is_noticed(store: Store) -> None:
    for number in range(4):
        say(store, "score", 1, str(number))
    gone, after = said(store)[1].id, said(store)[2].id
    store.connection.execute("drop trigger event_no_delete")
    store.connection.execute("delete from event where id = ?", (gone,))
    assert "missing" in dict(check(store).problems)[f"event {after}"]


def test_tampered_derived_rows_are_noticed_and_rebuilt(store: Store) -> None:
    say(store, "score", 1, "2")
    before = derived_rows(store)
    store.connection.execute("update current_score set points = '4'")
    assert not check(store).ok
    assert rebuild(store).ok
    assert derived_rows(store) == before


def test_a_chain_never_goes_back_even_if_the_clock_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    say(store, "score", 1, "1")
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000)
    say(store, "score", 1, "2")
    assert points(store) == {1: 2}
    assert check(store).ok


def test_two_reviewers_do_not_meet(store: Store) -> None:
    response = store.responses()[0].id
    append(store, Entry("ann", "score", response, 1, "1"), Entry("bob", "score", response, 1, "4"))
    assert review_state(store, response, "ann").blind[1].points == 1
    assert review_state(store, response, "bob").blind[1].points == 4


def test_what_could_not_be_written_is_said_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(DataError, match="no response"):
        append(store, Entry("ann", "score", "no such response", 1, "1"))
    store.connection.execute("create trigger full before insert on event begin select raise(abort, 'full'); end")
    with pytest.raises(DataError, match="could not be written"):
        say(store, "score", 1, "1")
    assert said(store) == []


def test_the_hash_covers_every_column(store: Store) -> None:
    say(store, "score", 1, "1")
    event = events(store)[0]
    assert event.hash == event_hash(event)
    from dataclasses import fields, replace

    for column in fields(event):
        if column.name != "hash":
            other = replace(event, **{column.name: not event.judge_visible if column.name == "judge_visible" else "x"})
            assert event_hash(other) != event.hash, column.name


KINDS = st.sampled_from(["score", "clear", "comment", "reason", "ungradable", "flag", "skip", "undo", "redo", "commit"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KINDS, st.integers(1, 3), st.integers(0, 3)), max_size=25), st.sampled_from([0, 4, 8]))
def test_any_history_rebuilds_to_the_byte(store: Store, history: list[tuple[str, int, int]], place: int) -> None:
    """Also on top of what was said before: the file is the same for all histories."""
    response = store.responses()[place].id
    for kind, component, value in history:
        now = review_state(store, response, "ann")
        stack = {"undo": now.undoable, "redo": now.redoable}.get(kind)
        shown = may_see_judge(store, "ann", now)
        whole = all(now.mark(position) for position in (1, 2, 3))
        if stack == () or (kind == "commit" and not whole):
            continue
        append(
            store,
            Entry(
                "ann", kind, response, None if stack or kind == "commit" else component,  # type: ignore[arg-type]
                stack[-1] if stack else str(value),
            ),
        )  # fmt: skip
        blind = now.blind
        if shown:
            assert review_state(store, response, "ann").blind == blind
    before = derived_rows(store)
    assert check(store).ok
    assert rebuild(store).ok
    assert derived_rows(store) == before


def test_the_ledger_is_readable_without_miareview(store: Store) -> None:
    say(store, "score", 1, "2")
    with sqlite3.connect(store.path) as plain:
        assert plain.execute(
            "select reviewer, kind, component, value from event where kind <> 'import'"
        ).fetchall() == [("ann", "score", 1, "2")]


def test_a_file_at_another_path_or_in_anothers_place_is_another_device(store: Store) -> None:
    def device(path: Path) -> str:
        with Store.open(path) as opened:
            (event,) = append(opened, Entry("ann", "flag", opened.responses()[0].id, value="1"))
        return event.device

    path, moved = store.path, store.path.with_name("moved.db")
    store.close()
    first = device(path)
    assert device(path) == first
    path.rename(moved)  # the same file at another path
    second = device(moved)
    shutil.copy(moved, path)  # another file at the first path
    assert len({first, second, device(path)}) == 3


def test_the_version_changes_with_whatever_a_number_depends_on(store: Store) -> None:
    seen = [version(store)]
    (item,) = make_items(1)
    answer = make_response(item, "gamma")
    store.add_responses([answer])
    seen.append(version(store))
    store.add_judgments(JUDGE, [make_judgment(item, answer, [1, 1, 1])])
    seen.append(version(store))
    append(store, Entry("ann", "score", answer.id, 1, "1"))
    seen.append(version(store))
    assert len(set(seen)) == 4
    assert version(store) == seen[-1]


def test_whole_seconds_are_hashed_as_they_come_back(store: Store) -> None:
    say(store, "flag", value="1", seconds=3)
    assert check(store).problems == []


def test_ids_rise_while_the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_700_000_000_000_000_000)
    ids = [next_id("")]
    for _ in range(50):
        ids.append(next_id(ids[-1]))
    assert ids == sorted(set(ids))
