"""What is remembered beside the pictures: where each came from, and why one could not be had.

`pictures.jsonl` in the picture folder, one JSON object a line, only ever appended to: a crash can cost its last line
and no more. It travels with the folder, may be deleted, and belongs to no database, since several may share a folder.
"""

from __future__ import annotations

import json
import os
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from miareview.errors import DataError
from miareview.images.files import cache_name, open_file

NAME = "pictures.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to the picture of an address, at a time (ISO 8601, UTC; filled in by `note`).

    "kept": it came from `source` and has this `sha256`. "failed": it could not be had, for the `reason`; `permanent`
    where asking again is of no use.
    """

    url: str
    outcome: Literal["kept", "failed"]
    source: str = ""
    sha256: str = ""
    reason: str = ""
    permanent: bool = False
    at: str = ""


def note(folder: Path, entry: Entry) -> None:
    """Append an entry. May be called from several threads and processes."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps(asdict(entry) | {"at": entry.at or now}, ensure_ascii=True) + "\n"
    handle = os.open(folder / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        end = os.lseek(handle, 0, os.SEEK_END)
        if end:
            os.lseek(handle, end - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":  # a line cut off by a crash
                line = "\n" + line
        os.write(handle, line.encode("ascii"))
    finally:
        os.close(handle)


def last_words(folder: Path) -> dict[str, Entry]:
    """By cache name, the newest entry of each address; lines that cannot be read are passed over."""
    kinds = {field.name: type(field.default) if field.default != MISSING else str for field in fields(Entry)}
    found: dict[str, Entry] = {}
    try:
        with open_file(folder / NAME) as file:
            lines = file.read().splitlines()
    except (OSError, DataError):
        return found
    for line in lines:
        try:
            row = json.loads(line)
            entry = Entry(**{key: row[key] for key, kind in kinds.items() if isinstance(row.get(key), kind)})
        except (ValueError, TypeError, AttributeError):
            continue
        if entry.outcome in ("kept", "failed"):
            found[cache_name(entry.url)] = entry
    return found
