"""Ranks of corrected scores: what they are where the answer is known, and how unsure they are."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_columns import add_rater, add_scores, empty_columns, set_sample, simulated

from miareview.model import ScoreColumns
from miareview.stats.board.leaderboard import Leaderboard, leaderboard
from miareview.stats.board.ranks import joint_deviations, kendall_tau_b, rank_scores
from miareview.words.flags import say


def test_kendall_tau_b_of_the_scipy_documentation() -> None:
    assert kendall_tau_b([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.4714045207910316, abs=1e-12)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=12), st.randoms())
def test_kendall_tau_b_counts_pairs(x: list[int], random: object) -> None:
    """Against the definition, pair by pair; and it only depends on the order of the values."""
    y = x.copy()
    random.shuffle(y)  # type: ignore[attr-defined]
    pairs = [(i, j) for i in range(len(x)) for j in range(i)]
    agree = sum(((x[i] > x[j]) - (x[i] < x[j])) * ((y[i] > y[j]) - (y[i] < y[j])) for i, j in pairs)
    untied = [sum(1 for i, j in pairs if z[i] != z[j]) for z in (x, y)]
    found = kendall_tau_b(x, y)
    if min(untied) == 0:
        assert found is None
    else:
        assert found == pytest.approx(agree / math.sqrt(untied[0] * untied[1]))
        assert kendall_tau_b([3 * v + 1 for v in x], y) == pytest.approx(found)


def test_kendall_needs_two_lists_of_one_length() -> None:
    with pytest.raises(ValueError, match="one length"):
        kendall_tau_b([1, 2], [1, 2, 3])


def test_equal_scores_share_the_better_rank() -> None:
    assert rank_scores([0.5, 0.7, 0.7, 0.1]).tolist() == [3, 1, 1, 4]
    assert rank_scores([0.1 + 0.2, 0.3]).tolist() == [1, 1]
    assert rank_scores([]).tolist() == []


def test_replicates_have_the_variance_of_the_paired_difference() -> None:
    """Deviations of a difference have the variance (1 - n/N) s^2 / n of the item differences, and t's tails."""
    rng = np.random.default_rng(1)
    residuals = rng.normal(0, 0.1, (2, 80)) + rng.normal(0, 0.2, 80)
    n, total = 80, 400
    plain = np.sqrt((1 - n / total) * residuals.var(axis=1, ddof=1) / n)
    found = joint_deviations(residuals, [total] * 2, plain, replicates=8000, seed=3)
    drawn = found.tails * found.drawn
    expected = (1 - n / total) * (residuals[0] - residuals[1]).var(ddof=1) / n * (n - 1) / (n - 3)
    assert (drawn[:, 0] - drawn[:, 1]).var() == pytest.approx(expected, rel=0.1)
    assert drawn.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.002)
    guarded = joint_deviations(residuals, [total] * 2, 2 * plain, replicates=8000, seed=3)
    single = guarded.drawn.var(axis=0)
    assert single == pytest.approx(plain**2 * 2.5, rel=0.1)


def test_where_no_error_was_seen_the_guard_still_moves_the_scores() -> None:
    found = joint_deviations(np.zeros((2, 20)), [400, 400], [0.05, 0.05])
    assert found.drawn.std(axis=0) == pytest.approx([0.05 / 2**0.5] * 2, rel=0.1)
    with pytest.raises(ValueError, match="at least two"):
        joint_deviations([[0.1, math.nan]], [5], [0.1])
    with pytest.raises(ValueError, match="one row of residuals"):
        joint_deviations(np.zeros((2, 5)), [5], [0.1, 0.1])


def same_twice(reviewed: int) -> ScoreColumns:
    """Two models with the same answers, judged and reviewed alike."""
    columns = empty_columns(30, ["a", "b"], [[10]] * 30, [["math"]] * 30)
    ann = add_rater(columns, "ann")
    for model in (0, 1):
        for item in range(30):
            add_scores(columns, model * 30 + item, 0, [5 + item % 5])
            if item < reviewed:
                add_scores(columns, model * 30 + item, ann, [3 + item % 4])
        set_sample(columns, model, [model * 30 + item for item in range(reviewed)])
    return columns


def ranks(board: Leaderboard) -> dict[str, tuple[int | None, ...]]:
    found = {}
    for model in board.models:
        assert model.rank is not None
        found[model.model] = (model.rank.judge, model.rank.corrected, model.rank.low, model.rank.high)
    return found


def test_identical_models_share_the_first_rank_and_nothing_tells_them_apart() -> None:
    board = leaderboard(same_twice(12))
    assert ranks(board) == {"a": (1, 1, 1, 2), "b": (1, 1, 1, 2)}
    assert board.tau_b is None
    assert not any(pair.settled for pair in board.pairs)
    full = leaderboard(same_twice(30))
    assert ranks(full) == {"a": (1, 1, 1, 1), "b": (1, 1, 1, 1)}


def two_models(gap: int, reviewed: int, items: int = 60) -> ScoreColumns:
    """The second model is worse by `gap` of ten points on every item, but the judge has it one point better."""
    columns = empty_columns(items, ["good", "bad"], [[10]] * items, [["math"]] * items)
    ann = add_rater(columns, "ann")
    for item in range(items):
        true = 7 + item % 3
        for model, points, said in ((0, true, 7), (1, true - gap, 8)):
            add_scores(columns, model * items + item, 0, [said])
            if item < reviewed:
                add_scores(columns, model * items + item, ann, [points])
    for model in (0, 1):
        set_sample(columns, model, [model * items + item for item in range(reviewed)])
    return columns


def test_a_dominated_model_is_last_whatever_the_judge_says() -> None:
    board = leaderboard(two_models(5, 40))
    assert ranks(board) == {"bad": (1, 2, 2, 2), "good": (2, 1, 1, 1)}
    assert board.tau_b == pytest.approx(-1.0)
    assert board.unsettled == 0


def test_full_review_leaves_no_doubt_and_few_reviews_leave_some() -> None:
    full = leaderboard(two_models(1, 60))
    assert ranks(full) == {"bad": (1, 2, 2, 2), "good": (2, 1, 1, 1)}
    columns, _ = simulated(items=60, models=3, reviewed=6, seed=2)
    few = leaderboard(columns)
    assert all(model.rank and model.rank.low != model.rank.high for model in few.models)
    assert few.unsettled > 0


def test_ranks_compare_only_what_can_be_compared() -> None:
    """One model of three has no sample: it keeps the judge's rank among all, the others are ranked among themselves."""
    columns, _ = simulated(items=40, models=3, reviewed=20, seed=3)
    columns.samples[1] = None
    board = leaderboard(columns)
    by_name = {model.model: model.rank for model in board.models}
    assert {name: rank.of for name, rank in by_name.items() if rank} == {"m0": 2, "m1": 3, "m2": 2}
    assert by_name["m1"] is not None
    assert by_name["m1"].corrected is None
    assert sorted(by_name[name].judge for name in ("m0", "m2") if by_name[name]) == [1, 2]  # type: ignore[union-attr]


def test_without_reviews_there_is_only_the_judges_ranking() -> None:
    columns, _ = simulated(items=20, models=2, reviewed=0)
    board = leaderboard(columns)
    assert {rank[1:] for rank in ranks(board).values()} == {(None, None, None)}
    assert {rank[0] for rank in ranks(board).values()} == {1, 2}
    assert (board.tau_b, board.unsettled) == (None, 0)


@pytest.mark.parametrize("reviewed", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("errors", ["skip", "zero"])
def test_json_is_plain_and_seeded(reviewed: int, errors: str) -> None:
    columns, _ = simulated(items=20, models=3, reviewed=reviewed)
    columns.response_status[4] = "error"
    if reviewed:
        set_sample(columns, 0, [r for r in range(20) if r != 4][:reviewed])
    board = leaderboard(columns, errors=errors)  # type: ignore[arg-type]
    text = json.dumps(board.to_json(say), allow_nan=False)
    found = json.loads(text)
    assert {"tau_b", "unsettled_pairs", "seed", "replicates"} <= set(found)
    for model in found["models"]:
        assert set(model["rank"]) == {"judge", "corrected", "low", "high", "simultaneous", "of"}
    assert json.dumps(leaderboard(columns, errors=errors).to_json(say)) == text  # type: ignore[arg-type]
