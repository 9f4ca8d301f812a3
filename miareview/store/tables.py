"""The tables that can be exported: flat rows with readable keys, streamed, and what each column means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from miareview.model import Column, Judge
from miareview.store.store import COUNTS_LAST, Store

Part = tuple[str, str, str, str]
"""A column's name, kind, SQL expression and meaning."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the export. `rows` are the values of `columns`, in their order."""

    name: str
    about: str
    columns: tuple[Column, ...]
    sql: str

    def rows(self, store: Store) -> Iterator[list[Any]]:
        """All rows, one by one. Raises `DataError` where the database cannot be read."""
        store.connection.create_function("ratio", 2, _ratio, deterministic=True)
        store.connection.create_function("label", 3, _label, deterministic=True)
        lists = {place for place, column in enumerate(self.columns) if column.kind == "list"}
        truths = {place for place, column in enumerate(self.columns) if column.kind == "boolean"}
        for row in store.stream(self.sql):
            values = list(row)
            for place in lists:
                values[place] = None if values[place] is None else json.loads(values[place])
            for place in truths:
                values[place] = None if values[place] is None else bool(values[place])
            yield values


def _ratio(points: str | None, of: float | str | None) -> float | None:
    """The quotient of exact texts or numbers as a float; None where one of them is none."""
    try:
        return float(Fraction(points or "") / Fraction(of or 0))
    except (ValueError, ArithmeticError):
        return None


def _label(name: str, prompt: str, parameters: str) -> str:
    return Judge("", name, prompt, parameters).label


_ITEM: tuple[Part, ...] = (
    ("benchmark", "text", "item.benchmark", "name of the benchmark"),
    ("index", "integer", "item.number", "the item's row in the benchmark, from 0"),
)
_RESPONSE: tuple[Part, ...] = (
    *_ITEM,
    ("model", "text", "response.model", "who answered"),
    ("response", "text", "response.id", "id of the response"),
)
_JUDGE: tuple[Part, ...] = (
    ("judge", "text", "label(judge.name, judge.prompt, judge.parameters)", "name of the judge, with prompt or harness"),
    ("judge_id", "text", "judge.id", "id of the judge, which tells parameters apart"),
)
_COMPONENT: tuple[Part, ...] = (
    ("position", "integer", "component.position", "place of the component in the item, from 1"),
    ("category", "text", "component.category", "category of the component"),
    (
        "relabelled",
        "text",
        "(select category from category_label given"
        " where given.item = item.id and given.position = component.position)",
        "the category that people gave it instead; empty where they did not",
    ),
    ("weight", "integer", "component.weight", "points the component is worth"),
)
_OF_RESPONSE = "join response on response.id = {} join item on item.id = response.item"
_ORDER = "order by item.benchmark, item.number, response.model, response.imported_at, response.id"
_COUNTING = f"""(
    select id, row_number() over (partition by response, judge {COUNTS_LAST})
        = count(*) over (partition by response, judge) as counts from judgment)"""


def _table(name: str, about: str, parts: tuple[Part, ...], rest: str) -> Table:
    select = ", ".join(f'{expression} as "{column}"' for column, _, expression, _ in parts)
    columns = tuple(Column(column, kind, meaning) for column, kind, _, meaning in parts)  # type: ignore[arg-type]
    return Table(name, about, columns, f"select {select} from {rest}")


_ITEMS = _table(
    "items", "The benchmark: one row a component.",
    (
        *_ITEM,
        ("item", "text", "item.id", "id of the item"),
        ("image_url", "text", "item.image_url", "address of the picture"),
        ("instruction", "text", "item.instruction", "the whole instruction"),
        ("difficulty", "text", "item.difficulty", "difficulty of the item"),
        *_COMPONENT,
        ("component", "text", "component.text", "words of the component"),
    ),
    "item join component on component.item = item.id order by item.benchmark, item.number, component.position",
)  # fmt: skip
_RESPONSES = _table(
    "responses", "One row an answer, older answers of a model to the same item too.",
    (
        *_RESPONSE,
        ("item", "text", "item.id", "id of the item"),
        ("image_url", "text", "item.image_url", "address of the picture"),
        ("status", "text", "response.status", "ok, error, empty or missing"),
        ("text", "text", "response.text", "the answer"),
        ("newest", "boolean",
         "not exists (select 1 from response later where later.item = response.item and later.model = response.model"
         " and (later.imported_at, later.id) >"
         " (response.imported_at, response.id))", "whether it is the model's newest answer to the item, which counts"),
        ("source", "text", "response.source", "file it was read from"),
        ("imported_at", "time", "response.imported_at", "when it came in"),
    ),
    f"response join item on item.id = response.item {_ORDER}",
)  # fmt: skip
_JUDGMENTS = _table(
    "judgments", "One row a reply of a judge.",
    (
        *_RESPONSE,
        *_JUDGE,
        ("judge_name", "text", "judge.name", "name of the judge alone"),
        ("prompt", "text", "judge.prompt", "its prompt; empty where not known"),
        ("parameters", "text", "judge.parameters", "its parameters, as JSON text"),
        ("sees_image", "boolean", "judge.sees_image", "whether it is shown the picture; null where not known"),
        ("judgment", "text", "judgment.id", "id of the reply"),
        ("repeat", "integer", "judgment.repeat", "0 for the first reply, 1 for the next on the same answer"),
        ("counts", "boolean", "counting.counts", "whether it is the reply that counts, of several to one answer"),
        ("status", "text", "judgment.status", "ok, warning, partial, refused, api_error, empty or unparsed"),
        ("warnings", "list", "judgment.warnings", "what was odd"),
        ("reader", "text", "judgment.reader", "what read it again, and so counts; null where that is as it came in"),
        ("raw", "text", "judgment.raw", "the reply; null where there is none"),
        ("stated_points", "text", "judgment.stated_points", "the total that the judge wrote, exact"),
        ("stated_of", "text", "judgment.stated_of", "the number after its slash, exact"),
        ("published_total", "real", "ratio(judgment.published_total, 1)",
         "the total of 1 as the published notebook reads it; null where it loses the reply"),
        ("harness_total", "real", "ratio(judgment.harness_total, 1)",
         "the total of 1 that the harness went on with; null where it had none"),
        ("imported_at", "time", "judgment.imported_at", "when it came in"),
    ),
    f"judgment_read judgment join judge on judge.id = judgment.judge {_OF_RESPONSE.format('judgment.response')}"
    f" join {_COUNTING} counting on counting.id = judgment.id {_ORDER}, judge.id, judgment.repeat,"
    " judgment.imported_at, judgment.id",
)  # fmt: skip
_READINGS = _table(
    "readings", "One row a component of every reading of a judge's reply: as it came in, and as it was read again.",
    (
        *_RESPONSE,
        *_JUDGE,
        ("judgment", "text", "judgment.id", "id of the reply"),
        ("number", "integer", "reading.number", "0 for the reading it came in with, 1 for the next, …"),
        ("reader", "text", "reading.reader", "what read it again; null of the first"),
        ("counts", "boolean", "reading.number = judgment.number", "whether it is the newest, which counts"),
        ("status", "text", "reading.status", "how the reply could be read"),
        ("warnings", "list", "reading.warnings", "what was odd"),
        *_COMPONENT,
        ("points", "text", "reading.points", "points, exact; null where none were read"),
        ("words", "text", "substr(judgment.raw, span_start + 1, span_end - span_start)", "the words of it"),
        ("at", "time", "reading.at", "when the reply came in, or was read again"),
    ),
    """(
    select judgment.id as judgment, 0 as number, null as reader, status, warnings, position, points, span_start,
        span_end, imported_at as at from judgment join sub_score on sub_score.judgment = judgment.id
    union all
    select reread.judgment, reread.number, reader, status, warnings, position, points, span_start, span_end, imported_at
    from reread join reread_score on reread_score.judgment = reread.judgment and reread_score.number = reread.number
    ) reading join judgment_read judgment on judgment.id = reading.judgment join judge on judge.id = judgment.judge"""
    f" {_OF_RESPONSE.format('judgment.response')}"
    " join component on component.item = response.item and component.position = reading.position"
    f" {_ORDER}, judge.id, judgment.repeat, judgment.id, reading.number, component.position",
)  # fmt: skip
_SCORES_FROM = f"""(
    select 'judge' as kind, label(judge.name, judge.prompt, judge.parameters) as rater, judge.id as judge,
        judgment.id as judgment, judgment.repeat, counting.counts, judgment.response, sub_score.position,
        0 as judge_visible, sub_score.points, null as ungradable, null as reason, 1 as committed,
        judgment.imported_at as at, null as event
    from score_read sub_score join judgment on judgment.id = sub_score.judgment join judge on judge.id = judgment.judge
        join {_COUNTING} counting on counting.id = judgment.id
    union all
    select 'human', current_score.reviewer, null, null, null, null, current_score.response, current_score.position,
        current_score.judge_visible, current_score.points, current_score.ungradable, current_score.reason,
        review_status.committed_at is not null, current_score.at, current_score.event
    from current_score left join review_status
        on review_status.response = current_score.response and review_status.reviewer = current_score.reviewer
    union all
    select 'gold', label.by, null, null, null, 1, response, position, judge_seen, points, ungradable, null, 1, at, event
    from label where ruling = 'settled') score"""
_SCORES = _table(
    "scores", "One row a score of a component: every judge's, every reviewer's, and what was settled.",
    (
        *_RESPONSE,
        *_COMPONENT,
        ("kind", "text", "score.kind", "judge, human or gold"),
        ("rater", "text", "score.rater", "the judge with prompt or harness, or who reviewed or settled it"),
        ("judge_id", "text", "score.judge", "id of the judge"),
        ("judgment", "text", "score.judgment", "id of the judge's reply"),
        ("repeat", "integer", "score.repeat", "which reply of the judge, from 0"),
        ("counts", "boolean", "score.counts",
         "of a judge: whether this reply counts; true of gold"),
        ("sight", "text",
         "case when score.kind = 'judge' then null when score.judge_visible then 'assisted' else 'blind' end",
         "blind or assisted: whether a person could see the judge's score; null of a judge"),
        ("status", "text",
         "case when score.points is not null then 'scored' when score.ungradable is not null then 'ungradable'"
         " else 'unread' end", "scored, ungradable (a verdict of people), unread (nothing in the judge's reply)"),
        ("points", "text", "score.points", "points, exact: 3, 3.5, or 7/3 where no decimal is exact"),
        ("fraction", "real", "ratio(score.points, component.weight)", "points / weight"),
        ("ungradable", "text", "score.ungradable", "why it cannot be graded"),
        ("reason", "text", "score.reason", "what the reviewer found wrong with the judge's score"),
        ("committed", "boolean", "score.committed", "false of a review that is not committed yet and counts nowhere"),
        ("at", "time", "score.at", "when it was given or came in"),
        ("event", "text", "score.event", "id of the event behind a person's score"),
    ),
    f"{_SCORES_FROM} {_OF_RESPONSE.format('score.response')}"
    " join component on component.item = response.item and component.position = score.position"
    f" {_ORDER}, score.kind desc, score.rater, score.judge, score.repeat, score.judgment, component.position,"
    " score.judge_visible, score.event",
)  # fmt: skip
_REVIEWS = _table(
    "reviews", "One row a response that a person worked on.",
    (
        *_RESPONSE,
        ("reviewer", "text", "review.reviewer", "who"),
        ("status", "text",
         "case when review.committed_at is not null then 'committed' when review.skipped then 'skipped'"
         " else 'open' end",
         "committed, skipped or open"),
        ("committed_at", "time", "review.committed_at", "when it was committed; null where it is not"),
        ("queues", "list", "review.committed_queues", "queues it was committed in; an empty name is outside any"),
        ("components", "integer", "(select count(*) from component where item = item.id)", "components of the item"),
        ("blind", "integer", "count(mark.position) filter (where not mark.judge_visible)",
         "components with a verdict given blind"),
        ("assisted", "integer", "count(mark.position) filter (where mark.judge_visible)",
         "components with a verdict given with the judge's score in sight"),
        ("ungradable", "integer", "count(distinct iif(mark.ungradable is not null, mark.position, null))",
         "components found ungradable"),
        ("blind_points", "real",
         "sum(ratio(mark.points, 1)) filter (where not mark.judge_visible)", "sum of the points given blind"),
        ("blind_weight", "integer",
         "sum(component.weight) filter (where not mark.judge_visible and mark.points is not null)",
         "what these components are worth"),
        ("revealed", "boolean", "review.revealed", "whether the judge was shown before the commit"),
        ("flagged", "boolean", "review.flagged", "whether it was flagged"),
        ("comment", "text", "review.comment", "comment on the response"),
        ("seconds", "real",
         "(select sum(seconds) from event join reviewer on name = event.reviewer where event.response = review.response"
         " and person = review.reviewer and kind not in ('settle', 'practice'))",
         "time spent, as far as it was kept"),
    ),
    f"review_status review {_OF_RESPONSE.format('review.response')}"
    " left join current_score mark on mark.response = review.response and mark.reviewer = review.reviewer"
    " left join component on component.item = response.item and component.position = mark.position"
    f" group by review.response, review.reviewer {_ORDER}, review.reviewer",
)  # fmt: skip
_EVENTS = _table(
    "events", "The ledger: one row a thing that a person did, in the order of time.",
    (
        ("id", "text", "event.id", "id of the event, which sorts by time"),
        ("at", "time", "event.at", "when"),
        ("reviewer", "text", "event.reviewer", "who"),
        ("device", "text", "event.device", "on which device"),
        ("kind", "text", "event.kind", "what: score, agree, clear, comment, reason, commit, …"),
        ("response", "text", "event.response", "id of the response; null where it is about none"),
        ("component", "integer", "event.component", "position of the component; null where it is about none"),
        ("value", "text", "event.value", "points, words, or 1 and 0 for on and off"),
        ("judge_visible", "boolean", "event.judge_visible", "whether the judge's score could be seen"),
        ("queue", "text", "event.queue", "queue that was worked through"),
        ("guideline", "text", "event.guideline", "version of the reviewing guideline"),
        ("app", "text", "event.app", "version of miareview"),
        ("seconds", "real", "event.seconds", "time on the response since the last word on it"),
        ("previous", "text", "event.previous", "hash of the device's event before; empty for the first"),
        ("hash", "text", "event.hash", "hash of the row up to previous"),
        ("benchmark", "text", "item.benchmark", "name of the benchmark"),
        ("index", "integer", "item.number", "the item's row in the benchmark, from 0"),
        ("model", "text", "response.model", "who answered"),
    ),
    "event left join response on response.id = event.response left join item on item.id = response.item"
    " order by event.id",
)  # fmt: skip
_QUEUES = _table(
    "queues", "One row a response of a queue, with how it was drawn.",
    (
        ("queue", "text", "queue.name", "name of the queue"),
        ("design", "text", "queue.design", "random or all"),
        ("seed", "integer", "queue.seed", "seed of the draw"),
        ("frame_size", "integer", "queue.frame_size", "items it was drawn from"),
        ("size", "integer", "queue.size", "items drawn"),
        ("blind", "boolean", "queue.blind", "whether the judge is hidden"),
        ("made", "time", "queue.made", "when it was drawn"),
        ("position", "integer", "queue_row.position", "place in the queue"),
        ("stratum", "text", "queue_row.stratum", "stratum of the item"),
        ("probability", "real", "queue_row.probability", "chance of the item to be drawn"),
        *_RESPONSE,
    ),
    f"queue join queue_row on queue_row.queue = queue.name {_OF_RESPONSE.format('queue_row.response')}"
    " order by queue.made, queue.name, queue_row.position",
)  # fmt: skip
_CALLS = _table(
    "calls", "One row a call of a judge's API that miareview made.",
    (
        *_RESPONSE,
        *_JUDGE,
        ("call", "text", "call.id", "id of the call"),
        ("judgment", "text", "call.judgment", "id of the reply"),
        ("at", "time", "call.at", "when it came in"),
        ("answered_by", "text", "call.model", "the model that says it answered"),
        ("request_id", "text", "call.request_id", "the API's own id of the request"),
        ("finish_reason", "text", "call.finish_reason", "why the reply ended"),
        ("prompt_tokens", "integer", "call.prompt_tokens", "tokens that were asked with"),
        ("completion_tokens", "integer", "call.completion_tokens", "tokens of the reply"),
        ("seconds", "real", "call.seconds", "how long the last attempt took"),
        ("attempts", "integer", "call.attempts", "how many requests were sent"),
        ("error", "text", "call.error", "why there is no reply"),
        ("batch", "text", "call.batch", "id of the batch it was part of"),
    ),
    f"call join judgment on judgment.id = call.judgment join judge on judge.id = judgment.judge"
    f" {_OF_RESPONSE.format('judgment.response')} {_ORDER}, judge.id, judgment.repeat, call.at, call.id",
)  # fmt: skip

TABLES = {
    table.name: table
    for table in (_REVIEWS, _SCORES, _RESPONSES, _JUDGMENTS, _READINGS, _ITEMS, _EVENTS, _QUEUES, _CALLS)
}  # fmt: skip


def tables_markdown() -> str:
    """The columns of every table as Markdown, for docs/exports.md."""
    lines: list[str] = []
    for table in TABLES.values():
        lines += [f"### {table.name}", "", table.about, "", "| column | kind | what |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in table.columns]
        lines.append("")
    return "\n".join(lines)
