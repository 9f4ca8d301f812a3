"""Student's t: published quantiles, and cdf and quantile as each other's inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.stats.numeric.student import t_cdf, t_margin, t_quantile


@pytest.mark.parametrize(
    ("df", "expected"), [(4, 2.776445), (19, 2.093024), (49, 2.009575), (99, 1.984217), (199, 1.971957)]
)
def test_quantiles_of_the_tables(df: int, expected: float) -> None:
    """t at .975, as in any printed table (here to six digits, as computed by scipy)."""
    assert t_quantile(0.975, df) == pytest.approx(expected, abs=5e-7)
    assert t_margin(0.95, df) == t_quantile(0.975, df)


def test_one_degree_of_freedom_is_cauchy() -> None:
    """tan(pi (p - 1/2)) at p = 3/4 is 1; at .9 it is 3.0776835."""
    assert t_quantile(0.75, 1) == pytest.approx(1.0, abs=1e-9)
    assert t_quantile(0.9, 1) == pytest.approx(3.0776835, abs=1e-6)


def test_many_degrees_are_normal() -> None:
    assert t_quantile(0.975, 1e9) == pytest.approx(1.959964, abs=1e-6)
    assert t_quantile(0.975, 9e6) == pytest.approx(t_quantile(0.975, 1.1e7), abs=1e-6)


@given(st.floats(0.0005, 0.9995), st.floats(0.5, 5000))
def test_cdf_undoes_the_quantile(p: float, df: float) -> None:
    assert t_cdf(t_quantile(p, df), df) == pytest.approx(p, abs=1e-9)
    assert t_quantile(p, df) == pytest.approx(-t_quantile(1.0 - p, df), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("p", "df"), [(0.0, 5), (1.0, 5), (0.5, 0), (0.5, -1)])
def test_nonsense_is_refused(p: float, df: float) -> None:
    with pytest.raises(ValueError, match="must"):
        t_quantile(p, df)
