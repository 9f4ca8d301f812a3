"""From the store to the one table that every number is computed from."""

from __future__ import annotations

from collections.abc import Sequence, Set

from miareview.errors import DataError
from miareview.model import Judge, JudgeRun, Queue, ScoreColumns
from miareview.review.queues import counting_in, find_benchmark
from miareview.review.samples import samples_of
from miareview.store.columns import newest_answers, read_columns
from miareview.store.judge_runs import judge_run, judged_benchmark
from miareview.store.queues import commits, queues
from miareview.store.store import Store


def score_columns(
    store: Store,
    judge: str | None = None,
    benchmark: str | None = None,
    *,
    all_judges: bool = False,
    beside: Sequence[Judge] = (),
) -> ScoreColumns:
    """All scores of a benchmark under one judge, and those of `beside`, or with `all_judges` of all others, beside it.

    Without names: the benchmark with the most items and the default judge. Raises `DataError` where
    there is nothing to read, or no such judge or benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    chosen = find_judge(store, judge, benchmark)
    items = {item.id for item in store.items(benchmark)}
    drawn = queues(store)
    done = shared_commits(drawn, commits(store))
    frames: dict[str, set[str]] = {}
    answers = newest_answers(store)
    for (item, model), (response, status) in answers.items():
        frame = frames.setdefault(model, set())
        if item in items and status == "ok":
            frame.add(response)
    samples = samples_of(drawn, done, frames)
    others = [other.id for other in (store.judges() if all_judges else beside) if chosen and other.id != chosen.id]
    return read_columns(store, benchmark, chosen.id if chosen else None, samples, others, answers)


def judges_beside(
    store: Store, names: Sequence[str] = (), benchmark: str | None = None
) -> tuple[ScoreColumns, list[JudgeRun]]:
    """The scores of several judges, in the order of their runs: of those named, else of all that judged the benchmark.

    Raises `DataError` where there is none, or where one that is named has judged nothing of the benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    judges = list(dict.fromkeys(find_judge(store, name) for name in names)) if names else store.judges()
    known = [judge for judge in judges if judge and judged_benchmark(store, judge.id, benchmark)]
    missing = [judge.label for judge in judges if judge and judge not in known]
    if names and missing:
        raise DataError(f"{missing[0]} has judged nothing of {benchmark}.", "Leave it out, or name another benchmark.")
    if not known:
        raise DataError(f"No judge has judged anything of {benchmark}.", "Import judged results, or run a judge.")
    columns = score_columns(store, known[0].id, benchmark, beside=known[1:])
    return columns, [judge_run(store, judge, benchmark) for judge in known]


def judges_of(store: Store, benchmark: str) -> list[Judge]:
    """The judges that have judged anything of a benchmark, the one with the most judgments first."""
    return [judge for judge in store.judges() if judged_benchmark(store, judge.id, benchmark)]


def shared_commits(drawn: Sequence[Queue], done: Set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Commits, where one also counts in the other queues that `counting_in` says."""
    shared = set(done)
    for queue in drawn:
        twins = counting_in(queue, drawn) - {queue.name}
        for row in queue.rows if twins else ():
            if any((twin, row.response) in done for twin in twins):
                shared.add((queue.name, row.response))
    return shared


def find_judge(store: Store, name: str | None = None, benchmark: str | None = None) -> Judge | None:
    """The judge of that label, name or id (six digits of it will do); without one, the default judge.

    That is the first one that judged, or the one that `judge use` chose; where it has judged nothing of the
    `benchmark`, the judge with the most judgments that has. None where there is no judge at all. Raises `DataError`
    where there is none of that name, or more than one.
    """
    judges = store.judges()
    if name is None:
        default = store.default_judge()
        judges.sort(key=lambda judge: judge.id != default)
        if benchmark is not None:
            judges.sort(key=lambda judge: not judged_benchmark(store, judge.id, benchmark))
        return judges[0] if judges else None
    found = (
        [judge for judge in judges if judge.label == name]
        or [judge for judge in judges if judge.name == name]
        or [judge for judge in judges if len(name) >= 6 and judge.id.startswith(name)]
    )
    if len(found) == 1:
        return found[0]
    if found:
        each = "; ".join(f"{judge.label} is {judge.id[:8]}" for judge in found)
        raise DataError(f"There are {len(found)} judges named {name!r}.", f"Name one by its label or id: {each}.")
    known = ", ".join(dict.fromkeys(judge.label for judge in judges)) or "none"
    raise DataError(f"There is no judge named {name!r}.", f"Known judges: {known}.")
