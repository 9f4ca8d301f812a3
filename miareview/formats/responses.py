"""What a model answered, as JSON Lines, a JSON list or a table, in the key spellings that are in use."""

from __future__ import annotations

from miareview.formats.fields import Unusable, row
from miareview.formats.records import FileReading, ForeignRow, LeftOut, Notes
from miareview.formats.source import Source


def read(source: Source) -> FileReading:
    """The answers of a file, without any judge's reply in it."""
    return read_rows(source, judged=False)


def read_rows(source: Source, judged: bool) -> FileReading:
    """The rows of a file of answers, with the judge's replies where `judged`."""
    rows: list[ForeignRow] = []
    left_out: list[LeftOut] = []
    notes = Notes(source.place)
    for ordinal, entry in enumerate(source.entries):
        if entry.record is None:
            left_out.append(LeftOut(source.place, entry.number, entry.reason))
            continue
        try:
            rows.append(row(entry, ordinal, notes, source.is_table, judged))
        except Unusable as reason:
            left_out.append(LeftOut(source.place, entry.number, str(reason)))
    return FileReading(
        path=source.path,
        format="judged" if judged else "responses",
        container=source.container,
        kind="judged" if judged else "responses",
        rows=tuple(rows),
        left_out=tuple(left_out),
        warnings=notes.sentences(),
        model=_shared({row.model for row in rows}),
        judge=_shared({row.judge for row in rows}),
        place=source.place,
    )


def _shared(names: set[str | None]) -> str | None:
    return names.pop() if len(names) == 1 else None
