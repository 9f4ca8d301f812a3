"""Gold as a test set for judges: one record a response, with what people say of each of its components."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from miareview.model import Item, Label, Response, points_text


def gold_record(item: Item, response: Response, labels: Sequence[Label]) -> dict[str, Any] | None:
    """The record of one response; None where no component of it has a label.

    A component without a label has `points` null and says why in `source`. `score` is points / weights over the
    gradable components, null unless every component has a label.
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
    return {
        "response_id": response.id,
        "benchmark": item.benchmark,
        "index": item.index,
        "image_url": item.image_url,
        "instruction": item.instruction,
        "difficulty": item.difficulty,
        "model": response.model,
        "response": response.text,
        "components": [
            {
                "position": component.position,
                "category": component.category,
                "text": component.text,
                "weight": component.weight,
                "points": points_text(label.points) if label.there and label.points is not None else None,
                "fraction": float(label.points / component.weight)
                if label.there and label.points is not None
                else None,
                "ungradable": label.ungradable,
                "source": label.source,
                "reviewers": label.reviewers,
                "agreement": label.agreement,
            }
            for component, label in pairs
        ],
        "complete": complete,
        "score": score,
    }
