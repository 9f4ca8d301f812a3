"""Tables as text: cut by tabs, commas or semicolons, cells quoted where they hold line breaks."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from miareview.formats.json_source import Lines
from miareview.formats.names import Names
from miareview.formats.records import Notes
from miareview.formats.source import Entry, NotOurs, Source, refuse_repeated, shorten, undecodable

_SAYS_DELIMITER = re.compile(r"sep=[,;]?", re.I)
_DELIMITERS = {"\t": "TSV", ",": "CSV", ";": "CSV"}


def table(name: str, lines: Lines, names: Names) -> Source:
    """The rows of a table whose header has a name that is known; raises NotOurs where it has none."""
    first = lines.peek()
    assert first is not None
    if _SAYS_DELIMITER.fullmatch(first[1].strip()):  # what spreadsheets write for themselves
        next(iter(lines))
        first = lines.peek() or (0, "")

    def cells(delimiter: str) -> list[str]:
        try:
            return next(csv.reader([first[1]], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return []

    def known(delimiter: str) -> int:
        return names.known({cell.strip() for cell in cells(delimiter)})

    delimiter = max(_DELIMITERS, key=lambda d: (known(d), len(cells(d))))
    if not known(delimiter):
        raise NotOurs(
            f"{name} is neither JSON nor a table that miareview knows (it begins {shorten(first[1].strip())!r}).",
            "miareview reads the benchmark, responses and judged results as JSON, JSON Lines, CSV or TSV.",
        )
    return Source(name, _DELIMITERS[delimiter], "line", _rows(name, lines, delimiter), Notes("line"))


def _rows(name: str, lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Entry]:
    csv.field_size_limit(2**31 - 1)  # answers may be long; the module's own limit is 128 KiB a cell
    last = 0

    def plain() -> Iterator[str]:
        nonlocal last
        for last, line in lines:  # noqa: B007
            yield line

    reader = csv.reader(plain(), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        start = last + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Entry(start, None, f"not a row of a table: {error} (read up to line {last})")
            continue
        if not any(cells):
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            refuse_repeated(name, header)
        elif len(cells) != len(header):
            yield Entry(start, None, f"{len(cells)} cells where the header has {len(header)} (up to line {last})")
        else:
            bad = next((f"{undecodable(cell)} of a cell" for cell in cells if undecodable(cell)), "")
            yield Entry(start, None if bad else dict(zip(header, cells, strict=True)), bad)
