"""What may be seen of a response now."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from string import ascii_uppercase

from miareview.model import Item, Judge, Judgment, Queue, Response, Reveal
from miareview.review.checks import Check, check_component
from miareview.review.looking import unfinished, waiting
from miareview.store.ledger import may_see_judge, review_state
from miareview.store.queues import answers_in
from miareview.store.replay import ReviewState
from miareview.store.sight import rows_of, shown_to
from miareview.store.store import Store
from miareview.text import Measure, measure


@dataclass(frozen=True, slots=True)
class View:
    """All that may be shown of one response now.

    While the judge is hidden, `judgment` is None. While the model is `masked`, `response.model` and `model_label` hold
    a sign for it. In `training` gold, which is what was settled, stands in the judge's place, and is shown when they
    commit. `judge_sees` says whether the judge was shown the picture, None where that is not known. `reveal` is
    when the queue shows the judge.
    """

    item: Item
    response: Response
    model_label: str
    masked: bool
    state: ReviewState
    judgment: Judgment | None
    judge_visible: bool
    judge_name: str
    judge_sees: bool | None
    index: int
    total: int
    committed: int
    queue: str | None
    reveal: Reveal
    blind: bool
    training: bool
    checks: tuple[Check, ...]
    measure: Measure

    @property
    def judge_points(self) -> dict[int, Fraction | None]:
        """The judge's points by position; empty while it is hidden or where it said nothing."""
        return {score.position: score.points for score in self.judgment.sub_scores} if self.judgment else {}

    @property
    def unscored(self) -> list[int]:
        """Positions that have no verdict yet."""
        return [c.position for c in self.item.components if self.state.mark(c.position) is None]

    @property
    def settled(self) -> bool:
        """Whether the review is committed."""
        return self.state.committed_at is not None

    @property
    def differences(self) -> list[int]:
        """Positions where the judge, which may be seen, gave other points than the person."""
        points = self.judge_points
        return [
            c.position
            for c in self.item.components
            if points.get(c.position) is not None
            and (mark := self.state.mark(c.position)) is not None
            and mark.points != points[c.position]
        ]


class Sight:
    """What one person may see of the responses they work on. Whatever is hidden is not read from the database."""

    def __init__(self, store: Store, reviewer: str, *, queue: Queue | None, blind: bool, judge: Judge | None) -> None:
        self.store = store
        self.reviewer = reviewer
        self.queue = queue
        self.blind = blind
        self.judge = judge
        others = [part.queue for part in unfinished(store, reviewer) if queue is None or part.queue != queue.name]
        self._other_queues = others
        self._evidence: dict[str, tuple[tuple[Check, ...], Measure]] = {}

    def state(self, response: str) -> ReviewState:
        """What the person has said of a response."""
        return review_state(self.store, response, self.reviewer)

    def judge_visible(self, state: ReviewState) -> bool:
        return may_see_judge(self.store, self.reviewer, state)

    def masked(self, response: Response, rivals: Sequence[str]) -> bool:
        """Whether the model's name is hidden: as long as another response to the item waits, it would name that one."""
        if not self.blind:
            return False
        elsewhere = {id for _, id in rows_of(self.store, self.reviewer, self._other_queues, response.item)}
        among = elsewhere.union(rivals)
        return not among <= shown_to(self.store, self.reviewer, among)

    def look(
        self,
        item: Item,
        response: Response,
        rivals: Sequence[str],
        index: int,
        total: int,
        done: int,
        state: ReviewState,
        training: bool = False,
        gold: Judgment | None = None,
    ) -> View:
        """One response as it may be shown; `rivals` are the responses to its item that the person works on.

        `state` is what they said of it; `gold` is what was settled, in training once they have committed.
        """
        visible = self.judge_visible(state)
        masked = self.masked(response, rivals)
        label = mask(rivals.index(response.id)) if masked else response.model
        judgments = self.store.judgments(response.id) if visible and self.judge and not training else []
        given = [judgment for judgment in judgments if self.judge and judgment.judge == self.judge.id]
        shown = [gold] if gold else given
        if response.id not in self._evidence:
            checks = (check_component(c.text, response.text, item.instruction) for c in item.components)
            self._evidence[response.id] = tuple(checks), measure(response.text)
        return View(
            item=item,
            response=replace(response, model=label),
            model_label=label,
            masked=masked,
            state=state,
            judgment=shown[-1] if shown else None,
            judge_visible=visible,
            judge_name="what was settled" if training else self.judge.label if self.judge else "",
            judge_sees=self.judge.sees_image if self.judge and not training else None,
            index=index,
            total=total,
            committed=done,
            queue=self.queue.name if self.queue else None,
            reveal=self.queue.reveal if self.queue else "each",
            blind=self.blind,
            training=training,
            checks=self._evidence[response.id][0],
            measure=self._evidence[response.id][1],
        )


def masks(store: Store, reviewer: str, queue: str) -> dict[str, str]:
    """By response, the sign that stands for its model wherever this person may not know it, in a queue they work in."""
    return signs(store, queue, waiting(store, reviewer, [part.queue for part in unfinished(store, reviewer, queue)]))


def signs(store: Store, queue: str, closed: Container[str], item: str | None = None) -> dict[str, str]:
    """By response of a queue, the sign for its model, where something of its item waits (`closed`, ids of items);
    of all, or of one item."""
    places: dict[str, int] = {}
    found = {}
    for response, of in answers_in(store, queue, item):
        places[of] = places.get(of, -1) + 1
        if of in closed:
            found[response] = mask(places[of])
    return found


def mask(place: int) -> str:
    """The sign for a model: its place among the responses to the item."""
    return f"model {letter(place)}"


def letter(place: int) -> str:
    """One letter for one of several answers, by its place from 0; a number where letters do not reach.

    Every terminal's font has letters; circled digits many have not, or cut in half.
    """
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)
