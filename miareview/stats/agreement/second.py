"""Rates from second readings, whose responses had different chances to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

from miareview.stats.flags import Flag, Say

FEWEST = 10
"""Responses that must be read of a stratum that is not read completely."""


class CannotWeight(ValueError):
    """The readings cannot carry a rate; `flag` says why."""

    def __init__(self, flag: Flag) -> None:
        super().__init__(flag.code)
        self.flag = flag


@dataclass(frozen=True, slots=True)
class Stratum:
    """Responses that had one chance to be read, and were drawn as a simple random sample of the stratum.

    Of each response read, `hits` of `of` components have the property. `responses` and `components` are how many there
    are in the stratum, read or not. `name` is what the queue calls the stratum.
    """

    name: str
    hits: Sequence[float]
    of: Sequence[float]
    responses: int
    components: int

    @property
    def complete(self) -> bool:
        return len(self.hits) == self.responses


@dataclass(frozen=True, slots=True)
class Rate:
    """A weighted share of components with its interval; `read` of `responses` responses stand for all of them."""

    value: float
    low: float
    high: float
    read: int
    responses: int


@dataclass(frozen=True, slots=True)
class SecondReadings:
    """What a queue of second readings says of all responses that were read once when it was drawn.

    `differ` is the share of components that a second reader gives other points than the first, `judge_differs` other
    points than the judge did. Where one is None, `refused` says why. `gaps` responses in the stretch that counts are
    not read; the intervals hold for whatever would be said of them.
    """

    queue: str
    drawn: int
    read: int
    gaps: int
    differ: Rate | None
    judge_differs: Rate | None
    refused: Flag | None = None

    def to_json(self, say: Say) -> dict[str, Any]:
        """Plain values; the refusal as a sentence, "" where there is none."""
        return asdict(self) | {"refused": say(self.refused) if self.refused else ""}


def weighted_rate(strata: Sequence[Stratum], confidence: float = 0.95) -> Rate:
    """The share of all components that have a property, each reading weighted by one over its chance.

    rate = sum_h X_h (sum_s y / pi) / (sum_s x / pi) / sum_h X_h, with y hits of x components a response, pi its chance
    to be read and X_h components in stratum h: Hájek's ratio (1971) in each stratum, where pi is one number and
    cancels, and the strata weighted by what is in them (Särndal et al. 1992, 7.7). The interval joins Wilson intervals
    of the strata by their squared distances (MOVER: Yan & Su 2010), each at the number of components that its sample
    is worth: `_worth`. A stratum that was read completely adds no width. Raises `CannotWeight` where a stratum has
    too few readings for an interval.
    """
    z = NormalDist().inv_cdf(0.5 + 0.5 * confidence)
    total = sum(stratum.components for stratum in strata)
    value = below = above = 0.0
    for stratum in strata:
        if not stratum.components:
            continue
        _refuse_few(stratum)
        share = stratum.components / total
        rate = sum(stratum.hits) / sum(stratum.of)
        value += share * rate
        if not stratum.complete:
            low, high = wilson(rate, _worth(stratum), z)
            below, above = below + (share * (rate - low)) ** 2, above + (share * (high - rate)) ** 2
    if not total:
        raise CannotWeight(Flag("second_empty"))
    read, responses = sum(len(s.hits) for s in strata), sum(s.responses for s in strata)
    return Rate(value, max(value - below**0.5, 0.0), min(value + above**0.5, 1.0), read, responses)


def wilson(rate: float, size: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's interval (1927) of a share that was seen in a sample worth `size` independent units."""
    middle = (rate + z**2 / (2 * size)) / (1 + z**2 / size)
    margin = z / (1 + z**2 / size) * (rate * (1 - rate) / size + z**2 / (4 * size**2)) ** 0.5
    return max(middle - margin, 0.0), min(middle + margin, 1.0)


def worth(hits: Sequence[float], of: Sequence[float]) -> float:
    """How many independent components clustered ones are worth: components / design effect, at most all of them.

    The design effect (Kish 1965) is the variance of the ratio sum(hits) / sum(of) over clusters by linearisation,
    through that of as many independent components.
    """
    parts, count = float(sum(of)), len(hits)
    rate = sum(hits) / parts
    plain = rate * (1.0 - rate) / parts
    if count < 2 or plain <= 0.0:
        return parts
    variance = count / (count - 1) * sum((y - rate * x) ** 2 for y, x in zip(hits, of, strict=True)) / parts**2
    return parts / max(variance / plain, 1.0)


def _worth(stratum: Stratum) -> float:
    """As `worth`, and more as the sample nears the whole stratum (finite population correction)."""
    return worth(stratum.hits, stratum.of) / (1.0 - len(stratum.hits) / stratum.responses)


def _refuse_few(stratum: Stratum) -> None:
    if not stratum.complete and len(stratum.hits) < FEWEST:
        least = float(min(FEWEST, stratum.responses))
        raise CannotWeight(Flag("second_few", len(stratum.hits), stratum.responses, least, (stratum.name,)))
