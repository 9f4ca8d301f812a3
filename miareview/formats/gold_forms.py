"""Gold records in the forms that other programs read: Inspect's samples, promptfoo's test cases, chats as examples.

In each of them a judge is asked for the points of one response, and the label is what it should say. Only complete
records go out so: a test needs the whole answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

Record = Mapping[str, Any]

_TEMPLATE = re.compile(r"\{(?=[{%#])")
_PROVENANCE = (
    "position", "source", "values", "people", "settled_by", "settled_at", "guideline", "rule", "judge_seen", "own",
    "seconds", "note",
)  # fmt: skip


def expected(record: Record) -> dict[str, int | float | None]:
    """Points by position, as a judge should give them; null where a component is ungradable."""
    return {str(part["position"]): _number(part["points"]) for part in record["components"]}


def _number(points: str | None) -> int | float | None:
    if points is None:
        return None
    value = Fraction(points)
    return int(value) if value.denominator == 1 else float(value)


def question(record: Record) -> str:
    """What a judge is asked, beside the picture: instruction, components, response, and the form of the answer."""
    parts = [f"{part['position']}. {part['text']} (worth {part['weight']})" for part in record["components"]]
    return "\n\n".join(
        (
            "Score how well the response does each component of the instruction to the picture.",
            f"Instruction: {record['instruction']}",
            "Components:\n" + "\n".join(parts),
            f"Response:\n{record['response']}",
            'Answer with a JSON object of points by component, such as {"1": 3, "2": 0};'
            " null for one that cannot be graded.",
        )
    )


def inspect_sample(record: Record) -> dict[str, Any]:
    """A sample for `json_dataset` of Inspect: the picture by its address, the label as target."""
    content = [{"type": "text", "text": question(record)}, {"type": "image", "image": record["image_url"]}]
    return {
        "id": record["response_id"],
        "input": [{"role": "user", "content": content}],
        "target": json.dumps(expected(record)),
        "metadata": _metadata(record),
    }


def promptfoo_test(record: Record) -> dict[str, Any]:
    """A test case for promptfoo's `tests: file://gold.jsonl`.

    promptfoo reads a variable that begins with file:// from the disk, fills in templates in variables, and runs a list
    as so many tests: so variables are texts here, and nothing in them is a template or a path.
    """
    return {
        "description": f"{record['benchmark']} {record['index']}",
        "vars": {
            "question": _plain(question(record)),
            "instruction": _plain(record["instruction"]),
            "response": _plain(record["response"]),
            "image_url": _plain(record["image_url"]),
            "points": json.dumps(expected(record)),
        },
        "assert": [{"type": "equals", "value": expected(record)}],
        "metadata": _metadata(record),
    }


def few_shot(record: Record) -> dict[str, Any]:
    """An example for a judge's prompt: a chat of one question and its answer."""
    content = [
        {"type": "text", "text": question(record)},
        {"type": "image_url", "image_url": {"url": record["image_url"]}},
    ]
    return {
        "messages": [
            {"role": "user", "content": content},
            {"role": "assistant", "content": json.dumps(expected(record))},
        ],
        "metadata": _metadata(record),
    }


FORMS: dict[str, Callable[[Record], dict[str, Any]]] = {"inspect": inspect_sample, "promptfoo": promptfoo_test}


def _metadata(record: Record) -> dict[str, Any]:
    return {
        "benchmark": record["benchmark"],
        "index": record["index"],
        "split": record["split"],
        "model": record["model"],
        "labels": [{key: part[key] for key in _PROVENANCE} for part in record["components"]],
    }


def _plain(text: str) -> str:
    """The text as promptfoo shows it: a brace that would open a template is given as one, a path is no path."""
    shown = _TEMPLATE.sub("{{ '{' }}", text)
    return f"{{{{ '' }}}}{shown}" if shown.startswith(("file://", "package:", "$ref")) else shown
