"""Events as rows of the ledger's table."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from miareview.events import Event

COLUMNS = (
    "id, at, reviewer, device, kind, response, component, value, judge_visible, queue, guideline, app, seconds,"
    " previous, hash, v"
)
NAMES = COLUMNS.split(", ")
_VISIBLE = NAMES.index("judge_visible")

row_of = attrgetter(*NAMES)  # many times as fast as dataclasses' own, which copy what they find
"""The row of an event: its values in the order of `COLUMNS`."""


def event_of(row: Sequence[Any]) -> Event:
    """The event of a row of `COLUMNS`."""
    found = list(row)
    found[_VISIBLE] = bool(found[_VISIBLE])
    return Event(*found)
