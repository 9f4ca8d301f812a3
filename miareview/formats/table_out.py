"""Writing a table as JSON Lines, CSV, TSV or Parquet: row by row, so that its size does not matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from miareview.errors import DataError, UsageError
from miareview.model import Column
from miareview.text import repair

Row = Sequence[Any]
_BATCH = 2000
_DANGEROUS = ("\0", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula.

    An apostrophe that is there already gets one more, so that taking one away from every text that begins with one
    gives the texts back. The beginnings are those that OWASP lists under CSV injection and in ASVS 1.2.10.
    """
    return f"'{text}" if text.startswith(("'", *_DANGEROUS)) else text


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text.startswith(_DANGEROUS)


def write_jsonl(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """One JSON object a line, ASCII: any text survives, lone surrogates too. Returns how many rows were written."""
    names = [column.name for column in columns]
    return write_json_lines(stream, (dict(zip(names, row, strict=True)) for row in rows))


def write_json_lines(stream: BinaryIO, records: Iterable[dict[str, Any]]) -> int:
    """Records as JSON Lines; returns how many."""
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007
        stream.write(json.dumps(record, ensure_ascii=True, allow_nan=False).encode("ascii") + b"\n")
    return count


def write_csv(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """CSV by RFC 4180 in UTF-8, texts in quotes and `defuse`d. Returns how many rows were written."""
    return _write_separated(stream, columns, rows, ",", "\r\n", defuse)


def write_tsv(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """The same cut by tabs, with the texts as they are: for programs, not for spreadsheets."""
    return _write_separated(stream, columns, rows, "\t", "\n", str)


def _write_separated(
    stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row], comma: str, end: str, guard: Callable[[str], str]
) -> int:
    # The csv module writes nothing and an empty text alike before Python 3.12; here nothing has no quotes.
    def cell(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return repr(value)
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        return '"' + guard(repair(text)[0]).replace('"', '""') + '"'

    stream.write((comma.join(f'"{column.name}"' for column in columns) + end).encode("utf-8"))
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007
        stream.write((comma.join(map(cell, row)) + end).encode("utf-8"))
    return count


def write_parquet(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Parquet with a type for every column, in groups of rows. Returns how many rows were written."""
    arrow, parquet = _pyarrow()
    kinds = {
        "text": arrow.string(), "integer": arrow.int64(), "real": arrow.float64(), "boolean": arrow.bool_(),
        "list": arrow.list_(arrow.string()), "time": arrow.timestamp("us", tz="UTC"),
    }  # fmt: skip
    schema = arrow.schema(
        [arrow.field(column.name, kinds[column.kind], metadata={"meaning": column.meaning}) for column in columns]
    )
    count = 0
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            arrays = [
                arrow.array([_typed(column, value) for value in values], type=field.type)
                for column, field, values in zip(columns, schema, zip(*batch, strict=True), strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _typed(column: Column, value: Any) -> Any:
    """The value as Parquet stores it: times are times, and UTF-8 has no lone surrogates."""
    if value is None:
        return None
    match column.kind:
        case "text":
            return repair(value)[0]
        case "list":
            return [repair(str(text))[0] for text in value]
        case "time":
            try:
                return datetime.fromisoformat(value)
            except ValueError as error:
                raise DataError(
                    f"{value!r} in the column {column.name} is no time that Parquet could store.",
                    "Export the table as .jsonl or .csv.",
                ) from error
    return value


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed.",
            "pip install 'miareview[parquet]', or write .jsonl or .csv.",
        ) from error
    return pyarrow, pyarrow.parquet


WRITERS = {".jsonl": write_jsonl, ".csv": write_csv, ".parquet": write_parquet}
