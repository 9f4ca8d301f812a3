"""What is handed to the ledger to be written."""

from __future__ import annotations

from dataclasses import dataclass

from miareview.events import EventKind


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written: who did what to which response. Id, time, device and hash are the ledger's to add.

    `judge_visible` says that the caller showed the judge; that it was shown before, the ledger knows itself.
    """

    reviewer: str
    kind: EventKind
    response: str | None = None
    component: int | None = None
    value: str | None = None
    judge_visible: bool = False
    queue: str | None = None
    seconds: float | None = None
