"""Time to bring the whole benchmark and synthetic runs of several models into a database, with the real command.

Responses and judge replies are synthetic (make_synthetic.py); the benchmark file is the real one. Every import is run
a second time and must leave the database as it is. Then all judged files are imported into new databases, in turns with
a few lines of Python that only parse the same files and put their texts into SQLite, a transaction a file: how many
times as long an import takes does not depend on the machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import make_synthetic

from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_import.py ../shared/mia-bench/instruction_benchmark_all.json --models 6
"""
JUDGE = "synthetic-judge"
ONLY_STORED = """
import json, pathlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("pragma journal_mode=wal")
db.execute("create table answer (model text, url text, text text, reply text)")
for file in sorted(pathlib.Path(sys.argv[2]).iterdir()):
    rows = [json.loads(line) for line in file.read_bytes().splitlines()]
    told = [(file.stem, row["url"], row["text"], row["score_raw"]) for row in rows]
    with db:
        db.executemany("insert into answer values (?, ?, ?, ?)", told)
print(db.execute("select count(*) from answer").fetchone()[0])
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What was imported: `commands` processes that took `seconds` by the clock and `cpu` of processor time in all, for
    `rows` read and `new` ones kept."""

    what: str
    commands: int
    seconds: float
    cpu: float
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
    rows, new = 0, 0
    start, used = time.perf_counter(), processor_time()
    for words in commands:
        for file in json.loads(miareview(db, "import", *words, "--json"))["files"]:
            rows, new = rows + file["read"], new + file["new"]
    return Step(what, len(commands), time.perf_counter() - start, processor_time() - used, rows, new)


def processor_time() -> float:
    """Seconds of processor time that all commands so far have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


def in_turns(scratch: Path, benchmark: Path, runs: Path, names: list[str], turns: int) -> list[Step]:
    """The judged files of all models in a folder, with the benchmark into a new database by one command, and only
    stored; each so many times in turns, the medians of both."""
    folder = scratch / "judged"
    folder.mkdir()
    for name in names:
        shutil.copyfile(runs / f"{name}_judged.jsonl", folder / f"{name}.jsonl")
    imported, stored = [], []
    for turn in range(turns):
        imported.append(import_step("a folder, one command", scratch / f"{turn}.db", [[str(benchmark), str(folder)]]))
        command = [sys.executable, "-c", ONLY_STORED, str(scratch / f"stored-{turn}.db"), str(folder)]
        start, used = time.perf_counter(), processor_time()
        rows = int(subprocess.run(command, capture_output=True, check=True).stdout)
        seconds, cpu = time.perf_counter() - start, processor_time() - used
        stored.append(Step("parsed and stored, no more", 1, seconds, cpu, rows, rows))
    return [
        replace(steps[0], seconds=median(one.seconds for one in steps), cpu=median(one.cpu for one in steps))
        for steps in (imported, stored)
    ]


def content_digest(db: Path) -> str:
    """SHA-256 over all that the database holds, as SQL text."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(db)) as connection:
        for line in connection.iterdump():
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def show(title: str, done: list[Step]) -> None:
    print(f"\n{title:29} commands      wall  processor    rows    new    rows/s")
    for step in done:
        times = f"{step.seconds:7.2f} s {step.cpu:8.2f} s"
        print(f"{step.what:29} {step.commands:8} {times} {step.rows:7} {step.new:6} {step.rows / step.seconds:9.0f}")


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
    parser.add_argument("--turns", type=int, default=3, help="imports into new databases (default 3)")
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
        show("into new databases, in turns", in_turns(folder, options.benchmark, folder / "runs", names, options.turns))
        same = before == content_digest(db) and not any(step.new for step in second)
        print(f"\ndatabase {size / 1e6:.1f} MB; the second import changed {'nothing' if same else 'SOMETHING'}")
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
