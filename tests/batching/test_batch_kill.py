"""Killed with SIGKILL at every step between a question and its stored answer; then the same command again."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import killed_at, run
from made_batches import MODEL, SETTINGS, asked, client_of, count, made, send, statuses
from standin.server import KEY, StandIn

from miareview.batching.collect import collect
from miareview.batching.submit import folder
from miareview.store.batches import batches, in_flight
from miareview.store.check import check
from miareview.store.store import Store

# Files hold 12 requests, and 5 answers are stored at a time.
SMALL = """
import miareview.batching.collect, miareview.judge.batch
miareview.batching.collect.CHUNK = 5
limits = miareview.judge.batch.Limits
miareview.judge.batch.Limits = lambda bytes: limits(12, bytes)
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with made(tmp_path / "batch.db") as store:
        yield store


def kill(store: Store, where: str, name: str, when: str, nth: int, *words: str) -> None:
    """Runs `miareview judge …` and has it killed there."""
    done = run("judge", *words, db=store.path, first=killed_at(where, name, when, nth) + SMALL)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("add_batch", "before"),  # the file is there, its row is not
        ("add_batch", "after"),  # nothing is sent yet
        ("set_uploaded", "before"),  # the service has the file, and its id is not known here
        ("set_uploaded", "after"),  # there is no batch yet
        ("set_sent", "before"),  # the service has the batch, and its id is not known here
        ("set_sent", "after"),  # the file is still on this disk
    ],
)
def test_killed_while_submitting(db: Store, standin: StandIn, name: str, when: str) -> None:
    words = ("submit", "-m", MODEL, "--base-url", standin.url, "--yes")
    kill(db, "miareview.batching.submit", name, when, 2, *words)
    begun = len(standin.log()["batches"])
    assert begun == 1 + (name == "set_sent")
    done = send(db, standin)
    assert len(done.resumed) == (0 if (name, when) in (("add_batch", "before"), ("set_sent", "after")) else 1)
    assert sum(batch.requests for batch in [*done.resumed, *done.sent]) == {1: 18, 2: 6}[begun] + 12 * (
        name == "set_sent" and when == "before"
    )
    assert len(asked(standin)) == 30
    assert set(asked(standin).values()) == {1}
    assert count(standin, "POST", "/v1/files") == 3
    assert count(standin, "POST", "/v1/batches") == 3
    assert len(in_flight(db, SETTINGS.as_judge().id)) == 30
    collect(db, client_of(standin))
    assert statuses(db) == {"ok": 30}
    assert send(db, standin).sent == []
    assert {path.name for path in folder(db).iterdir()} == {"lock"}
    assert check(db).ok


@pytest.mark.parametrize(
    ("where", "name", "when", "nth", "kept"),
    [
        ("miareview.batching.collect", "set_progress", "before", 1, 0),
        ("miareview.batching.collect", "set_progress", "after", 2, 12),
        ("miareview.store.store:Store", "add_judgments", "before", 2, 5),
        ("miareview.store.store:Store", "add_judgments", "after", 2, 10),
        ("miareview.batching.collect", "close_batch", "before", 1, 12),
        ("miareview.batching.collect", "close_batch", "after", 1, 12),
    ],
)
def test_killed_while_collecting(
    db: Store, standin: StandIn, where: str, name: str, when: str, nth: int, kept: int
) -> None:
    send(db, standin)
    kill(db, where, name, when, nth, "collect", "--base-url", standin.url)
    assert statuses(db).total() == kept
    assert send(db, standin).sent == []
    found = collect(db, client_of(standin))
    assert sum(one.new for one in found) == 30 - kept
    assert statuses(db) == {"ok": 30}
    assert db.rows("select count(*), count(distinct judgment) from call") == [(30, 30)]
    assert all(batch.closed for batch in batches(db))
    assert set(asked(standin).values()) == {1}
    assert check(db).ok
