"""Rows as they may be shown: filters, sorts, facets, and nothing that a blind reviewer must not know."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from conftest import JUDGE, draw_queue, make_items, make_judgment, make_response

from miareview.browse import find
from miareview.browse.find import all_rows, count_values, find_rows
from miareview.browse.rows import Page, browse, question, refresh
from miareview.browse.sight import Looking, masked, sight_of
from miareview.errors import UsageError
from miareview.model import Item, Response, SubScore
from miareview.review.queues import create_queue, queue_by_rule
from miareview.review.session import ReviewSession
from miareview.store.browse_query import COLUMNS, FACETS
from miareview.store.browse_terms import Sight
from miareview.store.ledger import Entry, append
from miareview.store.queues import queue as find_queue
from miareview.store.queues import rows_of
from miareview.store.register import alias
from miareview.store.store import Store

MODELS = ("alpha", "beta", "gamma")
Points = Callable[[Item, str], list[int]]


def fill(path: Path, points: Points) -> Store:
    """Six items and three models; alpha and gamma answer item 0 alike; a reply counts the judge's points in words."""
    made = Store.open(path, create=True)
    items = make_items()
    made.add_items(items)
    answers: list[tuple[Item, Response]] = []
    for item in items:
        for model in MODELS:
            text = f"Say {'beta' if model == 'beta' else 'both'} of item {item.index}." if item.index < 2 else None
            answers.append((item, make_response(item, model, text)))
    made.add_responses([response for _, response in answers])
    made.add_judgments(
        JUDGE, [make_judgment(item, response, points(item, response.model)) for item, response in answers]
    )
    return made


def full(item: Item, _: str) -> list[int]:
    return list(item.weights)


def page(store: Store, words: str = "", sort: str = "item", who: str | None = None, **more: str) -> Page:
    refresh(store, JUDGE.id)
    unit, facet = more.get("unit", "response"), more.get("facet")
    asked = question("test", unit, words, sort)
    return browse(store, asked, sight_of(store, who), judge=JUDGE.label, filter=words, facet=facet, limit=1000)


def review(store: Store, who: str, work: list[str], points: Points, **given: object) -> ReviewSession:
    """Commit `work` in its order."""
    session = ReviewSession(store, who, work, judge=JUDGE, **given)  # type: ignore[arg-type]
    models = {response.id: response.model for response in store.responses()}
    for place, id in enumerate(work):
        session.go(place)
        view = session.view()
        for component, value in zip(view.item.components, points(view.item, models[id]), strict=True):
            session.score(component.position, Fraction(value))
        session.commit()
    return session


@pytest.fixture
def filled(tmp_path: Path) -> Store:
    return fill(tmp_path / "filled.db", lambda item, model: [w - (model == "beta") for w in item.weights])


def numbers(found: Page) -> list[tuple[int, str | None]]:
    return [(row.item, row.model) for row in found.rows]


def test_filters_find_what_they_say(filled: Store) -> None:
    assert numbers(page(filled, "item:3")) == [(3, model) for model in MODELS]
    assert {model for _, model in numbers(page(filled, "judge<100%"))} == {"beta"}
    assert page(filled, "-judge<100%").matched == 12
    assert page(filled, "cat:mention").matched == page(filled, "item:0,2,4").matched == 9
    assert page(filled, 'text:"answers item 4"').matched == 3
    assert page(filled, "text:describe").matched == 18  # the instruction
    assert page(filled, "reply:component").matched == 18
    assert page(filled, "model:ALPHA,be*").matched == 12
    assert page(filled, "words>100").matched == 0
    assert page(filled, "cat:mention", unit="component").matched == 9
    assert page(filled, "judge<100%", unit="item").matched == 6


def test_rows_say_why_they_deserve_a_look(filled: Store) -> None:
    twins = page(filled, "why:same item:0")
    assert numbers(twins) == [(0, "alpha"), (0, "gamma")]
    assert page(filled, "why:self").matched == 0
    review(filled, "ann", [twins.rows[0].response or ""], lambda item, _: [0 for _ in item.weights])
    (row,) = page(filled, "why:delta").rows
    assert (row.judge, row.people, row.delta, row.reviewers, row.gold) == (10, 0, -10, 1, "single")
    assert page(filled, "delta>=2").matched == page(filled, "who:ann").matched == 1


def test_sorts_put_what_has_no_value_last(filled: Store) -> None:
    (first, *rest) = [row.response or "" for row in page(filled).rows]
    review(filled, "ann", [first], lambda item, _: [w // 2 for w in item.weights])
    for sort in ("-delta", "delta", "people", "-people"):
        assert page(filled, sort=sort).rows[0].response == first
    with pytest.raises(UsageError, match="'colour'"):
        page(filled, sort="colour")
    assert len(rest) == 17


@pytest.mark.parametrize(("unit", "sort"), [("response", "-judge,item"), ("component", "-weight"), ("item", "words")])
def test_all_rows_are_those_of_the_pages(filled: Store, unit: str, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where somebody else asks in between, for whom something waits."""
    monkeypatch.setattr(find, "_AT_ONCE", 4)
    pages = page(filled, "cat:describe,mention", sort, unit=unit)
    asked = question("test", unit, "cat:describe,mention", sort)
    create_queue(filled, "anns", seed=4)
    append(filled, Entry("ann", "skip", filled.rows("select response from queue_row")[0][0], queue="anns"))
    rows = []
    for row in all_rows(filled, asked, Sight()):
        rows.append(row)
        count_values(filled, asked, sight_of(filled, "ann"), "model" if unit != "item" else "difficulty")
    assert tuple(rows) == pages.rows
    assert len(rows) > 5


def test_a_sight_is_worked_out_anew_after_each_word(tmp_path: Path) -> None:
    store = blind_world(tmp_path / "a.db", 0, 2)
    looking = Looking(store, "ann", ())
    before = looking.sight()
    assert looking.sight() is before
    assert len(masked(store, before)) == 9
    queue = find_queue(store, "mine")
    for row in queue.rows[2:]:
        append(store, Entry("ann", "reveal", row.response, queue="mine"))
        assert looking.sight() == sight_of(store, "ann")
    assert masked(store, looking.sight()) == masked(store, before) == {}
    refresh(store, JUDGE.id)
    asked = question("test", "response", "judge>=0", "")
    assert find_rows(store, asked, looking.sight(), -1).matched == 18
    assert len(find_rows(store, asked, sight_of(store, "ann"), -1).rows) == 18


def test_names_match_in_any_spelling(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a.db", create=True)
    item = make_items()[0]
    store.add_items([item])
    answers = [make_response(item, model) for model in ("Älpha", "ΣΊΓΜΑ [2]", "beta")]
    store.add_responses(answers)
    queue_by_rule(store, "Übung", "", [answers[0].id], benchmark="test")
    review(store, "Zoë", [answers[1].id], full)
    append(store, alias("Zoe M.", "Zoë"))
    for words, model in (
        ("model:älpha", "Älpha"), ("model:A\u0308LPHA", "Älpha"), ("model:σίγμα*", "ΣΊΓΜΑ [2]"),
        ('model:"*[2]"', "ΣΊΓΜΑ [2]"), ("queue:übung", "Älpha"), ("who:zoe\u0308", "ΣΊΓΜΑ [2]"),
        ('who:"zoe m."', "ΣΊΓΜΑ [2]"),
    ):  # fmt: skip
        assert numbers(page(store, words)) == [(0, model)], words
    assert page(store, "model:*" + "*a" * 30_000).matched == 0


def test_words_of_any_script_and_signs_are_found(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a.db", create=True)
    item = make_items()[0]
    store.add_items([item])
    texts = ("snake_case", "\U00020bb7野家", "ｶﾀｶﾅ", "हिन्दी की", "हिन्दी का", "a\0b", "👍🏽 good", "東京 ABC")
    store.add_responses([make_response(item, f"m{number}", text) for number, text in enumerate(texts)])
    for words, found in (
        ("_", [0]), ("\U00020bb7", [1]), ("ﾅ", [2]), ("की", [3]), ("का", [4]), ("हिन्दी", [3, 4]), ("a\0b", [5]),
        ("\0", [5]), ("👍", [6]), ("東京 abc", [7]), ("漢" * 20_000, []), ("!" * 60_000, []),
    ):  # fmt: skip
        assert [row.model for row in page(store, f'text:"{words}"').rows] == [f"m{n}" for n in found], words[:9]


def test_a_value_said_twice_is_said_once(filled: Store) -> None:
    for words, value in (("why:same", "same"), ("gold:none", "none"), ("item:0", "0")):
        assert numbers(page(filled, f"{words},{value}")) == numbers(page(filled, words)) != []


def test_equal_shares_are_equal_in_any_order(tmp_path: Path) -> None:
    """A third of 2 points, as a float, is less than a third of 10."""
    store = Store.open(tmp_path / "a.db", create=True)
    items = [
        replace(item, components=(replace(item.components[0], weight=weight),))
        for item, weight in zip(make_items(2), (10, 2), strict=True)
    ]
    store.add_items(items)
    answers = [make_response(item, "alpha") for item in items]
    store.add_responses(answers)
    thirds = [Fraction(item.total, 3) for item in items]
    store.add_judgments(JUDGE, [
        replace(make_judgment(item, answer, [0]), sub_scores=(SubScore(1, third),))
        for item, answer, third in zip(items, answers, thirds, strict=True)
    ])  # fmt: skip
    for unit in ("response", "component", "item"):
        for sort in ("judge", "-judge"):
            assert [row.item for row in page(store, sort=sort, unit=unit).rows] == [0, 1], (unit, sort)


def test_alike_is_told_of_another_model_and_unlike_points_of_any_component(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a.db", create=True)
    one, other = make_items(2)
    store.add_items([one, other])
    twice = [make_response(one, "alpha", "The same."), make_response(one, "alpha", "The  same.\n")]
    twins = [make_response(other, model, "The same.") for model in ("alpha", "beta")]
    store.add_responses([*twice, *twins])
    points = ([4, 3, 3], [4, 3, 0], [6, 3], [5, 4])  # the last two have one sum
    store.add_judgments(JUDGE, [
        make_judgment(item, answer, given)
        for item, answer, given in zip((one, one, other, other), (*twice, *twins), points, strict=True)
    ])  # fmt: skip
    assert {row.response for row in page(store, "why:same").rows} == {answer.id for answer in twins}
    assert page(store, "why:self").matched == 4


def test_a_queue_of_almost_my_name_is_no_way_round(tmp_path: Path) -> None:
    """A queue that one may know is meant by its name alone; a pattern that means others too tells of the judge."""
    store = blind_world(tmp_path / "a.db", 0, 2)
    assert page(store, "queue:mine", who="ann").held_back == 0
    answer = page(store, "model:alpha").rows[0].response or ""
    queue_by_rule(store, "MINE", "", [answer], benchmark="test")
    for words in ("queue:mine", "queue:m*", "queue:other"):
        assert page(store, words, who="ann").held_back > 0, words


def test_facets_count_what_matches(filled: Store) -> None:
    assert dict(page(filled, "item:0,1", facet="model").facet) == dict.fromkeys(MODELS, 2)
    assert dict(page(filled, "item:0,1", facet="category").facet) == {"describe": 6, "length_limit": 6, "mention": 3}
    assert dict(page(filled, "item:0,1", facet="why").facet) == {"same": 4}
    assert dict(page(filled, "item:0,1", facet="why", unit="item").facet) == {"same": 2}


def test_a_summary_is_kept_up_to_date(filled: Store) -> None:
    assert refresh(filled, JUDGE.id) == 18
    assert refresh(filled, JUDGE.id) == 0
    (response,) = [row.response or "" for row in page(filled, "item:5 model:alpha").rows]
    review(filled, "ann", [response], full)
    assert refresh(filled, JUDGE.id) == 1
    item = make_items()[5]
    late = make_response(item, "delta")
    filled.add_responses([late])
    filled.add_judgments(JUDGE, [make_judgment(item, late, [0, 0], raw="peculiar words")])
    assert numbers(page(filled, "reply:peculiar")) == [(5, "delta")]
    # Another judge is another summary.
    assert refresh(filled, None) == 19
    assert page(filled, "reply:peculiar").matched == 1


WORDS = (
    "item:0,1", "item:2", "cat:math", "cat:mention", "words>5", "text:both", "text:item", "queue:mine", "queue:other",
    "model:alpha", "model:b*", "judge>=80%", "judge<5", "people>=50%", "people<9", "delta>=1", "reviewers>=1",
    "gold:single", "gold:disputed", "why:people,delta", "why:self", "why:same", "why:witness", "reason:miscount",
    "who:ben", "read:ok", "reply:component", "reply:10", "comment:any", "flag:any", "status:ok",
)  # fmt: skip


def blind_world(path: Path, waiting_points: int, waiting_people: int) -> Store:
    """Ann is in the middle of a blind queue. What judge and Ben gave to her waiting responses is as said."""
    probe = fill(path.with_suffix(".probe"), full)
    mine = draw_queue(probe, "mine", size=3, seed=4, reveal="each")
    waiting = {row.response for row in mine.rows[2:]}
    probe.close()

    def judged(item: Item, model: str) -> list[int]:
        text = f"Say {'beta' if model == 'beta' else 'both'} of item {item.index}." if item.index < 2 else None
        waits = make_response(item, model, text).id in waiting
        return [min(w, waiting_points) if waits else w - 1 for w in item.weights]

    store = fill(path, judged)
    queue = draw_queue(store, "mine", size=3, seed=4, reveal="each")
    create_queue(store, "other", seed=9, models=["alpha"])
    review(store, "ann", [row.response for row in queue.rows[:2]], full, queue=queue)
    rows = [row.response for row in queue.rows]
    outside = [response.id for response in store.responses() if response.id not in rows][:3]
    session = review(
        store, "ben", [*rows[2:4], *outside],
        lambda item, model: [min(w, waiting_people) for w in item.weights] if judged(item, model)[0] == min(
            item.weights[0], waiting_points) else [1 for _ in item.weights],
    )  # fmt: skip
    session.go(0)
    session.say("reason", 1, "miscount" if waiting_people else "too strict")
    session.say("comment", value="ten points?" if waiting_people else "")
    session.say("flag", value="1" if waiting_people else "0")
    return store


def test_what_waits_is_masked_and_held_back(tmp_path: Path) -> None:
    store = blind_world(tmp_path / "a.db", 0, 2)
    waiting = masked(store, sight_of(store, "ann"))
    assert len(waiting) == 9
    shown = page(store, who="ann")
    assert (shown.matched, shown.held_back) == (18, 0)
    for row in shown.rows:
        assert row.waits == (row.response in waiting)
        if row.waits:
            assert (row.judge, row.people, row.reviewers, row.gold, row.read, row.why) == (None,) * 6
            assert row.model == waiting[row.response or ""]
            assert row.model not in MODELS
    judged = page(store, "judge>=0", who="ann")
    assert (judged.matched, judged.held_back) == (9, 9)
    assert page(store, "model:alpha", who="ann").held_back == 9
    assert page(store, sort="-judge", who="ann").held_back == 9
    assert page(store, "judge>=0", who="ben").held_back == 0
    assert page(store, "judge>=0").matched == 18


def test_what_waits_stands_in_the_order_of_its_signs(tmp_path: Path) -> None:
    """The order of the models' names would tell who is who."""
    store = blind_world(tmp_path / "a.db", 0, 2)
    for unit in ("response", "component"):
        shown = page(store, who="ann", unit=unit).rows
        for item in {row.item for row in shown}:
            signs = list(dict.fromkeys(row.model or "" for row in shown if row.item == item and row.waits))
            assert signs == sorted(signs)
    real = [row.model for row in page(store, who="ann").rows if not row.waits]
    assert real == [row.model for row in page(store).rows if row.response not in masked(store, sight_of(store, "ann"))]


def test_the_same_answer_of_another_model_does_not_tell_of_one_that_waits(tmp_path: Path) -> None:
    """Alpha and gamma answer item 0 alike; only alpha's answer waits, and its points must not show at gamma's."""

    def without(lost: int, item: Item, model: str) -> list[int]:
        return [weight - lost * (model == "alpha") for weight in item.weights]

    told = []
    for name, lost in (("a.db", 0), ("b.db", 1)):
        points = partial(without, lost)
        store = fill(tmp_path / name, points)
        queue = create_queue(store, "mine", models=["alpha"], seed=4)
        append(store, Entry("ann", "skip", store.rows("select response from queue_row")[0][0], queue=queue.name))
        refresh(store, JUDGE.id)
        answers = []
        for unit in ("response", "component"):
            for words in ("item:0 model:gamma", "why:self", "-why:self model:gamma"):
                answers.append(page(store, words, who="ann", unit=unit, facet="why").to_json())
        told.append(json.dumps(answers))
        assert (page(store, "why:self").matched > 0) == bool(lost)
        assert page(store, "why:self", who="ann").matched == 0
    assert told[0] == told[1]


def test_each_who_looks_through_one_store_sees_their_own(tmp_path: Path) -> None:
    store = blind_world(tmp_path / "a.db", 0, 2)
    queue = create_queue(store, "cids", seed=4, models=["beta"])
    append(store, Entry("cid", "skip", next(iter(rows_of(store, queue.name))).response, queue=queue.name))
    refresh(store, JUDGE.id)
    asked = question("test", "response", "", "")
    waiting = {who: masked(store, sight_of(store, who)) for who in ("ann", "cid", None)}
    assert [len(one) for one in waiting.values()] == [9, 6, 0]
    for who in ("ann", "cid", "ann", None):
        rows = find_rows(store, asked, sight_of(store, who), -1).rows
        assert {row.response: row.model for row in rows if row.waits} == waiting[who]
        assert all(row.judge is None for row in rows if row.response in waiting[who])


def test_no_output_tells_what_waits(tmp_path: Path) -> None:
    """Metamorphic: with other judge's points and other people's words on what waits, not a byte differs."""
    one, other = blind_world(tmp_path / "a.db", 0, 2), blind_world(tmp_path / "b.db", 6, 0)
    assert masked(one, sight_of(one, "ann")) == masked(other, sight_of(other, "ann"))
    assert len(masked(one, sight_of(one, "ann"))) == 9
    refresh(one, JUDGE.id)
    refresh(other, JUDGE.id)
    dice = random.Random(7)
    differed = 0
    for _ in range(400):
        unit = dice.choice(("response", "component", "item"))
        chosen = dice.sample(WORDS, dice.randint(0, 3))
        words = " ".join(("-" if dice.random() < 0.2 else "") + word for word in chosen)
        columns = dice.sample(sorted(COLUMNS[unit]), dice.randint(0, 2))
        sort = ",".join(dice.choice(("", "-")) + name for name in columns)
        facet = dice.choice([name for name in FACETS if name != "component" or unit == "component"])

        def told(store: Store, who: str | None, asked: tuple[str, str, str, str] = (unit, words, sort, facet)) -> str:
            query = question("test", asked[0], asked[1], asked[2])
            sight = sight_of(store, who) if who else Sight()
            return json.dumps(browse(store, query, sight, filter=asked[1], facet=asked[3]).to_json())

        assert told(one, "ann") == told(other, "ann"), (unit, words, sort, facet)
        differed += told(one, None) != told(other, None)
    assert differed > 100  # the worlds are not alike for those who may see
