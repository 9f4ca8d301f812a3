"""From what was read of a file to what is in the store: items, responses, judgments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Protocol

from miareview.errors import DataError, UsageError
from miareview.formats.records import FileReading, ForeignRow, LeftOut
from miareview.identity import judge_id, judgment_id, response_id
from miareview.matching import match_rows
from miareview.model import Item, Judge, Judgment, Response, SubScore
from miareview.text import repair

DEFAULT_JUDGE = "gpt-4o"


class Counts(Protocol):
    """What an insert did; see `miareview.store.store.Added`."""

    @property
    def new(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def conflicts(self) -> list[tuple[str, str]]: ...


class Facts(Protocol):
    """The part of the store that an import needs."""

    def items(self, benchmark: str | None = None) -> list[Item]: ...
    def benchmarks(self) -> list[str]: ...
    def responses(self, model: str | None = None) -> list[Response]: ...
    def add_items(self, items: Iterable[Item]) -> Counts: ...
    def add_responses(self, responses: Iterable[Response], source: str = "") -> Counts: ...
    def add_judgments(self, judge: Judge, judgments: Iterable[Judgment]) -> Counts: ...


@dataclass(frozen=True, slots=True)
class FileResult:
    """What an import did with one file.

    `read` counts the records that were understood and belong to an item; `new` and `unchanged` count items, responses
    or, of judged results, judgments (`new_responses` then counts their responses).
    """

    path: str
    format: str
    kind: str
    container: str
    read: int
    new: int
    unchanged: int
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    model: str | None = None
    judge: str | None = None
    new_responses: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The shape of one file in `import --json`."""
        return {
            "path": self.path,
            "format": self.format,
            "kind": self.kind,
            "container": self.container,
            "read": self.read,
            "new": self.new,
            "unchanged": self.unchanged,
            "new_responses": self.new_responses,
            "left_out": [{part.place: part.number, "reason": part.reason} for part in self.left_out],
            "warnings": list(self.warnings),
            "model": self.model,
            "judge": self.judge,
        }


Track = Callable[[Sequence[tuple[ForeignRow, Item]]], Iterable[tuple[ForeignRow, Item]]]


@dataclass(slots=True)
class _Built:
    """Records made of rows. `responses` are by id; `judgments` by judge's name, then id."""

    responses: dict[str, Response] = field(default_factory=dict)
    judgments: dict[str, dict[str, Judgment]] = field(default_factory=lambda: defaultdict(dict))
    left_out: list[LeftOut] = field(default_factory=list)
    again: int = 0
    read: int = 0


def ingest(
    reading: FileReading,
    store: Facts,
    *,
    model: str | None = None,
    judge: str | None = None,
    benchmark: str | None = None,
    track: Track = lambda pairs: pairs,
) -> FileResult:
    """Put one file's records into the store.

    `model`, `judge` and `benchmark` go before what the file says. `track` is called around the slow loop, for a
    progress bar. Raises `DataError` where the store has no benchmark to match with, `UsageError` where several could
    be meant or one name is given for several models.
    """
    # Names from the command line and paths may hold bytes that are no UTF-8, which Python keeps as lone surrogates.
    model, judge, benchmark = (repair(name)[0] if name else None for name in (model, judge, benchmark))
    source = repair(reading.path)[0]
    if reading.kind == "benchmark":
        return _ingest_items(reading, store)
    items = store.items(_benchmark(store, benchmark))
    names = {row.model for row in reading.rows} - {None}
    if model and len(names) > 1:
        raise UsageError(f"{reading.path} has answers of {len(names)} models.", "Leave --model out, or split the file.")
    matching = match_rows(reading.rows, items, reading.place)
    warnings = [*reading.warnings, *matching.warnings]
    fallback = model or PurePath(source).stem.removesuffix("_judged")
    if not model and any(row.model is None for row in reading.rows):
        warnings.append(f"no model is named in the file; it is called {fallback!r} after the file (--model to change)")
    built = _build(matching.pairs, reading, model, fallback, judge, track)

    warnings += _second_answers(store, built.responses.values())
    responses = store.add_responses(built.responses.values(), source=source)
    new, unchanged = responses.new, responses.unchanged + built.again
    conflicts = list(responses.conflicts)
    if reading.kind == "judged":
        new, unchanged = 0, built.again
        for name, judgments in built.judgments.items():
            added = store.add_judgments(Judge(judge_id(name, "", "{}"), name), judgments.values())
            new, unchanged = new + added.new, unchanged + added.unchanged
            conflicts += added.conflicts
    models = sorted({response.model for response in built.responses.values()})
    return FileResult(
        path=reading.path,
        format=reading.format,
        kind=reading.kind,
        container=reading.container,
        read=built.read,
        new=new,
        unchanged=unchanged,
        left_out=_in_order(reading.left_out, matching.left_out, built.left_out),
        warnings=tuple(warnings + [f"not stored: {reason}" for _, reason in conflicts]),
        model=", ".join(models) or None,
        judge=", ".join(sorted(built.judgments)) or None,
        new_responses=responses.new,
    )


def _ingest_items(reading: FileReading, store: Facts) -> FileResult:
    added = store.add_items(reading.items)
    index = {item.id: item.index for item in reading.items}
    conflicts = [LeftOut("index", index[id], reason) for id, reason in added.conflicts]
    return FileResult(
        path=reading.path,
        format=reading.format,
        kind=reading.kind,
        container=reading.container,
        read=len(reading.items),
        new=added.new,
        unchanged=added.unchanged,
        left_out=_in_order(reading.left_out, conflicts),
        warnings=reading.warnings,
    )


def _in_order(*parts: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    return tuple(sorted((one for part in parts for one in part), key=lambda one: one.number))


def _benchmark(store: Facts, wanted: str | None) -> str:
    names = store.benchmarks()
    if wanted is None and len(names) > 1:
        raise UsageError(f"The database has {len(names)} benchmarks: {', '.join(names)}.", "Name one with --benchmark.")
    if not names or (wanted is not None and wanted not in names):
        raise DataError(
            f"The benchmark {wanted!r} is not in the database." if wanted else "There is no benchmark in the database.",
            "Import the benchmark's JSON file first, or name it in the same command.",
        )
    return wanted or names[0]


def _build(
    pairs: Sequence[tuple[ForeignRow, Item]],
    reading: FileReading,
    model: str | None,
    fallback: str,
    judge: str | None,
    track: Track,
) -> _Built:
    built = _Built()
    first: dict[tuple[str, str], tuple[ForeignRow, str]] = {}
    repeats: dict[tuple[str, str], dict[str | None, int]] = defaultdict(dict)
    for row, item in track(pairs):
        name = model or row.model or fallback
        response = Response(response_id(item.id, name, row.text, row.status), item.id, name, row.text, row.status)
        earlier, earlier_id = first.setdefault((item.id, name), (row, response.id))
        if earlier_id != response.id:
            built.left_out.append(
                LeftOut(
                    reading.place,
                    row.number,
                    f"a second answer to item {item.index} ({reading.place} {earlier.number} has the first)",
                )
            )
            continue
        built.read += 1
        built.responses[response.id] = response
        if reading.kind == "responses":
            built.again += earlier is not row
            continue
        if row.reply is None and not row.reply_failed:
            built.left_out.append(LeftOut(reading.place, row.number, "no judge's reply; the answer was kept"))
            continue
        by = judge or row.judge or DEFAULT_JUDGE
        # The same answer with another reply is another run of the judge, not a contradiction.
        known = repeats[response.id, by]
        if row.reply in known:
            built.again += 1
            continue
        known[row.reply] = len(known)
        judgment = _judgment(row, item, response.id, judge_id(by, "", "{}"), known[row.reply])
        built.judgments[by][judgment.id] = judgment
    return built


def _judgment(row: ForeignRow, item: Item, response: str, judge: str, repeat: int) -> Judgment:
    id = judgment_id(response, judge, repeat, row.reply)
    if row.reply is None or row.reply_failed:
        nothing = tuple(SubScore(component.position, None) for component in item.components)
        return Judgment(id, response, judge, repeat, row.reply, "api_error", sub_scores=nothing)
    from miareview.judge.published import published_total
    from miareview.judge.reply import parse_reply

    reading = parse_reply(row.reply, item.weights)
    return Judgment(
        id=id,
        response=response,
        judge=judge,
        repeat=repeat,
        raw=row.reply,
        status=reading.status,
        warnings=tuple(reading.warnings),
        stated_total=reading.stated_total,
        published_total=published_total(row.reply, [component.category for component in item.components]),
        sub_scores=tuple(_sub_scores(reading.points, reading.spans)),
    )


def _sub_scores(points: Sequence[Fraction | None], spans: Sequence[tuple[int, int] | None]) -> Iterable[SubScore]:
    for position, (value, span) in enumerate(zip(points, spans, strict=True), start=1):
        yield SubScore(position, value, *(span or (None, None)))


def _second_answers(store: Facts, responses: Iterable[Response]) -> list[str]:
    """A warning where the store has another answer of the same model to the same item: both stay, and both count."""
    responses = list(responses)
    stored: dict[tuple[str, str], set[str]] = defaultdict(set)
    for model in {response.model for response in responses}:
        for response in store.responses(model):
            stored[response.item, model].add(response.id)
    others = sum(1 for r in responses if stored[r.item, r.model] and r.id not in stored[r.item, r.model])
    if not others:
        return []
    return [f"{others} items have another answer under the same model name already; both are kept (--model to part)"]
