"""Everything that a report says, gathered once from the store as plain results. No wording, no markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from miareview import __version__
from miareview.events import Event
from miareview.model import Judge, Queue, ScoreColumns
from miareview.probing.beside import Beside, probes_beside
from miareview.review.named import find_judge
from miareview.review.practice import calibrations
from miareview.review.reasons import Reasons, reasons
from miareview.review.samples import random_queue, shared_commits
from miareview.review.score_columns import score_columns
from miareview.review.second import all_second_readings
from miareview.stats.agreement import BlandAltman, bland_altman
from miareview.stats.agreement.calibration import Calibration
from miareview.stats.agreement.second import SecondReadings
from miareview.stats.agreement.table import AgreementTable, agreement_table
from miareview.stats.board.leaderboard import Errors, Leaderboard, leaderboard
from miareview.stats.frame import Frame, Ratings, build_frame
from miareview.stats.planning.plan import Plan, make_plan
from miareview.stats.planning.step import Step, next_step
from miareview.store.check import CheckResult, check
from miareview.store.connection import now
from miareview.store.gold import uses_of
from miareview.store.ledger import events
from miareview.store.queues import commits, queues
from miareview.store.sight import peeks
from miareview.store.store import Store

HALF_WIDTH = 0.03  # of the corrected scores that the next step aims at


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One person: responses and components of this benchmark in committed reviews, events in the whole ledger."""

    name: str
    responses: int
    blind: int
    assisted: int
    events: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One device's chain in the ledger, and the hash at its end."""

    device: str
    events: int
    last_at: str
    last_hash: str


@dataclass(frozen=True, slots=True)
class QueueUse:
    """A queue with responses of this benchmark, and how many of its rows somebody has committed in it."""

    queue: Queue
    committed: int


@dataclass(frozen=True, slots=True)
class Early:
    """What somebody opened in the middle of a blind queue of theirs, `times` in all; `committed` at the first time."""

    reviewer: str
    queue: str
    opened: str
    committed: int
    times: int


@dataclass(frozen=True, slots=True)
class Tested:
    """The test split decided on these judges (labels), once more where it had decided on others before."""

    at: str
    by: str
    judges: tuple[str, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class ItemScores:
    """(judge, human) scores of the responses that both have scored whole, the human blind; and what they add up to."""

    pairs: tuple[tuple[float, float], ...]
    summary: BlandAltman


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole audit of one judge on one benchmark, and the `step` to an interval of +/- `HALF_WIDTH`.

    `responses` counts by status, `replies` the judge's replies by how they could be read, `warnings` what was odd
    about them. `database` is the file's name without its folder. `made` is in UTC.
    """

    made: str
    version: str
    database: str
    schema: str
    benchmark: str
    judge: Judge | None
    items: int
    components: int
    responses: tuple[tuple[str, int], ...]
    replies: tuple[tuple[str, int], ...]
    warnings: tuple[tuple[str, int], ...]
    reviewed_items: int
    reviewed_responses: int
    board: Leaderboard
    agreement: AgreementTable
    item_scores: ItemScores
    queues: tuple[QueueUse, ...]
    early: tuple[Early, ...]
    reviewers: tuple[Reviewer, ...]
    guidelines: tuple[str, ...]
    apps: tuple[str, ...]
    chains: tuple[Chain, ...]
    check: CheckResult
    reasons: Reasons
    second: tuple[SecondReadings, ...]
    calibrations: tuple[Calibration, ...]
    tested: tuple[Tested, ...]
    probes: Beside | None
    step: Step


def gather(
    store: Store,
    judge: str | None = None,
    benchmark: str | None = None,
    errors: Errors = "skip",
    waiting: Collection[str] = (),
) -> Audit:
    """Compute the audit. Without names: the benchmark with the most items, the default judge.

    Of the `waiting` responses (ids), which whoever reads it has yet to read blind, no text is told.

    Raises `DataError` where there is no benchmark, or no such judge or benchmark.
    """
    columns = score_columns(store, judge, benchmark)
    frame = build_frame(columns)
    ledger = events(store)
    people = {rater for rater, kind in enumerate(columns.rater_kind) if kind == "human"}
    reviewed = {r for r, rater in zip(columns.score_response, columns.score_rater, strict=True) if rater in people}
    queued, mine = queues(store), set(columns.responses)
    done = shared_commits(queued, commits(store))
    drawn = [queue for queue in queued if any(row.response in mine for row in queue.rows)]
    board = leaderboard(frame, errors=errors)
    return Audit(
        made=now()[:19].replace("T", " ") + " UTC",
        version=__version__,
        database=store.path.name,
        schema=store.schema(),
        benchmark=columns.benchmark,
        judge=find_judge(store, judge),
        items=len(columns.items),
        components=len(columns.component_item),
        responses=_counted(columns.response_status),
        replies=_counted(status for status in columns.judgment_status if status is not None),
        warnings=_counted(name for names in columns.judgment_warnings for name in names),
        reviewed_items=len({columns.response_item[response] for response in reviewed}),
        reviewed_responses=len(reviewed),
        board=board,
        agreement=agreement_table(frame, ("category",)),
        item_scores=_item_scores(frame),
        queues=tuple(QueueUse(queue, sum(row.response in done[queue.name] for row in queue.rows)) for queue in drawn),
        early=_early(store, {queue.name for queue in drawn}),
        reviewers=_reviewers(columns, ledger),
        guidelines=tuple(sorted({event.guideline for event in ledger if event.kind == "commit"})),
        apps=tuple(sorted({event.app for event in ledger})),
        chains=_chains(ledger),
        check=check(store),
        reasons=reasons(store, columns.benchmark),
        second=tuple(all_second_readings(store, columns.benchmark)),
        calibrations=tuple(calibrations(store, columns.benchmark)),
        tested=_tested(store, columns.benchmark),
        probes=probes_beside(store, columns.benchmark, waiting),
        step=_step(store, columns, queued, make_plan(frame, HALF_WIDTH, board=board)),
    )


def _step(store: Store, columns: ScoreColumns, drawn: list[Queue], plan: Plan) -> Step:
    numbers = {item.id: item.index for item in store.items(columns.benchmark)}
    answers = max((model.answers for model in plan.models), default=0)
    return next_step(plan.needed, answers, random_queue(columns, drawn, numbers), frozenset(q.name for q in drawn))


def _tested(store: Store, benchmark: str) -> tuple[Tested, ...]:
    labels = {judge.id: judge.label for judge in store.judges()}
    return tuple(
        Tested(use.at, use.by, tuple(labels.get(judge, judge) for judge in use.judges), use.again)
        for use in uses_of(store, benchmark, "test")
    )


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(names).most_common())


def _item_scores(frame: Frame) -> ItemScores:
    """Scores over the components that the human could grade; responses scored with the judge in sight stay out."""
    human = frame.item_scores(frame.human).tolist()
    judge = frame.item_scores(Ratings(frame.judge, frame.human.ungradable)).tolist()
    seen = frame.per_response(frame.human.present & ~frame.human_blind).tolist()
    pairs = [(j, h) for j, h, assisted in zip(judge, human, seen, strict=True) if j == j and h == h and not assisted]
    return ItemScores(tuple(pairs), bland_altman([j for j, _ in pairs], [h for _, h in pairs]))


def _reviewers(columns: ScoreColumns, ledger: list[Event]) -> tuple[Reviewer, ...]:
    """Everyone who has said something of a response, by name; whoever only drew a queue is no reviewer."""
    names = {event.reviewer for event in ledger if event.kind not in ("queue", "import")}
    said = Counter(event.reviewer for event in ledger)
    responses: dict[str, set[int]] = {}
    blind: Counter[str] = Counter()
    assisted: Counter[str] = Counter()
    for response, rater, visible in zip(
        columns.score_response, columns.score_rater, columns.score_visible, strict=True
    ):
        if columns.rater_kind[rater] == "human":
            name = columns.raters[rater]
            responses.setdefault(name, set()).add(response)
            (assisted if visible else blind)[name] += 1
    return tuple(
        Reviewer(name, len(responses.get(name, ())), blind[name], assisted[name], said[name]) for name in sorted(names)
    )


def _early(store: Store, names: set[str]) -> tuple[Early, ...]:
    """What was opened early in these queues, in the order of its first time."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for peek in peeks(store):
        if peek.queue in names:
            found.setdefault((peek.reviewer, peek.queue, peek.opened), []).append(peek.committed)
    return tuple(Early(*what, committed[0], len(committed)) for what, committed in found.items())


def _chains(ledger: list[Event]) -> tuple[Chain, ...]:
    last = {event.device: event for event in ledger}
    size = Counter(event.device for event in ledger)
    return tuple(Chain(device, size[device], event.at, event.hash) for device, event in sorted(last.items()))
