"""What of the judge's work a person has been shown, and which of their queues are not over."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from miareview.errors import DataError
from miareview.model import Reveal
from miareview.store.connection import Connection
from miareview.store.guard import DEALT, is_for, over_for
from miareview.store.names import same_person
from miareview.store.queues import names_in
from miareview.store.replay import ReviewState, judge_shown


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part of a queue: how much they have committed of its responses, and whether it is over for them.
    Of a queue that was dealt out, `responses` are those that are theirs.

    `begun` says whether they have said anything in it.
    """

    queue: str
    blind: bool
    reveal: Reveal
    responses: int
    committed: int
    begun: bool
    over: bool


def parts(store: Connection, reviewer: str) -> list[Part]:
    """A person's part of every queue, in the order of the queues' making; training and new blind rounds have none."""
    with store.lock:
        begun = {
            name
            for (name,) in store.rows(
                f"select distinct queue from event where reviewer {same_person()} and response is not null", (reviewer,)
            )
        }
        rows = store.rows(
            f"select name, blind, reveal, case when {DEALT.format(queue='name')}"
            # Nothing is dealt out, so the last place says how many there are, and rows need not be counted.
            f" then (select count(*) from queue_row where queue = name and {is_for('?')})"
            " else (select coalesce(max(position), 0) from queue_row where queue = name) end"
            " from queue where design not in ('training', 'again') order by made, name",
            (reviewer,),
        )
        committed: dict[str, int] = dict(
            store.rows(
                "select queue, count(*) from review_status cross join queue_row"  # begins with the few reviews
                " on queue_row.response = review_status.response"
                f" where reviewer = ?1 and committed_at is not null and {is_for('?1')} group by queue",
                (reviewer,),
            )
        )
        over = over_for(store.connection, reviewer, [name for name, *_ in rows])
    return [
        Part(name, bool(blind), reveal, responses, committed.get(name, 0), name in begun, name in over)
        for name, blind, reveal, responses in rows
    ]


def is_over(store: Connection, reviewer: str, queue: str | None) -> bool:
    """Whether a queue is over for this person: all of it is committed, or they closed it."""
    with store.lock:
        return queue is not None and queue in over_for(store.connection, reviewer, [queue])


def shown_to(store: Connection, reviewer: str, responses: Collection[str] | None = None) -> set[str]:
    """Ids of the responses whose judge may be shown to this person, of all or of some; the rule is `judge_shown`."""
    some = "" if responses is None else f" and response in ({', '.join('?' * len(responses))})"
    with store.lock:
        rows = store.rows(
            "select response, revealed, committed_queues from review_status"
            f" where reviewer = ? and (revealed or committed_at is not null){some}",
            (reviewer, *(responses or ())),
        )
        reveals: dict[str, Reveal] = dict(store.rows("select name, reveal from queue"))
        waiting = {name for _, _, text in rows for name in names_in(text) if reveals.get(name) == "end"}
        over = over_for(store.connection, reviewer, waiting)
    return {
        response
        for response, revealed, text in rows
        if judge_shown(
            ReviewState(
                revealed=bool(revealed),
                commits=tuple((name, reveals.get(name, "each")) for name in names_in(text)),
            ),
            over,
        )
    }


def rows_of(store: Connection, reviewer: str, names: Collection[str], item: str | None = None) -> list[tuple[str, str]]:
    """(item, response) of every row of these queues that is this person's work, or of those that answer one item."""
    queues = f"in ({', '.join('?' * len(names))}) and {is_for('?')}"
    if not names:
        return []
    if item is None:
        return store.rows(
            "select distinct item, response from queue_row join response on response.id = queue_row.response"
            f" where queue {queues}",
            (*names, reviewer),
        )
    # "cross" and "+" have SQLite begin with the item's few responses, and not with all rows of the queues.
    return store.rows(
        "select distinct item, response from response cross join queue_row on queue_row.response = response.id"
        f" where item = ? and +queue {queues}",
        (item, *names, reviewer),
    )


def last_commit(store: Connection, reviewer: str, queue: str | None) -> str | None:
    """The response that this person committed last in a queue (None: outside any)."""
    rows = store.rows(
        f"select response from event where kind = 'commit' and reviewer {same_person()} and queue is ?"
        " order by id desc limit 1",
        (reviewer, queue),
    )
    return rows[0][0] if rows else None


def seconds_in(store: Connection, reviewer: str, queue: str | None) -> float:
    """Seconds that this person spent on the responses of a queue (None: outside any), as their words carry them."""
    rows = store.rows(
        f"select coalesce(sum(seconds), 0) from event where reviewer {same_person()} and queue is ?"
        " and response is not null and kind not in ('settle', 'practice')",
        (reviewer, queue),
    )
    return float(rows[0][0])


@dataclass(frozen=True, slots=True)
class Peek:
    """Numbers that somebody opened in the middle of their blind queue, with `committed` responses of it behind them."""

    reviewer: str
    queue: str
    opened: str
    committed: int


def peeks(store: Connection) -> list[Peek]:
    """All of them, the oldest first. Raises `DataError` where one was changed and cannot be read."""
    rows = store.rows(
        "select event.id, person, queue, value from event join reviewer on name = reviewer"
        " where kind = 'peek' and response is null and queue is not null order by event.id"
    )
    found = []
    for id, person, queue, value in rows:
        said = peeked(value)
        if said is None:
            what = f"Event {id} does not say which numbers were opened: it was changed."
            raise DataError(what, "See `miareview check`.")
        found.append(Peek(person, queue, *said))
    return found


def peeked(value: str | None) -> tuple[str, int] | None:
    """What was opened, and after how many committed responses; None where a peek's value does not say that."""
    try:
        match json.loads(value or ""):
            case {"opened": str(opened), "committed": int(committed)}:
                return opened, committed
    except ValueError:
        pass
    return None
