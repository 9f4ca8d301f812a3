"""Replay: what the ledger's events on one response by one reviewer add up to. Pure; no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from miareview.model import Event

UNDOABLE = frozenset({"score", "agree", "clear", "comment", "reason", "ungradable", "skip", "flag"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A reviewer's verdict on one component: points, or the reason why it cannot be graded."""

    points: Fraction | None
    ungradable: str | None
    at: str
    event: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What one reviewer has said of one response.

    `blind` and `assisted` map a component's position to its mark, given before and after the judge was visible; an
    assisted mark never replaces a blind one. `undoable` and `redoable` are event ids, the next one last.
    """

    blind: dict[int, Mark] = field(default_factory=dict)
    assisted: dict[int, Mark] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    committed_at: str | None = None
    committed_queues: tuple[str, ...] = ()
    revealed: bool = False
    skipped: bool = False
    flagged: bool = False
    undoable: tuple[str, ...] = ()
    redoable: tuple[str, ...] = ()

    @property
    def judge_visible(self) -> bool:
        """Whether what is said from now on is said with the judge in view."""
        return self.revealed or self.committed_at is not None

    def mark(self, position: int) -> Mark | None:
        """The latest verdict on a component: assisted if there is one, else blind."""
        return self.assisted.get(position) or self.blind.get(position)


def replay(events: Iterable[Event]) -> ReviewState:
    """The state after `events`, which are one reviewer's on one response, oldest first.

    Undo takes back the last event that still stands, but never one from before the judge was seen: a blind score
    stays what it was.
    """
    events = list(events)
    standing: list[Event] = []
    done: list[str] = []
    undone: list[str] = []
    gone: set[str] = set()
    for event in events:
        if event.kind == "undo" and event.value in done:
            done.remove(event.value)
            undone.append(event.value)
            gone.add(event.value)
        elif event.kind == "redo" and event.value in undone:
            undone.remove(event.value)
            done.append(event.value)
            gone.discard(event.value)
        elif event.kind in ("reveal", "commit"):
            done.clear()
            undone.clear()
            standing.append(event)
        elif event.kind in UNDOABLE:
            done.append(event.id)
            undone.clear()
            standing.append(event)
    return _fold([event for event in standing if event.id not in gone], tuple(done), tuple(undone))


def _fold(events: list[Event], undoable: tuple[str, ...], redoable: tuple[str, ...]) -> ReviewState:
    blind: dict[int, Mark] = {}
    assisted: dict[int, Mark] = {}
    reasons: dict[int, str] = {}
    comments: dict[int, str] = {}
    committed_at: str | None = None
    queues: dict[str, None] = {}
    revealed = skipped = flagged = False
    for event in events:
        position = event.component or 0
        marks = assisted if event.judge_visible else blind
        match event.kind:
            case "score" | "agree":
                marks[position] = Mark(Fraction(event.value or "0"), None, event.at, event.id)
            case "ungradable":
                marks[position] = Mark(None, event.value or "ambiguous", event.at, event.id)
            case "clear":
                marks.pop(position, None)
            case "reason":
                _put(reasons, position, event.value)
            case "comment":
                _put(comments, position, event.value)
            case "skip":
                skipped = event.value != "0"
            case "flag":
                flagged = event.value != "0"
            case "reveal":
                revealed = True
            case "commit":
                committed_at = committed_at or event.at
                queues[event.queue or ""] = None
                skipped = False
    return ReviewState(
        blind, assisted, reasons, comments, committed_at, tuple(queues), revealed, skipped, flagged, undoable, redoable
    )


def _put(values: dict[int, str], position: int, value: str | None) -> None:
    if value:
        values[position] = value
    else:
        values.pop(position, None)
