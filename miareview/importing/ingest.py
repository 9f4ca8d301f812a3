"""From what was read of a file to what is in the store: items, responses, judgments, pictures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, Protocol

from miareview.errors import DataError, UsageError
from miareview.formats.names import is_address
from miareview.formats.records import FileReading, ForeignReply, ForeignRow, LeftOut
from miareview.identity import canonical_text, item_id, response_id
from miareview.importing.joining import Answers, Counts, absorb
from miareview.importing.matching import Catalogue, match_rows
from miareview.importing.readings import judge_of, judgment_of
from miareview.model import Item, Judge, Judgment, Response
from miareview.text import repair

DEFAULT_JUDGE = "gpt-4o"


class Facts(Protocol):
    """The part of the store that an import needs."""

    def items(self, benchmark: str | None = None) -> list[Item]: ...
    def benchmarks(self) -> list[str]: ...
    def responses(self, model: str | None = None) -> list[Response]: ...
    def add_items(self, items: Iterable[Item]) -> Counts: ...
    def add_responses(self, responses: Iterable[Response], source: str = "") -> Counts: ...
    def add_judgments(self, judge: Judge, judgments: Iterable[Judgment]) -> Counts: ...
    def judges(self) -> list[Judge]: ...
    def judgments(self, response: str) -> list[Judgment]: ...
    def writing(self) -> AbstractContextManager[object]: ...


@dataclass(frozen=True, slots=True)
class FileResult:
    """What an import did with one file.

    `read` counts the records that were understood and belong to an item; `new` and `unchanged` count items, responses
    or, of judged results, judgments (`new_responses` then counts their responses). `judge` names the judges, `judges`
    are their records. `pictures` counts the file's pictures by what became of them ("new", "unchanged", "conflict",
    "unusable").
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
    judges: tuple[Judge, ...] = ()
    pictures: dict[str, int] = field(default_factory=dict)

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
            "judges": [
                {"name": judge.name, "label": judge.label, "harness": judge.harness, "sees_image": judge.sees_image}
                for judge in self.judges
            ],
            "pictures": self.pictures,
        }


Track = Callable[[Sequence[tuple[ForeignRow, Item]]], Iterable[tuple[ForeignRow, Item]]]
KeepPicture = Callable[[Item, bytes, str], str]
"""Keeps the picture of an item, from the file of this name: "new", "unchanged" or "conflict". May raise DataError."""


@dataclass(slots=True)
class _Built:
    """Records made of rows. `responses` are by id; `judgments` by judge, then id."""

    responses: dict[str, Response] = field(default_factory=dict)
    judgments: dict[Judge, dict[str, Judgment]] = field(default_factory=lambda: defaultdict(dict))
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
    keep_picture: KeepPicture | None = None,
    catalogues: dict[str, Catalogue] | None = None,
) -> FileResult:
    """Put one file's records into the store, all of them or none, and its pictures where `keep_picture` says.

    `model`, `judge` and `benchmark` go before what the file says. `track` is called around the slow loop, for a
    progress bar. `catalogues` keeps the items of benchmarks, by name, from one file to the next. Raises `DataError`
    where the store has no benchmark to match with, `UsageError` where several could be meant, one name is given for
    several models or judges, or items would be added to those that are there without `benchmark` saying so.
    """
    # Names from the command line and paths may hold bytes that are no UTF-8, which Python keeps as lone surrogates.
    model, judge, benchmark = (repair(name)[0] if name else None for name in (model, judge, benchmark))
    source = repair(reading.path)[0]
    catalogues = {} if catalogues is None else catalogues
    if reading.kind == "benchmark":
        catalogues.clear()
        return _ingest_items(reading, store, keep_picture, named=benchmark is not None)
    name = _benchmark(store, benchmark)
    if name not in catalogues:
        catalogues[name] = Catalogue(store.items(name))
    _refuse_one_name_for_many(reading, model, judge)
    matching = match_rows(reading.rows, catalogues[name], reading.place)
    warnings = [*reading.warnings, *matching.warnings]
    fallback = model or PurePath(source).stem.removesuffix("_judged")
    if not model and any(row.model is None for row in reading.rows):
        warnings.append(f"no model is named in the file; it is called {fallback!r} after the file (--model to change)")
    models = {model or row.model or fallback for row, _ in matching.pairs}
    answers = Answers([response for name in sorted(models) for response in store.responses(name)])
    built = _build(matching.pairs, reading, model, fallback, judge, answers, track)

    warnings += answers.notes(built.responses.values())
    with store.writing():
        responses = store.add_responses(built.responses.values(), source=source)
        new, unchanged = responses.new, responses.unchanged + built.again
        conflicts = list(responses.conflicts)
        if reading.kind == "judged":
            new, unchanged = 0, built.again
            for by, judgments in built.judgments.items():
                added = store.add_judgments(by, judgments.values())
                new, unchanged = new + added.new, unchanged + added.unchanged
                conflicts += added.conflicts
        warnings += absorb(store, answers, built.responses.values())
    pictures, complaints = _keep_pictures(reading, {row.ordinal: item for row, item in matching.pairs}, keep_picture)
    judges = sorted(built.judgments, key=lambda by: (by.name, by.parameters))
    return FileResult(
        path=reading.path,
        format=reading.format,
        kind=reading.kind,
        container=reading.container,
        read=built.read,
        new=new,
        unchanged=unchanged,
        left_out=_in_order(reading.left_out, matching.left_out, built.left_out),
        warnings=(*warnings, *complaints, *(f"not stored: {reason}" for _, reason in conflicts)),
        model=", ".join(sorted({response.model for response in built.responses.values()})) or None,
        judge=", ".join(dict.fromkeys(by.name for by in judges)) or None,
        new_responses=responses.new,
        judges=tuple(judges),
        pictures=pictures,
    )


def _refuse_one_name_for_many(reading: FileReading, model: str | None, judge: str | None) -> None:
    models = {row.model for row in reading.rows} - {None}
    if model and len(models) > 1:
        raise UsageError(
            f"{reading.path} has answers of {len(models)} models.", "Leave --model out, or split the file."
        )
    judges = {reply.by.name for row in reading.rows for reply in row.replies} - {None}
    if judge and len(judges) > 1:
        raise UsageError(
            f"{reading.path} has replies of {len(judges)} judges.", "Leave --judge out, or split the file."
        )


def _keep_pictures(
    reading: FileReading, items: dict[int, Item], keep_picture: KeepPicture | None
) -> tuple[dict[str, int], list[str]]:
    """What became of the file's pictures, counted, and the sentences about those that were not kept."""
    counts: Counter[str] = Counter()
    complaints: list[str] = []
    if reading.pictures is None or keep_picture is None:
        return {}, []
    for ordinal, data in reading.pictures():
        item = items.get(ordinal)
        if item is None:
            continue
        try:
            if not data:
                raise DataError("it cannot be decoded.")
            counts[keep_picture(item, data, PurePath(reading.path).name)] += 1
        except DataError as error:
            counts["unusable"] += 1
            complaints.append(f"the picture of item {item.index} was not kept: {error}")
    if counts["conflict"]:
        complaints.append(f"{counts['conflict']} pictures differ from those that are kept for these items, which stay")
    return {name: count for name, count in counts.items() if count}, complaints[:10]


def _ingest_items(reading: FileReading, store: Facts, keep_picture: KeepPicture | None, named: bool) -> FileResult:
    if not named:
        reading = _of_the_one_there_is(reading, store)
    index = {item.id: item.index for item in reading.items}
    known = _known_otherwise(reading.items, store)
    if not named:
        _refuse_more_items(reading, known, store)
    added = store.add_items(item for item in reading.items if item.id not in known)
    conflicts = [LeftOut(reading.place, index[id], reason) for id, reason in added.conflicts]
    warnings = list(reading.warnings)
    if known:
        warnings.append(
            f"items that are there already under another address: {len(known)}; "
            "they were taken for the same, by instruction and components"
        )
    refused = {id for id, _ in added.conflicts}
    warnings += _numbers_taken(reading.items, refused | set(known), store)
    items = {item.index: known.get(item.id, item) for item in reading.items if item.id not in refused}
    pictures, complaints = _keep_pictures(reading, items, keep_picture)
    return FileResult(
        path=reading.path,
        format=reading.format,
        kind=reading.kind,
        container=reading.container,
        read=len(reading.items),
        new=added.new,
        unchanged=added.unchanged + len(known),
        left_out=_in_order(reading.left_out, conflicts),
        warnings=(*warnings, *complaints),
        pictures=pictures,
    )


def _of_the_one_there_is(reading: FileReading, store: Facts) -> FileReading:
    """The items as those of the benchmark that is there, where there is one and nobody named another."""
    names = store.benchmarks()
    if len(names) != 1:
        return reading
    items = (replace(i, benchmark=names[0], id=item_id(names[0], i.image_url, i.instruction)) for i in reading.items)
    return replace(reading, items=tuple(items))


def _refuse_more_items(reading: FileReading, known: Mapping[str, Item], store: Facts) -> None:
    """Items cannot be taken back: another benchmark, or one with other addresses, is only added when it is named.

    A file that has all the items that are there, and more, is the same benchmark in full.
    """
    names = store.benchmarks()
    stored = {item.id for name in names for item in store.items(name)}
    met = {known[item.id].id if item.id in known else item.id for item in reading.items}
    if met - stored and stored - met:
        there = len(met & stored)
        raise UsageError(
            f"{reading.path} has {len(met)} items, of which {there or 'none'} {'is' if there < 2 else 'are'} in the "
            "database; the others could not be taken back.",
            f"--benchmark {names[0]} adds them to those that are there, another name makes a benchmark of its own.",
        )


def _known_otherwise(items: Sequence[Item], store: Facts) -> dict[str, Item]:
    """The stored item for each (by id) that is new by its address alone, because it or the stored one has none.

    Where several stored items have that instruction and those components, none is taken.
    """
    names = {item.benchmark for item in items}
    stored = [item for name in names & set(store.benchmarks()) for item in store.items(name)]
    ids = {item.id for item in stored}
    by_content: dict[tuple[Any, ...], list[Item]] = defaultdict(list)
    for item in stored:
        by_content[item.benchmark, canonical_text(item.instruction), item.components].append(item)
    known: dict[str, Item] = {}
    for item in items:
        same = by_content[item.benchmark, canonical_text(item.instruction), item.components]
        bare = [other for other in same if _without_address(item) != _without_address(other)]
        if item.id not in ids and len(bare) == 1:
            known[item.id] = bare[0]
    return known


def _numbers_taken(items: Sequence[Item], but: set[str], store: Facts) -> list[str]:
    """A warning where items of a subset have the numbers of others, which makes numbers useless for matching."""
    ids = {item.id for item in items} - but
    names = {item.benchmark for item in items}
    used: dict[int, set[str]] = defaultdict(set)
    for item in (item for name in names & set(store.benchmarks()) for item in store.items(name)):
        used[item.index].add(item.id)
    shared = sum(1 for there in used.values() if len(there) > 1 and there & ids)
    if not shared:
        return []
    return [f"{shared} items have a number that another item of this benchmark has (--benchmark to keep them apart)"]


def _without_address(item: Item) -> bool:
    """Whether the item goes by its picture's content, or by a path that means nothing elsewhere."""
    return not is_address(item.image_url)


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
    answers: Answers,
    track: Track,
) -> _Built:
    built = _Built()
    first: dict[tuple[str, str], tuple[ForeignRow, str]] = {}
    repeats: dict[tuple[str, str], dict[tuple[object, ...], int]] = defaultdict(dict)
    for row, item in track(pairs):
        name = model or row.model or fallback
        response = Response(response_id(item.id, name, row.text, row.status), item.id, name, row.text, row.status)
        response = answers.whole(response, judged=bool(row.replies))
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
        if not row.replies:
            built.left_out.append(LeftOut(reading.place, row.number, "no judge's reply; the answer was kept"))
        for reply in row.replies:
            by = judge_of(reply.by, judge or reply.by.name or DEFAULT_JUDGE)
            # The same answer with another reply is another run of the judge, not a contradiction.
            known = repeats[response.id, by.id]
            words = (reply.raw, reply.repeat, *_scores(reply))
            if words in known:
                built.again += 1
                continue
            known[words] = len(known) if reply.repeat is None else reply.repeat
            judgment = judgment_of(reply, item, response.id, by.id, known[words])
            built.judgments[by][judgment.id] = judgment
    return built


def _scores(reply: ForeignReply) -> tuple[object, ...]:
    """What tells replies apart whose words were not kept."""
    return (*reply.scores.fractions.items(), *reply.scores.points.items()) if reply.scores else ()
