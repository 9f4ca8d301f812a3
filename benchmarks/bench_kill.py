"""Kill the review app with SIGKILL in the middle of a review, and see whether anything it had acknowledged is lost.

Several real apps run in pseudo-terminals, as different people on one database; words of every kind are typed into each
at a fast hand's pace, and it is killed at a random moment and begun again. What its screen had called saved by then
counts as acknowledged, for the response that the header names. All of that must be in the ledger, in this order, and
the ledger must pass `check`, which is run at every tenth kill, beside the other apps, and at the end. Responses and
judge replies are synthetic. A killed process is not a power cut: what the operating system already has is kept in
either case.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from pty_screen import ROWS, Program, frames

from miareview.model import REASONS, UNGRADABLE_REASONS, Queue
from miareview.review.sight import letter
from miareview.store.check import check
from miareview.store.ledger import events
from miareview.store.names import NAMING
from miareview.store.queues import queue
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_kill.py ../shared/mia-bench/instruction_benchmark_all.json --kills 100 --apps 4 --seed 1
"""
QUEUE = "bench"
LONGEST = 3.0
"""Seconds of typing before a kill, at most."""
MODELS = 2
CHECKED = 10
"""Kills of one app from one `check` to the next."""
HEADER = re.compile(r"\bitem (\d+) · \S+ +(?:model ([A-Z]) |(\S+))")
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
        responses[number, letter(rivals[number])] = responses[number, row.model] = row.response
        rivals[number] += 1
    lines = ((HEADER.search(frame.lines[0]), frame.lines[ROWS - 2].strip()) for frame in frames(program))
    # The header changes on the way, as from "model A" to a name, while the status is of the same word.
    told = ((responses.get((int(top[1]), top[2] or top[3])), status) for top, status in lines if top is not None)
    found, before = [], ""
    for (response, status), _ in groupby(told):
        if COMMITTED.match(status) and status != before:  # the header names the next response already, or soon
            found.append(Said("commit"))
        before = status
        for pattern, kind in SAVED:
            if saved := pattern.match(status):
                component, value = [*saved.groups(), None, None][:2]
                found.append(Said(kind, response, int(component) if component else None, value))
                break
    return found


def ledger(store: Store, reviewer: str) -> list[Said]:
    """One person's words on responses, in order. The value of an undo or redo is the place here of the word that it is
    about."""
    place: dict[str | None, str] = {}
    found = []
    words = (event for event in events(store, reviewer=reviewer) if event.kind not in NAMING)
    for number, event in enumerate(words):
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


@dataclass
class Killed:
    """One person's app, killed again and again: what was typed, acknowledged and found."""

    who: str
    db: Path
    draw: random.Random
    kills: int = 0
    keys: int = 0
    written: int = 0
    acks: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self, kills: int, until: float) -> Killed:
        """So many kills, or until that time."""
        command = [sys.executable, "-m", "miareview", "--db", str(self.db)]
        command += ["review", "--queue", QUEUE, "--as", self.who, "--new", "--images", "off"]
        while self.kills < kills and time.perf_counter() < until:
            program = Program(command)
            program.expect(b"SCORES", 60)
            program.read(0.3)
            type_words(program, self.draw, self.draw.uniform(0.1, LONGEST))
            program.kill()
            self.kills += 1
            with Store.open(self.db) as store:
                self._look(program, store)
        return self

    def _look(self, program: Program, store: Store) -> None:
        numbers = {item.id: item.index for item in store.items()}
        kept, said = ledger(store, self.who), acknowledged(program, queue(store, QUEUE), numbers)
        self.lost += [f"{self.who}, kill {self.kills}: lost: {word}" for word in lost(said, kept[self.written :])]
        self.written = len(kept)
        self.keys += len(program.keys)
        self.acks += Counter(word.kind for word in said)
        if self.kills % CHECKED == 0:
            found = check(store).problems
            self.problems += [f"{self.who}, kill {self.kills}: {where}: {what}" for where, what in found]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--kills", type=int, default=50, help="how often an app is killed, all together (default 50)")
    parser.add_argument("--apps", type=int, default=4, help="apps at once (default 4)")
    parser.add_argument("--seconds", type=float, default=300, help="at most so long (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="seed of keys and moments (default 1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-kill-") as scratch:
        db = Path(scratch) / "review.db"
        names = synthetic_runs(options.benchmark, Path(scratch) / "runs", MODELS)
        steps(db, options.benchmark, Path(scratch) / "runs", names)
        miareview(db, "queue", "create", QUEUE)
        until = time.perf_counter() + options.seconds
        with ThreadPoolExecutor(options.apps) as pool:
            jobs = []
            for number in range(options.apps):
                who = f"person-{number + 1}"
                kills = len(range(number, options.kills, options.apps))
                jobs.append(pool.submit(Killed(who, db, random.Random(f"{options.seed} {who}")).run, kills, until))
            hands = [job.result() for job in jobs]
        miareview(db, "check")
    acks: Counter[str] = sum((hand.acks for hand in hands), Counter())
    missing = [line for hand in hands for line in hand.lost]
    problems = [line for hand in hands for line in hand.problems]
    print(f"synthetic: {MODELS} models × 400 items; {options.apps} apps at once; seed {options.seed}")
    figures = {
        "kills": sum(hand.kills for hand in hands), "keys typed": sum(hand.keys for hand in hands),
        "acknowledged": acks.total(), "in the ledger": sum(hand.written for hand in hands),
        "acknowledged, lost": len(missing), "problems found by check": len(problems),
    }  # fmt: skip
    for name, number in figures.items():
        print(f"{name:26}{number:7}")
    print("acknowledged by kind:", ", ".join(f"{kind} {count}" for kind, count in acks.most_common()))
    if missing or problems:
        print(*missing, *problems, sep="\n")
        sys.exit(1)
    if not acks:
        raise SystemExit("Nothing was acknowledged, so nothing was tested.")


if __name__ == "__main__":
    main()
