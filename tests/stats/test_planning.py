"""Planning: published figures and what any plan must satisfy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.stats.planning import neyman_allocation, reviews_needed


@pytest.mark.parametrize(
    ("sd", "half_width", "expected"), [(0.05, 0.05, 4), (0.12, 0.03, 54), (0.12, 0.02, 103), (0.2, 0.005, 376)]
)
def test_reviews_needed(sd: float, half_width: float, expected: int) -> None:
    """n0 = (1.96 S / h)^2, n = n0 / (1 + n0 / 400), worked out with a pocket calculator."""
    assert reviews_needed(sd, half_width, 400) == expected


@given(st.floats(0, 1), st.floats(0.001, 0.5), st.integers(1, 2000))
def test_needed_is_enough_and_not_more(sd: float, half_width: float, total: int) -> None:
    n = reviews_needed(sd, half_width, total)
    assert 0 <= n <= total
    for reviews, enough in ((n, True), (n - 1, False)):
        if reviews >= 1:
            reached = 1.9599640 * sd * ((1 / reviews - 1 / total) ** 0.5)
            assert (reached <= half_width * (1 + 1e-6)) is enough or reached == pytest.approx(half_width, rel=1e-6)


def test_neyman() -> None:
    """G17: the stattrek.com example of two equal strata: 36 reviews with spreads 10.27 and 6.67 go 22 to 14."""
    assert neyman_allocation(36, [10_000, 10_000], [10.27, 6.67]) == [22, 14]


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), min_size=1, max_size=6), st.floats(0, 1))
def test_neyman_adds_up(strata: list[tuple[int, float]], share: float) -> None:
    sizes, sds = [size for size, _ in strata], [sd for _, sd in strata]
    n = int(share * sum(sizes))
    given_out = neyman_allocation(n, sizes, sds)
    assert sum(given_out) == n
    assert all(0 <= drawn <= size for drawn, size in zip(given_out, sizes, strict=True))


def test_refusals() -> None:
    with pytest.raises(ValueError, match="half-width above 0"):
        reviews_needed(0.1, 0.0, 400)
    with pytest.raises(ValueError, match="do not fit"):
        neyman_allocation(5, [2, 2], [1, 1])
