"""The names under which the same thing goes in the files of others, and how a record becomes a `ForeignRow`."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from miareview.formats.json_source import BadJson, parse_json
from miareview.formats.records import Described, ForeignReply, ForeignRow, JudgedBy, Notes
from miareview.formats.source import Entry, Source, kind_of
from miareview.model import ResponseStatus
from miareview.text import repair

# In order of preference, where a record has more than one.
TEXT_KEYS = (
    "model_response", "prediction", "response", "model_answer", "text", "generated_text", "output", "answer",
)  # fmt: skip
URL_KEYS = ("url", "image_url", "img_url", "question_id", "image")
INSTRUCTION_KEYS = ("instruction", "question", "prompt")
INDEX_KEYS = ("index", "doc_id", "idx", "question_id", "id")
MODEL_KEYS = ("model", "model_name", "model_id")
REPLY_KEYS = (
    "score_raw", "gpt4o_raw_response", "judge_reply", "judge_response", "judge_raw_response", "evaluation_response",
    "raw_response", "judgment", "judgement", "evaluation",
)  # fmt: skip
JUDGE_KEYS = ("judge", "judge_model", "judge_name")
BENCHMARK_KEYS = ("components", "component_weight", "component_type")
KNOWN_KEYS = frozenset(
    TEXT_KEYS + URL_KEYS + INSTRUCTION_KEYS + INDEX_KEYS + MODEL_KEYS + REPLY_KEYS + JUDGE_KEYS + BENCHMARK_KEYS
)

LONGEST_LIST = 20_000  # characters of a list written as text; ten times what any item has
FAILED_CALL = "Failed to obtain answer via API"  # what VLMEvalKit leaves in place of an answer or a reply
_ADDRESS = re.compile(r"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*://|[\w-]+(?:\.[\w-]+)+/)")
_NO_VALUE = frozenset({"nan", "none", "<na>", "null"})


class Unusable(ValueError):
    """A record that cannot be taken; the message is the reason."""


def address(record: Mapping[str, Any]) -> str | None:
    """The picture's address: the first of `URL_KEYS` that holds one (`image` and `question_id` may hold others)."""
    for key in URL_KEYS:
        value = record.get(key)
        if isinstance(value, str) and _ADDRESS.match(value):
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
    found = (record.get(key) for key in keys)
    return next((clean(value, number, notes) for value in found if isinstance(value, str) and value.strip()), None)


def row(entry: Entry, ordinal: int, source: Source, judged: bool, how: JudgedBy | None = None) -> ForeignRow:
    """The record as a `ForeignRow`; raises `Unusable` with the reason where it holds no answer.

    `judged` says that the reply is wanted too, `how` that a harness asked for it and how. The word "error" as an
    answer is the published notebook's sign for a failed call; no harness has it, so there it is what the model said.
    """
    record, number, notes = entry.record, entry.number, source.notes
    assert record is not None
    text, status = _answer(record, number, notes, signs=how is None)
    raw, failed = _reply(record, number, notes, source.is_table) if judged else (None, False)
    if source.is_table and raw and status == "empty":
        notes.add("an empty answer was judged; tables written by pandas empty answers such as NA or None", number)
    by = how or JudgedBy()
    if judged:
        by = replace(by, name=first(record, JUDGE_KEYS, number, notes))
    reply = ForeignReply(None if raw is None else clean(raw, number, notes), by, failed, as_published=how is not None)
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
        replies=(reply,) if raw is not None or failed else (),
        item=described(record),
    )


def described(record: Mapping[str, Any]) -> Described:
    """What the benchmark's columns in a record say of the item; silent where they cannot be read."""
    texts, weights, categories = (_list(record.get(key)) for key in BENCHMARK_KEYS)
    return Described(
        texts=texts if texts and all(isinstance(text, str) for text in texts) else None,
        weights=weights if weights and all(type(weight) is int for weight in weights) else None,
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
    """The value that the text is, as JSON or as Python writes it; the text itself where it is neither."""
    try:
        return parse_json(text)
    except BadJson:
        pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks about odd escapes in a foreign text are not for people
            return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return text


def _answer(record: Mapping[str, Any], number: int, notes: Notes, signs: bool) -> tuple[str, ResponseStatus]:
    present = [key for key in TEXT_KEYS if key in record]
    if not present:
        raise Unusable("no answer: none of the keys " + ", ".join(TEXT_KEYS))
    values = {key: record[key] for key in present if not _is_nothing(record[key])}
    if not values:
        return "", "error" if _error(record) else "missing"
    key, value = next(iter(values.items()))
    if any(isinstance(other, str) and other != value for other in values.values()):
        notes.add(f"more than one answer key; {key!r} was read", number)
    if isinstance(value, (bool, list, dict)):
        raise Unusable(f"the answer in {key!r} is {kind_of(value)}, not text")
    text = str(value)
    if (signs and text.strip().casefold() == "error") or text.lstrip().startswith(FAILED_CALL):
        return text, "error"
    if not text.strip():
        return text, "error" if _error(record) else "empty"
    return text, "ok"


def _reply(record: Mapping[str, Any], number: int, notes: Notes, table: bool) -> tuple[str | None, bool]:
    """The judge's reply and whether it stands for a failed call.

    The published notebook fills its column with row numbers before it asks, so a number is a reply that never came.
    """
    present = [key for key in REPLY_KEYS if key in record]
    value = next((record[key] for key in present if not _is_nothing(record[key])), None)
    if value is None or (table and str(value).strip().casefold() in _NO_VALUE):
        return None, bool(present) and _error(record)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value), True
    if not isinstance(value, str):
        notes.add(f"the judge's reply is {kind_of(value)}, not text, and was not taken", number)
        return None, False
    start = value.strip()
    failed = start.casefold() == "error" or start.startswith((FAILED_CALL, "[ERROR]")) or (table and start.isdigit())
    return value, failed


def _error(record: Mapping[str, Any]) -> bool:
    value = record.get("error")
    return isinstance(value, str) and bool(value.strip()) and value.strip().casefold() not in _NO_VALUE


def index_of(record: Mapping[str, Any]) -> int | None:
    """The record's number from 0, None where it has none."""
    for key in INDEX_KEYS:
        value = record.get(key)
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and value >= 0:
            return value
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
            return int(value)
    return None


def _is_nothing(value: object) -> bool:
    return value is None or value != value  # NaN is the only value that differs from itself
