"""Another program holds the write lock while somebody types on the review screen: is a key lost in silence, or moved?

The real app runs in a pseudo-terminal; another process takes the write lock of the database for 13 seconds, which is
longer than the app waits for it, and 4 2 1 0 are typed. What is on the status line meanwhile is printed with its time.
Each score that was not saved must have been said to be so and still be on the screen at the end, and what is in the
ledger must be on the component that was selected when its key was pressed. Then the lock is let go, and once the
message is acknowledged the same keys must be saved in their places. Responses and judge replies are synthetic.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from pty_screen import ROWS, Program, frames

from miareview.store.check import check
from miareview.store.ledger import events
from miareview.store.queues import queue
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_lock.py ../shared/mia-bench/instruction_benchmark_all.json
"""
QUEUE, WHO = "bench", "ann"
KEYS = "4210"
LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("begin immediate")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.rollback()
"""


def said_on(db: Path) -> list[tuple[str, int | None, str | None]]:
    with Store.open(db, reading=True) as store:
        return [(event.kind, event.component, event.value) for event in events(store, reviewer=WHO) if event.response]


def worth(db: Path) -> tuple[int, list[int]]:
    """The place of the first response of the queue whose components are worth so much that all keys fit, and that."""
    with Store.open(db, reading=True) as store:
        weights = {response.id: item.weights for item in store.items() for response in store.responses()
                   if response.item == item.id}  # fmt: skip
        for place, row in enumerate(queue(store, QUEUE).rows):
            found = weights[row.response]
            if len(found) == len(KEYS) and all(weight >= int(key) for weight, key in zip(found, KEYS, strict=True)):
                return place, list(found)
    raise SystemExit("No response here takes these keys.")


def statuses(program: Program) -> list[tuple[float, str]]:
    """What stood on the status line, each with the time since when."""
    found: list[tuple[float, str]] = []
    for frame in frames(program):
        status = frame.lines[ROWS - 2].strip()
        if not found or found[-1][1] != status:
            found.append((frame.at, status))
    return found


def type_behind_a_lock(db: Path, program: Program, seconds: float, gap: float) -> tuple[float, float]:
    """When the lock was taken, and when it was let go."""
    with subprocess.Popen(
        [sys.executable, "-c", LOCK, str(db), str(seconds)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        taken = time.perf_counter()
        for key in KEYS:
            program.press(key)
            program.read(gap)
        while other.poll() is None:
            program.read(0.1)
    return taken, time.perf_counter()


def try_it(benchmark: Path, seconds: float, gap: float) -> list[str]:
    """Type with so many seconds from one key to the next, and print what is seen; what went wrong."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="bench-lock-") as scratch:
        db = Path(scratch) / "review.db"
        names = synthetic_runs(benchmark, Path(scratch) / "runs", 1)
        steps(db, benchmark, Path(scratch) / "runs", names)
        miareview(db, "queue", "create", QUEUE)
        place, weights = worth(db)
        command = [sys.executable, "-m", "miareview", "--db", str(db), "review", "--queue", QUEUE, "--as", WHO]
        program = Program([*command, "--new", "--images", "off"])
        program.expect(b"SCORES", 60)
        program.read(1)
        for _ in range(place):
            program.press("n")
            program.read(0.3)
        taken, gone = type_behind_a_lock(db, program, seconds, gap)
        program.read(1)
        there = said_on(db)
        seen = [(at - taken, status) for at, status in statuses(program) if at > taken]
        print(f"components of {weights} points, {' '.join(KEYS)} typed with {gap} s between:")
        for at, status in seen:
            print(f"  {at:5.1f} s  {status}")
        print(f"  {gone - taken:5.1f} s  the lock is let go; in the ledger: {there or 'nothing'}")
        typed = [("score", number, key) for number, key in enumerate(KEYS, start=1)]
        if there != typed[: len(there)]:
            wrong.append(f"{there} in the ledger")
        if len(there) < len(KEYS):
            if "NOT SAVED" not in seen[-1][1]:
                wrong.append(f"what was not saved is not said any more: {seen[-1][1]!r}")
            program.press(" ")  # acknowledges
            program.read(1)
            for key in KEYS[len(there) :]:
                program.press(key)
                program.read(0.5)
        program.read(1)
        after = said_on(db)
        print(f"           typed again: {after}")
        if after != typed:
            wrong.append(f"after the lock: {after} in the ledger")
        if program.leave("q", 10) != 0:
            wrong.append("the app did not leave in order")
        with Store.open(db, reading=True) as store:
            wrong += [": ".join(problem) for problem in check(store).problems]
    return [f"with {gap} s between: {what}" for what in wrong]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--seconds", type=float, default=13, help="how long the lock is held (default 13)")
    options = parser.parse_args()
    wrong = [what for gap in (0.05, 1.0, 3.0) for what in try_it(options.benchmark, options.seconds, gap)]
    if wrong:
        print(*wrong, sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
