"""Kill the review app with SIGKILL in the middle of a review, and see whether anything it had acknowledged is lost.

The real app runs in a pseudo-terminal; words of every kind are typed into it at a fast hand's pace and it is killed at
a random moment. What its screen had called saved by then counts as acknowledged, for the response that the header
names. All of that must be in the ledger, in this order, and the ledger must pass `check`. Responses and judge replies
are synthetic. A killed process is not a power cut: what the operating system already has is kept in either case.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from pty_screen import ROWS, Program, frames

from miareview.model import REASONS, UNGRADABLE_REASONS, Queue
from miareview.review.sight import CIRCLED
from miareview.store.check import check
from miareview.store.ledger import events
from miareview.store.queues import queue
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_kill.py ../shared/mia-bench/instruction_benchmark_all.json --kills 50 --seed 1
"""
REVIEWER, QUEUE = "bench", "bench"
HEADER = re.compile(rf"\bitem (\d+) · \S+ +(?:model ([{CIRCLED}])|(\S+))")
# What the screen says once a word is on disk, the kind of its event, and in groups its component and value.
SAVED = (
    (re.compile(r"component (\d+): ([\d.]+) of \d+, saved"), "score"),
    (re.compile(r"component (\d+): cleared, saved"), "clear"),
    (re.compile(rf"component (\d+): ({'|'.join(UNGRADABLE_REASONS)}), saved"), "ungradable"),
    (re.compile(rf"component (\d+): ({'|'.join(REASONS)}), saved"), "reason"),
    (re.compile("full marks on the rest, saved"), "score"),
    (re.compile("agreed with the judge, saved"), "agree"),
    (re.compile("undone, saved"), "undo"),
    (re.compile("redone, saved"), "redo"),
    (re.compile("comment saved"), "comment"),
    (re.compile(r"\bflag(?:ged| taken away)"), "flag"),
    (re.compile("the judge is shown"), "reveal"),
    (re.compile("the last commit is taken back, saved"), "reopen"),
)
COMMITTED = re.compile("(?i)committed[,.]")
REFUSED = "any key ▸".encode()
# What is typed, and how often.
TYPED = {
    "digit": 14, "n": 1, "p": 1, "m": 2, "u": 2, "\x12": 1, "\x7f": 1, "-": 1, "f": 1, "f\r": 4, "x1": 1, "x3": 1,
    "t2": 1, "a": 1, "F": 1, "s": 1, "ry": 1, "cab\x13": 1, "c, and on\x13": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A word in the ledger or on the screen. On the screen None is what it does not tell."""

    kind: str
    response: str | None = None
    component: int | None = None
    value: str | None = None

    def is_in(self, event: Said) -> bool:
        told = ((self.response, event.response), (self.component, event.component), (self.value, event.value))
        return self.kind == event.kind and all(seen in (None, kept) for seen, kept in told)


def type_words(program: Program, draw: random.Random, until: float) -> None:
    """Type for so many seconds, and wait where something was refused. Two scores in a row never have the same digit,
    so that a line that is only painted again cannot be taken for a second score."""
    end, last, looked = time.perf_counter() + until, "", len(program.chunks)
    while time.perf_counter() < end:
        word = draw.choices([*TYPED], [*TYPED.values()])[0]
        if word == "digit":
            word = draw.choice([digit for digit in "0123" if digit != last])
        for key in word:
            program.press(key)
            program.read(min(draw.uniform(0.02, 0.12), max(end - time.perf_counter(), 0)))
        last = word
        if REFUSED in b"".join(data for _, data in program.chunks[looked:]):
            program.read(min(0.5, max(end - time.perf_counter(), 0)))
            program.press(" ")
        looked = len(program.chunks)


def acknowledged(program: Program, drawn: Queue, numbers: dict[str, int]) -> list[Said]:
    """What the screen called saved, in order. Lower bound: of two changes between two frames it shows the second."""
    responses: dict[tuple[int, str], str] = {}
    rivals: Counter[int] = Counter()
    for row in drawn.rows:
        number = numbers[row.item]
        responses[number, CIRCLED[rivals[number]]] = responses[number, row.model] = row.response
        rivals[number] += 1
    lines = ((HEADER.search(frame.lines[0]), frame.lines[ROWS - 2].strip()) for frame in frames(program))
    # The header changes on the way, as from "model ①" to a name, while the status is of the same word.
    told = ((responses.get((int(top[1]), top[2] or top[3])), status) for top, status in lines if top is not None)
    found = []
    for (response, status), _ in groupby(told):
        if COMMITTED.match(status):
            found.append(Said("commit"))  # the header names the next response already
        for pattern, kind in SAVED:
            if saved := pattern.match(status):
                component, value = [*saved.groups(), None, None][:2]
                found.append(Said(kind, response, int(component) if component else None, value))
                break
    return found


def ledger(store: Store, reviewer: str = REVIEWER) -> list[Said]:
    """One person's words, in order. The value of an undo or redo is the place here of the word that it is about."""
    place: dict[str | None, str] = {}
    found = []
    for number, event in enumerate(events(store, reviewer=reviewer)):
        place[event.id] = str(number)
        value = place[event.value] if event.kind in ("undo", "redo") else event.value
        found.append(Said(event.kind, event.response, event.component, value))
    return found


def lost(said: list[Said], kept: list[Said]) -> list[Said]:
    """What of `said` is missing in `kept`, which must hold it in the same order."""
    missing, at = [], 0
    for word in said:
        place = next((place for place in range(at, len(kept)) if word.is_in(kept[place])), None)
        if place is None:
            missing.append(word)
        else:
            at = place + 1
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
    keys = written = 0
    acks: Counter[str] = Counter()
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
            type_words(program, draw, draw.uniform(0.2, 4.0))
            program.kill()
            with Store.open(db) as store:
                kept, result = ledger(store), check(store)
                numbers = {item.id: item.index for item in store.items()}
                said = acknowledged(program, queue(store, QUEUE), numbers)
            gone = lost(said, kept[written:])
            written = len(kept)
            keys, acks, all_lost = keys + len(program.keys), acks + Counter(word.kind for word in said), all_lost + gone
            broken += [f"kill {kill}: {where}: {what}" for where, what in result.problems]
            if gone or not result.ok:
                print(f"kill {kill}: {len(gone)} lost: {gone}; check {'ok' if result.ok else 'NOT ok'}")
        miareview(db, "check")
    print(f"synthetic: {options.models} models × 400 items; seed {options.seed}")
    figures = {
        "kills": options.kills, "keys typed": keys, "acknowledged": acks.total(), "in the ledger": written,
        "acknowledged, lost": len(all_lost), "problems found by check": len(broken),
    }  # fmt: skip
    for name, number in figures.items():
        print(f"{name:26}{number:7}")
    print("acknowledged by kind:", ", ".join(f"{kind} {count}" for kind, count in acks.most_common()))
    if all_lost or broken:
        print(*broken, sep="\n")
        sys.exit(1)
    if not acks:
        raise SystemExit("Nothing was acknowledged, so nothing was tested.")


if __name__ == "__main__":
    main()
