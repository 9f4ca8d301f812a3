"""Item scores, what they can still become, and what to keep in mind of a sample: by hand."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_score, add_scores, components_of, empty_columns, set_sample

from miareview.model import ScoreColumns
from miareview.stats.board.item_scores import ItemScores, mean_of, times
from miareview.stats.flags import Flag
from miareview.stats.frame import build_frame


def board() -> ScoreColumns:
    """One model and five items, all in its sample: the first read whole, the second in part, the third ungradable, the
    fourth after a look at the judge, the fifth not at all."""
    weights = [[4, 3, 3], [4, 3, 3], [1, 1], [1], [5, 5]]
    columns = empty_columns(5, ["m"], weights, [["math"] * len(row) for row in weights])
    ann = add_rater(columns, "ann")
    for response in range(5):
        add_scores(columns, response, 0, [1] * len(weights[response]))
    add_scores(columns, 0, ann, [4, 0, 3])
    first, _, third = components_of(columns, 1)
    add_score(columns, 1, first, ann, 0.5)
    add_score(columns, 1, third, ann, None)
    add_scores(columns, 2, ann, [None, None])
    add_scores(columns, 3, ann, [1], visible=True)
    set_sample(columns, 0, [0, 1, 2, 3, 4])
    return columns


def table(columns: ScoreColumns) -> ItemScores:
    return ItemScores(build_frame(columns), "skip")


def test_the_least_and_the_most_that_a_score_can_be() -> None:
    """Of the second: 2 of 4 points, 3 more are open, 3 are ungradable; of the third nothing can be graded."""
    found = table(board())
    assert found.human == pytest.approx([0.7, nan, nan, 1.0, nan], nan_ok=True)
    least, most = found.open_in(np.arange(5))
    assert least == pytest.approx([0.7, 2 / 7, nan, 1.0, 0.0], nan_ok=True)
    assert most == pytest.approx([0.7, 5 / 7, nan, 1.0, 1.0], nan_ok=True)
    assert found.human_with(0.0) == pytest.approx([0.7, nan, 0.0, 1.0, nan], nan_ok=True)
    assert found.human_with(1.0) == pytest.approx([0.7, nan, 1.0, 1.0, nan], nan_ok=True)


def test_outside_the_sample_nothing_is_open() -> None:
    columns = board()
    set_sample(columns, 0, [0, 1])
    columns.response_status[0] = "error"
    found = table(columns)
    assert found.drawn.tolist() == [False, True, False, False, False]
    for ends, value in zip(found.open_in(np.arange(5)), (2 / 7, 5 / 7), strict=True):
        assert ends == pytest.approx([nan, value, nan, nan, nan], nan_ok=True)
    assert found.sampled(found.judge, np.arange(5)) == pytest.approx([nan, 0.3, nan, nan, nan], nan_ok=True)
    assert found.answers(0).tolist() == [1, 2, 3, 4]


def test_what_to_keep_in_mind_of_a_sample() -> None:
    """Components that are ungradable are counted, not responses; what was begun is not whole."""
    found = table(board())
    assert found.notes(np.arange(5)) == (Flag("judge_seen", 1, 5), Flag("ungradable", 3), Flag("incomplete", 2, 5))
    assert found.notes(np.array([0, 1])) == (Flag("ungradable", 1), Flag("incomplete", 1, 2))
    assert found.notes(np.array([0, 4])) == ()
    assert found.notes(np.array([0, 3])) == (Flag("judge_seen", 1, 2),)


def test_why_a_sample_cannot_stand_for_all() -> None:
    columns = board()
    assert table(columns).refusal(0) is None
    columns.response_status[4] = "error"
    assert table(columns).refusal(0) == Flag("frame_changed", 4, 5, names=("q",))
    set_sample(columns, 0, [0, 1], "a rule chose")
    assert table(columns).refusal(0) == Flag("sample_unusable", 2, names=("a rule chose", "q"))
    columns.samples[0] = None
    assert table(columns).refusal(0) == Flag("not_random", 4)
    for name in ("score_response", "score_component", "score_rater", "score_fraction", "score_visible"):
        del getattr(columns, name)[-8:]  # all that ann said
    del columns.score_ungradable[-8:]
    assert table(columns).refusal(0) == Flag("not_reviewed")


def test_errors_count_as_zero_where_that_is_asked() -> None:
    columns = board()
    for errors, scale in (("skip", 1.0), ("zero", 0.75)):
        found = ItemScores(build_frame(columns), errors)  # type: ignore[arg-type]
        assert (found.scale(3, 4), found.scale(0, 0)) == (scale, 1.0 if errors == "skip" else 0.0)


def test_values_that_may_not_be_there() -> None:
    assert mean_of(np.array([nan, 0.2, 0.4])) == pytest.approx(0.3)
    assert mean_of(np.array([nan])) is None
    assert (times(0.5, 0.5), times(None, 0.5), times(0.0, 2.0)) == (0.25, None, 0.0)


def test_a_model_has_a_row_of_items_with_gaps_where_it_was_not_asked() -> None:
    columns = empty_columns(2, ["m", "n"], [[1], [1]], [["math"], ["math"]])
    for name in ("responses", "response_item", "response_model", "response_status", "judgment_status",
                 "judgment_warnings", "stated_total", "published_total"):  # fmt: skip
        del getattr(columns, name)[2]  # the second model's answer to the first item
    found = table(columns).by_item(np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(found, [[1.0, 2.0], [nan, 3.0]], equal_nan=True)
