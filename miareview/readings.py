"""From a reply, as a foreign file gives it, to a judgment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from miareview.formats.records import ForeignReply, JudgedBy, Scores
from miareview.identity import canonical_text, judge_id, judgment_id
from miareview.judge.published import published_total
from miareview.judge.reply import parse_reply
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
    id = judgment_id(response, judge, repeat, reply.raw)
    if reply.raw is None or reply.failed:
        nothing = tuple(SubScore(component.position, None) for component in item.components)
        return Judgment(
            id, response, judge, repeat, reply.raw, "api_error", sub_scores=nothing, harness_total=reply.total
        )
    reading = parse_reply(reply.raw, item.weights)
    published = published_total(reply.raw, [component.category for component in item.components])
    return Judgment(
        id=id,
        response=response,
        judge=judge,
        repeat=repeat,
        raw=reply.raw,
        status=reading.status,
        warnings=tuple(reading.warnings),
        stated_total=reading.stated_total,
        published_total=published,
        sub_scores=tuple(_sub_scores(reading.points, reading.spans)),
        harness_total=published if reply.as_published else _total(reply, item),
    )


def moved(judgment: Judgment, response: str) -> Judgment:
    """The same judgment on another response (an id)."""
    id = judgment_id(
        response, judgment.judge, judgment.repeat, judgment.raw, _written(judgment.raw, judgment.sub_scores)
    )
    return Judgment(
        id, response, judgment.judge, judgment.repeat, judgment.raw, judgment.status, judgment.warnings,
        judgment.stated_total, judgment.published_total, judgment.sub_scores, judgment.harness_total,
    )  # fmt: skip


def _total(reply: ForeignReply, item: Item) -> Fraction | None:
    if reply.points is not None and len(reply.points) == len(item.components):
        return sum(reply.points, Fraction(0)) / item.total
    return reply.total


def _from_scores(reply: ForeignReply, scores: Scores, item: Item, response: str, judge: str, repeat: int) -> Judgment:
    fractions = {canonical_text(text): value for text, value in scores.fractions.items()}
    points: list[Fraction | None] = []
    for component in item.components:
        fraction = fractions.get(canonical_text(component.text))
        points.append(None if fraction is None else fraction * component.weight)
    known = [value for value in points if value is not None]
    warnings = [*scores.warnings]
    if reply.total is not None and len(known) == len(points):
        warnings += _disagreement(reply.total, known, item)
    status: JudgmentStatus = "unparsed"
    if known:
        status = "partial" if len(known) < len(points) else "warning" if warnings else "ok"
    sub_scores = tuple(_sub_scores(points, [None] * len(points)))
    return Judgment(
        id=judgment_id(response, judge, repeat, None, _written(None, sub_scores)),
        response=response,
        judge=judge,
        repeat=repeat,
        raw=None,
        status=status,
        warnings=tuple(warnings),
        sub_scores=sub_scores,
        harness_total=reply.total,
    )


def _disagreement(total: Fraction, points: Sequence[Fraction], item: Item) -> list[str]:
    """What is odd about a total beside the points. The prompt asks for "z/10" also where the weights sum to 8."""
    read = sum(points, Fraction(0))
    if any(abs(total * of - read) < _ROUNDING for of in (item.total, 10)):
        return []
    # Without a total in the reply, lmms-eval takes the mean of the fractions, whatever they weigh.
    mean = sum((value / weight for value, weight in zip(points, item.weights, strict=True)), Fraction(0)) / len(points)
    return ["missing_total" if abs(total - mean) < Fraction(1, 2000) else "total_mismatch"]


def _written(raw: str | None, sub_scores: Sequence[SubScore]) -> list[str]:
    """What tells a judgment from others where there are scores and no reply."""
    if raw is not None or all(score.points is None for score in sub_scores):
        return []
    return ["" if score.points is None else points_text(score.points) for score in sub_scores]


def _sub_scores(points: Sequence[Fraction | None], spans: Sequence[tuple[int, int] | None]) -> Iterable[SubScore]:
    for position, (value, span) in enumerate(zip(points, spans, strict=True), start=1):
        yield SubScore(position, value, *(span or (None, None)))
