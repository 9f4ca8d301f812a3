"""Who is who and what becomes of labels, by commands alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from commands import run
from conftest import draw_queue

from miareview.store.check import check
from miareview.store.ledger import Entry, append
from miareview.store.store import Store

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def db(store: Store) -> Path:
    """Ann and ben scored an answer of alpha to item 0 blind, and differ in its first component by all it is worth, in
    the second by a point; ann alone scored one to item 2."""
    response, other = store.responses("alpha")[0].id, store.responses("alpha")[2].id
    weights = store.weights({response, other})
    for name, points in (("ann", ("4", "2", "3")), ("ben", ("0", "1", "3"))):
        scores = [Entry(name, "score", response, place, value) for place, value in enumerate(points, start=1)]
        append(store, *scores, Entry(name, "commit", response))
    append(store, *(Entry("ann", "score", other, place, str(w)) for place, w in weights[other].items()))
    append(store, Entry("ann", "commit", other))
    return store.path


def listed(db: Path, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("gold", "list", "--json", *words, db=db).stdout)["rows"]
    return found


AT = ("--item", "0", "--model", "alpha", "--component", "1")


def test_labels_are_listed_settled_and_opened_again(db: Path) -> None:
    first, second = listed(db)
    assert first == {
        "item": 0, "model": "alpha", "component": 1, "category": "describe", "weight": 4, "state": "disputed",
        "values": [4.0, 0.0], "guideline": 0, "flags": [],
    }  # fmt: skip
    assert second["component"] == 2, "less is at stake"
    assert listed(db, "--names", "--filter", "gold:single item:2")[0]["people"] == ["ann"]
    assert run("gold", "settle", *AT, "--points", "3", "--by", "carol", db=db).returncode == 3
    assert run("reviewer", "add", "carol", db=db).returncode == 0
    done = run("gold", "settle", *AT, "--points", "3", "--by", "CAROL", "--note", "half of it", db=db)
    assert done.returncode == 0, done.stderr
    assert [row["component"] for row in listed(db)] == [2]
    assert listed(db, "--all")[0]["state"] == "settled"
    assert run("gold", "reopen", *AT, "--by", "carol", db=db).returncode == 0
    assert len(listed(db)) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("settle", *AT, "--points", "9", "--by", "carol"), 3, "does not fit"),
        (("settle", *AT, "--points", "many", "--by", "carol"), 2, "no number of points"),
        (("settle", *AT, "--by", "carol"), 2, "--points P or --ungradable WHY"),
        (("settle", *AT, "--points", "3", "--by", "ann"), 3, "--own"),
        (("settle", *AT, "--points", "3", "--by", "zoe"), 3, "miareview reviewer add"),
        (("settle", *AT, "--points", "3", "--rule", "5", "--by", "carol"), 3, "no rule 5"),
        (("settle", "--item", "99", *AT[2:], "--points", "3", "--by", "carol"), 3, "no component 1 of an answer"),
        (("reopen", *AT, "--by", "carol"), 3, "Nothing is settled"),
        (("guideline",), 3, "no guideline yet"),
        ((), 2, "needs a terminal"),
        (("--judge", "x", "list"), 2, "--judge goes behind gold list"),
        (("split", "--tune", "90", "--by", "carol"), 2, "160 percent"),
        (("relabel", "--item", "0", "--component", "1", "--category", "odd", "--by", "carol"), 3, "no category"),
        (("list", "--filter", "colour:red"), 2, "colour"),
    ],
)
def test_what_does_not_fit_is_a_sentence(db: Path, words: tuple[str, ...], code: int, said: str) -> None:
    run("reviewer", "add", "carol", db=db)
    done = run("gold", *words, db=db)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_rules_guideline_splits_and_categories(db: Path, tmp_path: Path) -> None:
    run("reviewer", "add", "carol", db=db)
    file = tmp_path / "guideline.md"
    file.write_text("# Count\nCount what is there.\n", encoding="utf-8")
    assert run("gold", "rule", "add", "The number counts.", "--by", "carol", db=db).stdout == "1\n"
    done = run("gold", "settle", *AT, "--points", "4", "--rule", "1", "--by", "carol", db=db)
    assert done.returncode == 0, done.stderr
    assert "v1" in run("gold", "guideline", str(file), "--by", "carol", db=db).stderr
    assert run("gold", "guideline", db=db).stdout == file.read_text(encoding="utf-8")
    assert "in force" in run("gold", "guideline", str(file), "--by", "carol", db=db).stderr
    (rule,) = json.loads(run("gold", "rule", "list", "--json", db=db).stdout)["rules"]
    assert (rule["rule"], rule["uses"], rule["by"]) == (1, 1, "carol")
    flags = {(row["item"], row["component"]): row["flags"] for row in listed(db, "--all")}
    assert flags[0, 1] == ["guideline"], "it was settled before there was a guideline"
    assert run("gold", "split", "--by", "carol", "--seed", "7", db=db).stdout.split()[2:] == ["tune", "2", "dev", "1",
                                                                                              "test", "3"]  # fmt: skip
    run("gold", "relabel", "--item", "0", "--component", "1", "--category", "math", "--by", "carol", db=db)
    rows = [json.loads(line) for line in run("export", "items", "-", db=db).stdout.splitlines()]
    assert [(row["category"], row["relabelled"]) for row in rows][:2] == [("describe", "math"), ("length_limit", None)]
    found = json.loads(run("gold", "status", "--target", "2", "--json", db=db).stdout)
    assert (found["labels"], found["settled"], found["single"], found["disputed"]) == (5, 1, 3, 1)
    assert found["categories"][-2] == {"category": "math", "labels": 1, "disputed": 0, "target": 2, "more": 1}
    assert found["splits"] == {"tune": 2, "dev": 1, "test": 3, "used_up": []}
    with Store.open(db) as store:
        assert check(store).ok


def test_one_person_under_two_names_makes_no_label_of_two_and_no_ceiling(db: Path) -> None:
    assert json.loads(run("agreement", "--json", db=db).stdout)["groups"]
    done = run("reviewer", "alias", "ben", "ann", db=db)
    assert done.returncode == 0, done.stderr
    found = json.loads(run("gold", "status", "--json", db=db).stdout)
    assert (found["unanimous"], found["disputed"], found["single"]) == (0, 0, 6)
    kinds = {group["kind"] for group in json.loads(run("agreement", "--json", db=db).stdout)["groups"]}
    assert "human-human" not in kinds
    (ann,) = json.loads(run("reviewer", "list", "--json", db=db).stdout)["reviewers"]
    assert ann == {"name": "ann", "also": ["ben"], "reviews": 2}
    assert run("reviewer", "alias", "--undo", "ben", db=db).returncode == 0
    assert len(listed(db)) == 2


def test_names_are_people(db: Path) -> None:
    assert run("reviewer", "rename", "ann", "Ann B.", db=db).returncode == 0
    assert "Ann B." in run("reviewer", "list", db=db).stdout
    for words, said in (
        (("alias", "ben"), "OTHER NAME"),
        (("alias", "--undo", "ben"), "nobody's other name"),
        (("add", "BEN"), "in the register already"),
        (("rename", "zoe", "x"), "reviewer add"),
        (("alias", "x", "zoe"), "reviewer add"),
    ):
        done = run("reviewer", *words, db=db)
        assert done.returncode in (2, 3)
        assert said in done.stderr


def test_what_waits_for_the_one_who_looks_is_held_back(db: Path) -> None:
    with Store.open(db) as store:
        queue = draw_queue(store, "q", seed=3, reveal="end")
        append(store, Entry("carol", "flag", queue.rows[0].response, value="1", queue="q"))
    assert listed(db, "--as", "carol") == []
    assert "held back" in run("gold", "list", "--as", "carol", db=db).stdout
    done = run("gold", "settle", *AT, "--points", "3", "--by", "carol", db=db)
    assert done.returncode == 3


def test_a_label_is_sent_back_for_a_new_blind_round_or_left_disputed(db: Path) -> None:
    run("reviewer", "add", "carol", db=db)
    assert "Nothing waits" in run("queue", "create", "again", "--again", db=db).stderr
    done = run("gold", "send-back", *AT, "--by", "carol", "--note", "look again", db=db)
    assert done.returncode == 0, done.stderr
    assert "its judge was shown to all who scored it" in done.stderr, "outside a queue a commit shows the judge"
    assert run("gold", "keep", *AT[:-1], "2", "--by", "carol", db=db).returncode == 0
    assert listed(db) == [], "neither is to be settled now"
    assert [row["flags"] for row in listed(db, "--all")[:2]] == [["again"], ["kept"]]
    done = run("queue", "create", "again", "--again", db=db)
    assert "1 responses with labels that were sent back" in done.stderr
    assert "--again goes without --size" in run("queue", "create", "x", "--again", "--size", "2", db=db).stderr
    queues = json.loads(run("queue", "list", "--json", db=db).stdout)["queues"]
    assert queues[-1]["design"] == "again"
    with Store.open(db) as store:
        assert check(store).ok
