"""What every reader of a foreign file hands on: rows or items, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from miareview.model import Item, ResponseStatus

Kind = Literal["benchmark", "responses", "judged"]
Place = Literal["line", "index", "row"]
Pictures = Callable[[], Iterator[tuple[int, bytes]]]
"""Walks a file once more for its pictures: (ordinal of the record, bytes of the picture), one at a time; b"" where
what is there cannot be decoded."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One record that was not taken; `number` is a line or a workbook's row (both from 1), or an index (from 0)."""

    place: Place
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """Who replied, and how it was asked, as far as a file tells: `parameters` is canonical JSON."""

    name: str | None = None
    parameters: str = "{}"
    sees_image: bool | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """What was read from a reply that was not kept: `fractions` of 1, by the component's text, or the `points`
    themselves, by its position from 1; None where the reply had none. `warnings` are names as those of `judge.reply`.
    """

    fractions: Mapping[str, Fraction | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    points: Mapping[int, Fraction | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForeignReply:
    """One reply of a judge. `raw` is verbatim; `failed` says that it stands for a failed call and not for words.

    `scores` are there where the harness kept no words. `total` is the total that the harness went on with, a fraction
    of 1; where it kept none of this reply, `points` are the points it read, in component order, and `as_published` says
    that it reads replies as the published notebook does. `finish` is the service's word for how the reply ended, where
    the file has its whole answer. `repeat` is the harness's own number, None where the replies
    are only told apart by their words.
    """

    raw: str | None
    by: JudgedBy = JudgedBy()
    failed: bool = False
    repeat: int | None = None
    scores: Scores | None = None
    total: Fraction | None = None
    points: tuple[Fraction, ...] | None = None
    as_published: bool = False
    finish: str | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What a row says of the item's components, to tell items apart: texts, weights, categories; None where silent.

    `ordered` says whether `texts` stand in the benchmark's order.
    """

    texts: tuple[str, ...] | None = None
    weights: tuple[int, ...] | None = None
    categories: tuple[str, ...] | None = None
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """One answer as a foreign file gives it, and the judges' replies to it where the file has any.

    `number` is where the row is in the file, `ordinal` how many records come before it. `index` is the item's number
    as the row gives it, from 0; the text that stands in its place where that is no number.
    """

    number: int
    ordinal: int
    url: str | None
    instruction: str | None
    index: int | str | None
    text: str
    status: ResponseStatus
    model: str | None = None
    replies: tuple[ForeignReply, ...] = ()
    item: Described = Described()


@dataclass(frozen=True, slots=True)
class FileReading:
    """All that was read from one file. A benchmark has `items`, any other kind `rows`.

    `format` names the reader, `container` what the file is made of ("JSON Lines", "CSV" …). `model` and `judge` are
    the names that the file gives, where there is one of each. `pictures` is there where the file has pictures.
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
    pictures: Pictures | None = None


class Notes:
    """Warnings that many records share, gathered into one sentence each, with where they were seen."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._seen: dict[str, dict[int, None]] = {}

    def add(self, sentence: str, number: int | None = None) -> None:
        """Say it of the record with this number, or of the whole file."""
        seen = self._seen.setdefault(sentence, {})
        if number is not None:
            seen[number] = None

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            f"{sentence} ({places(self.place, list(numbers))})" if numbers else sentence
            for sentence, numbers in self._seen.items()
        )


def places(place: Place, numbers: Sequence[int]) -> str:
    """The first few numbers in words: "line 4", "lines 4, 9, 12 and 30 more"."""
    if len(numbers) == 1:
        return f"{place} {numbers[0]}"
    name = {"line": "lines", "row": "rows", "index": "indices"}[place]
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"{name} {', '.join(map(str, numbers[:5]))}{more}"
