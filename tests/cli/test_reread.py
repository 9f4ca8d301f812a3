"""`miareview reread`: stored replies read again, kept beside what was read before, and what counts then."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from commands import run
from conftest import JUDGE, commit, make_items, make_response

from miareview.judge.judgment import read_judgment
from miareview.model import Call, Judgment, Response, SubScore
from miareview.rereading import changes
from miareview.store.check import check
from miareview.store.ledger import Entry, append, events, review_state
from miareview.store.reply_readings import add_readings, stored_readings
from miareview.store.store import Store

ITEM = make_items(1)[0]  # weights 4, 3, 3
GOOD = "Component 1: 4/4, component 2: 1/3, component 3: 2/3, total: 7/10."


def as_if(judgment: Judgment, points: list[int | None], **more: Any) -> Judgment:
    """The judgment as an older reader might have read it."""
    scores = tuple(
        SubScore(place, None if value is None else Fraction(value)) for place, value in enumerate(points, start=1)
    )
    return replace(judgment, sub_scores=scores, **more)


def read(response: Response, raw: str = GOOD) -> Judgment:
    return read_judgment(raw, ITEM, response.id, JUDGE.id, 0)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Four replies: as read today, with another component, with another status, and with other words."""
    path = tmp_path / "review.db"
    answers = [make_response(ITEM, f"model-{number}") for number in range(4)]
    right = [read(answer) for answer in answers]
    first = right[3].sub_scores[0]
    stored = [
        right[0],
        as_if(right[1], [4, 3, 2], stated_total=None, status="warning", warnings=("missing_total",)),
        replace(right[2], status="warning", warnings=("several_verdicts",)),
        replace(right[3], sub_scores=(replace(first, start=0, end=11), *right[3].sub_scores[1:])),
    ]
    with Store.open(path, create=True) as store:
        store.add_items([ITEM])
        store.add_responses(answers)
        store.add_judgments(JUDGE, stored)
    return path


def points(path: Path) -> list[list[Fraction | None]]:
    with Store.open(path, reading=True) as store:
        return [[score.points for score in store.judgments(r.id)[-1].sub_scores] for r in store.responses()]


def recomputed(path: Path) -> dict[str, float]:
    models = json.loads(run("scores", "--json", db=path).stdout)["models"]
    return {model["model"]: model["recomputed"]["value"] for model in models}


def document(path: Path, *words: str) -> Any:
    done = run("reread", "--json", *words, db=path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_several_readings_the_newest_counts(db: Path) -> None:
    with Store.open(db) as store:
        response = store.responses()[0].id
        for reader, said, status in (("older", [1, 1, 1], "warning"), ("newer", [2, 3, 0], "partial")):
            before = next(reading for reading in stored_readings(store) if reading.response == response)
            now = as_if(
                store.judgments(response)[-1], said, status=status, stated_total=(Fraction(sum(said)), Fraction(10))
            )
            assert add_readings(store, [(before, now)], reader) == 1
        newest = next(reading for reading in stored_readings(store) if reading.response == response)
        assert (newest.times, newest.reader, newest.status) == (2, "newer", "partial")
        assert (newest.points, newest.stated_total) == ((2, 3, 0), (5, 10))
    assert recomputed(db)["model-0"] == pytest.approx(0.5)


def test_what_differs_is_listed_kept_beside_and_counts(db: Path) -> None:
    assert recomputed(db)["model-1"] == pytest.approx(0.9)
    said = run("reread", db=db)
    assert said.returncode == 0
    assert "component 2: 3 → 1 of 3, read from “1/3”" in said.stdout
    assert "gpt-4o, item 0, model-1: warning (missing total) → ok" in said.stdout
    assert "total: none → 7/10" in said.stdout
    assert "gpt-4o, item 0, model-2: warning (several verdicts) → ok" in said.stdout
    assert "3 of 4 replies are read otherwise today: 1 with other points, 1 with another status" in said.stdout
    assert points(db) == [[4, 1, 2]] * 4
    assert recomputed(db)["model-1"] == pytest.approx(0.7)
    with Store.open(db) as store:
        assert check(store).ok
        old = store.rows(
            "select points from sub_score join judgment on judgment.id = sub_score.judgment"
            " join response on response.id = judgment.response where model = 'model-1' order by position"
        )
        assert old == [("4",), ("3",), ("2",)]
        event = [one for one in events(store) if one.kind == "import"][-1]
        value = json.loads(event.value or "")
        assert (value["table"], value["count"]) == ("reread", 3)
        assert value["reader"].startswith("miareview ")


def test_a_second_time_changes_nothing(db: Path) -> None:
    assert document(db)["kept"] == 3
    with Store.open(db) as store:
        before = list(store.connection.iterdump())
    again = document(db)
    assert (again["kept"], again["changes"]) == (0, [])
    assert "All 4 replies are read today as they are kept." in run("reread", db=db).stdout
    with Store.open(db) as store:
        assert list(store.connection.iterdump()) == before


def test_a_dry_run_changes_nothing_and_needs_no_permission(db: Path) -> None:
    bytes_before = db.read_bytes()
    db.chmod(0o444)
    db.parent.chmod(0o555)
    try:
        said = document(db, "--dry-run")
    finally:
        db.parent.chmod(0o755)
    assert said["differs"] == {"points": 1, "warnings": 1, "words": 1}
    assert said["kept"] == 0
    (one,) = (change for change in said["changes"] if change["differs"] == "points")
    assert (one["model"], one["before"]["points"], one["now"]["points"]) == ("model-1", [4, 3, 2], [4, 1, 2])
    assert one["now"]["words"] == ["4/4", "1/3", "2/3"]
    assert db.read_bytes() == bytes_before


def test_exports_and_lists_have_the_reading_that_counts_and_the_older_ones(db: Path, tmp_path: Path) -> None:
    def exported(table: str) -> list[dict[str, Any]]:
        done = run("export", table, "-", db=db)
        return [row for row in map(json.loads, done.stdout.splitlines()) if row["model"] == "model-1"]

    listed = ("browse", "--filter", "model:model-1", "--json")
    assert json.loads(run(*listed, db=db).stdout)["rows"][0]["judge"] == 9
    run("reread", db=db)
    assert json.loads(run(*listed, db=db).stdout)["rows"][0]["judge"] == 7
    assert [row["points"] for row in exported("scores")] == ["4", "1", "2"]
    (judgment,) = exported("judgments")
    assert (judgment["status"], judgment["warnings"], judgment["stated_points"]) == ("ok", [], "7")
    assert judgment["reader"].startswith("miareview")
    readings = [(row["number"], row["counts"], row["points"], row["words"]) for row in exported("readings")]
    assert readings == [
        (0, False, "4", None), (0, False, "3", None), (0, False, "2", None),
        (1, True, "4", "4/4"), (1, True, "1", "1/3"), (1, True, "2", "2/3"),
    ]  # fmt: skip


def test_what_people_said_beside_an_old_reading_stays(db: Path) -> None:
    with Store.open(db) as store:
        response = store.responses("model-1")[0].id
        append(store, Entry("ann", "reveal", response), Entry("ann", "agree", response, 2, "3"))
        commit(store, "ann", response)
        before = review_state(store, response, "ann")
    run("reread", db=db)
    with Store.open(db) as store:
        assert review_state(store, response, "ann") == before
        assert store.rows("select points from current_score where position = 2") == [("3",)]
        assert check(store).ok


@pytest.mark.parametrize(
    "statement",
    [
        "update reread_score set points = '0', sixtieths = 0 where position = 2",
        "update reread set status = 'partial'",
        "update reread set reader = 'somebody'",
        "delete from reread_score where position = 1",
        "insert into reread select judgment, number + 1, reader, status, warnings, null, null, imported_at from reread",
        "insert into reread select id, 1, 'me', 'ok', '[]', null, null, '2020' from judgment where id not in"
        " (select judgment from reread)",
    ],
)
def test_a_reading_that_somebody_changed_is_found(db: Path, statement: str) -> None:
    run("reread", db=db)
    with Store.open(db) as store:
        for (trigger,) in store.rows("select name from sqlite_master where name like 'reread%no_%'"):
            store.connection.execute(f"drop trigger {trigger}")
        store.connection.execute(statement)
        found = [where for where, _ in check(store).problems]
    assert any(where.startswith("table reread") for where in found)


def test_what_the_service_said_beside_a_reply_is_not_read_away(db: Path) -> None:
    with Store.open(db) as store:
        answers = [make_response(ITEM, name) for name in ("cut", "filtered", "declined", "file")]
        store.add_responses(answers)
        cut, filtered, declined, file = answers
        calls = [
            Call(f"call-{number}", judgment.id, "2026-01-01", finish_reason=finish)
            for number, (judgment, finish) in enumerate(
                [(read(cut), "max_tokens"), (read(filtered), "content_filter"), (read(declined, "No."), "stop")]
            )
        ]
        stored = [
            replace(read(cut), status="warning", warnings=("truncated",)),
            replace(read(filtered), status="warning", warnings=("content_filter",)),
            replace(read(declined, "No."), status="refused"),
            replace(read(file), status="warning", warnings=("truncated",)),
        ]
        store.add_judgments(JUDGE, stored, calls)
        models = {change.before.model for change in changes(store)}
    assert models == {"model-1", "model-2", "model-3"}


def test_numbers_are_made_of_the_reading_that_counts() -> None:
    """Whoever reads scores reads the views; the tables behind them are for whoever writes, chains and exports all.
    `columns` reads them for replies that were never read again, in a third of the time."""
    found = {
        path.name
        for path in (Path(__file__).parents[2] / "miareview").rglob("*.py")
        if re.search(r"(?:from|join) sub_score\b", path.read_text(encoding="utf-8"))
    }
    assert found == {"check.py", "columns.py", "imports.py", "tables.py", "reread_schema.py"}
