"""From which words of a judge's reply a score was read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from miareview.model import points_text

Span = tuple[int, int]
LONGEST = 60  # characters that are shown of a statement


def statement(raw: str, spans: Sequence[Span | None], position: int) -> str | None:
    """The words that the score of a component (from 1) was read from, with what stands before them in their line.

    `spans` are the places of all scores in `raw`, in component order. What belongs to the score before is left out, as
    are all but the last `LONGEST` characters. None where no place is known.
    """
    span = spans[position - 1]
    if span is None:
        return None
    start, end = span
    others = [other[1] for other in spans if other is not None and other[1] <= start]
    begin = max([raw.rfind("\n", 0, start) + 1, *others])
    before = " ".join(raw[begin:start].split()).lstrip(" ,;.|*)-•–/")
    said = " ".join(raw[start:end].split())
    gap = " " if before and raw[start - 1].isspace() else ""
    whole = f"{before}{gap}{said}"
    return whole if len(whole) <= LONGEST else f"…{whole[-LONGEST:]}"


def read_from(points: Fraction | None, weight: int, said: str | None) -> str:
    """In words: "3 of 4, read from “Component 1: 3/4”"."""
    if points is None:
        return "not read" if said is None else f"not read, though it says “{said}”"
    given = f"{points_text(points)} of {weight}"
    return given if said is None else f"{given}, read from “{said}”"
