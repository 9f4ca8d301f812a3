"""What a list says of one response: its points by judge and people, how far it is settled, why to look. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from miareview.identity import digest
from miareview.model import Component, Item, Judgment, Label
from miareview.review.checks import check_component
from miareview.text import words

FAR = Fraction(3, 10)
"""Judge and people are far apart where their shares of the weight differ by at least this."""

UNREAD = frozenset({"partial", "refused", "empty", "unparsed", "api_error"})
_LEAST_SETTLED = ("disputed", "none", "single", "unanimous", "settled")


@dataclass(frozen=True, slots=True)
class PartSummary:
    """One component: points of the judge and mean points of people (None: not given), `why` as in `language.WHY`."""

    position: int
    category: str
    weight: int
    judge: Fraction | None
    people: Fraction | None
    gold: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One response. `judge` and `people` are sums of points, None unless every component has some.

    `body` tells equal texts: it is the same for texts that differ in white space only, "" where there is no text.
    """

    words: int
    body: str
    weight: int
    judge: Fraction | None
    people: Fraction | None
    reviewers: int
    gold: str
    read: str | None
    why: tuple[str, ...]
    parts: tuple[PartSummary, ...]


def summarise(
    item: Item,
    text: str,
    judgments: Sequence[Judgment],
    people: Mapping[int, Sequence[Fraction | None]],
    reviewers: int,
    labels: Sequence[Label],
) -> Summary:
    """The summary of a response to `item`.

    `judgments` are one judge's replies to it, the one that counts last; `people` maps a position to the points of each
    reviewer who committed (None: ungradable), `reviewers` counts them; `labels` are those of the components.
    """
    counting = judgments[-1] if judgments else None
    given = _points(counting)
    settled = {label.position: "none" if label.source == "assisted" else label.source for label in labels}
    parts = tuple(
        _part(component, item, text, given.get(component.position), people.get(component.position, ()), settled)
        for component in item.components
    )
    judge, mean = _sum([part.judge for part in parts]), _sum([part.people for part in parts])
    why = {reason for part in parts for reason in part.why} - {"delta"}
    why |= {"delta"} if _far(judge, mean, item.total) else set()
    why |= {"unread"} if counting is not None and counting.status in UNREAD else set()
    why |= {"total"} if counting is not None and _adds_up_wrongly(counting, judge, item.total) else set()
    why |= {"self"} if _differ([_points(one) for one in judgments]) else set()
    gold = min((part.gold for part in parts), key=_LEAST_SETTLED.index, default="none")
    return Summary(
        words=len(words(text)),
        body=digest("body", *text.split()) if text.strip() else "",
        weight=item.total,
        judge=judge,
        people=mean,
        reviewers=reviewers,
        gold=gold,
        read=counting.status if counting else None,
        why=tuple(sorted(why)),
        parts=parts,
    )


def _part(
    component: Component,
    item: Item,
    text: str,
    judge: Fraction | None,
    given: Sequence[Fraction | None],
    settled: Mapping[int, str],
) -> PartSummary:
    scored = [points for points in given if points is not None]
    people = sum(scored, Fraction(0)) / len(scored) if scored else None
    why = []
    if judge in (0, component.weight) and text:
        # The witness speaks of one demand only, so it contradicts nothing but full marks and none at all.
        verdict = check_component(component.text, text, item.instruction).verdict
        if (verdict is False and judge == component.weight) or (verdict is True and judge == 0):
            why.append("witness")
    if any(points != given[0] for points in given):
        why.append("people")
    if _far(judge, people, component.weight):
        why.append("delta")
    return PartSummary(
        component.position, component.category, component.weight, judge, people,
        settled.get(component.position, "none"), tuple(why),
    )  # fmt: skip


def _points(judgment: Judgment | None) -> dict[int, Fraction]:
    return {s.position: s.points for s in judgment.sub_scores if s.points is not None} if judgment else {}


def _sum(points: Sequence[Fraction | None]) -> Fraction | None:
    known = [one for one in points if one is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(points) else None


def _far(judge: Fraction | None, people: Fraction | None, weight: int) -> bool:
    return judge is not None and people is not None and weight > 0 and abs(judge - people) >= FAR * weight


def _adds_up_wrongly(judgment: Judgment, total: Fraction | None, weight: int) -> bool:
    """Whether the stated total, taken as a share of what it is out of, is another than the sum of the points."""
    if judgment.stated_total is None or total is None or not judgment.stated_total[1]:
        return False
    points, of = judgment.stated_total
    return points / of * weight != total


def _differ(replies: Sequence[Mapping[int, Fraction]]) -> bool:
    """Whether some component got other points in another reply."""
    seen: dict[int, Fraction] = {}
    return any(seen.setdefault(position, points) != points for reply in replies for position, points in reply.items())
