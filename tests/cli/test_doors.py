"""Odd shells, terminals, disks and words: a sentence and an exit code, and what is printed stays readable."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from commands import run

from miareview.demo import make_demo

START = [sys.executable, "-m", "miareview", "--db"]
PRINTING = [
    "scores", "scores --by category", "scores --json", "agreement --by category,model,reviewer --confusion",
    "agreement --judges", "agreement --json", "plan", "queue list", "queue show first", "check", "doctor",
    "gold status", "judge status", "judge compare", "judge prompts", "images status", "export events -", "demo",
]  # fmt: skip


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doors") / "demo.db"
    make_demo(path).close()
    return path


@pytest.mark.parametrize("encoding", ["iso-8859-1", "cp1252"])
def test_what_an_encoding_lacks_is_spelled_out(demo_db: Path, encoding: str) -> None:
    stream = f"import io, sys; sys.stdout = io.TextIOWrapper(open(1, 'wb', closefd=False), {encoding!r})"
    for words in PRINTING:
        done = run(*words.split(), db=demo_db, first=stream)
        assert done.returncode in (0, 3), (words, done.stderr)
        assert "fault of miareview" not in done.stderr, words
    done = subprocess.run(
        [*START, str(demo_db), "agreement"], capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert done.returncode == 0
    head, first = done.stdout.decode(encoding).splitlines()[2:4]
    # The number stands below the end of its word, which is longer here than elsewhere.
    assert head.index("alpha interval") + len("alpha interval") == first.index("0.897") + len("0.897")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault_and_lend_their_number_to_nothing(demo_db: Path, closed: str) -> None:
    before = demo_db.read_bytes()
    done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *START, str(demo_db), "scores"], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert demo_db.read_bytes() == before


@pytest.mark.parametrize("redirect", [">/dev/full", "| true"])
def test_output_that_nobody_takes(demo_db: Path, redirect: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {redirect}', "sh", *START, str(demo_db), "export", "events", "-"], capture_output=True
    )
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert "fault of miareview" not in said
    if redirect == ">/dev/full":
        assert done.returncode == 1
        assert said == "miareview: what was printed: No space left on device.\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_command_in_order(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [*START, str(tmp_path / "r.db"), "import", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(b"[")
    process.stdin.flush()
    until = time.monotonic() + 30
    # How many bytes nobody has read yet: none when the command is at work.
    while fcntl.ioctl(process.stdin, termios.FIONREAD, b"\0\0\0\0") != b"\0\0\0\0" and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.decode().splitlines()[-1] == "miareview: interrupted; what was saved is kept."


def test_a_full_disk_is_one_sentence_and_leaves_nothing(demo_db: Path, tmp_path: Path) -> None:
    # A little more than SQLite's index of its log takes.
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, 33_000))"
    for words in ("export events events.jsonl", "export events events.csv", "report report.html"):
        done = run(*words.split(), db=demo_db, cwd=tmp_path, first=full)
        assert done.returncode == 3, done.stderr
        assert f"{words.split()[-1]} could not be written" in done.stderr
        assert list(tmp_path.iterdir()) == []


def test_words_that_are_no_text_are_refused_in_words(demo_db: Path) -> None:
    for words in (["queue", "create", "\udcff"], ["review", "--model", "\udcff"], ["queue", "show", "\udcff"]):
        done = run(*words, db=demo_db)
        assert done.returncode in (2, 3)
        assert len(done.stderr.splitlines()) == 1
        assert "fault of miareview" not in done.stderr


def test_an_account_without_a_name_draws_queues_and_is_asked_for_one_to_review(demo_db: Path, tmp_path: Path) -> None:
    nobody = """
import pwd
def unknown(uid):
    raise KeyError(f"getpwuid(): uid not found: {uid}")
pwd.getpwuid = unknown
"""
    env = {name: value for name, value in os.environ.items() if name not in ("LOGNAME", "USER", "LNAME", "USERNAME")}
    shutil.copy(demo_db, tmp_path / "r.db")
    made = run("queue", "create", "q", "--size", "2", db=tmp_path / "r.db", env=env, first=nobody)
    assert made.returncode == 0, made.stderr
    done = run("review", "--queue", "q", db=tmp_path / "r.db", env=env, first=nobody)
    assert (done.returncode, done.stderr) == (2, "miareview: Nobody is named. Say who you are with --as NAME.\n")
    assert run("scores", db=tmp_path / "r.db", env=env, first=nobody).returncode == 0


def test_doctor_says_what_is_wrong_with_a_database(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"this is no database" * 100)
    done = run("doctor", db=tmp_path / "bad.db")
    assert done.returncode == 0
    assert "not a database" in done.stdout


@pytest.mark.parametrize(
    ("term", "colorterm", "said"),
    [
        ("xterm", "", "16: pictures are in false colours"),
        ("xterm-256color", "", "256: pictures are in false colours"),
        ("xterm", "truecolor", "16,777,216\n"),
        ("dumb", "", "2: pictures are in false colours"),
    ],
)
def test_doctor_says_how_many_colours_there_are(demo_db: Path, term: str, colorterm: str, said: str) -> None:
    done = run("doctor", db=demo_db, env={**os.environ, "TERM": term, "COLORTERM": colorterm})
    assert f"colours         {said}" in done.stdout
    assert "10 × 20 pixels, assumed" in done.stdout


def test_a_command_that_only_reads_opens_nothing_for_writing(demo_db: Path) -> None:
    no_writing = """
import miareview.store.connection, miareview.store.opening
def refuse(*args, **more):
    raise SystemExit(99)
miareview.store.opening.open_to_write = miareview.store.connection.open_to_write = refuse
"""
    reading = (
        "scores", "agreement", "plan", "check", "queue list", "queue show first", "doctor", "gold status",
        "gold export -", "export scores -", "judge status", "judge prompts --show points --item 1", "judge compare",
        "images status", "doubts",
    )  # fmt: skip
    for words in reading:
        assert run(*words.split(), db=demo_db, first=no_writing).returncode in (0, 3), words
    assert run("queue", "create", "q", "--size", "2", db=demo_db, first=no_writing).returncode == 99
