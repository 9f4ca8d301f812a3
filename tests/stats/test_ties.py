"""Values that are equal but for rounding."""

from __future__ import annotations

from collections import Counter
from math import nan

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.stats.numeric.ties import most_common

ROWS = st.integers(1, 7).flatmap(
    lambda width: st.lists(st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=width, max_size=width), min_size=1)
)


@settings(max_examples=40)
@given(ROWS)
def test_the_most_common_value_is_counted_though_its_last_bits_differ(rows: list[list[int | None]]) -> None:
    values = np.array([[nan if value is None else value / 10 for value in row] for row in rows])
    blurred = values + np.arange(values.size).reshape(values.shape) % 3 * 1e-12
    counts = [Counter(value for value in row if value is not None) for row in rows]
    assert most_common(blurred).tolist() == [max(count.values(), default=0) for count in counts]


def test_what_is_a_tie() -> None:
    """Neighbours up to 1e-9 apart; what is not there is no value; and rows may be empty."""
    assert most_common(np.array([[0.5, 0.5 + 9e-10, 1], [0.5, 0.5 + 2e-9, 1], [nan, nan, 1], [nan] * 3])).tolist() == [
        2, 1, 1, 0,
    ]  # fmt: skip
    assert most_common(np.empty((2, 0))).tolist() == [0, 0]
