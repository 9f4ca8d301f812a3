"""What a report is made of: sections of prose, tables and plots. Plain data; HTML and Markdown are two ways to show it.

All texts are as they are, foreign names included: whoever renders makes them visible and escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from miareview.report.plots import IntervalPlot, ScatterPlot
from miareview.words.numbers import number

FEW = 30  # items below which a group is shown greyed


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table; `sub` is a second line, `notes` become footnotes of the table.

    `shade` is "" or a step of a colour scale: h1–h8 for shares, n1–n4 and p1–p4 for below and above zero.
    """

    text: str
    sub: str = ""
    notes: tuple[str, ...] = ()
    few: bool = False
    shade: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names the rows. The first `left` columns hold words, the others numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left: int = 1
    notes: tuple[str, ...] = ()
    compact: bool = False

    @property
    def footnotes(self) -> dict[str, str]:
        """The mark of every note of a cell, in the order of reading: a, b, … z, aa, …"""
        said = dict.fromkeys(note for row in self.rows for cell in row for note in cell.notes)
        return {note: _mark(number) for number, note in enumerate(said)}


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, led by a few emphasised words or none."""

    text: str
    lead: str = ""
    message: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A handful of figures that one should leave with: (name, value, detail)."""

    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences, each led by a term or none."""

    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its caption; the tables beside it hold the same numbers."""

    caption: str
    plot: IntervalPlot | ScatterPlot


Block = Prose | Facts | Table | Figure | Points


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `id` is the anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def span(low: float | None, high: float | None, signed: bool = False) -> str:
    """An interval in words, "" where it has no ends."""
    return "" if low is None or high is None else f"{number(low, signed)} to {number(high, signed)}"


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def items_cell(items: int) -> Cell:
    """How many items a group has; the word "few" where they are too few to lean on."""
    return Cell(f"{items:,}", sub="few" if items < FEW else "")


def _mark(number: int) -> str:
    mark = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        mark = chr(ord("a") + letter) + mark
    return mark
