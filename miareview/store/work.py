"""What a person works through: responses in an order. Read a page at a time, so that it may be of any length."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from miareview.store.answers import answered
from miareview.store.practice import Practice
from miareview.store.store import Store
from miareview.store.vocabulary import may_hold
from miareview.text import clip

_PAGE = 256
_PAGES_KEPT = 8
_SEARCHED_AT_ONCE = 4000
_BEGINNING = 32
"""This part of a queue is read before the index is asked: enough, where more than a few hold the words."""
_PIECE = 40  # cells of a text in a line that tells what was found


@dataclass(frozen=True, slots=True)
class Said:
    """Where one person stands with a response: whether it is committed, put off, or flagged."""

    committed: bool
    skipped: bool
    flagged: bool


class Work(Sequence[str]):
    """Ids of responses, in the order in which a person goes through them; places count from 0."""

    store: Store

    def response(self, entry: str) -> str:
        """The id of the response that an entry stands for; of nearly all work it is the entry itself."""
        return entry

    def practice(self, entry: str) -> Practice | None:
        """Of which kind of practice the reading of an entry is; None where it counts."""
        return None

    @abstractmethod
    def place(self, response: str) -> int | None:
        """The place of a response, None where it is no part of this."""

    @abstractmethod
    def row(self, place: int) -> tuple[str, str]:
        """(response, item), ids, at a place. Raises `IndexError` beyond the end."""

    @abstractmethod
    def rivals(self, item: str) -> list[str]:
        """The responses to an item that are part of this, in its order."""

    @abstractmethod
    def said(self, reviewer: str) -> dict[str, Said]:
        """What one person has said, by response; of those that they have said nothing of there is no entry."""

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self.row(one)[0] for one in range(*place.indices(len(self)))]
        if place < -len(self):
            raise IndexError(place)
        return self.row(place % len(self) if place < 0 else place)[0]

    def __contains__(self, response: object) -> bool:
        return isinstance(response, str) and self.place(response) is not None

    @abstractmethod
    def places(self, item: str) -> list[int]:
        """The places of the answers to an item (an id), in order."""

    def of_number(self, number: int) -> list[tuple[int, str]]:
        """(place, line) of the responses to the item of that number; the line says which of them it is."""
        found = []
        for item, instruction in self.store.rows(
            "select id, instruction from item where number = ? order by benchmark", (number,)
        ):
            there = self.places(item)
            for n, place in enumerate(there, start=1):
                which = f"{n} of {len(there)}  " if len(there) > 1 else ""
                found.append((place, f"item {number}  {which}{clip(instruction, 2 * _PIECE)}"))
        return found

    def find(self, words: str, most: int = 50) -> list[tuple[int, str]]:
        """(place, line) of the responses whose item has that number, or else whose texts hold all the words.

        Nothing but instruction and response is searched, so that a search tells nothing of a judge. Capital and
        small letters are the same. It may have to read all texts, so it has no business on an event loop.
        """
        wanted = words.lower().split()
        if not wanted:
            return []
        if words.strip().isdecimal() and (exact := self.of_number(int(words))):
            return exact[:most]
        hits: list[tuple[int, str]] = []
        for place, number, instruction, text in self._searched(wanted):
            if all(word in f"{instruction}\n{text}".lower() for word in wanted):
                both = f"{_around(instruction, wanted)}  ▸  {_around(text, wanted)}"
                hits.append((place, f"item {number}  {both}"))
                if len(hits) == most:
                    break
        return hits

    def _searched(self, words: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
        """(place, number of the item, instruction, text) of all that may hold the words, in order."""
        return self._read(words, 0, len(self))

    def _read(self, words: Sequence[str], start: int, stop: int) -> Iterator[tuple[int, int, str, str]]:
        """The same from the place `start` to before `stop`, some at a time."""
        for first in range(start, stop, _SEARCHED_AT_ONCE):
            yield from self._holding(first, min(first + _SEARCHED_AT_ONCE, stop), words)

    def _holding(self, start: int, stop: int, words: Sequence[str]) -> list[tuple[int, int, str, str]]:
        """The same at once."""
        ids = [self.row(place)[0] for place in range(start, stop)]
        holds, values = _holds(words)
        return self.store.rows(
            "select key + ?, number, instruction, text from json_each(?) cross join response"
            f" on response.id = json_each.value cross join item on item.id = response.item where {holds} order by key",
            (start, json.dumps([self.response(id) for id in ids]), *values),
        )


def _around(text: str, words: Sequence[str]) -> str:
    """A piece of a text from the first of these words that it has, or else its beginning."""
    small = text.lower()
    first = min((place for word in words if (place := small.find(word)) >= 0), default=0)
    start = first if first > _PIECE // 2 else 0
    return f"{'…' if start else ''}{clip(text[start:], _PIECE)}"


def _holds(words: Sequence[str]) -> tuple[str, list[str]]:
    """SQL that is true wherever an instruction or a response holds all the words, and its values.

    SQLite knows the small letters of ASCII alone, so other words are not asked of it (nor is K, the sign of kelvin,
    found as a k).
    """
    plain = [word for word in words if word.isascii()]
    clauses = ["(instr(lower(instruction), ?) or instr(lower(text), ?))"] * len(plain)
    return " and ".join(clauses) or "1", [value for word in plain for value in (word, word)]


class Chosen(Work):
    """A few responses that somebody chose, held as a list; ids that the store does not know are left out."""

    def __init__(self, store: Store, responses: Sequence[str]) -> None:
        self.store = store
        there = answered(store, responses)
        self._rows = [(id, there[id].item) for id in responses if id in there]
        self._places = {id: place for place, (id, _) in reversed(list(enumerate(self._rows)))}
        self._of_item: dict[str, list[int]] = {}
        for place, (_, item) in enumerate(self._rows):
            self._of_item.setdefault(item, []).append(place)

    def __len__(self) -> int:
        return len(self._rows)

    def place(self, response: str) -> int | None:
        return self._places.get(response)

    def row(self, place: int) -> tuple[str, str]:
        return self._rows[place]

    def rivals(self, item: str) -> list[str]:
        return [self._rows[place][0] for place in self.places(item)]

    def places(self, item: str) -> list[int]:
        return self._of_item.get(item, [])

    def said(self, reviewer: str) -> dict[str, Said]:
        rows = self.store.rows(
            "select response, committed_at is not null, skipped, flagged from json_each(?) join review_status"
            " on review_status.response = json_each.value where reviewer = ?",
            (json.dumps(list(self._places)), reviewer),
        )
        return {id: Said(bool(committed), bool(skipped), bool(flagged)) for id, committed, skipped, flagged in rows}


class Drawn(Work):
    """The rows of a queue, which stay in the file."""

    def __init__(self, store: Store, queue: str) -> None:
        self.store = store
        self.queue = queue
        # Positions count from 1 without a gap, and a queue never changes.
        ((self._size,),) = store.rows("select coalesce(max(position), 0) from queue_row where queue = ?", (queue,))
        self._pages: dict[int, list[tuple[str, str]]] = {}

    def __len__(self) -> int:
        return int(self._size)

    def place(self, response: str) -> int | None:
        rows = self.store.rows(
            "select min(position) from queue_row where response = ? and queue = ?", (response, self.queue)
        )
        return None if rows[0][0] is None else int(rows[0][0]) - 1

    def rivals(self, item: str) -> list[str]:
        return [id for _, id in self._answers(item)]

    def places(self, item: str) -> list[int]:
        return [position - 1 for position, _ in self._answers(item)]

    def _answers(self, item: str) -> list[tuple[int, str]]:
        # "cross" has SQLite begin with the item's few responses, and not with all of the queue.
        return self.store.rows(
            "select position, queue_row.response from response cross join queue_row"
            " on queue_row.response = response.id where item = ? and queue = ? order by position",
            (item, self.queue),
        )

    def _searched(self, words: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
        begun = min(max(_SEARCHED_AT_ONCE, len(self) // _BEGINNING), len(self))
        yield from self._read(words, 0, begun)
        few = may_hold(self.store, words, len(self)) if begun < len(self) else []
        if few is None:
            yield from self._read(words, begun, len(self))
        elif few:
            holds, values = _holds(words)
            yield from self.store.rows(
                "select position - 1, number, instruction, text from json_each(?) cross join queue_row"
                " on queue_row.response = json_each.value cross join response on response.id = queue_row.response"
                f" cross join item on item.id = response.item where queue = ? and position > ? and {holds}"
                " order by position",
                (json.dumps(few), self.queue, begun, *values),
            )

    def _holding(self, start: int, stop: int, words: Sequence[str]) -> list[tuple[int, int, str, str]]:
        holds, values = _holds(words)
        return self.store.rows(
            "select position - 1, number, instruction, text from queue_row cross join response"
            " on response.id = queue_row.response cross join item on item.id = response.item"
            f" where queue = ? and position > ? and position <= ? and {holds} order by position",
            (self.queue, start, stop, *values),
        )

    def said(self, reviewer: str) -> dict[str, Said]:
        rows = self.store.rows(
            "select queue_row.response, committed_at is not null, skipped, flagged from review_status cross join"
            " queue_row on queue_row.response = review_status.response where reviewer = ? and queue = ?",
            (reviewer, self.queue),
        )
        return {id: Said(bool(committed), bool(skipped), bool(flagged)) for id, committed, skipped, flagged in rows}

    def row(self, place: int) -> tuple[str, str]:
        if not 0 <= place < self._size:
            raise IndexError(place)
        page, offset = divmod(place, _PAGE)
        if page not in self._pages:
            while len(self._pages) >= _PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = self.store.rows(
                "select queue_row.response, item from queue_row join response on response.id = queue_row.response"
                " where queue = ? and position > ? and position <= ? order by position",
                (self.queue, page * _PAGE, (page + 1) * _PAGE),
            )
        id, item = self._pages[page][offset]
        return id, item
