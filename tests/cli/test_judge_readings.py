"""`miareview judge readings`: which replies were doubtful, and which words became scores."""

import json
from pathlib import Path

import pytest
from commands import run
from conftest import make_items, make_response

from miareview.judge.judgment import read_judgment
from miareview.model import Judge
from miareview.store.store import Store

ITEM = make_items(1)[0]


def reply(points: str) -> str:
    return "\n".join(f"Component {c.position}: {points}/{c.weight}" for c in ITEM.components)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "review.db"
    judge = Judge("j", "judge", "", "{}", None)
    total = sum(ITEM.weights)
    good = f"{reply('1')}\nTotal: {len(ITEM.weights)}/{total}"
    replies = [good, reply("1"), "no marks", f"{good.replace('1/', '0/')}\n\nFinal scores:\n{good}"]
    with Store.open(path, create=True) as store:
        store.add_items([ITEM])
        for number, raw in enumerate(replies):
            response = make_response(ITEM, f"model-{number}")
            store.add_responses([response])
            store.add_judgments(judge, [read_judgment(raw, ITEM, response.id, judge.id, 0)])
    return path


def test_readings_say_why_and_from_which_words(db: Path) -> None:
    document = json.loads(run("judge", "readings", "--json", db=db).stdout)
    assert document["replies"] == 4
    assert [one["status"] for one in document["readings"]] == ["warning", "unparsed", "warning"]
    assert document["counts"] == {"missing_total": 1, "unparsed": 1, "several_verdicts": 1}
    last = document["readings"][-1]["components"][0]
    assert (last["points"], last["words"]) == (1.0, f"1/{ITEM.weights[0]}")
    only = json.loads(run("judge", "readings", "--why", "several_verdicts", "--json", db=db).stdout)
    assert [one["model"] for one in only["readings"]] == ["model-3"]
    of = ITEM.weights[0]
    assert f"component 1: 1 of {of}, read from “Component 1: 1/{of}”" in run("judge", "readings", db=db).stdout


def test_the_status_says_how_much_was_read_and_from_what(db: Path) -> None:
    (judge,) = json.loads(run("judge", "status", "--json", db=db).stdout)["judges"]
    parts = len(ITEM.weights)
    told = judge["reading"]
    assert (told["scores"], told["read"], told["replies_with_nothing"], told["read_again"]) == (
        4 * parts, 3 * parts, 1, 0,
    )  # fmt: skip
    assert [one["status"] for one in told["examples"]] == ["ok", "warning"]
    said = run("judge", "status", db=db).stdout
    assert f"judge: {3 * parts} of {4 * parts} scores; nothing of 1 replies; 1 of 4, read from “Component 1: 1" in said
    assert "model-" not in said


def test_all_readings_of_an_item_are_listed_where_they_are_asked_for(db: Path) -> None:
    def models(*words: str) -> list[str]:
        done = run("judge", "readings", "--json", *words, db=db)
        return [one["model"] for one in json.loads(done.stdout)["readings"]]

    assert models("--all") == models("--item", "0") == [f"model-{number}" for number in range(4)]
    assert models("--why", "ok") == ["model-0"]
    assert models("--item", "1") == []
