"""The long table of scores, read in a handful of queries: the one path from the database to a number."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import compress, repeat
from math import nan
from operator import add
from typing import Any

from miareview.model import Sample, ScoreColumns
from miareview.store.gold import categories_of
from miareview.store.queues import second_only
from miareview.store.store import COUNTS_LAST, Store

GOLD = "gold"
_POINTS = "coalesce(sixtieths, points) as points"
"""Whole sixtieths of a component's weight as a number, other points as text, nothing where it is ungradable."""
_WHOLE: dict[int | str | None, float] = {None: nan, **{sixty: sixty / 60 for sixty in range(61)}}
_ODD = -1.0  # where the fraction is none of these


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
    component_code = {_key(item, position): code for code, (item, position, _, _) in enumerate(components)}
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
        columns.left_out.append(("older_answers", count - len(keys)))
    _add_judge(store, columns, judge, response_code, component_code)
    _add_reviews(store, columns, response_code, component_code)
    _add_gold(store, columns, response_code, component_code)
    for other in others:
        _add_other(store, columns, other, response_code, component_code)
    return columns


def newest_answers(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    """(id, status) of the newest response of every (item, model), without the texts."""
    ids, items, models, statuses = store.columns(
        ("id", "item", "model", "status"),
        # As an index has them, so that neither the texts are read nor anything is sorted.
        "from (select id, item, model, status from response order by item, model, imported_at, id)",
    )
    return dict(zip(zip(items, models, strict=True), zip(ids, statuses, strict=True), strict=True))


def _add_judge(
    store: Store,
    columns: ScoreColumns,
    judge: str | None,
    response_code: dict[str, int],
    component_code: dict[int, int],
) -> None:
    if judge is None:
        return
    columns.raters.append(columns.judge)
    columns.rater_kind.append("judge")
    counting: dict[int, str] = {}
    responses, *table = _replies(
        store, judge, ("id", "status", "warnings", "stated_points", "stated_of", "published_total")
    )
    codes, *table = _known(response_code, responses, *table)
    for code, id, status, warnings, points, of, published in zip(codes, *table, strict=True):
        counting[code] = id
        columns.judgment_status[code] = status
        columns.judgment_warnings[code] = tuple(json.loads(warnings)) if warnings != "[]" else ()
        columns.stated_total[code] = _ratio(points, of)
        columns.published_total[code] = _ratio(published, "1")
    if others := len(codes) - len(counting):
        columns.left_out.append(("other_replies", others))
    _add_sub_scores(store, columns, judge, counting, 0, component_code)
    if columns.harness:
        _add_harness(store, columns, judge)


def _replies(store: Store, judge: str, wanted: tuple[str, ...]) -> list[list[Any]]:
    """The response and what else is `wanted` of all judgments of a judge, of one response the one that counts last."""
    source = "(select * from judgment_read judgment where judge = ?{})"
    found = store.columns(("response", *wanted), f"from {source.format('')}", (judge,))
    if len(set(found[0])) < len(found[0]):  # else there is nothing to order, which takes longer than to read it
        found = store.columns(("response", *wanted), f"from {source.format(' ' + COUNTS_LAST)}", (judge,))
    return found


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
    component_code: dict[int, int],
) -> None:
    """The sub-scores of a judge that is only compared with the chosen one."""
    responses, ids = _replies(store, judge, ("id",))
    counting = {
        response_code[response]: id for response, id in zip(responses, ids, strict=True) if response in response_code
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
    component_code: dict[int, int],
) -> None:
    code_of = {judgment: code for code, judgment in counting.items()}
    # What was never read again is most, and is read three times as fast without the view; so is all of one judge.
    judgments, positions, points = store.columns(
        ("judgment", "position", "points"),
        f"from (select judgment, position, {_POINTS} from sub_score where points is not null"
        " and ((select count(*) from judge) = 1 or judgment in (select id from judgment where judge = ?))"
        " and (not exists (select 1 from reread) or judgment not in (select judgment from reread))"
        f" union all select judgment, position, {_POINTS} from score_read"
        " where points is not null and judgment in (select judgment from reread))",
        (judge,),
    )
    codes, positions, points = _known(code_of, judgments, positions, points)
    _add_scores(columns, component_code, codes, positions, [rater] * len(codes), points, [False] * len(codes))


def _add_reviews(
    store: Store, columns: ScoreColumns, response_code: dict[str, int], component_code: dict[int, int]
) -> None:
    uncommitted = {*store.rows("select response, reviewer from review_status where committed_at is null")}
    responses, *table = store.columns(
        ("response", "reviewer", "position", "judge_visible", "points"),
        f"from (select response, reviewer, position, judge_visible, {_POINTS} from current_score)",
    )
    codes, responses, *table = _known(response_code, responses, responses, *table)
    for code, pairs in (
        ("not_committed", uncommitted),
        ("second_readings", second_only(store)),
    ):
        said = list(zip(responses, table[0], strict=True)) if pairs else []
        if away := pairs.intersection(said):
            kept = [pair not in away for pair in said]
            codes, responses, *table = (list(compress(column, kept)) for column in (codes, responses, *table))
            columns.left_out.append((code, len(away)))
    reviewers, positions, visible, points = table
    first = len(columns.raters)
    raters = {reviewer: code for code, reviewer in enumerate(dict.fromkeys(reviewers), start=first)}
    columns.raters.extend(raters)
    columns.rater_kind.extend(["human"] * len(raters))
    by = list(map(raters.__getitem__, reviewers))
    _add_scores(columns, component_code, codes, positions, by, points, list(map(bool, visible)))


def _add_gold(
    store: Store,
    columns: ScoreColumns,
    response_code: dict[str, int],
    component_code: dict[int, int],
) -> None:
    """What was settled of every component: points, or that it is ungradable."""
    found = [
        (response_code[response], position, points, bool(seen))
        for response, position, points, seen in store.rows(
            "select response, position, points, judge_seen from label where ruling = 'settled'"
            " order by response, position"
        )
        if response in response_code
        and _key(columns.response_item[response_code[response]], position) in component_code
    ]
    if not found:
        return
    responses, positions, points, seen = map(list, zip(*found, strict=True))
    rater = [len(columns.raters)] * len(found)
    _add_scores(columns, component_code, responses, positions, rater, points, seen)
    columns.raters.append(GOLD)
    columns.rater_kind.append("gold")


def _known(codes: dict[str, int], ids: list[str], *columns: list[Any]) -> list[list[Any]]:
    """The codes of these ids, and the columns that stand beside them; rows whose id has no code are left away."""
    found = list(map(codes.get, ids, repeat(-1)))
    if -1 not in found:
        return [found, *columns]
    kept = [code >= 0 for code in found]
    return [list(compress(column, kept)) for column in (found, *columns)]


def _key(item: int, position: int) -> int:
    """One number for an item's component: there are hundreds of thousands to look up."""
    return (item << 32) + position


def _add_scores(
    columns: ScoreColumns,
    component_code: dict[int, int],
    responses: Sequence[int],
    positions: Sequence[int],
    raters: Sequence[int],
    points: Sequence[int | str | None],
    visible: Sequence[bool],
) -> None:
    """Put rows at the end of the long table, a column at a time; `points` are as `_POINTS` has them."""
    start = [_key(item, 0) for item in columns.response_item]
    components = list(map(component_code.__getitem__, map(add, map(start.__getitem__, responses), positions)))
    fractions = list(map(_WHOLE.get, points, repeat(_ODD)))
    for row in [row for row, fraction in enumerate(fractions) if fraction == _ODD] if _ODD in fractions else ():
        fractions[row] = _fraction(points[row], columns.component_weight[components[row]])
    columns.score_response.extend(responses)
    columns.score_component.extend(components)
    columns.score_rater.extend(raters)
    columns.score_fraction.extend(fractions)
    columns.score_visible.extend(visible)
    columns.score_ungradable.extend(given is None for given in points)


@lru_cache(maxsize=4096)
def _fraction(points: int | str, weight: int) -> float:
    """The fraction of the weight; see `_POINTS`."""
    return points / 60 if isinstance(points, int) else float(Fraction(points) / weight)


@lru_cache(maxsize=4096)
def _ratio(points: str | None, of: str | None) -> float | None:
    """The quotient of two numbers written as text; few differ, and making fractions of text is slow."""
    if points is None or of is None or Fraction(of) == 0:
        return None
    return float(Fraction(points) / Fraction(of))
