"""What the ledger lets in on labels, rules, guidelines and splits, and what it adds to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from miareview.errors import RefusedError
from miareview.model import CATEGORIES
from miareview.store.entry import Entry
from miareview.store.gold_tables import SPLITS, settles
from miareview.store.settling import fold_settled, standing_settles

ABOUT_GOLD = frozenset({"settle", "rule", "guideline", "split", "relabel"})


def fit_gold(connection: sqlite3.Connection, entry: Entry, person: str, weights: Mapping[int, int]) -> str:
    """The value as it is written. Raises `RefusedError` where the entry says what cannot be.

    `weights` are those of the components of its response, by position; empty where it is on none.
    """
    said = json.loads(entry.value or "{}")
    match entry.kind:
        case "settle":
            said = _fit_settle(connection, entry, person, weights, said)
        case "rule":
            if not said["text"].strip():
                raise _unfit("A rule needs words.")
            (number,) = connection.execute("select coalesce(max(number), 0) + 1 from rule").fetchone()
            said = {"number": number, **said}
        case "guideline":
            if not said["text"].strip():
                raise _unfit("The guideline is empty.")
            current = connection.execute("select 1 from guideline where version = ? and current", (said["version"],))
            if current.fetchone():
                raise _unfit("The guideline in force has these very words.")
        case "split":
            _refuse_unfit_split(connection, said)
        case "relabel":
            _refuse_unfit_category(connection, entry, said)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _fit_settle(
    connection: sqlite3.Connection, entry: Entry, person: str, weights: Mapping[int, int], said: dict[str, Any]
) -> dict[str, Any]:
    position = entry.component or 0
    if position not in weights:
        raise _unfit(f"There is no component {entry.component} here.")
    standing = standing_settles(settles(connection, entry.response, position))
    if "back" in said:
        if not standing or standing[-1].id != said["back"]:
            raise _unfit("Something else was said of this label since.")
        return said
    if "open" in said:
        if fold_settled(standing) is None:
            raise _unfit(f"Nothing is settled of component {position}.")
        return said
    marks = connection.execute(
        "select mark.reviewer, not judge_visible and committed_at is not null from current_score mark"
        " join review_status review on review.response = mark.response and review.reviewer = mark.reviewer"
        " where mark.response = ? and position = ?",
        (entry.response, position),
    ).fetchall()
    if "keep" in said or "again" in said:
        if not any(counts for _, counts in marks):
            raise _unfit(f"Nobody has scored component {position} blind.")
        return said
    if "points" in said:
        if not _fits(said["points"], weights[position]):
            raise _unfit(f"Component {position} is worth {weights[position]}: {said['points']!r} does not fit.")
    elif not said.get("ungradable"):
        raise _unfit("A component is ungradable for a reason.")
    _refuse_unknown_rule(connection, said.get("rule"))
    mine = any(reviewer == person for reviewer, _ in marks)
    if mine and not said.get("own"):
        raise RefusedError(
            f"{person} has scored component {position} too, and would settle it in their own favour or against it.",
            "Let somebody else settle it, or say that you know (--own): the label carries it.",
        )
    return {**{key: value for key, value in said.items() if key != "own"}, **({"own": True} if mine else {})}


def _fits(points: str, weight: int) -> bool:
    try:
        return 0 <= Fraction(points) <= weight
    except (ValueError, ZeroDivisionError):
        return False


def _refuse_unknown_rule(connection: sqlite3.Connection, number: int | None) -> None:
    if number is not None and not connection.execute("select 1 from rule where number = ?", (number,)).fetchone():
        raise RefusedError(f"There is no rule {number}.", "See `miareview gold rule list`.")


def _refuse_unfit_split(connection: sqlite3.Connection, said: Mapping[str, Any]) -> None:
    benchmark = said["benchmark"]
    there = {id for (id,) in connection.execute("select id from item where benchmark = ?", (benchmark,))}
    if "used" in said:
        if said["used"] not in SPLITS:
            raise _unfit(f"There is no split {said['used']!r}.")
        return
    items = [item for split in SPLITS for item in said[split]]
    if len(set(items)) != len(items) or not there.issuperset(items):
        raise _unfit("A split deals out items of its benchmark, each once.")
    for (value,) in connection.execute("select value from event where kind = 'split' and response is null"):
        before = json.loads(value)
        if "used" in before and before["benchmark"] == benchmark:
            raise RefusedError(
                f"The {before['used']} split has decided on judges already, so the items stay as they were dealt out.",
                "Nothing was saved.",
            )


def _refuse_unfit_category(connection: sqlite3.Connection, entry: Entry, said: Mapping[str, Any]) -> None:
    row = connection.execute(
        "select category from component where item = ? and position = ?", (said["item"], entry.component)
    ).fetchone()
    if row is None:
        raise _unfit(f"There is no component {entry.component} here.")
    if said["category"] is not None and said["category"] not in CATEGORIES:
        raise RefusedError(f"There is no category {said['category']!r}.", f"There is: {', '.join(CATEGORIES)}.")


def _unfit(message: str) -> RefusedError:
    return RefusedError(message, "Nothing was saved.")
