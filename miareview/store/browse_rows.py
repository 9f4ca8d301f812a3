"""The summary that lists are read from: one row a response and one a component, made anew where something was added.

Everything here can be thrown away and made again from the facts and the ledger. What was added since the last time is
found by the place of a row in its table: facts and events are only ever added, at the end.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from miareview.model import Judgment, Response
from miareview.store.browse_columns import put_pieces
from miareview.store.store import Store

AT_ONCE = 1000  # responses summarised in one transaction
_SOURCES = {
    "response": "select id from response where rowid > ? and rowid <= ?",
    "judgment": "select distinct response from judgment where rowid > ? and rowid <= ?",
    "reread": "select distinct response from reread join judgment on judgment.id = judgment"
    " where reread.rowid > ? and reread.rowid <= ?",
    "event": "select distinct response from event where rowid > ? and rowid <= ? and response is not null",
}

_UNLIKE = (
    "select 1 from browse_row r join browse_part p on p.row = r.id where item = ? and body = ?"
    " group by position having min(p.judge) <> max(p.judge)"
)
"""Whether the judge gave some component of answers that say the same different points."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One component's row; points are floats here, for sorting and comparing only."""

    position: int
    category: str
    weight: int
    judge: float | None
    people: float | None
    gold: str
    why: int


@dataclass(frozen=True, slots=True)
class BrowseRow:
    """One response's row. `why` has a bit a reason; `reply` is the counting judgment's id, `body` tells equal texts."""

    response: str
    item: str
    model: str
    status: str
    words: int
    body: str
    weight: int
    judge: float | None
    people: float | None
    reviewers: int
    gold: str
    read: str | None
    why: int
    reply: str | None
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What the summary of one response is made of; `people` maps a position to what each reviewer gave last.

    `spoken_of` is False where nobody has said anything of it.
    """

    response: Response
    judgments: tuple[Judgment, ...]
    people: dict[int, list[Fraction | None]]
    reviewers: int
    spoken_of: bool


def stale(store: Store, judge: str | None, version: str) -> bool:
    """Whether the summary is of another judge or was made by other rules, so that all of it must be made again."""
    found = dict(store.rows("select key, value from browse_state"))
    return (found.get("judge"), found.get("version")) != (judge or "", version)


def made_at(store: Store) -> str | None:
    """A sign of the making of the summary: another one where it was thrown away, so that numbers are of other rows."""
    rows = store.rows("select value from browse_state where key = 'made'")
    return rows[0][0] if rows else None


def forget(store: Store, judge: str | None, version: str) -> None:
    """Throw the summary away; from now on it is of this judge."""
    with store.writing() as connection:
        for table in ("browse_part", "browse_row", "browse_column", "browse_value", "browse_state"):
            connection.execute(f"delete from {table}")
        for index in ("browse_text", "browse_reply", "browse_instruction"):
            connection.execute(f"insert into {index}({index}) values ('delete-all')")
        state = [("judge", judge or ""), ("version", version), ("made", secrets.token_hex(8))]
        connection.executemany("insert into browse_state values (?, ?)", state)


def pending(store: Store) -> Iterator[tuple[list[str], dict[str, int]]]:
    """Ids of responses to summarise, a transaction's worth at a time, and how far each source is then read."""
    kept = dict(store.rows("select key, value from browse_state"))
    done = {table: int(kept[table]) for table in _SOURCES if table in kept}
    ends = {table: store.rows(f"select coalesce(max(rowid), 0) from {table}")[0][0] for table in _SOURCES}
    if not done:
        # A first time reads everything a response has, so older judgments and events need no second look.
        done = ends | {"response": 0}
    for table, sql in _SOURCES.items():
        while (before := done.get(table, 0)) < ends[table]:
            upto = min(before + AT_ONCE, ends[table])
            ids = [id for (id,) in store.rows(sql, (before, upto))]
            done = done | {table: upto}
            yield ids, done


def put_instructions(store: Store) -> None:
    """Make the instructions of new items searchable; where there are none, whoever writes is not waited for."""
    new = "select 1 from item where rowid > (select coalesce(max(rowid), 0) from browse_instruction) limit 1"
    if not store.rows(new):
        return
    with store.writing() as connection:
        (done,) = connection.execute("select coalesce(max(rowid), 0) from browse_instruction").fetchone()
        connection.execute(
            "insert into browse_instruction(rowid, instruction) select rowid, instruction from item where rowid > ?",
            (done,),
        )


def materials(store: Store, ids: Sequence[str], judge: str | None) -> list[Material]:
    """What the summaries of these responses are made of, in the order of their import."""
    wanted = (json.dumps(list(ids)),)
    among = "in (select value from json_each(?))"
    responses = [
        Response(*row)
        for row in store.rows(
            f"select id, item, model, text, status from response where id {among} order by imported_at, id", wanted
        )
    ]
    people: dict[str, dict[int, list[Fraction | None]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[str, str, int]] = set()
    # Assisted marks come first: the latest word of a person stands.
    for response, reviewer, position, points in store.rows(
        "select mark.response, mark.reviewer, position, points from current_score mark join review_status review"
        " on review.response = mark.response and review.reviewer = mark.reviewer"
        f" where mark.response {among} and committed_at is not null order by mark.reviewer, judge_visible desc",
        wanted,
    ):
        if (response, reviewer, position) not in seen:
            seen.add((response, reviewer, position))
            people[response][position].append(None if points is None else Fraction(points))
    reviewers = dict(
        store.rows(
            f"select response, count(*) from review_status where response {among} and committed_at is not null"
            " group by response",
            wanted,
        )
    )
    judged = {
        id
        for (id,) in store.rows(
            f"select distinct response from judgment where response {among} and judge = ?", (*wanted, judge or "")
        )
    }
    spoken_of = {id for (id,) in store.rows(f"select distinct response from event where response {among}", wanted)}
    return [
        Material(
            response,
            tuple(j for j in store.judgments(response.id) if j.judge == judge) if response.id in judged else (),
            people.get(response.id, {}),
            reviewers.get(response.id, 0),
            response.id in spoken_of,
        )
        for response in responses
    ]


def put_rows(store: Store, rows: Sequence[BrowseRow], done: dict[str, int], same: int, unlike: int) -> None:
    """Write summaries and how far the sources are read, in one transaction.

    Rows whose text another model's row of the item has get the bit `same`; those whose text another row has with other
    points of the judge for some component, `unlike`.
    """
    with store.writing() as connection:
        changed = {_put(connection, row) for row in rows}
        for alike in {(row.item, row.body) for row in rows if row.body}:
            group = connection.execute(
                "select id, model, why from browse_row where item = ? and body = ?", alike
            ).fetchall()
            if len(group) > 1:
                bits = same if len({model for _, model, _ in group}) > 1 else 0
                bits |= unlike if connection.execute(_UNLIKE, alike).fetchone() else 0
                told = [(why & ~unlike | bits, id) for id, _, why in group if why & ~unlike | bits != why]
                connection.executemany("update browse_row set why = ? where id = ?", told)
                changed |= {id for _, id in told}
        put_pieces(connection, changed)
        connection.executemany(
            "insert into browse_state values (?, ?) on conflict(key) do update set value = excluded.value",
            [(table, str(place)) for table, place in done.items()],
        )


def _put(connection: sqlite3.Connection, row: BrowseRow) -> int:
    """Write one response's summary; the number of its row."""
    before = connection.execute("select id, reply from browse_row where response = ?", (row.response,)).fetchone()
    delta = None if row.judge is None or row.people is None else row.people - row.judge
    (number, benchmark, difficulty, text) = connection.execute(
        "select number, benchmark, difficulty, text from response join item on item.id = response.item"
        " where response.id = ?",
        (row.response,),
    ).fetchone()
    values = (
        row.response, row.item, benchmark, number, row.model, difficulty, row.status, row.words, row.body, row.weight,
        row.judge, row.people, delta, _share(row.judge, row.weight), _share(row.people, row.weight), row.reviewers,
        row.gold, row.read, row.why, row.reply,
    )  # fmt: skip
    if before is None:
        made = connection.execute(f"insert into browse_row values (null, {', '.join('?' * len(values))})", values)
        id = int(made.lastrowid or 0)
        connection.execute("insert into browse_text(rowid, response) values (?, ?)", (id, text))
    else:
        id = before[0]
        connection.execute(
            "update browse_row set judge = ?, people = ?, delta = ?, judge_share = ?, people_share = ?, reviewers = ?,"
            " gold = ?, read = ?, why = ?, reply = ? where id = ?",
            (*values[10:], id),
        )
        connection.execute("delete from browse_part where row = ?", (id,))
    if before is None or before[1] != row.reply:
        _index_reply(connection, id, before[1] if before else None, row.reply)
    connection.executemany(
        "insert into browse_part values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                id, part.position, part.category, part.weight, part.judge, part.people,
                None if part.judge is None or part.people is None else part.people - part.judge,
                _share(part.judge, part.weight), _share(part.people, part.weight), part.gold, part.why,
            )
            for part in row.parts
        ],
    )  # fmt: skip
    return id


def _index_reply(connection: sqlite3.Connection, id: int | None, before: str | None, now: str | None) -> None:
    raw = "select coalesce(raw, '') from judgment where id = ?"
    if before is not None:
        (old,) = connection.execute(raw, (before,)).fetchone()
        connection.execute("insert into browse_reply(browse_reply, rowid, reply) values ('delete', ?, ?)", (id, old))
    if now is not None:
        (new,) = connection.execute(raw, (now,)).fetchone()
        connection.execute("insert into browse_reply(rowid, reply) values (?, ?)", (id, new))


def _share(points: float | None, weight: int) -> float | None:
    return None if points is None or not weight else points / weight
