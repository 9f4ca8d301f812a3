"""Judged results: answers together with the raw replies of the judge, as JSON Lines, a JSON list or a table."""

from __future__ import annotations

from miareview.formats.records import FileReading
from miareview.formats.responses import read_rows
from miareview.formats.source import Source


def read(source: Source) -> FileReading:
    """The answers and the judge's replies of a file; a row without a reply keeps its answer."""
    return read_rows(source, judged=True)
