"""What the witness says of a base and of its change: the certificate without which no probe is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from miareview.model import Item
from miareview.review.checks import Check, check_component

Checks = Mapping[int, Check]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The demand on a component, and what the witness found in the base and in the probe."""

    constraint: str
    before: str
    after: str


def checks(item: Item, text: str) -> dict[int, Check]:
    """The witness's word on each component that has something to check, by position."""
    found = {c.position: check_component(c.text, text, item.instruction) for c in item.components}
    return {position: check for position, check in found.items() if check.constraint}


def broken(before: Checks, after: Checks, position: int) -> Certificate | None:
    """The certificate that a change breaks the demand on this component and moves no other; None where it does not."""
    if before[position].verdict is not True or after[position].verdict is not False:
        return None
    if any(before[other].verdict != after[other].verdict for other in before if other != position):
        return None
    return Certificate(before[position].constraint, before[position].found, after[position].found)


def kept(before: Checks, after: Checks) -> bool:
    """Whether a change leaves the witness's word on every component as it was, and what it counted too."""
    return before == after


def same_verdicts(before: Checks, after: Checks) -> bool:
    """Whether a change moves no verdict."""
    return all(before[position].verdict == after[position].verdict for position in before)
