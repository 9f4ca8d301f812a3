"""The judge's errors by kind: how many of each, in which category and model, and whether new kinds still turn up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from miareview.store.reasons import given_reasons, names_of_reasons
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error: how often, the words that were given for it, and its counts by category and by model."""

    name: str
    count: int
    words: tuple[str, ...]
    categories: dict[str, int]
    models: dict[str, int]


@dataclass(frozen=True, slots=True)
class Reasons:
    """All kinds, the most frequent first, over `given` reasons.

    `curve[k]` is how many kinds the first k + 1 reasons had, in the order of time. `new` is the chance that the next
    reason is of a kind not seen yet, by Good (1953) and Turing: kinds seen once / reasons; None without reasons.
    """

    kinds: tuple[Kind, ...]
    given: int
    curve: tuple[int, ...]
    new: float | None


def reasons(store: Store, benchmark: str) -> Reasons:
    """Count the reasons of committed reviews, each kind under the name that it has now."""
    given, names = given_reasons(store, benchmark), names_of_reasons(store)
    called = [names.get(one.words, one.words) for one in given]
    kinds = []
    for name, count in sorted(Counter(called).items(), key=lambda pair: (-pair[1], pair[0])):
        mine = [one for one, kind in zip(given, called, strict=True) if kind == name]
        kinds.append(
            Kind(
                name, count, tuple(dict.fromkeys(one.words for one in mine)),
                dict(Counter(one.category for one in mine).most_common()),
                dict(Counter(one.model for one in mine).most_common()),
            )
        )  # fmt: skip
    seen: set[str] = set()
    curve = []
    for name in called:
        seen.add(name)
        curve.append(len(seen))
    once = sum(kind.count == 1 for kind in kinds)
    return Reasons(tuple(kinds), len(given), tuple(curve), once / len(given) if given else None)
