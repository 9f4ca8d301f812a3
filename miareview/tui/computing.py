"""The numbers behind the pictures: computed in a worker, kept until somebody says or brings in something new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from miareview.review.looking import held_back, may_be_listed
from miareview.review.score_columns import score_columns
from miareview.stats.behind import (
    Given,
    Missing,
    given_blind,
    given_sampled,
    item_pairs,
    missing,
    missing_readers,
    without_few,
)
from miareview.store.ledger import version
from miareview.store.store import Store

if TYPE_CHECKING:
    from miareview.stats.agreement import BlandAltman
    from miareview.stats.agreement.table import AgreementTable
    from miareview.stats.board.scores import Leaderboard
    from miareview.stats.frame import Frame

Errors = Literal["skip", "zero"]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the scores screen shows. `given` says whose scores the correction rests on; of the responses in `seen` the
    reviewer may see judge and people one by one. `missing` is what they could score to mend it."""

    board: Leaderboard
    frame: Frame
    given: Given
    seen: frozenset[str]
    missing: Missing


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the agreement screen shows. `points` are (mean, judge − human) of responses, with `limits`.

    `waiting` counts the responses that wait for the reviewer and are left out, being few. `seen` and `missing` are as
    in `Scores`.
    """

    table: AgreementTable
    frame: Frame
    points: list[tuple[float, float]]
    limits: BlandAltman
    given: Given
    seen: frozenset[str]
    waiting: int
    missing: Missing


class Numbers:
    """The numbers of one benchmark and judge, for one reviewer, who is blind on `work`.

    The agreement's pictures break down to few scores, so what waits for the reviewer is left out of them where it is
    few. The leaderboard's numbers are means over all answers, and are whole. Safe to ask from several threads.
    """

    def __init__(
        self,
        store: Store,
        reviewer: str,
        benchmark: str | None = None,
        judge: str | None = None,
        work: Sequence[str] = (),
    ) -> None:
        self.store = store
        self.work = work
        self.reviewer = reviewer
        self.benchmark = benchmark
        self.judge = judge
        self._lock = Lock()
        self._version: object = None
        self._kept: dict[str, Any] = {}

    def scores(self, errors: Errors) -> Scores:
        """The leaderboard. Raises `DataError` where there is nothing to read."""
        return self._keep(f"scores {errors}", partial(self._scores, errors))  # type: ignore[no-any-return]

    def agreement(self) -> Agreement:
        """The agreement by category. Raises `DataError` where there is nothing to read."""
        return self._keep("agreement", self._agreement)  # type: ignore[no-any-return]

    def _keep(self, name: str, make: Callable[[], object]) -> Any:
        with self._lock:
            there = version(self.store)
            if there != self._version:
                self._version, self._kept = there, {}
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]

    def _frame(self) -> Frame:
        from miareview.stats.frame import build_frame

        if "frame" not in self._kept:
            self._kept["frame"] = build_frame(score_columns(self.store, self.judge, self.benchmark))
        return self._kept["frame"]  # type: ignore[no-any-return]

    def _seen(self) -> frozenset[str]:
        return may_be_listed(self.store, self.reviewer, self.work)

    def _scores(self, errors: Errors) -> Scores:
        from miareview.stats.board.leaderboard import leaderboard

        frame = self._frame()
        board = leaderboard(frame, errors=errors)
        return Scores(board, frame, given_sampled(frame), self._seen(), missing(frame, board, self.reviewer))

    def _agreement(self) -> Agreement:
        from miareview.stats.agreement import bland_altman
        from miareview.stats.agreement.table import agreement_table

        waiting = held_back(self.store, self.reviewer, self.work)
        frame, closed = without_few(self._frame(), waiting)
        both = item_pairs(frame)
        table = agreement_table(frame, by=("category",))
        return Agreement(
            table,
            frame,
            [((j + h) / 2, j - h) for j, h in both],
            bland_altman([j for j, _ in both], [h for _, h in both]),
            given_blind(frame),
            self._seen(),
            closed,
            missing_readers(self._frame(), table.people({}), self.reviewer),
        )
