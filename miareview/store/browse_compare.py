"""Comparing, out of the summary: who answered an item, what all of them got, and which items are worth a look."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from miareview.model import Response
from miareview.store.store import Store

Worth = Literal["all", "differ", "one wrong", "all wrong", "rank flips", "same answer, other score"]
WORTHS: tuple[Worth, ...] = ("all", "differ", "one wrong", "all wrong", "rank flips", "same answer, other score")

# The newest answers of the models, but to the items that are left out.
_CHOSEN = """
with chosen as (
 select r.* from browse_row r join response o on o.id = r.response
 where r.benchmark = ? and r.model in ({models})
 and r.item not in (select id from item where rowid in (select value from json_each(?)))
 and not exists (select 1 from response n where n.item = o.item and n.model = o.model
  and (n.imported_at, n.id) > (o.imported_at, o.id))
)
"""
_PARTS = "select c.number from chosen c join browse_part p on p.row = c.id group by c.number, p.position having "
_PAIRS = "select a.number from chosen a join chosen b on b.item = a.item and a.model < b.model "
_SQL: dict[Worth, str] = {
    "all": "select number from chosen",
    "differ": f"{_PARTS} count(distinct p.judge) > 1",
    "one wrong": f"{_PARTS} count(p.judge) > 1 and sum(p.judge < p.weight) = 1",
    "all wrong": f"{_PARTS} count(p.judge) > 1 and sum(p.judge < p.weight) = count(p.judge)",
    "rank flips": f"{_PAIRS} where (a.judge - b.judge) * (a.people - b.people) < 0",
    "same answer, other score": f"{_PAIRS} join browse_part p on p.row = a.id join browse_part q on q.row = b.id"
    " and q.position = p.position where a.body = b.body and a.body <> '' and p.judge <> q.judge",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the answer under that label got for one component; None where nobody gave any, or it waits."""

    label: str
    position: int
    judge: float | None
    people: float | None


def labels_of(store: Store, item: str, masked: Mapping[str, str]) -> dict[str, str]:
    """The newest answers to an item: label → response id. A label is the model's name, or the mask of what waits
    (`masked`: response id → mask).

    Names come first, then masks, each in their order. A model that is really named as a mask is gets a sign behind it.
    """
    newest = {
        model: id
        for id, model in store.rows("select id, model from response where item = ? order by imported_at, id", (item,))
    }
    shown = {masked[id]: id for id in newest.values() if id in masked}
    for model, id in newest.items():
        if id not in masked:
            while model in shown:
                model += "′"
            shown[model] = id
    return {label: shown[label] for label in sorted(shown, key=lambda label: (shown[label] in masked, label))}


def answers(store: Store, ids: Collection[str]) -> dict[str, Response]:
    """These responses, by id."""
    marks = ", ".join("?" * len(ids))
    found = store.rows(f"select id, item, model, text, status from response where id in ({marks})", (*ids,))
    return {row[0]: Response(*row) for row in found}


def given_to_all(store: Store, item: str, masked: Mapping[str, str]) -> list[Given]:
    """What every answer to an item got, in the order of `labels_of`, then of positions."""
    labels = {id: label for label, id in labels_of(store, item, masked).items()}
    found = {
        (id, position): (judge, people)
        for id, position, judge, people in store.rows(
            "select r.response, p.position, p.judge, p.people from browse_row r join browse_part p on p.row = r.id"
            " where r.item = ? order by p.position",
            (item,),
        )
    }
    positions = sorted({position for _, position in found})
    return [
        Given(label, position, *((None, None) if id in masked else found.get((id, position), (None, None))))
        for id, label in labels.items()
        for position in positions
    ]


def items_worth(
    store: Store, benchmark: str, models: Sequence[str], worth: Worth, left_out: Sequence[int]
) -> list[int]:
    """Numbers of the items whose answers by these models are so, in order; but for those `left_out` (rowids), where
    something waits for the one who looks.

    "one wrong" and "all wrong" are components where the judge gave less than full marks to one of them, or to all.
    A "rank flip" is a pair that judge and people put in opposite orders.
    """
    chosen = _CHOSEN.format(models=", ".join("?" * len(models)))
    sql = f"{chosen} select distinct number from ({_SQL[worth]}) order by number"
    return [number for (number,) in store.rows(sql, (benchmark, *models, json.dumps(left_out)))]
