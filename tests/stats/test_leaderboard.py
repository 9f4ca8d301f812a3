"""The leaderboard on columns made by hand: what each number is, what is refused, and what is said about it."""

import json
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_scores, empty_columns, set_sample, simulated

from miareview.model import ScoreColumns
from miareview.stats.board.leaderboard import Leaderboard, ModelScore, leaderboard
from miareview.stats.correction import corrected_mean
from miareview.stats.flags import Flag
from miareview.stats.frame import build_frame
from miareview.stats.planning.plan import needed
from miareview.words.board import in_short, not_compared, unsettled, verdict
from miareview.words.flags import say
from miareview.words.numbers import by_sentence


def only(columns: ScoreColumns, **options: str) -> ModelScore:
    board = leaderboard(columns, **options)
    assert len(board.models) == 1
    return board.models[0]


def ten_items(judge: list[int], human: dict[int, int], *, sampled: bool = True, visible: bool = False) -> ScoreColumns:
    """Ten one-component items of one model; points of 10."""
    columns = empty_columns(10, ["m"], [[10]] * 10, [["math"]] * 10)
    ann = add_rater(columns, "ann")
    for response, points in enumerate(judge):
        add_scores(columns, response, 0, [points])
    for response, points in human.items():
        add_scores(columns, response, ann, [points], visible=visible)
    if sampled:
        set_sample(columns, 0, list(human))
    return columns


JUDGE = [10, 10, 8, 8, 10, 6, 10, 9, 10, 9]


def test_override_is_not_the_correction() -> None:
    """The judge is 2 points too kind on all five reviewed: overriding takes off half of it, correcting all."""
    line = only(ten_items(JUDGE, {i: JUDGE[i] - 2 for i in (0, 2, 4, 5, 9)}))
    assert line.recomputed.value == pytest.approx(0.9)
    assert line.with_overrides == pytest.approx(0.8)
    assert line.corrected is not None
    assert line.corrected.value == pytest.approx(0.7)
    assert line.corrected.low < 0.7 < line.corrected.high
    assert (line.reviewed, line.reviewed_random, line.refused) == (5, 5, None)
    assert line.corrected.estimate.method == "difference"


def test_corrected_is_the_estimator_on_item_scores() -> None:
    columns, truths = simulated(items=80, models=1, reviewed=40)
    frame = build_frame(columns)
    human = np.where(frame.sampled, frame.item_scores(frame.human), nan)
    expected = corrected_mean(frame.item_scores(frame.judge_ratings()), human)
    line = leaderboard(frame).models[0]
    assert line.corrected is not None
    assert line.corrected.estimate == expected
    assert expected.method == "regression"
    assert abs(expected.value - truths[0]) < abs(line.recomputed.value - truths[0])


def test_as_published_and_recomputed_lose_different_replies() -> None:
    columns = empty_columns(4, ["m"], [[4, 6]] * 4, [["math", "describe"]] * 4)
    add_scores(columns, 0, 0, [4, 6])
    add_scores(columns, 1, 0, [2, 3])
    columns.published_total[:] = [1.0, 0.9, 0.2, None]
    columns.judgment_status[:] = ["ok", "warning", "unparsed", None]
    line = only(columns)
    assert (line.as_published.value, line.as_published.used, line.as_published.lost) == (pytest.approx(0.7), 3, 0)
    assert (line.recomputed.value, line.recomputed.used, line.recomputed.lost) == (pytest.approx(0.75), 2, 1)
    assert line.judged == 3


def test_without_reviews_it_says_what_to_do() -> None:
    line = only(ten_items(JUDGE, {}, sampled=False))
    assert line.corrected is None
    assert line.refused is not None
    assert "none of it is reviewed" in say(line.refused)
    assert "random queue" in say(line.refused)
    assert line.with_overrides == line.recomputed.value


def test_targeted_reviews_are_not_pooled() -> None:
    """Reviews that no random queue asked for give no corrected score, and do not enter one that a queue gives."""
    targeted = ten_items(JUDGE, {0: 0, 1: 0, 2: 0}, sampled=False)
    refused = only(targeted)
    assert refused.corrected is None
    assert refused.refused is not None
    assert "3 reviewed responses were not drawn at random" in say(refused.refused)
    assert refused.with_overrides == pytest.approx((sum(JUDGE) - 28) / 100)
    both = ten_items(JUDGE, {i: JUDGE[i] for i in (3, 4, 5, 6)} | {0: 0})
    set_sample(both, 0, [3, 4, 5, 6])
    line = only(both)
    assert line.corrected is not None
    assert line.corrected.value == pytest.approx(0.9)
    assert (line.reviewed, line.reviewed_random) == (5, 4)


@pytest.mark.parametrize(
    ("reason", "size", "expected"),
    [("chosen", 0, "the queue q was not drawn at random"), ("", 7, "from 7 responses, but there are 10 now")],
)
def test_an_unusable_sample_is_refused(reason: str, size: int, expected: str) -> None:
    columns = ten_items(JUDGE, dict.fromkeys(range(5), 5))
    set_sample(columns, 0, list(range(5)), reason=reason, size=size)
    line = only(columns)
    assert line.corrected is None
    assert line.refused is not None
    assert expected in say(line.refused)


def test_one_review_is_too_few() -> None:
    line = only(ten_items(JUDGE, {4: 5}))
    assert line.corrected is None
    assert line.refused is not None
    assert "at least 2 reviewed" in say(line.refused)


def test_assisted_reviews_count_with_a_warning() -> None:
    line = only(ten_items(JUDGE, dict.fromkeys(range(5), 5), visible=True))
    assert line.corrected is not None
    assert any((flag.code, flag.n, flag.of) == ("judge_seen", 5, 5) for flag in line.corrected.flags)


def test_errors_are_zeros_only_when_asked() -> None:
    """Two of ten responses are errors: with "zero" every estimate shrinks to eight tenths, ends included."""
    columns = ten_items([*JUDGE[:8]], {i: JUDGE[i] - 1 for i in range(0, 8, 2)})
    columns.response_status[8:] = ["error", "missing"]
    set_sample(columns, 0, list(range(0, 8, 2)))
    columns.published_total[:8] = [points / 10 for points in JUDGE[:8]]
    skip, zero = only(columns), only(columns, errors="zero")
    assert (skip.responses, skip.answers) == (10, 8)
    assert zero.as_published == skip.as_published
    assert zero.recomputed.value == pytest.approx(0.8 * skip.recomputed.value)
    assert zero.with_overrides == pytest.approx(0.8 * skip.with_overrides)
    assert skip.corrected is not None
    assert zero.corrected is not None
    for end in ("value", "low", "high"):
        assert getattr(zero.corrected, end) == pytest.approx(0.8 * getattr(skip.corrected, end))
    with pytest.raises(ValueError, match="choose skip or zero"):
        leaderboard(columns, errors="ignore")


def test_full_review_is_exact() -> None:
    line = only(ten_items(JUDGE, {i: i for i in range(10)}))
    assert line.corrected is not None
    assert line.corrected.value == pytest.approx(0.45)
    assert line.corrected.high - line.corrected.low == pytest.approx(0.0, abs=1e-12)
    assert line.with_overrides == pytest.approx(0.45)


def test_categories_are_refused_flagged_or_plain() -> None:
    """Twenty of thirty items are reviewed: those of math all, of mention four of five, of describe twenty."""
    kinds = [["describe", *(["math"] if i < 8 else []), *(["mention"] if i < 4 else [])] for i in range(30)]
    columns = empty_columns(30, ["m"], [[2] * len(k) for k in kinds], kinds)
    columns.component_category[-1] = "mention"
    ann = add_rater(columns, "ann")
    for response, kind in enumerate(kinds):
        add_scores(columns, response, 0, [2] * len(kind))
        if response < 20:
            add_scores(columns, response, ann, [1] * len(kind))
    set_sample(columns, 0, list(range(20)))
    scores = {score.category: score for score in only(columns).categories}
    assert [score.components for score in scores.values()] == [29, 5, 8]
    assert scores["mention"].corrected is None
    assert "Only 4 of the 5 items" in say(scores["mention"].refused)
    assert any(flag.code == "few" for flag in scores["math"].corrected.flags) is False  # all eight were reviewed
    assert scores["describe"].corrected.value == pytest.approx(0.5)
    assert not any(flag.code == "few" for flag in scores["describe"].corrected.flags)
    assert scores["math"].corrected.high - scores["math"].corrected.low == pytest.approx(0.0, abs=1e-12)
    assert only_without_categories(columns) == ()


def only_without_categories(columns: ScoreColumns) -> tuple[object, ...]:
    return leaderboard(columns, by_category=False).models[0].categories


def two_models(penalty_a: int, penalty_b: int, reviewed: int = 12) -> Leaderboard:
    """The judge puts a one point above b; people take the penalties off."""
    columns = empty_columns(24, ["a", "b"], [[10]] * 24, [["math"]] * 24)
    ann = add_rater(columns, "ann")
    for item in range(24):
        points = 5 + item % 4
        add_scores(columns, item, 0, [points + 1])
        add_scores(columns, 24 + item, 0, [points])
        if item < reviewed:
            add_scores(columns, item, ann, [points + 1 - penalty_a])
            add_scores(columns, 24 + item, ann, [points - penalty_b])
    set_sample(columns, 0, list(range(reviewed)))
    set_sample(columns, 1, [24 + item for item in range(reviewed)])
    return leaderboard(columns)


@pytest.mark.parametrize(
    ("penalty_a", "penalty_b", "flipped"), [(0, 0, False), (4, 0, True), (0, 4, False), (1, 0, False)]
)
def test_a_pair_flips_only_beyond_doubt(penalty_a: int, penalty_b: int, flipped: bool) -> None:
    (pair,) = two_models(penalty_a, penalty_b, reviewed=16).pairs
    assert (pair.a, pair.b) == ("a", "b")
    assert pair.judge_difference == pytest.approx(0.1)
    assert pair.difference == pytest.approx(0.1 - (penalty_a - penalty_b) / 10)
    assert pair.flipped is flipped
    assert pair.n == 16


@pytest.mark.parametrize(("reviewed", "pilot"), [(14, True), (15, False), (24, False)])
def test_a_pilot_gives_no_verdict_and_no_number(reviewed: int, pilot: bool) -> None:
    board = two_models(4, 0, reviewed=reviewed)
    (pair,) = board.pairs
    assert (pair.pilot, pair.flipped, verdict(pair)) == (pilot, not pilot, "pilot" if pilot else "turned")
    assert ("pilot" in {flag.code for flag in board.flags}) is pilot
    said = " ".join(unsettled(board))
    assert ("This is a pilot: a and b have fewer than 15 items" in said) is pilot
    assert not (pilot and "more item" in said)
    assert not (pilot and needed(pair) is not None)
    assert any("nothing is said of an order" in say(flag) for flag in board.flags) is pilot


@pytest.mark.parametrize(
    ("penalty_a", "reviewed", "words"),
    [
        (0, 14, "Too early to settle which model is ahead: no two have 15 items reviewed."),
        (0, 24, "It is settled which model is ahead in 1 of 1 pair; none turns against the judge."),
        (1, 16, "It is settled which model is ahead in 0 of 1 pair, open in 1; none turns against the judge."),
        (4, 24, "It is settled which model is ahead in 1 of 1 pair; 1 turns against the judge."),
        (0, 0, "No two models can be compared yet."),
    ],
)
def test_the_order_in_short(penalty_a: int, reviewed: int, words: str) -> None:
    assert in_short(two_models(penalty_a, 0, reviewed=reviewed)) == words


def test_many_pairs_refused_for_one_reason_are_counted_and_not_listed() -> None:
    board = two_models(0, 0)
    pair = board.pairs[0]._replace(difference=None, refused=Flag("confounded", 1, 1, names=("a", "b")))
    (few,) = not_compared(replace(board, pairs=(pair,) * 3))
    assert few.startswith("a and b, a and b, a and b: ")
    (many,) = not_compared(replace(board, pairs=(pair,) * 435))
    assert many.startswith("435 pairs (a and b, a and b, a and b, …): ")
    assert in_short(replace(board, pairs=(pair,) * 435)) == "No two models can be compared yet."


@pytest.mark.parametrize(("reviewed", "pilot"), [(14, True), (15, False)])
def test_a_model_that_is_a_pilot_is_named(reviewed: int, pilot: bool) -> None:
    columns, _ = simulated(items=40, models=3, reviewed=30)
    sample = columns.samples[0]
    assert sample is not None
    columns.samples[0] = replace(sample, responses=sample.responses[:reviewed])
    document = leaderboard(columns).to_json(say)
    (reason,) = [flag["say"] for flag in document["flags"] if flag["code"] == "pilot"] or [""]
    assert reason.startswith("A pilot: m0:") is pilot


def test_a_small_benchmark_that_is_done_is_no_pilot() -> None:
    columns, _ = simulated(items=8, models=3, reviewed=8)
    assert not any(pair.pilot for pair in leaderboard(columns).pairs)
    columns, _ = simulated(items=8, models=3, reviewed=7)
    assert all(pair.pilot for pair in leaderboard(columns).pairs)


def test_a_pair_without_reviews_is_refused() -> None:
    (pair,) = two_models(0, 0, reviewed=0).pairs
    assert (pair.difference, pair.low, pair.flipped) == (None, None, False)
    assert pair.refused


def test_a_pair_with_an_error() -> None:
    """Skipped, the item leaves the comparison; as a zero, the failed answer counts against its model."""
    columns = empty_columns(6, ["a", "b"], [[10]] * 6, [["math"]] * 6)
    ann = add_rater(columns, "ann")
    columns.response_status[0] = "error"
    for response in range(1, 12):
        add_scores(columns, response, 0, [8])
        add_scores(columns, response, ann, [8])
    set_sample(columns, 0, list(range(1, 6)))
    set_sample(columns, 1, list(range(6, 12)))
    skip = leaderboard(columns).pairs[0]
    zero = leaderboard(columns, errors="zero").pairs[0]
    assert (skip.difference, skip.n) == (pytest.approx(0.0), 5)
    assert zero.n == 6
    assert (zero.a, zero.b) == ("b", "a")
    assert zero.difference == pytest.approx(0.8 / 6)


def test_the_document() -> None:
    """The keys others may build on, best recomputed score first, and no NaN."""
    columns, _ = simulated(items=40, models=3, reviewed=12)
    columns.left_out.append(("not_committed", 2))
    document = json.loads(json.dumps(leaderboard(columns).to_json(say), allow_nan=False))
    assert {"benchmark", "judge", "errors", "models", "pairs"} <= document.keys()
    assert len(document["pairs"]) == 3
    assert document["left_out"] == [{"code": "not_committed", "reason": "reviews not committed yet", "count": 2}]
    values = [model["recomputed"]["value"] for model in document["models"]]
    assert values == sorted(values, reverse=True)
    model = document["models"][0]
    assert {
        "model", "responses", "judged", "reviewed", "reviewed_random", "as_published", "recomputed", "with_overrides",
        "corrected", "corrected_refused", "categories",
    } <= model.keys()  # fmt: skip
    assert {"value", "low", "high", "n", "total", "lam", "method", "design", "flags"} <= model["corrected"].keys()
    assert model["with_overrides"]["partial_audit"] is True
    assert {"category", "components", "recomputed", "corrected", "corrected_refused"} <= model["categories"][0].keys()
    assert {"a", "b", "difference", "low", "high", "flipped"} <= document["pairs"][0].keys()


def test_no_judge_and_no_scores() -> None:
    columns = empty_columns(3, ["a", "b"], [[10]] * 3, [["math"]] * 3)
    columns.raters.clear()
    columns.rater_kind.clear()
    columns.judgment_status[:] = [None] * 6
    document = json.loads(json.dumps(leaderboard(columns).to_json(say), allow_nan=False))
    assert document["models"][0]["recomputed"] == {"value": None, "used": 0, "lost": 0}
    assert document["pairs"][0]["judge_difference"] is None


def test_difficulties_are_means_of_item_scores() -> None:
    """Item scores, not components: an item of 4 + 6 points counts once, whatever its parts."""
    columns = empty_columns(12, ["m"], [[4, 6]] * 12, [["math", "describe"]] * 12)
    ann = add_rater(columns, "ann")
    for item in range(12):
        add_scores(columns, item, 0, [4, 6] if item % 2 else [0, 6])
        add_scores(columns, item, ann, [4, 1])
    set_sample(columns, 0, list(range(12)))
    line = leaderboard(columns).models[0]
    found = {part.difficulty: part for part in line.difficulties}
    assert list(found) == ["basic", "complex"]
    assert (found["basic"].items, found["complex"].items) == (6, 6)
    assert found["basic"].recomputed == pytest.approx(1.0)
    assert found["complex"].recomputed == pytest.approx(0.6)
    for part in found.values():
        assert part.corrected is not None
        assert part.corrected.value == pytest.approx(0.5)
        assert part.corrected.low == part.corrected.high
    assert leaderboard(columns, by_difficulty=False).models[0].difficulties == ()


def test_a_difficulty_with_few_reviews_is_refused_by_itself() -> None:
    columns, _ = simulated(items=60, models=1, reviewed=4)
    line = leaderboard(columns).models[0]
    assert line.corrected is not None
    assert all(part.corrected is None and part.refused for part in line.difficulties)
    columns.samples[0] = None
    refused = leaderboard(columns).models[0]
    assert {part.refused for part in refused.difficulties} == {refused.refused}


def test_errors_scale_a_difficulty_by_its_own_answers() -> None:
    columns = ten_items(JUDGE, {i: JUDGE[i] - 1 for i in range(10)})
    columns.response_status[1] = "error"
    set_sample(columns, 0, [i for i in range(10) if i != 1])
    skip = {part.difficulty: part for part in only(columns).difficulties}
    zero = {part.difficulty: part for part in only(columns, errors="zero").difficulties}
    assert zero["complex"] == skip["complex"]
    assert zero["basic"].recomputed == pytest.approx(0.8 * skip["basic"].recomputed)


def test_what_ungradable_components_could_do_to_the_score() -> None:
    """Of each item's 4 + 6 points the 6 are ungradable in half of the items: they may be worth nothing or all."""
    columns = empty_columns(10, ["m", "n"], [[4, 6]] * 10, [["math", "describe"]] * 10)
    ann = add_rater(columns, "ann")
    for model in (0, 1):
        for item in range(10):
            response = model * 10 + item
            add_scores(columns, response, 0, [4, 6])
            add_scores(columns, response, ann, [2, None] if model == 0 and item < 5 else [2, 3])
        set_sample(columns, model, [model * 10 + item for item in range(10)])
    first, second = (next(m for m in leaderboard(columns).models if m.model == name) for name in ("m", "n"))
    assert second.ungradable is None
    assert first.ungradable is not None
    assert first.corrected is not None
    assert first.corrected.value == pytest.approx(0.5)
    assert first.ungradable.components == 5
    assert first.ungradable.if_zero == pytest.approx((5 * 0.2 + 5 * 0.5) / 10)
    assert first.ungradable.if_full == pytest.approx((5 * 0.8 + 5 * 0.5) / 10)
    assert first.to_json(say)["ungradable"] == {
        "components": 5,
        "if_zero": pytest.approx(0.35),
        "if_full": pytest.approx(0.65),
    }


def test_a_sentence_on_many_models_names_the_first_of_them() -> None:
    names = [f"m{place}" for place in range(30)]
    assert by_sentence((name, "It is.") for name in names[:8]) == ["m0, m1, m2, m3, m4, m5, m6, m7: It is."]
    assert by_sentence((name, "It is.") for name in names) == ["m0, m1, m2, m3, m4, m5 and 24 more: It is."]
