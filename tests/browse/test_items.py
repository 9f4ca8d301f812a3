"""Rows that are items: each says what the rows of its responses say, on average, and stands where that puts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import JUDGE, make_items, make_judgment, make_response, waits_for
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.browse.find import all_rows, find_rows
from miareview.browse.rows import question, refresh
from miareview.store.browse_query import COLUMNS, FoundRow
from miareview.store.browse_terms import Sight
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Sight]]:
    """Six items and three models, some of them judged and read by one or two people; and a sight to which item 0 and
    two answers to others wait."""
    with Store.open(tmp_path_factory.mktemp("items") / "items.db", create=True) as store:
        items = make_items()
        double = tuple(replace(part, weight=part.weight * 2) for part in items[1].components)  # points are no shares
        items[1] = replace(items[1], components=double)
        store.add_items(items)
        waiting = []
        for item in items:
            for place, model in enumerate(("alpha", "beta", "gamma")):
                answer = make_response(item, model, "word " * (1 + item.index % 3 + place % 2))
                store.add_responses([answer])
                if (item.index, model) not in {(2, "beta"), (5, "alpha"), (5, "beta"), (5, "gamma")}:
                    points = [max(0, weight - (item.index + place) % 4) for weight in item.weights]
                    store.add_judgments(JUDGE, [make_judgment(item, answer, points)])
                for who in ("ben", "cid")[: (item.index * place) % 3]:
                    scores = [Entry(who, "score", answer.id, part.position, "2") for part in item.components]
                    append(store, *scores, Entry(who, "commit", answer.id))
                if item.index == 0 or (item.index, model) in {(1, "beta"), (3, "gamma")}:
                    waiting.append(answer.id)
        refresh(store, JUDGE.id)
        yield store, waits_for(store, "ann", waiting)


def rows(store: Store, sight: Sight, unit: str, sort: str = "", words: str = "") -> list[FoundRow]:
    return list(all_rows(store, question("test", unit, words, sort), sight))


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def of_responses(found: list[FoundRow]) -> dict[int, list[FoundRow]]:
    return {item: [row for row in found if row.item == item] for item in {row.item for row in found}}


@pytest.mark.parametrize(("blind", "words"), [(False, ""), (True, ""), (False, "model:beta,gamma"), (True, "item:0,3")])
def test_an_item_says_the_mean_of_what_its_responses_say(world: tuple[Store, Sight], blind: bool, words: str) -> None:
    store, sight = world[0], world[1] if blind else Sight()
    found = rows(store, sight, "item", words=words)
    answers = of_responses(rows(store, sight, "response", words=words))
    assert [row.item for row in found] == sorted(answers)
    for row in found:
        mine = answers[row.item]
        waits = [one.waits for one in mine]
        for name in ("judge", "people", "delta"):
            known = [value for one in mine if (value := getattr(one, name)) is not None]
            assert getattr(row, name) == pytest.approx(mean(known)), (row.item, name)
        assert (row.difficulty, row.weight, row.responses) == (mine[0].difficulty, mine[0].weight, len(mine))
        assert row.words == int(sum(one.words for one in mine) / len(mine) + 0.5)
        assert row.reviewers == (None if all(waits) else sum(one.reviewers or 0 for one in mine))
        assert row.waits == any(waits)
        assert (row.response, row.model, row.status, row.gold, row.read, row.why, row.text) == (None,) * 7


def test_items_as_they_are(world: tuple[Store, Sight]) -> None:
    """The same in numbers. Item 3: 4 and 10 points, gamma waits. Item 4: 10, 7 and 4 points, 6 of people twice."""
    store, sight = world
    told = [
        (row.judge, row.people, row.delta, row.reviewers, row.words, row.waits) for row in rows(store, sight, "item")
    ]
    assert told[0] == (None, None, None, None, 1, True)
    assert told[3] == (7.0, None, None, 0, 1, True)
    assert told[5][:2] == (None, 4.0)
    open_ = [(row.judge, row.people, row.delta, row.reviewers) for row in rows(store, Sight(), "item")]
    assert open_[4] == (7.0, 6.0, 0.5, 3)


@settings(max_examples=60)
@given(st.data())
def test_items_are_sorted_by_the_means_of_what_they_are_asked_by(
    world: tuple[Store, Sight], data: st.DataObject
) -> None:
    """Points as shares of the weight, differences without their sign; what has none stands last; a page is a piece."""
    store = world[0]
    by = data.draw(st.lists(st.tuples(st.sampled_from(COLUMNS["item"]), st.booleans()), max_size=2))
    start, count = data.draw(st.tuples(st.integers(0, 7), st.integers(-1, 7)))
    sight = data.draw(st.sampled_from([world[1], Sight()]))
    told = {name for name, _ in by} - {"item", "difficulty", "weight", "words"}
    answers = of_responses([row for row in rows(store, sight, "response") if not (told and row.waits)])

    def key(item: int) -> list[object]:
        mine, keys = answers[item], list[object]()
        for name, falls in by:
            if name == "difficulty":
                keys.append(0)  # the same for all of them
                continue
            values = {
                "item": [item],
                "weight": [mine[0].weight],
                "words": [one.words for one in mine],
                "reviewers": [sum(one.reviewers or 0 for one in mine)],
                "delta": [abs(one.delta) for one in mine if one.delta is not None],
            }.get(name, [getattr(one, name) / one.weight for one in mine if getattr(one, name, None) is not None])
            value = mean([float(one) for one in values])
            keys.append((value is None, 0.0 if value is None else round(-value if falls else value, 9)))
        return [*keys, item]

    asked = question("test", "item", "", ",".join(("-" if falls else "") + name for name, falls in by))
    found = find_rows(store, asked, sight, count, start)
    whole = sorted(answers, key=key)
    assert found.matched == len(whole)
    assert [row.item for row in found.rows] == (whole[start : start + count] if count >= 0 else whole[start:])
