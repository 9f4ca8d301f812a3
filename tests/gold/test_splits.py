"""Items dealt out to tune, develop and test a judge, and a test that decides once."""

from __future__ import annotations

import pytest
from conftest import JUDGE
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import MiaReviewError, UsageError
from miareview.gold.splits import deal_out, decide, items_of
from miareview.model import Judge
from miareview.store.gold import new_split, uses_of
from miareview.store.ledger import append
from miareview.store.register import new_reviewer
from miareview.store.store import Store

ITEMS = [f"item-{number}" for number in range(10)]
OTHER, THIRD = Judge("other", "o3"), Judge("third", "q2")


@settings(max_examples=40)
@given(st.integers(0, 60), st.integers(0, 100), st.integers(0, 100), st.integers(0, 9))
def test_every_item_is_in_one_split_of_its_share(count: int, tune: int, dev: int, seed: int) -> None:
    tune, dev = tune % 101, dev % (101 - tune % 101)
    items = [f"item-{number}" for number in range(count)]
    parts = deal_out(items, {"tune": tune, "dev": dev, "test": 100 - tune - dev}, seed)
    assert sorted(item for part in parts.values() for item in part) == sorted(items)
    assert abs(len(parts["tune"]) - count * tune / 100) <= 0.5
    assert abs(len(parts["test"]) - count * (100 - tune - dev) / 100) <= 0.5


def test_an_item_stays_where_it_is_as_shares_grow() -> None:
    """The numbers are permanent: they are those of the seed and the item, in whatever order the items come."""
    shares = {"tune": 30.0, "dev": 20.0, "test": 50.0}
    dealt = deal_out(ITEMS, shares, 7)
    assert dealt == deal_out(ITEMS[::-1], shares, 7) != deal_out(ITEMS, shares, 8)
    assert dealt == {
        "tune": ["item-1", "item-2", "item-9"], "dev": ["item-0", "item-3"],
        "test": ["item-4", "item-7", "item-6", "item-5", "item-8"],
    }  # fmt: skip
    wider = deal_out(ITEMS, {"tune": 60, "dev": 20, "test": 20}, 7)
    assert wider["tune"][:3] == dealt["tune"]


@pytest.mark.parametrize(("third", "fits"), [(100 / 3, True), (33.3, False), (33.5, False)])
def test_shares_make_a_hundred(third: float, fits: bool) -> None:
    shares = dict.fromkeys(("tune", "dev", "test"), third)
    if fits:
        assert [len(part) for part in deal_out(ITEMS, shares, 1).values()] == [3, 4, 3]
    else:
        with pytest.raises(UsageError, match=f"make {third * 3:g} percent, not 100"):
            deal_out(ITEMS, shares, 1)


@pytest.fixture
def dealt(store: Store) -> Store:
    append(store, new_reviewer("cat"))
    parts = deal_out([item.id for item in store.items("test")], {"tune": 50, "dev": 0, "test": 50}, 7)
    append(store, new_split("cat", "test", 7, parts))
    store.add_judgments(OTHER, [])
    return store


def test_the_items_of_a_split(dealt: Store) -> None:
    assert len(items_of(dealt, "test", "tune")) == len(items_of(dealt, "test", "test")) == 3
    assert items_of(dealt, "test", "tune").isdisjoint(items_of(dealt, "test", "test"))
    assert items_of(dealt, "test", "dev") == set()
    with pytest.raises(UsageError, match="items of other are not dealt out"):
        items_of(dealt, "other", "test")


def test_the_test_split_decides_once(dealt: Store) -> None:
    for split in ("tune", "dev"):
        assert decide(dealt, "test", split, [JUDGE], "cat", False) is False
    assert uses_of(dealt, "test", "tune") == []
    assert decide(dealt, "test", "test", [JUDGE, OTHER], "cat", True) is True  # the first time is none again
    assert decide(dealt, "test", "test", [OTHER], "cat", False) is False  # the same may be compared again
    with pytest.raises(
        MiaReviewError, match=r"used up: on \d{4}-\d\d-\d\d it decided on .*gpt-4o.* for cat; .* tries third"
    ):
        decide(dealt, "test", "test", [OTHER, THIRD], "cat", False)
    assert len(uses_of(dealt, "test", "test")) == 1
    assert decide(dealt, "test", "test", [OTHER, THIRD], "cat", True) is True
    told = [(use.by, set(use.judges), use.again) for use in uses_of(dealt, "test", "test")]
    assert told == [("cat", {JUDGE.id, "other"}, False), ("cat", {"other", "third"}, True)]
