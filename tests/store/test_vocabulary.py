"""A word is found in a long queue by the index as it is by reading all texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import JUDGE, make_items, make_response
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.browse.rows import refresh
from miareview.review.queues import create_queue
from miareview.store import vocabulary
from miareview.store import work as module
from miareview.store.store import Store
from miareview.store.vocabulary import may_hold
from miareview.store.work import Chosen, Drawn

TEXTS = (
    "Eyeglasses on a café's table.", "CAFE, two-part\nnames", "Straße 241", "ISTANBUL İstanbul 12 K", "x_ray 3.5",
    "cafe\u0301s e\u0301te\u0301", "日本語 cafe", "a <b>b</b> b", "naïve—glass", "", "\u212aelvin k12",
)  # fmt: skip
WORDS = (
    "glass", "café", "cafe", "eyeglasses", "two-part", "part", "241", "24", "straße", "strasse", "istanbul", "k", "ray",
    "x_ray", "3.5", "ete", "日本", "本語", "<b>", "b", "naïve", "describe", "number 2", "xylophone", "kelvin", "late",
)  # fmt: skip


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Answers of which two came in after the summary was made."""
    with Store.open(tmp_path_factory.mktemp("words") / "words.db", create=True) as store:
        items = make_items(6)
        store.add_items(items)
        responses = [make_response(item, f"m{place}", text) for item in items[:4] for place, text in enumerate(TEXTS)]
        store.add_responses(responses)
        refresh(store, JUDGE.id)
        store.add_responses([make_response(items[4], "late", "x"), make_response(items[5], "late", "A late glass.")])
        create_queue(store, "q", design="all", models=[f"m{place}" for place in range(0, len(TEXTS), 2)] + ["late"])
        yield store


def test_the_index_leaves_out_nothing_that_reading_finds(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SEARCHED_AT_ONCE", 4)
    drawn = Drawn(world, "q")
    chosen = Chosen(world, list(drawn))
    assert len(drawn) > 20

    @settings(max_examples=80)
    @given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2), st.sampled_from([0, 6, 4000]))
    def alike(words: list[str], few: int) -> None:
        monkeypatch.setattr(vocabulary, "_FEW", few)
        assert drawn.find(" ".join(words)) == chosen.find(" ".join(words))

    alike()
    monkeypatch.setattr(vocabulary, "_FEW", 1)
    assert len(drawn.find("late glass")) == 1
    assert [len(drawn.find(word)) for word in ("glass", "strasse", "late", "xylophone")] == [9, 0, 1, 0]


def test_the_index_says_which_texts_are_to_be_read(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    late = {id for (id,) in world.rows("select id from response where model = 'late'")}
    assert set(may_hold(world, ["xylophone"], 99) or ()) == late
    straight = {id for (id,) in world.rows("select id from response where text like '%241%'")}
    assert set(may_hold(world, ["straße", "241"], 99) or ()) == straight | late
    assert may_hold(world, ["straße"], 99) is None  # of other letters the index has others in their place
    assert may_hold(world, ["x_ray"], 99) is None
    assert len(may_hold(world, ["describe"], 99) or ()) == len(world.responses())
    assert may_hold(world, ["241"], 5) is None  # less than an eighth of 44
    monkeypatch.setattr(vocabulary, "_FEW", 7)
    assert may_hold(world, ["describe"], 99) is None
    assert set(may_hold(world, ["describe", "241"], 99) or ()) == straight | late
