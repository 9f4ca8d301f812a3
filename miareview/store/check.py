"""Is this database what it says it is? Everything in it, read once, of one moment, without writing a byte."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from miareview.errors import MiaReviewError, RefusedError
from miareview.events import EVENT_KINDS, Event
from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.store import gold_tables, ledger
from miareview.store.event_rows import COLUMNS, event_of
from miareview.store.guard import ON_COMPONENT, POINTS
from miareview.store.imports import unchained
from miareview.store.migrations import DERIVED, expected_schema
from miareview.store.queues import designs, drawn
from miareview.store.register import names_of, read_register
from miareview.store.replay import points_of, replay
from miareview.store.sight import peeked
from miareview.store.store import Store

Problem = tuple[str, str]
"""(where, what)."""


class Head(NamedTuple):
    """The end of a device's chain: how many events it has, the id of the last one, and its hash."""

    events: int
    id: str
    hash: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`problems` is empty when all is well. `heads` are the chains' ends, by device.

    `facts_since` is when the facts of an older file were taken into the chain: of a change before that, nothing can be
    said. "" where they were from the start.
    """

    events: int = 0
    heads: dict[str, Head] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    facts_since: str = ""

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def chains(self) -> int:
        return len(self.heads)


@dataclass(slots=True)
class _Told:
    """What the ledger says, read event by event."""

    events: int = 0
    heads: dict[str, Head] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    imports: list[dict[str, Any]] = field(default_factory=list)
    draws: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts_since: str = ""


def check(store: Store, since: Mapping[str, Head] | None = None) -> CheckResult:
    """Verify the file: chains, facts, draws, derived rows, schema; and that it still holds the heads of `since`."""
    told = _Told()
    problems: list[Problem] = []
    parts: tuple[Callable[[], Iterable[Problem]], ...] = (
        lambda: _schema_problems(store),
        lambda: _file_problems(store),
        lambda: _ledger_problems(store, told, since or {}),
        lambda: _id_problems(store),
        lambda: unchained(store.connection, told.imports),
        lambda: _draw_problems(store, told.draws),
        lambda: _derived_problems(store),
        lambda: _gold_problems(store),
    )
    with store.snapshot():
        for part in parts:
            try:
                problems.extend(part())
            except (sqlite3.Error, MiaReviewError, LookupError, TypeError, ValueError) as error:
                # What was changed may make anything unreadable; the other parts still say what they find.
                problems.append(("file", f"cannot be read as it should: {error}"))
    return CheckResult(told.events, told.heads, problems, told.facts_since)


def rebuild(store: Store) -> CheckResult:
    """Make the derived tables again from the ledger. Raises `RefusedError` where anything else is not well: a ledger
    that was changed must not become what counts."""
    wrong = [problem for problem in check(store).problems if not problem[0].startswith(_DERIVED)]
    if wrong:
        raise RefusedError(f"Nothing was made again, since {wrong[0][0]}: {wrong[0][1]}.", "Run `miareview check`.")
    ledger.rebuild(store)
    return check(store)


def derived_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The derived tables, row by row, in the order of their keys."""
    tables = (*DERIVED, "reviewer", *gold_tables.TABLES)
    return {table: sorted(store.rows(f"select * from {table}"), key=repr) for table in tables}


_DERIVED = "derived table "


def _schema_problems(store: Store) -> Iterator[Problem]:
    """What differs from the schema that the migrations make."""
    there = {
        (kind, name): _words(sql)
        for kind, name, sql in store.rows("select type, name, sql from sqlite_master where sql is not null")
    }
    expected = {key: _words(sql) for key, sql in expected_schema().items()}
    for key in sorted(expected):
        if key not in there:
            yield " ".join(key), "is missing"
        elif there[key] != expected[key]:
            yield " ".join(key), "is not as miareview made it"
    for kind, name in sorted(there.keys() - expected.keys()):
        if kind == "trigger":
            yield f"{kind} {name}", "is none of miareview's, and can change what is written"


def _file_problems(store: Store) -> Iterator[Problem]:
    for (message,) in store.rows("pragma integrity_check"):
        if message != "ok":
            yield "file", message
    for table, row, parent, _ in store.rows("pragma foreign_key_check"):
        yield f"table {table}, row {row}", f"refers to a row of {parent} that is not there"


def _words(sql: str) -> str:
    return " ".join(sql.split())


def _ledger_problems(store: Store, told: _Told, since: Mapping[str, Head]) -> Iterator[Problem]:
    """Chains that are broken or lack an end that they had, and events that say what cannot be; fills `told`."""
    kept: set[str] = set()
    weights = _weights(store)
    for row in store.stream(f"select {COLUMNS} from event order by id"):
        event = event_of(row)
        told.events += 1
        yield from _follow(told, event)
        if since.get(event.device) == told.heads[event.device]:
            kept.add(event.device)
        where = f"event {event.id}"
        if event.kind not in EVENT_KINDS:
            yield where, f"is of no known kind: {event.kind!r}"
        elif event.kind in ON_COMPONENT and event.component not in weights.get(event.response or "", {}):
            yield where, f"is on component {event.component}, which is not there"
        elif event.kind in POINTS:
            points, weight = points_of(event), weights[event.response or ""][event.component or 0]
            if points is None or not 0 <= points <= weight:
                yield where, f"gives {event.value!r} of {weight} points"
        elif event.kind in ("import", "queue", "peek") and not _note(told, event):
            yield where, "does not say what it should"
    for device in since.keys() - kept:
        head = since[device]
        yield f"chain {device}", f"had {head.events} events up to {head.id}, and does not hold that end any more"


def _follow(told: _Told, event: Event) -> Iterator[Problem]:
    """Go one event on in its device's chain; of a broken chain only the first fault is named."""
    head = told.heads.get(event.device, Head(0, "", ""))
    told.heads[event.device] = Head(head.events + 1, event.id, event.hash)
    if event.device in told.broken:
        return
    if event.previous != head.hash:
        what = "does not follow the event before it: a row is missing, moved or added"
    elif event.hash != ledger.event_hash(event):
        what = "its content was changed after it was written"
    else:
        return
    told.broken.add(event.device)
    yield f"event {event.id}", what


def _note(told: _Told, event: Event) -> bool:
    """Keep what an import or a draw says of itself; False where it, or a peek, does not say what it should."""
    if event.kind == "peek":
        return peeked(event.value) is not None
    try:
        value = json.loads(event.value or "")
    except ValueError:
        return False
    needed = {"table", "at", "count", "facts"} if event.kind == "import" else {"seed", "rows"}
    if not isinstance(value, dict) or not needed <= value.keys():
        return False
    if event.kind == "queue":
        told.draws[event.queue or ""] = value
    else:
        told.imports.append(value)
        told.facts_since = told.facts_since or (event.at if value.get("late") else "")
    return True


def _id_problems(store: Store) -> Iterator[Problem]:
    """Facts whose id is not the hash of what they say."""
    what = "does not say what its id was made of: it was changed"
    for id, *said in store.stream("select id, benchmark, image_url, instruction from item"):
        if id != item_id(*said):
            yield f"item {id}", what
    for id, item, model, text, status in store.stream("select id, item, model, text, status from response"):
        if id not in (response_id(item, model, text, status), response_id(item, model, text or None, status)):
            yield f"response {id}", what
    for id, *said in store.stream("select id, name, prompt, parameters from judge"):
        if id != judge_id(*said):
            yield f"judge {id}", what
    for id, response, judge, repeat, raw, scores in store.stream(
        "select id, response, judge, repeat, raw, case when raw is null then (select json_group_array("
        "coalesce(points, '')) from (select points from sub_score where judgment = judgment.id order by position)) end"
        " from judgment"
    ):
        # A reply that was not kept is told from others by its scores, one that a filter stopped by an empty text.
        forms: tuple[tuple[Any, ...], ...] = ((raw,),)
        if raw is None:
            forms = ((None,), (None, json.loads(scores)), ("",))
        if all(id != judgment_id(response, judge, repeat, *form) for form in forms):
            yield f"judgment {id}", what


def _draw_problems(store: Store, draws: Mapping[str, dict[str, Any]]) -> Iterator[Problem]:
    """Queues that are not as they were drawn. One that nobody has worked in may be deleted."""
    there = {queue.name: queue for queue in designs(store)}
    for name, queue in there.items():
        if name not in draws:
            yield f"queue {name}", "no draw of the ledger made it"
            continue
        now = drawn(store, queue)
        different = [key for key, value in draws[name].items() if now.get(key) != value]
        if different:
            yield f"queue {name}", f"is not as it was drawn: {', '.join(sorted(different))}"
    for (name,) in store.rows("select distinct queue from event where kind = 'commit' and queue is not null"):
        if name not in there:
            yield f"queue {name}", "is gone, and reviews came out of it"


def _derived_problems(store: Store) -> Iterator[Problem]:
    """Compare the derived tables with what the ledger adds up to, one review after the other."""
    scores: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in store.stream("select * from current_score order by response, reviewer, position, judge_visible"):
        scores[row[0], row[1]].append(row)
    status = {row[:2]: row for row in store.stream("select * from review_status")}
    weights = _weights(store)
    for key, said in _by_review(store):
        rows, expected = ledger.derived_of(*key, replay(said), weights.get(key[0], {}))
        for table, same in (
            ("current_score", scores.pop(key, []) == sorted(rows, key=lambda row: row[2:4])),
            ("review_status", status.pop(key, None) == expected),
        ):
            if not same:
                yield f"{_DERIVED}{table}, {key[0]} by {key[1]}", "differs from the ledger; run check --rebuild"
    for table, left in (("current_score", scores), ("review_status", status)):
        for response, reviewer in left:
            yield f"{_DERIVED}{table}, {response} by {reviewer}", "nobody said this; run check --rebuild"


def _by_review(store: Store) -> Iterator[tuple[tuple[str, str], Iterator[Event]]]:
    """What every person said of every response."""
    columns = ", ".join(f"event.{column}" for column in COLUMNS.split(", "))
    rows = store.stream(
        f"select person, {columns} from event join reviewer on name = event.reviewer"
        " where response is not null and kind not in ('settle', 'practice') order by response, person, event.id"
    )
    told = ((str(row[0]), event_of(row[1:])) for row in rows)
    for (response, person), said in groupby(told, key=lambda pair: (str(pair[1].response), pair[0])):
        yield (response, person), (event for _, event in said)


def _gold_problems(store: Store) -> Iterator[Problem]:
    """Whether the register, and the tables of gold, are as the ledger says."""
    with store.lock:
        expected = {table: gold_tables.rows_of(store.connection, table) for table in gold_tables.TABLES}
        expected["reviewer"] = names_of(store.connection, read_register(store.connection))
    for table, rows in expected.items():
        if sorted(rows, key=repr) != sorted(store.rows(f"select * from {table}"), key=repr):
            yield f"{_DERIVED}{table}", "differs from the ledger; run check --rebuild"


def _weights(store: Store) -> dict[str, dict[int, int]]:
    """Weight by position of the components of every response."""
    of_item: dict[str, dict[int, int]] = defaultdict(dict)
    for item, position, weight in store.rows("select item, position, weight from component"):
        of_item[item][position] = weight
    return {id: of_item[item] for id, item in store.rows("select id, item from response")}
