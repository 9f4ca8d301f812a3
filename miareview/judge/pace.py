"""How long to wait before asking again: what servers say about it, and what to do where they say nothing."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_BACKOFF = 60.0
"""Seconds: the longest pause of our own choosing."""

_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that the server asks to wait, from `retry-after-ms` or `retry-after` (seconds or a date), or None.

    A date is compared with the server's own, where it tells it: clocks differ.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or not text:
        return seconds
    until = _date(text)
    now = _date(headers.get("date") or "") or now or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def used_up(headers: Mapping[str, str], tokens: int) -> float | None:
    """Seconds until a rate limit that is used up is reset, by the x-ratelimit headers; None where none is.

    `tokens` is what one more request may take.
    """
    waits = []
    for kind, least in (("requests", 1), ("tokens", tokens)):
        left = _number(headers.get(f"x-ratelimit-remaining-{kind}"))
        limit = _number(headers.get(f"x-ratelimit-limit-{kind}"))
        reset = duration(headers.get(f"x-ratelimit-reset-{kind}") or "")
        # A limit below one request could never be waited out.
        if left is not None and reset is not None and left < least and (limit is None or limit >= least):
            waits.append(reset)
    return max(waits, default=None)


def duration(text: str) -> float | None:
    """Seconds of a duration as rate-limit headers write it: 6m0s, 120ms, 1h2m3.5s, or plain seconds; else None.

    A plain number of more than a day is a time and no duration: some services write it so.
    """
    text = text.strip()
    if _PART.sub("", text):
        plain = _number(text)
        return plain if plain is not None and plain <= _SECONDS["d"] else None
    parts = _PART.findall(text)
    return sum(float(value) * _SECONDS[unit] for value, unit in parts) if parts else None


def backoff(failures: int, random: random.Random) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 … `LONGEST_BACKOFF`, each between half and all of it."""
    return min(LONGEST_BACKOFF, 2.0 ** min(failures - 1, 10)) * random.uniform(0.5, 1.0)


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"\s*\d{1,12}(?:\.\d{1,9})?\s*", text, re.ASCII) else None


class Pace:
    """One pause for all: nobody asks before it is over. `stopped` ends every wait at once."""

    def __init__(self, stopped: asyncio.Event) -> None:
        self.stopped = stopped
        self._until = 0.0

    @property
    def left(self) -> float:
        """Seconds until the pause is over."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    def pause(self, seconds: float) -> None:
        """Nobody asks for so many seconds from now; a longer pause that is on already stays."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    async def ready(self) -> None:
        """Wait until there is no pause."""
        while (left := self.left) > 0 and not self.stopped.is_set():
            await self.sleep(left)

    async def sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopped.wait(), seconds)
        except TimeoutError:
            return
