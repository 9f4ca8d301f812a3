"""Time to bring the whole benchmark and synthetic runs of several models into a database, with the real command.

Responses and judge replies are synthetic (make_synthetic.py); the benchmark file is the real one. Every import is run
a second time and must leave the database as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import make_synthetic

from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_import.py ../shared/mia-bench/instruction_benchmark_all.json --models 6
"""
JUDGE = "synthetic-judge"


@dataclass(frozen=True, slots=True)
class Step:
    """What was imported: `commands` processes that took `seconds` in all, for `rows` read and `new` ones kept."""

    what: str
    commands: int
    seconds: float
    rows: int
    new: int


def miareview(db: Path, *words: str) -> str:
    """Run the real command on this database and return what it printed; a failure ends the benchmark."""
    command = [sys.executable, "-m", "miareview", "--db", str(db), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
    return done.stdout


def import_step(what: str, db: Path, commands: list[list[str]]) -> Step:
    """Run `import` once for each list of words."""
    seconds, rows, new = 0.0, 0, 0
    for words in commands:
        start = time.perf_counter()
        output = miareview(db, "import", *words, "--json")
        seconds += time.perf_counter() - start
        for file in json.loads(output)["files"]:
            rows, new = rows + file["read"], new + file["new"]
    return Step(what, len(commands), seconds, rows, new)


def synthetic_runs(benchmark: Path, folder: Path, models: int) -> list[str]:
    """Write responses and judged files of so many models, every item answered and judged; their names."""
    make_synthetic.main([str(benchmark), str(folder), "--models", str(models), "--errors", "0"])
    return [f"synthetic-{number:02d}" for number in range(1, models + 1)]


def steps(db: Path, benchmark: Path, runs: Path, names: list[str]) -> list[Step]:
    """Benchmark, then all responses in one command, then the judged files, one command a model."""
    responses = [str(runs / f"{name}.jsonl") for name in names]
    judged = [[str(runs / f"{name}_judged.jsonl"), "--model", name, "--judge", JUDGE] for name in names]
    return [
        import_step("benchmark (real)", db, [[str(benchmark)]]),
        import_step("responses (synthetic)", db, [responses]),
        import_step("judge replies (synthetic)", db, judged),
    ]


def folder_step(scratch: Path, benchmark: Path, runs: Path, names: list[str]) -> Step:
    """The judged files of all models in a folder, imported with the benchmark into a new database by one command."""
    folder = scratch / "judged"
    folder.mkdir()
    for name in names:
        shutil.copyfile(runs / f"{name}_judged.jsonl", folder / f"{name}.jsonl")
    return import_step("a folder, one command", scratch / "folder.db", [[str(benchmark), str(folder)]])


def content_digest(db: Path) -> str:
    """SHA-256 over all that the database holds, as SQL text."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(db)) as connection:
        for line in connection.iterdump():
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def show(title: str, done: list[Step]) -> None:
    print(f"\n{title:27} commands      wall    rows    new    rows/s")
    for step in done:
        rate = step.rows / step.seconds
        print(f"{step.what:27} {step.commands:8} {step.seconds:7.2f} s {step.rows:7} {step.new:6} {rate:9.0f}")


def size_of(db: Path) -> int:
    """Bytes of the database and of what has not been folded into it yet."""
    files = (Path(f"{db}{end}") for end in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--models", type=int, default=6, help="synthetic models (default 6)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-import-") as scratch:
        folder = Path(scratch)
        db = folder / "review.db"
        names = synthetic_runs(options.benchmark, folder / "runs", options.models)
        first = steps(db, options.benchmark, folder / "runs", names)
        with Store.open(db) as store:
            items = store.items()
            components = [component for item in items for component in item.components]
            points = sum(component.weight for component in components)
            print(f"{len(items)} items, {len(components)} components, {points} points in the benchmark")
        before, size = content_digest(db), size_of(db)
        second = steps(db, options.benchmark, folder / "runs", names)
        show("first import", first)
        show("the same again", second)
        show("into a new database", [folder_step(folder, options.benchmark, folder / "runs", names)])
        same = before == content_digest(db) and not any(step.new for step in second)
        print(f"\ndatabase {size / 1e6:.1f} MB; the second import changed {'nothing' if same else 'SOMETHING'}")
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
