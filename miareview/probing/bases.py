"""What probes are made from: responses that meet a demand for certain, and the changes that break it alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from miareview.model import Item, Response
from miareview.probing.certificates import Certificate, Checks, broken, checks
from miareview.probing.mutators import BREAKING, is_plain
from miareview.review.checks import quoted_words
from miareview.review.doubts import item_doubts, share_in

SHARE = 0.8  # of a component's words that must stand in the instruction


@dataclass(slots=True)
class Counts:
    """What became of the demands of one category.

    `broken`: some change breaks it; `isolated`: one breaks it and moves no other, so that there is a probe. `why`
    counts the reasons for those that have none.
    """

    demands: int = 0
    checkable: int = 0
    based: int = 0
    broken: int = 0
    isolated: int = 0
    why: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Base:
    """A response in which the witness says met for a component, and its breaks by dose."""

    item: Item
    position: int
    response: Response
    checks: Checks
    breaks: tuple[tuple[str, str, str, Certificate], ...]  # dose, mutator, text


def bases_of(item: Item, answers: Sequence[Response], counts: dict[str, Counts]) -> Iterator[Base]:
    """For each component that can be broken, the first response in which it can."""
    doubted = {doubt.position for doubt in item_doubts(item) if doubt.kind in ("foreign", "count", "negation")}
    seen = [(answer, checks(item, answer.text)) for answer in answers]
    for component in item.components:
        count = counts.setdefault(component.category, Counts())
        count.demands += 1
        if not checks(item, "A word.").get(component.position):
            continue
        count.checkable += 1
        if None in doubted or component.position in doubted or share_in(component.text, item.instruction) < SHARE:
            count.why["the component is in doubt"] += 1
            continue
        met = [(a, c) for a, c in seen if c[component.position].verdict is True]
        if not met:
            count.why["no response meets it for certain"] += 1
            continue
        count.based += 1
        plain = [(a, c) for a, c in met if is_plain(a.text)]
        tried = (
            Base(item, component.position, a, c, breaks)
            for a, c in plain
            if (breaks := tuple(_breaks(item, component.position, a.text, c)))
        )
        base = next(tried, None)
        if base is not None:
            count.broken += 1
            count.isolated += 1
            yield base
        elif any(_broken_at_all(item, component.position, a.text) for a, _ in plain):
            count.broken += 1
            count.why["every change breaks another demand too"] += 1
        else:
            count.why["no change breaks it" if plain else "no response is plain text"] += 1


def _broken_at_all(item: Item, position: int, text: str) -> bool:
    words = quoted_words(item.components[position - 1].text)
    return any(
        checks(item, changed)[position].verdict is False
        for mutator in BREAKING
        for _, changed in mutator.apply(text, words)
    )


def _breaks(item: Item, position: int, text: str, before: Checks) -> Iterator[tuple[str, str, str, Certificate]]:
    """At most one change a dose, of the first mutator that has a certificate."""
    words = quoted_words(item.components[position - 1].text)
    named = {word.lower() for c in item.components for word in quoted_words(c.text) if len(word) > 1}
    for mutator in BREAKING:
        # Nothing that the item names is put in by chance: "right" as in "right away" may be no direction. Of single
        # letters the witness can tell.
        unwanted = named - {word.lower() for word in words if mutator.name == "use words"}
        found: dict[str, tuple[str, Certificate]] = {}
        for dose, changed in mutator.apply(text, words):
            added = changed.lower().replace(text.lower().rstrip(" .\n"), "")
            if dose in found or any(re.search(rf"\b{re.escape(word)}", added) for word in unwanted):
                continue
            certificate = broken(before, checks(item, changed), position)
            if certificate is not None:
                found[dose] = changed, certificate
        if found:
            for dose, (changed, certificate) in sorted(found.items(), reverse=True):
                yield dose, mutator.name, changed, certificate
            return
