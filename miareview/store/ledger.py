"""The ledger: appending what people do, one hash chain a device, and reading it back."""

from __future__ import annotations

import hashlib
import json
import platform
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from miareview import __version__
from miareview.events import Event
from miareview.identity import digest
from miareview.model import points_text, sixtieths
from miareview.store.connection import Connection, now
from miareview.store.entry import Entry
from miareview.store.event_rows import COLUMNS, NAMES, event_of, row_of
from miareview.store.gold_guard import ABOUT_GOLD, fit_gold
from miareview.store.gold_tables import derive_gold, rederive_gold
from miareview.store.guard import refuse_unfit, shown, weights_of
from miareview.store.names import NAMING, same_person
from miareview.store.register import derive_register, enrol, refuse_unfit_name
from miareview.store.replay import ReviewState, replay
from miareview.store.settling import NO_GUIDELINE

__all__ = ["COLUMNS", "Entry", "append", "event_hash", "events", "review_state", "write"]

FORM = 2
"""The version of the form that new events are hashed in."""


def append(store: Connection, *entries: Entry) -> list[Event]:
    """Write entries to the ledger and bring the derived tables up to date, in one transaction.

    They are on disk when this returns. Whether the judge was visible is decided here, of what the file holds. Raises
    `DataError` if one of them says what cannot be, or they could not be written; then none of them was. Inside of
    `store.writing` they are a step of that transaction, since each alone waits for the disk.
    """
    with store.writing() as connection:
        return write(store, connection, entries)


def write(store: Connection, connection: sqlite3.Connection, entries: Iterable[Entry]) -> list[Event]:
    """`append` within a transaction of the caller's."""
    device = _device(store, connection)
    (last_id,) = connection.execute("select coalesce(max(id), '') from event").fetchone()
    head = connection.execute("select hash from event where device = ? order by id desc limit 1", (device,)).fetchone()
    previous = head[0] if head else ""
    guideline = _guideline(connection)
    said: dict[tuple[str, str], list[Event]] = {}
    reviewed: set[tuple[str, str]] = set()
    written: list[Event] = []
    for entry in entries:
        visible, value = entry.judge_visible, entry.value
        mine: list[Event] = []
        name, person = entry.reviewer, entry.reviewer
        if name and entry.kind not in ("queue", "import"):
            name, person = enrol(connection, name)
        weights: dict[int, int] = {}
        if entry.response is None:
            refuse_unfit(connection, entry, None, {}, visible)
        else:
            key = (entry.response, person)
            if key not in said:
                said[key] = list(_events_of(connection, *key))
            mine = said[key]
            state = replay(mine)
            seen = shown(connection, person, state)
            visible = visible or seen
            weights = weights_of(connection, entry.response)
            refuse_unfit(connection, entry, state, weights, seen)
            if entry.kind not in ("settle", "practice"):
                reviewed.add(key)
        if entry.kind in ABOUT_GOLD:
            value = fit_gold(connection, entry, person, weights)
        elif entry.kind in NAMING:
            refuse_unfit_name(connection, entry)
        elif entry.kind == "commit":
            value = _commit_value(connection, entry)
        last_id = next_id(last_id)
        event = Event(
            id=last_id,
            at=now(),
            reviewer=name,
            device=device,
            kind=entry.kind,
            response=entry.response,
            component=entry.component,
            value=value,
            judge_visible=visible,
            queue=entry.queue,
            guideline=guideline,
            app=__version__,
            seconds=None if entry.seconds is None else float(entry.seconds),  # as it comes back
            previous=previous,
            v=FORM,
        )
        event = replace(event, hash=event_hash(event))
        previous = event.hash
        connection.execute(f"insert into event ({COLUMNS}) values ({', '.join('?' * 16)})", row_of(event))
        mine.append(event)
        written.append(event)
        if entry.kind in NAMING:
            _recount(connection)
        elif entry.kind in ABOUT_GOLD:
            derive_gold(connection, [event])
            guideline = _guideline(connection)
    for response, person in reviewed:
        derive(connection, response, person)
    return written


def _guideline(connection: sqlite3.Connection) -> str:
    """The version of the guideline in force."""
    row = connection.execute("select version from guideline where current").fetchone()
    return str(row[0]) if row else NO_GUIDELINE


def _recount(connection: sqlite3.Connection) -> None:
    """Count people anew after something was said of names."""
    before = dict(connection.execute("select name, person from reviewer").fetchall())
    changed = derive_register(connection)
    now_of = dict(connection.execute("select name, person from reviewer").fetchall())
    people = {map_[name] for map_ in (before, now_of) for name in changed if name in map_}
    names = [name for map_ in (before, now_of) for name, person in map_.items() if person in people]
    among = "in (select value from json_each(?))"
    for table in ("current_score", "review_status"):
        connection.execute(f"delete from {table} where reviewer {among}", (json.dumps(sorted(people)),))
    for response, person in connection.execute(
        "select distinct response, person from event join reviewer on name = event.reviewer"
        f" where response is not null and kind not in ('settle', 'practice') and event.reviewer {among}",
        (json.dumps(names),),
    ).fetchall():
        derive(connection, response, person)
    if changed:
        rederive_gold(connection)
        connection.execute("delete from browse_state where key = 'version'")  # the summary counts people too


def _commit_value(connection: sqlite3.Connection, entry: Entry) -> str:
    """When the judge is shown after this commit, as its queue says."""
    row = connection.execute("select reveal from queue where name = ?", (entry.queue,)).fetchone()
    return str(row[0]) if row else "each"


def event_hash(event: Event) -> str:
    """SHA-256 over the event, with the previous hash of its device's chain in it, in the form of its version.

    Version 1 is the JSON array of its columns up to `previous`; version 2 the JSON object of all but `hash`, with its
    keys in order of the alphabet. Both without white space, in ASCII.
    """
    if event.v == 1:
        row = [int(value) if isinstance(value, bool) else value for value in row_of(event)[:-2]]
        text = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
    else:
        form = dict(zip(NAMES, row_of(event), strict=True))
        del form["hash"]
        text = json.dumps(form, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def events(store: Connection, response: str | None = None, reviewer: str | None = None) -> list[Event]:
    """Events in the order of their ids (which is that of time), of one response and person if named."""
    where = " and ".join(
        ["response = ?"] * (response is not None) + [f"reviewer {same_person()}"] * (reviewer is not None)
    )
    given = [value for value in (response, reviewer) if value is not None]
    sql = f"select {COLUMNS} from event {'where ' + where if where else ''} order by id"
    return [event_of(row) for row in store.rows(sql, given)]


def review_state(store: Connection, response: str, reviewer: str) -> ReviewState:
    """What a reviewer has said of a response so far."""
    return replay(events(store, response, reviewer))


def may_see_judge(store: Connection, reviewer: str, state: ReviewState) -> bool:
    """Whether the judge of the response that `state` is of may be shown to this person now."""
    with store.lock:
        return shown(store.connection, reviewer, state)


def version(store: Connection) -> str:
    """What a number computed from the store depends on: it is the same as long as nothing was said or brought in.

    It is the last event's id, since whatever is brought in is an event too.
    """
    ((last,),) = store.rows("select coalesce(max(id), '') from event")
    return str(last)


def derive(connection: sqlite3.Connection, response: str, reviewer: str) -> None:
    """Rewrite the derived rows of one response and person from the ledger."""
    state = replay(_events_of(connection, response, reviewer))
    scores, status = derived_of(response, reviewer, state, weights_of(connection, response))
    connection.execute("delete from current_score where response = ? and reviewer = ?", (response, reviewer))
    connection.execute("delete from review_status where response = ? and reviewer = ?", (response, reviewer))
    connection.executemany("insert into current_score values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", scores)
    connection.execute("insert into review_status values (?, ?, ?, ?, ?, ?, ?, ?)", status)


def derived_of(
    response: str, reviewer: str, state: ReviewState, weights: Mapping[int, int]
) -> tuple[list[tuple[Any, ...]], tuple[Any, ...]]:
    """The rows of `current_score` and the row of `review_status` of one review."""
    scores = [
        (
            response,
            reviewer,
            position,
            visible,
            None if mark.points is None else points_text(mark.points),
            None if mark.points is None else sixtieths(mark.points, weights[position]),
            mark.ungradable,
            state.reasons.get(position),
            mark.at,
            mark.event,
        )
        for visible, marks in ((0, state.blind), (1, state.assisted))
        for position, mark in marks.items()
        if position in weights
    ]
    status = (
        response,
        reviewer,
        state.committed_at,
        json.dumps(state.committed_queues),
        state.revealed,
        state.skipped,
        state.flagged,
        state.comments.get(0, ""),
    )
    return scores, status


def rebuild(store: Connection) -> None:
    """Throw the derived tables away and make them again from the ledger."""
    with store.writing() as connection:
        rederive(connection)


def rederive(connection: sqlite3.Connection) -> None:
    """`rebuild` within somebody's transaction."""
    connection.execute("delete from current_score")
    connection.execute("delete from review_status")
    derive_register(connection)
    for response, person in connection.execute(
        "select distinct response, person from event join reviewer on name = event.reviewer"
        " where response is not null and kind not in ('settle', 'practice') order by 1, 2"
    ).fetchall():
        derive(connection, response, person)
    rederive_gold(connection)


def _device(store: Connection, connection: sqlite3.Connection) -> str:
    """This machine's id in this file. A copy of the file elsewhere gets another one, and so a chain of its own."""
    status = store.path.stat()
    fingerprint = digest(platform.node(), uuid.getnode(), str(store.path.resolve()), status.st_dev, status.st_ino)
    row = connection.execute("select id from device where fingerprint = ?", (fingerprint,)).fetchone()
    if row:
        return str(row[0])
    device = secrets.token_hex(8)
    connection.execute("insert into device values (?, ?)", (fingerprint, device))
    return device


def next_id(last: str) -> str:
    """A UUIDv7 (milliseconds, a 12-bit fraction, 62 random bits), above `last` even if the clock goes back."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    stamp = (milliseconds << 12) | (rest * 4096 // 1_000_000)
    if last:
        previous = uuid.UUID(last).int
        stamp = max(stamp, (((previous >> 80) << 12) | (previous >> 64 & 0xFFF)) + 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def _events_of(connection: sqlite3.Connection, response: str, person: str) -> Iterator[Event]:
    rows = connection.execute(
        f"select {COLUMNS} from event where response = ? and reviewer {same_person()} order by id", (response, person)
    )
    return (event_of(row) for row in rows)


def state_of(store: Connection) -> tuple[int, int]:
    """The same as before where nobody said a word since, and no queue came or went."""
    ((events, queues),) = store.rows("select (select max(rowid) from event), (select count(*) from queue)")
    return int(events or 0), queues
