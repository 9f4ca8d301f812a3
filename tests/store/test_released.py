"""Databases that released versions made are opened, brought up to date, checked, and give the numbers they gave."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from miareview.cli.main import cli
from miareview.store.check import check, rebuild
from miareview.store.ledger import Entry, append, event_hash, events, review_state
from miareview.store.store import Store

DATA = Path(__file__).parents[1] / "data"
# The demo as 0.1.0 made it, and a third reviewer who says a word of every kind, one commit without all scores.
EVENTS = 215


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "old.db"
    file.write_bytes(gzip.decompress((DATA / "demo-0.1.0.db.gz").read_bytes()))
    return file


def numbers(path: Path, command: str) -> Any:
    done = CliRunner().invoke(cli, ["--db", str(path), command, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def given(command: str) -> Any:
    return json.loads((DATA / f"{command}-0.1.0.json").read_text(encoding="utf-8"))


def of_models(document: Any) -> dict[str, list[object]]:
    return {
        model["model"]: [
            model["reviewed"],
            model["reviewed_random"],
            *(model["as_published"][key] for key in ("value", "used", "lost")),
            *(model["recomputed"][key] for key in ("value", "used")),
            model["with_overrides"]["value"],
            model["corrected"] and [model["corrected"][key] for key in ("value", "n", "total", "seed")],
        ]
        for model in document["models"]
    }


def of_groups(document: Any) -> list[list[object]]:
    columns = ("by", "kind", "raters", "units", "items", "blind_only")
    return [
        [*(group[column] for column in columns), group["alpha"]["interval"]["value"]] for group in document["groups"]
    ]


READING = (
    "plan", "compare 1", "queue list", "reason list", "gold status", "doubts --json", "judge status",
)  # fmt: skip


def test_commands_that_read_leave_it_as_it_is_and_say_the_same_as_of_the_file_brought_up_to_date(old: Path) -> None:
    """Not a byte changes, nothing is put beside it, and a newer file tells no more. (Lists keep a summary in it.)"""
    before = old.read_bytes()

    def told(words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["--db", str(old), *words.split()], catch_exceptions=False)
        return done.exit_code, done.stdout

    first = [told(words) for words in READING]
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == [old.name]
    Store.open(old).close()
    assert old.read_bytes() != before
    for words, (code, text), again in zip(READING, first, map(told, READING), strict=True):
        assert (code, text) == again, words
        assert code == 0, words
        assert text, words


def test_its_scores_are_what_they_were(old: Path) -> None:
    assert len(of_models(given("scores"))) == 3
    assert of_models(numbers(old, "scores")) == of_models(given("scores"))


def test_its_agreement_is_what_it_was(old: Path) -> None:
    assert of_groups(given("agreement"))
    assert of_groups(numbers(old, "agreement")) == of_groups(given("agreement"))


def test_its_events_stay_as_they_are_and_all_is_well(old: Path) -> None:
    with Store.open(old) as store:
        said = [event for event in events(store) if event.v == 1]
        assert len(said) == EVENTS
        assert all(event.hash == event_hash(event) for event in said)
        result = check(store)
        assert result.problems == []
        assert result.facts_since  # of a change before that, nobody can say
        append(store, Entry("ann", "flag", store.responses()[0].id, value="1"))
        assert check(store).ok
        assert rebuild(store).ok
    with Store.open(old) as again:
        assert len([event for event in events(again) if event.v == 1]) == EVENTS
        assert check(again).facts_since == result.facts_since


def test_its_judges_stay_shown_where_they_were(old: Path) -> None:
    with Store.open(old) as store:
        assert {reveal for (reveal,) in store.rows("select reveal from queue")} == {"each"}
        commits = [event for event in events(store) if event.kind == "commit"]
        for event in commits:
            state = review_state(store, str(event.response), event.reviewer)
            assert [reveal for _, reveal in state.commits] == ["each"]


def test_a_commit_without_all_scores_stays_one(old: Path) -> None:
    with Store.open(old) as store:
        partial = [
            event
            for event in events(store)
            if event.kind == "commit"
            and len(review_state(store, str(event.response), event.reviewer).blind)
            < len(store.weights({str(event.response)})[str(event.response)])
        ]
        assert [event.reviewer for event in partial].count("demo-reviewer-3") == 2
