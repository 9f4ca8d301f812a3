"""The long table of scores, read in a handful of queries: the one path from the database to a number."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import compress
from math import nan

from miareview.model import Sample, ScoreColumns
from miareview.store.gold import categories_of
from miareview.store.queues import second_only
from miareview.store.store import COUNTS_LAST, Store

GOLD = "gold"


def read_columns(
    store: Store,
    benchmark: str,
    judge: str | None,
    samples: dict[str, Sample | None],
    others: Sequence[str] = (),
    answers: Mapping[tuple[str, str], tuple[str, str]] | None = None,
    only: Collection[str] | None = None,
) -> ScoreColumns:
    """All scores of one benchmark: one judge's (by id), every committed review, gold, and those of `others` (judges).

    The chosen judge is the first rater; other judges with a score of these responses come last.

    Of a model's answers to one item only the newest is read, and of a judge's replies to a response the one that
    counts (`store.COUNTS_LAST`); the others are counted in `left_out`. `samples` maps a model's name to its random
    sample. With `only`, the items (ids) of that part of the benchmark are all there is. Components have the categories
    that people gave them, where they did (`relabelled` counts those).
    """
    items = store.rows("select id, difficulty from item where benchmark = ? order by number", (benchmark,))
    items = [row for row in items if only is None or row[0] in only]
    item_code = {id: code for code, (id, _) in enumerate(items)}
    models = [
        model
        for (model,) in store.rows(
            "select distinct model from response join item on item.id = response.item where benchmark = ? order by 1",
            (benchmark,),
        )
    ]
    model_code = {model: code for code, model in enumerate(models)}
    newest = {key: answer for key, answer in (answers or newest_answers(store)).items() if key[0] in item_code}
    given = store.rows("select item, count(*) from response group by item")
    count = sum(answered for item, answered in given if item in item_code)
    keys = sorted(newest, key=lambda key: (item_code[key[0]], key[1]))
    responses = [newest[key][0] for key in keys]
    response_code = {id: code for code, id in enumerate(responses)}

    relabelled = categories_of(store)
    components = [
        (item_code[item], position, relabelled.get((item, position), category), weight)
        for item, position, category, weight in store.rows(
            "select item, position, category, weight from component order by item, position"
        )
        if item in item_code
    ]
    component_code = {(item, position): code for code, (item, position, _, _) in enumerate(components)}
    response_item = [item_code[item] for item, _ in keys]

    chosen = store.judge(judge) if judge else None
    columns = ScoreColumns(
        benchmark=benchmark,
        judge=chosen.label if chosen else "",
        items=[id for id, _ in items],
        item_difficulty=[difficulty for _, difficulty in items],
        models=models,
        responses=responses,
        response_item=response_item,
        response_model=[model_code[model] for _, model in keys],
        response_status=[newest[key][1] for key in keys],
        judgment_status=[None] * len(keys),
        judgment_warnings=[()] * len(keys),
        stated_total=[None] * len(keys),
        published_total=[None] * len(keys),
        component_item=[component[0] for component in components],
        component_position=[component[1] for component in components],
        component_category=[component[2] for component in components],
        component_weight=[component[3] for component in components],
        raters=[],
        rater_kind=[],
        score_response=[],
        score_component=[],
        score_rater=[],
        score_fraction=[],
        score_visible=[],
        score_ungradable=[],
        samples=[samples.get(model) for model in models],
        harness=chosen.harness if chosen else "",
        judge_sees=chosen.sees_image if chosen else None,
        relabelled=sum(item in item_code for item, _ in relabelled),
    )
    if count > len(keys):
        columns.left_out.append(("older answers, replaced by a newer one to the same item", count - len(keys)))
    _add_judge(store, columns, judge, response_code, component_code)
    _add_reviews(store, columns, response_code, component_code)
    _add_gold(store, columns, response_code, component_code)
    for other in others:
        _add_other(store, columns, other, response_code, component_code)
    return columns


def newest_answers(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    """(id, status) of the newest response of every (item, model), without the texts."""
    return {
        (item, model): (id, status)
        for id, item, model, status in store.rows(
            "select id, item, model, status from response order by imported_at, id"
        )
    }


def _add_judge(
    store: Store,
    columns: ScoreColumns,
    judge: str | None,
    response_code: dict[str, int],
    component_code: dict[tuple[int, int], int],
) -> None:
    if judge is None:
        return
    columns.raters.append(columns.judge)
    columns.rater_kind.append("judge")
    counting: dict[int, str] = {}
    others = 0
    for id, response, status, warnings, points, of, published in store.rows(
        "select id, response, status, warnings, stated_points, stated_of, published_total from judgment_read judgment"
        f" where judge = ? {COUNTS_LAST}",
        (judge,),
    ):
        code = response_code.get(response)
        if code is None:
            continue
        others += code in counting
        counting[code] = id
        columns.judgment_status[code] = status
        columns.judgment_warnings[code] = tuple(json.loads(warnings)) if warnings != "[]" else ()
        columns.stated_total[code] = _ratio(points, of)
        columns.published_total[code] = _ratio(published, "1")
    if others:
        columns.left_out.append(("other replies of the judge to a response that has one: repeats, older ones", others))
    _add_sub_scores(store, columns, judge, counting, 0, component_code)
    if columns.harness:
        _add_harness(store, columns, judge)


def _add_harness(store: Store, columns: ScoreColumns, judge: str) -> None:
    """The totals that the harness went on with, of the newest answer that it had judged."""
    model_code = {model: code for code, model in enumerate(columns.models)}
    rows = store.rows(
        "select item, model, harness_total from (select * from judgment where judge = ?) as judgment"
        " join response on response.id = judgment.response join item on item.id = item where benchmark = ?"
        " order by response.imported_at, response.id, judgment.status = 'api_error' desc, repeat desc,"
        " judgment.imported_at, judgment.id",
        (judge, columns.benchmark),
    )
    totals = {(item, model_code[model]): total for item, model, total in rows}
    columns.harness_model.extend(model for _, model in totals)
    columns.harness_total.extend(_ratio(total, "1") for total in totals.values())


def _add_other(
    store: Store,
    columns: ScoreColumns,
    judge: str,
    response_code: dict[str, int],
    component_code: dict[tuple[int, int], int],
) -> None:
    """The sub-scores of a judge that is only compared with the chosen one."""
    counting = {
        response_code[response]: id
        for id, response in store.rows(f"select id, response from judgment where judge = ? {COUNTS_LAST}", (judge,))
        if response in response_code
    }
    label = store.judge(judge).label
    columns.raters.append(label if label not in columns.raters else f"{label} {judge[:6]}")
    columns.rater_kind.append("judge")
    _add_sub_scores(store, columns, judge, counting, len(columns.raters) - 1, component_code)


def _add_sub_scores(
    store: Store,
    columns: ScoreColumns,
    judge: str,
    counting: dict[int, str],
    rater: int,
    component_code: dict[tuple[int, int], int],
) -> None:
    code_of = {judgment: code for code, judgment in counting.items()}
    # What was never read again is most, and is read three times as fast without the view.
    scores = (
        "select judgment, position, points, sixtieths from judgment join {0} on {0}.judgment = judgment.id"
        " where judge = ?1 and points is not null and judgment.id {1} (select judgment from reread)"
    )
    judgments, positions, points, sixtieths = store.columns(
        ("judgment", "position", "case when sixtieths is null then points end", "sixtieths"),
        f"from ({scores.format('sub_score', 'not in')} union all {scores.format('score_read', 'in')})",
        (judge,),
    )
    if any(judgment not in code_of for judgment in judgments):
        kept = [judgment in code_of for judgment in judgments]
        judgments, positions, points, sixtieths = (
            list(compress(column, kept)) for column in (judgments, positions, points, sixtieths)
        )
    codes, no = [code_of[judgment] for judgment in judgments], [False] * len(judgments)
    _add_scores(columns, component_code, codes, positions, [rater] * len(codes), points, sixtieths, no, no)


def _add_reviews(
    store: Store,
    columns: ScoreColumns,
    response_code: dict[str, int],
    component_code: dict[tuple[int, int], int],
) -> None:
    uncommitted = {*store.rows("select response, reviewer from review_status where committed_at is null")}
    table = store.columns(
        (
            "response",
            "reviewer",
            "position",
            "judge_visible",
            "sixtieths",
            "case when sixtieths is null then points end",
        ),
        "from current_score",
    )
    kept = [response in response_code for response in table[0]]
    for reason, pairs in (
        ("reviews not committed yet", uncommitted),
        ("second readings, drawn because of what the first reader said", second_only(store)),
    ):
        away = pairs.intersection(compress(zip(*table[:2], strict=True), kept)) if pairs else None
        if away:
            kept = [there and pair not in away for there, pair in zip(kept, zip(*table[:2], strict=True), strict=True)]
            columns.left_out.append((reason, len(away)))
    if not all(kept):
        table = [list(compress(column, kept)) for column in table]
    responses, reviewers, positions, visible, sixtieths, points = table
    first = len(columns.raters)
    raters = {reviewer: code for code, reviewer in enumerate(dict.fromkeys(reviewers), start=first)}
    columns.raters.extend(raters)
    columns.rater_kind.extend(["human"] * len(raters))
    _add_scores(
        columns, component_code, [response_code[id] for id in responses], positions,
        [raters[name] for name in reviewers], points, sixtieths, [seen == 1 for seen in visible],
        [sixty is None and text is None for sixty, text in zip(sixtieths, points, strict=True)],
    )  # fmt: skip


def _add_gold(
    store: Store,
    columns: ScoreColumns,
    response_code: dict[str, int],
    component_code: dict[tuple[int, int], int],
) -> None:
    """What was settled of every component: points, or that it is ungradable."""
    rater = len(columns.raters)
    found = False
    for response, position, points, seen in store.rows(
        "select response, position, points, judge_seen from label where ruling = 'settled' order by response, position"
    ):
        code = response_code.get(response)
        if code is None or (columns.response_item[code], position) not in component_code:
            continue
        found = True
        _add_scores(
            columns, component_code, [code], [position], [rater], [points], [None], [bool(seen)], [points is None]
        )
    if found:
        columns.raters.append(GOLD)
        columns.rater_kind.append("gold")


def _add_scores(
    columns: ScoreColumns,
    component_code: dict[tuple[int, int], int],
    responses: Sequence[int],
    positions: Sequence[int],
    raters: Sequence[int],
    points: Sequence[str | None],
    sixtieths: Sequence[int | None],
    visible: Sequence[bool],
    ungradable: Sequence[bool],
) -> None:
    """Put rows at the end of the long table, a column at a time: there are as many as there are scores."""
    item, weight = columns.response_item, columns.component_weight
    components = [component_code[item[code], position] for code, position in zip(responses, positions, strict=True)]
    columns.score_response.extend(responses)
    columns.score_component.extend(components)
    columns.score_rater.extend(raters)
    columns.score_fraction.extend(
        sixty / 60 if sixty is not None else _fraction(text, weight[component])
        for sixty, text, component in zip(sixtieths, points, components, strict=True)
    )
    columns.score_visible.extend(visible)
    columns.score_ungradable.extend(ungradable)


@lru_cache(maxsize=4096)
def _fraction(points: str | None, weight: int) -> float:
    """Points / weight of points that are no whole sixtieths of it; NaN where there are none."""
    return nan if points is None else float(Fraction(points) / weight)


@lru_cache(maxsize=4096)
def _ratio(points: str | None, of: str | None) -> float | None:
    """The quotient of two numbers written as text; few differ, and making fractions of text is slow."""
    if points is None or of is None or Fraction(of) == 0:
        return None
    return float(Fraction(points) / Fraction(of))
