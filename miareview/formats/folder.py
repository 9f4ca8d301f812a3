"""The files that a path stands for: itself, or what is in the folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_LINK_TEXT = 1_000  # bytes; longer than any path that a link holds


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read; `folder` is the path that it was found in, "" where it was named itself."""

    path: str
    folder: str = ""


@dataclass(slots=True)
class Walk:
    """Files in order, each once whatever links lead to it; `again` are the paths that lead to one of them again."""

    files: list[Found] = field(default_factory=list)
    again: list[str] = field(default_factory=list)


def files_of(paths: Iterable[str]) -> Walk:
    """The files that these paths stand for. Hidden files, and links that leave the folder, are not followed."""
    walk = Walk()
    seen: set[str] = set()
    for path in paths:
        named = path == "-" or "\0" in path or not Path(path).is_dir()
        for found in [Found(path)] if named else _in_folder(path):
            real = found.path if "\0" in path or path == "-" else os.path.realpath(found.path)
            if real in seen:
                walk.again.append(found.path)
            elif real:
                seen.add(real)
                walk.files.append(found)
    return walk


def _in_folder(folder: str) -> list[Found]:
    root = Path(os.path.realpath(folder))
    real: list[Path] = []
    links: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(where) / name for name in sorted(names) if not name.startswith(".")):
            if not path.is_file():
                continue
            target = _target(path)
            if target is None:
                real.append(path)
            elif target.is_file() and target.is_relative_to(root):
                links.append(path if path.is_symlink() else target)
    # The real files first: a link is the one that is read again.
    return [Found(str(path), folder) for path in (*real, *links)]


def _target(path: Path) -> Path | None:
    """Where a link leads, None for a file of its own. Checked out without links, a link is a file that holds a path."""
    if path.is_symlink():
        return Path(os.path.realpath(path))
    if path.stat().st_size > _LINK_TEXT:
        return None
    try:
        held = path.read_bytes().strip()
        target = path.parent / os.fsdecode(held)
        return Path(os.path.realpath(target)) if held and b"\n" not in held and target.is_file() else None
    except (OSError, ValueError):
        return None
