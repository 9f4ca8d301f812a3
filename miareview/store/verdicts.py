"""What stands for each response: labels that judges can be tested against, and scores with people's word first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from miareview.model import Item, Label, Response, Verdict
from miareview.store.gold import guideline_numbers
from miareview.store.practice import read_again
from miareview.store.queues import names_in, second_queues
from miareview.store.settling import Given, Settled, label_of
from miareview.store.store import COUNTS_LAST, Store

Points = Fraction | None
"""Points, or None: ungradable."""


@dataclass(frozen=True, slots=True)
class _Said:
    """All that was said of one response, by component: what was settled, committed marks, the judge's points."""

    settled: Mapping[int, Settled]
    blind: Mapping[int, Sequence[Given]]
    latest: Mapping[int, Sequence[Points]]
    judge: Mapping[int, Fraction]


def labels(store: Store, benchmark: str) -> Iterator[tuple[Item, Response, tuple[Label, ...]]]:
    """The labels of every response that people committed or settled, in the order of items, then models.

    Older answers are there too: a test of a judge needs an answer, not the newest one.
    """
    order = guideline_numbers(store)
    for item, response in _responses(store, benchmark, reviewed=True):
        yield item, response, response_labels(store, item, response.id, order)


def response_labels(
    store: Store, item: Item, response: str, order: Mapping[str, int] | None = None
) -> tuple[Label, ...]:
    """The labels of one response (by id) to `item`, one a component; `order` numbers the guideline's versions."""
    said = _said(store, response, None)
    order = guideline_numbers(store) if order is None else order
    return tuple(
        label_of(position, said.settled.get(position), said.blind.get(position, ()), position in said.latest, order)
        for position in (component.position for component in item.components)
    )


def verdicts(
    store: Store, benchmark: str, model: str, judge: str | None
) -> Iterator[tuple[Item, Response, tuple[Verdict, ...]]]:
    """A model's newest answers with the scores that stand, as in "with overrides": gold, else people, else the judge.

    Of people it is the mean over the reviewers who committed, each with the latest word (assisted before blind).
    `judge` is an id; its reply that counts is taken.
    """
    for item, response in _responses(store, benchmark, model=model):
        said = _said(store, response.id, judge)
        yield item, response, tuple(_verdict(c.position, said) for c in item.components)


def committed_marks(store: Store, response: str) -> list[tuple[str, int, Points]]:
    """(reviewer, position, points) of the latest word of everybody who committed this response."""
    latest: dict[tuple[str, int], Points] = {}
    # Blind marks come first, so an assisted one of the same reviewer and component takes their place.
    for reviewer, position, points in store.rows(
        "select mark.reviewer, position, points from current_score mark join review_status review"
        " on review.response = mark.response and review.reviewer = mark.reviewer"
        " where mark.response = ? and committed_at is not null order by mark.reviewer, position, judge_visible",
        (response,),
    ):
        latest[reviewer, position] = None if points is None else Fraction(points)
    return [(reviewer, position, points) for (reviewer, position), points in latest.items()]


def _responses(
    store: Store, benchmark: str, *, model: str | None = None, reviewed: bool = False
) -> Iterator[tuple[Item, Response]]:
    items = {item.id: item for item in store.items(benchmark)}
    for row in store.stream(
        "select response.id, item, model, text, status from response join item on item.id = response.item"
        " where benchmark = ?1 and (?2 is null or (model = ?2 and not exists (select 1 from response later"
        " where later.item = response.item and later.model = response.model"
        " and (later.imported_at, later.id) > (response.imported_at, response.id))))"
        " and (not ?3 or exists (select 1 from review_status where response = response.id and committed_at is not null)"
        " or exists (select 1 from label where label.response = response.id and ruling = 'settled'))"
        " order by number, model, response.imported_at, response.id",
        (benchmark, model, reviewed),
    ):
        response = Response(*row)
        yield items[response.item], response


def _said(store: Store, response: str, judge: str | None) -> _Said:
    blind: dict[int, list[Given]] = defaultdict(list)
    latest: dict[int, list[Points]] = defaultdict(list)
    # Assisted marks come first, so the blind one of the same reviewer and component is the second.
    seen: set[tuple[str, int]] = set()
    again = second_queues(store)
    for reviewer, position, visible, points, at, guideline, queues in store.rows(
        "select mark.reviewer, position, judge_visible, points, mark.at, guideline, committed_queues"
        " from current_score mark"
        " join review_status review on review.response = mark.response and review.reviewer = mark.reviewer"
        " join (select id, guideline from event) on id = mark.event"
        " where mark.response = ? and committed_at is not null order by mark.reviewer, position, judge_visible desc",
        (response,),
    ):
        given = None if points is None else Fraction(points)
        if not visible:
            blind[position].append(Given(reviewer, given, at, guideline))
        # A second reading that the first one caused is a label; what stands is not made of it.
        if (reviewer, position) not in seen and not (again and again.issuperset(names_in(queues))):
            latest[position].append(given)
            seen.add((reviewer, position))
    settled = settled_of(store, response)
    for reviewer, at, guideline, points_again in read_again(store, response) if settled else ():
        for position, given in points_again.items():
            others = [one for one in blind[position] if one.person != reviewer]
            blind[position] = sorted([*others, Given(reviewer, given, at, guideline)], key=lambda one: one.person)
    judged: dict[int, Fraction] = {}
    if judge is not None:
        found = store.rows(f"select id from judgment where response = ? and judge = ? {COUNTS_LAST}", (response, judge))
        for position, points in store.rows(
            "select position, points from score_read where judgment = ? and points is not null",
            found[-1] if found else ("",),
        ):
            judged[position] = Fraction(points)
    return _Said(settled, blind, latest, judged)


def settled_of(store: Store, response: str) -> dict[int, Settled]:
    """What was settled of the components of a response, by position."""
    return {
        position: Settled(ruling, None if points is None else Fraction(points), why, by, at, guideline, rule,
                          bool(seen), bool(own), seconds, note, event)
        for position, ruling, points, why, by, at, guideline, rule, seen, own, seconds, note, event in store.rows(
            "select position, ruling, points, ungradable, by, at, guideline, rule, judge_seen, own, seconds, note,"
            " event from label where response = ?",
            (response,),
        )
    }  # fmt: skip


def _verdict(position: int, said: _Said) -> Verdict:
    settled = said.settled.get(position)
    if settled and settled.ruling == "settled":
        return Verdict(position, settled.points, "gold", settled.points is None)
    if given := said.latest.get(position):
        values = [points for points in given if points is not None]
        if values:
            return Verdict(position, sum(values, Fraction(0)) / len(values), "human")
        return Verdict(position, None, "human", True)
    if position in said.judge:
        return Verdict(position, said.judge[position], "judge")
    return Verdict(position, None, "")


def flagged_responses(store: Store) -> set[str]:
    """Ids of the responses that somebody flagged for discussion."""
    return {id for (id,) in store.rows("select distinct response from review_status where flagged")}


@dataclass(frozen=True, slots=True)
class SettledText:
    """A settled label and the words of its component, to be held against others; `item` is the item's number."""

    response: str
    position: int
    item: int
    text: str
    weight: int
    points: Points
    note: str
    rule: int | None


def settled_texts(store: Store, benchmark: str) -> list[SettledText]:
    """All that was settled in a benchmark, the newest first."""
    return [
        SettledText(response, position, item, text, weight, None if points is None else Fraction(points), note, rule)
        for response, position, item, text, weight, points, note, rule in store.rows(
            "select response, label.position, number, component.text, weight, points, note, rule from label"
            " join response on response.id = label.response join item on item.id = response.item"
            " join component on component.item = item.id and component.position = label.position"
            " where benchmark = ? and ruling = 'settled' order by label.at desc",
            (benchmark,),
        )
    ]
