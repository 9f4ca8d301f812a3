"""The rows of a list, those that fit; the rest is a key away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.browse.rows import FoundRow, Unit, badges
from miareview.tui.listing import Listing
from miareview.tui.look import short_names
from miareview.tui.widgets.intervals import column

GOLD = {"none": "·", "single": "1", "unanimous": "=", "disputed": "≠", "settled": "✓"}
SPARE = frozenset({"difficulty", "words"})
"""Columns that a narrow list can do without."""
NARROW = 90
MODEL, SHORT_MODEL = 16, 12
"""Cells for a model's name, and in a narrow list."""
LEAST = 8
"""Cells that the last column needs, or it is not there."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its name in filters and sorts, its head, its cells; 0 takes what is left."""

    name: str
    text: str
    width: int

    @property
    def right(self) -> bool:
        """Whether it holds numbers."""
        return self.name not in ("difficulty", "category", "model", "gold", "why", "response")


_POINTS = (Head("judge", "judge", 7), Head("people", "people", 6), Head("delta", "Δ", 6), Head("reviewers", "n", 3))
_REST = (Head("gold", "gold", 4), Head("why", "why", 5))
HEADS: dict[Unit, tuple[Head, ...]] = {
    "response": (
        Head("item", "item", 5), Head("difficulty", "diff", 5), Head("model", "model", MODEL), *_POINTS, *_REST,
        Head("words", "words", 6), Head("response", "response", 0),
    ),
    "component": (
        Head("item", "item", 5), Head("component", "#", 3), Head("category", "category", 12),
        Head("model", "model", MODEL), *_POINTS, *_REST, Head("response", "response", 0),
    ),
    "item": (
        Head("item", "item", 5), Head("difficulty", "difficulty", 13), Head("responses", "answers", 9), *_POINTS,
    ),
}  # fmt: skip


class RowList(Widget):
    """A window on the listing: a line of heads, and a row a line. `cursor` is the number of the selected row.

    `column` is the place of the selected column among the heads of the unit.
    """

    @dataclass
    class Wanted(Message):
        """A row that is not read yet would be shown."""

        number: int

    @dataclass
    class Moved(Message):
        """Another row was selected with the mouse."""

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing
        self.cursor = 0
        self.top = 0
        self.column = 0

    @property
    def height(self) -> int:
        """Rows that fit."""
        return max(self.size.height - 1, 1)

    @property
    def row(self) -> FoundRow | None:
        return self.listing.row(self.cursor)

    @property
    def heads(self) -> tuple[Head, ...]:
        """The columns that there is room for."""
        heads, room = HEADS[self.listing.unit], self.size.width - 1
        if self.size.width < NARROW:
            heads = tuple(
                replace(head, width=SHORT_MODEL) if head.name == "model" else head
                for head in heads
                if head.name not in SPARE
            )
        shown: list[Head] = []
        for head in heads:
            wide = replace(head, width=head.width or room)
            if wide.width > room or (head.width == 0 and room < LEAST):
                break
            shown.append(wide)
            room -= wide.width + 1
        return tuple(shown)

    @property
    def head(self) -> Head:
        """The selected column."""
        return self.heads[min(self.column, len(self.heads) - 1)]

    def move(self, to: int) -> None:
        """Select a row; beyond the ends the last one there is."""
        self.cursor = max(min(to, self.listing.matched - 1), 0)
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)
        for number in (self.cursor, self.top, self.top + self.height - 1):
            if not self.listing.has(number):
                self.post_message(self.Wanted(number))
        self.refresh()

    def move_column(self, step: int) -> None:
        """Select another column."""
        self.column = max(min(self.column + step, len(self.heads) - 1), 0)
        self.refresh()

    def on_click(self, event: Click) -> None:
        if event.y and self.top + event.y - 1 < self.listing.matched:
            self.move(self.top + event.y - 1)
            self.post_message(self.Moved())

    def render(self) -> Content:
        width = self.size.width
        shown = range(self.top, min(self.top + self.height, self.listing.matched))
        rows = [self.listing.row(number) for number in shown]
        heads = self.heads
        model = next((head.width for head in heads if head.name == "model"), MODEL)
        models = short_names(list(dict.fromkeys(row.model for row in rows if row is not None and row.model)), model)
        lines = [self._head_line(width)]
        for number, row in zip(shown, rows, strict=True):
            line = self._line(row, heads, models, width)
            if row is not None and self.listing.is_marked(row):
                line = Content.assemble(("*", "bold $text-accent"), line[1:])
            if number == self.cursor:
                sign = "*" if row is not None and self.listing.is_marked(row) else "▌"
                line = Content.assemble((sign, "$warning"), line[1:].pad_right(width - line.cell_length))
                line = line.stylize("on $panel bold")
            lines.append(line)
        if self.listing.page is not None and not self.listing.matched:
            nothing = "  Nothing matches. f changes the filter, ⌫ takes its last word away."
            lines.append(Content.styled(nothing, "$muted"))
        return Content("\n").join(lines)

    def _head_line(self, width: int) -> Content:
        sort = [word.strip() for word in self.listing.sort.split(",") if word.strip()][:1]
        line = Content(" ")
        for head in self.heads:
            arrow = "↓" if f"-{head.name}" in sort else "↑" if head.name in sort else ""
            style = "bold $text-warning underline" if head == self.head else "bold $muted"
            # The arrow may use the gap before the column, so that heads stay over their numbers.
            text = f"{arrow}{head.text}" if head.right else f"{head.text}{arrow}"
            line += column(text, head.width, style, right=head.right) + " "
        return line.truncate(width)

    def _line(self, row: FoundRow | None, heads: Sequence[Head], models: dict[str, str], width: int) -> Content:
        if row is None:
            return Content.styled("  …", "$muted")
        style = "$muted" if row.waits else ""
        line = Content(" ")
        for head in heads:
            text = models.get(row.model or "", "") if head.name == "model" else _cell(row, head, self.listing.unit)
            line += column(text, head.width, "$muted" if head.name == "response" else style, right=head.right) + " "
        return line.truncate(width)


def _cell(row: FoundRow, head: Head, unit: Unit) -> str:
    match head.name:
        case "judge":
            points = _points(row.judge)
            return f"{points}/{row.weight}" if row.judge is not None and unit != "item" else points
        case "people":
            return _points(row.people)
        case "delta":
            return _points(row.delta, signed=True)
        case "gold":
            return GOLD.get(row.gold or "", "")
        case "why":
            return badges(row.why)
        case "response":
            return row.text or ""
        case "difficulty":
            return row.difficulty[: head.width]
    value = getattr(row, head.name)
    return "" if value is None else str(value)


def _points(points: float | None, signed: bool = False) -> str:
    if points is None:
        return "–"
    text = f"{points:+.3g}" if signed else f"{points:.3g}"
    return "=" if signed and points == 0 else text.replace("-", "−")
