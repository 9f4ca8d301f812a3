"""What a file is, told from what is in it and never from its name; and reading it accordingly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from miareview.errors import DataError
from miareview.formats import benchmark, evalscope, judged, lmms_eval, notebook, responses, vlmevalkit
from miareview.formats.fields import BENCHMARK_KEYS, KNOWN_KEYS, REPLY_KEYS, TEXT_KEYS
from miareview.formats.opening import open_source
from miareview.formats.pictures import picture_of
from miareview.formats.records import FileReading, Kind, Pictures
from miareview.formats.source import SNIFFED_LINES, Entry, NotOurs, Source, shorten

FORMATS = {
    "benchmark": "the benchmark",
    "responses": "answers of a model",
    "judged": "answers with a judge's replies",
    "notebook": "the published notebook's table, with a column of judge replies for each model",
    "vlmevalkit": "VLMEvalKit's predictions, or these with a judge's replies",
    "lmms-eval": "lmms-eval's samples",
    "evalscope": "EvalScope's predictions or reviews",
}
SUPPORTED = (
    "miareview reads the benchmark (components, component_weight, component_type), responses (url or instruction, and "
    "text), judged results (the same and score_raw), and the files of VLMEvalKit, lmms-eval and EvalScope."
)
# The keys by which one record of a harness is known.
_HARNESSES = (
    ({evalscope.REVIEW}, "evalscope"),
    ({evalscope.PREDICTION, "messages"}, "evalscope"),
    ({lmms_eval.SCORE}, "lmms-eval"),
    ({"filtered_resps"}, "lmms-eval"),
)
LONG_ADDRESS = 2_000  # characters; an `image` that is longer is a picture
_RESULTS = ({"results", "configs"}, {"results", "config"})
PictureOf = Callable[[dict[str, Any]], bytes | None]


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file is: `kind` is None where miareview does not read it, and `sentence` says what was seen."""

    format: str | None
    kind: Kind | None
    container: str
    sentence: str


def detect(path: Path | str) -> Detection:
    """Find out what a file is. Raises `DataError` where it cannot be opened or is no text."""
    with open_source(path, KNOWN_KEYS) as source:
        head = _head(source)
        try:
            format = _format(source.path, head)
        except DataError as error:
            return Detection(None, None, source.container, str(error))
        kind: Kind = "benchmark" if format == "benchmark" else "judged" if _judged(format, head) else "responses"
        sentence = f"{source.path} holds {FORMATS[format]} as {source.container}."
        return Detection(format, kind, source.container, sentence)


def read_file(path: Path | str, benchmark_name: str = benchmark.DEFAULT_NAME, format: str | None = None) -> FileReading:
    """Read a file ("-" is standard input) as what it is, or as `format` (of `FORMATS`) where that is given.

    What cannot be read of it is in `left_out`. Raises `DataError` where nothing of it can be read: it cannot be
    opened, is damaged, or needs a package that is not installed; `NotOurs` where it is of a kind that miareview does
    not know.
    """
    with open_source(path, KNOWN_KEYS) as source:
        head = _head(source)
        format = format or _format(source.path, head)
        reader = _reader(format, head, benchmark_name)
        reading = reader(replace(source, entries=chain(head, source.entries)))
    return replace(reading, pictures=_pictures(path, format, head))


def _reader(format: str, head: list[Entry], benchmark_name: str) -> Callable[[Source], FileReading]:
    if format == "benchmark":
        return lambda source: benchmark.read(source, benchmark_name)
    if format == "notebook":
        models = notebook.model_columns(_records(head))
        return lambda source: notebook.read(source, models)
    if format in ("judged", "responses"):
        return judged.read if format == "judged" else responses.read
    harness = {"vlmevalkit": vlmevalkit.read, "lmms-eval": lmms_eval.read, "evalscope": evalscope.read}[format]
    with_replies = _judged(format, head)
    return lambda source: harness(source, with_replies)


def _pictures(path: Path | str, format: str, head: list[Entry]) -> Pictures | None:
    """The pictures of a file that has some, by reading it again: what holds them all in memory holds too much."""
    of: PictureOf | None = None
    if format == "evalscope":
        of = evalscope.picture
    if format == "benchmark" and any(picture_of(record.get("image")) for record in _records(head)):
        of = _picture_column
    if of is None or str(path) == "-":
        return None

    def again(of: PictureOf = of) -> Iterator[tuple[int, bytes]]:
        with open_source(path, KNOWN_KEYS) as source:
            for ordinal, entry in enumerate(source.entries):
                data = of(entry.record) if entry.record is not None else None
                if data is not None:
                    yield ordinal, data

    return again


def _picture_column(record: dict[str, Any]) -> bytes | None:
    return picture_of(record.get("image"))


def _head(source: Source) -> list[Entry]:
    """The first records: enough to tell what the file is. One with a picture is, and may be large."""
    head: list[Entry] = []
    for entry in source.entries:
        head.append(entry)
        if len(head) == SNIFFED_LINES or _large(entry):
            break
    return head


def _large(entry: Entry) -> bool:
    if entry.record is None:
        return False
    image = entry.record.get("image")
    inside = isinstance(image, dict) or (isinstance(image, str) and len(image) > LONG_ADDRESS)
    return inside or _harness(set(entry.record)) is not None


def _records(head: list[Entry]) -> list[dict[str, Any]]:
    return [entry.record for entry in head if entry.record is not None]


def _harness(keys: Set[str]) -> str | None:
    return next((format for signature, format in _HARNESSES if signature <= keys), None)


def _judged(format: str, head: list[Entry]) -> bool:
    """Whether a file of this format has judge's replies (or scores) in it."""
    keys = {key for record in _records(head) for key in record}
    if format == "vlmevalkit":
        return "score_raw" in keys
    if format in ("lmms-eval", "evalscope"):
        return bool(keys & {lmms_eval.SCORE, evalscope.REVIEW})
    return format in ("judged", "notebook")


def _format(name: str, head: list[Entry]) -> str:
    keys = {key for record in _records(head) for key in record}
    if not keys:
        first = f" (the first: {head[0].reason})" if head else ""
        raise DataError(f"{name} has no record that can be read{first}.", SUPPORTED)
    if any(signature <= keys for signature in _RESULTS):
        raise NotOurs(f"{name} holds lmms-eval's results table.", "Give it the samples (…_samples_mia_bench.jsonl).")
    harness = _harness(keys)
    if harness:
        return harness
    if keys >= vlmevalkit.KEYS and not keys & (set(TEXT_KEYS) - {"prediction"}):
        return "vlmevalkit"
    has_text, has_reply = bool(keys & set(TEXT_KEYS)), bool(keys & set(REPLY_KEYS))
    if has_text:
        return "judged" if has_reply else "responses"
    if keys >= set(BENCHMARK_KEYS):
        return "notebook" if notebook.model_columns(_records(head)) else "benchmark"
    if has_reply:
        key = next(key for key in REPLY_KEYS if key in keys)
        raise DataError(f"{name} has judge replies ({key}) but not the answers they are about.", SUPPORTED)
    raise _unknown(name, keys)


def _unknown(name: str, keys: Set[str]) -> DataError:
    seen = ", ".join(shorten(key) for key in sorted(keys)[:8]) + (" …" if len(keys) > 8 else "")
    return NotOurs(f"{name} is of no known kind (its keys: {seen}).", SUPPORTED)
