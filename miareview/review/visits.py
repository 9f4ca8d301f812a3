"""How long a person was busy with each response: pauses between their acts, none longer than there is to read."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from miareview.text import words

BASE = 60.0
"""Seconds that a pause may last whatever there is to read: to look at the picture and to think."""
READING = 238.0
"""Words a minute in silent reading, the mean of 190 studies [Brysbaert 2019, J. Memory and Language 109, 104047]."""
READINGS = 2


def longest_pause(*texts: str) -> float:
    """Seconds that a pause over these texts counts at most: `BASE`, and time to read them twice. A night is no work."""
    return BASE + READINGS * 60.0 * sum(len(words(text)) for text in texts) / READING


class Visits:
    """The time on each response that no word on disk carries yet.

    `arrive` begins a visit, `took` gives what is to be written with a word, and `written` forgets it once it is. A
    response that is looked at, left and looked at again has the sum of its visits. `spent` is the time of all visits.
    """

    def __init__(self, longest: Callable[[str], float], clock: Callable[[], float] = monotonic) -> None:
        self._longest = longest
        self._clock = clock
        self._unwritten: dict[str, float] = {}
        self._here: str | None = None
        self._since = clock()
        self.spent = 0.0

    def arrive(self, response: str) -> None:
        """From now on the person is with `response`."""
        self._count()
        self._here = response

    def took(self) -> float:
        """Seconds on the response under the eyes since its last word, over all visits since then."""
        self._count()
        return round(self._unwritten.get(self._here or "", 0.0), 1)

    def written(self) -> None:
        """What `took` gave is on disk."""
        self._unwritten.pop(self._here or "", None)

    def _count(self) -> None:
        """Count the pause that ends now."""
        now, here = self._clock(), self._here
        if here is not None:
            pause = min(now - self._since, self._longest(here))
            self._unwritten[here] = self._unwritten.get(here, 0.0) + pause
            self.spent += pause
        self._since = now
