"""What people do, and what comes in, as records of the ledger: the kinds of events, and an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EventKind = Literal[
    "score", "agree", "clear", "comment", "reason", "ungradable", "skip", "flag",
    "reveal", "commit", "reopen", "undo", "redo", "practice", "peek", "close", "rename",
    "settle", "relabel", "rule", "guideline", "split", "reviewer", "alias", "queue", "import",
]  # fmt: skip
EVENT_KINDS: dict[EventKind, str] = {
    "score": "points for a component",
    "agree": "the judge's points taken over for a component",
    "clear": "the points of a component taken away",
    "comment": "words on a response; none take them away",
    "reason": "why the judge is wrong on a component; none take it away",
    "ungradable": "why a component cannot be graded",
    "skip": "left for later (1), or not (0)",
    "flag": "to be discussed (1), or not (0)",
    "reveal": "the judge was shown before the commit",
    "commit": "the review is settled; the value says when the queue shows the judge",
    "reopen": "the commit is taken back, the judge not having been shown",
    "undo": "the event of that id is taken back",
    "redo": "the event of that id stands again",
    "practice": "a whole reading for training, of what was read before, or in a new blind round: never a score",
    "peek": "numbers were opened in the middle of a blind queue: which, and how much was committed",
    "close": "a queue is over for this person; what they committed is their sample",
    "settle": "a label of a component is settled, kept disputed, sent back, opened again, or that is taken back",
    "relabel": "another category for a component",
    "rule": "a rule that settled cases gave, by its number",
    "guideline": "the text by which people score from now on",
    "split": "items dealt out for tuning, developing and testing; or that a test decided",
    "reviewer": "a person of the register, or how they are written from now on",
    "alias": "two names are one person, or no longer",
    "rename": "a kind of the judge's errors is called otherwise from now on, or by its own name again",
    "queue": "a draw: its design, and a digest of its rows",
    "import": "facts that came in, or replies that were read again: from where, how many, and a digest of them",
}
"""Every kind of event, and what one says. Kinds are checked here and nowhere else."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a person did; see the ledger. `component` is a position, `value` the points or words as text.

    `v` is the version of the form that `hash` is taken over.
    """

    id: str
    at: str
    reviewer: str
    device: str
    kind: EventKind
    response: str | None = None
    component: int | None = None
    value: str | None = None
    judge_visible: bool = False
    queue: str | None = None
    guideline: str = ""
    app: str = ""
    seconds: float | None = None
    previous: str = ""
    hash: str = ""
    v: int = 2
