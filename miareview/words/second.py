"""Second readings in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.stats.agreement.second import SecondReadings


def second_lines(found: SecondReadings) -> list[str]:
    """What a queue of second readings says, a sentence a line."""
    read = f"{found.queue}: {found.read} of {count(found.drawn, 'response')} read a second time"
    if found.differ is None or found.judge_differs is None:
        return [f"{read}. No rate: {found.refused}"]
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
