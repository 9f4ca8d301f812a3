"""Planning: published figures and what any plan must satisfy."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_columns import add_rater, add_scores, empty_columns, set_sample, simulated

from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.frame import build_frame
from miareview.stats.numeric.chisquare import chi2_cdf, chi2_quantile
from miareview.stats.planning.plan import make_plan
from miareview.stats.planning.sizes import more_to_settle, reviews_needed, spread_of, upper_sd
from miareview.stats.planning.step import Drawn, next_step
from miareview.words.plan import command, sentence


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


def test_refusals() -> None:
    with pytest.raises(ValueError, match="half-width above 0"):
        reviews_needed(0.1, 0.0, 400)


@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [(0.95, 1, 3.841), (0.05, 10, 3.940), (0.5, 2, 1.386), (0.99, 100, 135.807), (0.025, 4, 0.484), (0.2, 29, 22.475),
     (0.1, 1, 0.016), (0.995, 30, 53.672)],
)  # fmt: skip
def test_chi_square_by_the_tables(p: float, df: int, expected: float) -> None:
    """Three decimals, as in the tables of any textbook."""
    assert chi2_quantile(p, df) == pytest.approx(expected, abs=5.1e-4)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0.5, 500))
def test_chi_square_turns_back(p: float, df: float) -> None:
    assert chi2_cdf(chi2_quantile(p, df), df) == pytest.approx(p, abs=1e-8)


@given(st.floats(0.01, 60))
def test_chi_square_of_two_degrees_is_exponential(x: float) -> None:
    assert chi2_cdf(x, 2) == pytest.approx(1.0 - 2.718281828459045 ** (-x / 2), abs=1e-12)


def test_upper_spread_of_a_pilot() -> None:
    """Thirty reviews: sqrt(29 / 22.475) = 1.136; fewer know less."""
    assert upper_sd(1.0, 30) == pytest.approx(1.136, abs=5e-4)
    assert upper_sd(1.0, 5) > upper_sd(1.0, 30) > upper_sd(1.0, 300) > 1.0
    assert (spread_of(0.1, 30).basis, spread_of(0.1, 29).basis, spread_of(None, 1).basis) == ("pilot", "rough", "none")
    with pytest.raises(ValueError, match="at least 2"):
        upper_sd(0.1, 1)


def test_next_step_in_every_state() -> None:
    """The code of the step, and the command that its words make of it."""
    queue = Drawn("gold 50", 7, 50, 30)
    go_on = "miareview review --queue 'gold 50' --as YOUR-NAME"
    cases = [
        (next_step(None, 400, None), "draw", "miareview queue create next-30 --size 30"),
        (next_step(100, 40, None), "draw", "miareview queue create next-40 --size 40"),
        (next_step(42, 400, queue), "go_on", go_on),
        (next_step(None, 400, replace(queue, done=0)), "go_on", go_on),
        (next_step(42, 400, replace(queue, gaps=(17,))), "fill_gap", go_on),
        (next_step(42, 400, replace(queue, changed=True)), "draw_anew",
         "miareview queue create next-42 --size 42 --seed 7"),
        (next_step(90, 400, queue, frozenset(["next-90"])), "draw_longer",
         "miareview queue create next-90b --size 90 --seed 7"),
        (next_step(25, 400, queue), "enough", "miareview scores"),
        (next_step(25, 30, queue), "complete", "miareview scores"),
        (next_step(None, 0, None), "nothing", ""),
    ]  # fmt: skip
    for step, code, typed in cases:
        assert (step.code, command(step)) == (code, typed)
        assert sentence(step).endswith(".")
    assert command(cases[0][0], ["--model", "a b"]).endswith("--model 'a b'")
    assert sentence(cases[2][0]) == "Go on with gold 50 (seed 7): 12 more items."
    assert sentence(cases[4][0]).startswith("Item 17 in gold 50 (seed 7) is not committed")
    assert cases[6][0].more == 60


def test_plan_by_hand() -> None:
    """Forty of 400 one-component items reviewed, residuals 0 and -.2 in turn: spread, 80 % bound and n by formula."""
    columns = empty_columns(400, ["m"], [[5]] * 400, [["math"]] * 400)
    ann = add_rater(columns, "ann")
    for response in range(400):
        add_scores(columns, response, 0, [5])
    for response in range(40):
        add_scores(columns, response, ann, [5 - response % 2])
    set_sample(columns, 0, list(range(40)))
    need = make_plan(build_frame(columns), 0.02).models[0]
    rows = 2 * (5 / 20) ** 3  # twenty of forty disagree, so little is left of the guard
    expected = ((40 * 0.01 + rows * 0.6**2) / (39 + rows)) ** 0.5
    assert need.spread.sd == pytest.approx(expected)
    assert need.spread.upper == pytest.approx(expected * (39 / chi2_quantile(0.2, 39)) ** 0.5)
    assert need.needed == reviews_needed(need.spread.upper, 0.02, 400)
    assert (need.spread.basis, need.more) == ("pilot", need.needed - 40)


def test_what_the_plan_asks_for_gives_the_width() -> None:
    """Reviewing as many items as planned, on the spread itself, brings the half-width to what was asked (t aside)."""
    few, _ = simulated(items=400, models=1, reviewed=40, seed=4)
    need = make_plan(build_frame(few), 0.02).models[0]
    planned = reviews_needed(need.spread.sd, 0.02, 400)
    then, _ = simulated(items=400, models=1, reviewed=planned, seed=4)
    assert make_plan(build_frame(then), 0.02).models[0].half_width_now == pytest.approx(0.02, rel=0.25)


def test_plan_of_categories_and_pairs() -> None:
    columns, _ = simulated(items=120, models=2, reviewed=40, seed=2)
    plan = make_plan(build_frame(columns), 0.03, by_category=True)
    for model in plan.models:
        assert model.spread.n == 40
        for found in model.categories:
            assert found.needed is not None
            assert found.in_category <= found.items
            assert found.needed == pytest.approx(found.in_category * 120 / found.items, abs=1)
    (one,) = plan.pairs
    (shown,) = leaderboard(columns).pairs
    assert one.pair in (shown, shown.turned())  # a plan and the scores are of one mind
    assert one.pair.settled == (one.more == 0)
    wider = make_plan(build_frame(columns), 0.06, by_category=True)
    assert wider.needed < plan.needed


def test_plan_without_reviews_says_so() -> None:
    columns, _ = simulated(items=50, models=2, reviewed=0)
    plan = make_plan(build_frame(columns), 0.05, by_category=True)
    assert plan.needed is None
    for model in plan.models:
        assert (model.needed, model.more, model.spread.basis) == (None, None, "none")
        assert dict(model.assumed)[0.1] == reviews_needed(0.1, 0.05, 50)
        assert {(found.needed, found.refused.code) for found in model.categories if found.refused} == {(None, "pilot")}
    assert plan.pairs[0].more is None
    assert plan.pairs[0].refused is not None


def test_a_pilot_has_no_number_to_the_unit() -> None:
    """Below 15 reviewed items neither a model nor a pair nor a category says how many more; from 15 on they do."""
    for reviewed in (14, 15):
        columns, _ = simulated(items=60, models=2, reviewed=reviewed)
        plan = make_plan(build_frame(columns))
        for model in plan.models:
            assert (model.refused is not None) == (model.needed is None) == (reviewed < 15)
        (one,) = plan.pairs
        assert ((one.refused.code if one.refused else "") == "pilot") == (reviewed < 15)


def test_plan_of_one_model_only() -> None:
    columns, _ = simulated(items=50, models=3, reviewed=30)
    plan = make_plan(build_frame(columns), models=["m1"])
    assert [model.model for model in plan.models] == ["m1"]
    assert plan.pairs == ()
    with pytest.raises(ValueError, match="half-width above 0"):
        make_plan(build_frame(columns), 0.0)


def test_how_many_more_reviews_settle_a_pair() -> None:
    def more(difference: float, half: float, n: int = 60) -> int | None:
        return more_to_settle(difference, difference - half, difference + half, difference - 2 * half,
                              difference + 2 * half, n, 400)  # fmt: skip

    first = more(0.04, 0.03)
    assert first is not None
    assert 0 < first < 340
    closer = more(0.03, 0.03)
    assert closer is not None
    assert closer > first
    assert more(0.0001, 0.03) is None
    assert more(0.01, 0.0, 400) is None
