"""The numbers behind the pictures: computed in a worker, kept until somebody says or brings in something new.

Numpy and the statistics are imported where they are used, in the worker, so that the app opens without them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from miareview.errors import MiaReviewError
from miareview.review.audit import score_columns
from miareview.store.ledger import committed_by, version
from miareview.store.store import Store

if TYPE_CHECKING:
    from miareview.stats.agreement import BlandAltman
    from miareview.stats.audit import AgreementTable
    from miareview.stats.frame import Frame
    from miareview.stats.scores import Leaderboard

Errors = Literal["skip", "zero"]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the scores screen shows. `labels` says whose scores the correction rests on."""

    board: Leaderboard
    frame: Frame
    labels: str
    committed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the agreement screen shows. `points` are (mean, judge − human) of responses, with `limits`."""

    table: AgreementTable
    frame: Frame
    points: list[tuple[float, float]]
    limits: BlandAltman
    labels: str
    committed: frozenset[str]


class Numbers:
    """The numbers of one benchmark and judge, for one reviewer. Safe to ask from several threads.

    `committed` in the results are the responses that the reviewer has committed: the only ones of which the judge's
    points may be shown one by one.
    """

    def __init__(self, store: Store, reviewer: str, benchmark: str | None = None, judge: str | None = None) -> None:
        self.store = store
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

    def _committed(self) -> frozenset[str]:
        return frozenset(committed_by(self.store, self.reviewer))

    def _scores(self, errors: Errors) -> Scores:
        from miareview.stats.leaderboard import leaderboard

        frame = self._frame()
        drawn = frame.sampled()[frame.response] & frame.human.present
        return Scores(leaderboard(frame, errors=errors), frame, labels_of(frame, drawn), self._committed())

    def _agreement(self) -> Agreement:
        import numpy as np

        from miareview.stats.agreement import bland_altman
        from miareview.stats.audit import agreement_table

        frame = self._frame()
        both: list[tuple[float, float]] = []
        for given in frame.blind:
            # Over the components that both have scored, as in the table's item-level measures.
            weight = np.where(np.isnan(given + frame.judge), 0.0, frame.weight)
            total = frame.per_response(weight)
            some = total > 0
            shares = [frame.per_response(np.nan_to_num(v) * weight)[some] / total[some] for v in (frame.judge, given)]
            both += zip(*(share.tolist() for share in shares), strict=True)
        return Agreement(
            agreement_table(frame, by=("category",)),
            frame,
            [((j + h) / 2, j - h) for j, h in both],
            bland_altman([j for j, _ in both], [h for _, h in both]),
            labels_of(frame, (~np.isnan(frame.blind)).any(axis=0)),
            self._committed(),
        )


def labels_of(frame: Frame, cells: Any) -> str:
    """Whose scores of these cells (a mask) count and how they came about: "2 reviewers, blind"."""
    import numpy as np

    given = (~np.isnan(frame.blind) | ~np.isnan(frame.assisted))[:, cells].any(axis=1)
    total = int(np.count_nonzero(cells))
    blind = int(np.count_nonzero(frame.human_blind & cells))
    who = f"{int(given.sum())} reviewer{'' if given.sum() == 1 else 's'}"
    if blind == total:
        return f"{who}, blind"
    return f"{who}, {total - blind} of {total} sub-scores with the judge in sight"


@dataclass(frozen=True, slots=True)
class Row:
    """One review behind a number: a response's or a component's judge and human scores, as fractions of `weight`.

    `component` is a position, None where the row is a whole response.
    """

    response: str
    model: str
    item: str
    component: int | None
    category: str
    reviewer: str
    judge: float
    human: float
    weight: float


@dataclass(frozen=True, slots=True)
class Behind:
    """The reviews behind a number that this reviewer may see; `hidden` is how many stay closed to them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0


def behind_model(scores: Scores, model: str) -> Behind:
    """The reviewed responses of a model, the largest difference first. Only committed ones are listed."""
    import numpy as np

    frame, columns = scores.frame, scores.frame.columns
    judge, human = frame.item_scores(frame.judge_ratings()), frame.item_scores(frame.human)
    reviewed = (frame.per_response(frame.human.present) > 0) & (frame.response_model == columns.models.index(model))
    rows = [
        Row(
            columns.responses[at], model, columns.items[columns.response_item[at]], None, "", "",
            float(judge[at]), float(human[at]), 1.0,
        )
        for at in np.flatnonzero(reviewed)
        if columns.responses[at] in scores.committed
    ]  # fmt: skip
    rows.sort(key=lambda row: -abs(np.nan_to_num(row.judge - row.human)))
    return Behind(model, rows, int(reviewed.sum()) - len(rows))


def behind_cell(agreement: Agreement, weight: int, judge: int, human: int) -> Behind:
    """The blind sub-scores in a cell of the confusion of that weight, rounded as `stats.audit` rounds them."""
    import numpy as np

    from miareview.stats.alpha import snap

    frame, columns = agreement.frame, agreement.frame.columns

    def whole(values: Any) -> Any:
        return np.floor(snap(values) / 60.0 * weight + 0.5 + 1e-9)

    positions: dict[int, list[int]] = {}
    for item, position in zip(columns.component_item, columns.component_position, strict=True):
        positions.setdefault(item, []).append(position)
    start = np.searchsorted(frame.response, np.arange(len(columns.responses)))
    inside = (frame.weight == weight) & ~np.isnan(frame.judge)
    rows, hidden = [], 0
    for row, reviewer in enumerate(frame.reviewers):
        for cell in np.flatnonzero(inside & ~np.isnan(frame.blind[row])):
            if (whole(frame.judge[cell]), whole(frame.blind[row, cell])) != (judge, human):
                continue
            response = int(frame.response[cell])
            if columns.responses[response] not in agreement.committed:
                hidden += 1
                continue
            position = positions[columns.response_item[response]][int(cell - start[response])]
            rows.append(
                Row(
                    columns.responses[response], columns.models[frame.model[cell]], columns.items[frame.item[cell]],
                    position, str(frame.category[cell]), reviewer,
                    float(frame.judge[cell]), float(frame.blind[row, cell]), float(weight),
                )
            )  # fmt: skip
    return Behind(f"weight {weight}: judge {judge}, people {human}", rows, hidden)


class NumbersScreen(Screen[None]):
    """A screen of numbers: asks for them in an exclusive thread worker each time it comes to the front.

    A subclass says what to compute (`ask`), and shows it (`show`), that it takes time (`waiting`), or why there is
    nothing to show (`refuse`).
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]

    @dataclass
    class Computed(Message):
        """A worker is done: `result` is the numbers, or the error that says why there are none."""

        result: object
        asked: int

    def __init__(self, numbers: Numbers) -> None:
        super().__init__()
        self.numbers = numbers
        self.asked = 0

    def ask(self) -> Callable[[], object]:
        """The function that computes; called in a thread."""
        raise NotImplementedError

    def show(self, result: object) -> None:
        raise NotImplementedError

    def waiting(self) -> None:
        raise NotImplementedError

    def refuse(self, sentence: str) -> None:
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        self.compute()

    def compute(self) -> None:
        """Ask for the numbers. What was asked for before is dropped, even if it is done later."""
        self.asked += 1
        self.run_worker(partial(self._work, self.ask(), self.asked), group="numbers", exclusive=True, thread=True)
        # Kept numbers are there in a moment; a word that flashes by would only disturb.
        self.set_timer(0.15, partial(self._still, self.asked))

    def _still(self, asked: int) -> None:
        if asked == self.asked:
            self.waiting()

    def _work(self, make: Callable[[], object], asked: int) -> None:
        worker = get_current_worker()
        try:
            result: object = make()
        except (MiaReviewError, ValueError) as error:
            result = error
        if not worker.is_cancelled:
            self.post_message(self.Computed(result, asked))

    def on_numbers_screen_computed(self, message: NumbersScreen.Computed) -> None:
        if message.asked != self.asked:
            return
        self.asked += 1  # answered: `_still` has nothing to say any more
        if isinstance(message.result, Exception):
            self.refuse(str(message.result))
        else:
            self.show(message.result)
