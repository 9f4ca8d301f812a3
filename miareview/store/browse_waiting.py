"""Queues beside the summary: where in it their rows are, and what it tells of a response that waits."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from miareview.store.guard import DEALT, is_for
from miareview.store.store import Store

_LONG = 10
"""A queue is long that has a tenth of all responses."""
_IN_ORDER = "queue_row indexed by queue_row_response"


def queue_rows(store: Store, reviewer: str, queue: str, among: int) -> list[str]:
    """Of the rows of a queue their positions, and their numbers in the summary, which has `among` rows; of a queue that
    was dealt out also whether they are this person's work. Each is numbers with commas between, as SQLite writes them.

    A response that is not in the summary yet has the rowid of its item below 0 instead.
    """
    item = "select -item.rowid from response join item on item.id = item where response.id = queue_row.response"
    wanted = ["position", f"coalesce(r.id, ({item}))"]
    ((dealt, last),) = store.rows(
        f"select {DEALT.format(queue='?1')}, (select max(position) from queue_row where queue = ?1)", (queue,)
    )
    # A long queue is read with the summary in the order of responses: twice as fast, but all queues are read.
    rows, named = ("queue_row", "queue") if dealt or (last or 0) * _LONG <= among else (_IN_ORDER, "+queue")
    wanted += [is_for("?2")] if dealt else []
    ((*found,),) = store.rows(
        f"select {', '.join(map('group_concat({})'.format, wanted))} from {rows}"
        f" left join browse_row r on r.response = queue_row.response where {named} = ?1",
        (queue, reviewer)[: 2 if dealt else 1],
    )
    return [numbers or "" for numbers in found]


def summary_rows(store: Store, responses: Collection[str]) -> list[int]:
    """The numbers of these responses in the summary, of those that are in it."""
    sql = "select r.id from json_each(?) found cross join browse_row r on r.response = found.value"
    return [id for (id,) in store.rows(sql, (json.dumps(list(responses)),))]


def first_twins(store: Store, rows: Sequence[int]) -> list[list[int]]:
    """These rows of the summary, and of each the first row of its item that has the same text."""
    same = "select min(same.id) from browse_row same where same.item = r.item and same.body = r.body"
    return store.columns(
        ("id", "first"),
        f"from (select r.id, ({same}) as first from json_each(?) found cross join browse_row r on r.id = found.value)",
        (json.dumps(rows),),
    )
