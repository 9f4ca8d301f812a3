"""A table that was written as one JSON object, in the ways of pandas: by columns, by rows, or in parts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from miareview.formats.names import INDEX_KEYS, URL_KEYS, Names, is_address


def records_in(value: Mapping[str, Any], names: Names) -> list[Any] | None:
    """The records of a table that this object is, None where it is a record itself.

    `{"url": {"0": …, "1": …}, …}` and `{"url": […], …}` are columns, `{"0": {"url": …}, …}` rows; `{"columns": […],
    "data": [[…], …]}` are both apart, and one list of objects beside other things is a table with its description.
    """
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        header = [str(name) for name in columns]
        return [dict(zip(header, row, strict=True)) if len(row) == len(header) else row for row in data]
    parts = list(value.values())
    if names.known(value):
        return _of_columns(value, parts)
    if parts and all(isinstance(part, dict) for part in parts) and names.known(set(chain.from_iterable(parts))):
        return [_labelled(label, part) for label, part in value.items()]
    lists = [part for part in parts if _is_records(part)]
    return lists[0] if len(lists) == 1 and names.known(lists[0][0]) else None


def _of_columns(value: Mapping[str, Any], parts: list[Any]) -> list[Any] | None:
    if len(parts) < 2:
        return None
    if all(isinstance(part, list) for part in parts) and len({len(part) for part in parts}) == 1:
        return [dict(zip(value, row, strict=True)) for row in zip(*parts, strict=True)]
    if all(isinstance(part, dict) and part.keys() == parts[0].keys() for part in parts):
        return [{column: part[label] for column, part in value.items()} for label in parts[0]]
    return None


def _labelled(label: str, record: dict[str, Any]) -> dict[str, Any]:
    """A row with what it was found under: its address, or its number in place of one of its own.

    A row that lost its name would be taken for the next item in the order of the file.
    """
    if is_address(label):
        return record if any(key in record for key in URL_KEYS) else record | {"url": label}
    return record if any(key in record for key in INDEX_KEYS) else record | {"index": label}


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
