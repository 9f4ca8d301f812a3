"""Type thousands of random keys into several review apps at once, and see whether the ledger is what they say.

The real apps run in pseudo-terminals, as different people on one database. A small model of the rules, which knows only
the keys, the queue and the weights, predicts each person's events; the ledger must hold exactly those, in order. What
a screen called saved must be in the ledger as well, `check` must pass, and each app must leave in order when asked to.

The model knows: digits, . and -, f, u, ^r, backspace, F, s, j k n p b m, ↵, and x, t and c with what is typed into
their dialogs. A refusal drops what is typed behind it, up to the key that acknowledges it; keys that do their thing
once are not typed again by being held. Not typed: r, a, A and what opens other screens. After a dialog's last key this
waits for its word, since keys pressed before a dialog closes are dropped. Responses and judge replies are synthetic.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from bench_kill import QUEUE, REFUSED, Said, acknowledged, ledger, lost
from pty_screen import Program

from miareview.model import REASONS, UNGRADABLE_REASONS, points_text
from miareview.store.check import check
from miareview.store.queues import queue
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_keys.py ../shared/mia-bench/instruction_benchmark_all.json --keys 2000 --apps 3 --seed 1
"""
UNDO, REDO, CLEAR, SAVE, ENTER = "u", "\x12", "\x7f", "\x13", "\r"
HELD_ONCE, HELD = "fx" + ENTER, 0.7
# What is typed, and how often. Words of more than one key open a dialog, but for "f\r".
TYPED = {
    "digit": 30, ".": 2, "-": 2, "f": 2, "f\r": 9, UNDO: 5, REDO: 3, CLEAR: 2, "F": 3, "s": 2, "j": 4, "k": 4, "n": 5,
    "p": 3, "b": 1, "m": 3, ENTER: 1, "x1": 2, "x2": 1, "x4": 1, "t2": 1, "t7": 1, "cab\x13": 1, "c, and on 4\x13": 1,
}  # fmt: skip
BEHIND = "0123fusnpmFj.-"
"""Keys that are typed on behind a refusal; all must be dropped."""


@dataclass
class Typist:
    """A hand at one app. `acknowledges` are the places in the program's keys that acknowledge a refusal."""

    program: Program
    draw: random.Random
    acknowledges: set[int] = field(default_factory=set)
    refusals: int = 0
    waited_in_vain: int = 0
    left: int | None = None
    """The exit code that the app left with."""

    def type(self, keys: int, until: float) -> None:
        """So many keys, or until that time, at 2 to 150 ms from one to the next; then leave the app with q."""
        self.program.read(1.0)  # what is pressed before there is anything to see is dropped
        self._from = len(self.program.chunks)
        after = ""
        while len(self.program.keys) < keys and time.perf_counter() < until:
            word = self.draw.choices([*TYPED], [*TYPED.values()])[0]
            if word == "digit":
                word = self.draw.choice([digit for digit in "0000111111222223333445" if digit != after])
            start = len(self.program.chunks)
            for key in word:
                self._press(key)
            after = ""
            if word[0] in "xtc":
                after = word[-1] if word[-1].isdigit() else ""  # the same digit again counts as held
                self._await(ack_of(word), start)
            if self._wrote(REFUSED, self._from):
                self._acknowledge()
        self.program.read(1.5)
        if self._wrote(REFUSED, self._from):
            self._acknowledge()
        self.left = self.program.leave("q", 10)

    def _press(self, key: str) -> None:
        self.program.press(key)
        self.program.read(self.draw.uniform(0.002, 0.15))

    def _acknowledge(self) -> None:
        self.refusals += 1
        for key in self.draw.choices(BEHIND, k=self.draw.randrange(6)):
            self._press(key)
        self.program.read(0.7)
        self.acknowledges.add(len(self.program.keys))
        self._from = len(self.program.chunks)
        self._press(" ")

    def _wrote(self, words: bytes, start: int) -> bool:
        return words in b"".join(data for _, data in self.program.chunks[start:])

    def _await(self, words: bytes, start: int) -> None:
        end = time.perf_counter() + 10
        while not (self._wrote(words, start) or self._wrote(REFUSED, self._from)):
            if time.perf_counter() > end:
                self.waited_in_vain += 1
                return
            self.program.read(0.02)
        self.program.read(0.05)


def ack_of(word: str) -> bytes:
    """What the screen says once what a dialog was opened for is on disk."""
    if word[0] == "c":
        return b"comment saved"
    return f"{(UNGRADABLE_REASONS if word[0] == 'x' else REASONS)[int(word[1]) - 1]}, saved".encode()


@dataclass
class Model:
    """What one person's keys must come to, in a queue that shows the judge at its end and is not finished.

    `work` are (response, item) in the order of the queue, `weights` those of an item's components. `said` are the
    events; `done` and `undone` the places in `said` that undo and redo of a response can reach.
    """

    work: list[tuple[str, str]]
    weights: dict[str, list[int]]
    said: list[Said] = field(default_factory=list)
    standing: dict[str, list[int]] = field(default_factory=dict)
    done: dict[str, list[int]] = field(default_factory=dict)
    undone: dict[str, list[int]] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)
    last_commit: str | None = None
    index: int = 0
    selected: int = 1
    dialog: str = ""

    @property
    def here(self) -> str:
        return self.work[self.index][0]

    @property
    def worth(self) -> list[int]:
        return self.weights[self.work[self.index][1]]

    def stands(self, *kinds: str) -> list[Said]:
        """The words of these kinds on the response here that are not undone, in order."""
        return [
            self.said[place] for place in sorted(self.standing.get(self.here, ())) if self.said[place].kind in kinds
        ]

    def marks(self) -> dict[int, Fraction | None]:
        """Points by position, None where the component is ungradable."""
        marks: dict[int, Fraction | None] = {}
        for word in self.stands("score", "ungradable", "clear"):
            assert word.component is not None
            if word.kind == "clear":
                marks.pop(word.component, None)
            else:
                marks[word.component] = Fraction(word.value or "") if word.kind == "score" else None
        return marks

    def unscored(self) -> list[int]:
        marks = self.marks()
        return [position for position in range(1, len(self.worth) + 1) if position not in marks]

    def press(self, key: str) -> bool:
        """Whether the key was accepted."""
        if self.dialog:
            return self._in_dialog(key)
        if key in "xtc":
            self.dialog = key
            return True
        if key.isdigit():
            return self._score(Fraction(int(key)), advance=True)
        if key in ".-":
            before = self.marks().get(self.selected)
            if before is None:
                before = Fraction(0 if key == "." else self.worth[self.selected - 1])
            return self._score(before + (Fraction(1, 2) if key == "." else Fraction(-1, 2)))
        if key in "jk":
            self.selected = min(max(self.selected + (1 if key == "j" else -1), 1), len(self.worth))
            return True
        if key in "npbm":
            return self._move(key)
        acts = {"f": self._full, UNDO: self._undo, REDO: self._redo, CLEAR: self._clear, ENTER: self._commit}
        acts |= {"F": self._flag, "s": self._skip, " ": lambda: True}
        return acts[key]()

    # words

    def _say(self, kind: str, component: int | None = None, value: str | None = None) -> None:
        place = len(self.said)
        self.said.append(Said(kind, self.here, component, value))
        if kind in ("commit", "reopen"):
            self.done[self.here], self.undone[self.here] = [], []
        elif kind not in ("undo", "redo"):
            self.standing.setdefault(self.here, []).append(place)
            self.done.setdefault(self.here, []).append(place)
            self.undone[self.here] = []

    def _change(self, kind: str, value: str | None = None, advance: bool = False) -> bool:
        """A word on the selected component, which a committed review does not take."""
        if self.here in self.committed:
            return False
        self._say(kind, self.selected, value)
        if advance:
            self.selected = min(self.selected + 1, len(self.worth))
        return True

    def _score(self, points: Fraction, advance: bool = False) -> bool:
        fits = 0 <= points <= self.worth[self.selected - 1]
        return fits and self._change("score", points_text(points), advance)

    def _clear(self) -> bool:
        return self._change("clear")

    def _full(self) -> bool:
        positions = self.unscored()
        for position in positions:
            self._say("score", position, str(self.worth[position - 1]))
        return bool(positions)

    def _flag(self) -> bool:
        flags = self.stands("flag")
        self._say("flag", value="0" if flags and flags[-1].value == "1" else "1")
        return True

    def _undo(self) -> bool:
        done = self.done.get(self.here)
        if done and self.here not in self.committed:
            self._say("undo", value=str(done[-1]))
            self.standing[self.here].remove(done[-1])
            self.undone.setdefault(self.here, []).append(done.pop())
            return True
        for response in (self.here, self.last_commit):
            if response in self.committed:
                self._go(next(i for i, (id, _) in enumerate(self.work) if id == response))
                self._say("reopen")
                self.committed.discard(response)
                return True
        return False

    def _redo(self) -> bool:
        undone = self.undone.get(self.here)
        if not undone or self.here in self.committed:
            return False
        self._say("redo", value=str(undone[-1]))
        self.standing[self.here].append(undone[-1])
        self.done[self.here].append(undone.pop())
        return True

    def _commit(self) -> bool:
        if self.unscored():
            return False
        if self.here not in self.committed:
            self._say("commit", value="end")
            self.committed.add(self.here)
            self.last_commit = self.here
        return self._next_unfinished()

    def _skip(self) -> bool:
        self._say("skip", value="1")
        return self._next_unfinished()

    def _in_dialog(self, key: str) -> bool:
        kind, text = self.dialog[0], self.dialog[1:]
        if kind == "c" and key != SAVE:
            self.dialog += key
            return True
        self.dialog = ""
        if kind == "c":
            before = self.stands("comment")
            self._say("comment", value=(before[-1].value or "" if before else "") + text)
            return True
        if kind == "x":
            return self._change("ungradable", UNGRADABLE_REASONS[int(key) - 1], advance=True)
        self._say("reason", self.selected, REASONS[int(key) - 1])
        return True

    # moving

    def _go(self, index: int) -> bool:
        if index != self.index:
            self.index = index
            self.selected = next(iter(self.unscored()), 1)
        return True

    def _next_unfinished(self) -> bool:
        order = [*range(self.index + 1, len(self.work)), *range(self.index + 1)]
        return self._go(next(i for i in order if self.work[i][0] not in self.committed))

    def _move(self, key: str) -> bool:
        items = [item for _, item in self.work]
        here = items[self.index]
        rivals = [i for i, item in enumerate(items) if item == here]
        if key == "m":
            return len(rivals) > 1 and self._go(rivals[(rivals.index(self.index) + 1) % len(rivals)])
        if key == "n":
            after = [i for i in range(self.index, len(items)) if items[i] != here]
            return bool(after) and self._go(after[0])
        if key == "b":
            return self.index > 0 and self._go(self.index - 1)
        before = [i for i in range(self.index) if items[i] != here]
        return bool(before) and self._go(items.index(items[before[-1]]))


def predict(model: Model, typist: Typist) -> tuple[int, int]:
    """Hand a typist's keys to the model; how many were refused, and how many dropped."""
    refused, dropped = 0, 0
    waiting = False
    last = ("", 0.0)
    for number, (at, key) in enumerate(typist.program.keys):
        held = key == last[0] and key in HELD_ONCE and at - last[1] < HELD and not model.dialog
        last = (key, at)
        if waiting or held:
            dropped += 1
            waiting = waiting and number not in typist.acknowledges
        elif key != "q" and not model.press(key):
            refused, waiting = refused + 1, True
    return refused, dropped


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
        people = [f"person-{number}" for number in range(1, options.apps + 1)]
        hands = {
            who: Typist(Program([*command, "--as", who]), random.Random(f"{options.seed} {who}")) for who in people
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
            drawn, items = queue(store, QUEUE), store.items()
            work = [(row.response, row.item) for row in drawn.rows]
            numbers = {item.id: item.index for item in items}
            wrong += [f"check: {where}: {what}" for where, what in check(store).problems]
            for who, hand in hands.items():
                model = Model(work, {item.id: item.weights for item in items})
                refused, dropped = predict(model, hand)
                kept, said = ledger(store, who), acknowledged(hand.program, drawn, numbers)
                other, gone = differences(model.said, kept), lost(said, kept)
                wrong += [f"{who}: {line}" for line in other[:20]]
                wrong += [f"{who}: acknowledged, not in the ledger: {word}" for word in gone]
                wrong += [f"{who}: the app ended with {hand.left}"] if hand.left != 0 else []
                kinds += Counter(word.kind for word in kept)
                total += Counter({
                    "keys typed": len(hand.program.keys), "refusals predicted": refused,
                    "refusals on the screens": hand.refusals, "dropped keys, predicted": dropped,
                    "events predicted": len(model.said), "events in the ledger": len(kept),
                    "acknowledged": len(said), "acknowledged, lost": len(gone), "events that differ": len(other),
                    "apps that died": hand.left != 0, "words never acknowledged": hand.waited_in_vain,
                })  # fmt: skip
    print(f"synthetic: 2 models × 400 items; {options.apps} apps at once; seed {options.seed}")
    for name in (
        "keys typed", "dropped keys, predicted", "refusals predicted", "refusals on the screens", "events predicted",
        "events in the ledger", "events that differ", "acknowledged", "acknowledged, lost", "words never acknowledged",
        "apps that died",
    ):  # fmt: skip
        print(f"{name:26}{total[name]:7}")
    print("in the ledger by kind:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    if total["refusals predicted"] != total["refusals on the screens"]:
        wrong.append("The screens did not refuse as often as predicted.")
    if wrong:
        print(*wrong, sep="\n")
        sys.exit(1)
    if not kinds:
        raise SystemExit("Nothing was said, so nothing was tested.")


if __name__ == "__main__":
    main()
