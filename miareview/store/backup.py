"""A whole copy of the database, made while others write."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from miareview.errors import DataError, UsageError


def write_copy(source: sqlite3.Connection, target: Path) -> None:
    """Write all that `source` holds now, with what is still in its log, into a new file that needs none.

    It is there as a whole or not at all, and on disk when this returns. Raises `UsageError` where `target` is there
    already, `DataError` where it could not be written.
    """
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} to write {target.name} into.", "Make it first.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(copy)
            copy.execute("pragma journal_mode=delete")
        finally:
            copy.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        _name(part, target)
    except FileExistsError as error:
        raise UsageError(f"{target} is there already.", "Choose another name.") from error
    except (sqlite3.Error, OSError) as error:
        raise DataError(f"{target} could not be written: {error}.", "Nothing was left there.") from error
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, target: Path) -> None:
    """Give the file its name, never that of another file."""
    try:
        target.hardlink_to(part)  # unlike a rename, it never replaces
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        part.rename(target)
