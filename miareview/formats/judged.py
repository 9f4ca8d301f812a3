"""Judged results: answers together with the raw replies of the judge, as JSON Lines, a JSON list or a table."""

from __future__ import annotations

from miareview.formats.columns import Columns
from miareview.formats.fields import row
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import BENCHMARK_KEYS, INDEX_KEYS, INSTRUCTION_KEYS, TEXT_KEYS, URL_KEYS
from miareview.formats.records import FileReading, ForeignRow
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source


def read(source: Source, columns: Columns) -> FileReading:
    """The answers and the judges' replies of a file. A row without a reply keeps its answer; one without an answer, in
    a file that has none, is a reply to an answer that is missing."""

    def one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
        return [row(entry, ordinal, source, columns)]

    return read_rows(source, "judged", "judged", one)


def _claim(head: Head) -> Claim:
    if not head.columns.judged:
        return Claim(False, "no column is known to have a judge's replies")
    where = ", ".join(head.columns.names)
    if head.first_of(TEXT_KEYS) or head.first_of((*URL_KEYS, *INSTRUCTION_KEYS, *INDEX_KEYS, *BENCHMARK_KEYS)):
        return Claim(True, f"it has a judge's replies ({where})")
    return Claim(False, f"it has judge replies ({where}) but neither the answers nor the items they are about")


FORMAT = Format(
    "judged",
    "answers with a judge's replies",
    _claim,
    kind=lambda head: "judged",
    read=lambda source, head: read(source, head.columns),
)
