"""What a model answered, as JSON Lines, a JSON list or a table, in the key spellings that are in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from miareview.formats.fields import Unusable, row
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import TEXT_KEYS
from miareview.formats.records import FileReading, ForeignRow, Kind, LeftOut
from miareview.formats.source import Entry, Source

ReadRow = Callable[[Entry, int, Source], Iterable[ForeignRow]]
"""Makes rows of an entry that has a record; the number says how many entries come before it. Raises `Unusable`."""


def read(source: Source) -> FileReading:
    """The answers of a file, without any judge's reply in it."""
    return read_rows(source, "responses", "responses", _one)


def _one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
    return [row(entry, ordinal, source)]


def read_rows(source: Source, format: str, kind: Kind, read_row: ReadRow) -> FileReading:
    """The rows that `read_row` makes of a file's records; a record that cannot be taken is left out."""
    rows: list[ForeignRow] = []
    left_out: list[LeftOut] = []
    for ordinal, entry in enumerate(source.entries):
        try:
            if entry.record is None:
                raise Unusable(entry.reason)
            rows.extend(read_row(entry, ordinal, source))
        except Unusable as reason:
            left_out.append(LeftOut(source.place, entry.number, str(reason)))
    return FileReading(
        path=source.path,
        format=format,
        container=source.container,
        kind=kind,
        rows=tuple(rows),
        left_out=tuple(left_out),
        warnings=source.notes.sentences(),
        model=_shared({row.model for row in rows}),
        judge=_shared({reply.by.name for row in rows for reply in row.replies}),
        place=source.place,
    )


def _shared(names: set[str | None]) -> str | None:
    return names.pop() if len(names) == 1 else None


def _claim(head: Head) -> Claim:
    answers = head.first_of(TEXT_KEYS)
    if answers is None:
        return Claim(False, "no column is known to have answers")
    if head.columns.judged:
        return Claim(False, f"it has a judge's replies, too ({', '.join(head.columns.names)})")
    return Claim(True, f"it has answers ({answers})")


FORMAT = Format(
    "responses",
    "answers of a model",
    _claim,
    kind=lambda head: "responses",
    read=lambda source, head: read(source),
)
