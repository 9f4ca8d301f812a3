"""What lies before whoever settles a label: what people said, without their names, the witness, and precedents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from miareview.gold.work import Row
from miareview.identity import random_number
from miareview.review.checks import Check, check_component
from miareview.store.ledger import events, may_see_judge, review_state
from miareview.store.practice import read_again
from miareview.store.store import Store
from miareview.store.verdicts import SettledText
from miareview.text import words

ALIKE = 0.6
"""Texts of components are nearly the same from this share of their words in common (Jaccard) on."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said of a component. `name` is R1, R2, …: the same for one person on all of an item, in an order
    that has nothing to do with names. `why` is what they hold against the judge, or why it is ungradable; `guideline`
    the number of its version."""

    name: str
    person: str
    points: Fraction | None
    why: str
    words: str
    seconds: float
    guideline: int


@dataclass(frozen=True, slots=True)
class Precedent:
    """A label that was settled of a component with the same words, or nearly (`same` is False)."""

    item: int
    points: Fraction | None
    weight: int
    same: bool
    note: str
    rule: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it for one row. `own` says that whoever settles scored the component too, in whatever sight;
    `judge_shown` that the judge's reply may be seen by them already."""

    row: Row
    said: tuple[Said, ...]
    witness: Check
    precedents: tuple[Precedent, ...]
    own: bool
    judge_shown: bool


def gather(store: Store, row: Row, by: str, numbers: dict[str, int], settled: Sequence[SettledText]) -> Evidence:
    """The evidence on a row for the one who settles; `numbers` are those of the guideline's versions, `settled` what
    was settled so far."""
    position = row.component.position
    given = dict(zip(row.label.people, row.label.values, strict=True))
    again = {who: guideline for who, _, guideline, points in read_again(store, row.response.id) if position in points}
    people = sorted(row.label.people, key=lambda person: random_number(0, "reader", row.item.id, person))
    said = []
    for place, person in enumerate(people, start=1):
        state = review_state(store, row.response.id, person)
        told = events(store, row.response.id, person)
        mark, points = state.blind.get(position), given[person]
        why = (mark.ungradable if mark else None) or "said in a new blind round"
        scored = next((event.guideline for event in told if mark and event.id == mark.event), "")
        comments = [state.comments[where] for where in (position, 0) if where in state.comments]
        said.append(
            Said(
                name=f"R{place}",
                person=person,
                points=points,
                why=state.reasons.get(position, "") if points is not None else why,
                words=" · ".join(comments),
                seconds=sum(event.seconds or 0 for event in told if event.kind != "settle"),
                guideline=numbers.get(again.get(person, scored), 0),
            )
        )
    witness = check_component(row.component.text, row.response.text, row.item.instruction)
    mine = review_state(store, row.response.id, by)
    return Evidence(
        row, tuple(said), witness, precedents(row, settled),
        own=mine.mark(position) is not None, judge_shown=may_see_judge(store, by, mine),
    )  # fmt: skip


def precedents(row: Row, settled: Sequence[SettledText]) -> tuple[Precedent, ...]:
    """What was settled before of components with the same words or nearly, here and in other items; the same first."""
    mine = _bag(row.component.text)
    found = []
    for one in settled:
        if (one.response, one.position) == row.key:
            continue
        theirs = _bag(one.text)
        alike = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
        if alike >= ALIKE:
            found.append((mine != theirs, -alike, one))
    found.sort(key=lambda pair: pair[:2])
    return tuple(
        Precedent(one.item, one.points, one.weight, not differs, one.note, one.rule) for differs, _, one in found
    )


@lru_cache(maxsize=4096)
def _bag(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in words(text))
