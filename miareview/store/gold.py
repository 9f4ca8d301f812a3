"""Gold in the store: what is said of labels as entries for the ledger, and rules, guidelines and splits as records."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from miareview.identity import digest
from miareview.model import points_text
from miareview.store.connection import Connection
from miareview.store.entry import Entry
from miareview.store.settling import NO_GUIDELINE

# what is said; each goes to the ledger with `append`, which refuses what cannot be


def settled(
    by: str,
    response: str,
    position: int,
    points: Fraction | None = None,
    *,
    ungradable: str | None = None,
    rule: int | None = None,
    note: str = "",
    own: bool = False,
    judge_visible: bool = False,
    seconds: float | None = None,
) -> Entry:
    """The label of a component: its points, or why it is ungradable.

    `own` says that whoever settles it knows that they scored it themselves; the ledger refuses it otherwise.
    """
    verdict = {"ungradable": ungradable} if points is None else {"points": points_text(points)}
    more = {"rule": rule, "note": note, "own": own}
    return _of_label(by, response, position, verdict, more, judge_visible=judge_visible, seconds=seconds)


def kept_disputed(by: str, response: str, position: int, note: str = "", seconds: float | None = None) -> Entry:
    """Somebody looked, and it stays disputed."""
    return _of_label(by, response, position, {"keep": True}, {"note": note}, seconds=seconds)


def sent_back(by: str, response: str, position: int, note: str = "", seconds: float | None = None) -> Entry:
    """Those who scored it are to score it again; what they said stays on record."""
    return _of_label(by, response, position, {"again": True}, {"note": note}, seconds=seconds)


def opened(by: str, response: str, position: int, note: str = "") -> Entry:
    """What was settled is open again."""
    return _of_label(by, response, position, {"open": True}, {"note": note})


def taken_back(by: str, response: str, position: int, event: str) -> Entry:
    """The last word on a label (an event's id) is taken back, and the one before it stands again."""
    return _of_label(by, response, position, {"back": event}, {})


def _of_label(
    by: str, response: str, position: int, verdict: Mapping[str, Any], more: Mapping[str, Any], **others: Any
) -> Entry:
    value = {**verdict, **{key: said for key, said in more.items() if said}}
    return Entry(by, "settle", response, position, _json(value), **others)


def new_rule(by: str, text: str) -> Entry:
    """A rule; the ledger gives it the next number."""
    return Entry(by, "rule", value=_json({"text": text.strip()}))


def new_guideline(by: str, text: str) -> Entry:
    """The guideline is this Markdown text from now on."""
    return Entry(by, "guideline", value=_json({"version": guideline_version(text), "text": text}))


def guideline_version(text: str) -> str:
    """What a guideline is known by: a hash of its text, with the ends of lines as they are on every system."""
    return digest("guideline", text.replace("\r\n", "\n"))


def new_split(by: str, benchmark: str, seed: int, parts: Mapping[str, Sequence[str]]) -> Entry:
    """Items (ids) dealt out: `parts` has those of every one of `SPLITS`."""
    return Entry(by, "split", value=_json({"benchmark": benchmark, "seed": seed, **parts}))


def used_split(by: str, benchmark: str, split: str, judges: Sequence[str], again: bool) -> Entry:
    """A split has decided on these judges (ids); `again` says that it had decided on others before."""
    value = {"benchmark": benchmark, "used": split, "judges": sorted(judges), "again": again}
    return Entry(by, "split", value=_json(value))


def relabelled(by: str, item: str, position: int, category: str | None) -> Entry:
    """A component has another category than the benchmark says; with None it has that again."""
    return Entry(by, "relabel", None, position, _json({"item": item, "category": category}))


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# records


@dataclass(frozen=True, slots=True)
class Guideline:
    """One text of the guideline. `number` counts texts as they were first adopted, `version` is the hash."""

    number: int
    version: str
    text: str
    by: str
    at: str
    current: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that settled cases gave, with the version of the guideline it was written under; `uses` counts labels."""

    number: int
    text: str
    by: str
    at: str
    guideline: str
    uses: int


@dataclass(frozen=True, slots=True)
class Use:
    """A split that decided: on which judges (ids), and whether it had decided on others before."""

    split: str
    judges: tuple[str, ...]
    by: str
    at: str
    again: bool


def guidelines(store: Connection) -> list[Guideline]:
    """Every text of the guideline, the oldest first."""
    rows = store.rows("select number, version, text, by, at, current from guideline order by number")
    return [Guideline(number, version, text, by, at, bool(now)) for number, version, text, by, at, now in rows]


def guideline_numbers(store: Connection) -> dict[str, int]:
    """The number of every version of the guideline; 0 is that of scores from before the first."""
    return {NO_GUIDELINE: 0, **dict(store.rows("select version, number from guideline"))}


def current_guideline(store: Connection) -> Guideline | None:
    """The guideline that is in force, None where there is none."""
    return next((found for found in guidelines(store) if found.current), None)


def rules(store: Connection) -> list[Rule]:
    """Every rule by its number."""
    return [
        Rule(*row)
        for row in store.rows(
            "select number, text, by, rule.at, rule.guideline, (select count(*) from label"
            " where label.rule = number and ruling = 'settled') from rule order by number"
        )
    ]


def split_of(store: Connection, benchmark: str) -> dict[str, str]:
    """Which split every item (id) of a benchmark is in; empty where it was not dealt out."""
    return dict(
        store.rows(
            "select split_item.item, split from split_item join item on item.id = split_item.item where benchmark = ?",
            (benchmark,),
        )
    )


def uses_of(store: Connection, benchmark: str, split: str) -> list[Use]:
    """What a split has decided, the first time first."""
    found = []
    for reviewer, at, value in store.rows(
        "select reviewer, at, value from event where kind = 'split' and response is null order by id"
    ):
        said = json.loads(value)
        if said.get("used") == split and said["benchmark"] == benchmark:
            found.append(Use(split, tuple(said["judges"]), reviewer, at, said["again"]))
    return found


def categories_of(store: Connection, items: Collection[str] | None = None) -> dict[tuple[str, int], str]:
    """The categories that people gave components instead of the benchmark's, by item (id) and position."""
    return {
        (item, position): category
        for item, position, category in store.rows("select item, position, category from category_label")
        if items is None or item in items
    }
