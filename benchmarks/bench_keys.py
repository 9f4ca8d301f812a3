"""Type thousands of random keys into several review apps at once, and see whether the ledger is what they say.

The real apps run in pseudo-terminals, as different people on one database. `key_rules.py`, a small model that knows
only keys, queue and weights, predicts each person's events; the ledger must hold exactly those, in order. What a screen
called saved must be in the ledger as well, `check` must pass, and each app must leave in order when asked to.

A refusal drops what is typed behind it, up to the key that acknowledges it; f, ↵ and x twice in a row count as held
down, and once. Not typed: r, a, A and what opens other screens. After the last key in a dialog this waits for its
word, since keys pressed before a dialog closes are dropped. Responses and judge replies are synthetic.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from bench_kill import QUEUE, REFUSED, Said, acknowledged, ledger, lost
from key_rules import CLEAR, ENTER, REDO, UNDO, Model
from pty_screen import ROWS, Live, Program

from miareview.store.check import check
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.tui.keyboard import PAUSE

EXAMPLE = """example:
  python benchmarks/bench_keys.py ../shared/mia-bench/instruction_benchmark_all.json --keys 2000 --apps 3 --seed 1
"""
HELD_ONCE, HELD = "fx" + ENTER, 0.7
# What is typed, and how often. x and c open dialogs; no component is worth 9 points and t needs a judge that is shown,
# so what follows a 9 or a t is dropped.
TYPED = {
    "digit": 30, ".": 2, "-": 2, "f": 2, "f\r": 9, UNDO: 5, REDO: 3, CLEAR: 2, "F": 3, "s": 2, "j": 4, "k": 4, "n": 5,
    "p": 3, "b": 1, "m": 3, ENTER: 1, "x1": 2, "x2": 1, "x4": 1, "t2": 1, "t7": 1, "cab\x13": 1, "c, and on 4\x13": 1,
    "9012": 1, "9fu\r": 1, "9snF": 1, "9.-m": 1,
}  # fmt: skip
DIALOGS = {"x": "ungradable", "c": "comment"}
"""Keys that open a dialog, and the kind of the word that is said there."""
LONGEST = 60.0
"""Seconds to wait for what a screen does, which on a busy machine takes long."""


@dataclass
class Typist:
    """A hand at one app, which knows from the model what each key must come to and so when to look for a refusal."""

    who: str
    program: Program
    draw: random.Random
    ledger: Store
    model: Model
    refused: int = 0
    dropped: int = 0
    refusals: int = 0
    """How often the screen told a refusal, predicted or not."""
    events_before: list[int] = field(default_factory=list)
    """How many events the model had before each key."""
    waited_in_vain: int = 0
    left: int | None = None
    """The exit code that the app left with."""

    def __post_init__(self) -> None:
        self._said: Counter[str] = Counter()
        self._waiting = False  # whether a refusal waits to be acknowledged
        self._screen = Live(self.program)

    def type(self, keys: int, until: float) -> None:
        """So many keys, or until that time, at 2 to 150 ms from one to the next; then leave the app with q."""
        with suppress(OSError):  # the app died
            self._type_words(keys, until)
        self.left = self.program.leave("q", LONGEST)

    def _type_words(self, keys: int, until: float) -> None:
        self.program.read(1.0)  # what is pressed before there is anything to see is dropped
        after = ""
        while len(self.program.keys) < keys and time.perf_counter() < until:
            word = self.draw.choices([*TYPED], [*TYPED.values()])[0]
            if word == "digit":
                word = self.draw.choice([digit for digit in "0000111111222223333445" if digit != after])
            for key in word:
                if self._waiting and time.perf_counter() - self.program.keys[-1][0] > PAUSE / 2:
                    break  # held up: this key may come late enough to acknowledge
                self._press(key)
                self.program.read(self.draw.uniform(0.002, 0.15))
            after = ""
            if word[0] in DIALOGS and not self._waiting:
                after = word[-1] if word[-1].isdigit() else ""  # the same digit again counts as held
                self._await(DIALOGS[word[0]])
            self._see()
        self.program.read(1.5)
        self._see()

    def _press(self, key: str) -> None:
        """Press a key, and have the model say what it comes to: a word, a refusal, or nothing."""
        at, last = self.program.keys[-1] if self.program.keys else (0.0, "")
        since = time.perf_counter() - at
        may_be_held = key == last and key in HELD_ONCE and not self.model.dialog
        if may_be_held and HELD / 4 < since < 2 * HELD:
            # Leave nobody in doubt whether it is held down: the app goes by when it read the key, which may be later.
            self.program.read(2 * HELD - since)
            since = 2 * HELD
        self.program.press(key)
        self.events_before.append(len(self.model.said))
        if self._waiting or (may_be_held and since < HELD):
            self.dropped += 1
        elif not self.model.press(key):
            self.refused += 1
            self._waiting = True

    def _see(self) -> None:
        """Where a refusal is due, read until it is painted and acknowledge it; one that nobody predicted, too."""
        until = time.perf_counter() + LONGEST
        while self._waiting and not self._told() and time.perf_counter() < until:
            self.program.read(0.02)
        self.refusals += self._told()
        while self._told() and time.perf_counter() < until:
            self.program.read(PAUSE + 0.3)  # now the next key acknowledges, and is not taken as typed behind
            self._press(" ")
            end = time.perf_counter() + 3
            while self._told() and time.perf_counter() < end:
                self.program.read(0.05)
        self._waiting = False

    def _told(self) -> bool:
        """Whether the line that tells what became of the last key says that any key acknowledges it."""
        return REFUSED.decode() in self._screen.lines()[ROWS - 2]

    def _await(self, kind: str) -> None:
        """Read until the ledger has one more word of this kind, which only a dialog says.

        What the screen says would not do: it may be painted again from the word of the same kind before.
        """
        end = time.perf_counter() + LONGEST
        while self._words(kind) == self._said[kind]:
            if self._told() or time.perf_counter() > end:
                self.waited_in_vain += 1
                return
            self.program.read(0.02)
        self._said[kind] += 1

    def _words(self, kind: str) -> int:
        ((count,),) = self.ledger.rows("select count(*) from event where reviewer = ? and kind = ?", (self.who, kind))
        return int(count)


def around(difference: str, before: list[int], keys: list[tuple[float, str]]) -> str:
    """The keys up to the one where this difference is, each with the seconds since the one before."""
    number = sum(made < int(difference.split()[1].rstrip(":")) for made in before)
    shown = range(max(number - 15, 1), min(number + 3, len(keys)))
    return "typed there: " + " ".join(f"{keys[n][1]!r} +{keys[n][0] - keys[n - 1][0]:.3f}" for n in shown)


def differences(predicted: list[Said], kept: list[Said]) -> list[str]:
    """Where the ledger is not what was predicted; one line for each event that is missing or too many."""
    found = []
    for what, a, b, c, d in SequenceMatcher(None, predicted, kept, autojunk=False).get_opcodes():
        if what != "equal":
            found += [f"event {a + 1}: not in the ledger: {word}" for word in predicted[a:b]]
            found += [f"event {c + 1}: not predicted: {word}" for word in kept[c:d]]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--keys", type=int, default=1500, help="keys for each app (default 1500)")
    parser.add_argument("--apps", type=int, default=3, help="apps at once (default 3)")
    parser.add_argument("--seconds", type=float, default=300, help="at most so long (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="seed of keys and gaps (default 1)")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-keys-") as scratch:
        db = Path(scratch) / "review.db"
        names = synthetic_runs(options.benchmark, Path(scratch) / "runs", 2)
        steps(db, options.benchmark, Path(scratch) / "runs", names)
        miareview(db, "queue", "create", QUEUE)
        command = [sys.executable, "-m", "miareview", "--db", str(db), "review", "--queue", QUEUE, "--images", "off"]
        with Store.open(db, reading=True) as store:
            drawn, items = queue(store, QUEUE), store.items()
        work, numbers = [(row.response, row.item) for row in drawn.rows], {item.id: item.index for item in items}
        weights = {item.id: item.weights for item in items}
        hands = {
            who: Typist(
                who,
                Program([*command, "--as", who, "--new"]),
                random.Random(f"{options.seed} {who}"),
                Store.open(db, reading=True),
                Model(work, weights),
            )
            for who in (f"person-{number}" for number in range(1, options.apps + 1))
        }
        for hand in hands.values():
            hand.program.expect(b"SCORES", 60)
        until = time.perf_counter() + options.seconds
        threads = [threading.Thread(target=hand.type, args=(options.keys, until)) for hand in hands.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Store.open(db) as store:
            wrong += [f"check: {where}: {what}" for where, what in check(store).problems]
            for who, hand in hands.items():
                kept, said = ledger(store, who), acknowledged(hand.program, drawn, numbers)
                other, gone = differences(hand.model.said, kept), lost(said, kept)
                wrong += [f"{who}: {line}" for line in other[:20]]
                if other:
                    wrong.append(f"{who}: {around(other[0], hand.events_before, hand.program.keys)}")
                wrong += [f"{who}: acknowledged, not in the ledger: {word}" for word in gone]
                wrong += [f"{who}: the app ended with {hand.left}"] if hand.left != 0 else []
                kinds += Counter(word.kind for word in kept)
                total += Counter({
                    "keys typed": len(hand.program.keys), "refusals predicted": hand.refused,
                    "refusals on the screens": hand.refusals, "dropped keys, predicted": hand.dropped,
                    "events predicted": len(hand.model.said), "events in the ledger": len(kept),
                    "acknowledged": len(said), "acknowledged, lost": len(gone), "events that differ": len(other),
                    "apps that did not leave": hand.left != 0, "words never acknowledged": hand.waited_in_vain,
                })  # fmt: skip
    print(f"synthetic: 2 models × 400 items; {options.apps} apps at once; seed {options.seed}")
    for name in (
        "keys typed", "dropped keys, predicted", "refusals predicted", "refusals on the screens", "events predicted",
        "events in the ledger", "events that differ", "acknowledged", "acknowledged, lost", "words never acknowledged",
        "apps that did not leave",
    ):  # fmt: skip
        print(f"{name:26}{total[name]:7}")
    print("in the ledger by kind:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    if total["words never acknowledged"]:
        wrong.append("A dialog's word was neither acknowledged nor refused.")
    if total["refusals predicted"] != total["refusals on the screens"]:
        wrong.append("The screens did not refuse as often as predicted.")
    if wrong:
        print(*wrong, sep="\n")
        sys.exit(1)
    if not kinds:
        raise SystemExit("Nothing was said, so nothing was tested.")


if __name__ == "__main__":
    main()
