"""The benchmark: the published list of objects, or the same as JSON Lines or a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miareview.errors import DataError
from miareview.formats.fields import LONGEST_LIST, Unusable, address, clean, read_list, whole_number
from miareview.formats.format import Claim, Format, Head
from miareview.formats.names import BENCHMARK_KEYS, INSTRUCTION_KEYS, TEXT_KEYS
from miareview.formats.pictures import content_address, picture_of
from miareview.formats.records import FileReading, LeftOut, Notes
from miareview.formats.source import Entry, Source, kind_of, shorten
from miareview.identity import item_id
from miareview.model import CATEGORIES, DIFFICULTIES, Component, Item
from miareview.text import repair

DEFAULT_NAME = "mia-bench"
HEAVIEST = 1_000_000


def read(source: Source, name: str = DEFAULT_NAME) -> FileReading:
    """The items of a benchmark file. An entry that is no item is left out; `image_name`, stale in the file, is ignored.

    An item with a picture and no address for it gets one by the picture's content.

    Raises `DataError` where no name is given.
    """
    if not name.strip():
        raise DataError("The benchmark needs a name.", "Give one with --benchmark.")
    name, _ = repair(name)
    items: dict[str, tuple[int, Item]] = {}
    left_out: list[LeftOut] = []
    for ordinal, entry in enumerate(source.entries):
        try:
            item = _item(entry, ordinal, name, source.notes)
            if item.id in items:
                raise Unusable(f"the same picture and instruction as {source.place} {items[item.id][0]}")
        except Unusable as reason:
            left_out.append(LeftOut(source.place, entry.number, str(reason)))
        else:
            items[item.id] = entry.number, item
    return FileReading(
        path=source.path,
        format="benchmark",
        container=source.container,
        kind="benchmark",
        items=tuple(item for _, item in items.values()),
        left_out=tuple(left_out),
        warnings=source.notes.sentences(),
        place=source.place,
    )


def _item(entry: Entry, ordinal: int, name: str, notes: Notes) -> Item:
    record = entry.record
    if record is None:
        raise Unusable(entry.reason)

    def text(*keys: str) -> str:
        return clean(_text(record, *keys), entry.number, notes)

    def word(value: object, what: str) -> str:
        return clean(_word(value, what), entry.number, notes)

    url = address(record) or _content_address(record)
    url = clean(url, entry.number, notes) if url else text("image")
    instruction = text(*INSTRUCTION_KEYS)
    difficulty = text("type")
    texts, weights, categories = (_list(record, f"component{end}") for end in ("s", "_weight", "_type"))
    if not texts:
        raise Unusable("it has no components")
    if not len(texts) == len(weights) == len(categories):
        raise Unusable(f"{len(texts)} components, {len(weights)} weights and {len(categories)} categories")
    components = tuple(
        Component(position, word(category, "category"), word(part, "component"), _weight(weight))
        for position, (part, weight, category) in enumerate(zip(texts, weights, categories, strict=True), start=1)
    )
    if "num_of_component" in record and str(record["num_of_component"]).strip() != str(len(components)):
        notes.add("num_of_component disagrees with the lists, which were taken", entry.number)
    if difficulty not in DIFFICULTIES:
        notes.add(f"unknown difficulty {shorten(difficulty)!r}", entry.number)
    for component in components:
        if component.category not in CATEGORIES:
            notes.add(f"unknown category {shorten(component.category)!r}", entry.number)
    return Item(item_id(name, url, instruction), name, ordinal, url, instruction, difficulty, components)


def _content_address(record: Mapping[str, Any]) -> str | None:
    data = picture_of(record.get("image"))
    return content_address(data) if data else None


def _text(record: Mapping[str, Any], *keys: str) -> str:
    present = [key for key in keys if key in record]
    if not present:
        raise Unusable(f"the key {keys[0]!r} is missing")
    value = record[present[0]]
    if not isinstance(value, str):
        raise Unusable(f"{present[0]!r} is {kind_of(value)}, not text")
    if not value.strip():
        raise Unusable(f"{present[0]!r} is empty")
    return value


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    """A list that is one, or is written as text: as JSON, or as Python writes it (a table has no lists)."""
    if key not in record:
        raise Unusable(f"the key {key!r} is missing")
    value = record[key]
    if isinstance(value, str) and len(value) <= LONGEST_LIST:
        value = read_list(value)
    if not isinstance(value, list):
        raise Unusable(f"{key!r} is {kind_of(value)}, not a list")
    return value


def _word(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"a {what} is {'empty' if isinstance(value, str) else kind_of(value)}")
    return value


def _weight(value: object) -> int:
    weight = whole_number(value)
    if weight is None or not 0 < weight <= HEAVIEST:
        raise Unusable(f"a weight is not a whole number from 1 to {HEAVIEST}")
    return weight


def _claim(head: Head) -> Claim:
    if not head.keys >= set(BENCHMARK_KEYS) or not head.keys & set(INSTRUCTION_KEYS):
        return Claim(False, "it has no instructions with components and weights")
    if answers := head.first_of(TEXT_KEYS):
        return Claim(False, f"it has answers ({answers})")
    if head.columns.judged or head.verdicts:
        return Claim(False, f"it has a judge's replies ({', '.join(head.columns.names or head.verdicts)})")
    return Claim(True, "it has instructions, components and weights, and no answers or replies")


FORMAT = Format(
    "benchmark",
    "the benchmark",
    _claim,
    kind=lambda head: "benchmark",
    read=lambda source, head: read(source, head.benchmark),
)
