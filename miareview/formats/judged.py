"""Judged results: answers together with the raw replies of the judge, as JSON Lines, a JSON list or a table."""

from __future__ import annotations

from miareview.formats.fields import row
from miareview.formats.records import FileReading, ForeignRow
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source


def read(source: Source) -> FileReading:
    """The answers and the judge's replies of a file; a row without a reply keeps its answer."""
    return read_rows(source, "judged", "judged", _one)


def _one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
    return [row(entry, ordinal, source, judged=True)]
