"""Batches with the real client: out, in, and everything that goes wrong between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_response
from made_batches import ITEMS, MODELS, SETTINGS, asked, client_of, count, made, pictures_of, send, statuses
from standin.batches import BatchRules
from standin.bodies import LINES
from standin.faults import Fault
from standin.server import KEY, StandIn

from miareview.batching.collect import collect, give_up, wait
from miareview.batching.submit import affordable, folder, submit
from miareview.errors import DataError, NetworkError, RefusedError, UsageError
from miareview.judge.batch import Limits
from miareview.judge.budget import Prices
from miareview.judge.client import Service
from miareview.judge.client_batch import BatchClient
from miareview.judging import Selection, make_plan
from miareview.store.batches import add_batch, batches, in_flight, requests, sole
from miareview.store.check import check
from miareview.store.judged import judged
from miareview.store.store import Store

JUDGE = SETTINGS.as_judge()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with made(tmp_path / "batch.db") as store:
        yield store


def test_out_and_in(db: Store, standin: StandIn) -> None:
    done = send(db, standin)
    assert [batch.requests for batch in done.sent] == [12, 12, 6]
    assert [batch.requests for batch in batches(db)] == [12, 12, 6]
    assert len(in_flight(db, JUDGE.id)) == 30
    assert {"lock"} == {path.name for path in folder(db).iterdir()}
    found = collect(db, client_of(standin))
    assert [(dict(one.statuses), one.new, one.missing, one.left_out) for one in found] == [
        ({"ok": 12}, 12, 0, []),
        ({"ok": 12}, 12, 0, []),
        ({"ok": 6}, 6, 0, []),
    ]
    assert not in_flight(db, JUDGE.id)
    (told,) = judged(db).values()
    assert (told.asked, told.calls, told.untold, told.repeats) == (30, 30, 0, 1)
    assert told.prompt_tokens > 30 * 255
    ids = {batch.id for batch in batches(db)}
    calls = db.rows("select at, request_id, finish_reason, batch, error, model from call")
    assert len(calls) == 30
    for at, request_id, finish_reason, batch, error, model in calls:
        assert at.endswith("Z")
        assert request_id.startswith("req_")
        assert (finish_reason, error, model) == ("stop", None, SETTINGS.model)
        assert batch in ids
    assert check(db).ok


def test_a_batch_gives_the_judgments_that_single_calls_give(db: Store, standin: StandIn, tmp_path: Path) -> None:
    import asyncio

    from miareview.judge.budget import Budget
    from miareview.judge.client import Client
    from miareview.judging import judge

    (tmp_path / "other").mkdir()
    send(db, standin)
    collect(db, client_of(standin))
    with made(tmp_path / "other" / "single.db") as single:
        pictures = pictures_of(single)
        plan = make_plan(single, SETTINGS, pictures)
        asyncio.run(judge(single, plan, pictures, Client(Service(standin.url)), Budget(Prices()), 4))
        select = "select id, response, judge, repeat, raw, status from judgment order by id"
        assert db.rows(select) == single.rows(select)
        assert len(db.rows(select)) == 30


def test_what_is_on_its_way_is_not_sent_again_and_what_is_answered_neither(db: Store, standin: StandIn) -> None:
    standin.rules.outcomes += ["stuck"]
    send(db, standin)
    assert send(db, standin).sent == []
    collect(db, client_of(standin))
    assert send(db, standin).sent == []
    assert set(asked(standin).values()) == {1}
    plan = make_plan(db, SETTINGS, pictures_of(db))
    assert (len(plan.questions), plan.done, plan.on_their_way) == (0, 18, 12)
    more = send(db, standin, repeats=2)
    assert sum(batch.requests for batch in more.sent) == 30
    assert set(asked(standin).values()) == {1}
    assert len(asked(standin)) == 60


def test_collecting_again_changes_nothing(db: Store, standin: StandIn) -> None:
    send(db, standin)
    collect(db, client_of(standin))
    before = list(db.connection.iterdump())
    assert collect(db, client_of(standin)) == []
    assert list(db.connection.iterdump()) == before


def test_everything_that_can_go_wrong_with_a_line(db: Store) -> None:
    """What has no answer is a failed call with the reason, and only that is sent again."""
    kinds = (
        "500",
        "400",
        "expired_line",
        "lost_line",
        "twice",
        "broken_line",
        "foreign_line",
        "refusal",
        "length",
        "empty_choices",
    )
    answers = [response for response in db.responses() if response.model == "alpha"]
    rules = [
        Fault(kind, "batch:", text=f'"{answer.id}-0"', times=1) for kind, answer in zip(kinds, answers, strict=True)
    ]
    status = {}
    with StandIn(rules) as server:
        send(db, server, Limits())
        (one,) = collect(db, client_of(server))
        assert one.statuses.total() == 30
        assert one.statuses["api_error"] == 7
        assert one.missing == 3  # lost, broken, and the one in whose place a foreign line stood
        reasons = sorted(reason for _, reason in one.left_out)
        assert reasons == ["it is no JSON object", "it is of another batch", "its request has a line already"]
        for kind, answer in zip(kinds, answers, strict=True):
            rows = db.rows(
                "select status, error from judgment join call on call.judgment = judgment.id where response = ?",
                (answer.id,),
            )
            assert len(rows) == 1
            status[kind] = rows[0]
        again = send(db, server)
        assert [batch.requests for batch in again.sent] == [7]
        retried = set(server.log()["batches"][-1]["custom_ids"])
        collect(db, client_of(server))
        assert send(db, server).sent == []
    wrong = ("500", "400", "expired_line", "lost_line", "broken_line", "foreign_line", "empty_choices")
    assert {kind for kind, (kept, _) in status.items() if kept == "api_error"} == set(wrong)
    assert retried == {f"{answer.id}-0" for kind, answer in zip(kinds, answers, strict=True) if kind in wrong}
    assert status["500"][1].startswith("HTTP 500: The server had an error")
    assert status["400"][1].startswith("HTTP 400: Invalid prompt")
    assert "before the window expired" in status["expired_line"][1]
    assert status["lost_line"][1] == "no line in the batch's files"
    assert status["twice"] == ("ok", None)
    assert status["refusal"][0] == "refused"
    assert status["length"][0] in ("warning", "partial", "unparsed")
    (told,) = judged(db).values()
    assert told.waiting == 0
    assert told.asked == 30
    assert told.calls == 37


def test_lines_that_other_services_write_are_taken_and_not_paid_again(db: Store) -> None:
    answers = [response for response in db.responses() if response.model == "alpha"]
    rules = [Fault(kind, "batch:", text=f'"{answer.id}-0"') for kind, answer in zip(LINES, answers, strict=False)]
    with StandIn(rules) as server:
        send(db, server, Limits())
        (one,) = collect(db, client_of(server))
        assert (dict(one.statuses), one.left_out) == ({"ok": 30}, [])
        assert send(db, server).sent == []


def test_a_question_that_failed_and_was_then_filtered_is_not_asked_a_third_time(db: Store) -> None:
    answer = db.responses()[0]
    rules = [Fault(kind, "batch:", text=f'"{answer.id}-0"', times=1) for kind in ("500", "filtered")]
    with StandIn(rules) as server:
        send(db, server)
        collect(db, client_of(server))
        assert [batch.requests for batch in send(db, server).sent] == [1]
        (one,) = collect(db, client_of(server))
        assert (one.statuses, one.new) == ({"refused": 1}, 1)
        assert send(db, server).sent == []
    assert [judgment.status for judgment in db.judgments(answer.id)] == ["api_error", "refused"]


def test_batches_that_end_early_say_so_and_their_requests_can_be_sent_again(db: Store, standin: StandIn) -> None:
    standin.rules.outcomes += ["expired", "failed", "stuck"]
    sent = send(db, standin).sent
    service = client_of(standin)
    service._openai.batches.cancel(sent[2].remote or "")
    expired, failed, cancelled = collect(db, service)
    assert [one.batch.status for one in (expired, failed, cancelled)] == ["expired", "failed", "cancelled"]
    assert expired.statuses.total() == 12
    assert expired.statuses["api_error"] > 0
    assert failed.statuses.total() == 0
    assert "could not be processed" in (failed.batch.error or "")
    assert [batch.error for batch in batches(db)][1] == failed.batch.error
    assert cancelled.statuses.total() == 6
    assert cancelled.statuses["ok"] > 0
    lost = 12 + expired.statuses["api_error"] + cancelled.statuses["api_error"]
    again = send(db, standin, Limits())
    assert [batch.requests for batch in again.sent] == [lost]
    collect(db, client_of(standin))
    assert statuses(db)["ok"] == 30
    assert send(db, standin).sent == []


def test_a_file_that_the_service_refuses_makes_a_failed_batch_with_the_line(db: Store) -> None:
    with StandIn(models=("gpt-4o",)) as server:
        send(db, server)
        found = collect(db, client_of(server))
    assert {one.batch.status for one in found} == {"failed"}
    assert all("line 1: model_not_found" in (one.batch.error or "") for one in found)
    assert "(and 11 more)" in (found[0].batch.error or "")
    assert statuses(db) == {}
    assert not in_flight(db, JUDGE.id)


def test_too_many_tokens_waiting_is_said_and_the_rest_goes_later(db: Store) -> None:
    with StandIn(batch=BatchRules(max_enqueued_tokens=13_000, outcomes=["stuck"])) as server:
        send(db, server, Limits(requests=15))
        first, second = collect(db, client_of(server))
        assert not first.over
        assert "token_limit_exceeded" in (second.batch.error or "")
        server.rules.max_enqueued_tokens = None
        assert [batch.requests for batch in send(db, server).sent] == [12, 3]


@pytest.mark.parametrize("kind", ["lost_answer", "cut_body", "garbage", "html", "500", "503", "rate_limit", "cut"])
@pytest.mark.parametrize("path", ["/v1/files", "/v1/batches"])
def test_an_answer_that_was_lost_makes_no_second_batch(db: Store, kind: str, path: str) -> None:
    with StandIn([Fault(kind, path, method="POST", times=1, seconds=0)]) as server:
        done = send(db, server)
        assert len(done.sent) == 3
        assert set(asked(server).values()) == {1}
        assert len(asked(server)) == 30
        assert len(server.log()["batches"]) == 3
        happened = kind in ("lost_answer", "cut_body", "garbage", "html")
        assert count(server, "POST", path) == 3 + (not happened)
        collect(db, client_of(server))
    assert statuses(db) == {"ok": 30}


@pytest.mark.parametrize("kind", ["500", "cut_body", "lost_answer", "rate_limit"])
@pytest.mark.parametrize("path", ["/v1/batches/", "/content"])
def test_looking_and_fetching_are_done_again(db: Store, kind: str, path: str) -> None:
    with StandIn([Fault(kind, path, method="GET", times=2, seconds=0)]) as server:
        send(db, server)
        collect(db, client_of(server))
    assert statuses(db) == {"ok": 30}


def test_a_service_that_stays_away_loses_nothing(db: Store) -> None:
    with StandIn([Fault("503", "/v1/batches", method="POST")]) as server:
        with pytest.raises(NetworkError, match="503"):
            send(db, server)
        assert [batch.status for batch in batches(db)] == ["uploaded"]
        assert count(server, "POST", "/v1/files") == 1
        server.faults.set(())
        done = send(db, server)
        assert [batch.requests for batch in done.resumed] == [12]
        assert [batch.requests for batch in done.sent] == [12, 6]
        assert count(server, "POST", "/v1/files") == 3
        assert set(asked(server).values()) == {1}
        assert len(asked(server)) == 30


def test_a_batch_that_appears_only_now_is_not_made_again(db: Store) -> None:
    """The run died with its request on the way; the service makes the batch while the next run looks for it."""
    with StandIn([Fault("503", "/v1/batches", method="POST")]) as server:
        with pytest.raises(NetworkError):
            send(db, server, Limits())
        server.faults.set(())
        (batch,) = batches(db)
        other = client_of(server)
        service = BatchClient(
            Service(server.url), sleep=lambda seconds: void(other.create(batch.input_file or "", batch.id))
        )
        done = submit(db, service, (), pictures_of(db), Limits())
        assert [one.requests for one in done.resumed] == [30]
        assert len(server.log()["batches"]) == 1


def void(value: object) -> None:
    """Forgets the value."""


def test_a_file_that_was_lost_before_it_was_sent_frees_its_requests(db: Store) -> None:
    with StandIn([Fault("503", "/v1/files")]) as server:
        with pytest.raises(NetworkError):
            send(db, server)
        server.faults.set(())
        (waiting,) = folder(db).glob("*.jsonl")
        waiting.write_bytes(waiting.read_bytes()[:-5])
        dropped = send(db, server).dropped
        assert [batch.requests for batch in dropped] == [12]
        assert batches(db)[0].status == "dropped"
        assert sum(batch.requests for batch in send(db, server).sent) == 12
        assert set(asked(server).values()) == {1}
        assert len(asked(server)) == 30


def test_output_that_the_service_has_no_more_can_be_asked_for_again(db: Store, standin: StandIn) -> None:
    send(db, standin, Limits())
    service = client_of(standin)
    (batch,) = batches(db)
    output = service.batch(batch.remote or "").output_file
    service._openai.files.delete(output or "")
    (one,) = collect(db, service)
    assert one.left_out == [("output file", "the service has it no more")]
    assert one.statuses == {"api_error": 30}
    assert send(db, standin, Limits()).sent[0].requests == 30


def test_a_batch_that_the_service_does_not_know_stays_until_it_is_given_up(db: Store, standin: StandIn) -> None:
    send(db, standin, Limits())
    standin.forget()
    (one,) = collect(db, client_of(standin))
    assert "no such thing" in one.gone
    assert not one.over
    assert send(db, standin).sent == []
    with pytest.raises(DataError, match="no open batch"):
        give_up(db, "nothing")
    give_up(db, one.batch.id)
    assert sum(batch.requests for batch in send(db, standin).sent) == 30


def test_a_batch_of_another_server_is_left_alone(db: Store, standin: StandIn) -> None:
    with StandIn() as other:
        send(db, other, Limits())
        assert collect(db, client_of(standin)) == []
        assert count(standin, "GET", "/v1/batches/batch_standin000002") == 0
        assert send(db, standin).sent == []
        assert len(collect(db, client_of(other))) == 1
    assert statuses(db) == {"ok": 30}


def test_waiting_ends_when_all_are_done(db: Store) -> None:
    pauses: list[float] = []
    with StandIn(batch=BatchRules(outcomes=["stuck"])) as server:
        send(db, server)
        service = client_of(server)

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 12:
                service._openai.batches.cancel(batches(db)[0].remote or "")

        found = wait(db, service, lambda one: None, sleep)
    assert [one.batch.status for one in found] == ["completed", "completed", "cancelled"]
    assert pauses[0] == 2
    assert pauses == sorted(pauses)
    assert max(pauses) == 60


def test_the_smaller_of_two_limits_splits_and_what_is_larger_than_a_file_is_left_out(
    db: Store, standin: StandIn
) -> None:
    from PIL import Image

    noise = Image.effect_noise((300, 300), 90)
    noise.save(db.path.parent / "images" / "3.png")
    done = send(db, standin, Limits(bytes=30_000))
    assert {question.ask.item.index for question, _ in done.skipped} == {3}
    assert all("alone has 0.1 MB" in reason for _, reason in done.skipped)
    assert len(done.sent) > 1
    assert all(batch.bytes <= 30_000 for batch in done.sent)
    assert sum(batch.requests for batch in done.sent) == 27
    assert len(asked(standin)) == 27


def test_items_without_a_picture_go_in_a_batch_of_their_own_judge(db: Store, standin: StandIn) -> None:
    (db.path.parent / "images" / "4.png").unlink()
    pictures = pictures_of(db)
    plan = make_plan(db, SETTINGS, pictures, without_picture=True)
    done = submit(db, client_of(standin), plan.questions, pictures, Limits())
    assert sorted(batch.requests for batch in done.sent) == [3, 27]
    collect(db, client_of(standin))
    assert {judge.sees_image for judge in db.judges()} == {True, False}
    assert statuses(db) == {"ok": 30}


def test_caps_are_kept_before_anything_is_sent(db: Store) -> None:
    pictures = pictures_of(db)
    plan = make_plan(db, SETTINGS, pictures)
    assert len(affordable(plan.questions, pictures, Prices(), 7, None)) == 7
    prices = Prices(1.0, 2.0)
    kept = affordable(plan.questions, pictures, prices, None, 0.05)
    assert 0 < len(kept) < 30
    assert affordable(plan.questions, pictures, prices, None, 1e-9) == ()


def test_a_request_cannot_be_in_two_open_batches(db: Store, standin: StandIn) -> None:
    send(db, standin, Limits())
    (batch,) = batches(db)
    rows = [(custom_id, *rest) for custom_id, rest in requests(db, batch.id).items()]
    with pytest.raises(RefusedError, match="another batch already"):
        add_batch(db, replace(batch, id="another"), JUDGE, rows[:1])
    assert len(batches(db)) == 1


def test_one_submission_at_a_time(db: Store, standin: StandIn) -> None:
    with sole(folder(db)), pytest.raises(RefusedError, match="is at work"):
        send(db, standin)
    assert len(send(db, standin).sent) == 3


def test_a_response_of_a_hostile_model_comes_back_to_the_right_place(db: Store, standin: StandIn) -> None:
    texts = [
        '"}\n{"custom_id": "x"',
        "\u2028\u2029\x85",
        "\x00\x1b[31m",
        "é" * 1000,
        "\udce9".encode("utf-8", "replace").decode(),
    ]
    made = [make_response(item, "hostile", text) for item, text in zip(ITEMS, texts, strict=False)]
    db.add_responses(made)
    pictures = pictures_of(db)
    plan = make_plan(db, SETTINGS, pictures, Selection(models=("hostile",)))
    submit(db, client_of(standin), plan.questions, pictures, Limits())
    (one,) = collect(db, client_of(standin))
    assert one.statuses == {"ok": 5}
    assert {response for (response,) in db.rows("select response from judgment")} == {response.id for response in made}


def test_the_key_is_nowhere_even_where_the_service_repeats_it(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-proj-verysecretindeed1234567890"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with StandIn(key=key, reply=lambda body: f"Component 1: 1/4 {key}") as server:
        send(db, server, Limits())
        collect(db, client_of(server))
        assert statuses(db).total() == 30
        server.key = "another"
        with pytest.raises(NetworkError, match="401") as caught:
            send(db, server, repeats=2)
        assert key not in str(caught.value)
    assert not [line for line in db.connection.iterdump() if key in line]
    for path in db.path.parent.rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes()


def test_no_azure(db: Store) -> None:
    with pytest.raises(UsageError, match="not to Azure"):
        BatchClient(Service("https://x.openai.azure.com", "2024-10-21"))


def test_answers_that_are_none(db: Store) -> None:
    """A service that speaks something else: no traceback, and nothing is lost."""
    with StandIn() as server:
        send(db, server, Limits())
        server.faults.set([Fault("garbage", "/v1/batches/")])
        with pytest.raises(NetworkError, match="could not be read"):
            collect(db, client_of(server))
        server.faults.set(())
        (one,) = collect(db, client_of(server))
        assert one.statuses == {"ok": 30}


def test_the_file_has_one_line_a_request_and_the_picture_of_its_item(db: Store) -> None:
    with StandIn([Fault("503", "/v1/files")]) as server, pytest.raises(NetworkError):
        send(db, server, Limits())
    (path,) = folder(db).glob("*.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == len(ITEMS) * len(MODELS)
    urls = {line["custom_id"]: line["body"]["messages"][1]["content"][1]["image_url"]["url"] for line in lines}
    assert len(set(urls.values())) == len(ITEMS)
    assert len(urls) == 30
