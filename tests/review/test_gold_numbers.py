"""Settling changes what it must (judge and people beside gold, corrected scores), and no other number."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from conftest import draw_queue, make_items, make_response

from miareview.identity import judge_id, judgment_id
from miareview.model import Judge, Judgment, SubScore
from miareview.review.score_columns import score_columns
from miareview.stats.agreement.table import agreement_table
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.correction import corrected_mean
from miareview.stats.frame import build_frame
from miareview.store.gold import relabelled, settled
from miareview.store.ledger import Entry, append
from miareview.store.store import Store
from miareview.words.flags import say

MAY_CHANGE = {"with_overrides", "corrected", "categories", "difficulties", "standing", "flags", "low", "high", "pooled"}


@pytest.fixture
def audited(tmp_path: Any) -> Iterator[Store]:
    """30 items; 20 of them were drawn at random and read by ann and ben, who differ on five first components."""
    judge = Judge(judge_id("j", "p", "{}"), "j", "p", "{}", True)
    with Store.open(tmp_path / "gold.db", create=True) as store:
        items = make_items(30)
        store.add_items(items)
        responses = {item.id: make_response(item, "alpha") for item in items}
        store.add_responses([*responses.values()])
        judgments = []
        for number, item in enumerate(items):
            points = [Fraction(w if (number + p) % 3 else 0) for p, w in enumerate(item.weights)]
            scores = tuple(SubScore(p, given) for p, given in enumerate(points, start=1))
            id = judgment_id(responses[item.id].id, judge.id, 0, str(number))
            judgments.append(
                Judgment(id, responses[item.id].id, judge.id, 0, str(number), "ok", (), None, None, scores)
            )
        store.add_judgments(judge, judgments)
        weights = {item.id: item.weights for item in items}
        for place, row in enumerate(draw_queue(store, "q", size=20, seed=1, reveal="end").rows):
            for who in ("ann", "ben"):
                given = [w - (p == 1 and place % 5 == 0) for p, w in enumerate(weights[row.item])]
                given[0] -= who == "ben" and place % 4 == 0
                words = [Entry(who, "score", row.response, p, str(x), queue="q") for p, x in enumerate(given, start=1)]
                append(store, *words, Entry(who, "commit", row.response, queue="q"))
        yield store


def documents(store: Store) -> tuple[dict[str, Any], dict[str, Any]]:
    frame = build_frame(score_columns(store))
    return agreement_table(frame, ("category", "reviewer")).to_json(say), leaderboard(frame).to_json(say)


def groups(document: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    return [group for group in document["groups"] if group["kind"] in kinds]


def settle_all(store: Store) -> list[str]:
    """Cat settles every dispute as ben has it; returns the responses."""
    done = []
    for place, row in enumerate(draw_queue(store, "again", size=20, seed=1).rows):
        if place % 4 == 0:
            weight = store.item(row.item).weights[0]
            append(store, settled("cat", row.response, 1, Fraction(weight - 1)))
            done.append(row.response)
    return done


def test_settling_changes_what_it_must_and_nothing_else(audited: Store) -> None:
    agreed, scored = documents(audited)
    responses = settle_all(audited)
    agreed_now, scored_now = documents(audited)
    # blind agreement: every figure of judge and people, of people among themselves, by group, and every count
    blind = ("judge-human", "human-human")
    assert groups(agreed, *blind) == groups(agreed_now, *blind)
    assert {key: agreed[key] for key in agreed if key not in ("groups", "standing")} == {
        key: agreed_now[key] for key in agreed if key not in ("groups", "standing")
    }
    # the judge and each person are held against gold now
    assert groups(agreed, "judge-gold", "human-gold") == []
    judge, *people = [group for group in groups(agreed_now, "judge-gold", "human-gold") if not group["by"]]
    assert (judge["raters"], judge["units"], judge["blind_only"]) == (["j (p)", "gold"], 5, True)
    assert not any(one["representative"] for one in (judge, *people)), "only disputes are settled"
    assert [(one["raters"], one["exact"]) for one in people] == [(["ann", "gold"], 0.0), (["ben", "gold"], 1.0)]
    assert people[0]["bias"]["value"] == pytest.approx(np.mean([1 / 4] * 5), abs=0.2)
    assert people[0]["bias"]["value"] > 0, "ann is milder than what was settled"
    # corrected scores
    (before,), (after,) = scored["models"], scored_now["models"]
    changed = {key for key in before if before[key] != after[key]}
    assert {"corrected", "with_overrides", "standing"} <= changed <= MAY_CHANGE
    assert after["corrected"]["value"] < before["corrected"]["value"]
    assert {part["category"]: part["recomputed"] for part in before["categories"]} == {
        part["category"]: part["recomputed"] for part in after["categories"]
    }
    assert before["standing"] == {"settled": 0, "unanimous": after["standing"]["unanimous"], "single": 0,
                                  "disputed": 5, "assisted": 0}  # fmt: skip
    assert (after["standing"]["settled"], after["standing"]["disputed"]) == (5, 0)
    assert {key: scored[key] for key in scored if key not in ("models", "flags")} == {
        key: scored_now[key] for key in scored if key not in ("models", "flags")
    }
    assert len(responses) == 5


def test_the_corrected_score_is_that_of_the_settled_points(audited: Store) -> None:
    """By hand: the mean of ann and ben, but what was settled where it was."""
    responses = settle_all(audited)
    columns = score_columns(audited)
    frame = build_frame(columns)
    (sample,) = columns.samples
    assert sample is not None
    judge, human = [], []
    for number, response in enumerate(columns.responses):
        item = audited.item(columns.items[columns.response_item[number]])
        (judgment,) = audited.judgments(response)
        judge.append(float(sum(score.points or 0 for score in judgment.sub_scores) / item.total))
        if response not in sample.responses:
            human.append(float("nan"))
            continue
        marks = audited.rows("select position, points from current_score where response = ? order by reviewer",
                             (response,))  # fmt: skip
        mean = {p: np.mean([float(points) for q, points in marks if q == p]) for p, _ in marks}
        if response in responses:
            mean[1] = item.weights[0] - 1
        human.append(sum(mean.values()) / item.total)
    expected = corrected_mean(judge, human)
    found = leaderboard(frame).models[0].corrected
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((expected.value, expected.low, expected.high))


def test_a_component_counts_in_the_category_that_people_gave_it(audited: Store) -> None:
    item = audited.items()[0]
    own = item.components[0].category
    agreed, _ = documents(audited)
    append(audited, relabelled("cat", item.id, 1, "perspective"))
    found, scored = documents(audited)
    cells = {
        name: {
            group["by"]["category"]: group["units"] for group in groups(one, "judge-human") if "category" in group["by"]
        }
        for name, one in (("before", agreed), ("after", found))
    }
    moved = cells["after"].get("perspective", 0) - cells["before"].get("perspective", 0)
    assert moved == cells["before"][own] - cells["after"].get(own, 0)
    assert found["relabelled"] == 1
    assert "1 component is counted in the category that people gave, not the benchmark's." in [
        flag["say"] for flag in scored["flags"]
    ]
    assert [group for group in groups(found, "judge-human") if not group["by"]] == [
        group for group in groups(agreed, "judge-human") if not group["by"]
    ], "all together it is the same"
    append(audited, relabelled("cat", item.id, 1, None))
    assert documents(audited)[0] == agreed, "taken back"
