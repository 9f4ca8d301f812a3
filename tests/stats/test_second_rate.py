"""Rates weighted by the chance to be read: by hand, over all samples, and refused where they cannot be given."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.stats.agreement.second import FEWEST, CannotWeight, Stratum, weighted_rate, wilson, worth
from miareview.words.flags import say


def test_by_hand() -> None:
    """10 of 40 components differ in what was read completely; 3 of 30 in 15 of 60 other responses, two components each.

    rate = (40 * 10/40 + 120 * 3/30) / 160 = 22 / 160. Each of the 15 has 0 or 1 of 2: z = y - x/10 is 0.8 three times
    and -0.2 twelve times, 2.4 in squares; variance 15/14 * 2.4 / 900, over .1 * .9 / 30 that is .952, so 30 components
    are worth 30, over 1 - 15/60 that is 40.
    """
    apart = Stratum("that differ", [1.0] * 10, [4.0] * 10, 10, 40)
    rest = Stratum("of the rest", [1.0] * 3 + [0.0] * 12, [2.0] * 15, 60, 120)
    found = weighted_rate([apart, rest])
    assert found.value == pytest.approx(22 / 160)
    assert (found.read, found.responses) == (25, 70)
    low, high = wilson(0.1, 40)
    assert (low, high) == pytest.approx((0.0395795, 0.2305178), abs=1e-6)
    assert found.low == pytest.approx(22 / 160 - 0.75 * (0.1 - low))
    assert found.high == pytest.approx(22 / 160 + 0.75 * (high - 0.1))


def test_clustered_components_are_worth_fewer() -> None:
    assert worth([2.0, 0.0, 0.0, 0.0] * 5, [2.0] * 20) < worth([1.0, 1.0, 0.0, 0.0] * 5, [2.0] * 20) <= 40
    assert worth([0.0] * 7, [3.0] * 7) == 21


def test_unbiased_over_all_samples_of_equal_responses() -> None:
    """Every sample of 10 of 12 responses with three components each: the mean rate is the true one."""
    hits = [0, 1, 0, 2, 0, 0, 3, 0, 1, 0, 0, 1]
    apart = Stratum("that differ", [3.0, 1.0], [3.0, 2.0], 2, 5)
    rates = [
        weighted_rate([apart, Stratum("rest", [float(hits[k]) for k in some], [3.0] * 10, 12, 36)]).value
        for some in combinations(range(12), 10)
    ]
    assert sum(rates) / len(rates) == pytest.approx((4 + sum(hits)) / (5 + 36))


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=FEWEST, max_size=30), st.integers(0, 40))
def test_the_interval_holds_the_rate_and_closes_when_all_is_read(hits: list[int], unread: int) -> None:
    total = len(hits) + unread
    found = weighted_rate([Stratum("rest", [float(hit) for hit in hits], [3.0] * len(hits), total, 3 * total)])
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.low == found.high) == (unread == 0)


def test_too_few_are_refused() -> None:
    none = Stratum("rest", [], [], 40, 100)
    with pytest.raises(CannotWeight) as refused:
        weighted_rate([Stratum("that differ", [1.0], [2.0], 1, 2), none])
    assert say(refused.value.flag) == "0 of 40 responses of the rest are read a second time; a rate needs 10."
    assert (
        weighted_rate([Stratum("that differ", [1.0], [2.0], 1, 2), Stratum("of the rest", [], [], 0, 0)]).value == 0.5
    )
