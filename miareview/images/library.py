"""Where an item's picture lies: folders of picture files, and which file belongs to which item.

Three ways to name a file are understood, in this order: the cache name (`cache_name`), the item's number (`37.jpg`,
`0037.png`), and the last part of the picture's address. A name that could mean two items means none: a wrong
picture beside a response is worse than no picture.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from miareview.errors import DataError
from miareview.identity import canonical_url
from miareview.model import Item
from miareview.text import visible

# Files that fetchers leave beside pictures under the same name.
_NOT_PICTURES = {".json", ".jsonl", ".txt", ".part", ".tmp", ".crdownload"}


def cache_name(url: str) -> str:
    """The file name, without suffix, of the cached picture of this address: SHA-256 of the canonical address."""
    return hashlib.sha256(canonical_url(url).encode()).hexdigest()


def basename(url: str) -> str:
    """The last part of the address, without query, percent signs decoded ("" where there is none)."""
    return unquote(re.split(r"[?#]", canonical_url(url), maxsplit=1)[0].rpartition("/")[2])


class PictureLibrary:
    """Finds item pictures in some folders, each listed once, when the library is made.

    `items` are all items of the benchmark, so that names shared by several of them can be told and refused.
    Folders that do not exist are passed over.
    """

    def __init__(self, folders: Iterable[Path], items: Iterable[Item]) -> None:
        self.folders = tuple(folders)
        self._by_stem: dict[str, list[Path]] = defaultdict(list)
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_number: dict[int, list[Path]] = defaultdict(list)
        self._urls_of: dict[str, set[str]] = defaultdict(set)
        self._numbers: set[int] = set()
        for item in items:
            self._numbers.add(item.index)
            self._urls_of[basename(item.image_url)].add(canonical_url(item.image_url))
        for folder in self.folders:
            for path in pictures_in(folder):
                self._by_stem[path.name.partition(".")[0]].append(path)
                self._by_name[path.name].append(path)
                if re.fullmatch(r"[0-9]{1,6}", path.stem):
                    self._by_number[int(path.stem)].append(path)

    def find(self, item: Item) -> Path | None:
        """The item's picture file, or None where there is none or its name is ambiguous (see `why_not`)."""
        for path in self._by_stem.get(cache_name(item.image_url), ()):
            return path
        url = canonical_url(item.image_url)
        numbered = self._by_number.get(item.index, ())
        if len(numbered) == 1 and self._urls_of.get(numbered[0].name, set()) <= {url}:
            return numbered[0]
        name = basename(item.image_url)
        named = self._by_name.get(name, ()) if name else ()
        if len(named) == 1 and self._urls_of[name] <= {url} and not self._numbers_another(named[0], item):
            return named[0]
        return None

    def why_not(self, item: Item) -> str:
        """One sentence for the place where the picture would be; "" where there is a picture."""
        if self.find(item) is not None:
            return ""
        doubtful = [*self._by_number.get(item.index, ()), *self._by_name.get(basename(item.image_url) or "/", ())]
        if doubtful:
            return (
                f"No picture: the file {visible(doubtful[0].name)} could be the picture of several items. "
                f"Name this one {cache_name(item.image_url)[:12]}… (its full cache name) to settle it."
            )
        return f"No picture of item {item.index} yet: name its folder with miareview import --images DIR."

    def _numbers_another(self, path: Path, item: Item) -> bool:
        """Whether the file's name is also the number of another item."""
        return bool(re.fullmatch(r"[0-9]{1,6}", path.stem)) and int(path.stem) in self._numbers - {item.index}


def pictures_in(folder: Path, beginning: str = "") -> list[Path]:
    """The files of the folder whose names begin so, sorted; hidden files and links that lead out of it are left out."""
    try:
        root = folder.resolve(strict=True)
        with os.scandir(root) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(beginning) and entry.name[0] != "."]
    except OSError:
        return []
    paths = (root / name for name in sorted(names))
    return [path for path in paths if path.suffix.lower() not in _NOT_PICTURES and _is_inside(path, root)]


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.is_file() and path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # RuntimeError: a circle of links, in older Pythons
        return False


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
