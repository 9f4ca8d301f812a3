"""Replay: what the ledger's events on one response by one reviewer add up to. Pure; no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from miareview.events import Event
from miareview.model import REVEALS, Reveal

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
    assisted mark never replaces a blind one. `commits` are (queue, when that queue shows the judge), "" outside any.
    `undoable` and `redoable` are event ids, the next one last.
    """

    blind: dict[int, Mark] = field(default_factory=dict)
    assisted: dict[int, Mark] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    committed_at: str | None = None
    commits: tuple[tuple[str, Reveal], ...] = ()
    revealed: bool = False
    skipped: bool = False
    flagged: bool = False
    undoable: tuple[str, ...] = ()
    redoable: tuple[str, ...] = ()

    @property
    def committed_queues(self) -> tuple[str, ...]:
        return tuple(queue for queue, _ in self.commits)

    def mark(self, position: int) -> Mark | None:
        """The latest verdict on a component: assisted if there is one, else blind."""
        return self.assisted.get(position) or self.blind.get(position)


def judge_shown(state: ReviewState, done: Collection[str] = ()) -> bool:
    """Whether this person may see the judge of this response; the one rule that all rooms ask.

    They do once it was revealed to them, or once they committed the response in a queue that shows the judge after each
    commit (or outside any queue), or in one that shows it at the end and is among `done`: the names of the queues that
    are over for this person, since all is committed or they closed it. A queue that never shows it adds nothing.
    """
    return state.revealed or any(
        reveal == "each" or (reveal == "end" and queue in done) for queue, reveal in state.commits
    )


def replay(events: Iterable[Event]) -> ReviewState:
    """The state after `events`, which are one person's on one response, oldest first.

    Undo takes back the last event that still stands, but never one from before a reveal or a commit: a blind score
    stays what it was. Reopening takes all commits back; the ledger allows it as long as the judge was not shown.
    """
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
        elif event.kind in ("reveal", "commit", "reopen"):
            done.clear()
            undone.clear()
            standing.append(event)
        elif event.kind in UNDOABLE:
            done.append(event.id)
            undone.clear()
            standing.append(event)
    return _fold([event for event in standing if event.id not in gone], tuple(done), tuple(undone))


def points_of(event: Event) -> Fraction | None:
    """The points that an event gives. None where its value is no number, which the ledger lets nobody say."""
    try:
        return Fraction(event.value or "")
    except (ValueError, ZeroDivisionError):
        return None


def reveal_of(event: Event) -> Reveal:
    """When the judge is shown after this commit; commits of before said nothing, and showed it at once."""
    return next((reveal for reveal in REVEALS if reveal == event.value), "each")


def _fold(events: list[Event], undoable: tuple[str, ...], redoable: tuple[str, ...]) -> ReviewState:
    blind: dict[int, Mark] = {}
    assisted: dict[int, Mark] = {}
    reasons: dict[int, str] = {}
    comments: dict[int, str] = {}
    committed_at: str | None = None
    commits: dict[str, Reveal] = {}
    revealed = skipped = flagged = seen = False
    for event in events:
        position = event.component or 0
        # A person with two names may have seen the judge under the other one, which the ledger could not know then.
        marks = assisted if event.judge_visible or seen else blind
        match event.kind:
            case "score" | "agree" if (points := points_of(event)) is not None:
                marks[position] = Mark(points, None, event.at, event.id)
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
                revealed = seen = True
            case "commit":
                committed_at = committed_at or event.at
                commits.setdefault(event.queue or "", reveal_of(event))
                seen = seen or reveal_of(event) == "each"
                skipped = False
            case "reopen":
                committed_at = None
                commits.clear()
                seen = revealed
    return ReviewState(
        blind, assisted, reasons, comments, committed_at, tuple(commits.items()), revealed, skipped, flagged,
        undoable, redoable,
    )  # fmt: skip


def _put(values: dict[int, str], position: int, value: str | None) -> None:
    if value:
        values[position] = value
    else:
        values.pop(position, None)
