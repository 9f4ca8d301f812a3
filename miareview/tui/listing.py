"""What a list shows: its filter, unit and order, and its rows, a page at a time. Asked in threads; no widget."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from miareview.browse.export import export_rows, file_named
from miareview.browse.rows import PRESETS, Page, browse, question, refresh
from miareview.browse.sight import Looking
from miareview.filters import exactly, quoted
from miareview.model import Item, Judge
from miareview.review.queues import queue_by_rule, refuse_unfit_name
from miareview.store.browse_query import COLUMNS, FoundRow
from miareview.store.browse_terms import Sight, Unit
from miareview.store.browse_views import View, drop_view, keep_view, views
from miareview.store.store import Store

Key = tuple[str | None, int | None]
"""What tells rows of a unit apart: a response and a component's position, or None and an item's number."""
AT_ONCE = 100
"""Rows of a page."""
FACET_WORDS = {"category": "cat", "difficulty": "diff"}
"""Columns whose word in the filter language is another."""


class Listing:
    """The rows of a benchmark as one reviewer may see them.

    `ask` brings the summary up to date and reads the first page; `row` gives what has been read, `read` reads the page
    of a row. What is on the screen stays until the answer to a newer question is there.
    """

    def __init__(
        self, store: Store, reviewer: str, benchmark: str, judge: Judge | None, here: Sequence[str] = ()
    ) -> None:
        """`here` are the queues that the reviewer works in now: what waits in them is held back."""
        self.store = store
        self.reviewer = reviewer
        self.benchmark = benchmark
        self.judge = judge
        self._looking = Looking(store, reviewer, here)
        self.unit: Unit = "response"
        self.filter = ""
        self.sort = "item"
        self.page: Page | None = None
        self.marked: set[Key] = set()
        self.all_but = False  # whether all rows are marked but those in `marked`
        self._pages: dict[int, tuple[FoundRow, ...]] = {}
        self._lock = Lock()

    def sight(self) -> Sight:
        """What the reviewer must not know yet."""
        return self._looking.sight()

    @property
    def matched(self) -> int:
        return self.page.matched if self.page else 0

    def ask(self, filter: str | None = None, unit: Unit | None = None, sort: str | None = None) -> None:
        """Read the first page of another question (what is not named stays).

        Raises `UsageError` where the filter or the order is not understood; then all stays as it was.
        """
        filter, unit = self.filter if filter is None else filter, unit or self.unit
        sort = self.sort if sort is None else sort
        question(self.benchmark, unit, filter, sort)
        refresh(self.store, self.judge.id if self.judge else None)
        page = self._read(filter, unit, sort, 0)
        with self._lock:
            if (self.filter, self.unit) != (filter, unit):
                self.marked, self.all_but = set(), False
            self.filter, self.unit, self.sort = filter, unit, sort
            self.page, self._pages = page, {0: page.rows}

    def row(self, number: int) -> FoundRow | None:
        """The row of that number (from 0), None where it is not read yet or not there."""
        rows = self._pages.get(number // AT_ONCE, ())
        place = number % AT_ONCE
        return rows[place] if place < len(rows) else None

    def has(self, number: int) -> bool:
        return not 0 <= number < self.matched or number // AT_ONCE in self._pages

    def read(self, number: int) -> None:
        """Read the page that a row is on."""
        page = number // AT_ONCE
        rows = self._read(self.filter, self.unit, self.sort, page * AT_ONCE).rows
        with self._lock:
            self._pages[page] = rows

    def item(self, row: FoundRow) -> Item | None:
        """The item that a row is of, or answers."""
        return self.store.numbered(self.benchmark, row.item)

    def facet(self, column: str) -> Page:
        """A page with the facet of a column over all that match, and how many are held back from it."""
        by_it = column if column in COLUMNS[self.unit] else ""  # what an order would tell, counts tell, too
        return self._read(self.filter, self.unit, by_it, 0, facet=column)

    def with_value(self, column: str, value: object) -> str:
        """The filter with one value of a column added."""
        text = exactly(value) if isinstance(value, float) else str(value)
        return f"{self.filter} {FACET_WORDS.get(column, column)}:{quoted(text)}".strip()

    def found(self, words: str) -> str:
        """The filter with words to be found added; a number alone is that of an item."""
        words = words.strip()
        term = f"item:{words}" if words.isdecimal() and words.isascii() else f'text:"{words.replace(chr(34), " ")}"'
        return f"{self.filter} {term}".strip()

    # marks

    @property
    def marks(self) -> int:
        """How many rows are marked."""
        return self.matched - len(self.marked) if self.all_but else len(self.marked)

    def is_marked(self, row: FoundRow) -> bool:
        return (_key(row) in self.marked) != self.all_but

    def mark(self, row: FoundRow) -> None:
        """Mark a row, or take its mark away."""
        self.marked ^= {_key(row)}

    def mark_all(self) -> None:
        """Mark all rows, or none where all are marked."""
        self.all_but, self.marked = not (self.all_but and not self.marked), set()

    # what is done with all rows, or with those that are marked, if any are

    def export(self, name: str) -> int:
        """Write the rows to the file of that name; see `export_rows`."""
        asked = question(self.benchmark, self.unit, self.filter, self.sort)
        kept = self.is_marked if self.marks else lambda _: True
        return export_rows(self.store, asked, self.sight(), file_named(name), kept)

    def make_queue(self, name: str) -> int:
        """Keep a queue of the responses behind the rows; returns how many. Raises `UsageError` where there are none."""
        refuse_unfit_name(name)
        words, ids = self.filter, None
        if self.marks and self.unit == "item":
            items = ",".join(str(key[1]) for key in sorted(self.marked, key=str))
            words += f" {'-' if self.all_but else ''}item:{items}" if items else ""
        elif self.marks:
            ids = {str(key[0]) for key in self.marked}
        from miareview.browse.find import matching_responses

        asked = question(self.benchmark, self.unit, words, "")
        chosen = matching_responses(self.store, asked, self.sight())
        if ids is not None:
            chosen = [id for id in chosen if (id in ids) != self.all_but]
        rule = f"{words or 'all'}{' (some, by hand)' if ids else ''}"
        made = queue_by_rule(self.store, name, rule, chosen, benchmark=self.benchmark, by=self.reviewer)
        return len(made.rows)

    # kept views

    def views(self) -> list[View]:
        """Kept views, then those that come along."""
        return [*views(self.store), *PRESETS.values()]

    def keep(self, name: str) -> None:
        """Keep what is shown now as a view."""
        keep_view(self.store, View(name, self.unit, self.filter, self.sort), self.reviewer)

    def drop(self, name: str) -> None:
        drop_view(self.store, name)

    def _read(self, filter: str, unit: Unit, sort: str, offset: int, facet: str | None = None) -> Page:
        asked = question(self.benchmark, unit, filter, sort)
        label = self.judge.label if self.judge else ""
        return browse(
            self.store, asked, self.sight(), judge=label, filter=filter,
            limit=1 if facet else AT_ONCE, offset=offset, facet=facet,
        )  # fmt: skip


def _key(row: FoundRow) -> Key:
    return (None, row.item) if row.response is None else (row.response, row.component)
