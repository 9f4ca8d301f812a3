"""A run against a server that speaks the API's wire format and does wrong on demand, with the real client."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSTILE, make_items, make_response
from PIL import Image
from standin.faults import Fault
from standin.judge import reply_for
from standin.server import KEY, StandIn

from miareview.images.library import PictureLibrary
from miareview.judge import client as client_module
from miareview.judge import runner
from miareview.judge.budget import Budget, Prices
from miareview.judge.client import Client, Service
from miareview.judge.prompt import Prompt, built_in
from miareview.judge.request import JudgeSettings
from miareview.judge.runner import MOST_FAULTS, Progress
from miareview.judging import Pictures, Plan, Selection, estimate, judge, make_plan, shown_body
from miareview.model import Judgment
from miareview.store.judged import answered, judged
from miareview.store.store import Store

MODEL = "gpt-4o-2024-11-20"
SETTINGS = JudgeSettings(MODEL, built_in("points"))
ITEMS = make_items(6)
NO_PRICES = Prices()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "backoff", lambda failures, random: 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("OPENAI_BASE_URL", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    """Six items with pictures and two models' responses, one of which failed."""
    with Store.open(tmp_path / "judge.db", create=True) as store:
        store.add_items(ITEMS)
        made = [make_response(item, model) for item in ITEMS for model in ("alpha", "beta")]
        made[3] = make_response(ITEMS[1], "beta", "", "error")
        store.add_responses(made)
        (tmp_path / "images").mkdir()
        for item in ITEMS:
            Image.new("RGB", (40, 30), (item.index, 0, 0)).save(tmp_path / "images" / f"{item.index}.png")
        yield store


def pictures_of(store: Store) -> Pictures:
    return Pictures(PictureLibrary([store.path.parent / "images"], store.items()))


def run(
    store: Store,
    server: StandIn,
    settings: JudgeSettings = SETTINGS,
    *,
    prices: Prices = NO_PRICES,
    caps: tuple[int | None, float | None] = (None, None),
    concurrency: int = 4,
    timeout: float = 5,
    show: Callable[[Progress], None] = lambda progress: None,
    **more: Any,
) -> tuple[Plan, Progress, Budget]:
    pictures = pictures_of(store)
    plan = make_plan(store, settings, pictures, **more)

    async def go() -> tuple[Plan, Progress, Budget]:
        client = Client(Service(server.url, timeout=timeout))
        budget = Budget(prices, *caps)
        try:
            return plan, await judge(store, plan, pictures, client, budget, concurrency, show), budget
        finally:
            await client.close()

    return asyncio.run(go())


def judgments(store: Store, settings: JudgeSettings = SETTINGS) -> list[Judgment]:
    id = settings.as_judge().id
    return [one for response in store.responses() for one in store.judgments(response.id) if one.judge == id]


def calls(store: Store) -> list[dict[str, Any]]:
    store.connection.row_factory = sqlite3.Row
    found = [dict(row) for row in store.connection.execute("select * from call")]
    store.connection.row_factory = None
    return found


def asked(server: StandIn) -> Counter[str]:
    """How often each body was sent."""
    return Counter(one["sha256"] for one in server.log()["requests"])


def test_every_response_is_judged_once_and_kept_with_its_call(db: Store) -> None:
    with StandIn() as server:
        plan, progress, _ = run(db, server)
        assert (len(plan.questions), plan.not_ok) == (11, {"error": 1})
        assert set(asked(server).values()) == {1}
        assert server.log()["max_in_flight"] <= 4
        again, nothing, _ = run(db, server)
        assert (again.done, len(again.questions), nothing.requests) == (11, 0, 0)
        assert len(asked(server)) == 11
    assert (progress.statuses, progress.requests, progress.why) == ({"ok": 11}, 11, "")
    found = judgments(db)
    assert len(found) == 11
    assert all(score.points is not None for one in found for score in one.sub_scores)
    kept = calls(db)
    assert {call["judgment"] for call in kept} == {one.id for one in found}
    assert {(call["model"], call["finish_reason"], call["attempts"], call["error"]) for call in kept} == {
        (MODEL, "stop", 1, None)
    }
    assert all(call["request_id"].startswith("req_") and call["prompt_tokens"] > 255 for call in kept)
    (row,) = [one for one in db.judges() if one.id == SETTINGS.as_judge().id]
    assert row.sees_image is True


def test_structured_output_is_asked_for_and_read(db: Store) -> None:
    settings = replace(SETTINGS, prompt=built_in("strict-json"))
    with StandIn() as server:
        run(db, server, settings)
    found = judgments(db, settings)
    assert {one.status for one in found} == {"ok"}
    assert all(one.raw and set(json.loads(one.raw)) >= {"component_1", "component_2"} for one in found)


AGAIN = ["500", "503", "cut", "cut_body", "lost_answer", "garbage", "html", "not_utf8", "empty_choices"]


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault(kind, times=2) for kind in AGAIN),
        Fault("rate_limit", times=2, seconds=0.05, retry_after="ms"),
        Fault("rate_limit", times=2, seconds=1),
        Fault("rate_limit", times=2, seconds=1, retry_after="date"),
        Fault("rate_limit", times=2, retry_after=""),
        Fault("hang", times=2, seconds=30),
        Fault("drip", times=2, seconds=10),
    ],
    ids=lambda f: f"{f.kind}-{f.retry_after}",
)
def test_what_may_go_better_is_asked_again(db: Store, fault: Fault) -> None:
    with StandIn([replace(fault, text="number 2")]) as server:
        waiting = fault.kind in ("hang", "drip")  # of the others no answer may be taken for a slow one
        _, progress, _ = run(db, server, timeout=1.5 if waiting else 60, concurrency=2)
        log = server.log()["requests"]
    assert (progress.statuses, progress.retries, progress.requests) == ({"ok": 11}, 2, 13)
    assert len([one for one in log if one["fault"]]) == 2
    assert sum(call["attempts"] for call in calls(db)) == 13
    assert sum(progress.faults.values()) == 2


@pytest.mark.parametrize(
    ("kind", "status", "warning"),
    [
        ("refusal", "refused", None),
        ("content_filter", "refused", "content_filter"),
        ("empty_content", "empty", None),
        ("wrong_json", "unparsed", None),
        ("length", "warning", "truncated"),
        ("duplicated", "ok", None),
    ],
)
def test_what_a_judge_says_is_a_status_kept_raw_and_not_asked_again(
    db: Store, kind: str, status: str, warning: str | None
) -> None:
    with StandIn([Fault(kind, text="number 2")]) as server:
        run(db, server)
        _, again, _ = run(db, server)
        assert again.requests == 0
    odd = [one for one in judgments(db) if make_response(ITEMS[2], "alpha").id == one.response]
    assert [one.status for one in odd] == [status]
    assert warning is None or warning in odd[0].warnings
    assert odd[0].raw is not None
    (call,) = [call for call in calls(db) if call["judgment"] == odd[0].id]
    assert call["completion_tokens"] is not None
    assert call["request_id"] is not None
    assert call["finish_reason"] in ("stop", "length", "content_filter")


def test_what_fails_to_the_end_waits_for_the_next_run(db: Store) -> None:
    with StandIn([Fault("500", text="number 2"), Fault("400", text="number 3")]) as server:
        _, progress, _ = run(db, server)
        assert progress.statuses == {"ok": 7, "api_error": 4}
        before = asked(server)
        assert sorted(before.values()) == [1] * 9 + [MOST_FAULTS] * 2
        server.faults.set([])
        plan, progress, _ = run(db, server)
        assert (plan.again, plan.done, len(plan.questions)) == (4, 7, 4)
        assert progress.statuses == {"ok": 4}
        assert sum(asked(server).values()) == sum(before.values()) + 4
    errors = [call["error"] for call in calls(db) if call["error"]]
    assert sorted(error[:8] for error in errors) == ["HTTP 400", "HTTP 400", "HTTP 500", "HTTP 500"]
    one = judged(db)[SETTINGS.as_judge().id]
    assert (one.asked, one.waiting, one.statuses, one.requests) == (11, 0, {"ok": 11}, 7 + 2 * MOST_FAULTS + 2 + 4)


def test_retry_after_is_for_the_whole_run(db: Store) -> None:
    with StandIn([Fault("rate_limit", times=1, seconds=1)], latency=0.02) as server:
        run(db, server, concurrency=1)
        log = server.log()["requests"]
    limited = next(one for one in log if one["fault"])
    later = [one["start"] - limited["end"] for one in log if one["start"] > limited["end"]]
    assert min(later) >= 0.95


def test_a_busy_server_paces_the_run_and_nothing_is_lost(db: Store) -> None:
    with StandIn(per_second=10) as server:
        _, progress, _ = run(db, server, concurrency=8, repeats=2)
    assert progress.statuses == {"ok": 22}


@pytest.mark.parametrize(
    ("fault", "settings", "error", "hint"),
    [
        (Fault("quota"), SETTINGS, "quota", "Top up"),
        (None, replace(SETTINGS, model="gpt-99"), "gpt-99", "--model"),
        (None, replace(SETTINGS, model="o3"), "HTTP 400", "--temperature none"),
        (None, replace(SETTINGS, model="o3", temperature=None), "HTTP 400", "--max-tokens-field max_completion_tokens"),
    ],
)
def test_what_no_question_can_cure_stops_the_run(
    db: Store, fault: Fault | None, settings: JudgeSettings, error: str, hint: str
) -> None:
    with StandIn([fault] if fault else []) as server:
        _, progress, _ = run(db, server, settings, concurrency=2)
        assert sum(asked(server).values()) <= 2
    assert progress.why == "server"
    assert error in progress.error
    assert hint in progress.hint
    assert progress.statuses == {}


def test_a_reasoning_model_is_asked_as_the_hint_says(db: Store) -> None:
    settings = replace(SETTINGS, model="o3", temperature=None, tokens_field="max_completion_tokens")
    with StandIn() as server:
        assert run(db, server, settings)[1].statuses == {"ok": 11}


def test_a_wrong_key_stops_the_run_and_is_not_repeated(db: Store) -> None:
    with StandIn(key="another-key-entirely") as server:
        _, progress, _ = run(db, server, concurrency=1)
    assert (progress.why, progress.requests) == ("server", 1)
    assert "HTTP 401" in progress.error
    assert KEY not in progress.error
    assert KEY[-4:] not in progress.error


def test_where_there_is_no_server_the_run_ends_soon(db: Store) -> None:
    with StandIn() as server:
        pass
    _, progress, _ = run(db, server)
    assert progress.why == "server"
    assert "does not answer" in progress.error
    assert progress.requests <= 12


def test_a_server_that_fails_everything_is_left_alone(db: Store) -> None:
    with StandIn([Fault("400")]) as server:
        _, progress, _ = run(db, server, repeats=3, concurrency=1)
        assert sum(asked(server).values()) == runner.HOPELESS
    assert "in a row" in progress.error


def test_a_server_that_asks_for_hours_is_left_alone(db: Store) -> None:
    with StandIn([Fault("rate_limit", seconds=7200)]) as server:
        _, progress, _ = run(db, server, concurrency=1)
        assert sum(asked(server).values()) == 1
    assert "120 minutes" in progress.error


def test_the_number_of_requests_is_capped_retries_included(db: Store) -> None:
    with StandIn([Fault("500", times=2)]) as server:
        _, progress, _ = run(db, server, caps=(6, None), concurrency=3)
        assert sum(asked(server).values()) == 6 == progress.requests
        assert progress.why == "budget"
        kept = progress.statuses["ok"]
        assert run(db, server)[0].done == kept


@pytest.mark.parametrize("kinds", [[], [Fault("lost_answer", probability=0.3)]])
def test_the_cost_is_capped_with_answers_on_their_way(db: Store, kinds: list[Fault]) -> None:
    """What the server did counts, whether or not its answer arrived."""
    prices = Prices(2.5, 10.0)
    cap = 0.05
    did: list[dict[str, Any]] = []

    def reply(body: dict[str, Any]) -> str:
        did.append(body)
        return reply_for(body)

    with StandIn(kinds, reply=reply, latency=0.02) as server:
        _, progress, budget = run(
            db, server, replace(SETTINGS, max_tokens=300), prices=prices, caps=(None, cap), repeats=4, concurrency=8
        )
        most = server.log()["max_in_flight"]
    from standin.judge import prompt_tokens, text_tokens

    paid = sum(prices.cost(prompt_tokens(body), text_tokens(reply_for(body))) or 0 for body in did)
    assert progress.why == "budget"
    assert progress.statuses["ok"] > 3
    assert paid <= budget.spent + 1e-12
    assert budget.spent <= cap
    assert most > 1
    assert not kinds or len(did) > progress.statuses["ok"]


def test_repeats_are_asked_with_seeds_of_their_own(db: Store) -> None:
    bodies: list[dict[str, Any]] = []
    with StandIn(reply=lambda body: (bodies.append(body), reply_for(body))[1]) as server:
        run(db, server, repeats=1)
        plan, progress, _ = run(db, server, repeats=3)
    assert (plan.done, progress.statuses) == (11, {"ok": 22})
    assert Counter(body["seed"] for body in bodies) == {0: 11, 1: 11, 2: 11}
    assert Counter(one.repeat for one in judgments(db)) == {0: 11, 1: 11, 2: 11}


def test_what_is_sent_is_what_the_dry_run_shows(db: Store) -> None:
    bodies: list[dict[str, Any]] = []
    pictures = pictures_of(db)
    with StandIn(reply=lambda body: (bodies.append(body), reply_for(body))[1]) as server:
        plan, _, _ = run(db, server)

    def without_url(body: dict[str, Any]) -> str:
        made = json.loads(json.dumps(body))
        assert made["messages"][1]["content"][1]["image_url"].pop("url").startswith("data:image/png;base64,")
        return json.dumps(made, sort_keys=True)

    shown = [shown_body(question, pictures) for question in plan.questions]
    assert sorted(map(without_url, shown)) == sorted(map(without_url, bodies))
    assert max(len(json.dumps(body)) for body in shown) < 5000


def test_only_what_is_selected_is_asked(db: Store) -> None:
    def planned(**more: Any) -> list[tuple[int, str]]:
        plan = make_plan(db, SETTINGS, pictures_of(db), Selection(**more))
        return [(question.ask.item.index, question.ask.response.model) for question in plan.questions]

    assert planned(models=("alpha",), items=(1, 4)) == [(1, "alpha"), (4, "alpha")]
    assert planned(limit=2) == [(0, "alpha"), (0, "beta")]
    from miareview.errors import DataError
    from miareview.review.queues import create_queue

    create_queue(db, "q", size=2, seed=3)
    assert len(planned(queue="q")) in (3, 4)
    assert len({item for item, _ in planned(queue="q")}) == 2
    for wrong in ({"models": ("gamma",)}, {"items": (99,)}, {"queue": "none"}):
        with pytest.raises(DataError):
            planned(**wrong)


def test_only_the_newest_answer_of_a_model_is_judged(db: Store) -> None:
    newer = make_response(ITEMS[0], "alpha", "Another answer.")
    db.add_responses([newer])
    plan = make_plan(db, SETTINGS, pictures_of(db), Selection(items=(0,), models=("alpha",)))
    assert [question.ask.response.id for question in plan.questions] == [newer.id]


def test_a_judge_that_should_see_is_not_asked_without_a_picture(db: Store) -> None:
    (db.path.parent / "images" / "2.png").unlink()
    (db.path.parent / "images" / "3.png").write_text("<html>not found</html>")
    with StandIn() as server:
        plan, progress, _ = run(db, server)
        assert [item.index for item, _ in plan.without_picture] == [2, 3]
        assert (plan.unseen, progress.statuses) == (4, {"ok": 7})
        plan, progress, _ = run(db, server, without_picture=True)
        assert (plan.done, plan.unseen, progress.statuses) == (7, 0, {"ok": 4})
        blind = replace(SETTINGS, picture="none")
        assert len(judgments(db)) == 7
        assert len(judgments(db, blind)) == 4
        # asked for by name, the judge without pictures goes on from there
        assert run(db, server, blind)[0].done == 4
    assert {one.sees_image for one in db.judges() if one.name == MODEL} == {True, False}


def test_a_picture_that_turns_out_damaged_is_skipped_with_its_reason(db: Store) -> None:
    (db.path.parent / "images" / "2.png").unlink()
    path = db.path.parent / "images" / "2.jpg"
    Image.effect_noise((3000, 2100), 90).save(path)
    path.write_bytes(path.read_bytes()[:200_000])
    with StandIn() as server:
        _, progress, _ = run(db, server)
    assert progress.statuses == {"ok": 9}
    assert [reason for _, reason in progress.skipped] == [progress.skipped[0][1]] * 2
    assert "2.jpg" in progress.skipped[0][1]


def test_a_blank_picture_is_another_judge_that_costs_the_same(db: Store) -> None:
    seen: list[str] = []

    def reply(body: dict[str, Any]) -> str:
        seen.append(body["messages"][1]["content"][1]["image_url"]["url"])
        return reply_for(body)

    blank = replace(SETTINGS, picture="blank")
    with StandIn(reply=reply) as server:
        run(db, server)
        pictures = set(seen)
        seen.clear()
        run(db, server, blank)
    assert len(pictures) == 6
    assert len(set(seen)) == 1
    assert pictures.isdisjoint(seen)
    kept = judged(db)
    one, other = kept[SETTINGS.as_judge().id], kept[blank.as_judge().id]
    assert (one.asked, one.prompt_tokens) == (other.asked, other.prompt_tokens)


def test_an_estimate_is_not_far_from_what_the_server_counts(db: Store) -> None:
    pictures = pictures_of(db)
    plan = make_plan(db, SETTINGS, pictures)
    told = estimate(plan.questions, pictures, Prices(2.5, 10.0))
    with StandIn() as server:
        _, _, budget = run(db, server)
    assert told.prompt_tokens == pytest.approx(budget.prompt_tokens, rel=0.1)
    assert told.requests == 11
    assert told.cost is not None
    assert told.cost > budget.completion_tokens * 10 / 1e6


def test_a_prompt_of_ones_own_that_cannot_be_filled_in_is_skipped_not_fatal(db: Store) -> None:
    broken = replace(SETTINGS, prompt=Prompt("mine", "{{ components[2].text }}"))  # half of the items have two
    with StandIn() as server:
        _, progress, _ = run(db, server, broken)
    assert sum(progress.statuses.values()) == 6
    assert len(progress.skipped) == 5
    assert "mine" in progress.skipped[0][1]


def test_a_key_that_a_server_repeats_is_kept_nowhere(db: Store) -> None:
    with StandIn(reply=lambda body: f"Component 1: 1/1 {KEY} {json.dumps(KEY)}") as server:
        _, progress, _ = run(db, server)
    assert sum(progress.statuses.values()) == 11
    db.connection.execute("pragma wal_checkpoint(truncate)")
    assert KEY.encode() not in db.path.read_bytes()
    assert all("[key]" in (one.raw or "") for one in judgments(db))


@pytest.mark.parametrize(
    "text",
    [KEY, f"x{KEY}x", "Incorrect API key provided: sk-abcd1234", "sk-proj-a_b-c", "abcd********wxyz", "Bearer abc.def"],
)
def test_error_texts_are_scrubbed(text: str) -> None:
    client = Client(Service("http://localhost:1/v1"))
    told = client.scrub(f"no: {text} {HOSTILE}")
    assert text not in told
    assert "[key]" in told


def test_azure_is_asked_in_its_own_way(db: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_API_KEY")
    pictures = pictures_of(db)
    plan = make_plan(db, SETTINGS, pictures)
    with StandIn() as server:
        service = Service(server.url.removesuffix("/v1"), api_version="2024-10-21")

        async def go() -> Progress:
            client = Client(service)
            try:
                return await judge(db, plan, pictures, client, Budget(Prices()), 4)
            finally:
                await client.close()

        assert asyncio.run(go()).statuses == {"ok": 11}
        paths = {one["path"] for one in server.log()["requests"]}
    assert paths == {f"/openai/deployments/{MODEL}/chat/completions"}


def test_a_local_server_needs_no_key_and_openai_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from miareview.errors import UsageError

    monkeypatch.delenv("OPENAI_API_KEY")
    assert Client(Service("http://localhost:11434/v1")).openai.api_key == client_module.NO_KEY
    for service in (Service(), Service("https://api.openai.com/v1"), Service("http://x", api_version="1")):
        with pytest.raises(UsageError, match="no API key"):
            Client(service)
    for address in ("localhost:8000", "file:///etc/passwd", "ftp://x/v1", "http://"):
        with pytest.raises(UsageError, match="no http"):
            Client(Service(address))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-broken\nkey")
    with pytest.raises(UsageError) as caught:
        Client(Service())
    assert "broken" not in str(caught.value)
    assert Service("https://user:secret@example.invalid:8/v1").host == "example.invalid:8"


def test_a_database_that_cannot_be_written_ends_the_run_with_a_sentence(db: Store) -> None:
    from miareview.errors import DataError

    db.connection.execute(
        "create trigger full before insert on judgment when (select count(*) from judgment) >= 3"
        " begin select raise(abort, 'disk full'); end"
    )
    with StandIn(latency=0.02) as server, pytest.raises(DataError, match="disk full"):
        run(db, server)
    assert len(answered(db, SETTINGS.as_judge().id)) == 3
