"""What every corrected score shares: its shape, the reading of its input, the guard, the interval, the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from miareview.errors import RefusedError
from miareview.stats.flags import Flag
from miareview.stats.numeric.resample import Bools, Floats, Ints
from miareview.stats.numeric.student import t_margin
from miareview.stats.numeric.ties import most_common

Method = Literal["auto", "difference", "regression"]
Target = Literal["benchmark", "superpopulation"]
Bounds = tuple[float, float] | None
Open = tuple[Floats, Floats]  # least and most of units in the sample whose human score is open

GUARD, COMPONENT_GUARD = 0.6, 0.6  # size of the pseudo-residuals: item scores, components
TUNED_FROM = 30  # reviews from which the judge's weight is estimated instead of fixed at 1
FEW_DISAGREEMENTS = 5


class CannotEstimate(RefusedError, ValueError):
    """The data cannot carry the estimate; the message says why, and `flag` says it as a code with counts."""

    def __init__(self, message: str, flag: Flag) -> None:
        super().__init__(message)
        self.flag = flag


class Estimate(NamedTuple):
    """An estimate with its interval, in the units of the scores.

    `n` of `total` units were reviewed; `lam` is the weight of the judge; `df` are the degrees of freedom of the
    interval; `target` is "benchmark" (these very units) or "superpopulation" (units of this kind); `flags` are
    what to keep in mind. `open` further units are in the sample without a known score: the interval holds for whatever
    they may be. `disagreements` were seen, `large` of them of half the range or more.
    """

    value: float
    low: float
    high: float
    se: float
    df: float
    n: int
    total: int
    lam: float
    method: str
    target: str
    flags: tuple[Flag, ...] = ()
    open: int = 0
    disagreements: int = 0
    large: int = 0


class Noted(NamedTuple):
    """What was noted of units: `n` of `total` are reviewed, with so many disagreements, `large` of them of half the
    range or more. `human` is the sum of what people gave."""

    n: int
    total: int
    human: float
    disagreements: int
    large: int
    missing: int

    @property
    def flags(self) -> tuple[Flag, ...]:
        """That the judge has no value for some, or that there were few disagreements."""
        missing = (Flag("judge_missing", self.missing, self.total),) if self.missing else ()
        few = self.disagreements < FEW_DISAGREEMENTS and self.n < self.total
        return (*missing, Flag("few_disagreements", self.disagreements, self.n)) if few else missing


@dataclass(frozen=True, slots=True)
class Units:
    """The judge's values (gaps filled), the human's (NaN = not known), and what was noted while reading them."""

    judge: Floats
    human: Floats
    reviewed: Bools
    noted: Noted

    @property
    def n(self) -> int:
        return self.noted.n

    @property
    def total(self) -> int:
        return self.noted.total


def read_units(judge: npt.ArrayLike, human: npt.ArrayLike, bounds: Bounds, minimum: int = 2) -> Units:
    """Check and copy the two lists; a missing judge value becomes the mean of the judge's values, and is flagged."""
    predicted, seen = np.array(judge, dtype=np.float64), np.array(human, dtype=np.float64)
    if predicted.ndim != 1 or predicted.shape != seen.shape:
        raise ValueError(
            f"Judge and human must be lists of one length, not of shapes {predicted.shape} and {seen.shape}."
        )
    reviewed, missing = ~np.isnan(seen), np.isnan(predicted)
    n = int(reviewed.sum())
    if n < minimum:
        raise too_few(n, minimum)
    if missing.all():
        raise judge_empty()
    check_scores(predicted, seen, bounds)
    if missing.any():
        predicted[missing] = predicted[~missing].mean()
    apart = np.abs(predicted - seen)[reviewed & ~missing]
    large = int((apart >= large_from(bounds)).sum())
    noted = Noted(n, seen.size, float(seen[reviewed].sum()), int((apart > 1e-9).sum()), large, int(missing.sum()))
    return Units(predicted, seen, reviewed, noted)


def too_few(n: int, minimum: int) -> CannotEstimate:
    """That `n` reviews are too few."""
    return CannotEstimate(
        f"A corrected score needs at least {minimum} reviewed at random; there are {n}.", Flag("too_few", n, minimum)
    )


def judge_empty() -> CannotEstimate:
    """That the judge has no value at all."""
    return CannotEstimate("The judge has no value for any unit, so there is nothing to correct.", Flag("judge_empty"))


def check_scores(judge: Floats, human: Floats, bounds: Bounds) -> None:
    """Raise ValueError where a score that is there is infinite or outside the bounds; NaN is none."""
    for scores in (judge, human):
        if np.isinf(scores).any():
            raise ValueError("Scores must be finite numbers, or NaN where there is none.")
        if bounds is not None and ((scores < bounds[0] - 1e-9) | (scores > bounds[1] + 1e-9)).any():
            raise ValueError(f"Scores lie outside {bounds[0]:g} to {bounds[1]:g}; pass their bounds, or bounds=None.")


def large_from(bounds: Bounds) -> float:
    """The difference from which on a disagreement is large: half the range."""
    return 0.5 * (1.0 if bounds is None else bounds[1] - bounds[0]) - 1e-9


def guard_rows(differences: Floats) -> float:
    """How many pseudo-residuals the guard adds for these human - judge differences: see `guard_weight`.

    A disagreement is a difference other than the most common one, so a judge that is lenient by a constant counts as
    one that is right.
    """
    return float(guard_weight(differences.size - most_common(differences[None, :]))[0])


def guard_weight(disagreements: Ints) -> Floats:
    """Pseudo-residuals for each count k of disagreements: 3.2 where there is none, 2 up to 5, 2 (5 / k)^3 from there.

    With none, an interval of +/- .6 sqrt(3.2 (1 - n/N) / (n (n + 2))) t is as wide as errors of .9 in as many items as
    go unseen with a chance of 10 % (hypergeometric): the rarest ones are missed in no more than one audit of ten. Where
    many were seen there is nothing left to guard against, and the plain interval covers. Source:
    `benchmarks/bench_honest.py --only rare`, and the single intervals of `--only pairs`.
    """
    fading = 2.0 * np.minimum(1.0, FEW_DISAGREEMENTS / np.maximum(disagreements, 1)) ** 3
    weight: Floats = np.where(disagreements == 0, 3.2, fading)
    return weight


def guarded(residuals: Floats, guard: float, rows: float, fitted: int = 1) -> float:
    """Variance of the residuals with `rows` pseudo-residuals, half at +guard and half at -guard about their mean.

    Judges err rarely and one-sidedly, so a sample may show no error at all; these keep its variance from being
    zero. They leave the estimate alone and fade as n grows. A guard of 0 turns them off. `fitted` numbers were
    estimated to make the residuals: 1 for their mean, 2 with a slope.
    """
    scatter = float(((residuals - residuals.mean()) ** 2).sum())
    extra = rows if guard > 0 else 0.0
    return (scatter + extra * guard**2) / (residuals.size - fitted + extra)


def slope_error(mean_all: float, seen: Floats) -> float:
    """What the slope adds to the variance of the estimate, in residual variances: (F - f)^2 / sum (f_i - f)^2.

    F is the judge's mean over all units, f over the `seen` (n,) reviewed ones: where the sample's mean lies far off, an
    error of the slope matters more. 0 where the judge says the same of all. Source: Cochran 1977, section 7.6 (the
    variance of a linear regression estimator, given the sample's f).
    """
    spread = float(((seen - seen.mean()) ** 2).sum())
    return (mean_all - float(seen.mean())) ** 2 / spread if spread > 1e-18 else 0.0


def _tuned_weight(human: Floats, judge: Floats) -> tuple[float, tuple[Flag, ...]]:
    """Slope of human on judge, kept within 0..1."""
    spread = float(((judge - judge.mean()) ** 2).sum())
    if spread <= 1e-18:
        return 0.0, (Flag("judge_constant", human.size),)
    slope = float(((human - human.mean()) * (judge - judge.mean())).sum() / spread)
    return min(max(slope, 0.0), 1.0), ()


def weight_of_judge(method: Method, human: Floats, judge: Floats) -> tuple[str, float, tuple[Flag, ...]]:
    """The method that "auto" stands for, its lam, and flags."""
    if method not in ("auto", "difference", "regression"):
        raise ValueError(f"Unknown method {method!r}: choose auto, difference or regression.")
    if method == "difference" or (method == "auto" and human.size < TUNED_FROM):
        return "difference", 1.0, ()
    if human.size < 3:
        raise CannotEstimate(
            f"The regression estimator needs at least 3 reviews, but there are {human.size}.",
            Flag("too_few", human.size, 3),
        )
    lam, flags = _tuned_weight(human, judge)
    return "regression", lam, flags


def finish(
    value: float,
    variance: float,
    df: float,
    noted: Noted,
    lam: float,
    method: str,
    target: str,
    confidence: float,
    limits: Bounds,
    flags: tuple[Flag, ...],
    span: tuple[float, float] | None = None,
    open_: int = 0,
) -> Estimate:
    """Interval by Student's t, kept within what is logically possible.

    `span` is the estimate with the `open_` units of the sample at their least and at their most: the interval reaches
    from below the one to above the other (Horowitz & Manski 2000).
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"Confidence must lie between 0 and 1, not {confidence}.")
    se = float(np.sqrt(max(variance, 0.0)))
    margin = t_margin(confidence, df) * se if se > 0 else 0.0
    least_value, most_value = span or (value, value)
    low, high = min(least_value, value) - margin, max(most_value, value) + margin
    if limits is not None:
        least, most = limits
        if not least - 1e-12 <= value <= most + 1e-12:
            flags = (*flags, Flag("moved"))
        value = min(max(value, least), most)
        low, high = min(max(low, least), value), max(min(high, most), value)
    return Estimate(
        value, low, high, se, df, noted.n, noted.total, lam, method, target, noted.flags + flags, open_,
        noted.disagreements, noted.large,
    )  # fmt: skip


def limits(noted: Noted, bounds: Bounds, target: str) -> Bounds:
    """The least and the most that the mean can be: unreviewed units may have any score within the bounds."""
    if bounds is None or target == "superpopulation":
        return bounds
    rest = noted.total - noted.n
    return (noted.human + rest * bounds[0]) / noted.total, (noted.human + rest * bounds[1]) / noted.total


def check_target(target: str) -> None:
    """Raise ValueError unless the target is known."""
    if target not in ("benchmark", "superpopulation"):
        raise ValueError(f"Unknown target {target!r}: choose benchmark or superpopulation.")
