"""Bland and Altman's picture: the difference of two raters against their mean, drawn with characters.

Scores lie on a lattice, so many points share a cell: a cell shows how many, which dots on dots would hide.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from textual.content import Content

from miareview.tui.look import heading
from miareview.tui.widgets.intervals import axis_for
from miareview.words.numbers import number

if TYPE_CHECKING:
    from miareview.stats.agreement import BlandAltman

LEFT, RIGHT = 9, 16


def scatter(points: list[tuple[float, float]], limits: BlandAltman, width: int, height: int) -> Content:
    """`points` are (mean, difference); `height` counts all lines, `width` all cells."""
    title = heading("BLAND–ALTMAN", (f"{len(points)} responses, over what both have scored", "$muted"))
    if not points or limits.bias is None:
        return title + Content.styled("\n  no response that both have scored in full", "$muted")
    rows, columns = max(height - 4, 5), max(width - LEFT - RIGHT, 10)
    across = axis_for([x for x, _ in points], columns)
    marks = [limits.bias, limits.low, limits.high, 0.0]
    up = axis_for([*(y for _, y in points), *marks], rows * 2, least=-1.0)
    high, low = up.high, up.low

    def row(value: float) -> int:
        return round((high - value) / (high - low) * (rows - 1))

    grid = [[(" ", "")] * columns for _ in range(rows)]
    names = [("", "")] * rows
    for value, line, style, word in (
        (0.0, "┈", "$faint", ""),
        (limits.low, "╌", "$muted", "−1.96 sd"),
        (limits.high, "╌", "$muted", "+1.96 sd"),
        (limits.bias, "─", "$primary", "mean"),
    ):
        if value is not None:
            grid[row(value)] = [(line, style)] * columns
            if word:
                names[row(value)] = (f" {number(value, True, 2)} {word}", style)
    ticks = {row(tick): number(tick, True, 2) if tick else "0" for tick in up.ticks}
    where = Counter((across.column(x), row(y)) for x, y in points)
    for (x, y), count in where.items():
        text = "•" if count == 1 else str(count)
        first = min(max(x - (len(text) - 1) // 2, 0), columns - len(text))
        taken = any((at, y) in where for at in range(first - 1, first + len(text) + 1) if at != x)
        if taken and len(text) > 1:
            text, first = "#", x
        for at, sign in enumerate(text, start=first):
            grid[y][at] = (sign, "bold $warning" if count > 1 else "$warning")
    lines = [title]
    for place, cells in enumerate(grid):
        text, style = names[place]
        lines.append(
            Content.assemble((f"{ticks.get(place, ''):>{LEFT - 2}} ", "$muted"), ("│", "$faint"), *cells, (text, style))
        )
    lines.append(Content.assemble(" " * LEFT, across.labels()))
    said = "  judge − people against their mean   • one response, a number: so many   #: more than fit"
    lines.append(Content.styled(said, "$muted"))
    return Content("\n").join(line.truncate(width) for line in lines)
