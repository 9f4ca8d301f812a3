"""The picture folder `images/` beside a database: each picture under the hash of its address, its bytes unaltered.

A file there is whole or not there: it is checked by decoding, written under another name and renamed when it is on
disk. A picture is never replaced by another of the same address: reviews have been given by it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miareview.errors import DataError
from miareview.images.files import cache_name, list_folder, open_file
from miareview.images.load import verify
from miareview.images.log import Entry, note
from miareview.text import visible

MAX_BYTES = 50_000_000
"""A picture of more bytes than this is not kept."""

SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "BMP": ".bmp", "TIFF": ".tif"}


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a picture: `path` is the file that has this address now, `sha256` the hex digest of the bytes
    that were given. With "conflict" the file holds other bytes and was left alone; `reason` says so in a sentence."""

    path: Path
    status: Literal["new", "unchanged", "conflict"]
    sha256: str
    reason: str = ""


def add_bytes(folder: Path, url: str, data: bytes, source: str, *, dry_run: bool = False) -> Added:
    """Keep a picture, given as the bytes of its file, under its address. The folder is made where there is none.

    `source` says where it came from (a file's name, an address) and is remembered. The same bytes again are
    "unchanged"; other bytes for an address that has a picture are a "conflict", and change nothing. A file in the
    folder that is damaged is replaced. Raises DataError where the bytes are no picture that can be shown, and OSError
    where the folder cannot be written.
    """
    name, digest = cache_name(url), hashlib.sha256(data).hexdigest()
    there = _there(folder, name)
    if there is not None:
        path, kept = there
        if kept == data:
            return Added(path, "unchanged", digest)
        if _is_shown(kept, path):
            reason = (
                f"{visible(source, newlines=False)}: another picture than the one kept for "
                f"{visible(url, newlines=False)} ({path.name[:12]}…), which stays."
            )
            return Added(path, "conflict", digest, reason)
    if len(data) > MAX_BYTES:
        raise DataError(f"{visible(source, newlines=False)}: the picture has more than {MAX_BYTES:,} bytes.")
    path = folder / (name + SUFFIXES[verify(data, source).format])
    if dry_run:
        return Added(path, "new", digest)
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, data)
    if there is not None and there[0] != path:
        there[0].unlink(missing_ok=True)
    note(folder, Entry(url=url, outcome="kept", source=source, sha256=digest))
    return Added(path, "new", digest)


def sweep(folder: Path) -> None:
    """Remove what a killed program left of pictures it was writing: parts that nobody has touched for a minute."""
    for part in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > 60:
                part.unlink()


def _there(folder: Path, name: str) -> tuple[Path, bytes] | None:
    """The file that has this cache name, and its bytes."""
    for path in list_folder(folder, name).pictures:
        if path.name.partition(".")[0] == name:
            with open_file(path) as file:
                return path, file.read()
    return None


def _is_shown(data: bytes, path: Path) -> bool:
    try:
        verify(data, path.name)
    except DataError:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    """The file is on disk, whole, when this returns; a crash before leaves at most a hidden file ending in .part."""
    part = path.with_name(f".{path.name[:12]}-{secrets.token_hex(4)}.part")  # known before it is made, for an interrupt
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """The folder's own entries on disk, where the system can say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
