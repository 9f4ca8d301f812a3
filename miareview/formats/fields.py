"""How a record becomes a `ForeignRow`: its answer, its judges' replies, and what it says of its item."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from miareview.formats.columns import Columns, ReplyColumn
from miareview.formats.completions import ending_of, texts_of
from miareview.formats.json_source import BadJson, parse_json
from miareview.formats.names import (
    BENCHMARK_KEYS,
    INDEX_KEYS,
    INSTRUCTION_KEYS,
    JUDGE_KEYS,
    MODEL_KEYS,
    TEXT_KEYS,
    URL_KEYS,
    is_address,
    row_number,
)
from miareview.formats.records import Described, ForeignReply, ForeignRow, JudgedBy, Notes, Scores
from miareview.formats.source import Entry, Source, kind_of, shorten
from miareview.model import ResponseStatus
from miareview.text import repair

LONGEST_LIST = 20_000  # characters of a list written as text; ten times what any item has
FAILED_CALL = "Failed to obtain answer via API"  # what VLMEvalKit leaves in place of an answer or a reply
_NAN = frozenset({"nan", "<na>"})  # how pandas writes nothing; as an answer beside a reply it may be one
_NO_VALUE = _NAN | {"none", "null"}
_NUMPY_PART = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[0-9]+(?:\.[0-9]*)?")
_NUMPY_LIST = re.compile(rf"\s*\[\s*(?:{_NUMPY_PART.pattern})(?:\s+(?:{_NUMPY_PART.pattern}))+\s*\]\s*")
_POINTS = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,20})?")

_SILENT = Described()


class Unusable(ValueError):
    """A record that cannot be taken; the message is the reason."""


def address(record: Mapping[str, Any]) -> str | None:
    """The picture's address: the first of `URL_KEYS` that holds one (`image` and `question_id` may hold others)."""
    for key in URL_KEYS:
        value = record.get(key)
        if isinstance(value, str) and is_address(value):
            return value
    return None


def clean(text: str, number: int, notes: Notes) -> str:
    """The text as it can be stored; `notes` hears where that changed it."""
    repaired, count = repair(text)
    if count:
        notes.add("lone surrogates cannot be stored and were replaced", number)
    return repaired


def canonical(parameters: Mapping[str, Any]) -> str:
    """Parameters of a judge as canonical JSON."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":"))


def first(record: Mapping[str, Any], keys: Sequence[str], number: int, notes: Notes) -> str | None:
    """The first of the keys that holds text, cleaned."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return clean(value, number, notes)
    return None


def row(
    entry: Entry, ordinal: int, source: Source, columns: Columns | None = None, how: JudgedBy | None = None
) -> ForeignRow:
    """The record as a `ForeignRow`; raises `Unusable` with the reason where it holds no answer.

    `columns` says where the judges' replies are, None that none are wanted; with them a row needs no answer. `how` says
    that a harness asked for the replies and how. The word "error" as an answer is the published notebook's sign for a
    failed call; no harness has it, so there it is what the model said.
    """
    record, number, notes = entry.record, entry.number, source.notes
    assert record is not None
    text, status = _answer(record, number, notes, columns, signs=how is None)
    replies = () if columns is None else tuple(_replies(record, columns, number, source, how))
    blank = text == "" and status == "empty"
    if source.is_table and not replies and (blank or (columns is not None and text.strip().casefold() in _NAN)):
        # A table cannot tell an empty answer from none.
        text = ""
        notes.add("a blank answer without a judge's words counts as not run: it is missing, not empty", number)
        status = "missing"
    elif source.is_table and status == "empty" and replies:
        notes.add("an empty answer was judged; tables written by pandas empty answers such as NA or None", number)
    url = address(record)
    return ForeignRow(
        number=number,
        ordinal=ordinal,
        url=clean(url, number, notes) if url else None,
        instruction=first(record, INSTRUCTION_KEYS, number, notes),
        index=index_of(record),
        text=clean(text, number, notes),
        status=status,
        model=first(record, MODEL_KEYS, number, notes),
        replies=replies,
        item=described(record),
    )


def described(record: Mapping[str, Any]) -> Described:
    """What the benchmark's columns in a record say of the item; silent where they cannot be read."""
    if record.keys().isdisjoint(BENCHMARK_KEYS):
        return _SILENT
    texts, weights, categories = (_list(record.get(key)) for key in BENCHMARK_KEYS)
    whole = tuple(number for number in map(whole_number, weights) if number is not None)
    return Described(
        texts=texts if texts and all(isinstance(text, str) for text in texts) else None,
        weights=whole if len(whole) == len(weights) and whole else None,
        categories=categories if categories and all(isinstance(name, str) for name in categories) else None,
    )


def _list(value: object) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(value)
    return _list_in(value) if isinstance(value, str) and len(value) <= LONGEST_LIST else ()


@lru_cache(4096)  # the same few lists are in the files of all models
def _list_in(text: str) -> tuple[Any, ...]:
    value = read_list(text)
    return tuple(value) if isinstance(value, list) else ()


def read_list(text: str) -> Any:
    """The value that the text is, as JSON, or as Python or numpy writes it; the text itself where it is none."""
    try:
        return parse_json(text)
    except BadJson:
        pass
    if _NUMPY_LIST.fullmatch(text):  # Python would take words without commas between for one
        text = f"[{', '.join(_NUMPY_PART.findall(text))}]"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks about odd escapes in a foreign text are not for people
            value = ast.literal_eval(text.strip())
            return list(value) if isinstance(value, tuple) else value
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return text


def whole_number(value: object) -> int | None:
    """The whole number that a value is, 4, 4.0 and "4" alike; None for anything else."""
    if isinstance(value, str):
        return row_number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if isinstance(value, int) else int(value) if value.is_integer() else None


def _answer(
    record: Mapping[str, Any], number: int, notes: Notes, columns: Columns | None, signs: bool
) -> tuple[str, ResponseStatus]:
    others = columns.names if columns else ()
    present = [key for key in TEXT_KEYS if key in record and key not in others]
    if not present and columns is None:
        raise Unusable("no answer: none of the keys " + ", ".join(TEXT_KEYS))
    if not present:
        notes.add("the file has the judge's replies and not the answers")
    values = {key: record[key] for key in present if not _is_nothing(record[key])}
    if not values:
        return "", "error" if _error(record) else "missing"
    key, value = next(iter(values.items()))
    if any(isinstance(other, str) and other != value for other in values.values()):
        notes.add(f"more than one answer key; {key!r} was read", number)
    if isinstance(value, (list, dict)):
        parts = texts_of(value, parsed=False)
        value = parts[0] if len(parts) == 1 else value
    if isinstance(value, (bool, list, dict)):
        raise Unusable(f"the answer in {key!r} is {kind_of(value)}, not text")
    text = str(value)
    if (signs and text.strip().casefold() == "error") or text.lstrip().startswith(FAILED_CALL):
        return text, "error"
    if not text.strip():
        return text, "error" if _error(record) else "empty"
    return text, "ok"


def _replies(
    record: Mapping[str, Any], columns: Columns, number: int, source: Source, how: JudgedBy | None
) -> Iterator[ForeignReply]:
    named = first(record, JUDGE_KEYS, number, source.notes)
    for column in columns.replies:
        # A column with a judge's name is beside what the harness asked for.
        by = replace(how, name=named) if how and column.judge is None else JudgedBy(column.judge or named)
        found = list(_replies_in(record, column, number, source))
        for repeat, (raw, failed, finish) in enumerate(found):
            yield ForeignReply(
                None if raw is None else clean(raw, number, source.notes),
                by,
                failed,
                repeat if len(found) > 1 else None,
                as_published=how is not None and column.judge is None,
                finish=finish,
            )
    if columns.points:
        points = {position: _points(record.get(name), number, source.notes) for position, name in columns.points}
        if any(value is not None for value in points.values()):
            yield ForeignReply(None, JudgedBy(named), scores=Scores(points=points))


def _replies_in(
    record: Mapping[str, Any], column: ReplyColumn, number: int, source: Source
) -> Iterator[tuple[str | None, bool, str | None]]:
    """The judge's replies in a column, whether each stands for a failed call, and the service's word for its end.

    The published notebook fills its column with row numbers before it asks, so a number is a reply that never came.
    """
    present = [key for key in column.keys if key in record]
    key = next((key for key in present if not _is_nothing(record[key])), None)
    value = None if key is None else record[key]
    table = source.is_table
    if value is None or (table and (value == "" or str(value).strip().casefold() in _NO_VALUE)):
        if present and _error(record):
            yield None, True, None
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield str(value), True, None
        return
    if table and isinstance(value, str) and value.lstrip()[:1] == "[":
        value = _unpacked(value)
    texts = texts_of(value)
    if not texts:
        source.notes.add(f"the judge's reply in {shorten(str(key))!r} is {kind_of(value)}, not text: not taken", number)
    elif not isinstance(value, str):
        source.notes.add(f"the judge's reply in {shorten(str(key))!r} is {kind_of(value)}; its text was read", number)
    for text in texts:
        start = text.strip()
        failed = start.casefold() == "error" or start.startswith((FAILED_CALL, "[ERROR]"))
        yield text, failed or (table and start.isdigit()), ending_of(value)


def _unpacked(text: str) -> object:
    """The list of one text that a table holds as a list; any other text as it is."""
    value = read_list(text) if len(text) <= LONGEST_LIST else text
    return value if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else text


def _points(value: object, number: int, notes: Notes) -> Fraction | None:
    """The points that a cell holds, None where it is blank or no number of at least 0."""
    if _is_nothing(value) or (isinstance(value, str) and value.strip().casefold() in _NO_VALUE | {""}):
        return None
    written = str(value).strip()
    if isinstance(value, bool) or _POINTS.fullmatch(written) is None:
        notes.add("points that are no number were not taken", number)
        return None
    return Fraction(written.replace(",", "."))


def _error(record: Mapping[str, Any]) -> bool:
    value = record.get("error")
    return isinstance(value, str) and bool(value.strip()) and value.strip().casefold() not in _NO_VALUE


def index_of(record: Mapping[str, Any]) -> int | str | None:
    """The record's number from 0; what stands in its place where that is no such number; None where nothing does."""
    for value in map(record.get, INDEX_KEYS):
        if _is_nothing(value):
            continue
        if isinstance(value, str) and (not value.strip() or is_address(value)):
            continue
        number = row_number(value)
        return shorten(str(value)) if number is None else number
    return None


def _is_nothing(value: object) -> bool:
    return value is None or value != value  # NaN is the only value that differs from itself
