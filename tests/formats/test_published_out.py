"""Replies in the published form: exact, and read alike by the notebook's reader and by ours."""

from __future__ import annotations

from fractions import Fraction

import pytest
from conftest import make_items, make_response
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.formats.published_out import inspect_record, published_reply, vlmevalkit_row, why_not
from miareview.judge.published import published_total
from miareview.judge.reply import parse_reply
from miareview.model import Verdict

scores = st.lists(
    st.integers(1, 6).flatmap(
        lambda weight: st.tuples(
            st.just(weight), st.fractions(0, weight, max_denominator=12) | st.integers(0, weight).map(Fraction)
        )
    ),
    min_size=1,
    max_size=5,
)


@given(scores)
@settings(deadline=None)
def test_both_readers_give_the_points_back_exactly(given_scores: list[tuple[int, Fraction]]) -> None:
    weights = [weight for weight, _ in given_scores]
    points = [value for _, value in given_scores]
    reply = published_reply(points, weights)
    assert parse_reply(reply, weights).points == points
    assert published_total(reply, ["describe"] * len(weights)) == sum(points) / sum(weights)


def test_whole_points_look_as_published() -> None:
    reply = published_reply([Fraction(4), Fraction(3), Fraction(2)], [4, 3, 3])
    assert reply == (
        "score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10."
    )
    assert parse_reply(reply, [4, 3, 3]).warnings == []


def test_parts_of_a_point_go_into_the_denominator() -> None:
    assert published_reply([Fraction(7, 2), Fraction(6)], [4, 6]) == (
        "score of component 1: 7/8, score of component 2: 6/6, total score: 19/20."
    )


@pytest.mark.parametrize(("points", "weights"), [([], []), ([5], [4]), ([-1], [4])])
def test_points_outside_their_weight_are_refused(points: list[int], weights: list[int]) -> None:
    with pytest.raises(ValueError, match="between 0 and the weight"):
        published_reply([Fraction(value) for value in points], weights)


def test_what_cannot_be_given_says_so() -> None:
    (item, *_) = make_items(1)
    verdicts = (
        Verdict(1, Fraction(4), "gold"), Verdict(2, None, ""), Verdict(3, None, "human", True),
    )  # fmt: skip
    assert why_not(verdicts) == "nobody gave points for component 2; component 3 is ungradable"
    row = vlmevalkit_row(item, make_response(item, "alpha"), verdicts)
    assert row[-4] is None
    assert row[-3:-1] == ['["4", null, null]', '["gold", "", "human"]']
    with pytest.raises(ValueError, match="every component"):
        inspect_record(item, make_response(item, "alpha"), verdicts)


def test_a_record_for_inspect_leaves_the_ungradable_out_of_both_sums() -> None:
    (item, *_) = make_items(1)
    verdicts = (Verdict(1, Fraction(3), "human"), Verdict(2, None, "gold", True), Verdict(3, Fraction(3, 2), "judge"))
    record = inspect_record(item, make_response(item, "alpha"), verdicts)
    assert record["id"] == 0
    assert record["value"] == pytest.approx(4.5 / 7)
    assert [part["points"] for part in record["metadata"]["components"]] == ["3", None, "1.5"]
    assert [part["scored_by"] for part in record["metadata"]["components"]] == ["human", "gold", "judge"]
