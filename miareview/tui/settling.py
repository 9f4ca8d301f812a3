"""What is settled: a list of labels, the selected one with its evidence, words on it. Asked in threads; no widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from miareview.errors import RefusedError
from miareview.events import Event
from miareview.gold.evidence import Evidence
from miareview.gold.settler import Settler
from miareview.gold.work import TARGET, Coverage, Labels, Row, read_again
from miareview.model import Judgment
from miareview.store.gold import Guideline, Rule, current_guideline, rules

Pile = Literal["to settle", "one reader", "put aside", "settled"]
PILES: tuple[Pile, ...] = get_args(Pile)
"""What is to be settled; what one person alone scored, so that a second reading is wanted; what was kept disputed or
sent back; what is settled."""

Key = tuple[str, int]


def pile_of(row: Row) -> Pile | None:
    """Where a label lies; None for one that nothing is to be said of."""
    if row.wants:
        return "to settle"
    if row.label.source == "settled":
        return "settled"
    if row.label.kept or row.label.again:
        return "put aside"
    return "one reader" if row.label.source == "single" else None


@dataclass(frozen=True, slots=True)
class Seen:
    """The selected label: its evidence, the rules there are, the judge's reply if it was opened for this label here."""

    evidence: Evidence
    rules: tuple[Rule, ...]
    guideline: Guideline | None
    judgment: Judgment | None
    judge_open: bool


class Settling:
    """Labels as one person settles them.

    A list stays as it was when it was opened: what is settled keeps its row, so that it can be seen and taken back.
    `rule` and `note` go with the next word on the selected label, and are forgotten when another one is selected.
    `counts` says how many labels lie in each pile, and of those to be settled, why (see `Row.wants`); `coverage` how
    many every category has.
    """

    def __init__(self, settler: Settler) -> None:
        self.settler = settler
        self.pile: Pile = "to settle"
        self.category: str | None = None
        self.place = 0
        self.held_back = 0
        self.counts: Counter[str] = Counter()
        self.coverage: list[Coverage] = []
        self.keys: list[Key] = []
        self.rule: int | None = None
        self.note = ""
        self.seen: Seen | None = None
        self._rows: dict[Key, Row] = {}
        self._work: list[Key] = []  # in the order of what is at stake
        self._opened: dict[str, Judgment | None] = {}

    # the list

    def read(self) -> None:
        """Read all labels, and open the list anew."""
        labels = self.settler.read()
        self.held_back = labels.held_back
        self._rows = {row.key: row for row in labels.rows}
        self._work = [row.key for row in labels.work()]
        self._count()
        self._list()

    def show(self, pile: Pile, category: str | None = None) -> None:
        """Open another list, of one category or all."""
        self.pile, self.category = pile, category
        self._list()

    def _list(self) -> None:
        rows = [self._rows[key] for key in self._work]
        rows = rows if self.pile == "to settle" else list(self._rows.values())
        self.place = 0  # first, since the screen may draw in between
        self.keys = [row.key for row in rows if pile_of(row) == self.pile and self.category in (None, row.category)]
        self._select()

    @property
    def row(self) -> Row | None:
        """The selected one."""
        return self._rows[self.keys[self.place]] if self.keys else None

    def rows(self, start: int, count: int) -> list[Row]:
        """Those of the list from a place on."""
        return [self._rows[key] for key in self.keys[start : start + count]]

    def done(self, row: Row) -> bool:
        """Whether something was said of a label of this list since it was opened, so that it lies elsewhere now."""
        return pile_of(row) != self.pile

    def _count(self) -> None:
        found: Counter[str] = Counter()
        for row in self._rows.values():
            found[pile_of(row) or ""] += 1
            found[row.wants] += bool(row.wants)
        self.counts, self.coverage = found, Labels(tuple(self._rows.values()), 0).coverage(TARGET)

    def move(self, to: int) -> None:
        """Select a label; beyond the ends the last one there is."""
        self.place = max(min(to, len(self.keys) - 1), 0)
        self._select()

    def go_on(self) -> bool:
        """Select the next label of which nothing was said yet; False where there is none."""
        count = len(self.keys)
        ahead = [(self.place + step) % count for step in range(1, count + 1)]
        found = next((place for place in ahead if not self.done(self._rows[self.keys[place]])), None)
        if found is not None:
            self.move(found)
        return found is not None

    def _select(self) -> None:
        self.rule, self.note = None, ""
        self.look()

    def look(self) -> None:
        """Gather what lies before the one who settles."""
        row, store = self.row, self.settler.store
        if row is None:
            self.seen = None
            return
        opened = row.response.id in self._opened
        self.seen = Seen(
            self.settler.evidence(row), tuple(rules(store)), current_guideline(store),
            self._opened.get(row.response.id), opened,
        )  # fmt: skip

    # words on the selected label; each raises `RefusedError` where the ledger does not let it in

    def settle(self, points: Fraction | None, ungradable: str | None = None) -> None:
        row = self._selected()
        own = self.seen is not None and self.seen.evidence.own
        self._say(lambda: self.settler.settle(row, points, ungradable, rule=self.rule, note=self.note, own=own), row)

    def keep(self) -> None:
        row = self._selected()
        self._say(lambda: self.settler.keep(row, self.note), row)

    def send_back(self) -> None:
        row = self._selected()
        self._say(lambda: self.settler.send_back(row, self.note), row)

    def reopen(self) -> None:
        row = self._selected()
        self._say(lambda: self.settler.reopen(row, self.note), row)

    def flag(self) -> bool:
        row = self._selected()
        flagged = self.settler.flag(row)
        self._again(row)
        return flagged

    def undo(self) -> bool:
        """Take back the last word, and go where it was said; False where there is none."""
        event = self.settler.undo()
        if event is None:
            return False
        key = event.response or "", event.component or 0
        self._again(self._rows[key])
        if key in self.keys:
            self.move(self.keys.index(key))
        return True

    def open_judge(self) -> None:
        """Show the judge's reply to the selected label's response; that it was opened is recorded."""
        row = self._selected()
        self._opened[row.response.id] = self.settler.judgment(row)
        self.look()

    def cite(self, rule: int | str) -> None:
        """The next word on the selected label rests on this rule: its number, or the words of a new one."""
        self.rule = self.settler.add_rule(rule) if isinstance(rule, str) else rule
        self.look()

    def _selected(self) -> Row:
        assert self.row is not None
        return self.row

    def _say(self, act: Callable[[], Event], row: Row) -> None:
        """Say a word on a label as it was seen: whoever else settled it meanwhile is not overruled unread."""
        now = next(fresh for fresh in read_again(self.settler.store, row) if fresh.key == row.key)
        if now.label != row.label:
            self._again(row)
            raise RefusedError("This label was changed meanwhile.", "Nothing was saved: look again.")
        act()
        self._again(row)
        self.rule, self.note = None, ""

    def _again(self, row: Row) -> None:
        for fresh in read_again(self.settler.store, row):
            if fresh.key in self._rows or fresh.key == row.key:
                self._rows[fresh.key] = fresh
        self._count()
        self.look()
