"""What is to be settled: every label as a row, why it wants a look, and what is worth most first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from miareview.identity import random_number
from miareview.model import LABELS, Component, Item, Label, Response
from miareview.review.looking import held_back
from miareview.review.sight import mask
from miareview.store.gold import categories_of, current_guideline, guideline_numbers
from miareview.store.store import Store
from miareview.store.verdicts import flagged_responses, labels, response_labels

TARGET = 50
"""How many labels of a category are wanted, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Row:
    """The label of one component of one response. `category` is the one that people gave it, if they gave it one.

    `sign` stands for the model. `flags` say more: "flagged" (somebody flagged the response), "guideline" (written
    under another than the one in force), "kept" (looked at, and left disputed), "again" (sent back). `guideline` is the
    number of the version it was written under, 0 where there was none.
    """

    item: Item
    response: Response
    sign: str
    component: Component
    category: str
    label: Label
    flags: tuple[str, ...]
    guideline: int

    @property
    def key(self) -> tuple[str, int]:
        return self.response.id, self.component.position

    @property
    def spread(self) -> Fraction:
        """How far people are apart, as a share of the weight: 0 to 1. What one finds ungradable is as far as can be."""
        points = [value for value in self.label.values if value is not None]
        if len(points) < len(self.label.values):
            return Fraction(1) if points else Fraction(0)
        return (max(points) - min(points)) / self.component.weight if points else Fraction(0)

    @property
    def wants(self) -> str:
        """Why it is in the work list: "disputed", "flagged", "guideline", or "" where it is not."""
        if self.label.source == "disputed" and not self.label.kept and not self.label.again:
            return "disputed"
        if self.label.source != "disputed":
            return next((flag for flag in ("flagged", "guideline") if flag in self.flags), "")
        return ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The labels of one category (`labels` = settled + unanimous + single), and how many more are wanted."""

    category: str
    labels: int
    disputed: int
    target: int

    @property
    def more(self) -> int:
        return max(self.target - self.labels, 0)


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels that somebody has said something of, by item; `held_back` counts responses that wait for who looks."""

    rows: tuple[Row, ...]
    held_back: int

    def work(self) -> list[Row]:
        """What is to be settled, the disputed first, of those what is worth most: spread × weight."""
        order = ("disputed", "flagged", "guideline")
        wanted = [row for row in self.rows if row.wants]
        return sorted(wanted, key=lambda row: (order.index(row.wants), -row.spread * row.component.weight))

    def counts(self) -> Counter[str]:
        """How many labels stand in each way."""
        return Counter(row.label.source for row in self.rows)

    def coverage(self, target: int = TARGET) -> list[Coverage]:
        """Every category that is there, with its labels against a target."""
        found: dict[str, Counter[bool]] = {}
        disputed: Counter[str] = Counter()
        for row in self.rows:
            found.setdefault(row.category, Counter())[row.label.source in LABELS] += 1
            disputed[row.category] += row.label.source == "disputed"
        return [Coverage(name, counts[True], disputed[name], target) for name, counts in sorted(found.items())]


def read_labels(store: Store, benchmark: str, looker: str | None = None) -> Labels:
    """Every label of a benchmark, without the responses that wait in a blind queue of the one who looks."""
    waiting = held_back(store, looker) if looker else frozenset[str]()
    frame, rivals = _frame(store), _rivals(store)
    rows = [
        row
        for item, response, found in labels(store, benchmark)
        if response.id not in waiting
        for row in _rows(frame, item, response, sign_of(response, rivals[item.id]), found)
    ]
    return Labels(tuple(rows), len(waiting))


def read_again(store: Store, row: Row) -> list[Row]:
    """The labels of a row's response as they are now, one a component."""
    found = response_labels(store, row.item, row.response.id)
    return _rows(_frame(store), row.item, row.response, row.sign, found)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What rows are seen in: the guideline's versions by number, the one in force, categories that people gave, and
    the responses that somebody flagged."""

    numbers: Mapping[str, int]
    now: int | None
    categories: Mapping[tuple[str, int], str]
    flagged: Collection[str]


def _frame(store: Store) -> _Frame:
    now = current_guideline(store)
    return _Frame(guideline_numbers(store), now.number if now else None, categories_of(store), flagged_responses(store))


def _rows(frame: _Frame, item: Item, response: Response, sign: str, found: Sequence[Label]) -> list[Row]:
    rows = []
    for component, label in zip(item.components, found, strict=True):
        number = frame.numbers.get(label.guideline, 0)
        flags = [
            *(["flagged"] if response.id in frame.flagged and label.source != "settled" else []),
            *(["guideline"] if label.there and frame.now is not None and number != frame.now else []),
            *(["kept"] if label.kept else []),
            *(["again"] if label.again else []),
        ]
        category = frame.categories.get((item.id, component.position), component.category)
        rows.append(Row(item, response, sign, component, category, label, tuple(flags), number))
    return rows


def sign_of(response: Response, rivals: Collection[str]) -> str:
    """The sign for a response's model: its place in an order of the item's models that has nothing to do with names."""
    order = sorted(rivals, key=lambda model: random_number(0, "sign", response.item, model))
    return mask(order.index(response.model))


def _rivals(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for response in store.responses():
        found.setdefault(response.item, set()).add(response.model)
    return found


def bare_row(store: Store, item: Item, response: Response, position: int) -> Row:
    """A component that nobody has said anything of."""
    sign = sign_of(response, _rivals(store)[item.id])
    return _rows(_frame(store), item, response, sign, response_labels(store, item, response.id))[position - 1]
