"""Which responses may hold some words, by the terms of the full-text index: few texts need to be read then."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from miareview.store.store import Store

_PLAIN = re.compile("[a-z0-9]+")
"""What lies within one term of the index wherever a text has it, and is written there as here."""
_FEW = 4000
_PART = 8
"""Whoever wants to know of less than an eighth of all texts reads them as soon as the terms of all are read."""


def may_hold(store: Store, words: Sequence[str], among: int) -> list[str] | None:
    """Ids of all responses that may hold these words (in small letters), as parts of words too, in text or instruction.

    None where these may be many, where the index cannot tell, or where one who asks of that many texts (`among`) had
    better read them. What the summary does not have yet is among them.
    """
    ((last,),) = store.rows("select coalesce(max(id), 0) from browse_row")
    if among * _PART < last:
        return None
    plain = [word for word in words if _PLAIN.fullmatch(word)]
    read = store.rows("select value from browse_state where key = 'response'")
    if not plain or not read:
        return None
    late = store.rows("select id from response where rowid > ? limit ?", (int(read[0][0]), _FEW + 1))
    if len(late) > _FEW:
        return None
    with store.lock:
        sql = "create virtual table if not exists temp.browse_terms using fts5vocab(main, browse_text, row)"
        store.connection.execute(sql)
        having = " or ".join(["instr(term, ?)"] * len(plain))
        terms = store.rows(f"select term, doc from temp.browse_terms where {having}", plain)
    for word in plain:
        found = _responses(store, word, [(term, count) for term, count in terms if word in term])
        if found is not None:
            return list({id for (id,) in [*found, *late]})
    return None


def _responses(store: Store, word: str, terms: Sequence[tuple[str, int]]) -> list[tuple[str]] | None:
    """Rows with the ids of those whose text has one of these terms, or whose item asks for the word; None for many."""
    if sum(count for _, count in terms) > _FEW:
        return None
    asked = store.rows(
        "select response.id from item cross join response on response.item = item.id"
        " where instr(lower(instruction), ?) limit ?",
        (word, _FEW + 1),
    )
    if len(asked) > _FEW:
        return None
    said = store.rows(
        "select browse_row.response from json_each(?) cross join browse_text on browse_text match json_each.value"
        " cross join browse_row on browse_row.id = browse_text.rowid",
        (json.dumps([f'"{term}"' for term, _ in terms]),),
    )
    return asked + said
