"""What judges have answered, as the store tells it."""

from __future__ import annotations

from conftest import JUDGE, make_items, make_response

from miareview.judge.prompt import Prompt
from miareview.judge.request import Ask, JudgeSettings, outcome
from miareview.store.judged import answered, failed, judged
from miareview.store.store import Store

SETTINGS = JudgeSettings("m", Prompt("p", "{{ response }}"))
ITEM = make_items(1)[0]
ALPHA, BETA = make_response(ITEM, "alpha"), make_response(ITEM, "beta")
REPLY = {
    "model": "m-2",
    "choices": [{"message": {"content": "Component 1: 4/4\nComponent 2: 3/3\nComponent 3: 3/3\nTotal: 10/10"}}],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10},
}


def put(store: Store, ask: Ask, completion: object, at: str, attempts: int = 1) -> None:
    judgment, call = outcome(SETTINGS.as_judge().id, ask, completion, at=at, attempts=attempts)
    store.add_judgments(SETTINGS.as_judge(), [judgment], [call])


def test_a_question_counts_once_and_a_reply_before_a_failure(store: Store) -> None:
    judge = SETTINGS.as_judge().id
    put(store, Ask(ITEM, ALPHA), None, "1", attempts=6)
    put(store, Ask(ITEM, BETA), None, "1", attempts=6)
    assert (answered(store, judge), failed(store, judge)) == (set(), {(ALPHA.id, 0), (BETA.id, 0)})
    put(store, Ask(ITEM, ALPHA), REPLY, "2", attempts=2)
    put(store, Ask(ITEM, BETA), None, "2", attempts=6)
    put(store, Ask(ITEM, ALPHA, 2), REPLY | {"usage": None}, "3")
    assert answered(store, judge) == {(ALPHA.id, 0), (ALPHA.id, 2)}
    assert failed(store, judge) == {(BETA.id, 0)}
    one = judged(store)[judge]
    assert one.statuses == {"ok": 2, "api_error": 1}
    assert (one.asked, one.waiting, one.responses, one.repeats) == (3, 1, 2, 3)
    assert (one.calls, one.requests, one.untold) == (5, 21, 4)
    assert (one.prompt_tokens, one.completion_tokens) == (100, 10)
    assert one.models == {"m-2": 2}


def test_a_judge_that_was_imported_has_no_calls(store: Store) -> None:
    one = judged(store)[JUDGE.id]
    assert (one.asked, one.responses, one.repeats, one.waiting) == (12, 12, 1, 0)
    assert (one.calls, one.prompt_tokens, one.models) == (0, 0, {})
    assert answered(store, "nobody") == failed(store, "nobody") == set()
