"""Which item of the benchmark a row of a foreign file belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from miareview.formats.records import Described, ForeignRow, LeftOut, Notes, Place
from miareview.identity import canonical_text, canonical_url
from miareview.model import Item

# What stands for the picture around an instruction that was sent to a model.
_TOKEN = (
    r"(?:<[|/]?(?:image(?:[ _-]?\d{1,3}|_pad|_placeholder|here)?|img|vision_(?:start|end)|(?:start|end)_of_image)\|?>"
    r"|\[/?IMG\])"
)
_TOKENS = re.compile(rf"^(?:\s*{_TOKEN})+|(?:{_TOKEN}\s*)+$", re.I)


@dataclass(frozen=True, slots=True)
class Matching:
    """The rows that belong to an item, in file order, and those that do not."""

    pairs: list[tuple[ForeignRow, Item]]
    left_out: list[LeftOut]
    warnings: tuple[str, ...]


class Catalogue(tuple[Item, ...]):
    """The items of one benchmark, in its order. How they are found is worked out once, and only for rows that ask."""

    @cached_property
    def by_url(self) -> dict[str, list[Item]]:
        return _grouped((canonical_url(item.image_url), item) for item in self)

    @cached_property
    def by_text(self) -> dict[str, list[Item]]:
        return _grouped((canonical_text(item.instruction), item) for item in self)

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        return {item.id: [canonical_text(part.text) for part in item.components] for item in self}


def match_rows(rows: Iterable[ForeignRow], items: Sequence[Item], place: Place = "line") -> Matching:
    """Match rows to the items of one benchmark (in the benchmark's order).

    By the picture's address, then by the instruction, and only where a row has neither by its number; by its place only
    where no row has a number. A token for the picture around an instruction, and what follows an address (as
    `?raw=true`), do not count where the item is found without. Some instructions are there twice; then what the row
    says of the components decides, and where it is silent the number breaks the tie. Both uses of the number are
    warned about. A row whose address, instruction and components speak of different items, or of none, is left out.
    Numbers may be those of the benchmark or of the subset that was run.
    """
    return _Matcher(items if isinstance(items, Catalogue) else Catalogue(items), place).match(list(rows))


class _Matcher:
    def __init__(self, items: Catalogue, place: Place) -> None:
        self.items = items
        self.place = place
        # By place in the list of rows.
        self.found: dict[int, Item] = {}
        self.refused: dict[int, str] = {}
        self.notes = Notes(place)

    def match(self, rows: list[ForeignRow]) -> Matching:
        ties: dict[tuple[str | None, tuple[str, ...]], list[int]] = defaultdict(list)
        numbered: list[int] = []
        for n, row in enumerate(rows):
            if row.url is None and row.instruction is None:
                numbered.append(n)
                continue
            candidates = self._fitting(n, row, self._candidates(n, row))
            if len(candidates) == 1:
                self.found[n] = candidates[0]
            elif candidates:
                ties[row.model, tuple(item.id for item in candidates)].append(n)
        # A run over a subset counts its own rows.
        trusted = all(row_of.index in (None, self.found[n].index) for n, row_of in enumerate(rows) if n in self.found)
        for (model, ids), tied in ties.items():
            taken = {self.found[n].id for n in self.found if rows[n].model == model}
            self._break_tie(rows, tied, [item for item in self.items if item.id in ids], taken, trusted)
        self._by_number(rows, numbered)
        return Matching(
            [(row, self.found[n]) for n, row in enumerate(rows) if n in self.found],
            [LeftOut(self.place, row.number, self.refused[n]) for n, row in enumerate(rows) if n in self.refused],
            self.notes.sentences(),
        )

    def _fitting(self, n: int, row: ForeignRow, candidates: list[Item]) -> list[Item]:
        """Those of the candidates whose components are as the row says."""
        fitting = [item for item in candidates if self._fits(row.item, item)]
        if candidates and not fitting:
            names = " or ".join(str(item.index) for item in candidates)
            self.refused[n] = f"its components are not those of item {names}"
        return fitting

    def _fits(self, said: Described, item: Item) -> bool:
        if said.texts is not None:
            texts, own = [canonical_text(text) for text in said.texts], self.items.texts[item.id]
            if texts != own and (said.ordered or sorted(texts) != sorted(own)):
                return False
        if said.weights is not None and said.weights != item.weights:
            return False
        return said.categories is None or said.categories == tuple(part.category for part in item.components)

    def _candidates(self, n: int, row: ForeignRow) -> list[Item]:
        by_url = self._by_url(row.url) if row.url else []
        by_text = self._by_text(row.instruction) if row.instruction else []
        if by_url and by_text:
            both = [item for item in by_url if item in by_text]
            if not both:
                self.refused[n] = (
                    f"its picture is item {by_url[0].index}'s and its instruction item {by_text[0].index}'s"
                )
            return both
        if by_text and row.url:
            self.notes.add("the picture's address is not in the benchmark; matched by instruction", row.number)
        if not by_url and not by_text:
            parts = [name for name, value in (("picture", row.url), ("instruction", row.instruction)) if value]
            self.refused[n] = (
                f"its {' and '.join(parts)} match no item of the benchmark"
                if len(parts) > 1
                else (f"its {parts[0]} matches no item of the benchmark")
            )
        return by_url or by_text

    def _by_url(self, url: str) -> list[Item]:
        canonical = canonical_url(url)
        by_url = self.items.by_url
        return by_url.get(canonical) or by_url.get(re.split(r"[?#]", canonical, maxsplit=1)[0], [])

    def _by_text(self, instruction: str) -> list[Item]:
        canonical = canonical_text(instruction)
        by_text = self.items.by_text
        return by_text.get(canonical) or by_text.get(canonical_text(_TOKENS.sub(" ", canonical)), [])

    def _break_tie(
        self, rows: list[ForeignRow], tied: list[int], candidates: list[Item], taken: set[str], trusted: bool
    ) -> None:
        by_index: dict[int | str, Item] = {item.index: item for item in candidates}
        names = " and ".join(str(index) for index in by_index)
        free = [item for item in candidates if item.id not in taken]
        positions = [_position(rows[n]) for n in tied]
        numbered = [type(rows[n].index) for n in tied]
        ordered = numbered in ([int] * len(tied), [type(None)] * len(tied))  # of one kind, so that they can be compared
        how = "told apart by row number"
        if trusted and all(position in by_index for position in positions):
            chosen = [by_index[position] for position in positions]
        elif len(tied) == len(free) and (ordered or len(free) == 1):
            in_order = sorted(range(len(tied)), key=lambda place: positions[place])
            chosen = [free[in_order.index(place)] for place in range(len(tied))]
            how = "told apart by row number" if len(free) > 1 else "one row says which it is, so the other is known"
        else:
            for n in tied:
                self.refused[n] = f"items {names} have the same instruction, and no address tells which"
            return
        for n, item in zip(tied, chosen, strict=True):
            self.found[n] = item
            self.notes.add(f"items {names} have the same instruction; {how}", rows[n].number)

    def _by_number(self, rows: list[ForeignRow], numbered: list[int]) -> None:
        by_number: dict[int | str, Item] = {item.index: item for item in self.items}
        # Where some rows have a number, the place of the others in the file says nothing.
        some = any(row.index is not None for row in rows)
        why = next((why for n in numbered if (why := self._strange(rows[n], by_number, some))), "")
        for n in numbered:
            row = rows[n]
            item = by_number.get(_position(row))
            if why or item is None:
                self.refused[n] = f"it has neither address nor instruction, and {why}"
            elif self._fitting(n, row, [item]):
                self.found[n] = item
                self.notes.add("matched by row number only (from 0), which nothing in the file confirms", row.number)

    def _strange(self, row: ForeignRow, by_number: Mapping[int | str, Item], some: bool) -> str:
        """Why a row's number cannot be the item's, "" where it can."""
        position, where = _position(row), f"{self.place} {row.number}"
        if isinstance(position, str):
            return f"its index is no row number ({where} has {position!r})"
        if row.index is None and some:
            return f"not all rows have a number ({where} has none)"
        if position not in by_number:
            return f"the row numbers do not fit the benchmark ({where} would be item {position})"
        return ""


def _grouped(named: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for name, item in named:
        found[name].append(item)
    return found


def _position(row: ForeignRow) -> int | str:
    """The row's number from 0, as the file gives it or as it stands in the file; text where it gives no number."""
    return row.ordinal if row.index is None else row.index
