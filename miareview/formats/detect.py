"""What a file is, told from what is in it and never from its name; and reading it accordingly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from miareview.errors import DataError, UsageError
from miareview.formats import benchmark, evalscope, judged, lmms_eval, notebook, responses, vlmevalkit
from miareview.formats.columns import columns_of, look_like_replies, note
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import TEXT_KEYS, ColumnMap, Names
from miareview.formats.opening import open_source
from miareview.formats.pictures import picture_of
from miareview.formats.records import FileReading, Kind, Pictures
from miareview.formats.source import SNIFFED_LINES, Entry, NotOurs, Source, shorten

HARNESSES = (vlmevalkit.FORMAT, lmms_eval.FORMAT, evalscope.FORMAT)
GENERAL = (benchmark.FORMAT, responses.FORMAT, judged.FORMAT, notebook.FORMAT)
"""These are asked where no harness says that a file is its own."""
FORMATS = {format.name: format for format in (*GENERAL, *HARNESSES)}
SUPPORTED = (
    "miareview reads the benchmark (components, component_weight, component_type), responses (url or instruction, and "
    "text), judged results (the same and score_raw), and the files of VLMEvalKit, lmms-eval and EvalScope."
)
LONG_ADDRESS = 2_000  # characters; an `image` that is longer is a picture
_RESULTS = ({"results", "configs"}, {"results", "config"})
_NOTHING_TOLD = ColumnMap()
PictureOf = Callable[[dict[str, Any]], bytes | None]


class Ambiguous(DataError):
    """A file that several formats say is their own: `claims` are their reasons, by the format's name."""

    def __init__(self, path: str, claims: dict[str, str]) -> None:
        self.claims = claims
        reasons = "; or as ".join(f"{name}: {why}" for name, why in claims.items())
        choices = " or ".join(f"--format {name}" for name in claims)
        super().__init__(f"{path} can be read as {reasons}.", f"Say which: {choices}.")


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file is: `kind` is None where miareview does not read it, and `sentence` says what was seen. `claims` say
    of each format whether it takes the file for its own, and why."""

    format: str | None
    kind: Kind | None
    container: str
    sentence: str
    claims: dict[str, Claim]


def detect(path: Path | str, told: ColumnMap = _NOTHING_TOLD) -> Detection:
    """Find out what a file is. Raises `DataError` where it cannot be opened or is no text."""
    names = Names(told)
    with open_source(path, names) as source:
        entries, head = _head(source, names)
        claims = {name: format.claim(head) for name, format in FORMATS.items()}
        try:
            format = _format(head, entries)
        except DataError as error:
            return Detection(None, None, source.container, str(error), claims)
        sentence = f"{source.path} holds {format.what} as {source.container}."
        return Detection(format.name, format.kind(head), source.container, sentence, claims)


def read_file(
    path: Path | str,
    benchmark_name: str = benchmark.DEFAULT_NAME,
    format: str | None = None,
    told: ColumnMap = _NOTHING_TOLD,
) -> FileReading:
    """Read a file ("-" is standard input) as what it is, or as `format` (of `FORMATS`) where that is given. `told` is
    what the user says of its columns.

    What cannot be read of it is in `left_out`. Raises `DataError` where nothing of it can be read: it cannot be
    opened, is damaged, or needs a package that is not installed; `NotOurs` where it is of a kind that miareview does
    not know; `Ambiguous` where it can be two; `UsageError` where it has not a column that was named.
    """
    names = Names(told)
    with open_source(path, names) as source:
        entries, head = _head(source, names, benchmark_name)
        chosen = FORMATS[format] if format else _format(head, entries)
        _say_of_columns(source, head, chosen)
        reading = chosen.read(replace(source, entries=chain(entries, source.entries)), head)
    return replace(reading, pictures=_pictures(path, chosen, head, told))


def _head(source: Source, names: Names, benchmark_name: str = "") -> tuple[list[Entry], Head]:
    """The first entries, and what is seen in them: enough to tell what the file is. One with a picture inside is
    enough, and may be large."""
    entries: list[Entry] = []
    for entry in source.entries:
        entries.append(entry)
        if len(entries) == SNIFFED_LINES or _large(entry):
            break
    records = [entry.record for entry in entries if entry.record is not None]
    keys = frozenset(key for record in records for key in record)
    told = names.told
    if missing := told.columns - names.met:
        raise UsageError(f"{source.path} has no column {min(missing)!r}.", f"It has {_some(sorted(names.met))}.")
    columns = columns_of(records, told)
    read = {*columns.names, *told.columns}
    unread = {name for name, _ in columns.unread}
    verdicts = tuple(
        key
        for key in sorted(keys - read)
        if (key in TEXT_KEYS and "answer" not in told.of) or key in unread
        if look_like_replies([record.get(key) for record in records], surely=key in TEXT_KEYS)
    )
    return entries, Head(source.path, records, keys, columns, verdicts, benchmark_name)


def _say_of_columns(source: Source, head: Head, chosen: Format) -> None:
    """Warn of columns that are not read, and of those that were taken for a judge's replies by what is in them.

    The harnesses with records of their own say themselves what they do not read.
    """
    if chosen in (lmms_eval.FORMAT, evalscope.FORMAT):
        return
    columns = head.columns
    if chosen is notebook.FORMAT:
        models = set(notebook.model_columns(head.records))
        columns = replace(columns, unread=tuple(pair for pair in columns.unread if pair[0] not in models))
    elif chosen in (judged.FORMAT, vlmevalkit.FORMAT) and columns.guessed:
        source.notes.add(
            f"the judges' replies were read from {_some(columns.guessed)}, by what is in it; each judge is called "
            "after its column where nothing else names it (--judge, --reply-column)"
        )
    if sentence := note(columns):
        source.notes.add(sentence)


def _some(names: Sequence[str]) -> str:
    return ", ".join(repr(shorten(name)) for name in names[:8]) + (" …" if len(names) > 8 else "")


def _large(entry: Entry) -> bool:
    if entry.record is None:
        return False
    image = entry.record.get("image")
    return (
        "messages" in entry.record or isinstance(image, dict) or (isinstance(image, str) and len(image) > LONG_ADDRESS)
    )


def _format(head: Head, entries: list[Entry]) -> Format:
    """The one format that says it is its own. Raises `DataError` where there is none or not just one."""
    if not head.keys:
        first = f" (the first: {entries[0].reason})" if entries else ""
        raise DataError(f"{head.path} has no record that can be read{first}.", SUPPORTED)
    answers = [key for key in head.verdicts if key in TEXT_KEYS]
    if answers and not head.columns.judged:
        raise DataError(
            f"{head.path}: what is in {answers[0]!r} reads as a judge's replies, and the name is one of answers.",
            f"Say which: --reply-column {answers[0]}, or --map answer={answers[0]}.",
        )
    if any(signature <= head.keys for signature in _RESULTS):
        raise NotOurs(
            f"{head.path} holds lmms-eval's results table.", "Give it the samples (…_samples_mia_bench.jsonl)."
        )
    for formats in (HARNESSES, GENERAL):
        claims = {format.name: format.claim(head) for format in formats}
        mine = {name: claim.why for name, claim in claims.items() if claim.mine}
        if len(mine) > 1:
            raise Ambiguous(head.path, mine)
        if mine:
            return FORMATS[next(iter(mine))]
    raise _unknown(head)


def _unknown(head: Head) -> DataError:
    if head.columns.judged:
        return DataError(f"{head.path}: {judged.FORMAT.claim(head).why}.", SUPPORTED)
    if head.verdicts:
        names = ", ".join(shorten(key) for key in head.verdicts[:5])
        return DataError(
            f"{head.path} has columns that seem a judge's replies ({names}), and not the answers.",
            "Say which: --reply-column COLUMN.",
        )
    seen = ", ".join(shorten(key) for key in sorted(head.keys)[:8]) + (" …" if len(head.keys) > 8 else "")
    return NotOurs(f"{head.path} is of no known kind (its keys: {seen}).", f"{SUPPORTED} --map names other columns.")


def _pictures(path: Path | str, format: Format, head: Head, told: ColumnMap) -> Pictures | None:
    """The pictures of a file that has some, by reading it again: what holds them all in memory holds too much."""
    of: PictureOf | None = None
    if format is evalscope.FORMAT:
        of = evalscope.picture
    if format is benchmark.FORMAT and any(picture_of(record.get("image")) for record in head.records):
        of = _picture_column
    if of is None or str(path) == "-":
        return None

    def again(of: PictureOf = of) -> Iterator[tuple[int, bytes]]:
        with open_source(path, Names(told)) as source:
            for ordinal, entry in enumerate(source.entries):
                data = of(entry.record) if entry.record is not None else None
                if data is not None:
                    yield ordinal, data

    return again


def _picture_column(record: dict[str, Any]) -> bytes | None:
    return picture_of(record.get("image"))
