"""What is compared: an item, models beside each other, the items to go through. Asked in threads; no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from miareview.browse.compare import Comparison, compare
from miareview.browse.rows import refresh
from miareview.browse.sight import Looking, masked, queue_of
from miareview.errors import DataError
from miareview.model import Item, Judge
from miareview.review.session import ReviewSession
from miareview.store.browse_compare import WORTHS, Given, Worth, given_to_all, items_worth, labels_of
from miareview.store.browse_terms import Sight
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class Beside:
    """One item's answers beside each other.

    `labels` are all there are, `places` the places of those in sight among them, the base first, and `comparison` what
    is in sight; `given` is what all of them got.
    """

    labels: tuple[str, ...]
    places: tuple[int, ...]
    comparison: Comparison
    given: tuple[Given, ...]


class Comparing:
    """The answers to an item as one reviewer may see them, and the way to the next item.

    `models` are those wanted, the base first; where it is empty, all are. `selected` is the place of the selected
    answer among an item's labels. The arrangement stays when the item changes.
    """

    def __init__(
        self,
        store: Store,
        reviewer: str,
        benchmark: str,
        judge: Judge | None,
        number: int,
        *,
        base: str | None = None,
        models: Sequence[str] = (),
        here: Sequence[str] = (),
    ) -> None:
        """`number` is that of an item of the benchmark; `base` is the answer that others are compared with; `here` are
        the queues that the reviewer works in now."""
        self.store = store
        self.reviewer = reviewer
        self.benchmark = benchmark
        self.judge = judge
        self.here = here
        self._looking = Looking(store, reviewer, here)
        self.number = number
        self.models = tuple(models)
        self.base = base or next(iter(models), None)
        self.worth: Worth = "all"
        self.numbers: list[int] = []
        self.selected = 0
        self.beside: Beside | None = None
        self._item: Item | None = None

    def sight(self) -> Sight:
        """What the reviewer must not know yet."""
        return self._looking.sight()

    @property
    def item(self) -> Item:
        """The item of `number`, read once."""
        if self._item is None or self._item.index != self.number:
            self._item = self.store.numbered(self.benchmark, self.number)
        if self._item is None:
            raise DataError(f"There is no item {self.number} in {self.benchmark}.")
        return self._item

    def read(self, room: int) -> Beside:
        """The item's answers, at most `room` in sight: the base, and those around the selected one."""
        sight = self.sight()
        refresh(self.store, self.judge.id if self.judge else None)
        if self.worth == "all" and not self.numbers:
            self.numbers = self.store.numbers(self.benchmark)
        hidden = masked(self.store, sight, self.item.id)
        there = labels_of(self.store, self.item.id, hidden)
        waiting = [label for label in there if there[label] in hidden]
        wanted = [label for label in self.models if label in there] or [one for one in there if one not in waiting]
        labels = [*wanted, *waiting]
        if self.base in labels:
            labels.remove(self.base)
            labels.insert(0, self.base)
        self.selected = max(min(self.selected, len(labels) - 1), 0)
        places = window(len(labels), self.selected, room)
        found = compare(self.store, self.item, [labels[place] for place in places], self.judge, sight)
        given = given_to_all(self.store, self.item.id, hidden)
        self.beside = Beside(tuple(labels), places, found, tuple(given))
        return self.beside

    def choose(self, models: Sequence[str]) -> None:
        """Put these beside each other; all where none is named. The base stays where it is among them."""
        self.models = tuple(models)
        if self.models and self.base not in self.models:
            self.base = self.models[0]
        self.selected = 0

    def all_labels(self) -> list[str]:
        """Everybody who may be named at this item."""
        return list(labels_of(self.store, self.item.id, masked(self.store, self.sight(), self.item.id)))

    def go(self, step: int) -> bool:
        """Go to the next or the previous item of those gone through; False at the ends."""
        ahead = [number for number in self.numbers if (number - self.number) * step > 0]
        if ahead:
            self.number = min(ahead) if step > 0 else max(ahead)
        return bool(ahead)

    def next_worth(self) -> None:
        """Go through other items: those that are worth a look for the next reason, of the answers in sight."""
        self.worth = WORTHS[(WORTHS.index(self.worth) + 1) % len(WORTHS)]
        if self.worth == "all" or self.beside is None:
            self.numbers = self.store.numbers(self.benchmark)
            return
        models = [answer.model for answer in self.beside.comparison.answers if not answer.waits]
        from miareview.browse.waiting import closed_items  # numpy, which the review does without

        closed = closed_items(self.store, self.sight())
        self.numbers = items_worth(self.store, self.item.benchmark, models, self.worth, closed)
        if self.numbers and self.number not in self.numbers:
            self.number = next((number for number in self.numbers if number > self.number), self.numbers[0])

    def score(self, response: str, position: int, points: Fraction, shown: bool) -> None:
        """The same word as on the review screen; where the judge is `shown` beside it, it counts as assisted.

        Raises `RefusedError` where the ledger does not let it in.
        """
        queue = queue_of(self.store, self.reviewer, response, *self.here)
        session = ReviewSession(self.store, self.reviewer, [response], queue=queue, blind=not shown, judge=self.judge)
        session.view()  # records that the judge was shown, where it was
        session.score(position, points)


def window(count: int, selected: int, room: int) -> tuple[int, ...]:
    """Which of `count` answers are in sight: the first, which is the base, and others around the selected one."""
    if count <= room:
        return tuple(range(count))
    others = max(room - 1, 1)
    start = min(max(selected - others + 1, 1), count - others)
    return (0, *range(start, start + others))
