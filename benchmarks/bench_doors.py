"""Every command behind every odd door: encodings, environments, streams, words and paths that no manual expects.

A door is shut well where there is one sentence and an exit code, never a traceback, a fault called ours, a signal or a
command that hangs. Prints each that is not, and how many were tried; exit code 1 where there is one.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from miareview.cli.main import cli

DEMO = Path(__file__).resolve().parents[1] / "assets" / "demo"
START = [sys.executable, "-m", "miareview", "--db"]
READING = [
    "--help", "scores", "scores --json", "scores --by category", "agreement", "agreement --json",
    "agreement --by category,model,reviewer --confusion", "agreement --judges", "plan", "plan --json", "queue list",
    "queue list --json", "queue show demo-random", "check", "check --json", "doctor", "doctor --json", "gold status",
    "gold status --json", "gold export -", "export scores -", "export responses -", "export events -", "judge status",
    "judge status --json", "judge prompts", "judge prompts --show points --item 1", "judge compare",
    "judge compare --json", "images status", "images status --json", "import --dry-run nowhere.json", "review", "demo",
    "judge run -m x --dry-run -", "browse", "browse --json", "browse --filter 'd>0' --facet category", "compare 1",
    "compare 1 --json", "doubts", "doubts --json", "judge readings", "judge readings --json", "judge probe show",
    "judge probe wrong 1", "judge probe run -m x --dry-run -", "judge collect", "reviewer list", "reviewer list --json",
    "reason list", "reason list --json", "gold list", "gold list --json", "gold rule list", "export calls -",
    "export items -", "export judgments -", "export queues -", "export reviews -", "export inspect -", "config",
    "config --json",
]  # fmt: skip
WRITING = [
    f"import {DEMO / 'benchmark.json'}", "queue create more --size 2", "queue delete demo-random", "check --rebuild",
    "report OUT/r.html", "report OUT/r.md", "export scores OUT/s.csv", "export scores OUT/s.parquet",
    "export responses OUT/r.jsonl", "export vlmevalkit OUT/v.tsv --model demo-large", "gold export OUT/g.jsonl",
    "judge run -m x --dry-run OUT/d.jsonl", f"images add {DEMO / 'images'}", "demo --dir OUT/demo",
    "judge run -m x --base-url http://127.0.0.1:1/v1 --yes --limit 1", "backup OUT/b.db", "check --heads OUT/h.json",
    "queue close demo-random --as ann", "reviewer add ann", "reviewer alias ann demo-reviewer-1",
    "reviewer rename demo-reviewer-1 ann", "reason rename typo spelling --by ann", "reason merge typo other --by ann",
    "gold rule add short --by ann", "gold split --by ann", "gold relabel --category grammar --by ann",
    "gold settle --item 1 --model demo-large --component 1 --points 1 --by ann --own",
    "gold reopen --item 1 --model demo-large --component 1 --by ann", "gold import OUT/text.db",
    "gold guideline OUT/text.db --by ann --version 1", "judge probe make --items 2",
    "judge submit -m x --base-url http://127.0.0.1:1/v1 --yes --limit 1",
    "images fetch",
]  # fmt: skip
LOCALES = ("CP1252", "ISO-8859-1")
"""Encodings of German locales that are made for this, where `localedef` is there: what a terminal of that kind sets."""
ENCODINGS: dict[str, dict[str, str | None]] = {
    "C": {"LC_ALL": "C"},
    "C as it was": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "Latin 1": {"PYTHONIOENCODING": "iso-8859-1"},
    "Windows": {"PYTHONIOENCODING": "cp1252"},
    "DOS": {"PYTHONIOENCODING": "cp437"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16"},
}
ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "no home": {"HOME": None},
    "home is gone": {"HOME": "/nowhere/at/all"},
    "no TERM": {"TERM": None},
    "no columns": {"COLUMNS": "0"},
    "odd columns": {"COLUMNS": "x"},
    "nothing": dict.fromkeys(os.environ),
}
# The streams as a shell hands them over.
STREAMS = {
    "stdout closed": ">&-", "stderr closed": "2>&-", "all closed": "<&- >&- 2>&-", "stdin closed": "<&-",
    "stdout full": ">/dev/full", "stderr full": "2>/dev/full", "reader gone": "| true",
}  # fmt: skip
TEXTS = (b"\xff\xfe", b"a\x1b[31m\n\x9b", b"", b" ", b"-", b"x" * 5000, "\u202e[/]".encode())
WORDS = [
    "review --as X", "review --queue X", "review --model X", "review --judge X", "queue create X", "queue show X",
    "queue delete X", "queue create ok --model X", "scores --judge X", "scores --benchmark X", "scores --by X",
    "agreement --by X", "agreement --judge X", "plan --model X", "report X", "report OUT/X.html", "export scores X",
    "export scores OUT/X.csv", "export vlmevalkit OUT/v.tsv --model X", "gold status --benchmark X", "gold export X",
    "import X", "import --model X nowhere.json", "images add X", "judge run -m X --dry-run -", "judge prompts --show X",
    "judge run -m x --yes --base-url X", "judge run -m x --prompt X", "judge run -m x --prompt-file X", "X",
    "judge run -m x --queue X", "judge compare --judge X", "demo --dir X", "doctor --images X",
]  # fmt: skip
PATHS = (
    ":memory:", "file:x?mode=memory", "", ".", "/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem", "we?rd.db",
    "we#rd.db", "new\nline.db", "per%20cent.db", "-dash.db", "a" * 300, "x/" * 2000 + "y", "demo.db/x.db", "loop.db",
    "dangling.db", "empty.db", "fifo.db", "text.db",
)  # fmt: skip


class Doors:
    """Runs commands on a fresh copy of the demo, and keeps what ended badly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tried = 0
        self.bad: list[str] = []
        self.whole = folder / "whole.db"
        subprocess.run(
            [sys.executable, "-m", "miareview", "demo", "--dir", str(folder / "made")],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        shutil.copy(folder / "made" / "demo.db", self.whole)

    def try_one(
        self,
        door: str,
        words: Sequence[str | bytes],
        db: str | bytes | None = None,
        env: dict[str, str] | None = None,
        shell: str = "",
        limit: Callable[[], None] | None = None,
    ) -> None:
        self.tried += 1
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        for name in ("demo.db", "we?rd.db", "we#rd.db", "new\nline.db", "per%20cent.db", "-dash.db"):
            shutil.copy(self.whole, out / name)
        (out / "empty.db").touch()
        (out / "text.db").write_text("no database")
        (out / "loop.db").symlink_to("loop.db")
        (out / "dangling.db").symlink_to("gone.db")
        os.mkfifo(out / "fifo.db")
        words = [word.replace("OUT", str(out)) if isinstance(word, str) else word for word in words]
        command = [*START, db if db is not None else str(out / "demo.db"), *words]
        if shell:
            command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=60, cwd=out, env=env, stdin=subprocess.DEVNULL, preexec_fn=limit
            )
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            well = done.returncode in (0, 1, 2, 3, 4, 120) and not any(
                word in said for word in ("Traceback", "fault of miareview", "Exception ignored")
            )
            # 120: Python could not write the last of what it had to say.
        except subprocess.TimeoutExpired:
            said, well = "it hangs", False
        if not well:
            self.bad.append(f"{door}: {words}: {said.strip().splitlines()[-1:]}")
            print("BAD", self.bad[-1], flush=True)


def encodings(doors: Doors) -> None:
    """Encodings that lack most letters, asked for by a variable or set by a locale."""
    named = dict(ENCODINGS)
    for charmap in LOCALES:
        name = f"de_DE.{charmap}"
        made = ["localedef", "-i", "de_DE", "-f", charmap, str(doors.folder / name)]
        if shutil.which("localedef") and subprocess.run(made, capture_output=True).returncode == 0:
            named[name] = {"LC_ALL": name, "LOCPATH": str(doors.folder)}
        else:
            print(f"{name} was not tried: localedef cannot make it")
    _in_each(doors, named)


def environments(doors: Doors) -> None:
    _in_each(doors, ENVIRONMENTS)


def _in_each(doors: Doors, environments: dict[str, dict[str, str | None]]) -> None:
    for name, changed in environments.items():
        kept = {key: value for key, value in os.environ.items() if key not in changed and not key.startswith("LC_")}
        env = {**kept, **{key: value for key, value in changed.items() if value is not None}}
        for words in [*READING, *WRITING]:
            doors.try_one(name, shlex.split(words), env=env)


def streams(doors: Doors) -> None:
    for name, shell in STREAMS.items():
        for words in [*READING, *WRITING]:
            doors.try_one(name, shlex.split(words), shell=shell)


def words(doors: Doors) -> None:
    for text in TEXTS:
        for line in WORDS:
            doors.try_one(
                "a word", [os.fsencode(word).replace(b"X", text) if "X" in word else word for word in line.split()]
            )
        for name in ("MIAREVIEW_DB", "MIAREVIEW_REVIEWER", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
            env = {**os.environ, "OPENAI_API_KEY": "k", name: os.fsdecode(text)}
            for line in ("scores", "review", "judge run -m x --yes --limit 1 --max-retries 0"):
                doors.try_one(name, [*line.split()], env=env)


def paths(doors: Doors) -> None:
    for path in PATHS:
        for line in ("scores", "check", "doctor", "queue create q", WRITING[0]):
            doors.try_one(f"--db {path[:40]!r}", [*line.split()], db=path)


def small(doors: Doors) -> None:
    """A disk that takes no more: no file grows beyond so many bytes."""
    for size in (0, 1000, 50_000, doors.whole.stat().st_size + 8192):

        def limit(size: int = size) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        for words in [*READING, *WRITING]:
            doors.try_one(f"no file above {size} bytes", shlex.split(words), limit=limit)


PARTS = {part.__name__: part for part in (streams, encodings, environments, words, paths, small)}


def untried() -> list[str]:
    """The commands that none of the lines above tries."""
    found: list[str] = []

    def walk(command: click.Command, name: str) -> None:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for word in command.list_commands(context):
                if (below := command.get_command(context, word)) is not None:
                    walk(below, f"{name} {word}".strip())
        elif not any(line == name or line.startswith(f"{name} ") for line in (*READING, *WRITING)):
            found.append(name)

    walk(cli, "")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them if not given")
    named = parser.parse_args().parts or list(PARTS)
    if strange := set(named).difference(PARTS):
        parser.error(f"there is no part {', '.join(strange)}")
    if left := untried():
        print(f"no line here tries {', '.join(left)}")
        return 1
    with TemporaryDirectory() as folder:
        doors = Doors(Path(folder))
        for name in named:
            before = doors.tried, len(doors.bad)
            PARTS[name](doors)
            print(f"{name}: {doors.tried - before[0]} tried, {len(doors.bad) - before[1]} bad", flush=True)
    return 1 if doors.bad else 0


if __name__ == "__main__":
    sys.exit(main())
