"""One person's review of a list of responses: where they are, what they may see, and what they say.

No SQL and no screen: a session is handed a store, and a screen or a test drives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from miareview.errors import DataError, RefusedError
from miareview.model import Event, EventKind, Item, Judge, Judgment, Queue, Response, points_text
from miareview.review.checks import Check, check_component
from miareview.store.ledger import Entry, append, committed_by, may_see_judge, review_state
from miareview.store.replay import ReviewState
from miareview.store.store import Store
from miareview.text import Measure, measure

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class View:
    """All that may be shown of one response now. While the judge is hidden, `judgment` is None and the model masked.

    `judge_sees` says whether the judge was shown the picture, None where that is not known.
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
    blind: bool
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


class ReviewSession:
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
    ) -> None:
        """Raises `DataError` where `work` is empty."""
        if not work:
            raise DataError("There is no response to review.", "Import a model's responses first.")
        self.store = store
        self.reviewer = reviewer
        self.queue = queue
        self.blind = blind
        self.judge = judge
        self._items = {item.id: item for item in store.items()}
        self._responses = {response.id: response for response in store.responses()}
        self.work = [id for id in work if id in self._responses]
        self._committed = committed_by(store, reviewer).intersection(self.work)
        self.index = next((i for i, id in enumerate(self.work) if id not in self._committed), 0)
        self._since = monotonic()
        self._evidence: dict[str, tuple[tuple[Check, ...], Measure]] = {}

    # what may be seen

    def view(self) -> View:
        """The current response as it may be shown. In an open session this records that the judge was shown."""
        id = self.work[self.index]
        response, item = self._responses[id], self._items[self._responses[id].item]
        state = self._state(id)
        if not self.blind and not self._shown(state):
            self._write("reveal", value="open")
            state = self._state(id)
        masked = self.blind and not self._shown(state)
        label = self._mask(response) if masked else response.model
        judgments = [] if masked or self.judge is None else self.store.judgments(id)
        shown = [judgment for judgment in judgments if self.judge and judgment.judge == self.judge.id]
        if id not in self._evidence:
            checks = (check_component(c.text, response.text, item.instruction) for c in item.components)
            self._evidence[id] = tuple(checks), measure(response.text)
        return View(
            item=item,
            response=replace(response, model=label),
            model_label=label,
            masked=masked,
            state=state,
            judgment=shown[-1] if shown else None,
            judge_visible=not masked,
            judge_name=self.judge.label if self.judge else "",
            judge_sees=self.judge.sees_image if self.judge else None,
            index=self.index,
            total=len(self.work),
            committed=len(self._committed),
            queue=self.queue.name if self.queue else None,
            blind=self.blind,
            checks=self._evidence[id][0],
            measure=self._evidence[id][1],
        )

    def items_around(self) -> list[Item]:
        """The next two items and the one before, as far as there are, for fetching their pictures ahead of time."""
        here = self._item_of(self.index)
        after = dict.fromkeys(self._item_of(i) for i in range(self.index, min(self.index + 100, len(self.work))))
        before = dict.fromkeys(self._item_of(i) for i in range(self.index, max(self.index - 100, -1), -1))
        near = [*[id for id in after if id != here][:2], *[id for id in before if id != here][:1]]
        return [self._items[id] for id in near]

    def items(self) -> list[Item]:
        return list(self._items.values())

    def _mask(self, response: Response) -> str:
        rivals = [id for id in self.work if self._responses[id].item == response.item]
        place = rivals.index(response.id)
        return f"model {CIRCLED[place] if place < len(CIRCLED) else place + 1}"

    def _shown(self, state: ReviewState) -> bool:
        return may_see_judge(self.store, self.reviewer, state)

    def _state(self, id: str) -> ReviewState:
        return review_state(self.store, id, self.reviewer)

    # moving

    def go(self, index: int) -> None:
        """Put the cursor on a response; beyond the ends it stays where it is."""
        if 0 <= index < len(self.work) and index != self.index:
            self.index = index
            self._since = monotonic()

    def go_item(self, step: int) -> bool:
        """Go to the first response of the next or previous item; False at the ends."""
        here = self._responses[self.work[self.index]].item
        places = range(self.index, len(self.work)) if step > 0 else range(self.index, -1, -1)
        found = next((i for i in places if self._item_of(i) != here), None)
        if found is None:
            return False
        while step < 0 and found > 0 and self._item_of(found - 1) == self._item_of(found):
            found -= 1
        self.go(found)
        return True

    def go_model(self, step: int) -> bool:
        """Go round the models' responses to the same item; False where there is only one."""
        here = self._item_of(self.index)
        rivals = [i for i in range(len(self.work)) if self._item_of(i) == here]
        self.go(rivals[(rivals.index(self.index) + step) % len(rivals)])
        return len(rivals) > 1

    def go_unfinished(self) -> bool:
        """Go to the next response that is not committed, from here round; False where all are."""
        order = [*range(self.index + 1, len(self.work)), *range(self.index + 1)]
        found = next((i for i in order if self.work[i] not in self._committed), None)
        if found is None:
            return False
        self.go(found)
        return True

    def find(self, words: str, most: int = 50) -> list[tuple[int, str]]:
        """(place, line) of the responses whose item has that number, or whose texts hold all the words.

        While the judge is hidden nothing but instruction and response is searched.
        """
        wanted = words.lower().split()
        hits: list[tuple[int, str]] = []
        for place, id in enumerate(self.work):
            response, item = self._responses[id], self._items[self._responses[id].item]
            text = f"{item.instruction}\n{response.text}".lower()
            if wanted and ([str(item.index)] == wanted or all(word in text for word in wanted)):
                hits.append((place, f"item {item.index}  {item.instruction}"))
        exact = [hit for hit in hits if [str(self._items[self._item_of(hit[0])].index)] == wanted]
        return (exact + [hit for hit in hits if hit not in exact])[:most]

    def _item_of(self, index: int) -> str:
        return self._responses[self.work[index]].item

    # saying; each is on disk when it returns

    def score(self, position: int, points: Fraction) -> None:
        """Give a component points. Raises `RefusedError` above its weight or below 0."""
        weight = self._weight(position)
        if not 0 <= points <= weight:
            raise RefusedError(f"Component {position} is worth {weight}: {points_text(points)} does not fit.")
        self._write("score", position, points_text(points))

    def agree(self, positions: Sequence[int]) -> int:
        """Take over the judge's points; says how many. Raises `RefusedError` where the judge is hidden or silent."""
        view = self.view()
        if view.masked:
            raise RefusedError("The judge is hidden.", "Press r to reveal it; what you score then counts as assisted.")
        given = {p: points for p in positions if (points := view.judge_points.get(p)) is not None}
        if not given:
            raise RefusedError("The judge gave no points here that could be read.")
        entries = [self._entry("agree", p, points_text(points)) for p, points in given.items()]
        append(self.store, *entries)
        return len(given)

    def full_marks(self) -> int:
        """Full marks on every component that has no verdict yet; says how many."""
        view = self.view()
        append(self.store, *(self._entry("score", p, str(self._weight(p))) for p in view.unscored))
        return len(view.unscored)

    def say(self, kind: EventKind, position: int | None = None, value: str | None = None) -> Event:
        """Record a clear, comment, reason, ungradable, skip, flag or reveal."""
        return self._write(kind, position, value)

    def undo(self) -> bool:
        """Take back the last thing said of this response; False where nothing can be."""
        return self._take_back("undo")

    def redo(self) -> bool:
        """Say again what was undone last; False where nothing was."""
        return self._take_back("redo")

    def commit(self) -> None:
        """Settle this review. From here on the judge is visible and what is said counts as assisted."""
        self._write("commit", seconds=round(monotonic() - self._since, 1))
        self._committed.add(self.work[self.index])

    def _take_back(self, kind: EventKind) -> bool:
        state = self._state(self.work[self.index])
        stack = state.undoable if kind == "undo" else state.redoable
        if not stack:
            return False
        self._write(kind, value=stack[-1])
        return True

    def _weight(self, position: int) -> int:
        components = self._items[self._item_of(self.index)].components
        return components[position - 1].weight

    def _write(
        self, kind: EventKind, position: int | None = None, value: str | None = None, seconds: float | None = None
    ) -> Event:
        (event,) = append(self.store, replace(self._entry(kind, position, value), seconds=seconds))
        return event

    def _entry(self, kind: EventKind, position: int | None, value: str | None) -> Entry:
        return Entry(
            reviewer=self.reviewer,
            kind=kind,
            response=self.work[self.index],
            component=position,
            value=value,
            judge_visible=not self.blind,
            queue=self.queue.name if self.queue else None,
        )
