"""What a list shows, as a file: the same rows, and nothing more than the list shows to the one who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from miareview.browse.rows import row_json
from miareview.errors import DataError, UsageError
from miareview.formats.table_out import write_csv, write_jsonl
from miareview.formats.whole import whole_file
from miareview.model import Column, ColumnKind
from miareview.store.browse_query import FoundRow
from miareview.store.browse_terms import Question, Sight, Unit
from miareview.store.store import Store

WRITERS = {".csv": write_csv, ".jsonl": write_jsonl}
_KINDS: dict[str, ColumnKind] = {
    "item": "integer", "component": "integer", "reviewers": "integer", "words": "integer", "weight": "integer",
    "responses": "integer", "judge": "real", "people": "real", "delta": "real", "why": "list", "held_back": "boolean",
}  # fmt: skip
_COLUMNS: dict[Unit, tuple[str, ...]] = {
    "response": ("item", "model", "difficulty", "response", "judge", "people", "delta", "reviewers", "gold", "why",
                 "words", "weight", "status", "read", "held_back"),
    "component": ("item", "component", "category", "model", "difficulty", "response", "judge", "people", "delta",
                  "reviewers", "gold", "why", "words", "weight", "status", "read", "held_back"),
    "item": ("item", "difficulty", "judge", "people", "delta", "reviewers", "words", "weight", "responses"),
}  # fmt: skip


def columns(unit: Unit) -> list[Column]:
    """The columns of a file, as in the JSON of `browse`."""
    return [Column(name, _KINDS.get(name, "text"), "") for name in _COLUMNS[unit]]


def file_named(name: str) -> Path:
    """The file of that name, ~ being somebody's home. Raises `UsageError` where no file can be named so."""
    try:
        file = Path(name).expanduser()
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"No file can be written to {name[:50]!r}: {why}.", "Choose another name.") from error
    return file


def export_rows(store: Store, asked: Question, sight: Sight, file: Path, kept: Callable[[FoundRow], bool]) -> int:
    """Write the rows asked for, those that are `kept`, as CSV (safe in spreadsheets) or JSON Lines; returns how many.

    Raises `UsageError` for another ending or a file that is there, `DataError` where it cannot be written.
    """
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise UsageError(f"A list is written as {' or '.join(WRITERS)}, not as {file.name!r}.")
    if file.exists():
        raise UsageError(f"{file} is there already.", "Choose another name.")
    if not file.parent.is_dir():
        raise DataError(f"There is no folder {file.parent}.", "Make it first.")

    from miareview.browse.find import all_rows

    def rows() -> Iterator[list[Any]]:
        for row in all_rows(store, asked, sight):
            if kept(row):
                told = row_json(row, asked.unit)
                yield [told[name] for name in _COLUMNS[asked.unit]]

    with whole_file(file) as stream:
        return writer(stream, columns(asked.unit), rows())
