"""Which item of the benchmark a row of a foreign file belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from miareview.formats.records import ForeignRow, LeftOut, Notes, Place
from miareview.identity import canonical_text, canonical_url
from miareview.model import Item


@dataclass(frozen=True, slots=True)
class Matching:
    """The rows that belong to an item, in file order, and those that do not."""

    pairs: list[tuple[ForeignRow, Item]]
    left_out: list[LeftOut]
    warnings: tuple[str, ...]


def match_rows(rows: Iterable[ForeignRow], items: Sequence[Item], place: Place = "line") -> Matching:
    """Match rows to the items of one benchmark (in the benchmark's order).

    By the picture's address, then by the instruction, and only where a row has neither by its number. Some
    instructions are there twice; then the number breaks the tie. Both uses of the number are warned about. A row whose
    address and instruction speak of different items, or of none, is left out.
    """
    return _Matcher(items, place).match(list(rows))


class _Matcher:
    def __init__(self, items: Sequence[Item], place: Place) -> None:
        self.items = items
        self.place = place
        self.by_url: dict[str, list[Item]] = defaultdict(list)
        self.by_text: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            self.by_url[canonical_url(item.image_url)].append(item)
            self.by_text[canonical_text(item.instruction)].append(item)
        self.found: dict[int, Item] = {}
        self.refused: dict[int, str] = {}
        self.notes = Notes(place)

    def match(self, rows: list[ForeignRow]) -> Matching:
        ties: dict[tuple[str | None, tuple[str, ...]], list[ForeignRow]] = defaultdict(list)
        numbered: list[ForeignRow] = []
        for row in rows:
            if row.url is None and row.instruction is None:
                numbered.append(row)
                continue
            candidates = self._candidates(row)
            if len(candidates) == 1:
                self.found[row.ordinal] = candidates[0]
            elif candidates:
                ties[row.model, tuple(item.id for item in candidates)].append(row)
        for (_, ids), tied in ties.items():
            self._break_tie(tied, [item for item in self.items if item.id in ids])
        self._by_number(numbered)
        return Matching(
            [(row, self.found[row.ordinal]) for row in rows if row.ordinal in self.found],
            [LeftOut(self.place, row.number, self.refused[row.ordinal]) for row in rows if row.ordinal in self.refused],
            self.notes.sentences(),
        )

    def _candidates(self, row: ForeignRow) -> list[Item]:
        by_url = self.by_url.get(canonical_url(row.url), []) if row.url else []
        by_text = self.by_text.get(canonical_text(row.instruction), []) if row.instruction else []
        if by_url and by_text:
            both = [item for item in by_url if item in by_text]
            if not both:
                self.refused[row.ordinal] = (
                    f"its picture is item {by_url[0].index}'s and its instruction item {by_text[0].index}'s"
                )
            return both
        if by_text and row.url:
            self.notes.add("the picture's address is not in the benchmark; matched by instruction", row.number)
        if not by_url and not by_text:
            parts = [name for name, value in (("picture", row.url), ("instruction", row.instruction)) if value]
            self.refused[row.ordinal] = (
                f"its {' and '.join(parts)} match no item of the benchmark"
                if len(parts) > 1
                else (f"its {parts[0]} matches no item of the benchmark")
            )
        return by_url or by_text

    def _break_tie(self, rows: list[ForeignRow], candidates: list[Item]) -> None:
        by_index = {item.index: item for item in candidates}
        names = " and ".join(str(index) for index in by_index)
        positions = [_position(row) for row in rows]
        if all(position in by_index for position in positions):
            chosen = [by_index[position] for position in positions]
        elif len(rows) == len(candidates):
            in_order = sorted(range(len(rows)), key=lambda n: positions[n])
            chosen = [candidates[in_order.index(n)] for n in range(len(rows))]
        else:
            for row in rows:
                self.refused[row.ordinal] = f"items {names} have the same instruction, and no address tells which"
            return
        for row, item in zip(rows, chosen, strict=True):
            self.found[row.ordinal] = item
            self.notes.add(f"items {names} have the same instruction; told apart by row number", row.number)

    def _by_number(self, rows: list[ForeignRow]) -> None:
        by_index = {item.index: item for item in self.items}
        strange = next((row for row in rows if _position(row) not in by_index), None)
        for row in rows:
            if strange is None:
                self.found[row.ordinal] = by_index[_position(row)]
                self.notes.add("matched by row number only (from 0), which nothing in the file confirms", row.number)
            else:
                self.refused[row.ordinal] = (
                    "it has neither address nor instruction, and the row numbers do not fit the benchmark "
                    f"({self.place} {strange.number} would be item {_position(strange)})"
                )


def _position(row: ForeignRow) -> int:
    """The row's number from 0, as the file gives it or as it stands in the file."""
    return row.ordinal if row.index is None else row.index
