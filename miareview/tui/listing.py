"""What a list shows: its filter, unit and order, and its rows, a page at a time. Asked in threads; no widget."""

from __future__ import annotations

from threading import Lock

from miareview.browse.rows import Page, browse, question, refresh
from miareview.browse.sight import sight_of
from miareview.model import Judge
from miareview.store.browse_query import FoundRow, Unit
from miareview.store.store import Store

AT_ONCE = 100
"""Rows of a page."""
FACET_WORDS = {"category": "cat", "difficulty": "diff"}
"""Columns whose word in the filter language is another."""


class Listing:
    """The rows of a benchmark as one reviewer may see them.

    `ask` brings the summary up to date and reads the first page; `row` gives what has been read, `read` reads the page
    of a row. What is on the screen stays until the answer to a newer question is there.
    """

    def __init__(self, store: Store, reviewer: str, benchmark: str, judge: Judge | None) -> None:
        self.store = store
        self.reviewer = reviewer
        self.benchmark = benchmark
        self.judge = judge
        self.unit: Unit = "response"
        self.filter = ""
        self.sort = "item"
        self.page: Page | None = None
        self._pages: dict[int, tuple[FoundRow, ...]] = {}
        self._lock = Lock()

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

    def facet(self, column: str) -> tuple[tuple[object, int], ...]:
        """(value, rows) of a column over all that match."""
        return self._read(self.filter, self.unit, "", 0, facet=column).facet

    def with_value(self, column: str, value: object) -> str:
        """The filter with one value of a column added."""
        text = f"{value:g}" if isinstance(value, float) else str(value)
        quoted = f'"{text}"' if any(character in ' ,"' for character in text) else text
        return f"{self.filter} {FACET_WORDS.get(column, column)}:{quoted}".strip()

    def _read(self, filter: str, unit: Unit, sort: str, offset: int, facet: str | None = None) -> Page:
        asked = question(self.benchmark, unit, filter, sort)
        label = self.judge.label if self.judge else ""
        return browse(
            self.store, asked, sight_of(self.store, self.reviewer), judge=label, filter=filter,
            limit=1 if facet else AT_ONCE, offset=offset, facet=facet,
        )  # fmt: skip
