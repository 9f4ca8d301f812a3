"""EvalScope: its predictions, and its reviews with every reply of every judge. Pictures are inside, as base64."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from miareview.formats.fields import Unusable, canonical, clean, described, index_of
from miareview.formats.format import Claim, Format, Head
from miareview.formats.lmms_eval import exact
from miareview.formats.pictures import picture_of
from miareview.formats.records import Described, FileReading, ForeignReply, ForeignRow, JudgedBy
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source
from miareview.model import ResponseStatus

REVIEW, PREDICTION = "sample_score", "model_output"
# The harness that scored by the type of component, and the one that asks for JSON and excludes what it cannot read.
_OLD, _NEW = (canonical({"harness": f"EvalScope {version}"}) for version in ("1.10", "1.14"))
HEAVIEST = 1_000_000  # points; as in `benchmark`
_BEFORE = "LLM judge response:\n"
_MARKDOWN_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


def read(source: Source, judged: bool) -> FileReading:
    """The answers of predictions or reviews, with the judges' replies where `judged`."""
    path = PurePath(source.path)
    folder = path.parent.name if path.parent.parent.name in ("predictions", "reviews") else None

    def one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
        record = entry.record
        assert record is not None
        score = _mapping(_mapping(record.get(REVIEW)).get("score"))
        messages = [part for part in _list(record.get("messages")) if isinstance(part, dict)]
        text, status = _answer(record, messages, score, entry.number, source)
        instruction = _instruction(record, messages)
        model = folder or _word(record.get("model")) or next((_word(m.get("model")) for m in messages[::-1]), None)
        return [
            ForeignRow(
                number=entry.number,
                ordinal=ordinal,
                url=None,
                instruction=clean(instruction, entry.number, source.notes) if instruction else None,
                index=index_of(record),
                text=clean(text, entry.number, source.notes),
                status=status,
                model=clean(model, entry.number, source.notes) if model else None,
                replies=tuple(_replies(score, entry.number, source)) if judged else (),
                item=_item(score),
            )
        ]

    return read_rows(source, "evalscope", "judged" if judged else "responses", one)


def picture(record: dict[str, Any]) -> bytes | None:
    """The picture that a record holds, None where it holds none, and b"" where what it holds cannot be decoded."""
    for message in _list(record.get("messages")):
        for part in _parts(message, "image"):
            return picture_of(part.get("image")) or b""
    return None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _parts(message: object, type: str) -> list[dict[str, Any]]:
    content = _mapping(message).get("content")
    return [part for part in _list(content) if isinstance(part, dict) and part.get("type") == type]


def _said(message: dict[str, Any]) -> str | None:
    """The text of a message, without pictures and thoughts; None where it has none."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    texts = [part["text"] for part in _parts(message, "text") if isinstance(part.get("text"), str)]
    return "".join(texts) if texts else None


def _instruction(record: dict[str, Any], messages: list[dict[str, Any]]) -> str | None:
    for message in messages:
        if message.get("role") == "user":
            return _said(message)
    text = record.get("input")  # before 1.7: the messages as Markdown
    return _MARKDOWN_PICTURE.sub("", text).strip() if isinstance(text, str) else None


def _answer(
    record: dict[str, Any], messages: list[dict[str, Any]], score: dict[str, Any], number: int, source: Source
) -> tuple[str, ResponseStatus]:
    output = _mapping(record.get(PREDICTION))
    choices = [_mapping(_mapping(choice).get("message")) for choice in _list(output.get("choices"))]
    answers = [message for message in messages if message.get("role") == "assistant"] or choices
    text = _said(answers[-1]) if answers else None
    if answers and _parts(answers[-1], "reasoning"):
        source.notes.add("the model's thoughts are apart from its answer and were not read", number)
    if text is None and isinstance(score.get("prediction"), str):
        text = score["prediction"]
    if text is None or not text.strip():
        if _word(output.get("error")):
            return text or "", "error"
        if text is None:
            raise Unusable("no answer: neither a message of the model nor a prediction")
        return text, "empty"
    return text, "ok"


def _item(score: dict[str, Any]) -> Described:
    """What a review says of the item: all of it before 1.14, since then only the categories, in the names of scores."""
    metadata = _mapping(score.get("metadata"))
    if "components" in metadata:
        return described(metadata)
    named = [re.fullmatch(r"component_(\d{1,3})_(.+)", key) for key in _mapping(score.get("value"))]
    categories = {int(found.group(1)): found.group(2) for found in named if found}
    if not categories or sorted(categories) != list(range(1, len(categories) + 1)):
        return Described()
    return Described(categories=tuple(categories[position] for position in sorted(categories)))


def _replies(score: dict[str, Any], number: int, source: Source) -> Iterator[ForeignReply]:
    metadata, value = _mapping(score.get("metadata")), _mapping(score.get("value"))
    name = _word(metadata.get("model"))
    name = clean(name, number, source.notes) if name else None
    if not {"status", "judge_summary"} & set(score) and "judge_attempts" not in metadata:
        explanation = score.get("explanation")
        if isinstance(explanation, str):
            words = clean(explanation.removeprefix(_BEFORE), number, source.notes)
            by = JudgedBy(name, _OLD, sees_image=False)
            yield ForeignReply(words, by, words.startswith("[ERROR]"), total=exact(value.get("total_score")))
        return
    attempts = [attempt for attempt in _list(metadata.get("judge_attempts")) if isinstance(attempt, dict)]
    if len(attempts) > 1:
        source.notes.add("the harness's score is over several replies; here each reply has its own", number)
    for attempt in attempts:
        raw = attempt.get("raw_response")
        judge, repeat = _word(attempt.get("judge_id")) or name, attempt.get("repeat_id")
        alone = len(attempts) == 1
        yield ForeignReply(
            raw=clean(raw, number, source.notes) if isinstance(raw, str) else None,
            by=JudgedBy(clean(judge, number, source.notes) if judge else None, _NEW, sees_image=False),
            failed=not isinstance(raw, str),
            repeat=repeat if type(repeat) is int and 0 <= repeat < 2**31 else None,
            total=exact(value.get("judge_score")) if alone else None,
            points=None if alone else _points(attempt),
        )


def _points(attempt: dict[str, Any]) -> tuple[Fraction, ...] | None:
    """The points that the harness read from one reply, None where it could not use it."""
    parsed = _mapping(attempt.get("parsed_value"))
    found = [parsed[key] for key in sorted((k for k in parsed if re.fullmatch(r"component_\d{1,3}", k)), key=_number)]
    if attempt.get("status") != "success" or not found:
        return None
    points = [Fraction(str(value)) for value in found if type(value) in (int, float) and 0 <= value <= HEAVIEST]
    return tuple(points) if len(points) == len(found) else None


def _number(key: str) -> int:
    return int(key.rpartition("_")[2])


def _claim(head: Head) -> Claim:
    if REVIEW in head.keys:
        return Claim(True, f"it has {REVIEW!r}, as EvalScope's reviews")
    if {PREDICTION, "messages"} <= head.keys:
        return Claim(True, f"it has {PREDICTION!r} and 'messages', as EvalScope's predictions")
    return Claim(False, f"it has neither {REVIEW!r} nor {PREDICTION!r}")


FORMAT = Format(
    "evalscope",
    "EvalScope's predictions or reviews",
    _claim,
    kind=lambda head: "judged" if REVIEW in head.keys else "responses",
    read=lambda source, head: read(source, REVIEW in head.keys),
)
