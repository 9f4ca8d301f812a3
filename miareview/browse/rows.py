"""Browsing: the rows that a filter matches, as the one who looks may see them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from miareview import __version__
from miareview.browse.summary import Summary, summarise
from miareview.errors import UsageError
from miareview.filters import BADGES, WHY, parse_filter
from miareview.model import Item
from miareview.store.browse_columns import put_missing
from miareview.store.browse_query import COLUMNS, FACETS, FoundRow
from miareview.store.browse_rows import (
    BrowseRow,
    Material,
    PartRow,
    forget,
    materials,
    pending,
    put_instructions,
    put_rows,
    stale,
)
from miareview.store.browse_terms import Question, Sight, Unit
from miareview.store.browse_views import View, views
from miareview.store.store import Store
from miareview.store.verdicts import response_labels

__all__ = [
    "BITS", "PRESETS", "UNITS", "FoundRow", "Page", "Unit", "badges", "browse", "open_view", "question", "refresh",
    "row_json", "why_of",
]  # fmt: skip

UNITS: tuple[Unit, ...] = ("response", "component", "item")
BITS = {name: 1 << place for place, name in enumerate(WHY)}
TWIN = 1 << len(BITS)
"""The judge gave the same answer of another model other points: told as "self", kept apart (see `browse.matching`)."""

RULES = f"2 {__version__}"
"""Changes with what a summary is made by (also the witness), so that one made by other rules is made again."""


PRESETS = {
    name: View(name, "response", filter, sort)
    for name, filter, sort in (
        ("unread", "why:unread", "item"),
        ("witness", "why:witness", "item"),
        ("self", "why:self", "item"),
        ("delta", "why:delta", "-delta,item"),
        ("people", "why:people", "item"),
        ("flagged", "flag:any", "item"),
        ("unreviewed", "reviewers:0", "item"),
    )
}
"""The views that come along, by name."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, as they may be shown. `facet` are (value, rows that have it)."""

    benchmark: str
    judge: str
    unit: Unit
    filter: str
    matched: int
    held_back: int
    rows: tuple[FoundRow, ...]
    facet: tuple[tuple[Any, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The page as one JSON object; see docs/browse.md."""
        return {
            "benchmark": self.benchmark,
            "judge": self.judge,
            "unit": self.unit,
            "filter": self.filter,
            "matched": self.matched,
            "held_back": self.held_back,
            "rows": [row_json(row, self.unit) for row in self.rows],
            "facet": [{"value": value, "n": n} for value, n in self.facet],
        }


def refresh(store: Store, judge: str | None) -> int:
    """Bring the summary up to date for this judge (an id); how many responses were summarised.

    A transaction at a time, so that others can write in between; what was done stays done when it is stopped.
    """
    if stale(store, judge, RULES):
        forget(store, judge, RULES)
    put_instructions(store)
    items: dict[str, Item] = {}
    count = 0
    for ids, done in pending(store):
        found = materials(store, ids, judge)
        for id in {material.response.item for material in found} - items.keys():
            items[id] = store.item(id)
        rows = [_row(store, items[material.response.item], material) for material in found]
        put_rows(store, rows, done, BITS["same"], TWIN)
        count += len(rows)
    put_missing(store)
    return count


def question(benchmark: str, unit: str, filter: str, sort: str) -> Question:
    """What is asked for, from the words of a user. Raises `UsageError` where one of them is not known."""
    if unit not in UNITS:
        raise UsageError(f"There is no unit {unit!r}.", f"It is one of {', '.join(UNITS)}.")
    known = next(one for one in UNITS if one == unit)
    return Question(benchmark, known, parse_filter(filter), parse_sort(known, sort), BITS, TWIN)


def parse_sort(unit: Unit, text: str) -> tuple[tuple[str, bool], ...]:
    """(column, descending) of "-delta,item". Raises `UsageError` for a column that rows of this unit do not have."""
    found = []
    for word in filter(None, (word.strip() for word in text.split(","))):
        name = word.removeprefix("-")
        if name not in COLUMNS[unit]:
            raise UsageError(f"Rows cannot be sorted by {name!r}.", f"They can by {', '.join(COLUMNS[unit])}.")
        found.append((name, word.startswith("-")))
    return tuple(found)


def browse(
    store: Store,
    asked: Question,
    sight: Sight,
    *,
    judge: str = "",
    filter: str = "",
    limit: int = 50,
    offset: int = 0,
    facet: str | None = None,
) -> Page:
    """A page of the rows asked for, and the facet of one column.

    Raises `UsageError` for a facet that rows of this unit do not have.
    """
    from miareview.browse.find import find_rows  # numpy, which the review does without

    if facet is not None and (facet not in FACETS or (facet == "component" and asked.unit != "component")):
        raise UsageError(f"Rows cannot be counted by {facet!r}.", f"They can by {', '.join(FACETS)}.")
    found = find_rows(store, asked, sight, limit, offset, facet)
    return Page(asked.benchmark, judge, asked.unit, filter, found.matched, found.held_back, tuple(found.rows),
                tuple(found.facet))  # fmt: skip


def why_of(bits: int | None) -> list[str]:
    """The reasons that a row's bits stand for, in the order of the badges."""
    return [name for name, bit in BITS.items() if bits is not None and bits & bit]


def badges(bits: int | None) -> str:
    """The same as letters, for a narrow column."""
    return "".join(BADGES[name] for name in why_of(bits))


def open_view(store: Store, name: str) -> View:
    """A kept view, or one that comes along. Raises `UsageError` where there is none of that name."""
    kept = {view.name: view for view in views(store)} | PRESETS
    if name not in kept:
        raise UsageError(f"There is no view {name!r}.", f"There is {', '.join(sorted(kept))}.")
    return kept[name]


def row_json(row: FoundRow, unit: Unit) -> dict[str, Any]:
    """One row as it is printed; what depends on the judge or on others is null where it waits."""
    document: dict[str, Any] = {
        "item": row.item,
        "model": row.model,
        "difficulty": row.difficulty,
        "response": row.response,
        "judge": row.judge,
        "people": row.people,
        "delta": row.delta,
        "reviewers": row.reviewers,
        "gold": row.gold,
        "why": why_of(row.why),
        "words": row.words,
        "weight": row.weight,
    }
    if unit == "item":
        return {key: document[key] for key in ("item", "difficulty", "judge", "people", "delta", "reviewers", "words",
                                               "weight")} | {"responses": row.responses}  # fmt: skip
    document |= {"status": row.status, "read": row.read, "held_back": row.waits}
    if unit == "component":
        document |= {"component": row.component, "category": row.category}
    return document


def _row(store: Store, item: Item, material: Material) -> BrowseRow:
    response = material.response
    # Nobody has said a thing of most responses, and reading labels costs a few queries.
    labels = response_labels(store, item, response.id) if material.spoken_of else ()
    found: Summary = summarise(item, response.text, material.judgments, material.people, material.reviewers, labels)
    return BrowseRow(
        response.id, response.item, response.model, response.status, found.words, found.body, found.weight,
        _number(found.judge), _number(found.people), found.reviewers, found.gold, found.read, _bits(found.why),
        material.judgments[-1].id if material.judgments else None,
        tuple(
            PartRow(part.position, part.category, part.weight, _number(part.judge), _number(part.people), part.gold,
                    _bits(part.why))
            for part in found.parts
        ),
    )  # fmt: skip


def _number(points: Fraction | None) -> float | None:
    return None if points is None else float(points)


def _bits(names: Sequence[str]) -> int:
    return sum(BITS[name] for name in names)
