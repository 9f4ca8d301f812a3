"""What keys on the review screen must come to: the rules once more, small and apart from the code that is tested.

They hold in a queue that shows the judge at its end and is not finished, for digits, . and -, f, u, ^r, backspace, F,
s, j k n p b m, ↵, for x and c with what is typed into their dialogs, and for t, which is refused while the judge is
hidden. Which keys reach the screen at all, is `bench_keys`'.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from bench_kill import Said

from miareview.model import UNGRADABLE_REASONS, points_text

UNDO, REDO, CLEAR, SAVE, ENTER = "u", "\x12", "\x7f", "\x13", "\r"


@dataclass
class Model:
    """One person at one queue.

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
        if key == "t":
            return False
        if key in "xc":
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
        return self._change("ungradable", UNGRADABLE_REASONS[int(key) - 1], advance=True)

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
