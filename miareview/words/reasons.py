"""Whether new kinds of errors still turn up, in words."""

from __future__ import annotations

from collections.abc import Sequence

from miareview.words.numbers import chance, count

STEPS = 8


def curve_line(curve: Sequence[int], new: float | None) -> str:
    """How the number of kinds grew with the number of reasons, at up to eight places, and what that says."""
    if not curve or new is None:
        return "Nobody has said yet why the judge is wrong (t in the review)."
    size = len(curve)
    places = sorted({max(round(size * step / STEPS), 1) for step in range(1, STEPS + 1)})
    grown = ", ".join(f"{curve[place - 1]} after {place}" for place in places)
    return f"{count(curve[-1], 'kind')}: {grown} reasons. The next one is of a new kind with a chance of {chance(new)}."
