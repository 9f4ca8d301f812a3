"""What servers say about waiting, in all the ways they say it."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import pytest
from conftest import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.judge.pace import LONGEST_BACKOFF, Pace, backoff, duration, retry_after, used_up

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 -0000"}, 30),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT", "date": "Thu, 01 Jan 2026 12:00:10 GMT"}, 20),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT", "date": "nonsense"}, 30),
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": HOSTILE}, None),
    ],
)
def test_retry_after_in_seconds_milliseconds_or_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("6m0s", 360), ("120ms", 0.12), ("1h2m3.5s", 3723.5), ("2d", 172800), ("59", 59), ("1790000000", None),
     ("", None),
     ("1x", None), ("s", None), ("-1s", None), ("1s junk", None), (HOSTILE, None)],
)  # fmt: skip
def test_durations_as_rate_limit_headers_write_them(text: str, seconds: float | None) -> None:
    assert duration(text) == pytest.approx(seconds) if seconds is not None else duration(text) is None


def limits(kind: str, left: str, reset: str, limit: str = "1000") -> dict[str, str]:
    start = "x-ratelimit-"
    return {f"{start}remaining-{kind}": left, f"{start}reset-{kind}": reset, f"{start}limit-{kind}": limit}


def test_a_limit_that_is_used_up_is_waited_out() -> None:
    assert used_up(limits("requests", "0", "2s"), 100) == 2
    assert used_up(limits("requests", "1", "2s"), 100) is None
    assert used_up(limits("tokens", "99", "3s"), 100) == 3
    assert used_up(limits("tokens", "100", "3s"), 100) is None
    assert used_up(limits("requests", "0", "2s") | limits("tokens", "1", "9s"), 100) == 9
    assert used_up(limits("tokens", "40", "3s", limit="50"), 100) is None
    assert used_up({}, 100) is None


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", *limits("tokens", "", "")]), st.text()))
def test_no_header_breaks_anything(headers: dict[str, str]) -> None:
    for seconds in (retry_after(headers, NOW), used_up(headers, 10)):
        assert seconds is None or 0 <= seconds < 1e13


@settings(deadline=None)
@given(st.integers(1, 10_000), st.integers())
def test_backoff_grows_to_a_bound_and_no_two_slots_wait_alike(failures: int, seed: int) -> None:
    wait = backoff(failures, random.Random(seed))
    full = min(LONGEST_BACKOFF, 2.0 ** (failures - 1)) if failures < 12 else LONGEST_BACKOFF
    assert full / 2 <= wait <= full


async def test_a_pause_is_for_all_and_a_stop_ends_it() -> None:
    stopped = asyncio.Event()
    pace = Pace(stopped)
    clock = asyncio.get_running_loop().time
    pace.pause(0.1)
    pace.pause(0.01)  # the longer one stays
    start = clock()
    await asyncio.gather(pace.ready(), pace.ready())
    assert 0.09 < clock() - start < 5
    pace.pause(60)
    waiting = asyncio.create_task(pace.ready())
    await asyncio.sleep(0)
    stopped.set()
    await asyncio.wait_for(waiting, 5)
