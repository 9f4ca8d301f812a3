"""Gold as a test set for judges: what people say of a response's components, and where each label comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from miareview.model import Column, Item, Label, Response, points_text

_RESPONSE = (
    Column("response_id", "text", "id of the response"),
    Column("benchmark", "text", "name of the benchmark"),
    Column("index", "integer", "the item's row in the benchmark, from 0"),
    Column("split", "text", "tune, dev or test; empty where the items were not dealt out"),
    Column("image_url", "text", "address of the picture"),
    Column("instruction", "text", "the whole instruction"),
    Column("difficulty", "text", "difficulty of the item"),
    Column("model", "text", "who answered; nothing that a judge is to be told"),
    Column("response", "text", "the answer, verbatim"),
)
_LABEL = (
    Column("position", "integer", "position of the component, from 1"),
    Column("category", "text", "its category"),
    Column("relabelled", "text", "the category that people gave it instead; empty where they did not"),
    Column("text", "text", "its words"),
    Column("weight", "integer", "what it is worth"),
    Column("points", "text", "exact points; empty where ungradable or without a label"),
    Column("fraction", "real", "points / weight"),
    Column("ungradable", "boolean", "whether the label is that no points can be given"),
    Column("source", "text", "settled, unanimous or single; else why there is no label"),
    Column("reviewers", "integer", "how many people scored it blind"),
    Column("agreement", "real", "share of pairs of them that say the same; empty below two"),
    Column("values", "list", "what each of them gave; `ungradable` where that"),
    Column("people", "list", "who they are, in the order of `values`"),
    Column("settled_by", "text", "who settled it"),
    Column("settled_at", "time", "when"),
    Column("guideline", "text", "version of the guideline that it was settled or scored by, the oldest of several"),
    Column("rule", "integer", "number of the rule that it rests on"),
    Column("judge_seen", "boolean", "whether the judge's score was in sight when it was settled"),
    Column("own", "boolean", "whether who settled it had scored it too"),
    Column("seconds", "real", "how long settling took"),
    Column("note", "text", "what they noted, or why it is ungradable"),
)
COLUMNS = _RESPONSE + _LABEL
"""One row a component."""

Names = Mapping[str, str]
"""How people are written, by name; those that are not there stand as they are."""


def gold_record(
    item: Item,
    response: Response,
    labels: Sequence[Label],
    *,
    split: str = "",
    relabelled: Mapping[int, str] | None = None,
    names: Names | None = None,
) -> dict[str, Any] | None:
    """The record of one response; None where no component of it has a label.

    A component without a label has `points` null and says why in `source`. `score` is points / weights over the
    gradable components, null unless every component has a label. `relabelled` are categories by position.
    """
    if not any(label.there for label in labels):
        return None
    pairs = list(zip(item.components, labels, strict=True))
    complete = all(label.there for label in labels)
    gradable = [(component, label.points) for component, label in pairs if label.there and label.points is not None]
    score = None
    if complete and gradable:
        points = sum((points for _, points in gradable), Fraction(0))
        score = float(points / sum(component.weight for component, _ in gradable))
    about = (
        response.id, item.benchmark, item.index, split, item.image_url, item.instruction, item.difficulty,
        response.model, response.text,
    )  # fmt: skip
    return {
        **_named(_RESPONSE, about),
        "components": [
            _named(
                _LABEL,
                (
                    component.position,
                    component.category,
                    (relabelled or {}).get(component.position, ""),
                    component.text,
                    component.weight,
                    *_label(label, component.weight, names or {}),
                ),
            )
            for component, label in pairs
        ],
        "complete": complete,
        "score": score,
    }


def gold_rows(record: Mapping[str, Any]) -> list[list[Any]]:
    """The same as rows in the order of `COLUMNS`, one a component, those without a label too."""
    about = [record[column.name] for column in _RESPONSE]
    return [about + [part[column.name] for column in _LABEL] for part in record["components"]]


def _label(label: Label, weight: int, names: Names) -> tuple[Any, ...]:
    """The columns of a label from `points` on."""
    points = label.points if label.there else None
    return (
        None if points is None else points_text(points),
        None if points is None else float(points / weight),
        label.ungradable,
        label.source,
        label.reviewers,
        label.agreement,
        ["ungradable" if value is None else points_text(value) for value in label.values],
        [names.get(name, name) for name in label.people],
        names.get(label.settled_by, label.settled_by) or None,
        label.settled_at or None,
        label.guideline or None,
        label.rule,
        label.judge_seen,
        label.own,
        label.seconds,
        "; ".join(text for text in (label.why, label.note) if text),
    )


def _named(columns: Sequence[Column], values: Sequence[Any]) -> dict[str, Any]:
    return {column.name: value for column, value in zip(columns, values, strict=True)}
