"""A file that a command writes: checked before the work, there as a whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import click

from miareview.errors import DataError, UsageError

T = TypeVar("T")
_COUNTED = 1000  # rows between two signs of life


def check_target(file: Path, endings: Collection[str], force: bool, what: str) -> None:
    """Refuse before the work is done, not after; `what` is the thing that is written ("A report").

    "-" is stdout, for JSON Lines alone.
    """
    if is_stdout(file) and ".jsonl" in endings:
        return
    if file.suffix.lower() not in endings:
        names = " or ".join(endings) if len(endings) < 3 else ", ".join(endings)
        raise UsageError(f"{what} is a file whose name ends in {names}, not {str(file)!r}.")
    if not file.parent.is_dir():
        raise DataError(f"There is no folder {file.parent} to write {file.name} into.", "Make it first.")
    if file.is_dir():
        raise UsageError(f"{file} is a folder.", "Choose another name.")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already.", "Choose another name, or replace it with --force.")


def is_stdout(file: Path) -> bool:
    return str(file) == "-"


def counting(rows: Iterable[T]) -> Iterator[T]:
    """The rows as they come, counted on stderr where that is a terminal."""
    shown = sys.stderr.isatty()
    for number, row in enumerate(rows, start=1):
        yield row
        if shown and number % _COUNTED == 0:
            click.echo(f"\r{number} rows", nl=False, err=True)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content is at `file` when the block ends, and nothing of it where the block fails.

    It is written beside the target, then moved over it; stdout is written as it comes. Raises `DataError` where the
    folder or the disk does not take it.
    """
    if is_stdout(file):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError as error:
        raise DataError(f"{file} could not be written: {error.strerror}.", "Nothing of it was kept.") from error
    finally:
        with suppress(OSError):  # where nothing could be written, nothing can be removed either
            beside.unlink(missing_ok=True)
