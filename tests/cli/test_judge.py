"""`miareview judge` as a person meets it: real processes, killed and interrupted; what is on disk and on the screen."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, make_items, make_response
from PIL import Image
from standin.faults import Fault
from standin.server import KEY, StandIn

from miareview.store.judged import judged
from miareview.store.store import Store

MODEL = "gpt-4o-2024-11-20"
MODELS = [f"model-{k}" for k in range(4)]
ITEMS = make_items(20)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Twenty items with pictures, 80 responses."""
    path = tmp_path / "work" / "review.db"
    with Store.open(path, create=True) as store:
        store.add_items(ITEMS)
        store.add_responses([make_response(item, model) for item in ITEMS for model in MODELS])
    (path.parent / "images").mkdir()
    for item in ITEMS:
        Image.new("RGB", (40, 30), (item.index, 0, 0)).save(path.parent / "images" / f"{item.index}.png")
    return path


def environment(key: str | None = KEY) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if "OPENAI" not in name}
    return clean | ({"OPENAI_API_KEY": key} if key else {})


def start(db: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "miareview", "--db", str(db), "judge", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=db.parent,
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, told = process.communicate(timeout=120)
    return process.returncode, out, told


def judge(db: Path, *words: str, key: str | None = KEY, log: str = "") -> tuple[int, str, str]:
    env = environment(key) | ({"OPENAI_LOG": log} if log else {})
    done = run("judge", *words, db=db, env=env, cwd=db.parent)
    return done.returncode, done.stdout, done.stderr


def ask(db: Path, server: StandIn | str, *words: str, key: str | None = KEY, log: str = "") -> tuple[int, str, str]:
    url = server if isinstance(server, str) else server.url
    return judge(db, "run", "-m", MODEL, "--base-url", url, "--yes", *words, key=key, log=log)


def kept(db: Path) -> int:
    with sqlite3.connect(db) as connection:
        return int(connection.execute("select count(*) from judgment where status <> 'api_error'").fetchone()[0])


def wait_for(db: Path, count: int) -> None:
    until = time.monotonic() + 60
    while kept(db) < count:
        assert time.monotonic() < until
        time.sleep(0.005)


def quiet(server: StandIn) -> None:
    """Wait until the server has seen the last of a process that is gone."""
    before = -1
    while server.in_flight or len(server.requests) != before:
        before = len(server.requests)
        time.sleep(0.3)


def test_a_run_and_its_status(db: Path) -> None:
    with StandIn([Fault("500", times=1)]) as server:
        code, out, told = ask(db, server, "--json", "--price-in", "2.5", "--price-out", "10")
    assert code == 0, told
    found = json.loads(out)
    assert (found["statuses"], found["requests"], found["retries"], found["stopped"]) == ({"ok": 80}, 81, 1, "")
    assert "80 requests" in told
    assert "HTTP 500 1×" in told
    code, out, _ = judge(db, "status", "--json", "--price-in", "2.5", "--price-out", "10")
    (one,) = json.loads(out)["judges"]
    assert code == 0
    assert {key: one[key] for key in ("model", "asked", "responses", "repeats", "waiting", "calls", "requests")} == {
        "model": MODEL, "asked": 80, "responses": 80, "repeats": 1, "waiting": 0, "calls": 80, "requests": 81,
    }  # fmt: skip
    assert one["sees_image"] is True
    assert one["models"] == {MODEL: 80}
    assert one["cost"] == pytest.approx(found["cost"])
    assert one["parameters"]["temperature"] == 0
    code, out, _ = judge(db, "status")
    assert code == 0
    assert re.search(r"80 +80 +0", out)


def test_killed_again_and_again_nothing_is_lost_and_nothing_asked_twice(db: Path) -> None:
    """A question is asked a second time only where its answer was not on disk when the process was killed."""
    unkept = sent = done = 0
    with StandIn(latency=0.03) as server:
        for kill in range(2):
            process = start(db, "run", "-m", MODEL, "--base-url", server.url, "--yes", "--concurrency", "4")
            wait_for(db, 12 * (kill + 1))
            process.kill()
            process.communicate()
            quiet(server)
            now_sent, now_done = len(server.log()["requests"]), kept(db)
            assert now_done >= 12 * (kill + 1)
            assert 0 <= (now_sent - sent) - (now_done - done) <= 4
            unkept += (now_sent - sent) - (now_done - done)
            sent, done = now_sent, now_done
        code, _, told = ask(db, server, "--concurrency", "4")
        assert code == 0, told
        log = server.log()["requests"]
    # A request that was cut while it was sent is in the log, and was not answered.
    assert len({one["sha256"] for one in log if one["status"] == 200}) == 80
    assert len(log) == 80 + unkept
    with Store.open(db) as store:
        (one,) = judged(store).values()
        assert (one.asked, one.statuses) == (80, {"ok": 80})
    with sqlite3.connect(db) as connection:
        assert connection.execute("select count(*) from judgment").fetchone() == (80,)
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_was_answered(db: Path, number: signal.Signals) -> None:
    with StandIn(latency=0.1) as server:
        process = start(db, "run", "-m", MODEL, "--base-url", server.url, "--yes", "--concurrency", "4")
        wait_for(db, 6)
        process.send_signal(number)
        code, _, told = finished(process)
        assert code == 130
        assert "answers kept" in told
        assert "Traceback" not in told
        done = kept(db)
        # what was on its way was waited for
        assert done == len(server.log()["requests"]) < 80
        assert f"{done} answers kept" in told
        assert ask(db, server)[0] == 0
        assert set(Counter(one["sha256"] for one in server.log()["requests"]).values()) == {1}
    assert kept(db) == 80


def test_a_second_interrupt_does_not_wait(db: Path) -> None:
    with StandIn([Fault("hang", seconds=60)]) as server:
        process = start(db, "run", "-m", MODEL, "--base-url", server.url, "--yes")
        until = time.monotonic() + 30
        while not server.log()["requests"] and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert finished(process)[0] == 130
        assert time.monotonic() - begin < 40  # not the 60 of the answer


def test_failures_leave_with_code_4_and_the_next_run_asks_only_them(db: Path) -> None:
    with StandIn([Fault("400", text="number 3 ")]) as server:
        code, _, told = ask(db, server)
        assert code == 4
        assert "4 questions failed. Run the same command again to ask only them." in told
        assert "4× HTTP 400" in told
        server.faults.set([])
        code, _, told = ask(db, server)
        assert code == 0
        assert "4 of them failed before" in told
        assert len(server.log()["requests"]) == 84


@pytest.mark.parametrize("path", ["run", "dry"])
def test_the_key_is_nowhere(db: Path, path: str) -> None:
    secret = "sk-standin-1234567890-this-is-secret"
    dry = db.parent / "dry.jsonl"
    more = ["--dry-run", str(dry)] if path == "dry" else []
    with StandIn(
        [Fault("500", probability=0.1)], key=secret, reply=lambda body: f"Component 1: 1/1 {secret}"
    ) as server:
        code, out, told = ask(db, server, *more, "--json", key=secret)
        assert code == 0
        assert len(server.log()["requests"]) >= (80 if path == "run" else 0)
        # what a wrong key makes the server say
        wrong = ask(db, server, "--repeats", "2", key=secret + "x")
        # and what the SDK says of its requests where it is told to
        logged = ask(db, server, "--repeats", "2", "--limit", "1", key=secret, log="debug")
        assert path == "dry" or "request" in logged[2].lower()
    everything = b"".join(file.read_bytes() for file in db.parent.rglob("*") if file.is_file())
    everything += "".join([out, told, *map(str, wrong + logged)]).encode()
    assert path == "run" or len(dry.read_text().splitlines()) == 80
    assert len(everything) > 1000
    assert secret.encode() not in everything
    assert b"this-is-secret" not in everything


class Hostile(BaseHTTPRequestHandler):
    """Answers every request with an error that repeats the key and tries to write to the terminal."""

    status = 400

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        said = {"error": {"message": f"{HOSTILE} {self.headers['authorization']} \ud83d", "code": "\x1b[2J"}}
        body = json.dumps(said).encode()
        self.send_response(self.status)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", "a\x9b2Jb")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def hostile() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hostile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500])
def test_hostile_errors_are_shown_harmless_and_without_the_key(
    db: Path, hostile: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hostile, "status", status)
    code, out, told = ask(db, hostile, "--limit", "2", "--max-calls", "3")
    assert code == (0 if status == 500 else 4)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]", out + told)
    assert KEY not in out + told
    assert "Traceback" not in told
    assert KEY.encode() not in b"".join(file.read_bytes() for file in db.parent.rglob("*.db*"))
    if status in (401, 403, 404):
        assert f"HTTP {status}" in told


def test_without_a_terminal_nothing_is_spent_unless_told(db: Path) -> None:
    with StandIn() as server:
        code, _, told = judge(db, "run", "-m", "gpt-4o", "--base-url", server.url)
        assert code == 2
        assert "--yes" in told
        assert "names whatever model it stands for today" in told
        code, _, told = judge(db, "run", "-m", MODEL, key=None)
        assert code == 2
        assert "OPENAI_API_KEY" in told
        code, _, told = ask(db, server, "--max-cost", "1")
        assert code == 2
        assert "--price-in" in told
        assert server.log()["requests"] == []


def test_on_a_terminal_it_asks_and_shows_how_far_it_is(db: Path) -> None:
    def on_terminal(server: StandIn, answer: bytes) -> tuple[int, bytes]:
        terminal, end = pty.openpty()
        words = ["judge", "run", "-m", MODEL, "--base-url", server.url, "--price-in", "1", "--price-out", "1"]
        process = subprocess.Popen(
            [sys.executable, "-m", "miareview", "--db", str(db), *words],
            stdin=end, stdout=end, stderr=end, env=environment() | {"TERM": "xterm"}, start_new_session=True,
        )  # fmt: skip
        os.close(end)
        seen = b""
        while b"Ask?" not in seen:
            seen += os.read(terminal, 10_000)
        os.write(terminal, answer)
        try:
            while more := os.read(terminal, 10_000):
                seen += more
        except OSError:  # the other end is closed
            pass
        os.close(terminal)
        return process.wait(60), seen

    with StandIn(latency=0.02) as server:
        code, seen = on_terminal(server, b"\n")  # nothing is spent by a stray key
        assert (code, server.log()["requests"]) == (130, [])
        assert re.search(rb"80 requests.*at most 160,000 completion tokens; \$0\.", seen, re.S)
        code, seen = on_terminal(server, b"y\n")
    assert code == 0
    assert b"Judging" in seen
    assert b"80/80" in seen
    assert b"0 retries, 0 failed, $0.0" in seen


def test_a_dry_run_asks_nothing_and_needs_no_key(db: Path) -> None:
    code, out, told = judge(db, "run", "-m", MODEL, "--item", "1", "--dry-run", key=None)
    assert code == 0, told
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == len({line["custom_id"] for line in lines}) == 4
    assert {(line["method"], line["url"], line["body"]["model"]) for line in lines} == {
        ("POST", "/v1/chat/completions", MODEL)
    }
    picture = lines[0]["body"]["messages"][1]["content"][1]["image_url"]
    size = (db.parent / "images" / "1.png").stat().st_size
    assert re.fullmatch(rf"data:image/png;base64,<{size} bytes, sha256 [0-9a-f]{{64}}>", picture["url"])
    assert kept(db) == 0


def test_the_prompts_can_be_read(db: Path, tmp_path: Path) -> None:
    code, out, _ = judge(db, "prompts")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["points", "strict-json"]
    code, out, _ = judge(db, "prompts", "--show", "points")
    assert "{{ instruction" in out
    code, out, _ = judge(db, "prompts", "--show", "strict-json", "--item", "1")
    assert "Describe number 1 in two sentences." in out
    assert "model-0 answers item 1." in out
    mine = tmp_path / "mine.jinja"
    mine.write_text("{{ response }} \x1b[2J {{ total }}")
    code, out, _ = judge(db, "prompts", "--prompt-file", str(mine), "--item", "1")
    assert (code, "\x1b[2J" in out) == (0, False)
    mine.write_text("{{ nothing }}")
    code, _, told = judge(db, "prompts", "--prompt-file", str(mine), "--item", "1")
    assert code == 3
    assert "nothing" in told
    assert judge(db, "prompts", "--show", "nonsense")[0] == 2


def test_without_any_picture_a_judge_that_should_see_is_not_asked(db: Path) -> None:
    for file in (db.parent / "images").iterdir():
        file.unlink()
    with StandIn() as server:
        code, _, told = ask(db, server)
        assert code == 3
        assert "--picture none" in told
        assert "item 0" in told
        code, _, told = ask(db, server, "--picture", "none")
        assert code == 0, told
        assert "80 ok" in told
    code, out, _ = judge(db, "status")
    assert code == 0
    assert "no (none)" in out
    assert "picture none" in out


def test_words_that_do_not_fit_together(db: Path) -> None:
    cases: list[tuple[list[str], int]] = [
        (["run"], 2),
        (["run", "-m", MODEL, "--temperature", "3"], 2),
        (["run", "-m", MODEL, "--seed", "x"], 2),
        (["run", "-m", MODEL, "--price-in", "3"], 2),
        (["run", "-m", MODEL, "--prompt", "points", "--prompt-file", str(db)], 2),
        (["run", "-m", MODEL, "--prompt-file", str(db)], 3),
        (["run", "-m", MODEL, "--queue", "none"], 3),
        (["run", "-m", MODEL, "--item", "99"], 3),
        (["run", "-m", MODEL, "--base-url", "localhost"], 2),
        (["prompts", "--item", "1"], 2),
    ]
    for words, expected in cases:
        code, _, told = judge(db, *words)
        assert code == expected, (words, told)
        assert "Traceback" not in told
