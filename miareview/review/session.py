"""One person's review of a list of responses: what they say, in words that are on disk when they are said.

No SQL and no screen: a session is handed a store, and a screen or a test drives it. Where the person is, is the
`Cursor`'s; what they may see, `Sight`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic
from typing import Literal

from miareview.errors import RefusedError
from miareview.events import Event, EventKind
from miareview.model import Item, Judge, Judgment, Queue, points_text
from miareview.review.cursor import Cursor
from miareview.review.looking import close_queue, peek, unfinished
from miareview.review.practice import practise, settled_labels
from miareview.review.progress import Pace, Summary, agreement_so_far, pace
from miareview.review.sight import Sight, View
from miareview.store.ledger import Entry, append
from miareview.store.practice import practised
from miareview.store.register import person_of
from miareview.store.replay import ReviewState, replay
from miareview.store.sight import Part, is_over, last_commit, seconds_in, shown_to
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: `shown` says that the judge may be seen now, `over` that the queue is done with it."""

    shown: bool
    over: bool


class ReviewSession(Cursor):
    """A cursor over `work` (response ids), and the words a reviewer says of the response under it."""

    def __init__(
        self,
        store: Store,
        reviewer: str,
        work: Sequence[str],
        *,
        queue: Queue | None = None,
        blind: bool = True,
        judge: Judge | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`reviewer` may be any spelling of a name in the register. Raises `DataError` where `work` is empty."""
        reviewer = person_of(store, reviewer) or " ".join(reviewer.split())
        super().__init__(store, reviewer, work, clock)
        self.store = store
        self.reviewer = reviewer
        self.queue = queue
        self.blind = blind
        self.judge = judge
        self.sight = Sight(store, reviewer, queue=queue, blind=blind, judge=judge)
        self._practice: dict[str, list[Event]] = {}
        self._seconds_before = seconds_in(store, reviewer, self._queue)

    @property
    def _queue(self) -> str | None:
        return self.queue.name if self.queue else None

    def view(self) -> View:
        """The current response as it may be shown. In an open session this records that the judge was shown."""
        if not self.blind and not self.sight.judge_visible(self._state(self.here)):
            self._write("reveal", value="open")
        state = self._state(self.here)
        training = self.work.practice(self.here) == "training"
        committed = training and state.committed_at is not None
        return self.sight.look(
            self.item, self.response, self.rivals, self.index, len(self.work), len(self.committed), state,
            training=training, gold=settled_labels(self.store, self.item, self.response.id) if committed else None,
        )  # fmt: skip

    # words; each is on disk when it returns, and raises `RefusedError` where the ledger does not let it in

    def score(self, position: int, points: Fraction) -> None:
        """Give a component points, from 0 to its weight."""
        self._write("score", position, points_text(points))

    def agree(self, positions: Sequence[int]) -> int:
        """Take over the judge's points; says how many. Refused where the judge is hidden or silent."""
        view = self.view()
        if not view.judge_visible:
            raise RefusedError("The judge is hidden.", "Press r to reveal it; what you score then counts as assisted.")
        given = {p: points for p in positions if (points := view.judge_points.get(p)) is not None}
        if not given:
            raise RefusedError("The judge gave no points here that could be read.")
        self._append([self._entry("agree", p, points_text(points)) for p, points in given.items()])
        return len(given)

    def full_marks(self) -> int:
        """Full marks on every component that has no verdict yet; says how many."""
        view = self.view()
        weights = view.item.weights
        self._append([self._entry("score", p, str(weights[p - 1])) for p in view.unscored])
        return len(view.unscored)

    def say(self, kind: EventKind, position: int | None = None, value: str | None = None) -> None:
        """Record a clear, comment, reason, ungradable, skip or flag."""
        self._write(kind, position, value)

    def reveal(self) -> None:
        """Show the judge of this response now. It cannot be taken back: what is scored from here on is assisted."""
        if self.work.practice(self.here):
            raise RefusedError("Nothing is shown here before your commit.")
        self._write("reveal")

    def undo(self) -> Literal["undone", "reopened", "nothing"]:
        """Take back the last word on this response, or else the last commit (see `reopen`); says which."""
        state = self._state(self.here)
        if state.undoable and not self._waits(state):
            self._write("undo", value=state.undoable[-1])
            return "undone"
        return "reopened" if self.reopen() else "nothing"

    def redo(self) -> bool:
        """Say again what was undone last; False where nothing was."""
        redoable = self._state(self.here).redoable
        if redoable:
            self._write("redo", value=redoable[-1])
        return bool(redoable)

    def commit(self) -> Committed:
        """Settle this review. Refused, and nothing said, unless every component has points or a reason why not.

        When the judge is shown is up to the queue: now, once all of it is done, or never. A response that is settled in
        this queue stays as it is.
        """
        state = self._state(self.here)
        missing = [c.position for c in self.item.components if state.mark(c.position) is None]
        if missing:
            raise RefusedError(_what_is_missing(missing, len(self.item.components)))
        if (self._queue or "") not in state.committed_queues:
            self._write("commit")
            self.committed.add(self.here)
        return Committed(self.sight.judge_visible(self._state(self.here)), self.over)

    def reopen(self) -> bool:
        """Open a committed review again, its scores still blind: this one, or else the last one, and go there.

        False where neither is committed with its judge hidden.
        """
        for response in (self.here, last_commit(self.store, self.reviewer, self._queue)):
            if response is None or self.work.practice(response) or not self._waits(self.sight.state(response)):
                continue
            if self.go_to(response):
                self._write("reopen")
                self.committed.discard(response)
                return True
        return False

    # the queue as a whole

    @property
    def over(self) -> bool:
        """Whether the work is done, or the queue closed by this person."""
        return len(self.committed) == len(self.work) or is_over(self.store, self.reviewer, self._queue)

    def unfinished(self) -> list[Part]:
        """The blind queues of this person that are not over, this one among them: ask before numbers are opened."""
        return unfinished(self.store, self.reviewer, self._queue)

    def peek(self, opened: str) -> None:
        """Record that "scores", "agreement" or other numbers were opened, in every queue of `unfinished`."""
        peek(self.store, self.reviewer, opened, self.unfinished())

    def close(self) -> None:
        """End this person's part of the queue here. Refused where nothing is committed, or outside any queue."""
        if self.queue is None:
            raise RefusedError("This is no queue.", "There is nothing to close.")
        close_queue(self.store, self.queue.name, self.reviewer)

    def pace(self) -> Pace:
        """How far they are in this work, in how much time over all sittings, and how long the rest will take."""
        return pace(len(self.committed), len(self.work), self._seconds_before + self.visits.spent)

    def summary(self) -> Summary:
        """Where they stand, and how they and the judge agree as far as that may be told."""
        said = self.work.said(self.reviewer).values()
        training = self.queue is not None and self.queue.design == "training"
        shown = self.committed if training else shown_to(self.store, self.reviewer) & self.committed
        in_order = sorted(shown, key=lambda id: self.work.place(id) or 0)
        return Summary(
            self._queue,
            self.over,
            self.pace(),
            sum(one.skipped for one in said),
            sum(one.flagged for one in said),
            agreement_so_far(self._trained(in_order) if training else self._judged(in_order)),
            training,
        )

    def _judged(self, responses: Sequence[str]) -> Iterator[tuple[str, Item, ReviewState, Judgment | None]]:
        for id in responses:
            given = [j for j in self.store.judgments(id) if self.judge and j.judge == self.judge.id]
            yield id, self.item_of(id), self.sight.state(id), given[-1] if given else None

    def _trained(self, responses: Sequence[str]) -> Iterator[tuple[str, Item, ReviewState, Judgment | None]]:
        readings = {id: reading for _, id, reading in practised(self.store, self.reviewer, self._queue)}
        for id in responses:
            item = self.item_of(id)
            yield id, item, readings[id].state(), settled_labels(self.store, item, id)

    # writing

    def _state(self, entry: str) -> ReviewState:
        """What was said of an entry of the work; of one for practice, since the review began."""
        return replay(self._practice.get(entry, ())) if self.work.practice(entry) else self.sight.state(entry)

    def _waits(self, state: ReviewState) -> bool:
        """Whether a review is committed and its judge still hidden."""
        return state.committed_at is not None and not self.sight.judge_visible(state)

    def _write(self, kind: EventKind, position: int | None = None, value: str | None = None) -> None:
        self._append([self._entry(kind, position, value)])

    def _append(self, entries: list[Entry]) -> None:
        """Write words; the first carries the time on this response since the last one that was written."""
        practice = self.work.practice(self.here)
        if practice:
            said = self._practice.setdefault(self.here, [])
            if done := practise(said, entries, self.item, practice):
                append(self.store, replace(done[0], seconds=self.visits.took()), *done[1:])
                self.visits.written()
        elif entries:
            append(self.store, replace(entries[0], seconds=self.visits.took()), *entries[1:])
            self.visits.written()

    def _entry(self, kind: EventKind, position: int | None, value: str | None) -> Entry:
        return Entry(
            reviewer=self.reviewer,
            kind=kind,
            response=self.work.response(self.here),
            component=position,
            value=value,
            judge_visible=not self.blind,
            queue=self._queue,
        )


def _what_is_missing(missing: Sequence[int], components: int) -> str:
    if len(missing) == components:
        return "Nothing is scored yet: s skips this response."
    which = f"{', '.join(map(str, missing[:-1]))} and {missing[-1]}" if len(missing) > 1 else str(missing[0])
    have = "Component {} has no score yet" if len(missing) == 1 else "Components {} have no score yet"
    return f"{have.format(which)}: give points, or press x and say why not."
