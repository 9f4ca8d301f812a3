"""Commands run as real processes at a fraction of the price: forked from one that has the imports behind it.

A command spends most of its time importing. A server, one for each thread that runs commands, imports once and forks a
child for each command, which has its own streams, folder, environment and exit code, as if started from a shell. What
depends on how Python itself starts (encodings, signals, closed streams, what is imported) needs a process of its own.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

TIMEOUT = 120  # seconds
# What the commands import when they run, beside the package itself.
LIBRARIES = ("krippendorff", "numpy", "openai", "openpyxl", "pyarrow.parquet", "sqlite_utils")


def run(
    *words: str,
    db: Path | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    given: str = "",
    first: str = "",
) -> subprocess.CompletedProcess[str]:
    """`miareview [--db DB] WORDS…`: what it wrote to both streams, and its exit code.

    `given` is what stands at stdin, `first` Python that the process runs before the command.
    """
    argv = ["miareview", *(["--db", str(db)] if db else []), *words]
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(given, encoding="utf-8")
        asked = {
            "argv": argv, "cwd": str(cwd or Path.cwd()), "env": dict(os.environ if env is None else env),
            "streams": [str(path) for path in streams], "first": first,
        }  # fmt: skip
        server = _server(threading.get_ident())
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = server.stdout.readline()
        assert code, "the server of commands has gone"
        _, out, err = (path.read_bytes().decode("utf-8", "surrogateescape") for path in streams)
    return subprocess.CompletedProcess(argv, int(code), out, err)


@cache
def _server(thread: int) -> subprocess.Popen[str]:
    """One for each thread, so that commands of several threads run at the same time."""
    process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.kill)
    return process


def serve() -> None:
    """Answer each request, a line of JSON at stdin, with the exit code of the child that it was handed to."""
    import miareview
    from miareview.cli.main import main

    rooms = (module.name for module in pkgutil.walk_packages(miareview.__path__, "miareview."))
    for name in (*LIBRARIES, *rooms):
        if name != "miareview.__main__" and not name.startswith("miareview.tui."):
            importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.alarm(TIMEOUT)
            os.chdir(asked["cwd"])
            os.environ.clear()
            os.environ.update(asked["env"])
            for number, path in enumerate(asked["streams"]):
                flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                os.dup2(os.open(path, flags), number)
            sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
            sys.argv = asked["argv"]
            exec(asked["first"], {})
            try:
                main()
            except SystemExit as end:
                sys.stdout.flush()
                # Taking all those imports down would take longer than most commands.
                os._exit(int(end.code or 0))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


KILL = """
import importlib, os, signal
where, name, when, nth = {!r}
module, _, inside = where.partition(":")
owner = importlib.import_module(module)
owner = getattr(owner, inside) if inside else owner
real, calls = getattr(owner, name), 0
def hooked(*args, **more):
    global calls
    calls += 1
    if calls == nth and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    made = real(*args, **more)
    if calls == nth and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return made
setattr(owner, name, hooked)
"""


def killed_at(where: str, name: str, when: str, nth: int) -> str:
    """What `run` takes as `first`: the process is killed "before" or "after" the nth call of where's function `name`.

    `where` is a module, or "module:Class".
    """
    return KILL.format((where, name, when, nth))


if __name__ == "__main__":
    serve()
