"""An open foreign file, whatever it is made of, as a stream of records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from miareview.errors import DataError
from miareview.formats.records import Notes, Place

SNIFFED_LINES = 50
MOST_ROWS = 100_000
"""Rows of a packed file (workbook, Parquet) that are read: 400 items of 250 models. A row may take next to no bytes."""
TABULAR = ("TSV", "CSV", "Excel workbook")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class NotOurs(DataError):
    """A file that is none of those that miareview reads: a log, a picture, a pickle. In a folder it is passed over."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file: `record`, or the reason why it could not be read. `number` is where it is."""

    number: int
    record: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: what it is made of, and its records in order. `entries` can be walked once.

    `notes` gathers what is odd in the file, while it is walked and read.
    """

    path: str
    container: str
    place: Place
    entries: Iterator[Entry]
    notes: Notes = field(default_factory=lambda: Notes("line"))

    @property
    def is_table(self) -> bool:
        return self.container in TABULAR


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {
        dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null", bytes: "bytes",
    }  # fmt: skip
    return names.get(type(value), "a number")


def shorten(text: str, length: int = 40) -> str:
    """The beginning of a foreign text, for a sentence."""
    return text if len(text) <= length else text[: length - 1] + "…"


def undecodable(text: str) -> str:
    """Why the text is not UTF-8, with the byte's value and offset; "" where it is."""
    if text.isascii():
        return ""
    found = _ESCAPED_BYTE.search(text)
    if found is None:
        return ""
    offset = len(text[: found.start()].encode("utf-8", "surrogateescape"))
    return f"not UTF-8: byte 0x{ord(found.group()) - 0xDC00:02x} at offset {offset}"


def refuse_repeated(name: str, header: list[str]) -> None:
    """Raises DataError where a column is there twice, so that nobody can say which is meant."""
    twice = next((column for column, count in Counter(header).items() if column and count > 1), None)
    if twice is not None:
        raise DataError(f"{name} has the column {shorten(twice)!r} twice.", "Rename one of them.")
