"""Reading the judges' replies in a database again, with the reader of today: what it reads otherwise, and keeping that.

Numbers that somebody published stay what they are until somebody says `reread`; what was read before stays too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from miareview.judge.judgment import read_judgment
from miareview.judge.reply import WARNINGS
from miareview.model import Item, Judgment
from miareview.store.reply_readings import StoredReading, stored_readings
from miareview.store.store import Store

Differs = Literal["points", "warnings", "words"]


@dataclass(frozen=True, slots=True)
class Change:
    """A reply that is read otherwise today: as it counts until now, and as it is read.

    `differs` is the most that differs: "points" of a component or of the total; "warnings" or the status, with the same
    points; or only "words", the place from which the same points are read.
    """

    before: StoredReading
    now: Judgment
    differs: Differs


def changes(store: Store, replies: Iterable[StoredReading] | None = None) -> Iterator[Change]:
    """What differs, one by one, in the order of `replies` (all that the store has)."""
    items = {item.id: item for item in store.items()}
    for before in stored_readings(store) if replies is None else replies:
        now = read_again(before, items[before.item])
        differs = _differs(before, now)
        if differs is not None:
            yield Change(before, now, differs)


def read_again(before: StoredReading, item: Item) -> Judgment:
    """The reply as it is read today; what the service said of it beside the reply, and nobody can read there, stays."""
    # Of a reply that came in a file nobody kept how it ended; one that was called cut is not whole now.
    finish = before.finish if before.called else "length" if "truncated" in before.warnings else None
    now = read_judgment(before.raw, item, before.response, before.judge, before.repeat, finish)
    told = tuple(name for name in before.warnings if name not in WARNINGS)
    status = now.status
    if before.called and before.status == "refused" and all(score.points is None for score in now.sub_scores):
        status = "refused"
    elif status == "ok" and told:
        status = "warning"
    return replace(now, status=status, warnings=(*now.warnings, *told))


def _differs(before: StoredReading, now: Judgment) -> Differs | None:
    points = tuple(score.points for score in now.sub_scores)
    if (points, now.stated_total) != (before.points, before.stated_total):
        return "points"
    if (now.status, now.warnings) != (before.status, before.warnings):
        return "warnings"
    spans = tuple(None if score.start is None else (score.start, score.end) for score in now.sub_scores)
    return None if spans == before.spans else "words"
