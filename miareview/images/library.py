"""Where an item's picture lies: folders of picture files, and which file belongs to which item.

Three ways to name a file are understood, in this order: the cache name (`cache_name`), the item's number (`37.jpg`,
`0037.png`), and the last part of the picture's address. Where a folder has the numbers of all items, each once, its
files are numbered and nothing else, from 0 or from 1. A name that could mean two items means none: a wrong picture
beside a response is worse than no picture.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Protocol

from miareview.identity import canonical_url
from miareview.images.files import basename, cache_name, list_folder
from miareview.images.log import Entry, last_words
from miareview.model import Item
from miareview.text import clip, visible


def in_doubt(paths: Iterable[Path]) -> str:
    """What to say of files that could mean several items, as a clause."""
    names = ", ".join(visible(path.name, newlines=False) for path in paths)
    return f"{clip(names, 80)} could be the picture of several items"


class Addressed(Protocol):
    """An item, or as much of it as tells its picture."""

    @property
    def index(self) -> int: ...
    @property
    def image_url(self) -> str: ...


class PictureLibrary:
    """Finds item pictures in some folders, each listed once, when the library is made.

    `items` are all items of the benchmark, so that names shared by several of them can be told and refused.
    Folders that do not exist are passed over; `passed_over` has what lies in them and is no file of theirs, as
    (name, what it is).
    """

    def __init__(self, folders: Iterable[Path], items: Iterable[Addressed]) -> None:
        self.folders = tuple(folders)
        self._by_stem: dict[str, list[Path]] = defaultdict(list)
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_number: dict[int, list[Path]] = defaultdict(list)
        self._items = list(items)
        self._indexes = {item.index for item in self._items}
        self._certain: dict[int, Path] = {}
        self._from_one = False
        self._words: dict[str, Entry] = {}
        self.passed_over: list[tuple[str, str]] = []
        for folder in self.folders:
            for name, entry in last_words(folder).items():
                self._words[name] = max(entry, self._words.get(name, entry), key=lambda one: one.at)
            listing = list_folder(folder)
            self.passed_over += listing.passed_over
            numbered: dict[int, list[Path]] = defaultdict(list)
            for path in listing.pictures:
                self._by_stem[path.name.partition(".")[0]].append(path)
                self._by_name[path.name].append(path)
                if re.fullmatch(r"[0-9]{1,6}", path.stem):
                    numbered[int(path.stem)].append(path)
            first = self._first_number(numbered)
            for number, paths in numbered.items():
                if first is not None:
                    self._certain.setdefault(number - first, paths[0])
                self._by_number[number] += paths
            # With one more than there are items, and without 0, numbers seem to count from 1.
            self._from_one |= 0 not in numbered and max(self._indexes, default=-1) + 1 in numbered

    def find(self, item: Item) -> Path | None:
        """The item's picture file, or None where there is none or its name is ambiguous (see `why_not`)."""
        for path in self._by_stem.get(cache_name(item.image_url), ()):
            return path
        if item.index in self._certain:
            return self._certain[item.index]
        url = canonical_url(item.image_url)
        numbered = [] if self._from_one else self._by_number.get(item.index, [])
        if len(numbered) == 1 and self._urls_of.get(numbered[0].name, set()) | self._numbers[item.index] == {url}:
            return numbered[0]
        name = basename(item.image_url)
        named = self._by_name.get(name, ()) if name else ()
        if len(named) == 1 and self._urls_of[name] <= {url} and not self._is_anothers(named[0], item):
            return named[0]
        return None

    def paths(self) -> list[Path]:
        """All files that could be pictures, as far as names tell."""
        return [path for paths in self._by_name.values() for path in paths]

    def obstacle(self, item: Item) -> str:
        """What has the name of this item's picture and is none, as a clause; "" where there is nothing."""
        named = {basename(item.image_url), cache_name(item.image_url)}
        for name, what in self.passed_over:
            stem = name.partition(".")[0]
            if name in named or stem in named or (re.fullmatch(r"[0-9]{1,6}", stem) and int(stem) == item.index):
                return f"{clip(name, 60)} is {what}"
        return ""

    def word(self, item: Item) -> Entry | None:
        """What the folders' logs last said of this picture."""
        return self._words.get(cache_name(item.image_url))

    def doubtful(self, item: Item) -> list[Path]:
        """The files that could be this item's picture or another's; none where it has a picture."""
        if self.find(item) is not None:
            return []
        return [*self._by_number.get(item.index, ()), *self._by_name.get(basename(item.image_url) or "/", ())]

    def why_not(self, item: Item) -> str:
        """One or two sentences for the place where the picture would be; "" where there is a picture."""
        if self.find(item) is not None:
            return ""
        if doubtful := self.doubtful(item):
            return (
                f"No picture: {in_doubt(doubtful)}. "
                f"miareview images fetch settles it; or name it {cache_name(item.image_url)}."
            )
        word = self.word(item)
        if word is not None and word.outcome == "failed":
            reason, address = (visible(text, newlines=False) for text in (word.reason, word.source or word.url))
            return f"No picture of item {item.index}: {reason}. Asked on {word.at[:10]}: {address}"
        if obstacle := self.obstacle(item):
            when = f": {obstacle}"
        else:
            when = " yet" if word is None else " any more: its file is gone"
        return f"No picture of item {item.index}{when}. Get it with miareview images fetch, or images add DIR."

    # Only pictures that are not named as in the cache need these, and there may be many items.

    @cached_property
    def _urls_of(self) -> dict[str, set[str]]:
        """The addresses that end in a name."""
        found: dict[str, set[str]] = defaultdict(set)
        for item in self._items:
            found[basename(item.image_url)].add(canonical_url(item.image_url))
        return found

    @cached_property
    def _numbers(self) -> dict[int, set[str]]:
        """The addresses of the items of a number."""
        found: dict[int, set[str]] = defaultdict(set)
        for item in self._items:
            found[item.index].add(canonical_url(item.image_url))
        return found

    def _first_number(self, numbered: dict[int, list[Path]]) -> int | None:
        """What the numbers of a folder count from, where they are complete: each item's is there, and once."""
        items = range(len(self._indexes))
        if not items or len(numbered) < len(items) or self._indexes != set(items):
            return None
        if any(len(urls) > 1 for urls in self._numbers.values()):
            return None
        for first in (0, 1):
            whole = all(len(numbered.get(index + first, ())) == 1 for index in items)
            if whole and (first == 0 or 0 not in numbered):
                return first
        return None

    def _is_anothers(self, path: Path, item: Item) -> bool:
        """Whether the file is known to be another item's, or its name is the number of one."""
        number = int(path.stem) if re.fullmatch(r"[0-9]{1,6}", path.stem) else None
        if path in self._certain.values() or (self._from_one and number is not None):
            return True
        return number in self._indexes and number != item.index
