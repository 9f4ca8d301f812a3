"""Corrected scores: what full human review would have given, from a judge on all units and people on some."""

from miareview.stats.correction.domains import FLAGGED_ITEMS, REFUSED_ITEMS, corrected_domain, corrected_domains
from miareview.stats.correction.estimate import CannotEstimate, Estimate
from miareview.stats.correction.estimators import corrected_difference, corrected_mean

__all__ = [
    "FLAGGED_ITEMS",
    "REFUSED_ITEMS",
    "CannotEstimate",
    "Estimate",
    "corrected_difference",
    "corrected_domain",
    "corrected_domains",
    "corrected_mean",
]
