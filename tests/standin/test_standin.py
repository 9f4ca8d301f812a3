"""The stand-in is only worth something if it speaks as the real server does: the real client reads its answers here."""

from __future__ import annotations

import base64
import email.utils
import io
import json
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types import Batch, FileDeleted, FileObject, Model
from openai.types.chat import ChatCompletion

from standin.batches import BatchRules
from standin.faults import KINDS, Fault, Faults, parse_faults
from standin.judge import picture_tokens
from standin.server import KEY, MODELS, StandIn

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PNG = f"data:image/png;base64,{DOT}"
ASK = "Describe it.\nComponent 1: x/6\nComponent 2: x/4\nTotal: x/10"


def client(server: StandIn, key: str = KEY, **more: Any) -> OpenAI:
    return OpenAI(api_key=key, base_url=server.url, max_retries=0, **({"timeout": 5} | more))


def question(text: str = ASK, model: str = "gpt-4o", **more: Any) -> dict[str, Any]:
    parts = [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": PNG, "detail": "high"}}]
    return {"model": model, "messages": [{"role": "user", "content": parts}], **more}


def raw(server: StandIn, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    data = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(server.url.removesuffix("/v1") + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.status, answer.read(), dict(answer.headers.items())
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers.items())


def control(server: StandIn, what: str, body: Any = None) -> Any:
    return json.loads(raw(server, "GET" if what == "log" else "POST", f"/standin/{what}", body)[1])


def upload(server: StandIn, lines: list[dict[str, Any]] | bytes, name: str = "a.jsonl") -> FileObject:
    content = lines if isinstance(lines, bytes) else b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return client(server).files.create(file=(name, io.BytesIO(content)), purpose="batch")


def requests(count: int, **more: Any) -> list[dict[str, Any]]:
    line = {"method": "POST", "url": "/v1/chat/completions"}
    return [line | {"custom_id": f"q-{k}", "body": question(f"{ASK}\n{k}", **more)} for k in range(count)]


def batch_of(server: StandIn, lines: list[dict[str, Any]] | bytes, **more: Any) -> Batch:
    made = upload(server, lines)
    return client(server).batches.create(
        input_file_id=made.id, endpoint="/v1/chat/completions", completion_window="24h", **more
    )


def lines_in(server: StandIn, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id is not None
    return [json.loads(line) for line in client(server).files.content(file_id).text.splitlines()]


# ---- chat completions


def test_the_same_question_has_the_same_answer_and_it_is_a_chat_completion_to_the_letter() -> None:
    with StandIn() as server:
        status, body, headers = raw(server, "POST", "/v1/chat/completions", question(), authorization=f"Bearer {KEY}")
        assert status == 200
        told = ChatCompletion.model_validate(json.loads(body), strict=True)
        assert set(headers) >= {"x-request-id", "openai-processing-ms", "x-ratelimit-remaining-requests"}
        again = client(server).chat.completions.create(**question())
        other = client(server).chat.completions.create(**question(f"{ASK}\nother"))
    text = told.choices[0].message.content
    assert text is not None
    assert text == again.choices[0].message.content != other.choices[0].message.content
    assert text.splitlines()[0].startswith("Component 1: ")
    assert text.splitlines()[0].endswith("/6")
    assert told.usage is not None
    assert told.usage.prompt_tokens > 255  # one tile of picture
    assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens


def test_a_schema_is_filled_in() -> None:
    score = {"type": "number", "description": "The marks, from 0 to 4; halves are allowed."}
    part = {"type": "object", "properties": {"score": score}, "required": ["score"], "additionalProperties": False}
    schema = {"type": "object", "properties": {"c": part}, "required": ["c"], "additionalProperties": False}
    wanted = {"type": "json_schema", "json_schema": {"name": "marks", "strict": True, "schema": schema}}
    with StandIn() as server:
        told = client(server).chat.completions.create(**question(response_format=wanted))
    content = told.choices[0].message.content
    assert content is not None
    assert 0 <= json.loads(content)["c"]["score"] <= 4


def test_the_reply_can_be_given() -> None:
    with StandIn(reply=lambda body: f"for {body['model']}") as server:
        told = client(server).chat.completions.create(**question())
    assert told.choices[0].message.content == "for gpt-4o"


STRING_PICTURE = {"role": "user", "content": [{"type": "image_url", "image_url": PNG}]}
OPEN_SCHEMA = {
    "type": "json_schema",
    "json_schema": {"name": "x", "strict": True, "schema": {"type": "object", "properties": {}}},
}


@pytest.mark.parametrize(
    ("change", "status", "param", "code"),
    [
        (
            {"messages": [STRING_PICTURE]},
            400,
            "messages[0].content[0].image_url",
            "invalid_type",
        ),
        ({"model": "gpt-99"}, 404, None, "model_not_found"),
        ({"messages": None}, 400, "messages", "missing_required_parameter"),
        ({"messages": []}, 400, "messages", "empty_array"),
        ({"messages": [{"role": "king", "content": "x"}]}, 400, "messages[0].role", "invalid_value"),
        ({"response_format": OPEN_SCHEMA}, 400, "response_format", None),
        ({"response_format": {"type": "json_object"}}, 400, "messages", None),
        ({"temperature": 3}, 400, "temperature", "decimal_out_of_range"),
        ({"model": "o3", "temperature": 0}, 400, "temperature", "unsupported_value"),
        ({"model": "o3", "max_tokens": 9}, 400, "max_tokens", "unsupported_parameter"),
    ],
)
def test_what_the_real_server_refuses_is_refused(
    change: dict[str, Any], status: int, param: str | None, code: str | None
) -> None:
    with StandIn() as server:
        told, body, _ = raw(server, "POST", "/v1/chat/completions", question() | change, authorization=f"Bearer {KEY}")
    error = json.loads(body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (told, error["param"], error["code"], error["type"]) == (status, param, code, "invalid_request_error")


def test_a_key_is_needed() -> None:
    with StandIn() as server:
        with pytest.raises(openai.AuthenticationError) as caught:
            client(server, key="sk-something-else-entirely").models.list()
        assert caught.value.code == "invalid_api_key"
        assert "something-else" not in str(caught.value)
        assert raw(server, "GET", "/v1/models")[0] == 401


def test_models_and_an_address_that_is_not_there() -> None:
    with StandIn() as server:
        listed = client(server).models.list()
        assert [Model.model_validate(one.to_dict(), strict=True).id for one in listed] == list(MODELS)
        assert raw(server, "GET", "/v1/nothing", authorization=f"Bearer {KEY}")[0] == 404


def test_azure_has_its_own_address_key_and_errors() -> None:
    with StandIn() as server:
        azure = openai.AzureOpenAI(
            api_key=KEY, azure_endpoint=server.url.removesuffix("/v1"), api_version="2024-10-21", max_retries=0
        )
        asked = question(model="gpt-4o")
        assert azure.chat.completions.create(**asked).model == "gpt-4o"
        with pytest.raises(openai.NotFoundError) as caught:
            azure.chat.completions.create(**asked | {"model": "not-deployed"})
        assert caught.value.code == "DeploymentNotFound"
        with pytest.raises(openai.AuthenticationError):
            azure.with_options(api_key="no").chat.completions.create(**asked)


@pytest.mark.parametrize(
    ("size", "detail", "tokens"),
    [((512, 512), "low", 85), ((512, 512), "high", 255), ((1024, 1024), "high", 765), ((2048, 4096), "high", 1105)],
)
def test_pictures_cost_what_their_tiles_cost(size: tuple[int, int], detail: str, tokens: int) -> None:
    from PIL import Image

    for kind in ("PNG", "JPEG"):
        written = io.BytesIO()
        Image.new("RGB", size).save(written, kind)
        url = f"data:image/{kind.lower()};base64,{base64.b64encode(written.getvalue()).decode()}"
        assert picture_tokens({"url": url, "detail": detail}) == tokens


# ---- faults


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("rate_limit", openai.RateLimitError),
        ("quota", openai.RateLimitError),
        ("500", openai.InternalServerError),
        ("503", openai.InternalServerError),
        ("400", openai.BadRequestError),
        ("filtered", openai.BadRequestError),
        ("html", openai.InternalServerError),
        ("hang", openai.APITimeoutError),
        ("late", openai.APITimeoutError),
        ("cut", openai.APIConnectionError),
        ("lost_answer", openai.APIConnectionError),
        ("cut_body", openai.APIConnectionError),
        ("garbage", ValueError),
        ("not_utf8", ValueError),
    ],
)
def test_each_fault_is_what_the_client_knows_by_that_name(kind: str, error: type[Exception]) -> None:
    with StandIn([Fault(kind, times=1, seconds=3)]) as server:
        asking = client(server, timeout=0.5)
        with pytest.raises(error):
            asking.chat.completions.create(**question())
        patient = asking.with_options(timeout=60)
        assert patient.chat.completions.create(**question()).choices  # once, as asked
        assert [one["fault"] for one in server.log()["requests"]] == [kind, None]


def test_what_a_judge_says_instead_of_scores() -> None:
    said: dict[str, Any] = {}
    kinds = (
        "empty_choices",
        "empty_content",
        "refusal",
        "content_filter",
        "length",
        "wrong_json",
        "duplicated",
        "drip",
    )
    with StandIn([Fault(kind, times=1, seconds=0.1) for kind in kinds]) as server:
        for kind in kinds:
            told = client(server).chat.completions.create(**question())
            ChatCompletion.model_validate(told.to_dict(), strict=True)
            said[kind] = told.choices[0] if told.choices else None
        whole = client(server).chat.completions.create(**question()).choices[0].message.content
    assert whole is not None
    assert said["empty_choices"] is None
    assert said["empty_content"].message.content == ""
    assert said["refusal"].message.content is None
    assert said["refusal"].message.refusal
    assert said["content_filter"].finish_reason == "content_filter"
    assert said["length"].finish_reason == "length"
    assert whole.startswith(said["length"].message.content)
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(said["wrong_json"].message.content)
    assert said["duplicated"].message.content == f"{whole}\n{whole}"
    assert said["drip"].message.content == whole


@pytest.mark.parametrize("form", ["seconds", "date", "ms", ""])
def test_retry_after_in_its_forms(form: str) -> None:
    with (
        StandIn([Fault("rate_limit", seconds=30, retry_after=form)]) as server,
        pytest.raises(openai.RateLimitError) as caught,
    ):
        client(server).chat.completions.create(**question())
    headers = caught.value.response.headers
    assert caught.value.code == "rate_limit_exceeded"
    if form == "seconds":
        assert headers["retry-after"] == "30"
    elif form == "date":
        assert 25 < email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time() < 35
    else:
        assert "retry-after" not in headers
        assert headers.get("retry-after-ms") == ("30000" if form == "ms" else None)


def test_faults_follow_from_the_seed_and_not_from_the_order_of_arrival() -> None:
    bodies = [f"body {k}".encode() for k in range(400)]

    def met(order: list[bytes], seed: int) -> set[bytes]:
        faults = Faults(parse_faults("500:0.1"), seed)
        return {body for body in order if faults.meet("POST", "/v1/chat/completions", body)}

    assert met(bodies, 1) == met(bodies[::-1], 1)
    assert met(bodies, 1) != met(bodies, 2)
    assert 15 <= len(met(bodies, 1)) <= 70
    with pytest.raises(ValueError, match="no such fault"):
        Fault("earthquake")


def test_a_fault_finds_its_request_by_text_and_path() -> None:
    with StandIn([Fault("500", text="number 3"), Fault("503", path="/v1/files", method="POST")]) as server:
        for k in range(5):
            if k == 3:
                with pytest.raises(openai.InternalServerError):
                    client(server).chat.completions.create(**question(f"number {k}"))
            else:
                assert client(server).chat.completions.create(**question(f"number {k}")).choices
        with pytest.raises(openai.InternalServerError):
            upload(server, requests(1))
        assert not client(server).files.list().data


def test_the_rate_limit_and_how_many_were_in_flight() -> None:
    with StandIn(latency=0.05, per_second=1) as server, ThreadPoolExecutor(8) as pool:

        def ask(k: int) -> dict[str, str]:
            try:
                client(server).chat.completions.create(**question(str(k)))
            except openai.RateLimitError as error:
                return dict(error.response.headers)
            return {}

        refused = [headers for headers in pool.map(ask, range(60)) if headers]
        log = control(server, "log")
        for _ in range(100):  # an answer is on its way a moment before it is in the log
            if all(one["status"] for one in log["requests"]):
                break
            time.sleep(0.05)
            log = control(server, "log")
    assert 0 < len(refused) < 60
    assert all(int(headers["retry-after"]) >= 1 for headers in refused)
    assert {headers["x-ratelimit-remaining-requests"] for headers in refused} == {"0"}
    assert 2 <= log["max_in_flight"] <= 8
    assert len(log["requests"]) == 60
    assert {one["status"] for one in log["requests"]} == {200, 429}
    assert all(one["end"] >= one["start"] for one in log["requests"])


# ---- files and batches


def test_files_come_back_as_they_went() -> None:
    content = b"\x00\xff--boundary\r\n" * 1000
    with StandIn() as server:
        made = FileObject.model_validate(upload(server, content).to_dict(), strict=True)
        assert (made.bytes, made.filename, made.purpose) == (len(content), "a.jsonl", "batch")
        assert client(server).files.content(made.id).content == content
        assert client(server).files.retrieve(made.id) == made
        others = [upload(server, requests(1), f"{k}.jsonl").id for k in range(5)]
        assert [one.id for one in client(server).files.list(limit=2, order="asc")] == [made.id, *others]
        gone = client(server).files.delete(made.id)
        assert FileDeleted.model_validate(gone.to_dict(), strict=True).deleted
        with pytest.raises(openai.NotFoundError):
            client(server).files.retrieve(made.id)
        with pytest.raises(openai.BadRequestError, match="jsonl"):
            upload(server, requests(1), "a.txt")
        server.rules.max_bytes = 10
        with pytest.raises(openai.BadRequestError, match="too large"):
            upload(server, requests(1))


def test_a_batch_goes_its_way() -> None:
    with StandIn(batch=BatchRules(validating=0.2, in_progress=0.2, finalizing=0.2)) as server:
        made = batch_of(server, requests(20), metadata={"name": "one"})
        seen = [made.status]
        while seen[-1] != "completed":
            time.sleep(0.05)
            now = client(server).batches.retrieve(made.id)
            Batch.model_validate(now.to_dict(), strict=True)
            if now.status != seen[-1]:
                seen.append(now.status)
        assert seen == ["validating", "in_progress", "finalizing", "completed"]
        lines = lines_in(server, now.output_file_id)
    assert now.error_file_id is None
    assert now.request_counts is not None
    assert (now.request_counts.total, now.request_counts.completed, now.request_counts.failed) == (20, 20, 0)
    assert {line["custom_id"] for line in lines} == {f"q-{k}" for k in range(20)}
    assert [line["custom_id"] for line in lines] != [f"q-{k}" for k in range(20)]
    assert all(set(line) == {"id", "custom_id", "response", "error"} for line in lines)
    assert all(set(line["response"]) == {"status_code", "request_id", "body"} for line in lines)
    told: Any = now.to_dict()["usage"]
    answers = [ChatCompletion.model_validate(line["response"]["body"], strict=True) for line in lines]
    assert sum(one.usage.total_tokens for one in answers if one.usage) == told["total_tokens"]


def test_batches_are_listed_newest_first_in_pages() -> None:
    with StandIn() as server:
        made = [batch_of(server, requests(1), metadata={"n": str(k)}).id for k in range(5)]
        page = client(server).batches.list(limit=2)
        assert [one.id for one in page.data] == made[:2:-1]
        assert [one.id for one in page] == made[::-1]
        assert {one.metadata["n"] for one in page if one.metadata} == set("01234")
        assert [one["custom_ids"] for one in control(server, "log")["batches"]] == [["q-0"]] * 5


def test_some_requests_of_a_batch_fail_and_some_lines_are_not_as_they_should_be() -> None:
    kinds = ("500", "400", "expired_line", "lost_line", "twice", "broken_line", "foreign_line", "refusal")
    rules = [Fault(kind, "batch:", text=f'"q-{k}"') for k, kind in enumerate(kinds)]
    with StandIn(rules) as server:
        made = client(server).batches.retrieve(batch_of(server, requests(10)).id)
        output = client(server).files.content(made.output_file_id or "").text.splitlines()
        errors = {line["custom_id"]: line for line in lines_in(server, made.error_file_id)}
    read = []
    for line in output:
        try:
            read.append(json.loads(line)["custom_id"])
        except ValueError:
            read.append("broken")
    assert sorted(read) == ["broken", "q-4", "q-4", "q-7", "q-8", "q-9", "somebody-else-1"]
    assert set(errors) == {"q-0", "q-1", "q-2"}
    assert errors["q-0"]["response"]["status_code"] == 500
    assert errors["q-1"]["response"]["body"]["error"]["type"] == "invalid_request_error"
    assert errors["q-2"]["response"] is None
    assert errors["q-2"]["error"]["code"] == "batch_expired"


def test_a_file_with_faults_makes_a_failed_batch() -> None:
    good = requests(3)
    broken = b"\n".join(json.dumps(line).encode() for line in good[:1]) + b"\n{nonsense\n"
    cases: list[tuple[list[dict[str, Any]] | bytes, str]] = [
        (broken, "invalid_json_line"),
        ([*good, good[0]], "duplicate_custom_id"),
        ([good[0] | {"url": "/v1/embeddings"}], "url_mismatch"),
        ([good[0], good[1] | {"body": question(model="gpt-4o-mini")}], "model_mismatch"),
        (requests(1, model="gpt-99"), "model_not_found"),
        (b"", "empty_file"),
        (requests(6), "too_many_tasks"),
    ]
    with StandIn(batch=BatchRules(max_requests=5)) as server:
        for lines, code in cases:
            told = client(server).batches.retrieve(batch_of(server, lines).id)
            Batch.model_validate(told.to_dict(), strict=True)
            assert told.status == "failed"
            assert told.errors is not None
            assert told.errors.data is not None
            assert told.errors.data[0].code == code
            assert told.output_file_id is None


def test_batches_that_end_early() -> None:
    rules = BatchRules(outcomes=["expired", "failed", "stuck", "stuck"])
    with StandIn(batch=rules) as server:
        expired, failed, stuck, waiting = (batch_of(server, requests(40)).id for _ in range(4))
        batches = client(server).batches
        told = batches.retrieve(expired)
        assert told.status == "expired"
        done, undone = lines_in(server, told.output_file_id), lines_in(server, told.error_file_id)
        assert len(done) + len(undone) == 40
        assert min(len(done), len(undone)) > 5
        assert {line["error"]["code"] for line in undone} == {"batch_expired"}
        assert batches.retrieve(failed).status == "failed"
        assert batches.retrieve(stuck).status == "in_progress"
        assert batches.cancel(stuck).status == "cancelling"
        cancelled = batches.retrieve(stuck)
        assert cancelled.status == "cancelled"
        assert lines_in(server, cancelled.output_file_id)
        with pytest.raises(openai.ConflictError):
            batches.cancel(expired)
        assert batches.retrieve(waiting).status == "in_progress"
        for told in batches.list():
            Batch.model_validate(told.to_dict(), strict=True)


def test_more_tokens_than_an_account_may_have_waiting() -> None:
    with StandIn(batch=BatchRules(max_enqueued_tokens=4000, outcomes=["stuck"])) as server:
        first, second = batch_of(server, requests(10)), batch_of(server, requests(10))
        assert client(server).batches.retrieve(first.id).status == "in_progress"
        told = client(server).batches.retrieve(second.id)
    assert told.status == "failed"
    assert told.errors is not None
    assert told.errors.data is not None
    assert told.errors.data[0].code == "token_limit_exceeded"


def test_metadata_is_checked() -> None:
    with StandIn() as server, pytest.raises(openai.BadRequestError, match="metadata"):
        batch_of(server, requests(1), metadata={"x": "y" * 513})


# ---- a process of its own


def test_as_a_process_it_prints_its_address_and_takes_orders() -> None:
    script = Path(__file__).with_name("server.py")
    process = subprocess.Popen(
        [sys.executable, str(script), "--faults", "500:1", "--batch", '{"max_requests": 7}'],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        asking = OpenAI(api_key=KEY, base_url=url, max_retries=0)
        with pytest.raises(openai.InternalServerError):
            asking.chat.completions.create(**question())
        root = url.removesuffix("/v1")
        order = urllib.request.Request(f"{root}/standin/faults", b'[{"kind": "refusal", "times": 1}]')
        urllib.request.urlopen(order, timeout=5).close()
        assert asking.chat.completions.create(**question()).choices[0].message.refusal
        with urllib.request.urlopen(f"{root}/standin/log", timeout=5) as answer:
            assert [one["fault"] for one in json.load(answer)["requests"]] == ["500", "refusal"]
        urllib.request.urlopen(urllib.request.Request(f"{root}/standin/reset", b"{}"), timeout=5).close()
        with urllib.request.urlopen(f"{root}/standin/log", timeout=5) as answer:
            assert json.load(answer)["requests"] == []
    finally:
        process.kill()
        process.wait()


def test_every_kind_of_fault_is_known_by_name() -> None:
    assert len(KINDS) == len(set(KINDS))
    assert {fault.kind for fault in parse_faults(",".join(KINDS))} == set(KINDS)
