"""One person against settled labels (training) and against themselves (repeats): severe, drifting, careless?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeGuard

import numpy as np

from miareview.stats.agreement.second import wilson, worth
from miareview.stats.numeric.resample import cluster_mean_interval, encode

FEWEST = 10
"""Responses below which nobody is called anything."""
CARELESS = 0.8
"""A person is careless whose share of verdicts that were the same again is below this, even at its upper end."""
SHIFT = 0.02
"""A shift counts where its whole interval is further than this from zero: at full marks who errs can only give less."""

Note = Literal["severe", "lenient", "drifts", "careless", "few"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One component that a person scored beside something to hold it against, as fractions of its weight.

    `before` is the settled label, or what they gave the first time; `after` is what they gave now. None: ungradable.
    """

    response: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Held:
    """How a person's scores stand to what they are held against, over `components` of `responses`.

    `same` is the share of equal verdicts, with a Wilson interval at what clustered components are worth; `shift` the
    mean of after − before where both are points, with an interval that leaves one response out at a time (t): None
    where there is none.
    """

    responses: int
    components: int
    same: tuple[float, float, float]
    shift: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A person's training and repeats, as far as there are any, and what they add up to."""

    person: str
    training: Held | None
    repeats: Held | None
    notes: tuple[Note, ...]


def held(pairs: Sequence[Pair]) -> Held | None:
    """Hold pairs together; None where there are none."""
    if not pairs:
        return None
    codes, count = encode(np.array([pair.response for pair in pairs]))
    of = np.bincount(codes, minlength=count).astype(float).tolist()
    equal = [float(_same(pair)) for pair in pairs]
    hits = np.bincount(codes, weights=equal, minlength=count).tolist()
    share = sum(hits) / len(pairs)
    both = [k for k, pair in enumerate(pairs) if pair.before is not None and pair.after is not None]
    gap = np.array([(pairs[k].after or 0.0) - (pairs[k].before or 0.0) for k in both])
    shift = cluster_mean_interval(gap, codes[both]) if both else (None, None, None)
    return Held(count, len(pairs), (share, *wilson(share, worth(hits, of))), shift)


def calibration(person: str, training: Sequence[Pair], repeats: Sequence[Pair]) -> Calibration:
    """What a person's training and repeats say.

    `severe` and `lenient`: they give less or more than the settled labels, by `SHIFT`. `drifts`: they give less or more
    than they did before on the same responses. `careless`: they give other verdicts than before, to no side, by
    `CARELESS`. Nothing is said below `FEWEST` responses; that itself is: `few`.
    """
    trained, repeated = held(training), held(repeats)
    notes: list[Note] = []
    if way := _away(trained):
        notes.append("lenient" if way > 0 else "severe")
    if _away(repeated):
        notes.append("drifts")
    elif _enough(repeated) and repeated.same[2] < CARELESS:
        notes.append("careless")
    if (trained or repeated) and not (_enough(trained) or _enough(repeated)):
        notes.append("few")
    return Calibration(person, trained, repeated, tuple(notes))


def _enough(found: Held | None) -> TypeGuard[Held]:
    return found is not None and found.responses >= FEWEST


def _same(pair: Pair) -> bool:
    if pair.before is None or pair.after is None:
        return pair.before is pair.after
    return abs(pair.before - pair.after) < 1e-9


def _away(found: Held | None) -> int:
    """To which side of zero the whole interval of the shift is, by more than `SHIFT`; else 0.

    Where every response is shifted by the same there is no interval, and the shift itself is asked.
    """
    if not _enough(found):
        return 0
    value, low, high = found.shift
    if value is None:
        return 0
    return ((value if low is None else low) > SHIFT) - ((value if high is None else high) < -SHIFT)
