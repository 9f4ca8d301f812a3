"""Which judge is meant, which of its replies counts, and what is said of a judge from a harness."""

import json
from fractions import Fraction

import pytest
from conftest import make_items, make_response

from miareview.errors import DataError
from miareview.identity import judge_id, judgment_id
from miareview.model import Judge, Judgment, SubScore
from miareview.review.named import find_judge
from miareview.review.score_columns import score_columns
from miareview.review.session import ReviewSession
from miareview.stats.board.leaderboard import leaderboard
from miareview.store.store import Store
from miareview.words.flags import say

PARAMETERS = json.dumps({"harness": "lmms-eval"})
BLIND = Judge(judge_id("gpt-4o", "", PARAMETERS), "gpt-4o", "", PARAMETERS, False)


def reply(
    store: Store, judge: Judge, place: int, points: int | None, repeat: int = 0, total: str | None = None
) -> None:
    """A reply that gives every component of a response so many points (None: the call failed)."""
    response = store.responses()[place]
    weights = {item.id: item for item in make_items()}[response.item].weights
    raw = None if points is None else f"{points} {repeat} {total}"
    scores = tuple(SubScore(at, None if points is None else Fraction(points)) for at, _ in enumerate(weights, start=1))
    id = judgment_id(response.id, judge.id, repeat, raw)
    status = "api_error" if points is None else "ok"
    share = None if total is None else Fraction(total)
    store.add_judgments(
        judge, [Judgment(id, response.id, judge.id, repeat, raw, status, (), None, None, scores, share)]
    )


def first_fraction(store: Store, judge: str) -> float:
    columns = score_columns(store, judge)
    return columns.score_fraction[0] * columns.component_weight[columns.score_component[0]]


def test_a_judge_is_found_by_label_name_or_id(store: Store) -> None:
    reply(store, BLIND, 0, 1)
    assert BLIND.label == "gpt-4o (lmms-eval)"
    assert find_judge(store, BLIND.label) == find_judge(store, BLIND.id) == find_judge(store, BLIND.id[:6]) == BLIND
    first = find_judge(store)
    assert first is not None
    assert (first.label, first.harness) == ("gpt-4o", "")
    assert find_judge(store, "gpt-4o") == first  # the label of one, the name of both
    with pytest.raises(DataError, match=r"no judge named 'gpt-5'.*gpt-4o \(lmms-eval\)"):
        find_judge(store, "gpt-5")
    other = json.dumps({"harness": "EvalScope"})
    reply(store, Judge(judge_id("strict", "", other), "strict", "", other), 0, 1)
    reply(store, Judge(judge_id("strict", "p 1", "{}"), "strict", "p 1"), 0, 1)
    with pytest.raises(DataError, match=r"2 judges named 'strict'.*strict \(p 1\) is [0-9a-f]{8}"):
        find_judge(store, "strict")
    with pytest.raises(DataError, match="no judge"):
        find_judge(store, BLIND.id[:5])


def test_a_reply_counts_before_a_failed_call_and_the_first_repeat_before_the_others(store: Store) -> None:
    reply(store, BLIND, 0, None)
    reply(store, BLIND, 0, 3, repeat=2)
    assert first_fraction(store, BLIND.id) == 3
    reply(store, BLIND, 0, 2)
    reply(store, BLIND, 0, 0, repeat=1)
    assert first_fraction(store, BLIND.id) == 2
    reply(store, BLIND, 0, None, repeat=3)
    assert first_fraction(store, BLIND.id) == 2
    reply(store, BLIND, 0, 1)
    assert first_fraction(store, BLIND.id) == 1
    columns = score_columns(store, BLIND.id)
    assert dict(columns.left_out) == {"other_replies": 5}
    session = ReviewSession(store, "ann", [store.responses()[0].id], blind=False, judge=BLIND)
    view = session.view()
    assert view.judge_points[1] == 1
    assert (view.judge_name, view.judge_sees) == ("gpt-4o (lmms-eval)", False)


def test_the_mean_that_a_harness_gives_out(store: Store) -> None:
    """The lost reply is counted as lost; a judge whose replies came from no harness has no such mean."""
    rows = [place for place, response in enumerate(store.responses()) if response.model == "alpha"]
    for place, total in zip(rows[:3], ("1/2", "1/4", None), strict=True):
        reply(store, BLIND, place, 1, total=total)
    board = leaderboard(score_columns(store, BLIND.id))
    alpha = next(model for model in board.models if model.model == "alpha")
    assert (board.harness, board.judge_sees) == ("lmms-eval", False)
    assert alpha.as_harness is not None
    assert (alpha.as_harness.value, alpha.as_harness.used, alpha.as_harness.lost) == (0.375, 2, 1)
    item = next(item for item in store.items() if item.id == store.responses()[rows[0]].item)
    store.add_responses([make_response(item, "alpha", "A newer answer, which the harness never saw.")])
    again = next(m for m in leaderboard(score_columns(store, BLIND.id)).models if m.model == "alpha")
    assert (again.as_harness, again.recomputed.used) == (alpha.as_harness, alpha.recomputed.used - 1)
    plain = leaderboard(score_columns(store, "gpt-4o"))
    assert [model.as_harness for model in plain.models] == [None, None]
    assert board.to_json(say)["models"][0].keys() == plain.to_json(say)["models"][0].keys()


def test_a_default_once_taken_stays_until_another_judge_is_chosen(store: Store) -> None:
    """A second judge with more replies does not take the tables over; `use_judge` does, and it is remembered."""
    first = find_judge(store)
    assert first is not None
    for repeat in range(3):
        for place in range(len(store.responses())):
            reply(store, BLIND, place, 1, repeat)
    assert store.judges()[0] == BLIND  # by far the most judgments
    assert find_judge(store) == first
    assert score_columns(store).judge == first.label
    store.use_judge(BLIND.id)
    assert find_judge(store) == BLIND
    with Store.open(store.path) as again:
        assert score_columns(again).judge == BLIND.label


def test_a_database_without_a_default_keeps_the_judge_that_it_showed(store: Store) -> None:
    """Of a file made before there was a default the judge with the most judgments is kept as others come in."""
    first = find_judge(store)
    with store.writing() as connection:
        connection.execute("delete from setting where key = 'judge'")
    assert find_judge(store) == first
    for repeat in range(3):
        for place in range(len(store.responses())):
            reply(store, BLIND, place, 1, repeat)
    assert find_judge(store) == first


def test_a_benchmark_that_the_default_judge_has_not_seen_has_its_own(store: Store) -> None:
    store.use_judge("0" * 32)
    judge = find_judge(store, benchmark="test")
    assert judge is not None
    assert judge.label == "gpt-4o"
