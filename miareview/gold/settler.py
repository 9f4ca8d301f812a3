"""Settling labels as one person: each word is in the ledger when it returns, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from time import monotonic

from miareview.errors import RefusedError
from miareview.events import Event
from miareview.gold.evidence import Evidence, gather
from miareview.gold.work import Labels, Row, bare_row, read_labels
from miareview.model import Judge, Judgment
from miareview.review.looking import waits
from miareview.store import gold
from miareview.store.entry import Entry
from miareview.store.ledger import append, may_see_judge, review_state
from miareview.store.sight import shown_to
from miareview.store.store import Store
from miareview.store.verdicts import settled_texts

LONGEST = 300.0
"""Seconds on one label that are taken for work; more is a pause."""


class Settler:
    """What a person may settle of a benchmark, and what they say of it."""

    def __init__(
        self,
        store: Store,
        by: str,
        benchmark: str,
        judge: Judge | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.store = store
        self.by = by
        self.benchmark = benchmark
        self.judge = judge
        self.clock = clock
        self.done: list[Event] = []
        self._since = clock()

    def read(self) -> Labels:
        """All labels as they are now, without what waits for this person."""
        return read_labels(self.store, self.benchmark, self.by)

    def evidence(self, row: Row) -> Evidence:
        """What lies before them; the time on a label runs from here."""
        self._since = self.clock()
        numbers = gold.guideline_numbers(self.store)
        return gather(self.store, row, self.by, numbers, settled_texts(self.store, self.benchmark))

    def row(self, item: int, model: str, component: int) -> Row | None:
        """The label of a component, also of one that nobody has said anything of; None where they may not see it."""
        known = [one for one in self.store.items(self.benchmark) if one.index == item]
        there = [one for one in self.store.responses(model) if known and one.item == known[0].id]
        if not there or component > len(known[0].components) or waits(self.store, self.by, there[-1].id):
            return None
        return bare_row(self.store, known[0], there[-1], component)

    # words; each raises `RefusedError` where the ledger does not let it in

    def settle(
        self,
        row: Row,
        points: Fraction | None = None,
        ungradable: str | None = None,
        *,
        rule: int | None = None,
        note: str = "",
        own: bool = False,
    ) -> Event:
        """The label of a component: points, or why it is ungradable."""
        response, position = row.key
        return self._say(
            gold.settled(
                self.by, response, position, points, ungradable=ungradable, rule=rule, note=note, own=own,
                seconds=self._took(),
            )
        )  # fmt: skip

    def keep(self, row: Row, note: str = "") -> Event:
        """It stays disputed."""
        return self._say(gold.kept_disputed(self.by, *row.key, note, self._took()))

    def send_back(self, row: Row, note: str = "") -> Event:
        """Those who scored it are to score it again."""
        return self._say(gold.sent_back(self.by, *row.key, note, self._took()))

    def blind_readers(self, row: Row) -> list[str]:
        """Those of the people who scored a component to whom its judge was not shown."""
        return [who for who in row.label.people if not shown_to(self.store, who, [row.response.id])]

    def reopen(self, row: Row, note: str = "") -> Event:
        """What was settled is open again."""
        return self._say(gold.opened(self.by, *row.key, note))

    def undo(self) -> Event | None:
        """Take back the last word on a label of this sitting; returns it, None where there is none."""
        if not self.done:
            return None
        last = self.done[-1]
        append(self.store, gold.taken_back(self.by, last.response or "", last.component or 0, last.id))
        return self.done.pop()

    def flag(self, row: Row) -> bool:
        """Flag the response for discussion, or take one's own flag away; whether it is flagged by them now."""
        flagged = not review_state(self.store, row.response.id, self.by).flagged
        append(self.store, Entry(self.by, "flag", row.response.id, value="1" if flagged else "0"))
        return flagged

    def add_rule(self, text: str) -> int:
        """Write a rule; its number."""
        append(self.store, gold.new_rule(self.by, text))
        return gold.rules(self.store)[-1].number

    def judgment(self, row: Row) -> Judgment | None:
        """The judge's reply that counts. That it was opened is recorded, and labels settled from here on say so."""
        if not may_see_judge(self.store, self.by, review_state(self.store, row.response.id, self.by)):
            append(self.store, Entry(self.by, "reveal", row.response.id))
        found = [j for j in self.store.judgments(row.response.id) if self.judge and j.judge == self.judge.id]
        return found[-1] if found else None

    def _took(self) -> float:
        return min(self.clock() - self._since, LONGEST)

    def _say(self, entry: Entry) -> Event:
        if entry.response is not None and waits(self.store, self.by, entry.response):
            raise RefusedError(
                f"This response waits in a blind queue of {self.by}.",
                "Finish the queue first, or close your part of it.",
            )
        (event,) = append(self.store, entry)
        self.done.append(event)
        return event
