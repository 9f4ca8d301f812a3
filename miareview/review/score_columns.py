"""From the store to the one table that every number is computed from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from math import nan

from miareview.errors import DataError
from miareview.model import Judge, JudgeRun, LabelSource, ScoreColumns
from miareview.review.named import find_benchmark, find_judge
from miareview.review.samples import samples_of, shared_commits
from miareview.store.columns import GOLD, newest_answers, read_columns
from miareview.store.judge_runs import judge_run, judged_benchmark
from miareview.store.queues import commits, designs, orders
from miareview.store.store import Store


def score_columns(
    store: Store,
    judge: str | None = None,
    benchmark: str | None = None,
    *,
    all_judges: bool = False,
    beside: Sequence[Judge] = (),
    only: Collection[str] | None = None,
) -> ScoreColumns:
    """All scores of a benchmark under one judge, and those of `beside`, or with `all_judges` of all others, beside it.

    `only` are the items (ids) of a part of the benchmark. Without names: the benchmark with the most items and the
    default judge. Raises `DataError` where there is nothing to read, or no such judge or benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    chosen = find_judge(store, judge, benchmark)
    items = set(store.item_ids(benchmark))
    drawn = designs(store)
    done = shared_commits(drawn, commits(store))
    frames: dict[str, set[str]] = {}
    answers = newest_answers(store)
    for (item, model), (response, status) in answers.items():
        frame = frames.setdefault(model, set())
        if item in items and status == "ok":
            frame.add(response)
    samples = samples_of(drawn, orders(store), done, frames)
    known = (
        [other for other in store.judges() if judged_benchmark(store, other.id, benchmark)] if all_judges else beside
    )
    others = [other.id for other in known if chosen and other.id != chosen.id]
    return read_columns(store, benchmark, chosen.id if chosen else None, samples, others, answers, only)


def judges_beside(
    store: Store, names: Sequence[str] = (), benchmark: str | None = None, only: Collection[str] | None = None
) -> tuple[ScoreColumns, list[JudgeRun]]:
    """The scores of several judges, in the order of their runs: of those named, else of all that judged the benchmark.

    `only` are the items (ids) of a part of it. Raises `DataError` where there is none, or where one that is named has
    judged nothing of the benchmark.
    """
    benchmark = find_benchmark(store, benchmark)
    judges = list(dict.fromkeys(find_judge(store, name) for name in names)) if names else store.judges()
    known = [judge for judge in judges if judge and judged_benchmark(store, judge.id, benchmark)]
    missing = [judge.label for judge in judges if judge and judge not in known]
    if names and missing:
        raise DataError(f"{missing[0]} has judged nothing of {benchmark}.", "Leave it out, or name another benchmark.")
    if not known:
        raise DataError(f"No judge has judged anything of {benchmark}.", "Import judged results, or run a judge.")
    columns = score_columns(store, known[0].id, benchmark, beside=known[1:], only=only)
    return columns, [judge_run(store, judge, benchmark) for judge in known]


def judges_of(store: Store, benchmark: str) -> list[Judge]:
    """The judges that have judged anything of a benchmark, the one with the most judgments first."""
    return [judge for judge in store.judges() if judged_benchmark(store, judge.id, benchmark)]


def with_labels(store: Store, columns: ScoreColumns) -> tuple[ScoreColumns, Counter[LabelSource]]:
    """The judges' scores with the labels as gold beside them, in place of what people said; and how the labels stand.

    A component without a label (people differ, or nobody scored it blind) has no gold; it is counted all the same,
    where anybody scored it at all.
    """
    from miareview.store.verdicts import labels

    kept = [row for row, rater in enumerate(columns.score_rater) if columns.rater_kind[rater] == "judge"]
    responses = {id: code for code, id in enumerate(columns.responses)}
    places = enumerate(zip(columns.component_item, columns.component_position, strict=True))
    components = {place: code for code, place in places}
    labelled = replace(
        columns,
        raters=[*columns.raters, GOLD],
        rater_kind=[*columns.rater_kind, "gold"],
        score_response=[columns.score_response[row] for row in kept],
        score_component=[columns.score_component[row] for row in kept],
        score_rater=[columns.score_rater[row] for row in kept],
        score_fraction=[columns.score_fraction[row] for row in kept],
        score_visible=[columns.score_visible[row] for row in kept],
        score_ungradable=[columns.score_ungradable[row] for row in kept],
        left_out=[],
    )
    sources: Counter[LabelSource] = Counter()
    items, older = set(columns.items), 0
    for item, response, found in labels(store, columns.benchmark):
        code = responses.get(response.id)
        if code is None:
            older += sum(label.there for label in found) if item.id in items else 0
            continue
        for label in found:
            sources[label.source] += 1
            if not label.there:
                continue
            component = components[columns.response_item[code], label.position]
            weight = columns.component_weight[component]
            labelled.score_response.append(code)
            labelled.score_component.append(component)
            labelled.score_rater.append(len(columns.raters))
            labelled.score_fraction.append(nan if label.points is None else float(label.points / weight))
            labelled.score_visible.append(label.judge_seen)
            labelled.score_ungradable.append(label.points is None)
    if older:
        labelled.left_out.append(("older_labels", older))
    return labelled, sources
