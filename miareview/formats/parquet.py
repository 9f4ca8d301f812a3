"""Parquet files, a few rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from miareview.errors import DataError
from miareview.formats.records import Notes
from miareview.formats.source import MOST_ROWS, Entry, Source, shorten

LARGEST = 1_000_000_000  # bytes of one group of rows unpacked; the published files have a few hundred million in all
UNPACKED = 100_000_000  # bytes that any file may become; a larger one, as many as
TIMES = 20  # times its size. Pictures do not shrink, and texts to a tenth
_AT_ONCE = 8_000_000  # bytes in a batch, where one row may be as large as its group
_MOST_AT_ONCE = 256  # rows


def source(name: str, stream: BinaryIO) -> Source:
    """The rows of the file; `number` counts them from 0.

    Raises DataError where the file is damaged, a group of rows is larger unpacked than `LARGEST`, there are more rows
    than `MOST_ROWS`, what they hold is out of proportion to the file, or pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise DataError(
            f"{name} is a Parquet file, and the package that reads it is not installed.",
            "Install it with: pip install 'miareview[parquet]'.",
        ) from None
    try:
        file = parquet.ParquetFile(stream)
        groups = [file.metadata.row_group(number).total_byte_size for number in range(file.num_row_groups)]
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{name} is a damaged Parquet file ({_why(error)}).", "Fetch or write it again.") from None
    if max(groups, default=0) > LARGEST:
        raise DataError(
            f"{name} has {max(groups) / 1e6:,.0f} MB in one group of rows, more than the {LARGEST / 1e6:,.0f} MB "
            "that are read.",
            "Write it with smaller groups of rows.",
        )
    if file.metadata.num_rows > MOST_ROWS:
        raise DataError(
            f"{name} has {file.metadata.num_rows:,} rows, more than the {MOST_ROWS:,} that are read.",
            "Split it, or write it as JSON Lines.",
        )
    size = stream.seek(0, os.SEEK_END)
    at_once = min(_MOST_AT_ONCE, max(1, _AT_ONCE // max(1, *groups, 1)))
    return Source(name, "Parquet", "index", _rows(name, file, at_once, UNPACKED + TIMES * size), Notes("index"))


def _rows(name: str, file: Any, at_once: int, most: int) -> Iterator[Entry]:
    """The rows, so many at once. One value may stand for millions of rows, so what they become is counted."""
    import pyarrow

    number = unpacked = 0
    batches = file.iter_batches(batch_size=at_once)
    while True:
        try:
            batch = next(batches)
            records = batch.to_pylist()
        except StopIteration:
            return
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            yield Entry(number, None, f"the file is damaged from here on ({_why(error)})")
            return
        unpacked += sum(map(_size, records))
        if unpacked > most:
            raise DataError(
                f"{name} becomes more than {most / 1e6:,.0f} MB, which is out of proportion to its size.",
                "Write it as JSON Lines.",
            )
        for record in records:
            yield Entry(number, record)
            number += 1


def _size(value: Any) -> int:
    """About the bytes of a value. Counted in the values, because the library counts a repeated one once."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 8


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {shorten(' '.join(str(error).split()), 80)}"
