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

_PAGE = 256
_PAGES_KEPT = 8
_SEARCHED_AT_ONCE = 4000


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

    def find(self, words: str, most: int = 50) -> list[tuple[int, str]]:
        """(place, line) of the responses whose item has that number, or else whose texts hold all the words.

        Nothing but instruction and response is searched, so that a search tells nothing of a judge. Capital and
        small letters are the same. It may have to read all texts, so it has no business on an event loop.
        """
        wanted = words.lower().split()
        if not wanted:
            return []
        exact: list[tuple[int, str]] = []
        hits: list[tuple[int, str]] = []
        number = int(words) if words.strip().isdecimal() else None
        for place, of_item, instruction, text in self._texts(number):
            line = f"item {of_item}  {instruction}"
            if of_item == number:
                exact.append((place, line))
            elif len(hits) < most and all(word in f"{instruction}\n{text}".lower() for word in wanted):
                hits.append((place, line))
            if (len(hits) == most and number is None) or len(exact) == most:
                break
        return (exact + hits)[:most]

    def _texts(self, number: int | None) -> Iterator[tuple[int, int, str, str]]:
        """(place, number of the item, instruction, text) of everything in it, what answers the item first."""
        if number is not None:
            items = self.store.rows("select id from item where number = ? order by benchmark", (number,))
            places = [place for (item,) in items for id in self.rivals(item) if (place := self.place(id)) is not None]
            yield from self._texts_at(sorted(places))
        for start in range(0, len(self), _SEARCHED_AT_ONCE):
            found = self._texts_at(range(start, min(start + _SEARCHED_AT_ONCE, len(self))))
            yield from (row for row in found if row[1] != number)

    def _texts_at(self, places: Sequence[int]) -> list[tuple[int, int, str, str]]:
        ids = [self.row(place)[0] for place in places]
        texts = {
            id: (number, instruction, text)
            for id, number, instruction, text in self.store.rows(
                "select response.id, number, instruction, text from json_each(?) join response"
                " on response.id = json_each.value join item on item.id = response.item",
                (json.dumps(ids),),
            )
        }
        return [(place, *texts[id]) for place, id in zip(places, ids, strict=True)]


class Chosen(Work):
    """A few responses that somebody chose, held as a list; ids that the store does not know are left out."""

    def __init__(self, store: Store, responses: Sequence[str]) -> None:
        self.store = store
        there = answered(store, responses)
        self._rows = [(id, there[id].item) for id in responses if id in there]
        self._places = {id: place for place, (id, _) in reversed(list(enumerate(self._rows)))}
        self._of_item: dict[str, list[str]] = {}
        for id, item in self._rows:
            self._of_item.setdefault(item, []).append(id)

    def __len__(self) -> int:
        return len(self._rows)

    def place(self, response: str) -> int | None:
        return self._places.get(response)

    def row(self, place: int) -> tuple[str, str]:
        return self._rows[place]

    def rivals(self, item: str) -> list[str]:
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
        # "cross" has SQLite begin with the item's few responses, and not with all of the queue.
        rows = self.store.rows(
            "select queue_row.response from response cross join queue_row on queue_row.response = response.id"
            " where item = ? and queue = ? order by position",
            (item, self.queue),
        )
        return [id for (id,) in rows]

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
