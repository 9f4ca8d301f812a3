"""Values that are equal but for rounding."""

from __future__ import annotations

import numpy as np

from miareview.stats.numeric.resample import Floats, Ints

_TIE = 1e-9


def most_common(values: Floats) -> Ints:
    """How often the most common value of each row (rows, columns) occurs; NaN is none."""
    if not values.shape[1]:
        return np.zeros(len(values), dtype=np.int64)
    ordered = np.sort(values, axis=1)  # NaN last
    place = np.arange(values.shape[1])
    new = np.ones(ordered.shape, dtype=bool)
    new[:, 1:] = ~(np.diff(ordered, axis=1) <= _TIE)
    start = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    runs = np.where(np.isnan(ordered), 0, place - start + 1)
    most: Ints = runs.max(axis=1).astype(np.int64)
    return most
