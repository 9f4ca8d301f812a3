"""The confusion of one weight as a heat map: the count stands in every cell, the shade says the same."""

from __future__ import annotations

from dataclasses import dataclass

from textual.color import Color
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.tui.look import heading

CELL = 7
MARGIN = 8  # cells left of the matrix


class HeatMap(Widget):
    """Rows are the judge's points, columns people's. `tables` are the counts of each weight, in order.

    Posts `Chosen` when a cell is clicked (`again`: it was selected already), `Weighed` when a weight is.
    """

    DEFAULT_CSS = "HeatMap { height: auto; }"

    @dataclass
    class Chosen(Message):
        """A cell was clicked."""

        judge: int
        human: int
        again: bool

    @dataclass
    class Weighed(Message):
        """A weight was clicked, by its place."""

        place: int

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tables: list[tuple[int, list[list[int]]]] = []
        self.place = 0
        self.cell = (0, 0)
        self.tall = False

    def show(self, tables: list[tuple[int, list[list[int]]]], place: int, cell: tuple[int, int], tall: bool) -> None:
        """Show one weight with a cell selected; `tall` cells are two rows high."""
        self.tables, self.place, self.cell, self.tall = tables, place, cell, tall
        self.refresh(layout=True)

    @property
    def _rows(self) -> int:
        return 2 if self.tall else 1

    @property
    def _top(self) -> int:
        """Rows above the matrix."""
        return 4 if self.tall else 3

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return self._top + 1 + (len(self.tables[self.place][1]) * self._rows if self.tables else 0)

    def on_click(self, event: Click) -> None:
        if not self.tables:
            return
        size = len(self.tables[self.place][1])
        row, col = (event.y - self._top) // self._rows, (event.x - MARGIN) // CELL
        if event.y == 1:
            place = (event.x - MARGIN) // CELL
            if 0 <= place < len(self.tables):
                self.post_message(self.Weighed(place))
        elif 0 <= row < size and 0 <= col < size:
            self.post_message(self.Chosen(row, col, (row, col) == self.cell))

    def render(self) -> Content:
        title = heading("CONFUSION", ("points, rows the judge's, columns people's", "$muted"))
        if not self.tables:
            return title + Content.styled("\n  no component that both have scored", "$muted")
        weight, counts = self.tables[self.place]
        tabs = [
            (f"[{w}]".center(CELL), "bold $primary") if place == self.place else (str(w).center(CELL), "$muted")
            for place, (w, _) in enumerate(self.tables)
        ]
        points = [(str(n).center(CELL), "bold $muted") for n in range(weight + 1)]
        lines = [
            title,
            Content.assemble(("weight  ", "$muted"), *tabs),
            *([Content("")] if self.tall else []),
            Content.assemble(("people  ", "$muted"), *points),
        ]
        most = max(max(row) for row in counts) or 1
        for judge, row in enumerate(counts):
            cells = [self._cell(judge, human, count, most) for human, count in enumerate(row)]
            blank = [(" " * CELL, f"on {self._shade(judge, human, n, most).hex6}") for human, n in enumerate(row)]
            named = ("judge" if judge == 0 else "     ", "$muted")
            lines.append(Content.assemble(named, (f"{judge:>2} ", "bold $muted"), *cells))
            if self.tall:
                lines.append(Content.assemble(" " * MARGIN, *blank))
        judge, human = self.cell
        same = "the same" if judge == human else "the judge gave more" if judge > human else "the judge gave less"
        total = sum(map(sum, counts))
        lines.append(
            Content.assemble(
                (f"{'':>{MARGIN}}judge {judge}, people {human}: ", "$muted"),
                (f"{counts[judge][human]} of {total}", "bold"), (f"  {same}", "$muted"),
            )
        )  # fmt: skip
        return Content("\n").join(lines)

    def _shade(self, judge: int, human: int, count: int, most: int) -> Color:
        """Green where both agree, amber where they do not; the more, the stronger."""
        colours = self.app.theme_variables
        hue = Color.parse(colours["success" if judge == human else "warning"])
        return Color.parse(colours["background"]).blend(hue, 0.12 + 0.68 * (count / most) ** 0.5 if count else 0.04)

    def _cell(self, judge: int, human: int, count: int, most: int) -> tuple[str, str]:
        """The text and style of one cell; the selected one is in brackets, on the primary colour."""
        colours = self.app.theme_variables
        chosen = (judge, human) == self.cell
        back = Color.parse(colours["primary"]) if chosen else self._shade(judge, human, count, most)
        text = str(count) if count else "·"
        fore = "#000000" if back.brightness > 0.45 else "#ffffff"
        if not count and not chosen:
            fore = colours["muted"]
        return (f"[{text}]" if chosen else text).center(CELL), f"{'bold ' if count else ''}{fore} on {back.hex6}"
