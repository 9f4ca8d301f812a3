"""The total as the published notebook reads it from a judge's reply, faults and all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

_LONG = 500  # signs of a beginning that is not kept in memory


def published_total(raw: str | None, categories: Sequence[str]) -> Fraction | None:
    """The total, as a fraction of 1, that the published notebook takes from the reply; None where it loses the item.

    It looks at the text before the first "." only, cut at every comma. Each piece has to be "label: n/d" with one
    character between the colon and a whole n; the last piece is taken for the total, the others for the components by
    position. Any piece that is not so, a zero d, or more components than `categories` names, loses the item.
    """
    if raw is None:
        return None
    beginning = raw.split(".", 1)[0]
    read = _total_of if len(beginning) < _LONG else _total_of.__wrapped__
    return read(beginning, len(categories))


@lru_cache(10_000)  # judges give few verdicts, and give them again and again
def _total_of(beginning: str, components: int) -> Fraction | None:
    pieces = beginning.split(",")
    if len(pieces) - 1 > components:
        return None
    points, of = 0, 0
    try:
        for piece in pieces:
            points, of = map(int, piece.split(":")[1][1:].split("/")[:2])
            float(points / of)  # the notebook divides floats, so it loses what no float can hold
        return Fraction(points, of)
    except (IndexError, ValueError, ArithmeticError):
        return None
