"""Published figures that are not in the tests of their module, and a list of which test holds which figure."""

import re
from math import nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import FOUR_OBSERVERS, from_counts

from miareview.stats.agreement import alpha, gwet_ac
from miareview.stats.agreement.chance import brennan_prediger, conger_kappa, fleiss_kappa, gwet_multi, rating_counts
from miareview.stats.board.ranks import kendall_tau_b

HERE = Path(__file__).parent
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def test_fleiss_kappa() -> None:
    """G5: the example of Wikipedia's article on Fleiss' kappa, 14 raters and 10 subjects: .210."""
    assert fleiss_kappa(FLEISS) == pytest.approx(0.209931, abs=5e-7)


def test_kendall_tau_b() -> None:
    """G7: the example of SciPy's documentation of kendalltau: -.4714045."""
    assert kendall_tau_b([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.4714045, abs=5e-8)


def test_several_raters_with_missing_ratings() -> None:
    """G9: irrCAC on the four observers of Krippendorff 2011: AC1 .77544, Fleiss .76117, AC2 .91400, alpha .84911."""
    counts, values = rating_counts(FOUR_OBSERVERS)
    assert gwet_multi(counts) == pytest.approx(0.77544, abs=5e-6)
    assert fleiss_kappa(counts) == pytest.approx(0.76117, abs=5e-6)
    assert gwet_multi(counts, values) == pytest.approx(0.91400, abs=5e-6)
    assert alpha(FOUR_OBSERVERS) == pytest.approx(0.84911, abs=5e-6)
    assert brennan_prediger(counts) == pytest.approx(0.77273, abs=5e-6)


def test_conger_by_irrcac() -> None:
    """G9: Conger .76282. In irrCAC's own table the one rating of the last unit is the third observer's."""
    observers = np.array(FOUR_OBSERVERS, dtype=float)
    observers[2, 11], observers[1, 11] = observers[1, 11], np.nan
    assert conger_kappa(observers) == pytest.approx(0.76282, abs=5e-6)
    assert conger_kappa([[1.0, 1.0], [1.0, 1.0]]) is None


def test_three_abstractors() -> None:
    """G10: irrCAC's cont3x3abstractors: Scott's pi .7962397, alpha .79726, AC1 .84933 by the function for many."""
    pair = from_counts(ABSTRACTORS)
    counts, _ = rating_counts(pair)
    assert fleiss_kappa(counts) == pytest.approx(0.7962397, abs=5e-8)
    assert alpha(pair, "nominal") == pytest.approx(0.79726, abs=5e-6)
    assert gwet_multi(counts) == pytest.approx(0.84933, abs=5e-6)
    assert brennan_prediger(counts) == pytest.approx(0.83500, abs=5e-6)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_two_raters_are_a_case_of_many(seed: int) -> None:
    """Gwet's coefficient of many raters is that of two where there are two, whatever the order of units."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 4, (2, 30)) / 3.0
    counts, values = rating_counts(table, np.arange(4) / 3.0)
    assert gwet_multi(counts) == pytest.approx(gwet_ac(*table, categories=values))
    assert gwet_multi(counts, values) == pytest.approx(gwet_ac(*table, "quadratic", categories=values))
    shuffled, _ = rating_counts(table[::-1][:, rng.permutation(30)], values)
    assert fleiss_kappa(shuffled) == pytest.approx(fleiss_kappa(counts))


def test_undefined_beyond_chance() -> None:
    one_value, values = rating_counts([[1, 1, nan], [1, 1, nan]])
    assert one_value.shape == (2, 1)
    assert fleiss_kappa(one_value) is None
    assert gwet_multi(one_value, values) is None
    alone, _ = rating_counts([[1, nan], [nan, 0]])
    assert fleiss_kappa(alone) is None
    with pytest.raises(ValueError, match="outside the given categories"):
        rating_counts([[1, 2], [1, 3]], [1, 2])
    with pytest.raises(ValueError, match="how often each value"):
        fleiss_kappa([1, 2, 3])


def test_the_page_lists_a_test_for_every_figure() -> None:
    """docs/statistics.md names file and function; each exists and its docstring names the figure."""
    page = (HERE.parents[1] / "docs" / "statistics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (G\d+) \|.*\| `(test_\w+\.py)`: (.*) \|$", page, re.MULTILINE)
    gone = {11, 12, 16, 17}  # of formulas that are not there any more
    assert [name for name, _, _ in rows] == [f"G{number}" for number in range(1, 21) if number not in gone]
    for name, file, functions in rows:
        source = (HERE / file).read_text(encoding="utf-8")
        for function in re.findall(r"`(test_\w+)`", functions):
            body = re.search(rf'def {function}\(.*?\) -> None:\n    """(.*?)"""', source, re.DOTALL)
            assert body, f"{file} has no {function}"
            assert f"{name}:" in body[1], f"{function} does not say that it is {name}"
