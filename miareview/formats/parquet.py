"""Parquet files, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from miareview.errors import DataError
from miareview.formats.records import Notes
from miareview.formats.source import Entry, Source, shorten

LARGEST = 1_000_000_000  # bytes of one group of rows unpacked; the published files have a few hundred million in all
_AT_ONCE = 8  # rows; pictures of some megabytes may be in each


def source(name: str, stream: BinaryIO) -> Source:
    """The rows of the file; `number` counts them from 0.

    Raises DataError where the file is damaged, a group of rows is larger unpacked than `LARGEST`, or pyarrow is not
    installed.
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
    return Source(name, "Parquet", "index", _rows(file), Notes("index"))


def _rows(file: Any) -> Iterator[Entry]:
    import pyarrow

    number = 0
    batches = file.iter_batches(batch_size=_AT_ONCE)
    while True:
        try:
            batch = next(batches)
            records = batch.to_pylist()
        except StopIteration:
            return
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            yield Entry(number, None, f"the file is damaged from here on ({_why(error)})")
            return
        for record in records:
            yield Entry(number, record)
            number += 1


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {shorten(' '.join(str(error).split()), 80)}"
