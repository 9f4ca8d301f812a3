"""`miareview plan` and what is new in `miareview agreement`, as a person meets them."""

import io
import json
import sys
from fractions import Fraction
from pathlib import Path

import click
import pytest
from commands import run
from conftest import commit, draw_queue

from miareview.cli.table import put_table
from miareview.demo import make_demo
from miareview.store.gold import settled
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "demo.db"
    make_demo(path).close()
    return path


def test_plan_json(demo_db: Path) -> None:
    done = run("plan", "--by", "category", "--half-width", "0.1", "--json", db=demo_db)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"benchmark", "judge", "half_width", "confidence", "models", "pairs", "next"} <= set(found)
    assert found["half_width"] == 0.1
    assert len(found["models"]) == 3
    for model in found["models"]:
        assert {"model", "answers", "reviewed", "sd", "sd_upper", "basis", "half_width_now", "needed", "more",
                "assumed", "categories"} <= set(model)  # fmt: skip
        assert model["basis"] == "rough"
        assert model["sd"] < model["sd_upper"]
        assert (model["needed"], model["more"]) == (None, None)
        assert model["reason"] == f"A pilot: 8 items are reviewed, and below {model['answers']} nothing is settled."
        assert len(model["categories"]) == 8
    assert len(found["pairs"]) == 2
    assert found["next"]["command"] == "miareview queue create next-12 --size 12 --seed 7"


def test_the_command_that_is_suggested_works_and_serves(tmp_path: Path) -> None:
    db = tmp_path / "demo.db"
    make_demo(db).close()
    command = json.loads(run("plan", "--json", db=db).stdout)["next"]["command"].split()
    assert command[0] == "miareview"
    assert run(*command[1:], db=db).returncode == 0
    after = json.loads(run("plan", "--json", db=db).stdout)
    assert after["next"]["command"] == "miareview review --queue next-12 --as YOUR-NAME"
    assert after["next"]["state"] == "go_on"
    assert "4 more items" in after["next"]["sentence"]
    assert [model["reviewed"] for model in after["models"]] == [8, 8, 8]


def test_a_pilot_is_called_one(demo_db: Path, store: Store) -> None:
    pilot = run("plan", db=demo_db).stdout
    assert "A pilot: 8 items are reviewed, and below 11 nothing is settled." in pilot
    assert "however often you look" not in pilot
    nothing = run("plan", db=store.path).stdout
    assert "Nothing is reviewed at random yet, so the spread of human − judge is assumed" in nothing
    assert "0.05" in nothing
    assert "miareview queue create next-6 --size 6" in nothing


def test_plan_of_a_model_that_is_not_there(demo_db: Path) -> None:
    done = run("plan", "--model", "gone", db=demo_db)
    assert done.returncode == 2
    assert "no responses of 'gone'" in done.stderr
    for width in ("0", "nan", "-0.1", "wide"):
        done = run("plan", "--half-width", width, db=demo_db)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_a_model_name_is_quoted_for_the_shell(store: Store) -> None:
    from conftest import make_items, make_response

    item = make_items()[0]
    store.add_responses([make_response(item, "a b;c")])
    found = json.loads(run("plan", "--model", "a b;c", "--json", db=store.path).stdout)
    assert found["next"]["command"].endswith("--model 'a b;c'")


def test_agreement_shows_the_ceiling_gold_and_what_is_few(demo_db: Path, tmp_path: Path) -> None:
    document = json.loads(run("agreement", "--json", db=demo_db).stdout)
    judge, people = document["groups"]
    assert (judge["kind"], people["kind"]) == ("judge-human", "human-human")
    assert judge["ceiling"]["value"] == people["alpha"]["interval"]["value"]
    assert judge["few"] is True
    assert set(judge["bland_altman"]) == {"bias", "sd", "low", "high", "slope"}
    assert document["alternative_annotator"]["reason"].startswith("needs 3 reviewers")
    text = run("agreement", db=demo_db).stdout
    assert "α people" in text
    assert "8 few" in text
    copy = tmp_path / "copy.db"
    copy.write_bytes(demo_db.read_bytes())
    with Store.open(copy) as store:
        response = store.responses()[0]
        append(store, settled("lead", response.id, 1, Fraction(1)))
    assert "gold" in run("agreement", db=copy).stdout
    assert run("agreement", "--judges", db=copy).returncode == 0


def test_hostile_names_reach_no_terminal_raw(tmp_path: Path) -> None:
    from conftest import HOSTILE, make_items, make_response

    from miareview.identity import judge_id, judgment_id
    from miareview.model import Judge, Judgment, SubScore

    name = HOSTILE.replace("\x00", "")
    judge = Judge(judge_id(name, "", "{}"), name)
    with Store.open(tmp_path / "hostile.db", create=True) as store:
        items = make_items()
        store.add_items(items)
        responses = [make_response(item, name) for item in items]
        store.add_responses(responses)
        scores = (SubScore(1, Fraction(1)), SubScore(2, Fraction(2)), SubScore(3, Fraction(3)))
        store.add_judgments(
            judge,
            [
                Judgment(judgment_id(r.id, judge.id, 0, "x"), r.id, judge.id, 0, "x", "ok", (), None, None,
                         scores[: len(i.weights)])
                for i, r in zip(items, responses, strict=True)
            ],
        )  # fmt: skip
        queue = draw_queue(store, name)
        for row in queue.rows[:2]:
            append(store, Entry(name, "score", row.response, 1, "1"))
            commit(store, name, row.response, name)
        append(store, settled(name, queue.rows[0].response, 1, Fraction(1), own=True))
    for words in (["plan", "--by", "category"], ["agreement", "--by", "category,reviewer", "--confusion", "--judges"]):
        done = run(*words, db=tmp_path / "hostile.db")
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
        assert "[/]" in done.stdout


class Terminal(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_narrow_terminal_drops_columns_and_a_file_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    head, rows = ["name", "first", "second", "third"], [["a", "1", "2", "3"], ["b", "4", "5", "6"]]

    def shown(columns: int) -> list[list[str]]:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stdout", screen := Terminal())
        put_table(head, rows, dim=[1], spare=[2, 1])
        return [click.unstyle(line).split() for line in screen.getvalue().splitlines()]

    assert shown(80) == [head, *rows]
    assert shown(20) == [["name", "first", "third"], ["a", "1", "3"], ["b", "4", "6"]]
    assert shown(5) == [["name", "third"], ["a", "3"], ["b", "6"]]
    monkeypatch.undo()
    put_table(head, rows, spare=[2, 1])
    assert capsys.readouterr().out.splitlines()[0].split() == head


def test_thin_rows_are_dimmed_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", screen := Terminal())
    put_table(["name", "n"], [["thick", "40"], ["thin", "4 few"]], dim=[1])
    _, thick, thin = screen.getvalue().splitlines()
    assert "\x1b[2m" not in thick
    assert thin.startswith("\x1b[2m")
