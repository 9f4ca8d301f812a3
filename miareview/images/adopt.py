"""Pictures taken over from a folder of somebody else's, each under the address of its item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miareview.errors import DataError
from miareview.images.files import open_file
from miareview.images.folder import MAX_BYTES, add_bytes
from miareview.images.library import PictureLibrary, in_doubt
from miareview.model import Item

HARNESS_FOLDERS = ("", "MIA-Bench", "images/MIA-Bench")
"""Where harnesses put the benchmark's pictures, below the folder that is named (VLMEvalKit: LMUData/images/…)."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of a file that is an item's picture. "none": the folder has no picture of the item, and no `path`;
    "ambiguous" and "refused" have a `reason`, like "conflict"."""

    item: Item
    status: Literal["new", "unchanged", "conflict", "refused", "ambiguous", "none"]
    path: Path | None = None
    reason: str = ""


def source_library(folder: Path, items: Iterable[Item]) -> PictureLibrary:
    """The pictures of a folder, and of the folders below it that harnesses make."""
    return PictureLibrary([folder / below if below else folder for below in HARNESS_FOLDERS], items)


def adopt(library: PictureLibrary, items: Iterable[Item], folder: Path, *, dry_run: bool = False) -> Iterator[Adopted]:
    """Copy the picture of each item into `folder`. With `dry_run` say what would be done, and change nothing.

    Raises OSError where the folder cannot be written.
    """
    for item in items:
        path = library.find(item)
        if path is None:
            doubtful = library.doubtful(item)
            yield Adopted(
                item,
                "ambiguous" if doubtful else "none",
                doubtful[0] if doubtful else None,
                in_doubt(doubtful) if doubtful else "",
            )
            continue
        try:
            with open_file(path) as file:
                data = file.read(MAX_BYTES + 1)
            added = add_bytes(folder, item.image_url, data, str(path), dry_run=dry_run)
        except DataError as error:
            yield Adopted(item, "refused", path, error.message)
            continue
        yield Adopted(item, added.status, path, added.reason)
