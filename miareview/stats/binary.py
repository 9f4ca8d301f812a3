"""A pass rate corrected with a calibration set from elsewhere: for binary verdicts only.

Where the calibrated responses are a random sample of those that are scored, `corrected_mean` on 0/1 scores has half
the error; this is for labels of other responses, which cannot stand in the mean itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from miareview.stats.estimate import CannotEstimate


@dataclass(frozen=True, slots=True)
class PassRate:
    """An estimated share of responses that truly pass, with its interval."""

    value: float
    low: float
    high: float


def rogan_gladen(
    judged: float, specificity: float, sensitivity: float, sizes: tuple[int, int, int], *, confidence: float = 0.95
) -> PassRate:
    """True pass rate from the judge's, corrected for its errors (Rogan & Gladen 1978; interval: Lee et al. 2025).

    `judged` is the share of `sizes[0]` responses that the judge passes; `specificity` and `sensitivity` its shares of
    right verdicts on `sizes[1]` calibration responses that truly fail and `sizes[2]` that truly pass. The value is
    (p + q0 - 1) / (q0 + q1 - 1) within 0..1. For the interval z^2 / 2 successes and failures are added to p, one of
    each to q0 and q1, and its centre moves by 2 z^2 (q1' (1 - q1') theta / m1 - q0' (1 - q0') (1 - theta) / m0)
    [arXiv 2511.21140, adjusted Wald]. Raises `CannotEstimate` where the judge is no better than a coin.
    """
    n, m0, m1 = sizes
    if min(sizes) < 1 or not all(0.0 <= share <= 1.0 for share in (judged, specificity, sensitivity)):
        raise ValueError("A pass rate needs three shares within 0..1, each of at least one response.")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"Confidence must lie between 0 and 1, not {confidence}.")
    if specificity + sensitivity <= 1.0:
        raise CannotEstimate("The judge is no better than a coin on the calibration set, so it cannot be corrected.")
    value = (judged + specificity - 1.0) / (specificity + sensitivity - 1.0)
    z = NormalDist().inv_cdf(0.5 + 0.5 * confidence)
    total = n + z**2
    p = (n * judged + z**2 / 2.0) / total
    fails, passes = m0 + 2, m1 + 2
    q0, q1 = (m0 * specificity + 1.0) / fails, (m1 * sensitivity + 1.0) / passes
    gain = q0 + q1 - 1.0
    if gain <= 0.0:
        raise CannotEstimate("The calibration set is too small to tell the judge from a coin.")
    theta = (p + q0 - 1.0) / gain
    shift = 2.0 * z**2 * (-(1.0 - theta) * q0 * (1.0 - q0) / fails + theta * q1 * (1.0 - q1) / passes)
    noise = p * (1.0 - p) / total + (1.0 - theta) ** 2 * q0 * (1.0 - q0) / fails + theta**2 * q1 * (1.0 - q1) / passes
    half = z * sqrt(noise) / gain
    return PassRate(_within(value), _within(theta + shift - half), _within(theta + shift + half))


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)
