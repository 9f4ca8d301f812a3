"""The long table from the store: gold out of the ledger, other judges, and queues of one seed."""

from fractions import Fraction

import numpy as np
import pytest
from conftest import commit, draw_queue, make_items

from miareview.identity import judge_id, judgment_id
from miareview.model import Judge, Judgment, SubScore
from miareview.review.queues import create_queue
from miareview.review.score_columns import score_columns
from miareview.stats.agreement.table import agreement_table
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.frame import build_frame
from miareview.store.gold import opened, settled
from miareview.store.ledger import append
from miareview.store.store import Store

STRICT = Judge(judge_id("strict", "", "{}"), "strict")


def test_gold_is_what_was_settled_last(store: Store) -> None:
    response, other = store.responses()[:2]
    append(
        store,
        settled("lead", response.id, 1, Fraction(1)),
        settled("lead", response.id, 1, Fraction(5, 2)),
        settled("lead", response.id, 2, ungradable="ambiguous"),
        settled("lead", other.id, 1, Fraction(7, 2), judge_visible=True),
        settled("lead", other.id, 2, Fraction(1)),
        opened("lead", other.id, 2),
    )
    columns = score_columns(store)
    frame = build_frame(columns)
    assert columns.rater_kind == ["judge", "gold"]
    place = columns.responses.index(response.id), columns.responses.index(other.id)
    first, second = (frame.response == code for code in place)
    weights = frame.weight[first]
    assert frame.gold.value[first][0] == pytest.approx(2.5 / weights[0])
    assert frame.gold.ungradable[first].tolist() == [False, True, *[False] * (weights.size - 2)]
    assert frame.gold.value[second][0] == pytest.approx(3.5 / frame.weight[second][0])
    assert frame.gold.present[second].tolist()[:2] == [True, False]
    assert frame.gold_seen[second].tolist()[0]
    table = agreement_table(frame)
    assert table.beside[0].units == 2
    assert frame.human.value[first][0] == pytest.approx(2.5 / weights[0])


def test_other_judges_come_last_and_only_when_asked(store: Store) -> None:
    items = {item.id: item for item in make_items()}
    replies = []
    for response in store.responses():
        weights = items[response.item].weights
        scores = tuple(SubScore(place, Fraction(weight - 1)) for place, weight in enumerate(weights, start=1))
        id = judgment_id(response.id, STRICT.id, 0, "r")
        replies.append(Judgment(id, response.id, STRICT.id, 0, "r", "ok", (), None, None, scores))
    store.add_judgments(STRICT, replies[:-1])
    commit(store, "ann", replies[0].response)
    alone = score_columns(store)
    assert alone.rater_kind == ["judge", "human"]
    both = score_columns(store, all_judges=True)
    assert (both.raters[0], both.raters[-1]) == ("gpt-4o", "strict")
    frame = build_frame(both)
    assert frame.other_judges == ("strict",)
    given = ~np.isnan(frame.others[0])
    assert given.sum() == sum(len(items[reply_of.item].weights) for reply_of in store.responses()[:-1])
    assert np.allclose(frame.others[0][given], ((frame.weight - 1) / frame.weight)[given])
    (group,) = agreement_table(frame).beside
    assert (group.raters, group.exact, group.representative) == (("gpt-4o", "strict"), 0.0, False)
    assert [m.recomputed for m in leaderboard(both).models] == [m.recomputed for m in leaderboard(alone).models]


def test_a_longer_queue_of_one_seed_takes_over_the_reviews(store: Store) -> None:
    """Three items of a queue of four are done; a queue of all six with its seed goes on, one of another seed not."""
    short = draw_queue(store, "short", size=4, seed=7)
    for row in short.rows:
        if row.item in [r.item for r in short.rows][: 3 * 2]:
            commit(store, "ann", row.response, "short")
    create_queue(store, "other", seed=8)
    long = draw_queue(store, "long", seed=7)
    assert long.rows[: len(short.rows)] == tuple(
        type(row)(row.position, row.response, row.item, row.model, row.stratum, 1.0) for row in short.rows
    )
    done = score_columns(store).samples
    assert [len(sample.responses) for sample in done if sample] == [3, 3]
    for row in long.rows[6:]:
        commit(store, "ann", row.response, "long")
    samples = score_columns(store).samples
    assert [(sample.queue, len(sample.responses)) for sample in samples if sample] == [("long", 6), ("long", 6)]
