"""The rows of a list, those that fit; the rest is a key away."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from miareview.browse.rows import FoundRow, Unit, badges
from miareview.tui.listing import Listing
from miareview.tui.widgets.intervals import column

GOLD = {"none": "·", "single": "1", "unanimous": "=", "disputed": "≠", "settled": "✓"}


class RowList(Widget):
    """A window on the listing: a line of heads, and a row a line. `cursor` is the number of the selected row."""

    @dataclass
    class Wanted(Message):
        """A row that is not read yet would be shown."""

        number: int

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing
        self.cursor = 0
        self.top = 0

    @property
    def height(self) -> int:
        """Rows that fit."""
        return max(self.size.height - 1, 1)

    @property
    def row(self) -> FoundRow | None:
        return self.listing.row(self.cursor)

    def move(self, to: int) -> None:
        """Select a row; beyond the ends the last one there is."""
        self.cursor = max(min(to, self.listing.matched - 1), 0)
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)
        for number in (self.cursor, self.top, self.top + self.height - 1):
            if not self.listing.has(number):
                self.post_message(self.Wanted(number))
        self.refresh()

    def render(self) -> Content:
        width = self.size.width
        unit = self.listing.unit
        lines = [_line(_HEADS[unit], unit, width, "bold $muted")]
        for number in range(self.top, min(self.top + self.height, self.listing.matched)):
            row = self.listing.row(number)
            cells = _cells(row, unit) if row else ("…",)
            line = _line(cells, unit, width, "$muted" if row is not None and row.waits else "")
            if number == self.cursor:
                line = Content.assemble(("▌", "$warning"), line[1:].pad_right(width - line.cell_length))
                line = line.stylize("on $panel bold")
            lines.append(line)
        if not self.listing.matched:
            lines.append(Content.styled("  Nothing matches. f changes the filter.", "$muted"))
        return Content("\n").join(lines)


_WIDTHS: dict[Unit, tuple[int, ...]] = {
    "response": (5, 5, 16, 7, 6, 6, 3, 4, 5, 6),
    "component": (5, 3, 12, 16, 7, 6, 6, 3, 4, 5),
    "item": (5, 13, 9, 7, 7, 6, 5),
}
_RIGHT = frozenset({"item", "judge", "people", "Δ", "n", "words", "answers", "of"})
_HEADS: dict[Unit, tuple[str, ...]] = {
    "response": ("item", "diff", "model", "judge", "people", "Δ", "n", "gold", "why", "words", "response"),
    "component": ("item", "of", "category", "model", "judge", "people", "Δ", "n", "gold", "why", "response"),
    "item": ("item", "difficulty", "answers", "judge", "people", "Δ", "n"),
}


def _cells(row: FoundRow, unit: Unit) -> tuple[str, ...]:
    judge, people, delta = _points(row.judge), _points(row.people), _points(row.delta, signed=True)
    count = "" if row.reviewers is None else str(row.reviewers)
    if unit == "item":
        return (str(row.item), row.difficulty, str(row.responses), judge, people, delta, count)
    judge = f"{judge}/{row.weight}" if row.judge is not None else judge
    gold, why = GOLD.get(row.gold or "", ""), badges(row.why)
    if unit == "component":
        return (str(row.item), str(row.component), row.category or "", row.model or "", judge, people, delta, count,
                gold, why, row.text or "")  # fmt: skip
    return (str(row.item), row.difficulty[:5], row.model or "", judge, people, delta, count, gold, why,
            str(row.words), row.text or "")  # fmt: skip


def _points(points: float | None, signed: bool = False) -> str:
    if points is None:
        return "–"
    text = f"{points:+.3g}" if signed else f"{points:.3g}"
    return "=" if signed and points == 0 else text.replace("-", "−")


def _line(cells: tuple[str, ...], unit: Unit, width: int, style: str) -> Content:
    """Cells in their columns, as many as there is room for; what is left is for the beginning of the answer."""
    line = Content(" ")
    for text, size, head in zip(cells, _WIDTHS[unit], _HEADS[unit], strict=False):
        if line.cell_length + size + 1 > width:
            return line
        line = line + column(text, size, style, right=head in _RIGHT) + " "
    return (
        line + column(cells[-1], max(width - line.cell_length, 0), "$muted")
        if len(cells) > len(_WIDTHS[unit])
        else line
    )
