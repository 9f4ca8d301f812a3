"""What a file is, told from what is in it and never from its name; and reading it accordingly."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from miareview.errors import DataError
from miareview.formats import benchmark, judged, responses
from miareview.formats.fields import BENCHMARK_KEYS, KNOWN_KEYS, REPLY_KEYS, TEXT_KEYS
from miareview.formats.records import FileReading, Kind
from miareview.formats.source import SNIFFED_LINES, Entry, Source, open_source, shorten

SUPPORTED = (
    "miareview reads the benchmark (components, component_weight, component_type), "
    "responses (url or instruction, and text) and judged results (the same and score_raw)."
)
_INSTEAD = "Give it the answers and the judge's replies as JSON Lines or CSV (url, text, score_raw)."

# What the files of evaluation harnesses have that no other has.
_HARNESSES = (
    ({"sample_score"}, "EvalScope's reviews"),
    ({"model_output", "messages"}, "EvalScope's predictions"),
    ({"gpt_eval_score"}, "lmms-eval's samples"),
    ({"filtered_resps"}, "lmms-eval's samples"),
    ({"results", "configs"}, "lmms-eval's results"),
)


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file is: `kind` is None where miareview does not read it, and `sentence` says what was seen."""

    kind: Kind | None
    container: str
    sentence: str


def detect(path: Path | str) -> Detection:
    """Find out what a file is. Raises `DataError` where it cannot be opened or is no text."""
    with open_source(path, KNOWN_KEYS) as source:
        head = _head(source)
        try:
            kind = _kind(source.path, head)
        except DataError as error:
            return Detection(None, source.container, str(error))
        return Detection(kind, source.container, f"{source.path} holds {_words(kind)} as {source.container}.")


def read_file(path: Path | str, benchmark_name: str = benchmark.DEFAULT_NAME, kind: Kind | None = None) -> FileReading:
    """Read a file ("-" is standard input) as what it is, or as `kind` where that is given.

    What cannot be read of it is in `left_out`. Raises `DataError` where nothing of it can be read: it cannot be
    opened, is empty, is no text, or is of a kind that miareview does not know.
    """
    with open_source(path, KNOWN_KEYS) as source:
        head = _head(source)
        kind = kind or _kind(source.path, head)
        source = replace(source, entries=chain(head, source.entries))
        if kind == "benchmark":
            return benchmark.read(source, benchmark_name)
        return judged.read(source) if kind == "judged" else responses.read(source)


def _head(source: Source) -> list[Entry]:
    entries: Iterator[Entry] = source.entries
    return list(islice(entries, SNIFFED_LINES))


def _words(kind: Kind) -> str:
    return {"benchmark": "a benchmark", "responses": "responses", "judged": "judged results"}[kind]


def _kind(name: str, head: list[Entry]) -> Kind:
    keys = {key for entry in head if entry.record is not None for key in entry.record}
    if not keys:
        first = f" (the first: {head[0].reason})" if head else ""
        raise DataError(f"{name} has no record that can be read{first}.", SUPPORTED)
    for signature, what in _HARNESSES:
        if signature <= keys:
            raise DataError(f"{name} holds {what}, which this version does not read yet.", _INSTEAD)
    has_text, has_reply = bool(keys & set(TEXT_KEYS)), bool(keys & set(REPLY_KEYS))
    if has_text:
        return "judged" if has_reply else "responses"
    if keys >= set(BENCHMARK_KEYS):
        return "benchmark"
    if has_reply:
        key = next(key for key in REPLY_KEYS if key in keys)
        raise DataError(f"{name} has judge replies ({key}) but not the answers they are about.", SUPPORTED)
    raise _unknown(name, keys)


def _unknown(name: str, keys: Set[str]) -> DataError:
    seen = ", ".join(shorten(key) for key in sorted(keys)[:8]) + (" …" if len(keys) > 8 else "")
    return DataError(f"{name} is of no known kind (its keys: {seen}).", SUPPORTED)
