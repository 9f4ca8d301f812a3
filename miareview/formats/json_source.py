"""JSON: a list of objects, JSON Lines, or one object."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from miareview.errors import DataError
from miareview.formats.frames import records_in
from miareview.formats.names import Names
from miareview.formats.records import Notes
from miareview.formats.source import SNIFFED_LINES, Entry, NotOurs, Source, kind_of, shorten, undecodable

_BETWEEN = re.compile(r"[\s,]*")


class Lines:
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
    repeated.key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return repeated


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_object)


def parse_json(text: str) -> Any:
    """The JSON value that `text` is; NaN and raw control characters are let through. Raises `BadJson`."""
    try:
        return _DECODER.decode(text)
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


def array(name: str, text: str) -> Iterator[Entry]:
    bad = undecodable(text)
    if bad:
        line = next(n for n, line in enumerate(text.split("\n"), start=1) if undecodable(line))
        raise DataError(f"{name}, line {line}: {bad} of the file.", "Save it as UTF-8.")
    try:
        values = parse_json(text)
    except BadJson as error:
        entries = _one_by_one(text[text.index("[") + 1 :])
        if entries and entries[0].record is not None:
            if entries[-1].record is not None and not text.rstrip().endswith("]"):
                entries.append(Entry(len(entries), None, "the list breaks off here"))
            return iter(entries)
        raise DataError(f"{name} cannot be read: {error}.", "Repair it, or write it again.") from None
    if not values:
        raise NotOurs(f"{name} is an empty list.")
    return (_entry(index, value) for index, value in enumerate(values))


def _one_by_one(text: str) -> list[Entry]:
    """Values that stand one after the other, with or without commas between, up to the first that cannot be read."""
    entries: list[Entry] = []
    place = 0
    while (place := _BETWEEN.match(text, place).end()) < len(text) and text[place] != "]":  # type: ignore[union-attr]
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            entries.append(Entry(len(entries), None, f"not valid JSON from here on: {why}"))
            break
        entries.append(_entry(len(entries), value))
    return entries


def _json_line(number: int, line: str) -> Entry:
    bad = undecodable(line)
    if bad:
        return Entry(number, None, f"{bad} of the line")
    try:
        return _entry(number, parse_json(line.rstrip().removesuffix(",")))  # as in a list
    except BadJson as error:
        return Entry(number, None, str(error))


def objects(name: str, lines: Lines, names: Names) -> Source:
    """JSON Lines; or one object, in a line or in many, which is a record or a whole table."""
    head: list[tuple[int, str]] = []
    for numbered in lines:
        head.append(numbered)
        if _json_line(*numbered).record is not None or len(head) == SNIFFED_LINES:
            break
    in_lines = _json_line(*head[-1]).record is not None
    if not in_lines:
        head.extend(lines)
    if not in_lines or (len(head) == 1 and lines.peek() is None):
        entries = _whole(name, "".join(line for _, line in head), names, alone=not in_lines)
        if entries is None and not in_lines:
            found = _one_by_one("".join(line for _, line in head))
            entries = iter(found) if found and found[0].record is not None else None
        if entries is not None:
            return Source(name, "JSON", "index", entries, Notes("index"))
    entries = (_json_line(number, line) for number, line in chain(head, lines) if line.strip())
    return Source(name, "JSON Lines", "line", entries, Notes("line"))


def _whole(name: str, text: str, names: Names, alone: bool) -> Iterator[Entry] | None:
    """The entries of a text that is one JSON object, None where it is none, or a record and not `alone`."""
    try:
        value = parse_json(text)
    except BadJson:
        return None
    if not isinstance(value, dict) or isinstance(value, _Repeated):
        return iter([_entry(0, value)]) if alone else None
    if repeated := next((part.key for part in value.values() if isinstance(part, _Repeated)), None):
        raise DataError(f"{name} has {shorten(repeated)!r} twice in a column or row.", "Write it again.")
    records = records_in(value, names)
    if records is None:
        return iter([_entry(0, value)]) if alone else None
    return (_entry(number, record) for number, record in enumerate(records))
