"""The review app in a real pseudo-terminal: what it asks, where it writes, and how it ends."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import said

from miareview.review.queues import create_queue
from miareview.store.store import Store

pytestmark = pytest.mark.skipif(importlib.util.find_spec("termios") is None, reason="needs a pseudo-terminal")
LATE = "\x1bP>|XTerm(390)\x1b\\\x1b[?1;0;256S\x1b[6;20;10t\x1b[?64;1;2;4;6;9;15;22c"


class App:
    """The app in a terminal of its own, which is its controlling terminal, and whose stderr is a file."""

    def __init__(self, db: Path, errors: Path, images: str) -> None:
        import fcntl
        import pty
        import termios

        self.master, slave = pty.openpty()
        self.modes = termios.tcgetattr(slave)
        termios.tcsetwinsize(slave, (30, 100))
        words = [sys.executable, "-m", "miareview", "--db", str(db), "review", "--as", "ann", "--images", images]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("TEXTUAL", "TERM"))}
        with errors.open("w") as file:
            self.process = subprocess.Popen(
                words, stdin=slave, stdout=slave, stderr=file, env=environment | {"TERM": "xterm"},
                start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )  # fmt: skip
        self.slave = slave
        self.seen = b""

    def wait_for(self, words: bytes) -> None:
        import select

        until = time.monotonic() + 60
        while words not in self.seen:
            assert time.monotonic() < until, self.seen[-500:]
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += os.read(self.master, 65536)

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())


@pytest.mark.parametrize("images", ["auto", "halfcell"])
def test_a_terminal_that_answers_late_a_log_of_errors_and_sigterm(store: Store, tmp_path: Path, images: str) -> None:
    import termios

    create_queue(store, "gold", seed=3)
    app = App(store.path, tmp_path / "err.log", images)
    app.wait_for(b"SCORES")
    asked = b"\x1b[c" in app.seen or b"$p" in app.seen
    assert asked == (images == "auto")
    time.sleep(0.3)
    app.press(LATE)
    time.sleep(0.5)
    app.press("2")
    app.wait_for(b"saved")
    app.press("c")
    app.wait_for(b"Comment on this response")
    app.press("half a thought")
    app.wait_for(b"thought")
    app.process.send_signal(signal.SIGTERM)
    app.wait_for(b"\x1b[?1049l")
    assert app.process.wait(30) == 128 + signal.SIGTERM
    assert termios.tcgetattr(app.slave)[3] == app.modes[3]
    assert (tmp_path / "err.log").read_text() == ""
    assert [(e.kind, e.component, e.value) for e in said(store)] == [("score", 1, "2")]
    response = store.rows("select value from setting where key like 'draft of ann%'")
    assert response == [("half a thought",)]


def test_a_comment_that_was_begun_outlives_its_terminal(store: Store, tmp_path: Path) -> None:
    """The other end of the terminal is closed, as by a window that is shut or a line that breaks."""
    create_queue(store, "gold", seed=3)
    app = App(store.path, tmp_path / "err.log", "off")
    app.wait_for(b"SCORES")
    time.sleep(0.3)
    app.press("c")
    app.wait_for(b"Comment on this response")
    app.press("half a thought")
    app.wait_for(b"half a thought")
    os.close(app.master)
    assert app.process.wait(30) == 128 + signal.SIGHUP
    assert (tmp_path / "err.log").read_text() == ""
    again = App(store.path, tmp_path / "err.log", "off")
    again.wait_for(b"SCORES")
    time.sleep(0.3)
    again.press("c")
    again.wait_for(b"begun before, not saved yet")
    again.press(", the rest\x13")
    again.wait_for(b"comment saved")
    again.process.kill()
    again.process.wait()
    assert [(e.kind, e.value) for e in said(store)] == [("comment", "half a thought, the rest")]
