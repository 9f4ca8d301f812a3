"""Gold in the forms of other programs: what they read is what people said, and no foreign text is run as anything."""

import json
from fractions import Fraction

import pytest
from conftest import HOSTILE, make_items, make_response
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from miareview.formats.gold_forms import FORMS, expected, few_shot, promptfoo_test
from miareview.formats.gold_out import COLUMNS, gold_record, gold_rows
from miareview.model import Label

ITEM = make_items(1)[0]
LABELS = (
    Label(1, Fraction(7, 2), "settled", 2, 0.0, (Fraction(4), Fraction(3)), ("ann", "ben"), "g1", settled_by="cat",
          settled_at="2026-01-01T00:00:00Z", rule=7, judge_seen=True, own=False, seconds=9.5, note="why"),
    Label(2, None, "single", 1, None, (None,), ("ann",), "1"),
    Label(3, Fraction(3), "unanimous", 2, 1.0, (Fraction(3), Fraction(3)), ("ann", "ben"), "1"),
)  # fmt: skip


def record(text: str = "An answer.", labels: tuple[Label, ...] = LABELS, **more: object) -> dict[str, object]:
    found = gold_record(ITEM, make_response(ITEM, "alpha", text), labels, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_label_says_where_it_comes_from() -> None:
    first, second, _ = record(split="dev", relabelled={1: "math"})["components"]  # type: ignore[misc]
    assert first == {
        "position": 1, "category": "describe", "relabelled": "math", "text": "part 1 of 0", "weight": 4,
        "points": "3.5", "fraction": 0.875, "ungradable": False, "source": "settled", "reviewers": 2,
        "agreement": 0.0, "values": ["4", "3"], "people": ["ann", "ben"], "settled_by": "cat",
        "settled_at": "2026-01-01T00:00:00Z", "guideline": "g1", "rule": 7, "judge_seen": True, "own": False,
        "seconds": 9.5, "note": "why",
    }  # fmt: skip
    assert (second["points"], second["ungradable"], second["values"]) == (None, True, ["ungradable"])


def test_names_can_be_left_out() -> None:
    parts = record(names={"ann": "R1", "ben": "R2", "cat": "R3"})["components"]
    assert "ann" not in json.dumps(parts)
    assert (parts[0]["people"], parts[0]["settled_by"]) == (["R1", "R2"], "R3")  # type: ignore[index]


def test_a_row_a_component_has_the_same_values() -> None:
    made = record()
    rows = gold_rows(made)
    names = [column.name for column in COLUMNS]
    assert [dict(zip(names, row, strict=True))["points"] for row in rows] == ["3.5", None, "3"]
    assert all(len(row) == len(COLUMNS) for row in rows)


def test_a_judge_is_to_say_the_points() -> None:
    made = record()
    assert expected(made) == {"1": 3.5, "2": None, "3": 3}
    sample = FORMS["inspect"](made)
    assert json.loads(sample["target"]) == expected(made)
    assert [part["type"] for part in sample["input"][0]["content"]] == ["text", "image"]
    chat = few_shot(made)["messages"]
    assert [message["role"] for message in chat] == ["user", "assistant"]
    assert json.loads(chat[1]["content"]) == expected(made)
    assert promptfoo_test(made)["assert"] == [{"type": "equals", "value": expected(made)}]
    assert sample["metadata"]["labels"][0]["settled_by"] == "cat"


@pytest.mark.parametrize("form", [*FORMS.values(), few_shot])
def test_nobody_is_told_which_model_it_was(form: object) -> None:
    made = form(record("It stands."))  # type: ignore[operator]
    del made["metadata"]
    assert "alpha" not in json.dumps(made)


@settings(max_examples=60)
@given(st.text("{}%# ab'\"\\\n", max_size=12) | st.sampled_from([HOSTILE, "file:///etc/passwd", "{{ 7 * 7 }}"]))
@example("file://{{env.HOME}}")
@example("{%raw%}{{x}}{%endraw%}{# no #}{{{")
def test_no_answer_is_a_template_or_a_path_to_promptfoo(text: str) -> None:
    """Its templates are Nunjucks, which has the syntax of Jinja; both are asked for what a variable shows."""
    given = promptfoo_test(record(text))["vars"]["response"]
    assert not given.startswith("file://")
    assert Environment(keep_trailing_newline=True).from_string(given).render() == text
