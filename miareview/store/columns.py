"""The long table of scores, read in a handful of queries: the one path from the database to a number."""

from __future__ import annotations

import json
from fractions import Fraction
from math import nan

from miareview.model import Sample, ScoreColumns
from miareview.store.store import Store


def read_columns(store: Store, benchmark: str, judge: str | None, samples: dict[str, Sample | None]) -> ScoreColumns:
    """All scores of one benchmark: one judge's (by id), and every committed review.

    Of a model's answers to one item only the newest is read, and of a judge's replies to a response the newest; what
    is older is counted in `left_out`. `samples` maps a model's name to its random sample.
    """
    items = store.rows("select id, difficulty from item where benchmark = ? order by number", (benchmark,))
    item_code = {id: code for code, (id, _) in enumerate(items)}
    models = [
        model
        for (model,) in store.rows(
            "select distinct model from response join item on item.id = response.item where benchmark = ? order by 1",
            (benchmark,),
        )
    ]
    model_code = {model: code for code, model in enumerate(models)}
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    answers = 0
    for id, item, model, status in store.rows("select id, item, model, status from response order by rowid"):
        if item in item_code:
            newest[item, model] = (id, status)
            answers += 1
    keys = sorted(newest, key=lambda key: (item_code[key[0]], key[1]))
    responses = [newest[key][0] for key in keys]
    response_code = {id: code for code, id in enumerate(responses)}

    components = [
        (item_code[item], position, category, weight)
        for item, position, category, weight in store.rows(
            "select item, position, category, weight from component order by item, position"
        )
        if item in item_code
    ]
    component_code = {(item, position): code for code, (item, position, _, _) in enumerate(components)}
    response_item = [item_code[item] for item, _ in keys]

    columns = ScoreColumns(
        benchmark=benchmark,
        judge=store.rows("select name from judge where id = ?", (judge,))[0][0] if judge else "",
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
    )
    if answers > len(keys):
        columns.left_out.append(("older answers, replaced by a newer one to the same item", answers - len(keys)))
    _add_judge(store, columns, judge, response_code, component_code)
    _add_reviews(store, columns, response_code, component_code)
    return columns


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
    newest: dict[int, str] = {}
    older = 0
    for id, response, status, warnings, points, of, published in store.rows(
        "select id, response, status, warnings, stated_points, stated_of, published_total from judgment"
        " where judge = ? order by rowid",
        (judge,),
    ):
        code = response_code.get(response)
        if code is None:
            continue
        older += code in newest
        newest[code] = id
        columns.judgment_status[code] = status
        columns.judgment_warnings[code] = tuple(json.loads(warnings)) if warnings != "[]" else ()
        columns.stated_total[code] = _ratio(points, of)
        columns.published_total[code] = None if published is None else float(Fraction(published))
    if older:
        columns.left_out.append(("older replies of the judge, replaced by a newer one to the same response", older))
    code_of = {judgment: code for code, judgment in newest.items()}
    for judgment, position, points, sixtieths in store.rows(
        "select judgment, position, points, sixtieths from sub_score join judgment on judgment.id = judgment"
        " where judge = ? and points is not null",
        (judge,),
    ):
        code = code_of.get(judgment)
        if code is not None:
            component = component_code[columns.response_item[code], position]
            _add_score(columns, code, component, 0, points, sixtieths, False)


def _add_reviews(
    store: Store,
    columns: ScoreColumns,
    response_code: dict[str, int],
    component_code: dict[tuple[int, int], int],
) -> None:
    raters: dict[str, int] = {}
    waiting: set[tuple[str, str]] = set()
    for response, reviewer, position, visible, points, sixtieths, ungradable, committed in store.rows(
        "select response, reviewer, position, judge_visible, points, sixtieths, ungradable, committed_at"
        " from current_score join review_status using (response, reviewer)"
    ):
        code = response_code.get(response)
        if code is None:
            continue
        if committed is None:
            waiting.add((response, reviewer))
            continue
        if reviewer not in raters:
            raters[reviewer] = len(columns.raters)
            columns.raters.append(reviewer)
            columns.rater_kind.append("human")
        component = component_code[columns.response_item[code], position]
        if ungradable is None:
            _add_score(columns, code, component, raters[reviewer], points, sixtieths, bool(visible))
        else:
            _add_score(columns, code, component, raters[reviewer], None, None, bool(visible))
    if waiting:
        columns.left_out.append(("reviews not committed yet", len(waiting)))


def _add_score(
    columns: ScoreColumns,
    response: int,
    component: int,
    rater: int,
    points: str | None,
    sixtieths: int | None,
    visible: bool,
) -> None:
    columns.score_response.append(response)
    columns.score_component.append(component)
    columns.score_rater.append(rater)
    if sixtieths is not None:
        columns.score_fraction.append(sixtieths / 60)
    elif points is not None:
        columns.score_fraction.append(float(Fraction(points) / columns.component_weight[component]))
    else:
        columns.score_fraction.append(nan)
    columns.score_visible.append(visible)
    columns.score_ungradable.append(points is None)


def _ratio(points: str | None, of: str | None) -> float | None:
    if points is None or of is None or Fraction(of) == 0:
        return None
    return float(Fraction(points) / Fraction(of))
