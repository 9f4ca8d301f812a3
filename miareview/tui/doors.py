"""What one screen may open: it knows the way to another one, and not the other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from miareview.stats.behind import Behind


class Doors(Protocol):
    """Each opens a screen over the one that asks; q comes back from it."""

    def review(self, work: Sequence[str], place: int, seen: bool = False) -> None:
        """The review over responses (ids), at a place among them; with the judge shown where it was `seen` already."""

    def behind(self, behind: Behind) -> None:
        """The reviews behind a number."""

    def look(self, work: Sequence[str]) -> None:
        """The responses (ids) as the review shows them, to look at and not to score."""

    def queue(self, name: str) -> None:
        """The review over a queue."""

    def compare(self, benchmark: str, number: int, base: str | None = None, models: Sequence[str] = ()) -> None:
        """The answers to an item of that number, with one model's first."""

    def gold(self, benchmark: str) -> None:
        """The labels of a benchmark that are to be settled."""

    def guideline(self) -> None:
        """What people score by, and the rules."""

    def browse(self, benchmark: str, filter: str = "", unit: str = "response", sort: str = "item") -> None:
        """The list, as these words say."""
