"""Reading component scores from the JSON objects in a judge's reply."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from miareview.judge.amounts import Amount, whole_amount

# Honest replies hold one object, sometimes two; the bound keeps hostile ones linear.
_MOST_OBJECTS = 100
_COMPONENT_KEY = re.compile(
    r"(?:score[ _-]{0,3}(?:(?:of|for)[ _-]{0,3})?)?(?:component|comp|c)?[ _-]{0,3}#?(\d{1,4})"
    r"(?:[ _-](?:score|points|value|rating"
    r"|describe|mention|length_limit|linguistics|grammar|textual|math|perspective))?"
    r"(?:\s*[(:].*)?",
    re.I | re.S,
)
_TOTAL_KEY = re.compile(r"(?:total|overall|final|sum)(?:[ _-]?(?:score|points))?|judge_score|score_total", re.I)
_VALUE_KEYS = ("score", "points", "value", "rating", "awarded")
_NUMBER_KEYS = ("component", "component_number", "component_id", "number", "id", "index")


@dataclass(slots=True)
class Scores:
    """Scores by component number as one object states them, each with its place (start, end) in the reply."""

    components: dict[int, tuple[Amount, tuple[int, int] | None]] = field(default_factory=dict)
    total: Amount | None = None
    repeated: bool = False


def json_scores(raw: str, count: int) -> tuple[Scores | None, bool]:
    """The scores of the JSON object that scores most of the `count` components, the last such one.

    Returns None where no object scores any, and whether several objects score components differently.
    """
    found = []
    start = raw.find("{")
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            break
        scores, end = _object(raw, start)
        if scores is not None and scores.components:
            found.append(scores)
        start = raw.find("{", max(end, start + 1))
    if not found:
        return None, False
    values = [{number: amount for number, (amount, _) in scores.components.items()} for scores in found]
    # A judge that writes a second object corrects the first.
    best = max(range(len(found)), key=lambda k: (len([n for n in values[k] if 1 <= n <= count]), k))
    return found[best], any(value != values[best] for value in values)


def _object(raw: str, start: int) -> tuple[Scores | None, int]:
    scores = Scores()

    def first_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, value in pairs:
            if kept.setdefault(key, value) != value and _COMPONENT_KEY.fullmatch(key[:200]):
                scores.repeated = True
        return kept

    # Numbers stay text: a float would round 0.1, and an exponent could make an integer that fills the memory.
    decoder = json.JSONDecoder(
        strict=False, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=first_wins
    )
    try:
        value, end = decoder.raw_decode(raw, start)
    except (ValueError, RecursionError):
        return None, start + 1
    _collect(value, scores, raw, start, end)
    return scores, end


def _collect(value: Any, scores: Scores, raw: str, start: int, end: int) -> None:
    """Take component scores out of the object and what is nested in it; outer ones win over inner ones."""
    waiting = [value]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(part for part in node[:1000] if isinstance(part, dict | list))
        elif isinstance(node, dict):
            _collect_dict(node, scores, raw, start, end)
            waiting.extend(part for part in node.values() if isinstance(part, dict | list))


def _collect_dict(node: dict[str, Any], scores: Scores, raw: str, start: int, end: int) -> None:
    listed = next((whole_amount(node[key]) for key in _NUMBER_KEYS if isinstance(node.get(key), str)), None)
    if listed and listed.of is None and listed.points.denominator == 1 and 0 <= listed.points < 10_000:
        found = _amount(node)
        if found and int(listed.points) not in scores.components:
            scores.components[int(listed.points)] = (found, None)
        return
    for key, value in node.items():
        component = _COMPONENT_KEY.fullmatch(key[:200])
        if component and int(component[1]) not in scores.components:
            found = _amount(value)
            if found:
                scores.components[int(component[1])] = (found, _span(raw, start, end, key, value))
        elif scores.total is None and _TOTAL_KEY.fullmatch(key[:200]):
            scores.total = _amount(value)


def _amount(value: Any) -> Amount | None:
    if isinstance(value, dict):
        value = next((value[key] for key in _VALUE_KEYS if key in value), None)
    return whole_amount(value) if isinstance(value, str) else None


def _span(raw: str, start: int, end: int, key: str, value: Any) -> tuple[int, int] | None:
    """Where the value of the key is in the reply. Quotes inside JSON strings are escaped, so only a key matches."""
    inner = r'\{[^{}]{0,2000}?"(?:' + "|".join(_VALUE_KEYS) + r')"\s{0,50}:\s{0,50}' if isinstance(value, dict) else ""
    pattern = rf'(?<!\\)"{re.escape(key[:200])}"\s{{0,50}}:\s{{0,50}}{inner}"?(?P<value>[^",}}\]\s][^",}}\]\n]{{0,99}})'
    match = re.compile(pattern).search(raw, start, end)
    if not match:
        return None
    return match.start("value"), match.start("value") + len(match["value"].rstrip())
