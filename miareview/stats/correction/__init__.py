"""Corrected scores: what full human review would have given, from a judge on all units and people on some."""

from miareview.stats.correction.estimators import *  # noqa: F403
from miareview.stats.correction.estimators import __all__ as __all__
