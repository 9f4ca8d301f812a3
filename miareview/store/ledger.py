"""The ledger: appending what people do, one hash chain a device, and reading it back."""

from __future__ import annotations

import hashlib
import json
import platform
import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

from miareview import __version__
from miareview.identity import digest
from miareview.model import Event, EventKind, points_text, sixtieths
from miareview.store.connection import now
from miareview.store.replay import ReviewState, replay
from miareview.store.store import Store

COLUMNS = (
    "id, at, reviewer, device, kind, response, component, value, judge_visible, queue, guideline, app, seconds,"
    " previous, hash"
)
GUIDELINE = "1"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written: who did what to which response. Id, time, device and hash are the ledger's to add."""

    reviewer: str
    kind: EventKind
    response: str | None = None
    component: int | None = None
    value: str | None = None
    judge_visible: bool = False
    queue: str | None = None
    seconds: float | None = None


def append(store: Store, *entries: Entry) -> list[Event]:
    """Write entries to the ledger and bring the derived tables up to date, in one transaction.

    They are on disk when this returns. Raises `DataError` if they could not be written; then none of them was.
    """
    with store.writing() as connection:
        device = _device(store, connection)
        last = connection.execute(
            "select id, hash from event where device = ? order by id desc limit 1", (device,)
        ).fetchone()
        last_id, previous = last or ("", "")
        events = []
        for entry in entries:
            last_id = _next_id(last_id)
            event = Event(
                id=last_id,
                at=now(),
                reviewer=entry.reviewer,
                device=device,
                kind=entry.kind,
                response=entry.response,
                component=entry.component,
                value=entry.value,
                judge_visible=entry.judge_visible,
                queue=entry.queue,
                guideline=GUIDELINE,
                app=__version__,
                seconds=entry.seconds,
                previous=previous,
            )
            event = replace(event, hash=event_hash(event))
            previous = event.hash
            events.append(event)
        connection.executemany(
            f"insert into event ({COLUMNS}) values ({', '.join('?' * 15)})",
            [_row(event) for event in events],
        )
        for response, reviewer in dict.fromkeys((e.response, e.reviewer) for e in events if e.response):
            derive(connection, str(response), reviewer)
    return events


def event_hash(event: Event) -> str:
    """SHA-256 over the previous hash of the device's chain and the canonical row: a JSON array of its columns."""
    row = [int(value) if isinstance(value, bool) else value for value in astuple(event)[:-1]]
    return hashlib.sha256(json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()


def events(store: Store, response: str | None = None, reviewer: str | None = None) -> list[Event]:
    """Events in the order of their ids (which is that of time), of one response and reviewer if named."""
    wanted = {"response": response, "reviewer": reviewer}
    given = {column: value for column, value in wanted.items() if value is not None}
    where = f"where {' and '.join(f'{column} = ?' for column in given)}" if given else ""
    return [_event(row) for row in store.rows(f"select {COLUMNS} from event {where} order by id", (*given.values(),))]


def review_state(store: Store, response: str, reviewer: str) -> ReviewState:
    """What a reviewer has said of a response so far."""
    return replay(events(store, response, reviewer))


def committed_by(store: Store, reviewer: str) -> set[str]:
    """Ids of the responses that a reviewer has committed."""
    rows = store.rows("select response from review_status where reviewer = ? and committed_at is not null", (reviewer,))
    return {response for (response,) in rows}


def version(store: Store) -> tuple[Any, ...]:
    """What a number computed from the store depends on: it is the same as long as nothing was said or brought in."""
    (found,) = store.rows(
        "select (select count(*) from event), (select max(id) from event), (select count(*) from response),"
        " (select count(*) from judgment)"
    )
    return found


def derive(connection: sqlite3.Connection, response: str, reviewer: str) -> None:
    """Rewrite the derived rows of one response and reviewer from the ledger."""
    rows = connection.execute(
        f"select {COLUMNS} from event where response = ? and reviewer = ? order by id", (response, reviewer)
    )
    state = replay(_event(row) for row in rows)
    weights = dict(
        connection.execute(
            "select position, weight from component join response on component.item = response.item"
            " where response.id = ?",
            (response,),
        ).fetchall()
    )
    key = (response, reviewer)
    connection.execute("delete from current_score where response = ? and reviewer = ?", key)
    connection.execute("delete from review_status where response = ? and reviewer = ?", key)
    connection.executemany(
        "insert into current_score values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *key,
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
        ],
    )
    connection.execute(
        "insert into review_status values (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            state.committed_at,
            json.dumps(state.committed_queues),
            state.revealed,
            state.skipped,
            state.flagged,
            state.comments.get(0, ""),
        ),
    )


def rebuild(store: Store) -> None:
    """Throw the derived tables away and make them again from the ledger."""
    with store.writing() as connection:
        connection.execute("delete from current_score")
        connection.execute("delete from review_status")
        for response, reviewer in connection.execute(
            "select distinct response, reviewer from event where response is not null order by 1, 2"
        ).fetchall():
            derive(connection, response, reviewer)


def chain_problems(events: Iterable[Event]) -> list[tuple[str, str]]:
    """(where, what) of the first bad row of every device's chain; empty where all chains hold."""
    heads: dict[str, str] = {}
    bad: dict[str, tuple[str, str]] = {}
    for event in events:
        if event.device in bad:
            continue
        where = f"event {event.id}"
        if event.previous != heads.get(event.device, ""):
            bad[event.device] = (where, "does not follow the event before it: a row is missing, moved or added")
        elif event.hash != event_hash(event):
            bad[event.device] = (where, "its content was changed after it was written")
        heads[event.device] = event.hash
    return list(bad.values())


def _device(store: Store, connection: sqlite3.Connection) -> str:
    """This machine's id in this file. A copy of the file elsewhere gets another one, and so a chain of its own."""
    status = store.path.stat()
    fingerprint = digest(platform.node(), uuid.getnode(), str(store.path.resolve()), status.st_dev, status.st_ino)
    row = connection.execute("select id from device where fingerprint = ?", (fingerprint,)).fetchone()
    if row:
        return str(row[0])
    device = secrets.token_hex(8)
    connection.execute("insert into device values (?, ?)", (fingerprint, device))
    return device


def _next_id(last: str) -> str:
    """A UUIDv7 (milliseconds, a 12-bit fraction, 62 random bits), above `last` even if the clock goes back."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    stamp = (milliseconds << 12) | (rest * 4096 // 1_000_000)
    if last:
        previous = uuid.UUID(last).int
        stamp = max(stamp, (((previous >> 80) << 12) | (previous >> 64 & 0xFFF)) + 1)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def _row(event: Event) -> tuple[Any, ...]:
    return astuple(event)


def _event(row: tuple[Any, ...]) -> Event:
    values = list(row)
    values[_VISIBLE] = bool(values[_VISIBLE])
    return Event(*values)


_VISIBLE = COLUMNS.split(", ").index("judge_visible")
