"""From the words of a judge to the record of them: the same for imported replies, single calls and batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from miareview.identity import judgment_id
from miareview.judge.published import published_total
from miareview.judge.reply import parse_reply
from miareview.model import Item, Judgment, JudgmentStatus, SubScore


def read_judgment(raw: str, item: Item, response: str, judge: str, repeat: int, finish: str | None = None) -> Judgment:
    """The reply `raw` on a response to the item, as read; `response` and `judge` are ids, `finish` is how it ended."""
    categories = [component.category for component in item.components]
    texts = [component.text for component in item.components]
    reading = parse_reply(raw, [component.weight for component in item.components], categories, texts, finish)
    return Judgment(
        id=judgment_id(response, judge, repeat, raw),
        response=response,
        judge=judge,
        repeat=repeat,
        raw=raw,
        status=reading.status,
        warnings=reading.odd,
        stated_total=reading.stated_total,
        published_total=published_total(raw, categories),
        sub_scores=reading.sub_scores,
    )


def no_reply(
    item: Item,
    response: str,
    judge: str,
    repeat: int,
    raw: str | None = None,
    status: JudgmentStatus = "api_error",
    warnings: Iterable[str] = (),
) -> Judgment:
    """What stands for a reply that never came; `raw` is what a harness wrote in its place."""
    nothing = sub_scores([None] * len(item.components))
    id = judgment_id(response, judge, repeat, raw)
    return Judgment(id, response, judge, repeat, raw, status, tuple(warnings), sub_scores=nothing)


def sub_scores(points: Sequence[Fraction | None]) -> tuple[SubScore, ...]:
    """One sub-score a component, in component order, of points that stand in no reply."""
    return tuple(SubScore(position, value) for position, value in enumerate(points, 1))
