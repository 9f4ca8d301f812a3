"""Second readings, training and repeats in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.words.flags import say
from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.stats.agreement.calibration import Calibration, Held
    from miareview.stats.agreement.second import SecondReadings


def second_lines(found: SecondReadings) -> list[str]:
    """What a queue of second readings says, a sentence a line."""
    read = f"{found.queue}: {found.read} of {count(found.drawn, 'response')} read a second time"
    if found.differ is None or found.judge_differs is None:
        return [f"{read}. No rate: {say(found.refused) if found.refused else ''}"]
    rates = [
        f"the second reader differs from the {whom} on {number(rate.value)} {interval(rate.low, rate.high)}"
        for whom, rate in (("first", found.differ), ("judge", found.judge_differs))
    ]
    lines = [
        f"{read}. Of the components of all {found.differ.responses} responses that one person had read,"
        f" {'; '.join(rates)}. Each reading counts by one over its chance to be drawn."
    ]
    if found.gaps:
        lines.append(f"{found.queue}: {count(found.gaps, 'response')} in between not read; the intervals hold for any.")
    return lines


CALLED = {
    "severe": "gives less than what is settled",
    "lenient": "gives more than what is settled",
    "drifts": "scores otherwise than before",
    "careless": "often says something else the second time",
    "few": "too few responses to say anything",
}
"""What a note of a calibration says of a person."""


def calibration_lines(found: Calibration) -> list[str]:
    """What a person's training and repeats say, a sentence a line."""
    lines = []
    if found.training:
        lines.append(f"{found.person}, trained on {_held(found.training)} the settled labels")
    if found.repeats:
        lines.append(f"{found.person}, asked again on {_held(found.repeats)} their first time")
    return lines + [f"{found.person} {CALLED[note]}" for note in found.notes]


def _held(held: Held) -> str:
    value, low, high = held.shift
    return (
        f"{count(held.responses, 'response')}: the same on {number(held.same[0])} {interval(*held.same[1:])} of"
        f" {count(held.components, 'component')}, {number(value, True)} {interval(low, high, True)} beside"
    )
