"""The published notebook's table, saved: the benchmark's columns, and a column of judge replies for each model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from miareview.formats.columns import Columns, ReplyColumn, names_a_judge
from miareview.formats.fields import Unusable, clean, row
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import BENCHMARK_KEYS, KNOWN_KEYS, NOT_NEEDED, TEXT_KEYS
from miareview.formats.records import FileReading, ForeignRow
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source

_REPLY = Columns((ReplyColumn(("score_raw",)),))
_BEGINNING = re.compile(r"\W*score of component", re.I)


def model_columns(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that are named after a model: some cell in them begins as a judge's reply does."""
    found: dict[str, None] = {}
    for record in records:
        for column, value in record.items():
            if (
                isinstance(value, str)
                and _BEGINNING.match(value)
                and column not in KNOWN_KEYS | NOT_NEEDED
                and not names_a_judge(column)
            ):
                found[column] = None
    return list(found)


def read(source: Source, models: list[str]) -> FileReading:
    """The judge's replies in the columns of these models, a row for each; the answers they are about are not there."""

    def one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
        record = entry.record
        assert record is not None
        source.notes.add("the file has the judge's replies and not the answers")
        columns = [column for column in models if record.get(column) is not None]
        if not columns:
            raise Unusable("no judge's reply in it")
        bare = {key: value for key, value in record.items() if key not in models}
        made = []
        for column in columns:
            alone = Entry(entry.number, bare | {"model_response": None, "score_raw": record[column]})
            reply = row(alone, ordinal, source, _REPLY)
            made.append(replace(reply, model=clean(column, entry.number, source.notes)))
        return made

    return read_rows(source, "notebook", "judged", one)


def _claim(head: Head) -> Claim:
    if not head.keys >= set(BENCHMARK_KEYS):
        return Claim(False, "it has not the benchmark's columns")
    if answers := head.first_of(TEXT_KEYS):
        return Claim(False, f"it has answers ({answers})")
    columns = model_columns(head.records)
    if not columns:
        return Claim(False, "no column has replies that begin with 'score of component'")
    return Claim(True, f"it has the benchmark's columns, and replies in columns of models ({', '.join(columns[:5])})")


FORMAT = Format(
    "notebook",
    "the published notebook's table, with a column of judge replies for each model",
    _claim,
    kind=lambda head: "judged",
    read=lambda source, head: read(source, model_columns(head.records)),
)
