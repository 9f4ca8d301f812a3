"""Opening a foreign file: what it is made of is told from its first bytes."""

from __future__ import annotations

import io
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from miareview.errors import DataError
from miareview.formats.json_source import Lines, array, objects
from miareview.formats.names import Names
from miareview.formats.records import Notes
from miareview.formats.source import Entry, NotOurs, Source
from miareview.formats.table import table

# What begins so is not read, whatever its name; (what it is, what to do).
_MAGIC = {
    b"\x1f\x8b": ("is compressed.", "Unpack it first."),
    b"SQLite format 3\0": ("is a database.", "If miareview made it, open it: miareview --db FILE scores."),
    b"\xd0\xcf\x11\xe0": ("is an old or a password-protected Office file.", "Save it as .xlsx or CSV (UTF-8)."),
}
_AT_ONCE = 1 << 18  # bytes that are asked of the disk
_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"
_PICKLE = re.compile(rb"\x80[\x02-\x05]")


@contextmanager
def open_source(path: Path | str, names: Names) -> Iterator[Source]:
    """The records of a file ("-" is standard input); JSON Lines and tables are read as they are walked.

    `names` tells a table's header from other text, and gives the records our names. Raises `DataError` where the file
    cannot be opened, is empty, or is neither JSON nor a table.
    """
    name = str(path)
    try:
        if name == "-":
            yield _source("standard input", sys.stdin.buffer, names)
        elif "\0" in name:
            raise DataError(f"{name!r} is not a file name.")
        elif Path(path).is_dir():
            raise DataError(f"{name} is a directory.", "Name the files in it.")
        else:
            with Path(path).open("rb", buffering=_AT_ONCE) as stream:
                yield _source(name, stream, names)
    except FileNotFoundError:
        raise DataError(f"There is no file {name}.", "Check the path.") from None
    except PermissionError:
        raise DataError(f"{name} may not be read.", "Check its permissions.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not valid {error.encoding}: {error.reason}.", "Save it as UTF-8.") from None
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from None


def _source(name: str, stream: BinaryIO, names: Names) -> Source:
    source = _opened(name, stream, names)
    return replace(source, entries=(_named(entry, names) for entry in source.entries))


def _named(entry: Entry, names: Names) -> Entry:
    record = names.ours(entry.record) if entry.record else entry.record
    return entry if record is entry.record else replace(entry, record=record)


def _opened(name: str, stream: BinaryIO, names: Names) -> Source:
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(4096)[:4096]
    if head.startswith((_ZIP, _PARQUET)):
        return _packed(name, buffered, head, names)
    _refuse_binary(name, head)
    lines = Lines(enumerate(_text(buffered, head), start=1))
    first = lines.peek()
    if first is None:
        raise NotOurs(f"{name} is empty.")
    if first[1].lstrip().startswith("["):
        return Source(name, "JSON", "index", array(name, "".join(line for _, line in lines)), Notes("index"))
    if first[1].lstrip().startswith("{"):
        return objects(name, lines, names)
    return table(name, lines, names)


def _text(stream: io.BufferedReader[Any], head: bytes) -> Iterable[str]:
    """The lines of a text, without its byte order mark; bytes that are no text become lone surrogates."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.TextIOWrapper(stream, encoding="utf-16", errors="surrogateescape", newline="\n")
    if head.startswith(BOM_UTF8):
        stream.read(len(BOM_UTF8))
    return (line.decode("utf-8", "surrogateescape") for line in stream)  # no sign of UTF-8 has a line end inside


def _packed(name: str, stream: BinaryIO, head: bytes, names: Names) -> Source:
    if not stream.seekable():
        raise DataError(f"{name} is a workbook or a Parquet file, which cannot be read as a stream.", "Name the file.")
    if head.startswith(_PARQUET):
        from miareview.formats import parquet

        return parquet.source(name, stream)
    from miareview.formats import workbook

    return workbook.source(name, stream, names)


def _refuse_binary(name: str, head: bytes) -> None:
    for magic, (what, hint) in _MAGIC.items():
        if head.startswith(magic):
            raise NotOurs(f"{name} {what}", hint)
    if _PICKLE.match(head):
        raise NotOurs(
            f"{name} is a Python pickle, which is never loaded, because loading one can run any code.",
            "Use the .tsv, .csv or .json of the same run.",
        )
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and head.count(0) > len(head) // 10:
        raise NotOurs(f"{name} is not text (or UTF-16 without a byte order mark).", "Save it as UTF-8.")
