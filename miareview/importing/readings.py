"""From a reply, as a foreign file gives it, to a judgment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from miareview.formats.records import ForeignReply, JudgedBy, Scores
from miareview.identity import canonical_text, judge_id, judgment_id
from miareview.judge.judgment import no_reply, read_judgment, sub_scores
from miareview.model import Item, Judge, Judgment, JudgmentStatus, SubScore, points_text

_ROUNDING = Fraction(1, 20)  # points


@lru_cache(256)  # a file has few judges and many replies
def judge_of(by: JudgedBy, name: str) -> Judge:
    """The judge of this name who was asked in this way."""
    return Judge(judge_id(name, "", by.parameters), name, "", by.parameters, by.sees_image)


def judgment_of(reply: ForeignReply, item: Item, response: str, judge: str, repeat: int) -> Judgment:
    """The reply as read; `response` and `judge` are ids."""
    if reply.scores is not None:
        return _from_scores(reply, reply.scores, item, response, judge, repeat)
    if reply.raw is None or reply.failed:
        return replace(no_reply(item, response, judge, repeat, reply.raw), harness_total=reply.total)
    judgment = read_judgment(reply.raw, item, response, judge, repeat, reply.finish)
    total = judgment.published_total if reply.as_published else _total(reply, item)
    return judgment if total is None else replace(judgment, harness_total=total)


def moved(judgment: Judgment, response: str) -> Judgment:
    """The same judgment on another response (an id)."""
    written = _written(judgment.raw, judgment.sub_scores)
    id = judgment_id(response, judgment.judge, judgment.repeat, judgment.raw, written)
    return replace(judgment, id=id, response=response)


def _total(reply: ForeignReply, item: Item) -> Fraction | None:
    if reply.points is not None and len(reply.points) == len(item.components):
        return sum(reply.points, Fraction(0)) / item.total
    return reply.total


def _from_scores(reply: ForeignReply, scores: Scores, item: Item, response: str, judge: str, repeat: int) -> Judgment:
    points, warnings = _points_of(scores, item)
    known = [value for value in points if value is not None]
    if reply.total is not None and len(known) == len(points):
        warnings += _disagreement(reply.total, known, item)
    status: JudgmentStatus = "unparsed"
    if known:
        status = "partial" if len(known) < len(points) else "warning" if warnings else "ok"
    read = sub_scores(points)
    return Judgment(
        id=judgment_id(response, judge, repeat, None, _written(None, read)),
        response=response,
        judge=judge,
        repeat=repeat,
        raw=None,
        status=status,
        warnings=tuple(warnings),
        sub_scores=read,
        harness_total=reply.total,
    )


def _points_of(scores: Scores, item: Item) -> tuple[list[Fraction | None], list[str]]:
    """The points of each component, and what is odd about them."""
    fractions = {canonical_text(text): value for text, value in scores.fractions.items()}
    points: list[Fraction | None] = []
    warnings = [*scores.warnings]
    for component in item.components:
        fraction = fractions.get(canonical_text(component.text))
        value = scores.points.get(component.position) if fraction is None else fraction * component.weight
        if value is not None and value > component.weight:
            value, warnings = Fraction(component.weight), [*warnings, "above_weight"]
        points.append(value)
    if any(value is not None for position, value in scores.points.items() if position > len(item.components)):
        warnings.append("extra_component")
    return points, list(dict.fromkeys(warnings))


def _disagreement(total: Fraction, points: Sequence[Fraction], item: Item) -> list[str]:
    """What is odd about a total beside the points. The prompt asks for "z/10" also where the weights sum to 8."""
    read = sum(points, Fraction(0))
    if any(abs(total * of - read) < _ROUNDING for of in (item.total, 10)):
        return []
    # Without a total in the reply, lmms-eval takes the mean of the fractions, whatever they weigh.
    mean = sum((value / weight for value, weight in zip(points, item.weights, strict=True)), Fraction(0)) / len(points)
    return ["missing_total" if abs(total - mean) < Fraction(1, 2000) else "total_mismatch"]


def _written(raw: str | None, scores: Sequence[SubScore]) -> list[str]:
    """What tells a judgment from others where there are scores and no reply."""
    if raw is not None or all(score.points is None for score in scores):
        return []
    return ["" if score.points is None else points_text(score.points) for score in scores]
