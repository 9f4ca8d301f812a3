"""Kill the review app with SIGKILL in the middle of scoring, and see whether anything it had acknowledged is lost.

The real app runs in a pseudo-terminal; keys are typed into it at a fast hand's pace and it is killed at a random
moment. What its screen had called saved by then counts as acknowledged: a score ("component 2: 3 of 4, saved", of the
response that the header names) or an undo. All of that must be in the ledger, in this order, and the ledger must pass
`check`. Responses and judge replies are synthetic. A killed process is not a power cut: what the operating system
already has is kept in either case.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from pty_screen import ROWS, Program, frames

from miareview.model import Queue
from miareview.review.session import CIRCLED
from miareview.store.check import check
from miareview.store.ledger import events
from miareview.store.queues import queue
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_kill.py ../shared/mia-bench/instruction_benchmark_all.json --kills 50 --seed 1
"""
REVIEWER, QUEUE = "bench", "bench"
HEADER = re.compile(rf"\bitem (\d+)\b.*\bmodel ([{CIRCLED}])")
SAVED = re.compile(r"component (\d+): (\d+) of \d+, saved")


@dataclass(frozen=True, slots=True)
class Said:
    """A word in the ledger or on the screen: "score" of a component with its points, or "undo"."""

    kind: str
    response: str | None
    component: int | None = None
    value: str | None = None


def type_keys(program: Program, draw: random.Random, until: float) -> None:
    """Type for so many seconds. Two scores in a row never have the same digit, so that a line that is only painted
    again cannot be taken for a second score."""
    last, spent = "", 0.0
    while spent < until:
        kind = draw.choices(("digit", "n", "p", "m", "u"), (14, 2, 1, 2, 1))[0]
        if kind == last == "u":
            continue
        key = draw.choice([digit for digit in "0123" if digit != last]) if kind == "digit" else kind
        program.press(key)
        last = key
        pause = min(draw.uniform(0.02, 0.12), until - spent)
        program.read(pause)
        spent += pause


def acknowledged(program: Program, drawn: Queue, numbers: dict[str, int]) -> list[Said]:
    """What the screen called saved, in order. Lower bound: of two changes between two frames it shows the second."""
    responses: dict[tuple[int, str], str] = {}
    rivals: Counter[int] = Counter()
    for row in drawn.rows:
        number = numbers[row.item]
        responses[number, CIRCLED[rivals[number]]] = row.response
        rivals[number] += 1
    lines = ((frame.lines[0], frame.lines[ROWS - 2]) for frame in frames(program))
    found = []
    for (top, status), _ in groupby(lines):
        header, saved = HEADER.search(top), SAVED.search(status)
        if header is None:
            continue
        response = responses[int(header[1]), header[2]]
        if saved is not None:
            found.append(Said("score", response, int(saved[1]), saved[2]))
        elif "undone, saved" in status:
            found.append(Said("undo", response))
    return found


def ledger(store: Store) -> list[Said]:
    kept = [event for event in events(store, reviewer=REVIEWER) if event.kind in ("score", "undo")]
    return [
        Said("undo", event.response)
        if event.kind == "undo"
        else Said("score", event.response, event.component, event.value)
        for event in kept
    ]


def lost(said: list[Said], kept: list[Said]) -> list[Said]:
    """What of `said` is missing in `kept`, which must hold it in the same order."""
    missing, at = [], 0
    for word in said:
        try:
            at = kept.index(word, at) + 1
        except ValueError:
            missing.append(word)
    return missing


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--kills", type=int, default=50, help="how often the app is killed (default 50)")
    parser.add_argument("--seed", type=int, default=1, help="seed of keys and moments (default 1)")
    parser.add_argument("--models", type=int, default=2, help="synthetic models (default 2)")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    keys = acks = written = 0
    all_lost: list[Said] = []
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-kill-") as scratch:
        db = Path(scratch) / "review.db"
        names = synthetic_runs(options.benchmark, Path(scratch) / "runs", options.models)
        steps(db, options.benchmark, Path(scratch) / "runs", names)
        miareview(db, "queue", "create", QUEUE)
        command = [sys.executable, "-m", "miareview", "--db", str(db)]
        command += ["review", "--queue", QUEUE, "--as", REVIEWER, "--images", "off"]
        for kill in range(1, options.kills + 1):
            program = Program(command)
            program.expect(b"SCORES", 30)
            program.read(0.3)
            type_keys(program, draw, draw.uniform(0.2, 2.5))
            program.kill()
            with Store.open(db) as store:
                kept, result = ledger(store), check(store)
                numbers = {item.id: item.index for item in store.items()}
                said = acknowledged(program, queue(store, QUEUE), numbers)
            gone = lost(said, kept[written:])
            written = len(kept)
            keys, acks, all_lost = keys + len(program.keys), acks + len(said), all_lost + gone
            broken += [f"kill {kill}: {where}: {what}" for where, what in result.problems]
            if gone or not result.ok:
                print(f"kill {kill}: {len(gone)} lost: {gone}; check {'ok' if result.ok else 'NOT ok'}")
        miareview(db, "check")
    print(f"synthetic: {options.models} models × 400 items; seed {options.seed}")
    figures = {
        "kills": options.kills, "keys typed": keys, "acknowledged": acks, "in the ledger": written,
        "acknowledged, lost": len(all_lost), "problems found by check": len(broken),
    }  # fmt: skip
    for name, number in figures.items():
        print(f"{name:26}{number:7}")
    if all_lost or broken:
        print(*broken, sep="\n")
        sys.exit(1)
    if not acks:
        raise SystemExit("Nothing was acknowledged, so nothing was tested.")


if __name__ == "__main__":
    main()
