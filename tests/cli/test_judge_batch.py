"""`miareview judge submit` and `collect` as a person meets them: real processes, what is said, and the exit codes."""

from __future__ import annotations

import json
import os
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, make_items, make_response
from PIL import Image
from standin.batches import BatchRules
from standin.faults import Fault
from standin.server import KEY, StandIn

from miareview.store.store import Store

MODEL = "gpt-4o-2024-11-20"
ITEMS = make_items(8)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Eight items with pictures, 16 responses."""
    path = tmp_path / "work" / "review.db"
    with Store.open(path, create=True) as store:
        store.add_items(ITEMS)
        store.add_responses([make_response(item, model) for item in ITEMS for model in ("alpha", "beta")])
    (path.parent / "images").mkdir()
    for item in ITEMS:
        Image.effect_noise((90, 90), 60 + item.index).save(path.parent / "images" / f"{item.index}.png")
    return path


def judge(db: Path, *words: str, key: str | None = KEY) -> tuple[int, str, str]:
    clean = {name: value for name, value in os.environ.items() if "OPENAI" not in name}
    env = clean | ({"OPENAI_API_KEY": key} if key else {})
    done = run("judge", *words, db=db, env=env, cwd=db.parent)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def submit(db: Path, server: StandIn, *words: str, key: str | None = KEY) -> tuple[int, str, str]:
    return judge(db, "submit", "-m", MODEL, "--base-url", server.url, *words, key=key)


def test_submit_status_collect(db: Path) -> None:
    with StandIn() as server:
        words = ("--yes", "--max-mb", "0.06", "--price-in", "1.25", "--price-out", "5")
        code, out, told = submit(db, server, "--json", *words)
        assert code == 0, told
        assert "16 questions to ask" in told
        assert re.search(r"At 127\.0\.0\.1:\d+: 16 requests in batches; .*\$0\.", told)
        assert "Next: miareview judge collect" in told
        sent = json.loads(out)["sent"]
        assert len(sent) > 1
        assert sum(batch["requests"] for batch in sent) == 16
        assert told.count("Sent batch_standin") == len(sent)

        code, out, told = judge(db, "status")
        assert code == 0
        assert out.count("validating") == len(sent)
        assert "No judge" not in told

        code, _, told = submit(db, server, *words)
        assert code == 0
        assert "16 more are in batches" in told
        assert "nothing left to send" in told

        code, out, told = judge(db, "collect", "--base-url", server.url, "--json")
        assert code == 0, told
        found = json.loads(out)["batches"]
        assert Counter(status for one in found for status in [one["status"]]) == {"completed": len(sent)}
        assert sum(one["new"] for one in found) == 16

        code, _, told = judge(db, "collect", "--base-url", server.url)
        assert (code, told) == (0, "No batch is waiting.\n")
        asked = Counter(id for batch in server.log()["batches"] for id in batch["custom_ids"])
    assert len(asked) == 16
    assert set(asked.values()) == {1}
    status = json.loads(judge(db, "status", "--json")[1])
    assert [batch["closed"] is not None for batch in status["batches"]] == [True] * len(sent)
    assert (status["judges"][0]["asked"], status["judges"][0]["calls"]) == (16, 16)


def test_what_failed_is_said_and_sent_again(db: Path) -> None:
    rules = [Fault("500", "batch:", times=3), Fault("lost_line", "batch:", times=1)]
    with StandIn(rules) as server:
        submit(db, server, "--yes")
        code, _, told = judge(db, "collect", "--base-url", server.url)
        assert code == 4
        assert "12 ok, 4 api_error; 16 new" in told
        assert "  3× HTTP 500: The server had an error" in told
        assert "  1× no line in the batch's files" in told
        assert "4 requests came to nothing" in told
        code, _, told = submit(db, server, "--yes")
        assert "4 of them failed before" in told
        assert "Sent batch_standin" in told
        code, _, told = judge(db, "collect", "--base-url", server.url)
        assert (code, "4 ok; 4 new" in told) == (0, True)


def test_waiting_for_a_batch_that_takes_its_time(db: Path) -> None:
    with StandIn(batch=BatchRules(in_progress=1000)) as server, ThreadPoolExecutor() as pool:
        submit(db, server, "--yes")
        code, _, told = judge(db, "collect", "--base-url", server.url)
        assert code == 0
        assert "Batches still at work: 1." in told
        waiting = pool.submit(judge, db, "collect", "--base-url", server.url, "--wait")
        until = time.monotonic() + 60
        while sum("/v1/batches/" in one["path"] for one in server.log()["requests"]) < 3:
            assert time.monotonic() < until
            time.sleep(0.05)
        server.rules.in_progress = 0
        code, _, told = waiting.result()
        assert code == 0
        assert "16 ok; 16 new" in told


def test_hostile_words_of_the_service_are_shown_harmless(db: Path) -> None:
    with StandIn(batch=BatchRules(outcomes=["failed"], reason=HOSTILE + KEY)) as server:
        submit(db, server, "--yes")
        code, out, told = judge(db, "collect", "--base-url", server.url)
        shown = judge(db, "status")
    assert code == 4
    assert "red" in told
    for text in (out, told, *shown[1:]):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert KEY not in text


def test_nothing_is_sent_unless_told(db: Path) -> None:
    with StandIn() as server:
        code, _, told = submit(db, server)
        assert code == 2
        assert "Add --yes" in told
        code, out, told = submit(db, server, "--dry-run", key=None)
        assert code == 0
        assert len(out.splitlines()) == 16
        assert "bytes, sha256" in out
        code, _, told = submit(db, server, "--yes", "--max-cost", "1")
        assert (code, "--max-cost needs prices" in told) == (2, True)
        assert server.log()["requests"] == []
        code, _, told = submit(db, server, "--yes", "--max-calls", "5")
        assert "11 more would go beyond the cap" in told
        assert [len(batch["custom_ids"]) for batch in server.log()["batches"]] == [5]
        assert not list((db.parent / "review.db-batches").glob("*.jsonl"))


def test_a_wrong_key_and_no_server(db: Path) -> None:
    with StandIn() as server:
        code, _, told = submit(db, server, "--yes", key="sk-wrong-key-0123456789")
        assert code == 4
        assert "401" in told
        assert "sk-wrong" not in told
        code, _, told = submit(db, server, "--yes")
        assert code == 0
        assert "16 requests of an earlier run wait to be sent" in told
        assert [len(batch["custom_ids"]) for batch in server.log()["batches"]] == [16]
    code, _, told = judge(db, "collect", "--base-url", "http://127.0.0.1:9/v1", "--give-up", "nothing")
    assert (code, "There is no open batch" in told) == (3, True)


def test_a_service_that_forgot_a_batch(db: Path) -> None:
    with StandIn() as server:
        submit(db, server, "--yes")
        server.forget()
        code, _, told = judge(db, "collect", "--base-url", server.url, "--wait")
        assert code == 4
        id = re.search(r"--give-up (\w+)", told)
        assert id
        assert judge(db, "collect", "--give-up", id[1])[0] == 0
        assert submit(db, server, "--yes")[0] == 0
        assert [len(batch["custom_ids"]) for batch in server.log()["batches"]] == [16]


def test_two_at_once_send_nothing_twice(db: Path) -> None:
    with StandIn([Fault("drip", "/v1/files", method="POST", seconds=2)]) as server:
        with ThreadPoolExecutor() as pool:
            codes = {code for code, _, _ in pool.map(lambda _: submit(db, server, "--yes"), range(2))}
        asked = Counter(id for batch in server.log()["batches"] for id in batch["custom_ids"])
    assert 0 in codes
    assert codes <= {0, 3}
    assert len(asked) == 16
    assert set(asked.values()) == {1}
