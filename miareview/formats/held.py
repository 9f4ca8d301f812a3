"""Files that were read, before anything of them is stored: the order of storing needs to know them all, not their rows.

Rows are kept for as long as there is room; of what comes after, they are read again when their turn comes. So memory
does not grow with the number of files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from miareview.formats.records import FileReading, Kind

ROOM = 20_000
"""Rows that are kept of all files together."""


class Held:
    """One file: its kind, how many items it has, and the models that it names."""

    def __init__(self, reading: FileReading, keep: bool, again: Callable[[], FileReading]) -> None:
        """`again` reads the file once more; may raise what reading it raises."""
        self.kind: Kind = reading.kind
        self.items = len(reading.items)
        self.models = frozenset(row.model for row in reading.rows) - {None}
        self._again = again
        self._kept = reading if keep or not Path(reading.path).is_file() else None  # a pipe can be read once

    def take(self) -> FileReading:
        """All of it, which is not kept any longer."""
        reading, self._kept = self._kept, None
        return reading or self._again()
