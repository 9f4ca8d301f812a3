"""What every reader of a foreign file hands on: rows or items, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from miareview.model import Item, ResponseStatus

Kind = Literal["benchmark", "responses", "judged"]
Place = Literal["line", "index"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One record that was not taken; `place` says whether `number` is a line (from 1) or an index (from 0)."""

    place: Place
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """One answer as a foreign file gives it, and the judge's reply to it where the file has one.

    `number` is where the row is in the file, `ordinal` how many records come before it. `reply` is verbatim;
    `reply_failed` says that it stands for a failed call of the judge and not for its words.
    """

    number: int
    ordinal: int
    url: str | None
    instruction: str | None
    index: int | None
    text: str
    status: ResponseStatus
    model: str | None = None
    reply: str | None = None
    reply_failed: bool = False
    judge: str | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """All that was read from one file. A benchmark has `items`, any other kind `rows`.

    `format` names the reader, `container` what the file is made of ("JSON Lines", "CSV" …). `model` and `judge` are
    the names that the rows give, where all rows agree.
    """

    path: str
    format: str
    container: str
    kind: Kind
    items: tuple[Item, ...] = ()
    rows: tuple[ForeignRow, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    model: str | None = None
    judge: str | None = None
    place: Place = "line"


class Notes:
    """Warnings that many records share, gathered into one sentence each, with where they were seen."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._seen: dict[str, dict[int, None]] = {}

    def add(self, sentence: str, number: int) -> None:
        self._seen.setdefault(sentence, {})[number] = None

    def sentences(self) -> tuple[str, ...]:
        return tuple(f"{sentence} ({places(self.place, list(numbers))})" for sentence, numbers in self._seen.items())


def places(place: Place, numbers: Sequence[int]) -> str:
    """The first few numbers in words: "line 4", "lines 4, 9, 12 and 30 more"."""
    if len(numbers) == 1:
        return f"{place} {numbers[0]}"
    name = "lines" if place == "line" else "indices"
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"{name} {', '.join(map(str, numbers[:5]))}{more}"
