"""Why people say the judge is wrong: the words they gave, and what those are called now."""

from __future__ import annotations

import json
from dataclasses import dataclass

from miareview.errors import RefusedError
from miareview.store.connection import Connection
from miareview.store.entry import Entry
from miareview.store.ledger import append


@dataclass(frozen=True, slots=True)
class GivenReason:
    """One reason of a committed review, as it was worded, for a component of `category` in an answer of `model`.

    The category is the one that people gave the component, where they did."""

    at: str
    reviewer: str
    model: str
    category: str
    words: str


def given_reasons(store: Connection, benchmark: str) -> list[GivenReason]:
    """Every reason that counts now, the oldest first; of one person and component the latest word."""
    return [
        GivenReason(*row)
        for row in store.rows(
            "select max(mark.at), mark.reviewer, model, coalesce(given.category, component.category), reason"
            " from current_score mark"
            " join review_status review on review.response = mark.response and review.reviewer = mark.reviewer"
            " join response on response.id = mark.response join item on item.id = response.item"
            " join component on component.item = item.id and component.position = mark.position"
            " left join category_label given on given.item = item.id and given.position = mark.position"
            " where benchmark = ? and committed_at is not null and reason is not null"
            " group by mark.response, mark.reviewer, mark.position order by 1, mark.reviewer, mark.response",
            (benchmark,),
        )
    ]


def names_of_reasons(store: Connection) -> dict[str, str]:
    """What each kind that was renamed or merged is called now; names of names are followed to their end."""
    said: dict[str, str | None] = {}
    for (value,) in store.rows("select value from event where kind = 'rename' and response is null order by id"):
        one = json.loads(value)
        said[one["reason"]] = one["as"]
    ends = {}
    for words in said:
        end, seen = words, {words}
        while (following := said.get(end)) is not None and following not in seen:
            end = following
            seen.add(end)
        if end != words:
            ends[words] = end
    return ends


def rename_reason(store: Connection, by: str, words: str, new: str | None) -> None:
    """Call a kind of error otherwise from now on, which merges it where the other name is a kind already; None takes
    that back. What people said stays as they said it. Raises `RefusedError` where it would go round in a circle."""
    if new is not None and (new == words or names_of_reasons(store).get(new) == words):
        raise RefusedError(f"{new!r} is {words!r} already.", "Nothing was saved.")
    append(store, Entry(by, "rename", value=json.dumps({"reason": words, "as": new}, ensure_ascii=False)))
