"""How far a person is in their work, how long it took, and how they and the judge agree once that may be said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from miareview.model import Item, Judgment
from miareview.store.replay import ReviewState


@dataclass(frozen=True, slots=True)
class Pace:
    """`committed` of `total` responses in `seconds` of work; `to_go` is the seconds that the rest will take at this
    pace, None as long as there is none."""

    committed: int
    total: int
    seconds: float
    to_go: float | None


@dataclass(frozen=True, slots=True)
class SoFar:
    """How a person's blind scores and the judge's agree on the responses whose judge the person has been shown.

    `bias` is the mean of judge − person as a fraction of the weight: above 0 the judge is the more lenient. These are
    plain counts of one person's work, without intervals; `differing` are the responses where any component differs.
    """

    responses: int
    components: int
    equal: int
    bias: float
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a queue, or where a person stands in it. `over` says whether it is done or closed for them.

    `agreement` is None while nothing of it may be told; it is with what was settled (gold) in `training`, else with
    the judge.
    """

    queue: str | None
    over: bool
    pace: Pace
    skipped: int
    flagged: int
    agreement: SoFar | None
    training: bool = False


def pace(committed: int, total: int, seconds: float) -> Pace:
    """The pace of a person who has committed that many responses in that many seconds."""
    mean = seconds / committed if committed else None
    return Pace(committed, total, seconds, None if mean is None else mean * (total - committed))


def agreement_so_far(reviews: Iterable[tuple[str, Item, ReviewState, Judgment | None]]) -> SoFar | None:
    """Agreement over (response, item, state, judgment) of responses whose judge was shown; None where nothing pairs."""
    responses = components = equal = 0
    gap = Fraction(0)
    differing = []
    for response, item, state, judgment in reviews:
        judged = {score.position: score.points for score in judgment.sub_scores} if judgment else {}
        pairs = [
            (judge, mark.points, component.weight)
            for component in item.components
            if (judge := judged.get(component.position)) is not None
            and (mark := state.blind.get(component.position)) is not None
            and mark.points is not None
        ]
        responses += bool(pairs)
        components += len(pairs)
        equal += sum(judge == person for judge, person, _ in pairs)
        gap += sum((judge - person) / weight for judge, person, weight in pairs)
        if any(judge != person for judge, person, _ in pairs):
            differing.append(response)
    if not components:
        return None
    return SoFar(responses, components, equal, float(gap / components), tuple(differing))


def pace_sentence(pace: Pace, over: bool) -> str:
    """A pace in words: "31 of 60 responses committed in 14 min, about 13 min to go"."""
    to_go = f", about {minutes(pace.to_go)} to go" if pace.to_go and not over else ""
    return f"{pace.committed} of {pace.total} responses committed in {minutes(pace.seconds)}{to_go}"


def minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
