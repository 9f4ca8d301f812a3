"""How each item stands with its picture: where it came from, or why there is none."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miareview.errors import DataError
from miareview.images.files import cache_name, open_file
from miareview.images.library import PictureLibrary, in_doubt
from miareview.images.load import glance, verify
from miareview.model import Item

State = Literal["there", "damaged", "ambiguous", "failed", "never"]


@dataclass(frozen=True, slots=True)
class Standing:
    """An item and its picture. "there" and "damaged" have a `path`; `source` is where it came from, `how` what named
    it ("cache", "number", "name"). The others have a `reason`; "failed" was asked for `at` a time, and is `permanent`
    where asking again is of no use. `sha256` is known for a picture that was verified."""

    item: Item
    state: State
    path: Path | None = None
    how: Literal["cache", "number", "name", ""] = ""
    source: str = ""
    reason: str = ""
    at: str = ""
    permanent: bool = False
    sha256: str = ""


def standings(library: PictureLibrary, items: Iterable[Item], *, full: bool = False) -> Iterator[Standing]:
    """The standing of each item. Every picture there is opened; `full` decodes it, which takes its time."""
    for item in items:
        path = library.find(item)
        yield _missing(library, item) if path is None else _there(library, item, path, full)


def same_pictures(found: Iterable[Standing]) -> list[list[Standing]]:
    """The pictures that several addresses share to the byte: servers send one such picture for all that are gone."""
    by_digest: dict[str, dict[str, Standing]] = defaultdict(dict)
    for one in found:
        if one.sha256:
            by_digest[one.sha256].setdefault(cache_name(one.item.image_url), one)
    return [list(group.values()) for group in by_digest.values() if len(group) > 1]


def _there(library: PictureLibrary, item: Item, path: Path, full: bool) -> Standing:
    word = library.word(item)
    cached = path.name.partition(".")[0] == cache_name(item.image_url)
    kept = cached and word is not None and word.outcome == "kept"
    how: Literal["cache", "number", "name"] = "cache" if cached else "number" if path.stem.isdecimal() else "name"
    source = word.source if kept and word else str(path.parent)
    at = word.at if kept and word else ""
    digest = ""
    try:
        with open_file(path) as file:
            if full:
                data = file.read()
                verify(data, path.name)
                digest = hashlib.sha256(data).hexdigest()
            else:
                glance(file, path.name)
    except DataError as error:
        return Standing(item, "damaged", path, how, source, str(error), at)
    return Standing(item, "there", path, how, source, "", at, sha256=digest)


def _missing(library: PictureLibrary, item: Item) -> Standing:
    if doubtful := library.doubtful(item):
        return Standing(item, "ambiguous", reason=in_doubt(doubtful))
    word = library.word(item)
    if word is None:
        return Standing(item, "never", reason=library.obstacle(item) or "never asked for")
    if word.outcome == "kept":
        return Standing(item, "never", source=word.source, reason="its file is gone from the folder", at=word.at)
    return Standing(item, "failed", None, "", word.source or word.url, word.reason, word.at, word.permanent)
