"""Blind queues on the command line: when the judge is shown, who looks, and what is recorded when somebody does."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import run
from conftest import JUDGE, draw_queue

from miareview.cli.looking import note_peek, who_looks
from miareview.errors import DataError, UsageError
from miareview.review.session import ReviewSession
from miareview.store.ledger import events
from miareview.store.store import Store


@dataclass(frozen=True)
class Db:
    path: Path

    def peeks(self) -> list[dict[str, object]]:
        with Store.open(self.path, reading=True) as store:
            return [json.loads(event.value or "") for event in events(store) if event.kind == "peek"]


def change_peeks(db: Path) -> None:
    """As somebody with a plain SQLite does."""
    with closing(sqlite3.connect(db)) as plain:
        (sql,) = plain.execute("select sql from sqlite_master where name = 'event_no_update'").fetchone()
        plain.execute("drop trigger event_no_update")
        plain.execute("update event set value = '[\"scores\"]' where kind = 'peek'")
        plain.execute(sql)
        plain.commit()


@pytest.fixture
def db(store: Store) -> Db:
    """Ann has committed three responses of the blind queue "gold", Ben all of them."""
    queue = draw_queue(store, "gold", seed=3)
    work = [row.response for row in queue.rows]
    for who, count in (("ann", 3), ("ben", len(work))):
        session = ReviewSession(store, who, work, queue=queue, judge=JUDGE)
        for place in range(count):
            session.go(place)
            session.full_marks()
            session.commit()
    return Db(store.path)


@pytest.mark.parametrize("words", [["scores", "--json"], ["agreement", "--json"], ["judge", "compare", "--json"]])
def test_numbers_in_the_middle_of_a_blind_queue_are_given_and_recorded(db: Db, words: list[str]) -> None:
    done = run(*words, "--as", "ann", db=db.path)
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)
    opened = " ".join(words[:-1])
    assert f"ann has not finished gold (3 of 12 committed); that they opened {opened} is recorded." in done.stderr
    assert db.peeks() == [{"opened": opened, "committed": 3}]


def test_exports_that_tell_scores_are_recorded_and_others_are_not(db: Db, tmp_path: Path) -> None:
    assert "is recorded" in run("export", "scores", "-", "--as", "ann", db=db.path).stderr
    assert "is recorded" in run("report", str(tmp_path / "audit.md"), "--as", "ann", db=db.path).stderr
    assert "is recorded" not in run("export", "items", "-", "--as", "ann", db=db.path).stderr
    assert [peek["opened"] for peek in db.peeks()] == ["export scores", "report"]


def test_nobody_and_whoever_is_done_sees_numbers_without_a_word(db: Db) -> None:
    for who in (["--as", "ben"], ["--as", "carol"], []):
        assert run("scores", "--json", *who, db=db.path).stderr == ""
    assert db.peeks() == []


def test_the_tables_say_where_somebody_looked(db: Db) -> None:
    assert "OPENED EARLY" not in run("scores", db=db.path).stdout.upper()
    run("agreement", "--as", "ann", db=db.path)
    run("scores", "--as", "ann", db=db.path)
    said = "ann opened agreement after 3 responses of the blind queue gold"
    for command in ("scores", "agreement"):
        assert said in " ".join(run(command, db=db.path).stdout.split())
        peeks = json.loads(run(command, "--json", db=db.path).stdout)["peeks"]
        assert [(peek["reviewer"], peek["opened"]) for peek in peeks] == [("ann", "agreement"), ("ann", "scores")]


def test_the_environment_names_who_looks(db: Db) -> None:
    import os

    done = run("scores", "--json", db=db.path, env={**os.environ, "MIAREVIEW_REVIEWER": " ann "})
    assert "ann has not finished gold" in done.stderr


def test_the_login_name_looks_only_where_it_is_a_reviewers(
    db: Db, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, looks in (("ann", "ann"), ("root", None)):
        monkeypatch.setattr("getpass.getuser", lambda name=name: name)
        assert who_looks(store, None) == looks


def test_where_the_file_cannot_be_written_the_peek_is_said_not_to_be_recorded(
    db: Db, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> Store:
        raise DataError("the disk is read only.")

    monkeypatch.setattr(Store, "open", refuse)
    note_peek(store, "ann", "scores")
    assert "could not be recorded: the disk is read only." in capsys.readouterr().err


def test_a_name_that_is_no_text_is_one_sentence(store: Store) -> None:
    with pytest.raises(UsageError, match="not UTF-8"):
        who_looks(store, "\udcff")


def test_a_queue_says_when_it_shows_the_judge(db: Db) -> None:
    done = run("queue", "create", "second", "--size", "2", "--reveal", "never", db=db.path)
    assert "the judge is never shown" in done.stderr
    run("queue", "create", "third", "--design", "all", db=db.path)
    found = {q["name"]: q["reveal"] for q in json.loads(run("queue", "list", "--json", db=db.path).stdout)["queues"]}
    assert found == {"gold": "end", "second": "never", "third": "each"}
    assert "blind: the judge is shown at the end" in run("queue", "list", db=db.path).stdout
    refused = run("queue", "create", "fourth", "--open", "--reveal", "each", db=db.path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_a_queue_is_shown_with_signs_for_models_to_whoever_is_not_done(db: Db) -> None:
    def rows(*words: str) -> list[dict[str, object]]:
        found = json.loads(run("queue", "show", "gold", "--json", *words, db=db.path).stdout)
        assert {"name", "design", "reveal", "rows"} == set(found)
        return list(found["rows"])

    assert {row["model"] for row in rows("--as", "ann")} == {"model A", "model B"}
    assert {row["model"] for row in rows("--as", "ben")} == {"alpha", "beta"}
    first, last = rows()[0], rows()[-1]
    assert set(first) == {"position", "item", "model", "response", "probability", "people"}
    assert (first["people"], last["people"]) == (["ann", "ben"], ["ben"])


def test_a_second_reading_does_not_tell_why_it_was_drawn(db: Db) -> None:
    """Ben alone committed nine responses; the judge gave some of them less than he did."""
    done = run("queue", "create", "again", "--second", "--share", "1", "--people", "ann,ben", db=db.path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "of 9 responses that one person has committed" in done.stderr
    assert "Dealt out, responses: ann 9.\nNext: miareview review --queue again --as ann" in done.stderr

    def rows(*words: str) -> list[dict[str, object]]:
        return list(json.loads(run("queue", "show", "again", "--json", *words, db=db.path).stdout)["rows"])

    assert {row["probability"] for row in rows()} == {1.0}
    assert {row["probability"] for row in rows("--as", "ann")} == {None}
    assert {tuple(row["people"]) for row in rows()} == {("ann",)}  # type: ignore[arg-type]
    assert "hidden while it waits for you" in run("queue", "show", "again", "--as", "ann", db=db.path).stdout
    assert "second, seed 1, 9 of 9 responses" in run("queue", "list", db=db.path).stdout
    (told,) = json.loads(run("agreement", "--json", db=db.path).stdout)["second"]
    assert (told["queue"], told["drawn"], told["read"], told["differ"]) == ("again", 9, 0, None)
    assert "No rate: 0 of" in run("agreement", db=db.path).stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--second", "--size", "3"], "--second goes without --size."),
        (["--share", "0.2"], "--share goes with --second."),
        (["--overlap", "0.2"], "--overlap goes with --people."),
        (["--filter", "item:1", "--people", "ann"], "--filter goes without --people."),
        (["--people", "ann, "], "A reviewer needs a name."),
    ],
)
def test_a_queue_is_made_in_one_way(db: Db, words: list[str], sentence: str) -> None:
    done = run("queue", "create", "mixed", *words, db=db.path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sentence in done.stderr


def test_a_closed_queue_is_over_for_one_person(db: Db) -> None:
    done = run("queue", "close", "gold", "--as", "ann", db=db.path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "over for ann: 3 of 12 responses are committed" in done.stderr
    assert run("scores", "--json", "--as", "ann", db=db.path).stderr == ""
    again = run("queue", "close", "gold", "--as", "ann", db=db.path)
    assert (again.returncode, again.stderr.count("\n")) == (3, 1)
    assert run("queue", "close", "nothing", "--as", "ann", db=db.path).returncode == 3


def test_a_peek_that_was_changed_is_named(db: Db) -> None:
    assert run("scores", "--as", "ann", db=db.path).returncode == 0
    change_peeks(db.path)
    for words in (("agreement", "--as", "ben"), ("report", str(db.path.with_suffix(".html")), "--as", "ben")):
        done = run(*words, db=db.path)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1)
        assert "does not say which numbers were opened: it was changed. See `miareview check`." in done.stderr
    assert "does not say what it should" in run("check", db=db.path).stdout
