"""What is settled of a component, and how its label stands: what `settle` events add up to. Pure; no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal, NamedTuple

from miareview.events import Event
from miareview.model import Label, LabelSource

NO_GUIDELINE = "1"
"""The version that scores carry from before the first guideline."""

Ruling = Literal["settled", "kept", "again"]


class Given(NamedTuple):
    """What a person gave a component blind: points (None: ungradable), when, and by which guideline; of somebody who
    read it again in a new blind round, what they gave then."""

    person: str
    points: Fraction | None
    at: str
    guideline: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A ruling that stands on one component.

    `ruling`: "settled" (with `points`, or `ungradable` saying why not), "kept" (it stays disputed), "again" (sent back
    to those who scored it). `judge_seen` says whether the judge's score was in sight, `own` whether who settled it had
    scored it too. `rule` is the number of the rule that it rests on.
    """

    ruling: Ruling
    points: Fraction | None
    ungradable: str | None
    by: str
    at: str
    guideline: str
    rule: int | None
    judge_seen: bool
    own: bool
    seconds: float | None
    note: str
    event: str


def fold_settled(events: Iterable[Event]) -> Settled | None:
    """What stands after `events`, the `settle` events on one component, oldest first; None where nothing does.

    The newest stands that was not taken back; one that opens the label again leaves nothing standing.
    """
    standing = standing_settles(events)
    return _settled(standing[-1]) if standing else None


def standing_settles(events: Iterable[Event]) -> list[Event]:
    """The events that were not taken back. A ruling is taken back by an event that names it."""
    standing: list[Event] = []
    for event in events:
        back = said_of(event).get("back")
        if back is None:
            standing.append(event)
        else:
            standing = [one for one in standing if one.id != back]
    return standing


def said_of(event: Event) -> Mapping[str, Any]:
    """The value of an event as the object that it is; nothing where it is none, which the ledger lets nobody write."""
    try:
        said = json.loads(event.value or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _settled(event: Event) -> Settled | None:
    said = said_of(event)
    if "points" in said or "ungradable" in said:
        ruling: Ruling = "settled"
    elif "keep" in said:
        ruling = "kept"
    elif "again" in said:
        ruling = "again"
    else:
        return None
    return Settled(
        ruling=ruling,
        points=Fraction(said["points"]) if "points" in said else None,
        ungradable=said.get("ungradable"),
        by=event.reviewer,
        at=event.at,
        guideline=event.guideline,
        rule=said.get("rule"),
        judge_seen=event.judge_visible,
        own=bool(said.get("own")),
        seconds=event.seconds,
        note=said.get("note", ""),
        event=event.id,
    )


def label_source(settled: Settled | None, given: Sequence[Given], assisted: bool) -> LabelSource:
    """How a label stands, the one rule that all rooms ask.

    What was settled is `settled`. Else those count who scored it blind and committed: all say the same (`unanimous`; of
    one, `single`), or they differ (`disputed`). What was sent back is disputed until two have scored it blind after
    that (one, where one alone had), whoever they are; then they alone count.
    """
    if settled and settled.ruling == "settled":
        return "settled"
    if not given:
        return "assisted" if assisted else "none"
    if len(counting(settled, given)) < min(len(given), 2):
        return "disputed"
    given = counting(settled, given)
    if any(one.points != given[0].points for one in given):
        return "disputed"
    return "single" if len(given) == 1 else "unanimous"


def counting(settled: Settled | None, given: Sequence[Given]) -> Sequence[Given]:
    """Those of `given` that count: all, or what came after the label was sent back."""
    if settled is None or settled.ruling != "again":
        return given
    return [one for one in given if one.at > settled.at]


def label_of(
    position: int,
    settled: Settled | None,
    given: Sequence[Given],
    assisted: bool = False,
    order: Mapping[str, int] | None = None,
) -> Label:
    """The label of one component. `assisted` says that somebody scored it with the judge in sight; `order` gives the
    numbers of the guideline's versions, and with it the oldest that somebody scored by."""
    source = label_source(settled, given, assisted)
    if source in ("single", "unanimous"):
        given = counting(settled, given)
    pairs = list(combinations(given, 2))
    final = settled if settled and settled.ruling == "settled" else None
    versions = [final.guideline] if final else [one.guideline for one in given]
    label = Label(
        position=position,
        points=final.points if final else given[0].points if source in ("single", "unanimous") else None,
        source=source,
        reviewers=len(given),
        agreement=sum(a.points == b.points for a, b in pairs) / len(pairs) if pairs else None,
        values=tuple(one.points for one in given),
        people=tuple(one.person for one in given),
        guideline=min(versions, key=lambda version: (order or {}).get(version, 0), default=""),
        kept=settled is not None and settled.ruling == "kept",
        again=settled is not None and settled.ruling == "again" and source == "disputed",
    )
    if final is None:
        return label
    return replace(
        label,
        why=final.ungradable or "",
        settled_by=final.by,
        settled_at=final.at,
        rule=final.rule,
        judge_seen=final.judge_seen,
        own=final.own,
        seconds=final.seconds,
        note=final.note,
    )
