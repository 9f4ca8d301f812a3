"""Which rows of the summary have some words, by its full-text indexes."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from miareview.filters import Value
from miareview.store.browse_columns import STATE
from miareview.store.store import Store

_MANY = 100_000  # rows that are searched in two halves at a time

# The index knows letters without blanks between them as one word (Thai, Lao, Burmese, Khmer, kana, Han), and takes the
# vowel signs of India's scripts for blanks: there the texts themselves are read.
_READ = re.compile(
    "[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_HAS = "instr(lower({}), lower(?))"


@dataclass(frozen=True, slots=True)
class Hits:
    """What one term finds: rows of the summary by number, all rows of items (by rowid), or (row, position).

    Of rows there may be a million: they are numbers with commas between, as SQLite writes them.
    """

    rows: str = ""
    items: Sequence[int] = ()
    parts: Sequence[tuple[int, int]] = ()


def with_words(store: Store, name: str, value: Value) -> Hits:
    """The rows with these words in their reply (`name` is "reply"), or else in their text or instruction."""
    if _READ.search(value.text) or not re.search(r"[^\W_]", value.text):
        if name == "reply":
            return Hits(
                rows_where(store, f"reply in (select id from judgment where {_HAS.format('raw')})", (value.text,))
            )
        return Hits(
            rows_where(store, f"response in (select id from response where {_HAS.format('text')})", (value.text,)),
            _items(store, f"item where {_HAS.format('instruction')}", (value.text,)),
        )
    phrase = '"' + re.sub('["\0]', " ", value.text) + '"' + ("" if value.quoted else "*")
    # Of the beginning of a word each half would have to collect all words that begin so.
    found = _indexed(store, "browse_reply" if name == "reply" else "browse_text", phrase, halves=value.quoted)
    if name == "reply":
        return Hits(found)
    return Hits(found, _items(store, "browse_instruction where browse_instruction match ?", (phrase,)))


def rows_where(store: Store, where: str, parameters: Sequence[Any] = ()) -> str:
    """The rows that an SQL condition holds of, as in `Hits`."""
    ((found,),) = store.rows(f"select group_concat(id) from browse_row where {where}", parameters)
    return found or ""


def _indexed(store: Store, index: str, phrase: str, *, halves: bool) -> str:
    """The rows that a full-text index has the phrase of; with `halves`, very many are asked for in two threads."""
    ((last,),) = store.rows("select coalesce(max(id), 0) from browse_row")
    sql = f"select group_concat(rowid) from {index} where {index} match ? and rowid between ? and ?"
    halves = halves and last > _MANY and (os.cpu_count() or 1) > 1
    with store.twin(STATE) if halves else nullcontext() as twin:
        if twin is None:
            found = store.rows(sql, (phrase, 0, last))
        else:
            with ThreadPoolExecutor(1) as pool:
                behind = pool.submit(twin.rows, sql, (phrase, last // 2 + 1, last))
                found = store.rows(sql, (phrase, 0, last // 2)) + behind.result()
    return ",".join(rows for (rows,) in found if rows)


def _items(store: Store, source: str, parameters: Sequence[Any]) -> list[int]:
    return [id for (id,) in store.rows(f"select rowid from {source}", parameters)]
