"""Labels that people gave in other tools: tables and JSON by the names of their columns, Label Studio, Argilla."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from miareview.errors import DataError
from miareview.formats.names import ColumnMap, Names
from miareview.formats.opening import open_source
from miareview.formats.source import NotOurs, kind_of, shorten

COLUMNS = {
    "response": ("response_id", "response"),
    "item": ("item", "index", "item_index", "item_number"),
    "model": ("model", "model_name"),
    "component": ("component", "position", "component_position", "component_index"),
    "points": ("points", "score", "label", "value", "rating"),
    "who": ("who", "annotator", "reviewer", "rater", "labeler", "labeller", "annotated_by", "completed_by", "user"),
    "note": ("note", "comment"),
}
"""What a label is made of, and the names that columns have for it, the first that is there."""
UNGRADABLE = ("ungradable", "n/a", "na", "cannot be graded")
_LAST_NUMBER = re.compile(r"(\d{1,4})$")


@dataclass(frozen=True, slots=True)
class GivenLabel:
    """One label as a file has it, nothing looked up: `place` says where; `points` is text, "" for ungradable.

    The response is named by its id, or by item number and model.
    """

    place: str
    who: str
    component: int
    points: str
    response: str = ""
    item: int | None = None
    model: str = ""
    note: str = ""


@dataclass(slots=True)
class LabelFile:
    """What a file holds: labels, and what could not be read, with its place and why."""

    labels: list[GivenLabel] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class _Unread(Exception):
    """Why a record or a label of it cannot be read."""


def read_labels(path: Path | str, told: Mapping[str, str] | None = None) -> LabelFile:
    """The labels of a CSV, TSV, JSON or JSON Lines file. `told` says which column holds what of `COLUMNS`.

    A record with `annotations` and `data` is a task of Label Studio, one with `responses` beside `fields` a record of
    Argilla; the component is the number at the end of the control's or question's name. Raises `DataError` where the
    file is none that can be read.
    """
    found = LabelFile()
    try:
        _read(path, told or {}, found)
    except NotOurs as problem:
        names = ", ".join(f"{what} ({' or '.join(names)})" for what, names in COLUMNS.items())
        raise DataError(problem.message, f"A table of labels has these columns: {names}; --map names others.") from None
    return found


def _read(path: Path | str, told: Mapping[str, str], found: LabelFile) -> None:
    names = {name for group in COLUMNS.values() for name in group} | set(told.values())
    with open_source(path, Names(ColumnMap(), names)) as source:
        for entry in source.entries:
            place = f"{source.place} {entry.number}"
            if entry.record is None:
                found.left_out.append((place, entry.reason))
                continue
            for label in _labels(entry.record, place, told):
                if isinstance(label, GivenLabel):
                    found.labels.append(label)
                else:
                    found.left_out.append(label)


def _labels(record: Mapping[str, Any], place: str, told: Mapping[str, str]) -> Iterator[GivenLabel | tuple[str, str]]:
    try:
        if isinstance(record.get("annotations"), list) and isinstance(record.get("data"), dict):
            parts = _label_studio(record)
            about = record["data"]
        elif "responses" in record and isinstance(record.get("fields"), dict):
            parts = _argilla(record["responses"])
            about = {**record["fields"], **(record.get("metadata") or {})}
        else:
            points, who = _get(record, "points", told), _get(record, "who", told)
            component = _get(record, "component", told)
            parts, about = iter([("", who, component, points)]), record
        named = _response(about, told)
    except _Unread as problem:
        yield place, str(problem)
        return
    while True:
        at = place
        try:
            where, who, component, points = next(parts)
            at = f"{place}{where}"
            yield GivenLabel(
                at, _text(who, "who gave it"), _position(component), _points(points), **named,
                note=_text(_get(about, "note", told), "a note", empty=True),
            )  # fmt: skip
        except StopIteration:
            return
        except _Unread as problem:
            yield at, str(problem)


def _get(record: Mapping[str, Any], what: str, told: Mapping[str, str]) -> Any:
    names = (told[what],) if what in told else COLUMNS[what]
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)


def _response(about: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    id = _get(about, "response", told) if "response" in told else about.get("response_id")
    if id:
        return {"response": _text(id, "the response")}
    item, model = _get(about, "item", told), _get(about, "model", told)
    if item is None:
        raise _Unread("it names no response: neither response_id, nor item and model")
    number = str(item).strip()
    if isinstance(item, bool) or not re.fullmatch(r"\d{1,9}(\.0)?", number):
        raise _Unread(f"{shorten(number)!r} is no item's number")
    return {"item": int(float(number)), "model": _text(model, "the model", empty=True)}


def _label_studio(task: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any, Any]]:
    """(where in the task, who, control, value) of each result that was not cancelled."""
    for number, annotation in enumerate(task["annotations"], start=1):
        if not isinstance(annotation, dict) or not isinstance(annotation.get("result"), list):
            raise _Unread(f"annotation {number} has no list of results; the rest of this task is not read")
        if annotation.get("was_cancelled"):
            continue
        by = annotation.get("completed_by")
        who = (by.get("email") or by.get("username") or by.get("id")) if isinstance(by, dict) else by
        who = f"user {who}" if isinstance(who, int) and not isinstance(who, bool) else who
        for result in annotation["result"]:
            value = result.get("value") if isinstance(result, dict) else None
            if not isinstance(value, dict):
                raise _Unread(f"annotation {number} has a result without a value; the rest of this task is not read")
            given = next((value[kind] for kind in ("number", "rating", "choices", "text") if kind in value), None)
            yield f", annotation {number}", who, result.get("from_name"), given


def _argilla(responses: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    """(where, who, question, value): of version 2, answers by question; of version 1, a list of users' answers."""
    if isinstance(responses, dict):
        for question, given in responses.items():
            for one in given if isinstance(given, list) else ():
                if not isinstance(one, dict):
                    raise _Unread(
                        f"the question {shorten(str(question))!r} has an answer that is {kind_of(one)}; no more is read"
                    )
                if one.get("status") not in ("discarded", "draft"):
                    yield f", {shorten(str(question))}", one.get("user_id"), question, one.get("value")
        return
    for one in responses if isinstance(responses, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("values"), dict):
            raise _Unread("a response has no values; the rest of this record is not read")
        if one.get("status") in ("discarded", "draft"):
            continue
        for question, given in one["values"].items():
            value = given.get("value") if isinstance(given, dict) else given
            yield f", {shorten(str(question))}", one.get("user_id"), question, value


def _text(value: Any, what: str, empty: bool = False) -> str:
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not text and not empty:
        raise _Unread(f"it does not say {what}")
    return text


def _position(component: Any) -> int:
    found = _LAST_NUMBER.search(_text(component, "which component it is on").removesuffix(".0"))
    if found is None:
        raise _Unread(f"{shorten(str(component))!r} ends in no component's number")
    return int(found.group(1))


def _points(value: Any) -> str:
    if isinstance(value, list):
        if len(value) != 1:
            raise _Unread(f"it has {len(value)} values where one is wanted")
        (value,) = value
    text = _text(value, "how many points")
    return "" if text.lower() in UNGRADABLE else text
