"""What a judge did beside the scores that count: coverage, repeats, calls."""

from __future__ import annotations

from fractions import Fraction

from miareview.model import CallTotals, Judge, JudgeRun
from miareview.store.store import COUNTS_LAST, Store

_OF_BENCHMARK = "join response on response.id = judgment.response join item on item.id = response.item"


def judged_benchmark(store: Store, judge: str, benchmark: str) -> bool:
    """Whether a judge has any reply to a response of the benchmark."""
    sql = f"select 1 from judgment {_OF_BENCHMARK} where judge = ? and benchmark = ? limit 1"
    return bool(store.rows(sql, (judge, benchmark)))


def judge_run(store: Store, judge: Judge, benchmark: str) -> JudgeRun:
    """All that is known of a judge's work on a benchmark."""
    key = (judge.id, benchmark)
    status = dict(
        store.rows(
            f"select response, status from (select judgment.* from judgment_read judgment {_OF_BENCHMARK}"
            f" where judge = ? and benchmark = ?) judgment {COUNTS_LAST}",
            key,
        )
    )
    repeats = [
        (response, judgment, position, _fraction(points, sixtieths, weight))
        for response, judgment, position, points, sixtieths, weight in store.rows(
            "select response, judgment.id, sub_score.position, points, sixtieths, weight from judgment"
            f" {_OF_BENCHMARK} join score_read sub_score on sub_score.judgment = judgment.id"
            " join component on component.item = item.id and component.position = sub_score.position"
            " where judge = ?1 and benchmark = ?2 and judgment.status <> 'api_error' and response in"
            " (select response from judgment where judge = ?1 and status <> 'api_error' group by response"
            " having count(*) > 1) order by response, repeat, judgment.imported_at, judgment.id, sub_score.position",
            key,
        )
    ]
    (totals,) = store.rows(
        "select count(*), coalesce(sum(attempts), 0), count(call.error), coalesce(sum(prompt_tokens), 0),"
        " coalesce(sum(completion_tokens), 0), count(*) - count(prompt_tokens + completion_tokens),"
        " coalesce(sum(seconds), 0.0), count(seconds)"
        f" from call join judgment on judgment.id = call.judgment {_OF_BENCHMARK} where judge = ? and benchmark = ?",
        key,
    )
    return JudgeRun(judge, status, tuple(repeats), CallTotals(*totals))


def _fraction(points: str | None, sixtieths: int | None, weight: int) -> float | None:
    if points is None:
        return None
    return sixtieths / 60 if sixtieths is not None else float(Fraction(points) / weight)
