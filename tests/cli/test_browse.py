"""`miareview browse` and `miareview compare`, as a person and as a script meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, JUDGE, commit, make_items, make_judgment, make_response

from miareview.demo import make_demo
from miareview.store.store import Store


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browse") / "demo.db"
    make_demo(path).close()
    return path


def test_rows_for_a_script(demo_db: Path) -> None:
    done = run("browse", "--filter", "cat:math", "--sort=-delta,item", "--facet", "model", "--json", db=demo_db)
    page = json.loads(done.stdout)
    assert (page["benchmark"], page["unit"], page["filter"]) == ("miareview-demo", "response", "cat:math")
    assert page["matched"] == len(page["rows"]) == sum(value["n"] for value in page["facet"])
    gaps = [abs(row["delta"]) for row in page["rows"] if row["delta"] is not None]
    assert gaps == sorted(gaps, reverse=True)
    parts = json.loads(run("browse", "--filter", "cat:math", "--unit", "component", "--json", db=demo_db).stdout)
    assert {row["category"] for row in parts["rows"]} == {"math"}


def test_rows_for_a_person(demo_db: Path) -> None:
    done = run("browse", "--view", "people", "--limit", "3", db=demo_db)
    assert done.returncode == 0
    assert "people differ" in done.stdout
    assert "more; --limit shows them" in done.stdout
    assert "12 items match" in run("browse", "--unit", "item", db=demo_db).stdout


@pytest.mark.parametrize("words", [("--filter", "colour:red"), ("--sort", "colour"), ("--facet", "colour"),
                                   ("--view", "colour")])  # fmt: skip
def test_what_is_not_known_is_one_sentence(demo_db: Path, words: tuple[str, str]) -> None:
    done = run("browse", *words, db=demo_db)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'colour'" in done.stderr


def test_answers_beside_each_other(demo_db: Path) -> None:
    found = json.loads(run("compare", "1", "--models", "demo-small,demo-large", "--json", db=demo_db).stdout)
    assert [answer["model"] for answer in found["answers"]] == ["demo-small", "demo-large"]
    first, second = found["answers"]
    assert first["differs"] == []
    start, end, kind = second["differs"][0]
    assert second["text"][start:end] not in first["text"]
    assert kind == "differs"
    assert [row["component"] for row in found["matrix"]] == [c["component"] for c in found["components"]]
    assert "CORNER CAFE" in run("compare", "1", db=demo_db).stdout
    missing = run("compare", "999", db=demo_db)
    assert missing.returncode == 2
    assert "no item 999" in missing.stderr
    assert "no answer of 'nobody'" in run("compare", "1", "--models", "nobody", db=demo_db).stderr


def test_hostile_texts_reach_no_terminal_raw(store: Store) -> None:
    item = make_items()[0]
    answer = make_response(item, HOSTILE, HOSTILE)
    store.add_responses([answer])
    store.add_judgments(JUDGE, [make_judgment(item, answer, [0, 0, 0], HOSTILE)])
    for words in (
        ["browse"],
        ["browse", "--facet", "model"],
        ["compare", "0"],
        ["browse", "--filter", "text:override"],
    ):
        done = run(*words, db=store.path)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        assert "[/]" in done.stdout


def test_a_queue_of_what_a_filter_finds_is_no_sample(store: Store) -> None:
    made = run("queue", "create", "longer of two", "--filter", "item:0,2 model:alpha", db=store.path)
    assert made.returncode == 0, made.stderr
    assert "no random sample" in made.stderr
    assert "Next: miareview review --queue 'longer of two' --as YOUR-NAME" in made.stderr
    shown = json.loads(run("queue", "show", "longer of two", "--json", db=store.path).stdout)
    assert (shown["design"], shown["reveal"]) == ("rule", "each")
    models = {response.id: response.model for response in store.responses()}  # who made it may be its next reviewer
    told = [(row["item"], models[row["response"]], row["probability"]) for row in shown["rows"]]
    assert told == [(0, "alpha", 0.0), (2, "alpha", 0.0)]
    for row in shown["rows"]:
        commit(store, "ann", row["response"], "longer of two")
    scores = json.loads(run("scores", "--json", db=store.path).stdout)
    (alpha,) = (model for model in scores["models"] if model["model"] == "alpha")
    assert alpha["corrected"] is None
    assert "nothing to review" in run("queue", "create", "none", "--filter", "item:99", db=store.path).stderr
    named = run("queue", "create", "two words", "--filter", "item:0", db=store.path)
    assert "--queue 'two words'" in named.stderr
    for name in ("", " ", "two\nlines", "\x1b[31mred", "q" * 101, " gold"):
        done = run("queue", "create", name, "--filter", "item:0", db=store.path)
        assert (done.returncode, "cannot be named" in done.stderr) == (2, True), name
