"""From numbers to places in a picture; the template draws. Across in percent of the width, so that text keeps its size
on a narrow screen, down in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt
from typing import Literal

LEFT, RIGHT = 2.0, 98.0  # percent; room for half a mark at both ends
ROW, MIDDLE = 40, 28  # as the style has it: names stand above the marks on narrow screens
SCATTER_HEIGHT = 260

Kind = Literal["judge", "human", "people"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its interval, in the units of the axis; `kind` chooses shape and colour."""

    kind: Kind
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value is drawn. `from_`, `to` are None without interval; `cut_*` tell that it goes on beyond the axis."""

    kind: Kind
    y: float
    at: float
    from_: float | None
    to: float | None
    cut_low: bool
    cut_high: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an interval plot: its label, the numbers in words, and its marks about the middle."""

    middle: float
    label: str
    words: str
    few: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """Values with intervals on one axis; `zero` is where 0 is, None where that needs no line."""

    id: str
    title: str
    description: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    zero: float | None
    rows: tuple[Row, ...]
    legend: tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class ScatterPlot:
    """Differences on means. `lines` are (y, label, kind) with kind "zero", "bias" or "limit"."""

    id: str
    title: str
    description: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    ticks_y: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, str, str], ...]
    dots: tuple[Dot, ...]
    x_label: str
    y_label: str


def interval_plot(
    id: str,
    title: str,
    description: str,
    rows: Sequence[tuple[str, str, bool, Sequence[Value]]],
    legend: tuple[tuple[Kind, str], ...],
    within: tuple[float, float],
    *,
    zero: bool = False,
) -> IntervalPlot | None:
    """Place rows of (label, words, few, values); None where there is no value at all.

    The axis holds every value and interval but never leaves `within`; ends beyond it are marked as cut.
    """
    shown = [value for row in rows for value in row[3] if value.value is not None]
    if not shown:
        return None
    ends = [end for value in shown for end in (value.value, value.low, value.high) if end is not None]
    if zero:
        ends.append(0.0)
    low, high, steps = axis(min(ends), max(ends), within)

    def across(number: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (min(max(number, low), high) - low) / (high - low), 2)

    placed = []
    for place, (label, words, few, values) in enumerate(rows):
        top = place * ROW
        there = [value for value in values if value.value is not None]
        gap = 11.0 if len(there) > 1 and _same_kind(there) else 0.0
        marks = []
        for number, value in enumerate(there):
            assert value.value is not None
            whole = value.low is not None and value.high is not None
            marks.append(
                Mark(
                    value.kind,
                    top + MIDDLE + (number - (len(there) - 1) / 2) * gap,
                    across(value.value),
                    across(value.low) if whole and value.low is not None else None,
                    across(value.high) if whole and value.high is not None else None,
                    value.low is not None and value.low < low - 1e-9,
                    value.high is not None and value.high > high + 1e-9,
                )
            )
        placed.append(Row(top + MIDDLE, label, words, few, tuple(marks)))
    ticks = tuple((across(step), text) for step, text in steps)
    return IntervalPlot(
        id, title, description, len(rows) * ROW + 26, ticks, across(0.0) if low <= 0 <= high and zero else None,
        tuple(placed), legend,
    )  # fmt: skip


def _same_kind(values: Sequence[Value]) -> bool:
    """Whether marks would hide each other: all of them carry intervals."""
    return all(value.low is not None for value in values) or all(value.kind != "judge" for value in values)


def scatter_plot(
    id: str,
    title: str,
    description: str,
    pairs: Iterable[tuple[float, float]],
    lines: Sequence[tuple[float | None, str, str]],
    x_label: str,
    y_label: str,
) -> ScatterPlot:
    """First − second over their mean, for scores from 0 to 1; a dot's area is the number of pairs at one place."""
    seen = Counter((round((a + b) / 2, 2), round(a - b, 2)) for a, b in pairs)
    known = [(value, label, kind) for value, label, kind in lines if value is not None]
    spread = [y for _, y in seen] + [value for value, _, _ in known] + [0.0, 0.1]
    low, high, steps_y = axis(min(spread), max(spread), (-2.0, 2.0))
    left, right, steps_x = axis(min((x for x, _ in seen), default=0.0), max((x for x, _ in seen), default=1.0), (0, 1))

    def across(number: float) -> float:
        return round(9.0 + (RIGHT - 9.0) * (number - left) / (right - left), 2)

    def down(number: float) -> float:
        return round(12 + (SCATTER_HEIGHT - 12) * (high - number) / (high - low), 1)

    most = max(seen.values(), default=1)
    return ScatterPlot(
        id,
        title,
        description,
        SCATTER_HEIGHT + 44,
        tuple((across(step), text) for step, text in steps_x),
        tuple((down(step), text) for step, text in steps_y),
        tuple((down(value), label, kind) for value, label, kind in known),
        tuple(Dot(across(x), down(y), round(max(2.5, 9 * sqrt(n / most)), 1)) for (x, y), n in sorted(seen.items())),
        x_label,
        y_label,
    )


def axis(low: float, high: float, within: tuple[float, float]) -> tuple[float, float, list[tuple[float, str]]]:
    """The ends of an axis around low..high, on round numbers and inside `within`, and its ticks with their texts."""
    low, high = max(low, within[0]), min(high, within[1])
    if high - low < 1e-6:  # numbers are told with three decimals
        low, high = max(within[0], low - 0.05), min(within[1], high + 0.05)
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor * (1 + 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    decimals = max(0, -floor(log10(step)))
    steps = [
        number * step for number in range(first, last + 1) if within[0] - 1e-9 <= number * step <= within[1] + 1e-9
    ]
    texts = [f"{tick + 0.0:.{decimals}f}".replace("-", "−") for tick in (round(step, 9) for step in steps)]
    return (
        min(low, steps[0]) if steps else low,
        max(high, steps[-1]) if steps else high,
        list(zip(steps, texts, strict=True)),
    )
