"""What columns hold: which have a judge's replies, whose they are, and what is said of those that are not read."""

from __future__ import annotations

from math import nan
from typing import Any

import pytest

from miareview.formats.columns import (
    Columns,
    ReplyColumn,
    columns_of,
    judge_in,
    look_like_replies,
    names_a_judge,
    note,
)
from miareview.formats.names import ColumnMap

REPLY = "Component 1: 3/4, component 2: 2/3, total score: 5/7."
TEXT = "A boat lies at the pier, and two people stand beside it in the rain."


def columns(told: ColumnMap | None = None, **cells: Any) -> Columns:
    """Of two records with the same cells."""
    return columns_of([cells, cells], told or ColumnMap())


@pytest.mark.parametrize(
    ("cells", "replies", "guessed"),
    [
        ({"text": TEXT, "score_raw": "anything"}, [(("score_raw",), None)], ()),
        ({"text": TEXT, "judge_reply": REPLY, "score_raw": REPLY}, [(("score_raw", "judge_reply"), None)], ()),
        # a name that others have for something else: what is in it decides
        ({"text": TEXT, "raw_response": TEXT}, [], ()),
        ({"text": TEXT, "raw_response": REPLY}, [(("raw_response",), None)], ()),
        # names of judges
        ({"text": TEXT, "score_claude": REPLY}, [(("score_claude",), "claude")], ("score_claude",)),
        ({"text": TEXT, "score_claude": REPLY, "gpt-4o judge": REPLY},
         [(("score_claude",), "claude"), (("gpt-4o judge",), "gpt-4o")], ("score_claude", "gpt-4o judge")),
        ({"text": TEXT, "score_claude": REPLY, "judge": "opus"}, [(("score_claude",), None)], ("score_claude",)),
        ({"text": TEXT, "score_claude": REPLY, "score_qwen": REPLY, "judge": "opus"},
         [(("score_claude",), "claude"), (("score_qwen",), "qwen")], ("score_claude", "score_qwen")),
        ({"text": TEXT, "score_raw": REPLY, "score_claude": REPLY, "judge": "opus"},
         [(("score_raw",), None), (("score_claude",), "claude")], ("score_claude",)),
        # one column that reads as replies is one, two are nobody's
        ({"text": TEXT, "remarks": REPLY}, [(("remarks",), "remarks")], ("remarks",)),
        ({"text": TEXT, "remarks": REPLY, "notes": REPLY}, [], ()),
        ({"text": TEXT, "remarks": REPLY, "score_raw": REPLY}, [(("score_raw",), None)], ()),
        ({"text": TEXT, "remarks": REPLY, "score_claude": REPLY}, [(("score_claude",), "claude")], ("score_claude",)),
        # what people wrote is no judge's
        ({"text": TEXT, "expert_score": REPLY}, [], ()),
        ({"text": TEXT, "human gpt score": REPLY}, [], ()),
        # without answers a column may be named after the model that was judged
        ({"llava": REPLY}, [], ()),
        ({"remarks": REPLY}, [], ()),
        ({"my_score": REPLY}, [(("my_score",), "my")], ("my_score",)),
        # an answer that reads as a reply is an answer
        ({"text": REPLY}, [], ()),
    ],
)  # fmt: skip
def test_whose_replies_are_where(
    cells: dict[str, str], replies: list[tuple[tuple[str, ...], str | None]], guessed: tuple[str, ...]
) -> None:
    found = columns(**cells)
    assert [(column.keys, column.judge) for column in found.replies] == replies
    assert found.guessed == guessed
    assert found.judged == bool(replies)
    assert found.names == tuple(key for keys, _ in replies for key in keys)


@pytest.mark.parametrize(
    ("column", "cells", "judge"),
    [("verdict of claude", {}, "of_claude"), ("verdict of claude", {"judge": "opus"}, None), ("score_raw", {}, None),
     ("score_claude", {}, "claude")],
)  # fmt: skip
def test_what_is_told_goes_before_what_columns_seem_to_hold(
    column: str, cells: dict[str, str], judge: str | None
) -> None:
    found = columns(ColumnMap({"reply": column}), text=TEXT, score_gpt=REPLY, **{column: TEXT}, **cells)
    assert (found.replies, found.guessed) == ((ReplyColumn((column,), judge),), ())
    assert [name for name, _ in found.unread] == ["score_gpt"]
    points = columns(ColumnMap(points={2: "b", 1: "a"}), text=TEXT, a=1, b=2, score_gpt=REPLY)
    assert (points.replies, points.points, points.names) == ((), ((1, "a"), (2, "b")), ("a", "b"))
    assert points.judged
    assert [name for name, _ in points.unread] == ["score_gpt"]


@pytest.mark.parametrize(
    ("values", "seems"),
    [
        (["", None], "empty"),
        ([nan, ""], "empty"),
        ([1, 2.5], "numbers"),
        ([True, 1], "a number and true or false"),
        ([["a"], {"b": 1}], "a list and an object"),
        (["red", None], "words such as 'red'"),
        (["x" * 39, "x" * 39], f"words such as '{'x' * 19}…'"),
        (["x" * 40, "y" * 40], "text of some 40 characters"),
        (["a", "x" * 50, "y" * 60], "text of some 50 characters"),
        (["https://a.b/c", "a.b/c/d"], "addresses"),
        (["https://a.b/c", "none"], "words such as 'https://a.b/c'"),
        ([{"said": REPLY, "n": 1}] * 2,
         "objects, of which 'said' reads as replies with scores; make it a column of its own"),
        ([{"n": 1}, {"n": 2}], "an object"),
        ([{"said": REPLY}, "x"], "an object and text"),
    ],
)  # fmt: skip
def test_what_a_column_that_is_not_read_seems_to_hold(values: list[Any], seems: str) -> None:
    found = columns_of([{"text": TEXT, "colour": value} for value in values], ColumnMap())
    assert found.unread == (("colour", seems),)


def test_what_could_be_read_says_how() -> None:
    said = dict(columns(remarks=REPLY, colour="x" * 50, model={"name": "m"}, judge="j", raw_response=TEXT).unread)
    assert said == {
        "remarks": "reads as replies with scores; --reply-column takes it for a judge's",
        "colour": "text of some 50 characters; --map answer=… reads it",
        "model": "an object",
        "raw_response": f"text of some {len(TEXT)} characters; --map answer=… reads it",
    }
    assert columns(text=TEXT, answer=TEXT, type="x", url="a.b/c").unread == ()


def test_eight_columns_are_named_and_the_others_counted() -> None:
    for count, more in ((1, ""), (8, ""), (9, " and 1 more"), (11, " and 3 more")):
        said = note(Columns(unread=tuple((f"c{n}", "empty") for n in range(count))))
        assert said.startswith("columns that were not read: 'c0' (empty)")
        assert said.count("(empty)") == min(count, 8)
        assert said.endswith("(empty)" + more)
    assert note(Columns()) == ""


def test_most_of_a_column_reads_as_replies_or_it_is_none() -> None:
    assert not look_like_replies([REPLY, TEXT])
    assert look_like_replies([REPLY, REPLY, TEXT])
    assert look_like_replies([REPLY, "", " ", None, 7])
    assert not look_like_replies([])
    for text, any_, surely in (
        (REPLY, True, True), ("Total score: 7/10.", True, False), ('{"score": 3}', True, False),
        ("A score of the film, in 1 of 2 parts", True, False), ("3/4 of the picture", False, False),
    ):  # fmt: skip
        assert (look_like_replies([text]), look_like_replies([text], surely=True)) == (any_, surely), text


@pytest.mark.parametrize(("before", "behind", "found"), [(1400, 9000, True), (1600, 9000, False), (9000, 1400, True),
                                                         (9000, 1600, False), (1600, 1340, True)])  # fmt: skip
def test_a_verdict_stands_at_the_beginning_or_the_end_of_a_cell(before: int, behind: int, found: bool) -> None:
    """Of more than 3,000 signs the first and the last 1,500 are looked at."""
    assert len(REPLY) < 60
    assert look_like_replies(["x" * before + " " + REPLY + " " + "x" * behind]) == found


def test_the_judge_that_a_column_is_named_after() -> None:
    told = {"score_claude": "claude", "gpt-4o judge": "gpt-4o", "raw_response": "raw_response",
            "Judge Reply by o3": "o3", "claude_opus_eval": "claude_opus", "scores": "scores"}  # fmt: skip
    assert {column: judge_in(column) for column in told} == told
    assert [names_a_judge(column) for column in ("score_raw", "score_gpt", "llava", "verdict")] == [
        True, False, False, True,
    ]  # fmt: skip
