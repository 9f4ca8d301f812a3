"""Filling in templates of somebody's own, in a process apart: one that never ends, or wants all memory, takes only that
process with it."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from miareview.judge.template import SECONDS, TemplateError

_lock = threading.Lock()
_running: tuple[int, subprocess.Popen[bytes]] | None = None


def fill_apart(text: str, values: Mapping[str, Any] | None) -> tuple[str, str]:
    """As `template.fill`, for a template that nobody knows: raises `TemplateError` also where it takes too long."""
    known = None if values is None else {**values, "components": [_parts(part) for part in values["components"]]}
    request = json.dumps({"template": text, "values": known}).encode("ascii") + b"\n"
    with _lock:
        process = _process()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            _end()
            raise TemplateError(f" cannot be filled in within {SECONDS} seconds of computing.")
    answer = json.loads(line)
    if "fault" in answer:
        raise TemplateError(answer["fault"])
    system, user = answer["words"]
    return system, user


def _parts(component: Any) -> list[Any]:
    return [component.position, component.category, component.text, component.weight]


def _process() -> subprocess.Popen[bytes]:
    """The running process, started where there is none, or the one there is belongs to a parent of this process."""
    global _running
    if _running is None or _running[0] != os.getpid():
        hidden = ("KEY", "TOKEN", "SECRET", "PASSWORD")
        process = subprocess.Popen(
            [sys.executable, "-m", "miareview.judge.template"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not any(word in name for word in hidden)},
            start_new_session=True,  # Ctrl-C is for the run, which has answers to keep
        )
        _running = os.getpid(), process
        atexit.register(_end)
    return _running[1]


def _end() -> None:
    global _running
    if _running is None or _running[0] != os.getpid():
        return
    process, _running = _running[1], None
    process.kill()
    process.communicate()
