"""Judges whose errors are known, compared; and a case small enough to compute by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_columns import add_rater, add_score, add_scores, components_of, empty_columns
from made_judges import Maker, made_judges, replies_of, runs_of

from miareview.judge.prompt import built_in
from miareview.judge.request import JudgeSettings
from miareview.model import CallTotals, Judge, JudgeRun
from miareview.stats.flags import Flag
from miareview.stats.frame import build_frame
from miareview.stats.judges.compare import Comparison, compare_judges, people_of
from miareview.stats.judges.probe import probe, share_beyond, twins
from miareview.stats.judges.repeats import consistency
from miareview.stats.judges.versus import duels, error_difference
from miareview.stats.numeric.student import t_margin
from miareview.words.flags import say
from miareview.words.judges import closer, held_against, looks

MAKERS = {
    "good": Maker(lenient=0.05, noisy=0.02),
    "lenient": Maker(lenient=0.6),
    "noisy": Maker(noisy=0.5),
    "blind": Maker(lenient=0.05, noisy=0.02, blind=True),
}


@pytest.fixture(scope="module")
def found() -> Comparison:
    columns, judges = made_judges(MAKERS)
    return compare_judges(build_frame(columns), runs_of(columns, judges))


def by_name(found: Comparison) -> dict[str, float]:
    return {judge.label: float(judge.mae.value or 0) for judge in found.judges}


def test_the_good_judge_has_the_smallest_error(found: Comparison) -> None:
    errors = by_name(found)
    assert min(errors, key=errors.__getitem__) == "good"
    alphas = {judge.label: judge.against[0].alpha["interval"].value for judge in found.judges}
    assert max(alphas, key=lambda name: alphas[name] or 0) == "good"


def test_the_lenient_judge_is_seen_to_be_lenient_and_the_noisy_one_is_not(found: Comparison) -> None:
    judges = {judge.label: judge.against[0] for judge in found.judges}
    low = judges["lenient"].bias[1]
    assert low is not None
    assert low > 0.03
    value = judges["noisy"].bias[0]
    assert value is not None
    assert value < 0  # guessing anew from 0 to the weight lowers mostly full marks
    assert (judges["noisy"].exact or 0) < (judges["lenient"].exact or 0)


def test_no_error_is_below_zero(found: Comparison) -> None:
    good = next(judge for judge in found.judges if judge.label == "good")
    assert good.mae.low is not None
    assert 0 <= good.mae.low <= (good.mae.value or 0)


def test_every_pair_with_the_good_judge_is_settled_for_it(found: Comparison) -> None:
    for duel in found.duels:
        if "good" in (duel.a, duel.b):
            assert duel.difference is not None
            assert duel.difference.sign == (-1 if duel.a == "good" else 1)
            other = duel.b if duel.a == "good" else duel.a
            assert closer(duel).startswith(f"good is closer to people than {other} by ")


def test_the_difference_of_errors_is_that_of_the_single_errors_on_common_cells(found: Comparison) -> None:
    errors = by_name(found)
    for duel in found.duels:
        assert duel.difference is not None
        assert duel.difference.value == pytest.approx(errors[duel.a] - errors[duel.b])


def test_the_blind_judge_is_found_out_by_its_twin(found: Comparison) -> None:
    shown = [(p.judge, p.twin, p.looks) for p in found.probes]
    # Names differ, so these are no twins; made one judge of two runs they are.
    assert shown == []
    columns, judges = made_judges(MAKERS)
    pair = [replace(judge, name="one") for judge in judges]
    probes = compare_judges(build_frame(columns), runs_of(columns, pair)).probes
    twin = {(p.judge, p.twin): p for p in probes}["good", "blind"]
    assert twin.looks is True
    assert (twin.pictured.change.high or 0) < -0.1
    assert twin.others.change.value == pytest.approx(0, abs=0.05)
    assert "good looks at the picture: with a blank picture 77 % of 244 components for describe" in looks(twin)


def test_a_judge_that_scores_alike_without_the_picture_does_not_look() -> None:
    makers = dict.fromkeys(("a", "again", "b"), Maker(lenient=0.1))
    columns, judges = made_judges(makers, items=200, models=3)
    judges = [
        replace(judges[0], name="one"),
        judges[1],
        replace(judges[2], name="one", parameters='{"picture":"none"}'),
    ]
    frame, runs = build_frame(columns), runs_of(columns, judges)
    (twin,) = compare_judges(frame, runs).probes
    assert twin.looks is None  # how much its points change by themselves was never asked
    assert "judge run --repeats 2" in looks(twin)
    runs[0] = replace(runs[0], repeats=replies_of(columns))
    (twin,) = compare_judges(frame, runs).probes
    assert twin.looks is False
    assert twin.pictured.again == pytest.approx(twin.pictured.changed, abs=0.03)
    assert "does not look at the picture" in looks(twin)
    assert "without the picture" in looks(twin)


def test_a_probe_on_few_items_is_refused() -> None:
    category = np.array(["describe"] * 20)
    items = np.arange(20)
    found = probe(("a", "b"), "blank", np.ones(20), np.zeros(20), category, items)
    assert (found.looks, found.pictured.change.value) == (None, None)
    assert "needs 30 items that both runs scored, there are 20" in looks(found)


def test_identical_runs_do_not_look_and_a_constant_change_is_not_settled() -> None:
    category, items = np.array(["describe"] * 40), np.arange(40)
    same = probe(("a", "b"), "blank", np.ones(40), np.ones(40), category, items)
    assert same.looks is False
    assert "not one of 40 components" in looks(same)
    fell = probe(("a", "b"), "blank", np.ones(40), np.full(40, 0.5), category, items)
    assert fell.pictured.changed == 1.0


def test_shuffled_scores_are_seen_though_their_mean_stays() -> None:
    """Without the picture the judge shuffles its points: no mean moves, but far more of them change than by chance."""
    rng = np.random.default_rng(5)
    items = np.repeat(np.arange(60), 3)
    category = np.array(["describe"] * 180)
    points = rng.integers(0, 5, 180) / 4
    again = np.where(rng.random(180) < 0.1, rng.integers(0, 5, 180) / 4, points)
    found = probe(("a", "b"), "none", points, rng.permutation(points), category, items, np.stack([points, again]))
    assert found.pictured.change.value == pytest.approx(0.0, abs=1e-12)
    assert (found.pictured.changed or 0) > 0.7
    assert (found.pictured.again or 1) < 0.15
    assert found.looks is True
    # The same change is nothing new where asking again changes as much.
    noisy = probe(
        ("a", "b"), "none", points, rng.permutation(points), category, items,
        np.stack([points, rng.permutation(points)]),
    )  # fmt: skip
    assert noisy.looks is not True


def test_share_beyond_by_hand() -> None:
    """Shares 2/4 and 1/2 of three items; leaving out each in turn: 1/2 - 1/2, 2/3 - 0, 1/3 - 1."""
    first, second = np.array([1.0, 0.0, 1.0, 0.0]), np.array([1.0, 0.0])
    found = share_beyond(first, np.array([0, 0, 1, 2]), second, np.array([1, 2]))
    left = np.array([1 / 2 - 1 / 2, 1 / 3 - 0, 2 / 3 - 1])
    se = float(np.sqrt(2 / 3 * ((left - left.mean()) ** 2).sum()))
    assert found.value == 0.0
    assert found.high == pytest.approx(4.302653 * se, abs=1e-5)


def judge(name: str = "x", prompt: str = "p", **parameters: object) -> Judge:
    return Judge(name + json.dumps(parameters), name, prompt, json.dumps(parameters))


def test_twins_differ_in_the_picture_alone() -> None:
    size = {"detail": "high", "picture_side": 2048}
    item = judge(picture="item", seed=0, **size)
    assert twins([item, judge(picture="blank", seed=0, **size), judge(picture="none", seed=0)]) == [
        (0, 1, "blank"), (0, 2, "none"),
    ]  # fmt: skip
    others = [
        judge(picture="blank", seed=1, **size), judge("y", picture="blank", seed=0, **size),
        judge(prompt="q", picture="none", seed=0), judge(picture="blank", seed=0, detail="low", picture_side=2048),
        judge(seed=0), judge(harness="vlmevalkit"),
    ]  # fmt: skip
    assert twins([item, *others]) == []


def test_the_judges_that_miareview_asks_are_known_as_twins() -> None:
    settings = [JudgeSettings("gpt-4o", built_in("points"), picture=picture) for picture in ("item", "blank", "none")]
    made = [one.as_judge() for one in settings]
    assert twins(made) == [(0, 1, "blank"), (0, 2, "none")]
    other = JudgeSettings("gpt-4o", built_in("points"), picture="blank", detail="low").as_judge()
    assert twins([made[0], other]) == []


def test_figures_by_hand() -> None:
    """Three items of one component worth 4; people 4 2 0; a 4 3 0 (errors 0 1/4 0), b 2 2 2 (errors 1/2 0 1/2)."""
    truth, items = np.array([1.0, 0.5, 0.0]), np.arange(3)
    a, b = np.array([1.0, 0.75, 0.0]), np.array([0.5, 0.5, 0.5])
    found = error_difference(a, b, truth, items)
    gaps = np.array([-0.5, 0.25, -0.5])
    assert found.value == pytest.approx(-0.25)
    half = t_margin(0.95, 2) * gaps.std(ddof=1) / np.sqrt(3)  # the jackknife of a mean is its standard error
    assert found.low == pytest.approx(-0.25 - half)
    assert found.high == pytest.approx(-0.25 + half)
    (duel,) = duels(["a", "b"], np.array([a, b]), truth, items)
    assert duel.difference is None
    assert duel.refused == Flag("few_shared_items", 3, 30)
    assert "not compared, needs 30 items" in closer(duel)
    assert (duel.units, duel.items, duel.exact) == (3, 3, 0)
    assert duel.mae == pytest.approx((0.5 + 0.25 + 0.5) / 3)
    assert duel.bias.value == pytest.approx((0.5 + 0.25 - 0.5) / 3)


def test_consistency_by_hand() -> None:
    """Two responses, weights 6 and 4: replies 6 4 / 6 2 (scores 1, .8), and 3 4 / 3 4 / 0 4 (.7, .7, .4)."""
    response, item = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])
    weight = np.array([6.0, 4.0, 6.0, 4.0])
    values = np.array([[1.0, 1.0, 0.5, 1.0], [1.0, 0.5, 0.5, 1.0], [np.nan, np.nan, 0.0, 1.0]])
    found = consistency(values, response, item, weight)
    assert found is not None
    assert (found.responses, found.replies, found.cells, found.scored) == (2, 5, 4, 2)
    assert found.identical.value == pytest.approx(0.5)
    squares = 0.1**2 * 2 + (0.1**2 * 2 + 0.2**2)
    assert found.sd == pytest.approx(np.sqrt(squares / (1 + 2)))
    assert found.alpha.value is not None


def test_one_reply_each_says_nothing_of_consistency() -> None:
    assert consistency(np.ones((1, 3)), np.zeros(3, int), np.zeros(3, int), np.ones(3)) is None


def test_an_incomplete_reply_has_points_but_no_score() -> None:
    values = np.array([[1.0, 1.0], [1.0, np.nan]])
    found = consistency(values, np.zeros(2, int), np.zeros(2, int), np.ones(2))
    assert found is not None
    assert (found.cells, found.scored, found.sd) == (1, 0, None)


@given(st.integers(1, 6), st.integers(2, 12), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_repeats_that_are_all_alike_are_identical(replies: int, cells: int, rng: object) -> None:
    row = np.array([rng.choice([0.0, 0.25, 0.5, 1.0]) for _ in range(cells)])  # type: ignore[attr-defined]
    codes = np.arange(cells)
    found = consistency(np.tile(row, (replies, 1)), codes, codes, np.full(cells, 4.0))
    if replies == 1:
        assert found is None
        return
    assert found is not None
    assert (found.identical.value, found.sd) == (1.0, 0.0)
    assert found.replies == replies * cells


grades = st.lists(
    st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, np.nan])] * 3, st.integers(0, 9)), min_size=1, max_size=40
)


@given(grades)
@settings(deadline=None)
def test_the_paired_difference_changes_its_sign_with_the_order(rows: list[tuple[float, float, float, int]]) -> None:
    a, b, truth, items = (np.array(column) for column in zip(*rows, strict=True))
    forth, back = error_difference(a, b, truth, items), error_difference(b, a, truth, items)
    if forth.value is None:
        assert back.value is None
        return
    assert forth.value == pytest.approx(-(back.value or 0.0), abs=1e-12)
    assert (forth.low is None) == (back.high is None)
    if forth.low is not None and back.high is not None:
        assert forth.low == pytest.approx(-back.high, abs=1e-9)
    assert error_difference(a, a, truth, items).value == 0.0


def test_people_are_gold_then_the_mean_of_blind_scores_and_never_what_was_given_in_sight() -> None:
    columns = empty_columns(3, ["m"], [[4], [4], [4]], [["math"]] * 3)
    ann, ben = add_rater(columns, "ann"), add_rater(columns, "ben")
    gold = add_rater(columns, "gold", "gold")
    for response in range(3):
        add_scores(columns, response, 0, [4])
    add_scores(columns, 0, ann, [4])
    add_scores(columns, 0, ben, [2])
    add_scores(columns, 1, ann, [1], visible=True)
    add_scores(columns, 2, ann, [1])
    add_score(columns, 2, components_of(columns, 2)[0], gold, 0.5, visible=True)
    frame = build_frame(columns)
    assert people_of(frame).value.tolist() == pytest.approx([0.75, np.nan, 0.5], nan_ok=True)
    run = JudgeRun(judge(), dict.fromkeys(columns.responses, "ok"))
    found = compare_judges(frame, [run])
    assert (found.truth.gold, found.truth.people, found.truth.seen) == (1, 1, 1)
    assert "1 settled with a judge's score in sight" in held_against(found.truth)
    assert found.left_out == (("people_seen_only", 1),)
    assert found.judges[0].mae.value == pytest.approx((0.25 + 0.5) / 2)


def test_nobodys_scores_are_said_to_be_missing() -> None:
    columns = empty_columns(2, ["m"], [[4], [4]], [["math"]] * 2)
    add_scores(columns, 0, 0, [4])
    found = compare_judges(build_frame(columns), [JudgeRun(judge(), {columns.responses[0]: "ok"})])
    assert held_against(found.truth).startswith("Nobody has scored")
    (one,) = found.judges
    assert (one.answers, one.judged, one.complete, one.mae.value) == (2, 1, 1, None)
    json.dumps(found.to_json(say), allow_nan=False)


def test_money_is_what_the_prices_make_of_the_tokens() -> None:
    columns, judges = made_judges({"a": Maker()}, items=2)
    calls = CallTotals(3, 4, 1, 2_000_000, 500_000, 1, 6.0, 3)
    run = replace(runs_of(columns, judges)[0], calls=calls)
    (one,) = compare_judges(build_frame(columns), [run]).judges
    found = one.to_json(say, lambda tokens_in, tokens_out: (2.5 * tokens_in + 10 * tokens_out) / 1e6)
    assert found["cost"]["money"] == pytest.approx(10.0)
    assert one.to_json(say)["cost"]["money"] is None


def test_runs_and_judges_have_to_fit() -> None:
    columns, judges = made_judges({"a": Maker(), "b": Maker()}, items=2)
    with pytest.raises(ValueError, match="2 judges in the frame and 1 runs"):
        compare_judges(build_frame(columns), runs_of(columns, judges)[:1])
