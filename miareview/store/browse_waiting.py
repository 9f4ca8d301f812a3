"""Queues beside the summary: where in it their rows are, and what it tells of a response that waits."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from miareview.store.guard import is_for
from miareview.store.store import Store


def queue_rows(store: Store, reviewer: str, queue: str) -> list[list[int]]:
    """Of the rows of a queue, in its order, their numbers in the summary, and whether they are this person's work.

    A response that is not in the summary yet has the rowid of its item below 0 instead.
    """
    item = "select -item.rowid from response join item on item.id = item where response.id = queue_row.response"
    return store.columns(
        ("number", "mine"),
        f"from (select coalesce(r.id, ({item})) as number, {is_for('?1')} as mine from queue_row"
        " left join browse_row r on r.response = queue_row.response where queue = ?2 order by queue_row.position)",
        (reviewer, queue),
    )


def summary_rows(store: Store, responses: Collection[str]) -> list[int]:
    """The numbers of these responses in the summary, of those that are in it."""
    sql = "select r.id from json_each(?) found cross join browse_row r on r.response = found.value"
    return [id for (id,) in store.rows(sql, (json.dumps(list(responses)),))]


def first_twins(store: Store, rows: Sequence[int]) -> list[list[int]]:
    """These rows of the summary, and of each the first row of its item that has the same text."""
    same = "select min(same.id) from browse_row same where same.item = r.item and same.body = r.body"
    return store.columns(
        ("id", "first"),
        f"from (select r.id, ({same}) as first from json_each(?) found cross join browse_row r on r.id = found.value"
        " where r.body <> '')",
        (json.dumps(rows),),
    )
