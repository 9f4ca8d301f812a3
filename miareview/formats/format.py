"""What a format is: it looks at the first records of a file and says whether it is its own, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from miareview.formats.columns import Columns
from miareview.formats.records import FileReading, Kind
from miareview.formats.source import Source


@dataclass(frozen=True, slots=True)
class Head:
    """What is seen of a file before it is read: its first `records`, all their `keys`, and what the columns hold.

    `verdicts` are columns that read as a judge's replies and that nobody has said are some. `benchmark` is the name
    that a benchmark in this file gets.
    """

    path: str
    records: Sequence[dict[str, Any]]
    keys: frozenset[str]
    columns: Columns
    verdicts: tuple[str, ...] = ()
    benchmark: str = ""

    def first_of(self, keys: Iterable[str]) -> str | None:
        """The first of these keys that the records have, unless a judge's replies are read from it."""
        return next((key for key in keys if key in self.keys and key not in self.columns.names), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a format says of a file: whether it is its own, and why it is or is not."""

    mine: bool
    why: str


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: its name (for `--format`), what it is in words, whether a file is one, and how it is read."""

    name: str
    what: str
    claim: Callable[[Head], Claim]
    kind: Callable[[Head], Kind]
    read: Callable[[Source, Head], FileReading]
