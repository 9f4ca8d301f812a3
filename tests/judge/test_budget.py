"""A run never goes beyond its caps, whatever the order in which answers come."""

from __future__ import annotations

import asyncio
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.judge.budget import Budget, Prices, Tokens, picture_tokens, tokens_of


@pytest.mark.parametrize(
    ("size", "detail", "tokens"),
    [
        ((1024, 1024), "high", 765),
        ((2048, 4096), "high", 1105),
        ((4096, 8192), "low", 85),
        ((512, 512), "high", 255),
        ((513, 512), "high", 425),
        ((1, 1), "high", 255),
        ((1024, 1024), "auto", 765),
    ],
)
def test_pictures_are_counted_by_the_published_rule(size: tuple[int, int], detail: str, tokens: int) -> None:
    assert picture_tokens(size, detail) == tokens


def test_a_body_is_counted_from_below_and_above() -> None:
    body = {
        "max_tokens": 50,
        "messages": [
            {"role": "system", "content": "four"},
            {"role": "user", "content": [
                {"type": "text", "text": "é" * 100},
                {"type": "image_url", "image_url": {"url": "data:", "detail": "low"}},
            ]},
        ],
    }  # fmt: skip
    found = tokens_of(body, (10, 10))
    assert found.usual < found.most
    assert found.most >= 4 + 200 + 85  # bytes, and the picture
    assert found.completion == 50


@settings(max_examples=60, deadline=None)
@given(
    cap=st.floats(0.001, 0.5),
    beyond=st.floats(0.2, 3.0),
    seed=st.integers(0, 999),
    slots=st.integers(1, 12),
)
def test_dollars_stay_under_the_cap_though_pictures_may_count_for_more(
    cap: float, beyond: float, seed: int, slots: int
) -> None:
    """`beyond`: what the server counts against the most that was thought. One model counts always alike."""
    prices, tokens = Prices(2.5, 10.0), Tokens(usual=500, most=1000, completion=200)
    draw = random.Random(seed)
    paid = 0.0

    async def slot(budget: Budget) -> None:
        nonlocal paid
        while (reserved := await budget.reserve(tokens)) is not None:
            await asyncio.sleep(draw.random() / 10_000)
            kind = draw.random()
            used = (math.floor(1000 * beyond), draw.randint(0, 200))
            if kind < 0.1:  # refused: costs nothing
                await budget.settle(reserved, tokens, None, answered=True)
            elif kind < 0.2:  # cut off: paid for, and nobody says how much
                paid += prices.cost(*used) or 0
                await budget.settle(reserved, tokens, None, answered=False)
            else:
                paid += prices.cost(*used) or 0
                await budget.settle(reserved, tokens, used, answered=True)

    async def run() -> Budget:
        budget = Budget(prices, most_calls=400, most_cost=cap)
        await asyncio.gather(*[slot(budget) for _ in range(slots)])
        return budget

    budget = asyncio.run(run())
    assert budget.calls <= 400
    if beyond <= 1:
        assert paid <= budget.spent + 1e-9
        assert budget.spent <= cap + 1e-9
    else:
        # What no rule foresaw: at most the requests before the first answer can go beyond what was set aside for them.
        one = prices.cost(math.floor(1000 * beyond), 200) or 0
        assert paid <= cap + 8 * one


async def test_calls_are_counted_to_the_last() -> None:
    budget = Budget(Prices(), most_calls=3)
    tokens = Tokens(1, 1, 1)
    kept = [await budget.reserve(tokens) for _ in range(5)]
    assert kept == [0.0, 0.0, 0.0, None, None]
    assert Prices().cost(10, 10) is None
    assert Prices(1, 2).cost(1_000_000, 1_000_000) == 3


async def test_a_request_that_never_fits_is_not_waited_for() -> None:
    budget = Budget(Prices(1000, 1000), most_cost=0.01)
    assert await asyncio.wait_for(budget.reserve(Tokens(1, 1, 1000)), 5) is None
    assert budget.calls == 0
