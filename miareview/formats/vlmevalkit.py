"""VLMEvalKit: tables of predictions, and the same with the judge's replies in `score_raw`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from miareview.formats.columns import Columns
from miareview.formats.fields import canonical, row
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import TEXT_KEYS
from miareview.formats.records import FileReading, ForeignRow, JudgedBy
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source

KEYS = frozenset({"index", "prediction", "components", "component_weight", "component_type"})
HOW = JudgedBy(None, canonical({"harness": "VLMEvalKit", "temperature": 0, "detail": "low"}), sees_image=True)
_NAME = re.compile(r"(?P<model>.+)_MIA-Bench(?:_(?P<judge>.+))?")


def read(source: Source, columns: Columns | None) -> FileReading:
    """The predictions, with the judges' replies in `columns`; without them where it is None.

    Nothing in the file names model or judge; the file's name does: `{model}_MIA-Bench_{judge}`.
    """
    named = _NAME.fullmatch(PurePath(source.path).stem)
    model, judge = named.group("model", "judge") if named else (None, None)

    def one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
        made = row(entry, ordinal, source, columns, HOW)
        if entry.record and str(entry.record.get("thinking") or "").strip():
            source.notes.add("the column `thinking` is no part of the answer and was not read")
        return [_named(made, model, judge)]

    return read_rows(source, "vlmevalkit", "judged" if columns else "responses", one)


def _named(row: ForeignRow, model: str | None, judge: str | None) -> ForeignRow:
    replies = tuple(replace(r, by=replace(r.by, name=r.by.name or judge)) for r in row.replies)
    return replace(row, model=row.model or model, replies=replies)


def _claim(head: Head) -> Claim:
    if missing := sorted(KEYS - head.keys):
        return Claim(False, f"it has no {missing[0]!r}")
    if others := sorted(head.keys & set(TEXT_KEYS) - {"prediction"}):
        return Claim(False, f"it has answers elsewhere than in 'prediction' ({others[0]})")
    return Claim(True, "it has VLMEvalKit's columns, index to prediction")


FORMAT = Format(
    "vlmevalkit",
    "VLMEvalKit's predictions, or these with a judge's replies",
    _claim,
    kind=lambda head: "judged" if head.columns.judged else "responses",
    read=lambda source, head: read(source, head.columns if head.columns.judged else None),
)
