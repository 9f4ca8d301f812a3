"""Which whole answer a cut, emptied or absent one is the rest of, and what becomes of its judgments."""

from __future__ import annotations

import pytest
from conftest import JUDGE, make_items, make_judgment, make_response

from miareview.importing.joining import CUT, Answers, absorb, is_rest_of
from miareview.model import Response
from miareview.store.store import Store

ITEM = make_items(1)[0]
LONG = "x" * (CUT + 5)


def answer(text: str, status: str = "ok") -> Response:
    return make_response(ITEM, "alpha", text, status)


@pytest.mark.parametrize(
    ("rest", "whole", "is_rest"),
    [
        (answer("", "missing"), answer("whole"), True),
        (answer("", "missing"), answer("", "missing"), False),
        (answer("", "empty"), answer("NA"), True),
        (answer("", "empty"), answer(" None\n"), True),
        (answer("", "empty"), answer("none"), False),  # pandas empties no "none"
        (answer("", "empty"), answer("whole"), False),
        (answer(LONG[:CUT]), answer(LONG), True),
        (answer(LONG[:CUT]), answer(LONG[:CUT]), False),  # the same, not more
        (answer(LONG[:CUT]), answer("y" + LONG), False),
        (answer(LONG[: CUT - 1]), answer(LONG), False),  # no workbook cuts there
        (answer("x"), answer("xy"), False),
    ],
)
def test_what_is_the_rest_of_what(rest: Response, whole: Response, is_rest: bool) -> None:
    assert is_rest_of(rest, whole) is is_rest


def test_an_answer_that_was_not_judged_is_only_joined_where_it_was_cut() -> None:
    stored = Answers([answer("NA"), answer(LONG)])
    assert stored.whole(answer("", "empty"), judged=False) == answer("", "empty")
    assert stored.joined == 0
    assert stored.whole(answer("", "empty"), judged=True) == answer("NA")
    assert stored.whole(answer(LONG[:CUT]), judged=False) == answer(LONG)
    assert stored.joined == 2


def test_of_two_whole_answers_none_is_taken() -> None:
    stored = Answers([answer(LONG), answer(LONG + "!")])
    assert stored.whole(answer(LONG[:CUT]), judged=True) == answer(LONG[:CUT])
    assert stored.joined == 0
    other = Answers([make_response(ITEM, "beta", LONG)])
    assert other.whole(answer(LONG[:CUT]), judged=True) == answer(LONG[:CUT])


def test_another_answer_is_said_and_a_rest_or_the_same_one_is_not() -> None:
    stored = Answers([answer("one")])
    assert stored.notes([answer("one")]) == []
    (said,) = stored.notes([answer("two")])
    assert "another answer of the same model already: 1" in said
    assert Answers([answer("", "missing")]).notes([answer("one")]) == []


def test_a_whole_answer_that_comes_later_gets_the_judgments_of_its_rest(store: Store) -> None:
    rest, whole = answer(LONG[:CUT]), answer(LONG)
    judgment = make_judgment(ITEM, rest, [1, 2, 3])
    store.add_responses([rest])
    store.add_judgments(JUDGE, [judgment])
    answers = Answers([rest, answer("else")])
    assert absorb(store, answers, [answer("else")]) == []
    store.add_responses([whole])
    (said,) = absorb(store, answers, [whole])
    assert said.startswith("1 judge's replies")
    (moved,) = store.judgments(whole.id)
    assert (moved.response, moved.raw, moved.sub_scores) == (whole.id, judgment.raw, judgment.sub_scores)
    assert moved.id != judgment.id
    assert absorb(store, answers, [whole]) == []
    assert store.judgments(rest.id) == [judgment]
