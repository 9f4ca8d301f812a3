"""Picture files in folders: how they are named and listed, and how one is opened without waiting."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from miareview.errors import DataError
from miareview.identity import canonical_url
from miareview.text import visible

# Files that fetchers leave beside pictures under the same name.
_NOT_PICTURES = {".json", ".jsonl", ".txt", ".part", ".tmp", ".crdownload"}


def cache_name(url: str) -> str:
    """The file name, without suffix, of the cached picture of this address: SHA-256 of the canonical address."""
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()


def basename(url: str) -> str:
    """The last part of the address, without query, percent signs decoded ("" where there is none)."""
    return unquote(re.split(r"[?#]", canonical_url(url), maxsplit=1)[0].rpartition("/")[2])


def picture_folder(db: Path) -> Path:
    """The picture folder of the database in this file."""
    return db.parent / "images"


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder: its `pictures`, as far as names tell, sorted; and what has a picture's place but is
    none, as (name, what it is)."""

    pictures: list[Path]
    passed_over: list[tuple[str, str]]


def list_folder(folder: Path, beginning: str = "") -> Listing:
    """The files of the folder whose names begin so; nothing where it cannot be read.

    Hidden files are left out. So are links that lead out of the folder: what they lead to was not put there.
    """
    listing = Listing([], [])
    try:
        root = folder.resolve(strict=True)
        with os.scandir(root) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(beginning) and entry.name[0] != "."]
    except OSError:
        return listing
    for path in (root / name for name in sorted(names)):
        if path.suffix.lower() in _NOT_PICTURES:
            continue
        if why := _why_none(path, root):
            listing.passed_over.append((path.name, why))
        elif path.is_file():
            listing.pictures.append(path)
    return listing


def _why_none(path: Path, root: Path) -> str:
    """Why a path cannot be a picture, "" where it can; a folder that is not named like a picture needs no word."""
    try:
        if not path.resolve(strict=True).is_relative_to(root):
            return "a link that leads out of the folder"
        kind = path.stat().st_mode
    except (OSError, RuntimeError):  # RuntimeError: a circle of links, in older Pythons
        return "a link that leads nowhere"
    if stat.S_ISDIR(kind):
        return "a folder" if path.suffix else ""
    return "" if stat.S_ISREG(kind) else "no regular file"


def open_file(path: Path) -> BinaryIO:
    """The file, opened for reading. Raises DataError where there is none, or what has the name is no file.

    Nothing here waits: a named pipe, which would, is refused like a folder or a device.
    """
    name = visible(path.name, newlines=False)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise DataError(f"{name}: the picture cannot be read ({error.strerror}).", "Fetch it again.") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise DataError(f"{name}: the picture cannot be read (it is no regular file).", "Replace it.")
    return os.fdopen(handle, "rb")
