"""From a reply, as a file gives it, to a judgment: what was read, what is odd about it, and its id."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from conftest import make_items

from miareview.formats.records import ForeignReply, JudgedBy, Scores
from miareview.identity import judgment_id
from miareview.importing.readings import judge_of, judgment_of, moved
from miareview.model import Judgment

ITEM = make_items(1)[0]  # 4, 3 and 3 points
TEXTS = [component.text for component in ITEM.components]
EMPTY = ForeignReply(raw=None)


def read(reply: ForeignReply) -> Judgment:
    return judgment_of(reply, ITEM, "response", "judge", 2)


def scored(*fractions: str, total: str | None = None) -> Judgment:
    given = {text: Fraction(value) for text, value in zip(TEXTS, fractions, strict=False)}
    return read(replace(EMPTY, scores=Scores(given), total=None if total is None else Fraction(total)))


def points(judgment: Judgment) -> list[Fraction | None]:
    return [score.points for score in judgment.sub_scores]


def test_a_reply_is_read_and_keeps_its_place() -> None:
    reply = "Score of component 1: 4/4, score of component 2: 2/3, score of component 3: 3/3, total score: 9/10."
    judgment = read(replace(EMPTY, raw=reply))
    assert (judgment.status, judgment.raw, judgment.repeat) == ("ok", reply, 2)
    assert points(judgment) == [4, 2, 3]
    assert judgment.id == judgment_id("response", "judge", 2, reply)


def test_fractions_become_points_of_the_weight() -> None:
    judgment = scored("1", "1/3", "0")
    assert points(judgment) == [4, 1, 0]
    assert (judgment.status, judgment.raw) == ("ok", None)
    assert judgment.id == judgment_id("response", "judge", 2, None, ["4", "1", "0"])


def test_what_is_not_there_is_no_zero() -> None:
    partial, nothing = scored("1"), scored()
    assert points(partial) == [4, None, None]
    assert partial.status == "partial"
    assert partial.id == judgment_id("response", "judge", 2, None, ["4", "", ""])
    assert nothing.status == "unparsed"
    assert points(nothing) in ([None] * 3, [])
    assert nothing.id == judgment_id("response", "judge", 2, None)


@pytest.mark.parametrize(
    ("total", "warnings"),
    [
        ("0.5", []),  # 5 of 10
        ("0.504", []),  # what rounding takes
        ("0.505", ["total_mismatch"]),
        ("0.9", ["total_mismatch"]),
        ("0.4444", ["missing_total"]),  # the mean of 1, 1/3 and 0: the harness found no total
        ("0.446", ["total_mismatch"]),
    ],
)
def test_a_total_beside_the_points(total: str, warnings: list[str]) -> None:
    judgment = scored("1", "1/3", "0", total=total)
    assert list(judgment.warnings) == warnings
    assert judgment.status == ("warning" if warnings else "ok")
    assert judgment.harness_total == Fraction(total)


def test_a_total_is_no_warning_where_not_all_points_are_there() -> None:
    assert scored("1", total="0.9").warnings == ()


def test_a_failed_call_is_no_reply_and_keeps_what_the_harness_made_of_it() -> None:
    judgment = read(replace(EMPTY, raw="HTTP 500", failed=True, total=Fraction(0)))
    assert judgment.status in ("api_error", "empty")
    assert judgment.harness_total == 0
    assert all(score.points is None for score in judgment.sub_scores)


def test_a_judgment_moves_with_all_but_its_id() -> None:
    for judgment in (scored("1", "1/3", "0"), scored(), read(replace(EMPTY, raw="component 1: 4/4"))):
        other = moved(judgment, "other")
        assert other == replace(judgment, id=other.id, response="other")
        assert moved(other, "response") == judgment


def test_a_judge_is_its_name_and_how_it_was_asked() -> None:
    asked = JudgedBy(parameters='{"harness":"VLMEvalKit"}', sees_image=True)
    judge = judge_of(asked, "gpt-4o")
    assert (judge.name, judge.prompt, judge.harness, judge.sees_image) == ("gpt-4o", "", "VLMEvalKit", True)
    assert len({judge.id, judge_of(asked, "gpt-4").id, judge_of(JudgedBy(), "gpt-4o").id}) == 3
