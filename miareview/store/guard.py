"""What the ledger lets in: an entry is looked at inside the transaction that writes it, whoever calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from fractions import Fraction

from miareview.errors import DataError, RefusedError
from miareview.events import EVENT_KINDS
from miareview.store.entry import Entry
from miareview.store.names import same_person
from miareview.store.practice import practice_of
from miareview.store.replay import ReviewState, judge_shown

POINTS = frozenset({"score", "agree"})
ON_COMPONENT = frozenset({"score", "agree", "clear", "reason", "ungradable"})
CHANGES_SCORES = frozenset({"score", "agree", "clear", "ungradable", "undo", "redo"})


def weights_of(connection: sqlite3.Connection, response: str) -> dict[int, int]:
    """Weight by position of the components behind a response. Raises `DataError` where there is no such response."""
    rows = connection.execute(
        "select position, weight from response left join component on component.item = response.item"
        " where response.id = ?",
        (response,),
    ).fetchall()
    if not rows:
        raise DataError(f"There is no response {response!r}.", "Nothing was saved.")
    return {position: weight for position, weight in rows if position is not None}


DEALT = "exists (select 1 from queue_row where queue = {queue} and position = 1 and people <> '[]')"
"""SQL: whether a queue was dealt out; that is so for all of its rows or for none."""


def is_for(reviewer: str) -> str:
    """SQL: whether a row of `queue_row` is this person's work (a parameter), as of all where it was not dealt out."""
    theirs = "select 1 from json_each(queue_row.people) left join reviewer on name = value"
    named = f"exists ({theirs} where coalesce(person, value) = {reviewer})"
    return f"(queue_row.people = '[]' or {named})"


def over_for(connection: sqlite3.Connection, reviewer: str, names: Collection[str]) -> set[str]:
    """Those of these queues that are over for this person: they committed all that is theirs of it, or closed it."""
    return {name for name in names if _closed(connection, reviewer, name) or _done(connection, reviewer, name)}


def _closed(connection: sqlite3.Connection, reviewer: str, queue: str) -> bool:
    return bool(
        connection.execute(
            "select 1 from event where kind = 'close' and response is null and queue = ?"
            f" and reviewer {same_person()} limit 1",
            (queue, reviewer),
        ).fetchone()
    )


def _done(connection: sqlite3.Connection, reviewer: str, queue: str) -> bool:
    """Whether a person has committed all that is theirs of a queue, which is something."""
    rows = connection.execute(
        "select committed_at from queue_row left join review_status on review_status.response = queue_row.response"
        # People work from the front: what waits is found at once at the other end, however long the queue is.
        f" and reviewer = ?1 where queue = ?2 and {is_for('?1')} order by position desc",
        (reviewer, queue),
    )
    first = rows.fetchone()
    return first is not None and first[0] is not None and all(committed for (committed,) in rows)


def shown(connection: sqlite3.Connection, reviewer: str, state: ReviewState) -> bool:
    """Whether the judge of the response that `state` is of may be seen by this person; see `replay.judge_shown`."""
    waiting = [queue for queue, reveal in state.commits if reveal == "end"]
    return judge_shown(state, over_for(connection, reviewer, waiting))


def refuse_unfit(
    connection: sqlite3.Connection,
    entry: Entry,
    state: ReviewState | None,
    weights: Mapping[int, int],
    visible: bool,
) -> None:
    """Raise `RefusedError` (a `DataError`) where an entry says what cannot be.

    `state` is what its reviewer has said of its response so far, None where it is on no response; `visible` whether the
    judge is visible to them.
    """
    if entry.kind not in EVENT_KINDS:
        raise _unfit(f"There is no kind of event {entry.kind!r}.")
    if entry.queue is not None and entry.kind != "queue":
        _refuse_unknown_queue(connection, entry)
    if state is None:
        return
    if entry.kind in ON_COMPONENT or (entry.component and entry.kind != "comment"):
        weight = weights.get(entry.component or 0)
        if weight is None:
            raise _unfit(f"There is no component {entry.component} here.")
        if entry.kind in POINTS:
            _refuse_points(entry, weight)
    if entry.kind in CHANGES_SCORES and state.committed_at is not None and not visible:
        raise _unfit("This response is committed; open it again first.")
    if entry.kind == "practice":
        _refuse_practice(entry, weights)
    if entry.kind == "ungradable" and not entry.value:
        raise _unfit("A component is ungradable for a reason.")
    if entry.kind == "undo" and entry.value not in state.undoable:
        raise _unfit("There is nothing to undo here.")
    if entry.kind == "redo" and entry.value not in state.redoable:
        raise _unfit("There is nothing to redo here.")
    if entry.kind == "commit" and (missing := [p for p in weights if state.mark(p) is None]):
        raise _unfit(f"{len(missing)} of {len(weights)} components have no score yet.")
    if entry.kind == "reopen" and (state.committed_at is None or visible):
        raise _unfit("A commit can be taken back only until the judge is shown.")


def _refuse_practice(entry: Entry, weights: Mapping[int, int]) -> None:
    said = practice_of(entry.value)
    if said is None or said.points.keys() != weights.keys():
        raise _unfit("A reading for practice says what it is and has a verdict on every component.")
    if any(points is not None and not 0 <= points <= weights[p] for p, points in said.points.items()):
        raise _unfit("The points of a reading for practice do not fit.")


def _refuse_points(entry: Entry, weight: int) -> None:
    try:
        fits = 0 <= Fraction(entry.value or "") <= weight
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits:
        raise _unfit(f"Component {entry.component} is worth {weight}: {entry.value!r} does not fit.")


def _refuse_unknown_queue(connection: sqlite3.Connection, entry: Entry) -> None:
    if entry.kind == "commit":
        sql = "select 1 from queue_row where queue = ? and response = ?"
    else:
        sql = "select 1 from queue where name = ?"
    values = (entry.queue, entry.response)[: sql.count("?")]
    if connection.execute(sql, values).fetchone() is None:
        raise _unfit(f"The queue {entry.queue!r} is not there, or does not have this response.")


def _unfit(message: str) -> RefusedError:
    return RefusedError(message, "Nothing was saved.")
