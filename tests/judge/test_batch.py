"""The files of a Batch API: split at their limits without losing a line, and read line by line whatever is in them."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from conftest import HOSTILE, make_items, make_response
from hypothesis import given
from hypothesis import strategies as st

from miareview.judge.batch import Limits, Line, answered_at, read_reply, request_line, split
from miareview.judge.prompt import built_in
from miareview.judge.request import Ask, JudgeSettings, body, from_custom_id

SETTINGS = JudgeSettings("gpt-4o", built_in("points"))
ITEM = make_items()[0]
ASK = Ask(ITEM, make_response(ITEM, "alpha", HOSTILE), 2)
NEVER = "never"


def line_of(size: int) -> Line:
    return Line(ASK, b"x" * (size - 1) + b"\n")


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 7), st.integers(1, 100))
def test_files_hold_all_lines_in_order_and_stay_within_the_limits(sizes: list[int], requests: int, most: int) -> None:
    lines = [line_of(size) for size in sizes]
    limits = Limits(requests, most)
    files = [list(file) for file in split(lines, limits)]
    assert [line for file in files for line in file] == lines
    assert all(files)
    for file in files:
        size = sum(len(line.content) for line in file)
        assert len(file) <= requests
        assert size <= most or len(file) == 1
    for one, following in pairwise(files):  # no file ends before it has to
        size = sum(len(line.content) for line in one) + len(following[0].content)
        assert len(one) == requests or size > most


def test_no_line_is_made_before_its_file_is_written() -> None:
    made = []

    def lines() -> Any:
        for number in range(6):
            made.append(number)
            yield line_of(10)

    seen = []
    for file in split(lines(), Limits(requests=2)):
        seen.append(len(made))
        assert len(list(file)) == 2
    assert seen == [1, 3, 5]


def test_a_request_is_the_same_body_as_a_single_call() -> None:
    line = request_line(SETTINGS, ASK, "data:image/png;base64,AAAA")
    assert line.content.endswith(b"}\n")
    assert line.content.count(b"\n") == 1
    made = json.loads(line.content)
    assert made["body"] == body(SETTINGS, ASK, "data:image/png;base64,AAAA")
    assert (made["method"], made["url"]) == ("POST", "/v1/chat/completions")
    assert from_custom_id(made["custom_id"]) == (ASK.response.id, 2)
    assert len(made["custom_id"]) <= 64


def test_what_lines_say() -> None:
    completion = {"choices": [{"message": {"content": "x"}}]}
    good = {
        "id": "b1",
        "custom_id": "a-0",
        "response": {"status_code": 200, "request_id": "r", "body": completion},
        "error": None,
    }
    read = read_reply(good)
    assert (read.custom_id, read.completion, read.error, read.request_id) == ("a-0", completion, None, "r")
    refused = {"custom_id": "a-0", "response": {"status_code": 400, "body": {"error": {"message": "no", "code": "x"}}}}
    assert read_reply(refused).error == "HTTP 400: no"
    assert not read_reply(refused).filtered
    filtered = {"status_code": 400, "body": {"error": {"message": "no", "code": "content_filter"}}}
    assert read_reply({"custom_id": "a-0", "response": filtered}).filtered
    expired = {"custom_id": "a-0", "response": None, "error": {"code": "batch_expired", "message": "too late"}}
    assert read_reply(expired).error == "too late"
    assert read_reply({"custom_id": "a-0", "error": {"code": "batch_expired"}}).error == "batch_expired"
    assert read_reply({"custom_id": "a-0", "error": {}}).error == "no reason given"


def test_a_completion_that_was_paid_for_is_taken_however_its_line_is_written() -> None:
    completion = {"choices": [{"message": {"content": "Component 1: 6/6"}}]}
    for status in (200, "200", 201, None):
        for body_ in (completion, json.dumps(completion)):
            response = {"body": body_} | ({"status_code": status} if status else {})
            assert read_reply({"custom_id": "a-0", "response": response, "error": None}).completion == completion
    assert read_reply({"custom_id": "a-0", "response": completion}).completion == completion
    refused = {"status_code": "429", "body": json.dumps({"error": {"message": "slow down"}})}
    assert read_reply({"custom_id": "a-0", "response": refused}).error == "HTTP 429: slow down"
    assert read_reply({"custom_id": "a-0", "response": {"body": {"error": "no"}}}).error == "no"


def test_a_completion_with_the_wrong_status_is_no_answer() -> None:
    for status in (500, "500", True, "ok"):
        response = {"status_code": status, "body": {"choices": [{"message": {"content": "Component 1: 6/6"}}]}}
        read = read_reply({"custom_id": "a-0", "response": response})
        assert read.completion is None
        assert read.error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["custom_id", "response", "error", "status_code", "body", "message", "code", "request_id", "x"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_line_is_a_reply_or_refused_with_a_reason(decoded: object) -> None:
    try:
        read = read_reply(decoded)
    except ValueError as error:
        reason = str(error)
    else:
        reason = "it was read"
        assert (read.completion is None) == (read.error is not None)
        assert isinstance(read.custom_id, str)
    assert reason.startswith("it ")


@pytest.mark.parametrize("created", [None, True, "1764000000", -5, 10**30, 1.5, 0])
def test_a_time_that_is_none_is_not_believed(created: object) -> None:
    assert answered_at({"created": created}, NEVER) == NEVER


def test_a_time_is_written_as_everywhere() -> None:
    assert answered_at({"created": 1_764_000_000}, NEVER) == "2025-11-24T16:00:00.000000Z"
    assert answered_at(None, NEVER) == NEVER
