"""The names under which the same thing goes in the files of others, and how a record becomes a `ForeignRow`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from miareview.formats.records import ForeignRow, Notes
from miareview.formats.source import Entry, kind_of
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


def row(entry: Entry, ordinal: int, notes: Notes, table: bool, judged: bool) -> ForeignRow:
    """The record as a `ForeignRow`; raises `Unusable` with the reason where it holds no answer.

    `table` says that every value is text because a table has nothing else; `judged` that the reply is wanted too.
    """
    record = entry.record
    assert record is not None

    def clean(text: str) -> str:
        repaired, count = repair(text)
        if count:
            notes.add("lone surrogates cannot be stored and were replaced", entry.number)
        return repaired

    def first(keys: Sequence[str]) -> str | None:
        found = (record.get(key) for key in keys)
        return next((clean(value) for value in found if isinstance(value, str) and value.strip()), None)

    text, status = _answer(record, entry.number, notes)
    reply, failed = _reply(record, entry.number, notes, table) if judged else (None, False)
    if table and reply and status == "empty":
        notes.add("an empty answer was judged; tables written by pandas empty answers such as NA or None", entry.number)
    url = address(record)
    return ForeignRow(
        number=entry.number,
        ordinal=ordinal,
        url=clean(url) if url else None,
        instruction=first(INSTRUCTION_KEYS),
        index=_index(record),
        text=clean(text),
        status=status,
        model=first(MODEL_KEYS),
        reply=None if reply is None else clean(reply),
        reply_failed=failed,
        judge=first(JUDGE_KEYS) if judged else None,
    )


def _answer(record: Mapping[str, Any], number: int, notes: Notes) -> tuple[str, ResponseStatus]:
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
    if text.strip().casefold() == "error" or text.lstrip().startswith(FAILED_CALL):
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


def _index(record: Mapping[str, Any]) -> int | None:
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
