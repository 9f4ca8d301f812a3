"""`miareview judge probe` as a person meets it: made, asked, stopped and gone on with, shown; and kept apart."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from commands import killed_at, run
from standin.probed import ProbedJudge
from standin.server import KEY, StandIn

from miareview.store.store import Store

sys.path.append(str(Path(__file__).resolve().parents[1] / "probing"))
from made_probes import make_answers, make_benchmark

ITEMS = make_benchmark()
MODEL = "gpt-4o-2024-11-20"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "review.db"
    with Store.open(path, create=True) as store:
        store.add_items(ITEMS)
        store.add_responses(make_answers(ITEMS))
    return path


CLEAN = {name: value for name, value in os.environ.items() if "OPENAI" not in name} | {"OPENAI_API_KEY": KEY}


def probe(db: Path, *words: str, first: str = "") -> tuple[int, str, str]:
    done = run("judge", "probe", *words, db=db, env=CLEAN, cwd=db.parent, first=first)
    return done.returncode, done.stdout, done.stderr


def ask(db: Path, server: StandIn, *words: str, first: str = "") -> tuple[int, str, str]:
    given = ("run", "-m", MODEL, "--base-url", server.url, "--picture", "none", "--yes", *words)
    return probe(db, *given, first=first)


def kill(db: Path, server: StandIn, *words: str, at: tuple[str, str, str, int]) -> None:
    assert ask(db, server, *words, first=killed_at(*at))[0] == -signal.SIGKILL


def test_made_asked_in_two_runs_and_shown_and_nothing_is_asked_twice(db: Path) -> None:
    before = hashlib.sha256(db.read_bytes()).hexdigest()
    code, out, told = probe(db, "make", "--json")
    assert code == 0, told
    made = json.loads(out)
    code, out, _ = probe(db, "make", "--json")
    assert (code, json.loads(out)) == (0, made)
    judge = ProbedJudge("lenient", ITEMS)
    with StandIn(reply=judge) as server:
        code, _, told = ask(db, server, "--max-calls", "30")
        assert (code, len(judge.asked)) == (0, 30), told
        assert ask(db, server)[0] == 0
        assert ask(db, server)[0] == 0
    assert len(judge.asked) == made["questions"]
    with Store.open(db.parent / "probes.db", reading=True, probes=True) as store:
        asked = Counter(question.partition(" ")[2] for question in judge.asked)
        assert asked == Counter(response.text for response in store.responses())
    code, out, told = probe(db, "show", "--json")
    assert code == 0, told
    shown = json.loads(out)
    rows = {(row["category"], row["dose"]): row for row in shown["rows"]}
    assert rows["length_limit", "near"]["detected"] == 0
    assert rows["length_limit", "far"]["detected"] == 1
    assert rows["length_limit", "far"]["null"] == 0
    assert rows["mention", None]["refused"] == "needs 10 items, there are 4"
    assert "accuracy" not in out
    _, out, _ = probe(db, "show")
    assert "These numbers" not in out
    assert "that needs reviews" in out
    miss = shown["misses"][0]
    _, out, _ = probe(db, "show", "--misses")
    assert f"probe {miss['probe']} · item {miss['item']}" in out
    assert probe(db, "wrong", str(miss["probe"]))[0] == 0
    after = json.loads(probe(db, "show", "--json")[1])
    assert after["wrong_certificates"] == 1
    assert miss["probe"] not in [one["probe"] for one in after["misses"]]
    assert hashlib.sha256(db.read_bytes()).hexdigest() == before


def test_asked_in_a_batch_and_collected(db: Path) -> None:
    made = json.loads(probe(db, "make", "--items", "2", "--json")[1])
    judge = ProbedJudge("perfect", ITEMS)
    with StandIn(reply=judge) as server:
        code, _, told = ask(db, server, "--batch")
        assert code == 0, told
        for _ in range(20):
            if ask(db, server, "--collect")[2].startswith("No batch"):
                break
        code, _, told = ask(db, server)
        assert "nothing left to ask" in told
    assert len(judge.asked) == made["questions"]


def test_probes_are_no_responses_anywhere_else(db: Path, tmp_path: Path) -> None:
    assert probe(db, "make")[0] == 0
    probes = db.parent / "probes.db"
    for words in (["scores"], ["judge", "status"], ["agreement"], ["check"], ["doubts"], ["report", "x.html"]):
        done = run(*words, db=probes, cwd=tmp_path)
        assert done.returncode != 0
        assert "questions with a known answer, no model's responses" in done.stderr
        assert "Traceback" not in done.stderr
    file = tmp_path / "answers.jsonl"
    lines = [{"image": i.image_url, "instruction": i.instruction, "response": "Yes."} for i in ITEMS]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = run("import", str(file), "--model", "probe:break:1", db=db)
    assert done.returncode != 0
    assert "questions with a known answer" in done.stderr
    with Store.open(db, reading=True) as store:
        assert store.models() == ["alpha"]


def test_what_is_missing_is_said(tmp_path: Path, db: Path) -> None:
    code, _, told = probe(db, "show")
    assert code != 0
    assert "judge probe make" in told
    empty = tmp_path / "empty.db"
    with Store.open(empty, create=True) as store:
        store.add_items(ITEMS)
    code, _, told = probe(empty, "make")
    assert (code != 0, "no responses to change" in told) == (True, True)
    assert probe(db, "make", "--items", "3")[0] == 0
    code, _, told = probe(db, "make", "--items", "4")
    assert (code != 0, "holds other probes" in told) == (True, True)


def test_made_twice_by_other_processes_and_in_other_folders_the_file_has_the_same_bytes(db: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = db.parent / seed
        folder.mkdir()
        there = folder / "other.db"
        there.write_bytes(db.read_bytes())
        words = [sys.executable, "-m", "miareview", "--db", str(there), "judge", "probe", "make", "--json"]
        done = subprocess.run(words, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        made.append((done.stdout, (folder / "probes.db").read_bytes()))
    assert made[0] == made[1]
    assert str(db.parent).encode() not in made[0][1]


def test_killed_after_any_answer_nothing_is_asked_twice_and_the_table_is_the_same(db: Path, tmp_path: Path) -> None:
    probe(db, "make", "--items", "2")
    whole = tmp_path / "whole"
    whole.mkdir()
    for name in ("review.db", "probes.db"):
        (whole / name).write_bytes((db.parent / name).read_bytes())
    judge = ProbedJudge("lenient", ITEMS)
    answer = ("miareview.store.store:Store", "add_judgments")
    with StandIn(reply=judge) as server:
        kill(db, server, "--concurrency", "1", at=(*answer, "after", 5))
        assert len(judge.asked) == 5
        kill(db, server, "--concurrency", "1", at=(*answer, "before", 3))
        assert len(judge.asked) == 8
        assert ask(db, server)[0] == 0
        assert "nothing left to ask" in ask(db, server)[2]
        asked, judge.asked = Counter(judge.asked), []
        assert ask(whole / "review.db", server)[0] == 0
    once = Counter(judge.asked)
    # The one answer that was on its way to the disk is asked for again, and no other.
    assert (asked - once).total() == 1
    assert not once - asked
    assert probe(db, "show", "--json") == probe(whole / "review.db", "show", "--json")


def test_killed_around_a_batch_nothing_is_sent_twice(db: Path) -> None:
    made = json.loads(probe(db, "make", "--items", "2", "--json")[1])
    judge = ProbedJudge("perfect", ITEMS)
    with StandIn(reply=judge) as server:
        kill(db, server, "--batch", at=("miareview.batching.submit", "set_sent", "before", 1))
        assert ask(db, server, "--batch")[0] == 0
        kill(db, server, "--collect", at=("miareview.store.store:Store", "add_judgments", "before", 1))
        for _ in range(20):
            if ask(db, server, "--collect")[2].startswith("No batch"):
                break
        assert "nothing left to ask" in ask(db, server)[2]
        assert len(server.log()["batches"]) == 1
    assert len(judge.asked) == made["questions"]


def test_never_beyond_what_it_may_cost(db: Path) -> None:
    made = json.loads(probe(db, "make", "--items", "2", "--json")[1])
    judge = ProbedJudge("perfect", ITEMS)
    words = ("--price-in", "2.5", "--price-out", "10", "--max-cost", "0.03")
    spent, runs = 0.0, 0
    with StandIn(reply=judge) as server:
        while len(judge.asked) < made["questions"]:
            assert ask(db, server, *words)[0] == 0
            with Store.open(db.parent / "probes.db", reading=True, probes=True) as store:
                ((tokens_in, tokens_out),) = store.rows("select sum(prompt_tokens), sum(completion_tokens) from call")
            cost = (2.5 * tokens_in + 10 * tokens_out) / 1e6
            assert cost - spent <= 0.03
            spent, runs = cost, runs + 1
    assert runs > 1
    assert len(judge.asked) == made["questions"]
