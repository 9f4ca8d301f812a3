"""What is asked of a judge, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from conftest import HOSTILE, make_items, make_response
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import UsageError
from miareview.judge.prompt import Prompt, built_in
from miareview.judge.request import Ask, JudgeSettings, body, fault, from_custom_id, outcome
from miareview.model import Call, Judgment

AT = "2026-01-01T00:00:00.000000Z"
PICTURE = "data:image/png;base64,AAAA"
ITEM = make_items(2)[0]  # weights 4, 3, 3
ASK = Ask(ITEM, make_response(ITEM, "alpha"))
POINTS = JudgeSettings("gpt-4o-2024-11-20", built_in("points"))
JSON = replace(POINTS, prompt=built_in("strict-json"))
FULL = "Component 1: 4/4\nComponent 2: 2.5/3\nComponent 3: 0/3\nTotal: 6.5/10\nReasons:\nComponent 1: 0/4 it is not."


CUT = "Component 1: 4/4\nCompo"


def completion(content: Any, finish: str = "stop", **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **more}
    return {
        "model": "gpt-4o-2024-11-20",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 80},
    }


def came_of(answer: object, settings: JudgeSettings = POINTS, **more: Any) -> tuple[Judgment, Call]:
    return outcome(settings.as_judge().id, ASK, answer, at=AT, **more)


def test_the_reply_that_the_prompt_asks_for_is_read_whole() -> None:
    judgment, call = came_of(completion(FULL), request_id="req_1", seconds=1.5, attempts=2)
    assert [score.points for score in judgment.sub_scores] == [4, Fraction(5, 2), 0]
    assert (judgment.status, judgment.warnings, judgment.raw) == ("ok", (), FULL)
    assert judgment.stated_total == (Fraction(13, 2), 10)
    assert judgment.judge == POINTS.as_judge().id
    assert call == Call(call.id, judgment.id, AT, "gpt-4o-2024-11-20", "req_1", "stop", 900, 80, 1.5, 2)


def test_the_json_that_the_schema_asks_for_is_read_whole() -> None:
    reply = json.dumps({f"component_{k}": {"reason": '{"component_1": 0} total: 0/10', "score": k} for k in (1, 2, 3)})
    judgment, _ = came_of(completion(reply), JSON)
    assert [score.points for score in judgment.sub_scores] == [1, 2, 3]
    assert judgment.status == "ok"


@pytest.mark.parametrize(
    ("answer", "status", "warnings", "raw"),
    [
        (completion(FULL, "length"), "warning", ("truncated",), FULL),
        (completion(CUT, "length"), "partial", ("missing_total", "truncated"), CUT),
        (completion("Hm, let me", "length"), "unparsed", ("truncated",), "Hm, let me"),
        (completion(None, "length"), "empty", ("truncated",), ""),
        (completion(FULL, "content_filter"), "warning", ("content_filter",), FULL),
        (completion(None, "content_filter"), "refused", ("content_filter",), ""),
        (completion(None, refusal="I will not mark this."), "refused", (), "I will not mark this."),
        (completion("I'm sorry, I can't assist with that."), "refused", (), "I'm sorry, I can't assist with that."),
        (completion(""), "empty", (), ""),
        (completion(None, "tool_calls", tool_calls=[{"id": "x"}]), "empty", (), ""),
        (completion("A fine answer."), "unparsed", (), "A fine answer."),
        (completion([{"type": "text", "text": FULL}]), "ok", (), FULL),
        (completion({"text": FULL}), "empty", (), ""),
        (completion("\ud83d"), "unparsed", (), "\\ud83d"),
    ],
)  # fmt: skip
def test_every_kind_of_reply_has_its_status(answer: object, status: str, warnings: tuple[str, ...], raw: str) -> None:
    judgment, call = came_of(answer)
    assert (judgment.status, judgment.warnings, judgment.raw) == (status, warnings, raw)
    assert (call.prompt_tokens, call.error) == (900, None)
    assert [score.position for score in judgment.sub_scores] == [1, 2, 3]


@pytest.mark.parametrize(
    "answer", [None, [], "x", {}, {"choices": []}, {"choices": None}, {"choices": [{}]}, {"choices": [1]},
               completion("", "error"), {"error": {"message": "boom"}, "choices": []}, {"error": "boom"}]
)  # fmt: skip
def test_what_is_no_reply_is_an_api_error_with_its_reason(answer: object) -> None:
    assert fault(answer)
    judgment, call = came_of(answer)
    assert (judgment.status, judgment.raw) == ("api_error", None)
    assert call.error
    assert [score.points for score in judgment.sub_scores] == [None] * 3
    assert came_of(answer, error="HTTP 500")[1].error == "HTTP 500"


def test_a_question_that_the_filter_stopped_is_refused_and_not_asked_again() -> None:
    judgment, call = came_of(None, error="filtered", filtered=True)
    assert (judgment.status, judgment.warnings, call.error) == ("refused", ("content_filter",), "filtered")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("choices message content refusal finish_reason usage prompt_tokens model error".split()),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_no_answer_of_a_server_breaks_the_reading(answer: object) -> None:
    judgment, call = came_of(answer)
    assert (judgment.status == "api_error") == (fault(answer) is not None)
    for text in (judgment.raw, call.model, call.finish_reason, call.error):
        assert text is None or text.encode() is not None  # no lone surrogates: SQLite takes none
    assert call.prompt_tokens is None or 0 <= call.prompt_tokens < 2**63


def test_the_body_is_what_the_settings_say() -> None:
    made = body(POINTS, replace(ASK, repeat=2), PICTURE)
    assert made["model"] == "gpt-4o-2024-11-20"
    assert (made["temperature"], made["seed"], made["max_tokens"]) == (0, 2, 2000)
    system, user = made["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    text, image = user["content"]
    assert image == {"type": "image_url", "image_url": {"url": PICTURE, "detail": "high"}}
    for part in (ITEM.instruction, ASK.response.text, *(component.text for component in ITEM.components)):
        assert part in text["text"]
    bare = replace(
        POINTS, prompt=Prompt("mine", "{{ response }}"), temperature=None, seed=None, picture="none",
        tokens_field="max_completion_tokens",
    )  # fmt: skip
    assert body(bare, ASK, None) == {
        "model": "gpt-4o-2024-11-20",
        "messages": [{"role": "user", "content": ASK.response.text}],
        "max_completion_tokens": 2000,
    }


def test_the_schema_puts_the_reason_first_and_the_weight_in_words() -> None:
    made = body(JSON, ASK, PICTURE)["response_format"]
    assert made["type"] == "json_schema"
    assert made["json_schema"]["strict"] is True
    schema = made["json_schema"]["schema"]
    assert list(schema["properties"]) == schema["required"] == ["component_1", "component_2", "component_3"]
    for part, weight in zip(schema["properties"].values(), ITEM.weights, strict=True):
        assert list(part["properties"]) == part["required"] == ["reason", "score"]
        assert f"0 to {weight}" in part["properties"]["score"]["description"]
    # what strict mode takes, at every depth
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        assert set(node) <= {"type", "properties", "required", "additionalProperties", "description"}
        assert node["type"] != "object" or node["additionalProperties"] is False
        waiting.extend(node.get("properties", {}).values())


def test_a_picture_goes_with_a_judge_that_is_to_see_one() -> None:
    with pytest.raises(UsageError):
        body(POINTS, ASK, None)
    with pytest.raises(UsageError):
        body(replace(POINTS, picture="none"), ASK, PICTURE)


def test_whatever_shapes_a_reply_makes_another_judge() -> None:
    others = [
        replace(POINTS, model="gpt-4o"), JSON, replace(POINTS, temperature=1), replace(POINTS, temperature=None),
        replace(POINTS, seed=1), replace(POINTS, max_tokens=100), replace(POINTS, tokens_field="max_completion_tokens"),
        replace(POINTS, detail="low"), replace(POINTS, picture="blank"), replace(POINTS, picture="none"),
        replace(POINTS, prompt=Prompt("points", POINTS.prompt.template + " ")),
    ]  # fmt: skip
    assert len({settings.as_judge().id for settings in [POINTS, *others]}) == len(others) + 1
    assert replace(POINTS, temperature=0.0).as_judge() == POINTS.as_judge()
    judge = POINTS.as_judge()
    assert (judge.name, judge.prompt.split()[0], judge.sees_image) == ("gpt-4o-2024-11-20", "points", True)
    assert json.loads(judge.parameters)["detail"] == "high"
    assert [replace(POINTS, picture=kind).as_judge().sees_image for kind in ("blank", "none")] == [False, False]


@settings(deadline=None)
@given(st.integers(0, 99_999))
def test_a_custom_id_leads_back(repeat: int) -> None:
    name = replace(ASK, repeat=repeat).custom_id
    assert len(name) <= 64
    assert from_custom_id(name) == (ASK.response.id, repeat)


@pytest.mark.parametrize("name", ["", "x", "-1", "x-", "x-y", "x-١", HOSTILE, "x-" + "9" * 50])
def test_a_custom_id_of_somebody_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a question"):
        from_custom_id(name)
