"""Labels in words: how many people stand behind the human scores, and which categories people changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.words.numbers import count

if TYPE_CHECKING:
    from miareview.stats.standing import Standing


def labels_lines(standing: Standing, relabelled: int) -> list[str]:
    """What the human scores rest on, a sentence a line; nothing where there are none."""
    lines = []
    if standing.labels + standing.disputed:
        apart = f"; {standing.disputed} disputed, no label" if standing.disputed else ""
        lines.append(f"{count(standing.labels, 'component')} with a label: {standing.told}{apart}")
    return lines + ([relabelled_line(relabelled)] if relabelled else [])


SOME_SETTLED = (
    "Not all of the sample is settled, and what people dispute is settled first: agreement with gold describes the"
    " settled components, not all."
)


def relabelled_line(components: int) -> str:
    are = "is" if components == 1 else "are"
    return f"{count(components, 'component')} {are} counted in the category that people gave, not the benchmark's."
