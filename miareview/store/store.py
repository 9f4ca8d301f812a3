"""The store: facts that others wrote go in once and come out again as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from miareview.errors import DataError
from miareview.model import Call, Component, Item, Judge, Judgment, Response, SubScore, points_text, sixtieths
from miareview.store.connection import Connection

if TYPE_CHECKING:
    from miareview.store.imports import Origin

COUNTS_LAST = "order by status = 'api_error' desc, repeat desc, judgment.imported_at, judgment.id"
"""Puts a judge's replies to a response so that the one that counts comes last.

A reply counts before a failed call, the first of several repeats before the others (so that asking again never
changes a score), and the newest of what is left.
"""


PROBE_MODEL = "probe:"
"""How the names of those begin that are no models but probes (`store.probes`)."""


@dataclass(frozen=True, slots=True)
class Added:
    """What an insert did. `conflicts` are (id, reason) of records that contradict what is stored and were left out."""

    new: int
    unchanged: int
    conflicts: list[tuple[str, str]] = field(default_factory=list)


DEFAULT_JUDGE = "judge"
"""The setting with the id of the judge that tables use where none is named."""


def keep_default_judge(connection: sqlite3.Connection, new: str) -> None:
    """Before judgments are added: the judge with the most of them stays the default, or the first one becomes it.

    Without this the tables would change to another judge as soon as it has more judgments, and nobody asked for that.
    """
    if connection.execute("select 1 from setting where key = ?", (DEFAULT_JUDGE,)).fetchone():
        return
    most = connection.execute(
        "select judge.id from judge join judgment on judgment.judge = judge.id group by judge.id"
        " order by count(judgment.id) desc, name, judge.id limit 1"
    ).fetchone()
    connection.execute("insert into setting values (?, ?)", (DEFAULT_JUDGE, most[0] if most else new))


_component = lru_cache(10_000)(Component)  # an import asks for the same items with every file


@dataclass(frozen=True, slots=True)
class Address:
    """Where the picture of an item is: its number and the address, as in `Item`."""

    index: int
    image_url: str


class Store(Connection):
    """The database as records. Events are the ledger's business (`store.ledger`), queues those of `store.queues`."""

    # facts in

    def add_items(self, items: Iterable[Item], origin: Origin | None = None) -> Added:
        """Store items and their components; an item that is there with other components is a conflict."""
        from miareview.store.imports import chain_facts, moment

        present = {item.id: item for item in self.items()}
        fresh: dict[str, Item] = {}
        unchanged, conflicts = 0, []
        for item in items:
            there = present.get(item.id) or fresh.get(item.id)
            if there is None:
                fresh[item.id] = item
            elif there.components == item.components:
                unchanged += 1
            else:
                conflicts.append((item.id, "it is already there with other components, weights or categories"))
        with self.writing() as connection:
            at = moment(connection, "item")
            names = {(item.benchmark, at) for item in fresh.values()}
            connection.executemany("insert into benchmark values (?, ?) on conflict(name) do nothing", sorted(names))
            connection.executemany(
                "insert into item values (?, ?, ?, ?, ?, ?, ?)",
                [(i.id, i.benchmark, i.index, i.image_url, i.instruction, i.difficulty, at) for i in fresh.values()],
            )
            connection.executemany(
                "insert into component values (?, ?, ?, ?, ?)",
                [
                    (item.id, c.position, c.category, c.text, c.weight)
                    for item in fresh.values()
                    for c in item.components
                ],
            )
            chain_facts(self, connection, "item", at, origin)
        return Added(len(fresh), unchanged, conflicts)

    def add_responses(self, responses: Iterable[Response], source: str = "", origin: Origin | None = None) -> Added:
        """Store responses; one that is there already is unchanged.

        Raises `DataError` where one is of a model whose name is kept for probes, and this file is not for those.
        """
        from miareview.store.imports import chain_facts, moment

        responses = list(responses)
        if not self.holds_probes and any(response.model.startswith(PROBE_MODEL) for response in responses):
            raise DataError(
                "A model's name begins with \"probe:\": these are questions with a known answer, no model's responses.",
                "Import the responses of models, or give the model another name with --model.",
            )
        with self.writing() as connection:
            at = moment(connection, "response")
            rows = [(r.id, r.item, r.model, r.text, r.status, source, at) for r in responses]
            added = _insert(
                connection, "insert into response values (?, ?, ?, ?, ?, ?, ?) on conflict(id) do nothing", rows
            )
            chain_facts(self, connection, "response", at, origin)
        return added

    def add_judgments(
        self,
        judge: Judge,
        judgments: Iterable[Judgment],
        calls: Iterable[Call] = (),
        origin: Origin | None = None,
    ) -> Added:
        """Store a judge's replies, the sub-scores read from them, and the calls they came from, in one transaction."""
        from miareview.store.imports import chain_facts, moment

        judgments = list(judgments)
        weights = self.weights({judgment.response for judgment in judgments})
        with self.writing() as connection:
            keep_default_judge(connection, judge.id)
            insert_judge(connection, judge)
            at = moment(connection, "judgment")
            added = _insert(
                connection,
                "insert into judgment values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict(id) do nothing",
                [_judgment_row(judgment, at) for judgment in judgments],
            )
            connection.executemany(
                "insert into sub_score values (?, ?, ?, ?, ?, ?) on conflict(judgment, position) do nothing",
                [_sub_score_row(j.id, s, weights[j.response]) for j in judgments for s in j.sub_scores],
            )
            connection.executemany(
                f"insert into call values ({', '.join('?' * 12)}) on conflict(id) do nothing",
                [astuple(call) for call in calls],
            )
            chain_facts(self, connection, "judgment", at, origin)
        return added

    # facts out

    def weights(self, responses: set[str]) -> dict[str, dict[int, int]]:
        """Weight by position of the components behind each of these responses."""
        found: dict[str, dict[int, int]] = {}
        for response, position, weight in self.rows(
            "select response.id, position, weight from json_each(?) join response on response.id = json_each.value"
            " join component on component.item = response.item",
            (json.dumps(sorted(responses)),),
        ):
            found.setdefault(response, {})[position] = weight
        return found

    def benchmarks(self) -> list[str]:
        return [name for (name,) in self.rows("select name from benchmark order by name")]

    def items(self, benchmark: str | None = None) -> list[Item]:
        """Items with their components, in the benchmark's order; of all benchmarks if none is named."""
        components: dict[str, list[Component]] = {}
        for item, *rest in self.rows("select item, position, category, text, weight from component order by 1, 2"):
            components.setdefault(item, []).append(_component(*rest))
        return [
            Item(*row, tuple(components.get(row[0], ())))  # type: ignore[call-arg]
            for row in self.rows(
                "select id, benchmark, number, image_url, instruction, difficulty from item"
                " where ?1 is null or benchmark = ?1 order by benchmark, number",
                (benchmark,),
            )
        ]

    def size_of(self, benchmark: str) -> int:
        """How many items a benchmark has."""
        return int(self.rows("select count(*) from item where benchmark = ?", (benchmark,))[0][0])

    def item_ids(self, benchmark: str) -> list[str]:
        """Ids of a benchmark's items, in its order."""
        return [id for (id,) in self.rows("select id from item where benchmark = ? order by number", (benchmark,))]

    def item(self, id: str) -> Item:
        """The item of that id, which must be there."""
        (row,) = self.rows(
            "select id, benchmark, number, image_url, instruction, difficulty from item where id = ?", (id,)
        )
        parts = self.rows(
            "select position, category, text, weight from component where item = ? order by position", (id,)
        )
        return Item(*row, tuple(Component(*part) for part in parts))  # type: ignore[call-arg]

    def numbered(self, benchmark: str, number: int) -> Item | None:
        """The item of that number, None where there is none."""
        rows = self.rows("select id from item where benchmark = ? and number = ? limit 1", (benchmark, number))
        return self.item(rows[0][0]) if rows else None

    def numbers(self, benchmark: str) -> list[int]:
        """The numbers of a benchmark's items, in their order; read from an index alone."""
        return [number for (number,) in self.rows(
            "select number from item where benchmark = ? order by number", (benchmark,))]  # fmt: skip

    def addresses(self) -> list[Address]:
        """Where the picture of every item is, without the items' texts."""
        return [Address(*row) for row in self.rows("select number, image_url from item")]

    def response(self, id: str) -> Response:
        """The response of that id, which must be there."""
        (row,) = self.rows("select id, item, model, text, status from response where id = ?", (id,))
        return Response(*row)

    def responses(self, model: str | None = None) -> list[Response]:
        """Responses in the order of items, then models; of all models if none is named."""
        return [
            Response(*row)
            for row in self.rows(
                "select response.id, item, model, text, status from response join item on item.id = response.item"
                " where ?1 is null or model = ?1 order by benchmark, number, model, response.imported_at, response.id",
                (model,),
            )
        ]

    def responses_to(self, benchmark: str, number: int) -> list[str]:
        """Ids of the newest response of each model to the item of that number."""
        found = self.rows(
            "select response.id, model from response join item on item.id = response.item"
            " where benchmark = ? and number = ? order by model, response.imported_at, response.id",
            (benchmark, number),
        )
        return list({model: id for id, model in found}.values())

    def models(self) -> list[str]:
        return [model for (model,) in self.rows("select distinct model from response order by model")]

    def judge(self, id: str) -> Judge:
        """The judge of that id, which must be there."""
        return next(judge for judge in self.judges() if judge.id == id)

    def default_judge(self) -> str | None:
        """Id of the judge whose scores tables use where none is named: the first one, or what `judge use` chose."""
        return self.setting(DEFAULT_JUDGE)

    def use_judge(self, id: str) -> None:
        """Have tables use this judge where none is named."""
        self.set_setting(DEFAULT_JUDGE, id)

    def judges(self) -> list[Judge]:
        """Judges, the one with the most judgments first."""
        return [
            Judge(id, name, prompt, parameters, None if sees is None else bool(sees))
            for id, name, prompt, parameters, sees in self.rows(
                # Counted in the index alone, and not at all where there is nothing to order.
                "select id, name, prompt, parameters, sees_image from judge order by iif((select count(*) from judge)"
                " > 1, (select count(*) from judgment where judgment.judge = judge.id), 0) desc, name, id"
            )
        ]

    def judgments(self, response: str) -> list[Judgment]:
        """All judgments of one response; of each judge the one that counts comes last."""
        found = []
        for id, of_response, judge, repeat, raw, status, warnings, points, of, published, harness in self.rows(
            "select id, response, judge, repeat, raw, status, warnings, stated_points, stated_of, published_total,"
            f" harness_total from judgment_read judgment where response = ? {COUNTS_LAST}",
            (response,),
        ):
            scores = self.rows(
                "select position, points, span_start, span_end from score_read where judgment = ? order by position",
                (id,),
            )
            found.append(
                Judgment(
                    id,
                    of_response,
                    judge,
                    repeat,
                    raw,
                    status,
                    tuple(json.loads(warnings)),
                    None if points is None else (Fraction(points), Fraction(of)),
                    None if published is None else Fraction(published),
                    tuple(SubScore(p, None if n is None else Fraction(n), a, b) for p, n, a, b in scores),
                    None if harness is None else Fraction(harness),
                )
            )
        return found


def insert_judge(connection: sqlite3.Connection, judge: Judge) -> None:
    """Put the judge in its table, within somebody's transaction; one that is there stays as it is."""
    connection.execute(
        "insert into judge values (?, ?, ?, ?, ?) on conflict(id) do nothing",
        (judge.id, judge.name, judge.prompt, judge.parameters, judge.sees_image),
    )


def _insert(connection: sqlite3.Connection, sql: str, rows: list[tuple[Any, ...]]) -> Added:
    before = connection.total_changes
    connection.executemany(sql, rows)
    new = connection.total_changes - before
    return Added(new, len(rows) - new)


def _judgment_row(judgment: Judgment, at: str) -> tuple[Any, ...]:
    stated = judgment.stated_total
    published = judgment.published_total
    return (
        judgment.id,
        judgment.response,
        judgment.judge,
        judgment.repeat,
        judgment.raw,
        judgment.status,
        json.dumps(judgment.warnings) if judgment.warnings else "[]",
        points_text(stated[0]) if stated else None,
        points_text(stated[1]) if stated else None,
        None if published is None else str(published),
        at,
        None if judgment.harness_total is None else str(judgment.harness_total),
    )


def _sub_score_row(judgment: str, score: SubScore, weights: dict[int, int]) -> tuple[Any, ...]:
    points = score.points
    return (
        judgment,
        score.position,
        None if points is None else points_text(points),
        None if points is None else sixtieths(points, weights[score.position]),
        score.start,
        score.end,
    )
