"""The one table: which human score stands, and when an item has a score."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest
from made_columns import add_rater, add_score, add_scores, empty_columns, set_sample

from miareview.model import ScoreColumns
from miareview.stats.frame import Frame, build_frame, in_order


def two_items() -> ScoreColumns:
    return empty_columns(2, ["m"], [[4, 6], [5, 5]], [["math", "describe"], ["describe", "odd"]])


def close(found: np.ndarray, expected: list[float]) -> bool:
    return bool(np.allclose(found, expected, equal_nan=True))


def test_cells_and_codes() -> None:
    columns = empty_columns(2, ["a", "b"], [[4, 6], [5, 3, 2]], [["math", "describe"], ["mention"] * 3])
    frame = build_frame(columns)
    assert frame.response.tolist() == [0, 0, 1, 1, 1, 2, 2, 3, 3, 3]
    assert frame.model.tolist() == [0] * 5 + [1] * 5
    assert frame.weight.tolist() == [4, 6, 5, 3, 2] * 2
    assert frame.categories == ["describe", "mention", "math"]
    assert frame.difficulties == ["basic", "complex"]
    assert np.isnan(frame.judge).all()


def test_item_score_needs_every_component() -> None:
    columns = two_items()
    add_scores(columns, 0, 0, [2, 6])
    add_score(columns, 1, 2, 0, 1.0)
    frame = build_frame(columns)
    assert close(frame.item_scores(frame.judge_ratings()), [0.8, nan])


def test_ungradable_leaves_both_sums() -> None:
    columns = two_items()
    ann = add_rater(columns, "ann")
    add_scores(columns, 0, ann, [None, 3])
    add_scores(columns, 1, ann, [None, None])
    frame = build_frame(columns)
    assert close(frame.item_scores(frame.human), [0.5, nan])
    assert frame.human.present.all()
    assert frame.human.ungradable.tolist() == [True, False, True, True]


def one_cell(*scores: tuple[str, str, float | None, bool]) -> Frame:
    """Scores (rater, kind, fraction, visible) of the first component of the first response."""
    columns = two_items()
    for name, kind, fraction, visible in scores:
        rater = columns.raters.index(name) if name in columns.raters else add_rater(columns, name, kind)
        add_score(columns, 0, 0, rater, fraction, visible=visible)
    return build_frame(columns)


@pytest.mark.parametrize(
    ("scores", "human", "latest", "blind"),
    [
        ([("ann", "human", 0.5, False)], 0.5, 0.5, True),
        ([("ann", "human", 0.5, True)], 0.5, 0.5, False),
        ([("ann", "human", 0.5, False), ("ann", "human", 1.0, True)], 0.5, 1.0, True),
        ([("ann", "human", 0.5, False), ("bob", "human", 1.0, False)], 0.75, 0.75, True),
        ([("ann", "human", 0.5, False), ("bob", "human", 1.0, True)], 0.5, 0.75, True),
        ([("ann", "human", 0.5, False), ("gold", "gold", 0.25, True)], 0.25, 0.25, True),
        ([("gold", "gold", 0.25, True)], 0.25, 0.25, False),
        ([("gold", "gold", 0.25, False)], 0.25, 0.25, True),
        ([("ann", "human", None, False), ("bob", "human", 1.0, False)], 1.0, 1.0, True),
        ([("ann", "human", 0.25, False), ("ann", "human", 0.5, False)], 0.5, 0.5, True),
    ],
)
def test_which_human_score_stands(
    scores: list[tuple[str, str, float | None, bool]], human: float, latest: float, blind: bool
) -> None:
    """Gold before people, blind before assisted for estimates and after it for overrides, means of several people."""
    frame = one_cell(*scores)
    assert frame.human.value[0] == pytest.approx(human)
    assert frame.latest.value[0] == pytest.approx(latest)
    assert frame.human_blind[0] == blind
    assert np.isnan(frame.human.value[1:]).all()


def test_a_component_is_ungradable_only_where_all_who_scored_it_say_so() -> None:
    """One "ungradable" beside another's points leaves the points; the verdicts of all take the component out."""
    one = one_cell(("ann", "human", None, False), ("bob", "human", 0.5, False))
    assert not one.human.ungradable[0]
    assert not one.latest.ungradable[0]
    both = one_cell(("ann", "human", None, False), ("bob", "human", None, False))
    assert both.human.ungradable[0]
    assert both.latest.ungradable[0]


def test_gold_can_be_ungradable() -> None:
    frame = one_cell(("ann", "human", 0.5, False), ("gold", "gold", None, False))
    assert frame.human.ungradable[0]
    assert np.isnan(frame.human.value[0])


def test_points_of_one_person_stand_where_another_calls_it_ungradable() -> None:
    frame = one_cell(("ann", "human", None, False), ("ben", "human", 0.5, False))
    assert frame.human.value[0] == 0.5
    assert not frame.human.ungradable[0]


def test_the_named_judge_is_read_wherever_it_stands() -> None:
    columns = two_items()
    other = add_rater(columns, "other", "judge")
    add_score(columns, 0, 0, 0, 1.0)
    add_score(columns, 0, 0, other, 0.25)
    frame = build_frame(replace(columns, judge="other"))
    assert frame.judge[0] == 0.25
    assert (frame.other_judges, frame.others[0, 0]) == (("judge",), 1.0)


def test_only_the_named_judge_is_read() -> None:
    frame = one_cell(("other", "judge", 0.25, False), ("judge", "judge", 1.0, False))
    assert frame.judge[0] == 1.0


def test_sample_is_by_model_and_usable() -> None:
    columns = empty_columns(3, ["a", "b"], [[10]] * 3, [["math"]] * 3)
    set_sample(columns, 0, [2, 0])
    set_sample(columns, 1, [3], reason="was drawn by hand")
    frame = build_frame(columns)
    assert frame.sampled.tolist() == [True, False, True, False, False, False]


def test_a_score_of_another_item_is_refused() -> None:
    columns = two_items()
    add_score(columns, 0, 2, 0, 1.0)
    with pytest.raises(ValueError, match="Component 2 is not one of the item"):
        build_frame(columns)


def test_known_names_keep_their_order() -> None:
    assert in_order({"zebra", "math", "apple", "describe"}, ("describe", "math")) == [
        "describe", "math", "apple", "zebra",
    ]  # fmt: skip
