"""Opening a foreign file, whatever it is made of, as a stream of records."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from miareview.errors import DataError
from miareview.formats.records import Place

SNIFFED_LINES = 50
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_MAGIC = {
    b"\x1f\x8b": ("is compressed.", "Unpack it first."),
    b"PAR1": ("is a Parquet file, which this version does not read.", "Save it as JSON Lines or CSV."),
    b"SQLite format 3\0": ("is a database.", "Open it with --db, or bring it in with `miareview merge`."),
    b"PK\x03\x04": (
        "is an Excel workbook or another zip file, which this version does not read.",
        "Save the sheet as CSV (UTF-8), or use the .tsv of the same run.",
    ),
}
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_DELIMITERS = {"\t": "TSV", ",": "CSV", ";": "CSV"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file: `record`, or the reason why it could not be read. `number` is a line or an index."""

    number: int
    record: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file: what it is made of, and its records in order. `entries` can be walked once."""

    path: str
    container: str
    place: Place
    entries: Iterator[Entry]

    @property
    def is_table(self) -> bool:
        return self.container in _DELIMITERS.values()


class BadJson(ValueError):
    """Text that is not one usable JSON value; the message is the reason, without the file's name."""


class _Repeated(dict[str, Any]):
    """An object that names a key twice, so that nobody can say which value is meant."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = _Repeated(found)
    keys = [key for key, _ in pairs]
    repeated.key = next(key for key in keys if keys.count(key) > 1)
    return repeated


def parse_json(text: str) -> Any:
    """The JSON value that `text` is; NaN and raw control characters are let through. Raises `BadJson`."""
    try:
        return json.loads(text, strict=False, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise BadJson(f"not valid JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise BadJson("not usable JSON: it is nested too deeply") from None
    except ValueError:
        raise BadJson("not usable JSON: a number in it has too many digits") from None


def _entry(number: int, value: Any) -> Entry:
    if isinstance(value, _Repeated):
        return Entry(number, None, f"the key {shorten(value.key)!r} is there twice")
    if isinstance(value, dict):
        return Entry(number, value)
    return Entry(number, None, f"not an object but {kind_of(value)}")


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def shorten(text: str, length: int = 40) -> str:
    """The beginning of a foreign text, for a sentence."""
    return text if len(text) <= length else text[: length - 1] + "…"


@contextmanager
def open_source(path: Path | str, known: frozenset[str]) -> Iterator[Source]:
    """The records of a file ("-" is standard input); JSON Lines and tables are read as they are walked.

    `known` are the names by which a table's header is told from other text. Raises `DataError` where the file cannot
    be opened, is empty, or is neither JSON nor a table.
    """
    name = str(path)
    try:
        if name == "-":
            yield _source("standard input", sys.stdin.buffer, known)
        elif "\0" in name:
            raise DataError(f"{name!r} is not a file name.")
        elif Path(path).is_dir():
            raise DataError(f"{name} is a directory.", "Name the files in it.")
        else:
            with Path(path).open("rb") as stream:
                yield _source(name, stream, known)
    except FileNotFoundError:
        raise DataError(f"There is no file {name}.", "Check the path.") from None
    except PermissionError:
        raise DataError(f"{name} may not be read.", "Check its permissions.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not valid {error.encoding}: {error.reason}.", "Save it as UTF-8.") from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from None


def _source(name: str, stream: BinaryIO, known: frozenset[str]) -> Source:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(4096)[:4096]
    _refuse_binary(name, head)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = io.TextIOWrapper(
        buffered, encoding="utf-16" if wide else "utf-8-sig", errors="surrogateescape", newline="\n"
    )
    lines = _Lines(enumerate(text, start=1))
    first = lines.peek()
    if first is None:
        raise DataError(f"{name} is empty.")
    if first[1].lstrip().startswith("["):
        return Source(name, "JSON", "index", _array(name, "".join(line for _, line in lines)))
    if first[1].lstrip().startswith("{"):
        return _objects(name, lines)
    return _table(name, lines, known)


class _Lines:
    """Numbered lines from the first that is not blank, with a look at that one."""

    def __init__(self, numbered: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(numbered)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self._lines

    def peek(self) -> tuple[int, str] | None:
        for numbered in self._lines:
            if numbered[1].strip():
                self._lines = chain([numbered], self._lines)
                return numbered
        return None


def _refuse_binary(name: str, head: bytes) -> None:
    for magic, (what, hint) in _MAGIC.items():
        if head.startswith(magic):
            raise DataError(f"{name} {what}", hint)
    if _PICKLE.match(head):
        raise DataError(
            f"{name} is a Python pickle, which is never loaded, because loading one can run any code.",
            "Use the .tsv, .csv or .json of the same run.",
        )
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and head.count(0) > len(head) // 10:
        raise DataError(f"{name} is not text (or UTF-16 without a byte order mark).", "Save it as UTF-8.")


def undecodable(text: str) -> str:
    """Why the text is not UTF-8, with the byte's value and offset; "" where it is."""
    if text.isascii():
        return ""
    found = _ESCAPED_BYTE.search(text)
    if found is None:
        return ""
    offset = len(text[: found.start()].encode("utf-8", "surrogateescape"))
    return f"not UTF-8: byte 0x{ord(found.group()) - 0xDC00:02x} at offset {offset}"


def _array(name: str, text: str) -> Iterator[Entry]:
    bad = undecodable(text)
    if bad:
        found = _ESCAPED_BYTE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise DataError(f"{name}, line {line}: {bad} of the file.", "Save it as UTF-8.")
    try:
        values = parse_json(text)
    except BadJson as error:
        raise DataError(f"{name} cannot be read: {error}.", "Repair it, or write it again.") from None
    if not values:
        raise DataError(f"{name} is an empty list.")
    return (_entry(index, value) for index, value in enumerate(values))


def _json_line(number: int, line: str) -> Entry:
    bad = undecodable(line)
    if bad:
        return Entry(number, None, f"{bad} of the line")
    try:
        return _entry(number, parse_json(line))
    except BadJson as error:
        return Entry(number, None, str(error))


def _objects(name: str, lines: _Lines) -> Source:
    """JSON Lines; or, where no line is an object of its own, one object written over many lines."""
    head: list[tuple[int, str]] = []
    for numbered in lines:
        head.append(numbered)
        if _json_line(*numbered).record is not None or len(head) == SNIFFED_LINES:
            break
    if _json_line(*head[-1]).record is None:
        head.extend(lines)
        try:
            return Source(name, "JSON", "index", iter([_entry(0, parse_json("".join(line for _, line in head)))]))
        except BadJson:
            pass
    entries = (_json_line(number, line) for number, line in chain(head, lines) if line.strip())
    return Source(name, "JSON Lines", "line", entries)


def _table(name: str, lines: _Lines, known: frozenset[str]) -> Source:
    first = lines.peek()
    assert first is not None

    def cells(delimiter: str) -> list[str]:
        try:
            return next(csv.reader([first[1]], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return []

    delimiter = max(_DELIMITERS, key=lambda d: (len(known & {c.strip() for c in cells(d)}), len(cells(d))))
    if not known & {cell.strip() for cell in cells(delimiter)}:
        raise DataError(
            f"{name} is neither JSON nor a table that miareview knows (it begins {shorten(first[1].strip())!r}).",
            "miareview reads the benchmark, responses and judged results as JSON, JSON Lines, CSV or TSV.",
        )
    return Source(name, _DELIMITERS[delimiter], "line", _table_rows(name, lines, delimiter))


def _table_rows(name: str, lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Entry]:
    csv.field_size_limit(2**31 - 1)  # answers may be long; the module's own limit is 128 KiB a cell
    last = 0

    def plain() -> Iterator[str]:
        nonlocal last
        for last, line in lines:  # noqa: B007
            yield line

    reader = csv.reader(plain(), delimiter=delimiter, strict=True)
    header: Sequence[str] | None = None
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
            _refuse_repeated(name, header)
        elif len(cells) != len(header):
            yield Entry(start, None, f"{len(cells)} cells where the header has {len(header)} (up to line {last})")
        else:
            bad = next((f"{undecodable(cell)} of a cell" for cell in cells if undecodable(cell)), "")
            yield Entry(start, None if bad else dict(zip(header, cells, strict=True)), bad)


def _refuse_repeated(name: str, header: Sequence[str]) -> None:
    for column in header:
        if column and header.count(column) > 1:
            raise DataError(f"{name} has the column {shorten(column)!r} twice.", "Rename one of them.")
