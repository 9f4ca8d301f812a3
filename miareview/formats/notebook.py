"""The published notebook's table, saved: the benchmark's columns, and a column of judge replies for each model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from miareview.formats.fields import KNOWN_KEYS, Unusable, clean, row
from miareview.formats.records import FileReading, ForeignRow
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source

_BENCHMARK_COLUMNS = frozenset({"type", "num_of_component", "image_name", "Unnamed: 0", ""})
_BEGINNING = re.compile(r"\W*score of component", re.I)


def model_columns(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The columns that are named after a model: some cell in them begins as a judge's reply does."""
    found: dict[str, None] = {}
    for record in records:
        for column, value in record.items():
            if isinstance(value, str) and _BEGINNING.match(value) and column not in KNOWN_KEYS | _BENCHMARK_COLUMNS:
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
            reply = row(
                Entry(entry.number, bare | {"model_response": None, "score_raw": record[column]}), ordinal, source, True
            )
            made.append(replace(reply, model=clean(column, entry.number, source.notes)))
        return made

    return read_rows(source, "notebook", "judged", one)
