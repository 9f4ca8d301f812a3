"""Intervals on one axis, drawn with characters: a value stands in the same column in every row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from miareview.text import clip

GRID = "┊"
CORRECTED, JUDGE, PEOPLE, POOLED = "●", "◇", "○", "▴"
TOGETHER = {frozenset((JUDGE, CORRECTED)): "◈", frozenset((PEOPLE, CORRECTED)): "◉"}
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0)
LABEL = 7  # cells that a gridline with its label needs
Mark = tuple[float | None, str, str]  # value, character, style


@dataclass(frozen=True, slots=True)
class Axis:
    """`width` cells from `low` to `high`, with gridlines at `ticks`."""

    low: float
    high: float
    width: int
    ticks: tuple[float, ...]

    def column(self, value: float) -> int:
        """The cell of a value; values beyond an end go to that end."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * (self.width - 1))

    def beyond(self, value: float) -> bool:
        return not self.low - 1e-9 <= value <= self.high + 1e-9

    def labels(self, signed: bool = False) -> Content:
        """One line with the ticks' labels above their gridlines."""
        line = [" "] * self.width
        for tick in self.ticks:
            text = _tick(tick, signed)
            at = min(max(self.column(tick) - (len(text) - 1) // 2, 0), self.width - len(text))
            line[at : at + len(text)] = text
        return Content.styled("".join(line), "$muted")


def axis_for(
    values: Iterable[float | None], width: int, least: float = 0.0, most: float = 1.0, keep: Sequence[float] = ()
) -> Axis:
    """An axis that holds all values (and those of `keep`) within `least` to `most`, with round gridlines."""
    known = [min(max(value, least), most) for value in (*values, *keep) if value is not None]
    low, high = (min(known), max(known)) if known else (least, most)
    for step in STEPS:
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        last += first == last
        if (last - first) * LABEL <= width:
            break
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    # A mark at the very edge would touch the next column; half a cell more on either side keeps it off.
    return Axis(ticks[0], ticks[-1], max(width, 2), ticks)


def draw(axis: Axis, low: float | None, high: float | None, style: str, marks: Sequence[Mark]) -> Content:
    """One row: gridlines, the line from `low` to `high`, and the marks over it, the last one on top.

    What lies beyond the axis is an arrow. Two marks in one cell become one sign that shows both.
    """
    line = [(" ", "")] * axis.width
    for tick in axis.ticks:
        line[axis.column(tick)] = (GRID, "$faint")
    if low is not None and high is not None:
        first, last = axis.column(low), axis.column(high)
        line[first : last + 1] = [("─", style)] * (last + 1 - first)
        if axis.beyond(low):
            line[first] = ("‹", style)
        if axis.beyond(high):
            line[last] = ("›", style)
    for value, sign, colour in marks:
        if value is None:
            continue
        at = axis.column(value)
        if axis.beyond(value):
            sign = "‹" if value < axis.low else "›"
        line[at] = (TOGETHER.get(frozenset((line[at][0], sign)), sign), colour)
    return Content.assemble(*line)


def column(text: str, width: int, style: str = "", right: bool = False) -> Content:
    """Foreign text in exactly `width` cells, cut with … where it is too long."""
    shown = clip(text, width)
    space = " " * max(width - Content(shown).cell_length, 0)  # a joined emoji takes less than its parts
    return Content.assemble((space + shown, style) if right else (shown + space, style))


def _tick(value: float, signed: bool) -> str:
    text = f"{value:+g}" if signed and value else f"{value:g}"
    return text.replace("-", "−").replace("0.", ".")
