"""A file that a command writes, checked before the work."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from miareview.errors import DataError, UsageError
from miareview.formats.whole import is_stdout

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


def counting(rows: Iterable[T]) -> Iterator[T]:
    """The rows as they come, counted on stderr where that is a terminal."""
    shown = sys.stderr.isatty()
    for number, row in enumerate(rows, start=1):
        yield row
        if shown and number % _COUNTED == 0:
            click.echo(f"\r{number} rows", nl=False, err=True)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
