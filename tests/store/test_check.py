"""`check` names what was changed, writes nothing, and says nothing of what is well."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import JUDGE, draw_queue, make_items, make_judgment, make_response

from miareview.cli.main import cli
from miareview.errors import RefusedError
from miareview.review.queues import create_queue
from miareview.store.check import CheckResult, check, rebuild
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


@pytest.fixture
def reviewed(store: Store) -> Store:
    """A queue, and one response that a reviewer has scored and committed in it."""
    queue = draw_queue(store, "four", size=4, seed=3)
    response = queue.rows[0].response
    weights = store.weights({response})[response]
    append(
        store,
        *(Entry("ann", "score", response, position, "1", queue="four") for position in weights),
        Entry("ann", "commit", response, queue="four"),
    )
    return store


def tampered(store: Store, *statements: str) -> CheckResult:
    """What `check` says after somebody with a plain SQLite has been there."""
    plain = sqlite3.connect(store.path)
    plain.execute("pragma foreign_keys=off")
    (kept,) = (plain.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall(),)
    for name, _ in kept:
        plain.execute(f"drop trigger {name}")
    for statement in statements:
        plain.execute(statement)
    for _, sql in kept:
        plain.execute(sql)
    plain.commit()
    plain.close()
    return check(store)


def test_all_is_well_at_first(reviewed: Store) -> None:
    result = check(reviewed)
    assert result.problems == []
    assert (result.chains, result.facts_since) == (1, "")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update sub_score set points = '0', sixtieths = 0 where position = 2", "rows are not as they were imported"),
        ("update judgment set raw = 'so', id = id", "does not say what its id was made of"),
        ("update response set text = text || '.' where rowid = 1", "does not say what its id was made of"),
        ("update item set instruction = 'x' where number = 0", "does not say what its id was made of"),
        ("update component set weight = 9 where position = 1", "rows are not as they were imported"),
        ("update judge set name = 'other'", "does not say what its id was made of"),
        ("update judge set sees_image = 1", "rows are not as they were imported"),
        ("delete from sub_score where position = 1", "rows are not as they were imported"),
        (
            "insert into component select item, 9, category, text, weight from component where position = 1",
            "rows are not as",
        ),
        ("update response set imported_at = '2020-01-01'", "no import of the ledger brought these rows"),
        ("update queue set seed = 4", "is not as it was drawn: seed"),
        ("update queue set frame = '{}'", "is not as it was drawn: odds"),
        ("update queue set reveal = 'never'", "is not as it was drawn: reveal"),
        ("delete from queue_row where position = 2", "is not as it was drawn: odds, rows"),
        ("update queue_row set probability = 1", "is not as it was drawn: odds"),
        ("delete from queue", "is gone, and reviews came out of it"),
        ("insert into queue select 'two', design, 1, frame, 1, 1, 1, made, reveal from queue", "no draw of the ledger"),
        ("update event set value = '0' where kind = 'score'", "its content was changed"),
        ("update event set reviewer = 'bob'", "its content was changed"),
        ("delete from event where kind = 'score'", "does not follow the event before it"),
        ("update event set value = 'abc' where kind = 'score'", "gives 'abc' of"),
        ("update event set value = '99' where kind = 'score'", "gives '99' of"),
        ("update event set component = 9 where kind = 'score'", "is on component 9, which is not there"),
        ("update event set kind = 'praise' where kind = 'score'", "is of no known kind"),
        ("update event set value = '[]' where kind = 'import'", "does not say what it should"),
        ("update current_score set points = '0'", "differs from the ledger"),
        ("update review_status set reviewer = 'bob'", "nobody said this"),
        ("delete from review_status", "differs from the ledger"),
        ("drop table current_score", "is missing"),
        ("drop index event_chain", "is missing"),
        ("create trigger silent after insert on event begin select 1; end", "is none of miareview's"),
        ("delete from judge", "refers to a row of judge that is not there"),
    ],
)
def test_what_was_changed_is_named(reviewed: Store, statement: str, named: str) -> None:
    result = tampered(reviewed, statement)
    assert named in "\n".join(what for _, what in result.problems)


def test_a_missing_trigger_is_named(reviewed: Store) -> None:
    reviewed.connection.execute("drop trigger event_no_update")
    assert check(reviewed).problems == [("trigger event_no_update", "is missing")]


def test_facts_that_the_ledger_saw_coming_are_no_problem(reviewed: Store) -> None:
    """Also one by one, as a judge that is asked brings them."""
    items = make_items()
    for item in items:
        answer = make_response(item, "gamma")
        reviewed.add_responses([answer])
        reviewed.add_judgments(JUDGE, [make_judgment(item, answer, [1] * len(item.components))])
    assert check(reviewed).problems == []


def test_a_queue_that_nobody_worked_in_may_go(reviewed: Store) -> None:
    from miareview.store.queues import delete_queue

    create_queue(reviewed, "unused", size=2)
    delete_queue(reviewed, "unused")
    assert check(reviewed).ok


def test_checking_writes_nothing(reviewed: Store) -> None:
    reviewed.close()
    before = hashlib.sha256(reviewed.path.read_bytes()).hexdigest()
    with Store.open(reviewed.path, reading=True) as reader:
        assert check(reader).ok
    assert hashlib.sha256(reviewed.path.read_bytes()).hexdigest() == before


def test_a_ledger_that_was_changed_is_not_made_what_counts(reviewed: Store) -> None:
    result = tampered(reviewed, "update event set value = '0' where kind = 'score'")
    assert not result.ok
    with pytest.raises(RefusedError, match="Nothing was made again"):
        rebuild(reviewed)


def test_a_cut_end_is_found_by_whoever_kept_the_heads(reviewed: Store, tmp_path: Path) -> None:
    heads = tmp_path / "heads.json"
    run = CliRunner()
    kept = run.invoke(cli, ["--db", str(reviewed.path), "check", "--heads", str(heads)])
    assert kept.exit_code == 0, kept.output
    append(reviewed, Entry("ann", "flag", reviewed.responses()[0].id, value="1"))
    again = ["--db", str(reviewed.path), "check", "--since", str(heads), "--json"]
    assert run.invoke(cli, again).exit_code == 0
    cut = "delete from event where kind in ('commit', 'flag')"
    tampered(reviewed, cut, "delete from review_status where committed_at is null")
    rebuild(reviewed)
    assert check(reviewed).ok  # of the file alone, nobody could say
    append(reviewed, Entry("ann", "flag", reviewed.responses()[0].id, value="1"))
    append(reviewed, Entry("ann", "flag", reviewed.responses()[0].id, value="0"))
    found = run.invoke(cli, again)
    assert found.exit_code == 3
    assert "does not hold that end any more" in json.loads(found.stdout)["problems"][0]["what"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"heads": {"a": {}}}', '{"heads": 3}', "\x00"])
def test_heads_that_are_none_say_so(reviewed: Store, tmp_path: Path, text: str) -> None:
    file = tmp_path / "heads.json"
    file.write_text(text)
    result = CliRunner().invoke(cli, ["--db", str(reviewed.path), "check", "--since", str(file)])
    assert "does not hold the ends of chains" in str(result.exception)
