"""Labels in words: how many people stand behind the human scores, and which categories people changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.words.numbers import count

if TYPE_CHECKING:
    from miareview.stats.behind import Given
    from miareview.stats.standing import Standing


def labels_lines(standing: Standing, relabelled: int) -> list[str]:
    """What the human scores rest on, a sentence a line; nothing where there are none."""
    lines = []
    if standing.labels + standing.disputed:
        apart = f"; {standing.disputed} disputed, no label" if standing.disputed else ""
        lines.append(f"{count(standing.labels, 'component')} with a label: {told(*standing.kinds)}{apart}")
    return lines + ([relabelled_line(relabelled)] if relabelled else [])


def told(settled: int, unanimous: int, single: int) -> str:
    """ "settled 12, unanimous 30, single 21"."""
    return f"settled {settled:,}, unanimous {unanimous:,}, single {single:,}"


def given(found: Given) -> str:
    """Whose scores they are and how they came about: "2 reviewers, blind"."""
    who = count(found.reviewers, "reviewer")
    if not found.assisted:
        return f"{who}, blind"
    return f"{who}, {found.assisted} of {found.total} sub-scores with the judge in sight"


SOME_SETTLED = (
    "Not all of the sample is settled, and what people dispute is settled first: agreement with gold describes the"
    " settled components, not all."
)


def relabelled_line(components: int) -> str:
    are = "is" if components == 1 else "are"
    return f"{count(components, 'component')} {are} counted in the category that people gave, not the benchmark's."
