"""All pairs at once: equal to the paired estimate, wider together, honest about gaps, people and unequal answers."""

from math import log, nan, sqrt

import numpy as np
import pytest
from made_columns import add_rater, add_scores, empty_columns, set_sample, simulated

from miareview.stats.behind import missing
from miareview.stats.board.contest import Field, contest
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.pooled import homogeneity, pooled_scores
from miareview.stats.board.ranks import Deviations, joint_deviations
from miareview.stats.correction import corrected_difference, corrected_mean
from miareview.stats.frame import build_frame
from miareview.stats.numeric.looks import RHO, looks_margin
from miareview.stats.numeric.student import t_margin


def made(models: int, items: int, reviewed: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    human = np.round(np.clip(rng.normal(0.8, 0.2, (models, items)), 0, 1), 1)
    judge = np.round(np.clip(human + rng.choice([0, 0, 0.1, 0.2], human.shape), 0, 1), 1)
    seen = np.full(human.shape, nan)
    seen[:, rng.permutation(items)[:reviewed]] = 0.0
    return judge, np.where(np.isnan(seen), nan, human)


@pytest.mark.parametrize("reviewed", [12, 29, 30, 60, 100])
def test_every_pair_is_the_paired_estimate(reviewed: int) -> None:
    judge, seen = made(4, 100, reviewed, 5)
    seen[1, np.flatnonzero(~np.isnan(seen[1]))[:3]] = nan  # not in the sample of model 1
    found = contest(Field(judge, seen, seen, seen), None)
    low, high = found.ends(found.single)
    for a in range(4):
        for b in range(4):
            if a == b:
                continue
            pair = corrected_difference(judge[a], seen[a], judge[b], seen[b])
            assert found.value[a, b] == pytest.approx(pair.value, abs=1e-12)
            assert (low[a, b], high[a, b]) == pytest.approx((pair.low, pair.high), abs=1e-9)
            assert found.n[a, b] == pair.n


def test_together_is_wider_than_alone_and_any_look_wider_still() -> None:
    judge, seen = made(6, 400, 50, 1)
    deviations = joint_deviations(
        seen - judge, [400] * 6, [corrected_mean(j, s).se for j, s in zip(judge, seen, strict=True)]
    )
    found = contest(Field(judge, seen, seen, seen), deviations)
    pairs = np.triu_indices(6, 1)
    assert (found.all > found.single)[pairs].all()
    assert (found.any > found.all)[pairs].all()
    assert 2.7 < found.all[0, 1] < 3.3
    low, high = found.ranks()
    value = found.value.mean(axis=1)
    place = np.argsort(np.argsort(-value)) + 1
    assert ((low <= place) & (place <= high)).all()


def test_the_bound_for_any_look_by_hand() -> None:
    """50 of 400: t = 1/7; z^2 = (1 + rho/t)(ln(1 + t/rho) - 2 ln .05), and with many degrees of freedom that is it."""
    time = 50 / 350
    z = sqrt((1 + RHO / time) * (log(1 + time / RHO) - 2 * log(0.05)))
    assert looks_margin(t_margin(0.95, 1e9), 1e9, 50, 400) == pytest.approx(z, rel=1e-6)
    assert looks_margin(t_margin(0.95, 48), 48, 50, 400) > z
    assert looks_margin(2.0, 398, 400, 400) == 0.0
    with pytest.raises(ValueError, match="cannot have been reviewed"):
        looks_margin(2.0, 3, 0, 400)


def test_a_gap_costs_half_of_its_share_on_either_side() -> None:
    """59 of 60: the ends are those with the open score at 0 and at 1, before chance."""
    judge, seen = made(1, 400, 60, 2)
    judge, seen = judge[0], seen[0]
    skipped = int(np.flatnonzero(~np.isnan(seen))[7])
    known = seen.copy()
    known[skipped] = nan
    low, high = known.copy(), known.copy()
    low[skipped], high[skipped] = 0.0, 1.0
    found = corrected_mean(judge, known, open_=(low, high), bounds=None, method="difference")
    plain = corrected_mean(judge, known, bounds=None, method="difference")
    residuals = (known - judge)[~np.isnan(known)]
    base = judge.mean()
    worst = base + (residuals.sum() - judge[skipped]) / 60
    best = base + (residuals.sum() + 1 - judge[skipped]) / 60
    half = (plain.high - plain.low) / 2
    assert (found.low, found.high) == pytest.approx((worst - half, best + half), abs=1e-12)
    assert found.high - found.low == pytest.approx(plain.high - plain.low + 1 / 60)
    assert [(flag.code, flag.n, flag.of) for flag in found.flags][:1] == [("gap", 1, 60)]


def two_models_by(people: str, items: int = 60) -> object:
    """Equal models; of model a the first letter of `people` reviews, of b the second; "s" takes a point off."""
    columns = empty_columns(items, ["a", "b"], [[10]] * items, [["math"]] * items)
    raters = {name: add_rater(columns, name) for name in dict.fromkeys(people)}
    for model, name in enumerate(people):
        for item in range(items):
            response = model * items + item
            points = 7 + item % 3
            add_scores(columns, response, 0, [points])
            if item < 40:
                add_scores(columns, response, raters[name], [points - (name == "s")])
        set_sample(columns, model, [model * items + item for item in range(40)])
    return columns


def test_models_of_different_people_are_not_compared() -> None:
    board = leaderboard(two_models_by("sm"))  # type: ignore[arg-type]
    (pair,) = board.pairs
    assert pair.refused is not None
    assert (pair.refused.code, pair.settled, pair.flipped) == ("confounded", False, False)
    assert all("confounded" in {flag.code for flag in model.flags} for model in board.models)
    assert {(m.rank.low, m.rank.high) for m in board.models if m.rank} == {(1, 2)}
    frame = build_frame(two_models_by("sm"))  # type: ignore[arg-type]
    assert missing(frame, board, "s").unread == tuple(frame.columns.responses[60:100])  # what "m" scored
    assert len(missing(frame, board, "somebody").unread) == 80
    assert missing(frame, board, "s").gaps == ()
    same = leaderboard(two_models_by("mm"))  # type: ignore[arg-type]
    assert missing(frame, same, "s").unread == ()
    assert same.pairs[0].refused is None
    assert not any(flag.code == "confounded" for model in same.models for flag in model.flags)


def test_unequal_answers_are_said_and_pairs_are_of_common_items() -> None:
    columns, _ = simulated(items=60, models=2, reviewed=30)
    drawn = columns.samples[0]
    assert drawn is not None
    failed = next(r for r in range(60) if columns.responses[r] not in drawn.responses)
    columns.response_status[failed] = "error"
    set_sample(columns, 0, [columns.responses.index(r) for r in drawn.responses])
    board = leaderboard(columns)
    (pair,) = board.pairs
    assert pair.total == 59
    assert [(f.n, f.of) for f in pair.flags if f.code == "unequal_answers"] == [(1, 60)]
    by_name = {m.model: [f.n for f in m.flags if f.code == "unequal_answers"] for m in board.models}
    assert by_name == {"m0": [1], "m1": []}


def test_pooling_is_the_mean_bias_where_the_models_own_is_nothing() -> None:
    """Four models with one known sampling error each and equal measured biases: pooled = judge - that bias."""
    rng = np.random.default_rng(3)
    deviations = Deviations(0.02 * rng.standard_normal((4000, 4)), np.ones((4000, 1)), 1e6, 0.125)
    judge = np.array([0.9, 0.85, 0.8, 0.75])
    pool = pooled_scores(judge, judge - 0.05, deviations)
    assert pool is not None
    assert pool.value == pytest.approx(judge - 0.05, abs=1e-9)
    assert ((pool.high - pool.low) / 2 < 1.96 * 0.02).all()
    apart = pooled_scores(judge, judge - np.array([0.05, 0.05, 0.05, 0.30]), deviations)
    assert apart is not None
    assert judge[3] - apart.value[3] == pytest.approx(0.30, abs=0.03)  # a large own bias is left where it was seen
    assert pooled_scores(judge[:2], judge[:2], Deviations(deviations.drawn[:, :2], deviations.tails, 9.0, 0.1)) is None


def test_the_bias_differs_or_does_not() -> None:
    rng = np.random.default_rng(4)
    deviations = Deviations(0.01 * rng.standard_normal((4000, 5)), np.ones((4000, 1)), 1e6, 0.1)
    alike = homogeneity(np.full(5, 0.05), deviations)
    assert (alike.differs, alike.p, alike.stands_out.any()) == (False, 1.0, False)
    one = homogeneity(np.array([0.05, 0.05, 0.05, 0.05, 0.15]), deviations)
    assert one.differs
    assert one.stands_out.tolist() == [False, False, False, False, True]
