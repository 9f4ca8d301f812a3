"""Scores by category and difficulty, by hand: whose units they are of, what waits, and what they owe to the judge."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_score, add_scores, components_of, empty_columns, set_sample

from miareview.model import ScoreColumns
from miareview.stats.board.item_scores import ItemScores
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.parts import category_scores, difficulty_scores
from miareview.stats.correction import corrected_domains
from miareview.stats.flags import Flag
from miareview.stats.frame import build_frame

CATEGORIES = ["describe", "math"]


def board(sampled: int = 12) -> ScoreColumns:
    """Two models and 20 items of two components; the second model is never reviewed. Of the first one's sample item 2
    waits, items 3 and 5 are ungradable in "math", and 4 was scored with the judge in sight; its last answer fails."""
    columns = empty_columns(20, ["m", "n"], [[4, 6]] * 20, [CATEGORIES] * 20)
    ann = add_rater(columns, "ann")
    for response in range(40):
        add_scores(columns, response, 0, [4, 3] if response < 20 else [0, 0])
    for response in range(sampled):
        if response in (3, 5):
            add_scores(columns, response, ann, [2 + response % 3, None])
        elif response != 2:
            add_scores(columns, response, ann, [2 + response % 3, 6], visible=response == 4)
    add_score(columns, 2, components_of(columns, 2)[0], ann, 0.25)
    columns.response_status[19] = "error"
    set_sample(columns, 0, list(range(sampled)))
    return columns


def test_categories_are_corrected_on_their_own_components() -> None:
    table = ItemScores(build_frame(board()), "skip")
    describe, math = category_scores(table, 0, CATEGORIES, None)
    assert [(one.category, one.components, one.recomputed) for one in (describe, math)] == [
        ("describe", 19, 1.0), ("math", 19, 0.5),
    ]  # fmt: skip
    human = np.full((19, 2), nan)
    human[:12] = [[(2 + item % 3) / 4, 1.0] for item in range(12)]
    human[2], human[3], human[5] = [0.25, nan], [0.5, nan], [1.0, nan]
    least, most = human.copy(), human.copy()
    least[2, 1], most[2, 1] = 0.0, 1.0  # what is ungradable does not wait
    for place, one in enumerate((describe, math)):
        items, judge = np.arange(19), np.full(19, [1.0, 0.5][place])
        (expected,) = corrected_domains(
            judge, human[:, place], items, np.zeros(19, dtype=np.int64), 1, open_=(least[:, place], most[:, place])
        )
        assert one.corrected is not None
        assert one.corrected.estimate == expected
        assert one.corrected.notes == (Flag("judge_seen", 1, 12, names=("components",)),)
    assert math.corrected is not None
    assert (math.corrected.estimate.n, math.corrected.estimate.open) == (9, 1)


def test_what_the_judge_was_not_seen_for_is_not_said() -> None:
    columns = board()
    columns.score_visible[:] = [False] * len(columns.score_visible)
    for score in category_scores(ItemScores(build_frame(columns), "skip"), 0, CATEGORIES, None):
        assert score.corrected is not None
        assert score.corrected.notes == ()


def test_difficulties_are_of_items_and_carry_their_own_notes() -> None:
    """Even items are complex, odd ones basic: 2 and 4 are of the former, 3, 5 and the error of the latter."""
    table = ItemScores(build_frame(board()), "skip")
    basic, complex_ = difficulty_scores(table, 0, ["basic", "complex"], None)
    assert [(one.difficulty, one.items, one.recomputed) for one in (basic, complex_)] == [
        ("basic", 9, pytest.approx(0.7)), ("complex", 10, pytest.approx(0.7)),
    ]  # fmt: skip
    assert basic.corrected is not None
    assert complex_.corrected is not None
    assert basic.corrected.notes == (Flag("ungradable", 2),)
    assert complex_.corrected.notes == (Flag("judge_seen", 1, 6), Flag("incomplete", 1, 6))
    assert (basic.corrected.estimate.n, complex_.corrected.estimate.n) == (6, 5)
    assert (basic.corrected.estimate.open, complex_.corrected.estimate.open) == (0, 1)


def test_errors_that_count_as_zero_scale_their_own_part() -> None:
    table = ItemScores(build_frame(board()), "zero")
    basic, complex_ = difficulty_scores(table, 0, ["basic", "complex"], None)
    assert (basic.recomputed, complex_.recomputed) == (pytest.approx(0.7 * 0.9), pytest.approx(0.7))
    assert basic.corrected is not None
    assert basic.corrected.scale == 0.9
    describe, _ = category_scores(table, 0, CATEGORIES, None)
    assert describe.recomputed == pytest.approx(0.95)


def test_a_model_without_a_sample_says_why_in_every_part() -> None:
    table = ItemScores(build_frame(board()), "skip")
    refused = table.refusal(1)
    assert refused == Flag("not_reviewed")
    for score in (
        *category_scores(table, 1, CATEGORIES, refused),
        *difficulty_scores(table, 1, ["basic", "complex"], refused),
    ):
        assert (score.corrected, score.refused, score.recomputed) == (None, refused, 0.0)
    changed = Flag("frame_changed", 19, 20)
    for score in (*category_scores(table, 0, CATEGORIES, changed), *difficulty_scores(table, 0, ["basic", "complex"],
                                                                                       changed)):  # fmt: skip
        assert (score.corrected, score.refused) == (None, changed)
    few = ItemScores(build_frame(board(sampled=3)), "skip")
    describe, math = category_scores(few, 0, CATEGORIES, None)
    assert describe.refused == Flag("few_items", 3, 19, 5)
    assert math.refused == Flag("few_items", 2, 19, 5)


def test_parts_that_a_model_was_not_asked_are_left_out() -> None:
    """On a board of two models of which one answered basic items alone."""
    columns = board()
    basic = [response for response in range(20, 40) if response % 2]
    keep = [*range(20), *basic]
    for name in ("responses", "response_item", "response_model", "response_status", "judgment_status",
                 "judgment_warnings", "stated_total", "published_total"):  # fmt: skip
        values = getattr(columns, name)
        values[:] = [values[place] for place in keep]
    scores = [place for place, response in enumerate(columns.score_response) if response in keep]
    for name in ("score_response", "score_component", "score_rater", "score_fraction", "score_visible",
                 "score_ungradable"):  # fmt: skip
        values = getattr(columns, name)
        values[:] = [values[place] for place in scores]
    columns.score_response[:] = [keep.index(response) for response in columns.score_response]
    found = {model.model: model for model in leaderboard(columns).models}
    assert [one.difficulty for one in found["m"].difficulties] == ["basic", "complex"]
    assert [(one.difficulty, one.items) for one in found["n"].difficulties] == [("basic", 10)]
    assert [(one.category, one.components) for one in found["n"].categories] == [("describe", 10), ("math", 10)]
