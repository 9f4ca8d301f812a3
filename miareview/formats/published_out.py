"""Scores back in the forms of others: the published notebook's replies as a VLMEvalKit-like table, Inspect's records.

Legacy readers take whole numbers only, before and after the slash. Parts of a point therefore go into the denominator
(3.5/4 is 7/8), which changes no value and which every reader of such replies divides out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from miareview.formats.fields import FAILED_CALL
from miareview.model import Column, Item, Response, Verdict, points_text

VLMEVALKIT = (
    Column("index", "integer", "the item's row in the benchmark, from 0"),
    Column("image_url", "text", "address of the picture"),
    Column("question", "text", "the whole instruction"),
    Column("type", "text", "difficulty of the item"),
    Column("num_of_component", "integer", "how many components it has"),
    Column("components", "text", "their words, as a Python list"),
    Column("component_weight", "text", "what they are worth, as a Python list"),
    Column("component_type", "text", "their categories, as a Python list"),
    Column("prediction", "text", "the model's answer, or the table's words for a call that failed"),
    Column("score_raw", "text", "the scores as a reply in the published form; empty where they cannot be given"),
    Column("points", "text", "the exact points of the components, as a JSON list of texts; null where there are none"),
    Column("scored_by", "text", "gold, human, judge or nothing for each component, as a JSON list"),
    Column("not_given", "text", "why score_raw is empty"),
)


def published_reply(points: Sequence[Fraction], weights: Sequence[int]) -> str:
    """The points as a judge's reply in the published form, exact, in whole numbers only.

    Raises ValueError where there is not one value within 0..weight for every weight.
    """
    pairs = list(zip(points, weights, strict=True))
    if not pairs or any(not 0 <= value <= weight for value, weight in pairs):
        raise ValueError("A reply needs points between 0 and the weight for every component.")
    parts = [f"score of component {n}: {_whole(value, weight)}" for n, (value, weight) in enumerate(pairs, start=1)]
    total = _whole(sum(points, Fraction(0)), sum(weights))
    return f"{', '.join(parts)}, total score: {total}."


def _whole(value: Fraction, of: int) -> str:
    return f"{value.numerator}/{of * value.denominator}"


def why_not(verdicts: Sequence[Verdict]) -> str:
    """Why a response has no complete score: "" where it has one."""
    missing = [verdict.position for verdict in verdicts if verdict.points is None and not verdict.ungradable]
    ungradable = [verdict.position for verdict in verdicts if verdict.ungradable]
    reasons = []
    if missing:
        reasons.append(f"nobody gave points for {_components(missing)}")
    if ungradable:
        reasons.append(f"{_components(ungradable)} {'is' if len(ungradable) == 1 else 'are'} ungradable")
    return "; ".join(reasons)


def _components(positions: Sequence[int]) -> str:
    return f"component{'s' if len(positions) > 1 else ''} {', '.join(map(str, positions))}"


def vlmevalkit_row(item: Item, response: Response, verdicts: Sequence[Verdict]) -> list[Any]:
    """One row of the table, in the order of `VLMEVALKIT`."""
    points = [verdict.points for verdict in verdicts]
    known = [value for value in points if value is not None]
    reason = why_not(verdicts)
    return [
        item.index,
        item.image_url,
        item.instruction,
        item.difficulty,
        len(item.components),
        repr([component.text for component in item.components]),
        repr(list(item.weights)),
        repr([component.category for component in item.components]),
        f"{FAILED_CALL}." if response.status == "error" else response.text,
        published_reply(known, item.weights) if not reason else None,
        json.dumps([None if value is None else points_text(value) for value in points]),
        json.dumps([verdict.by for verdict in verdicts]),
        reason,
    ]


def inspect_record(item: Item, response: Response, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """One record of a scores file for Inspect AI's `precomputed_scores`: the sample's id is the item's index.

    `value` is points / weights over the gradable components. Raises ValueError where a component has no verdict or
    none is gradable.
    """
    pairs = list(zip(item.components, verdicts, strict=True))
    gradable = [(c, v.points) for c, v in pairs if v.points is not None]
    if not gradable or any(verdict.points is None and not verdict.ungradable for verdict in verdicts):
        raise ValueError("A score needs a verdict on every component, and one that can be graded.")
    value = sum((points for _, points in gradable), Fraction(0)) / sum(component.weight for component, _ in gradable)
    components = [
        {
            "position": component.position,
            "category": component.category,
            "weight": component.weight,
            "points": None if verdict.points is None else points_text(verdict.points),
            "fraction": None if verdict.points is None else float(verdict.points / component.weight),
            "scored_by": verdict.by,
        }
        for component, verdict in pairs
    ]
    words = [
        f"component {part['position']} ({part['category']}): "
        + ("ungradable" if part["points"] is None else f"{part['points']}/{part['weight']}")
        + f" by {part['scored_by']}"
        for part in components
    ]
    return {
        "id": item.index,
        "value": float(value),
        "answer": response.text,
        "explanation": "; ".join(words),
        "metadata": {"item": item.id, "response": response.id, "model": response.model, "components": components},
    }
