"""Dealing a queue out to people, so that each knows their part without anybody who keeps a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from miareview.errors import UsageError


def deal(units: Sequence[str], people: Collection[str], overlap: float = 0.0) -> dict[str, tuple[str, ...]]:
    """Whose work each unit is: of one person, and of two for a share `overlap` (0 to 1) of them.

    `units` stand in an order by permanent random numbers, so whoever draws the same queue gets the same parts, and of a
    longer queue of that seed the first part is dealt as before. Both shares are kept in every stretch from the start:
    people who go at one pace leave no gaps, and a sample may end anywhere. Pairs take turns; what one person reads goes
    to whoever has the least. Raises `UsageError` where it does not fit.
    """
    names = sorted(set(people), key=lambda name: (name.casefold(), name))
    if len(names) < len(people):
        raise UsageError("Somebody is named twice in --people.")
    if not 0 <= overlap <= 1:
        raise UsageError(f"--overlap is a share from 0 to 1, not {overlap:g}.")
    if overlap and len(names) < 2:
        raise UsageError("--overlap needs two or more --people.")
    pairs = list(combinations(names, 2))
    load = dict.fromkeys(names, 0)
    dealt: dict[str, tuple[str, ...]] = {}
    both = 0
    for place, unit in enumerate(units, start=1):
        if int(place * overlap + 1e-9) > both:
            dealt[unit] = pairs[both % len(pairs)]
            both += 1
        else:
            dealt[unit] = (min(names, key=lambda name: load[name]),)
        for name in dealt[unit]:
            load[name] += 1
    return dealt
