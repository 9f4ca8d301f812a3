"""What the columns of a file hold: which have a judge's replies, and what the others seem to be.

Known names say it, but for those that other files use for something else; there, and where no name is known, what is
in the first records decides. A column that is not read is named, with what it seems to hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from miareview.formats.completions import texts_of
from miareview.formats.names import (
    JUDGE_KEYS,
    KNOWN_KEYS,
    MODEL_KEYS,
    NOT_NEEDED,
    OFTEN_OTHERS,
    REPLY_KEYS,
    TEXT_KEYS,
    ColumnMap,
    is_address,
)
from miareview.formats.source import kind_of, shorten

SHOWN = 8  # columns that are named in a warning
_LOOKED_AT = 3000  # characters of a cell; a verdict stands at its beginning or its end
_OF = r"\d[\d.,]*[ *_]{0,3}(?:/|out of|of)[ *_]{0,3}\d"
_VERDICT = re.compile(
    rf"(?:score|component|criterion|total|points|marks|rating|verdict|\b[A-Z]\d)[^\n]{{0,120}}?{_OF}"
    r"|[\"'](?:total_)?(?:score|points|marks|component[ _]?\d+)\w{0,10}[\"']\s*:\s*[\"'{\d]",
    re.I,
)
_OF_COMPONENTS = re.compile(rf"component\W{{0,3}}\d\b[^\n]{{0,120}}?{_OF}", re.I)
_JUDGES = re.compile(
    r"gpt|claude|gemini|gemma|llama|llava|qwen|mistral|mixtral|deepseek|grok|internvl|command|prometheus|glm|phi|o[134]\b",
    re.I,
)
_SAYS_JUDGE = re.compile(r"score|judg|eval|reply|verdict|rating|grad", re.I)
_PEOPLE = re.compile(r"human|people|person|annotat|rater|expert|gold|manual|reviewer|author|crowd|teacher", re.I)
_ROLE = re.compile(
    r"^(?:raw|score[sd]?|judge[sd]?|judg(?:e?ment)|eval(?:uation|uator)?|reply|response|verdict|output|text|by|rating)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ReplyColumn:
    """Where a judge's replies are: the first of `keys` that a record has. `judge` is the name that the column gives."""

    keys: tuple[str, ...]
    judge: str | None = None


@dataclass(frozen=True)
class Columns:
    """What is read of a file's columns as a judge's word, and `unread`: columns that are not read, with a word each.

    `points` are the columns with the points of each component, by position; `guessed` the columns that were taken for
    a judge's replies by what is in them.
    """

    replies: tuple[ReplyColumn, ...] = ()
    points: tuple[tuple[int, str], ...] = ()
    guessed: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def judged(self) -> bool:
        return bool(self.replies or self.points)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that a judge's word is read from."""
        return tuple(key for column in self.replies for key in column.keys) + tuple(name for _, name in self.points)


def columns_of(records: Sequence[Mapping[str, Any]], told: ColumnMap) -> Columns:
    """What the columns of these records hold; `told` goes before what they seem to hold."""
    cells: dict[str, list[Any]] = {}
    for record in records:
        for key, value in record.items():
            cells.setdefault(key, []).append(value)
    alike = [key for key, values in cells.items() if key not in TEXT_KEYS and look_like_replies(values)]
    replies, guessed = _replies(cells, alike, told)
    read = {key for column in replies for key in column.keys} | set(told.columns)
    unread = [
        (key, _seems(values, key in alike, answers=any(name in cells for name in TEXT_KEYS)))
        for key, values in cells.items()
        if key not in read and (key in REPLY_KEYS or key not in KNOWN_KEYS | NOT_NEEDED or _names_nobody(key, values))
    ]
    return Columns(replies, tuple(sorted(told.points.items())), guessed, tuple(unread))


def look_like_replies(values: Iterable[object], surely: bool = False) -> bool:
    """Whether most of the texts in a column read as verdicts: "component 2: 3/4", "total score: 7/10", JSON scores.
    `surely`: the components have to be numbered, as they are in no answer."""
    texts = [text for text in map(_text_in, values) if text.strip()]
    verdict = _OF_COMPONENTS if surely else _VERDICT
    return bool(texts) and sum(verdict.search(text) is not None for text in texts) * 2 > len(texts)


def note(columns: Columns) -> str:
    """The sentence about columns that were not read, "" where all were."""
    if not columns.unread:
        return ""
    named = [f"{shorten(name)!r} ({seems})" for name, seems in columns.unread[:SHOWN]]
    more = f" and {len(columns.unread) - SHOWN} more" if len(columns.unread) > SHOWN else ""
    return f"columns that were not read: {', '.join(named)}{more}"


def _replies(
    cells: Mapping[str, list[Any]], alike: Sequence[str], told: ColumnMap
) -> tuple[tuple[ReplyColumn, ...], tuple[str, ...]]:
    if told.points:
        return (), ()
    named = any(key in cells for key in JUDGE_KEYS)
    if "reply" in told.of:
        column = told.of["reply"]
        return (ReplyColumn((column,), None if named or column in REPLY_KEYS else judge_in(column)),), ()
    known = tuple(key for key in REPLY_KEYS if key in cells and (key not in OFTEN_OTHERS or key in alike))
    found = [ReplyColumn(known)] if known else []
    # Where no answers are, a column may be named after the model that was judged.
    answers = any(key in cells for key in TEXT_KEYS)
    others = [key for key in alike if key not in KNOWN_KEYS and not _PEOPLE.search(key)]
    others = [key for key in others if answers or _SAYS_JUDGE.search(key)]
    guessed = [key for key in others if _JUDGES.search(key) and _SAYS_JUDGE.search(key)]
    if not found and not guessed and len(others) == 1:
        guessed = others
    found += [
        ReplyColumn((key,), None if named and len(guessed) == 1 and not known else judge_in(key)) for key in guessed
    ]
    return tuple(found), tuple(guessed)


def _names_nobody(key: str, values: Sequence[Any]) -> bool:
    """Whether a column has a name for judges or models, and holds no names."""
    return key in JUDGE_KEYS + MODEL_KEYS and any(isinstance(value, dict | list) for value in values)


def names_a_judge(column: str) -> bool:
    """Whether a column is named after judging and after no model, so that it cannot be that of the model judged."""
    return _SAYS_JUDGE.search(column) is not None and not _JUDGES.search(column)


def judge_in(column: str) -> str:
    """The judge that a column is named after: `claude` of `score_claude`; the whole name where it names nobody."""
    parts = [part for part in re.split(r"[_\s]+", column) if part and not _ROLE.match(part)]
    return "_".join(parts) or column


def _text_in(value: object) -> str:
    """A value as the text that it would be read as, cut to what is looked at."""
    if not isinstance(value, str):
        value = next(iter(texts_of(value, parsed=False)), "")
    return value if len(value) <= _LOOKED_AT else value[: _LOOKED_AT // 2] + "\n" + value[-_LOOKED_AT // 2 :]


def _seems(values: Sequence[Any], replies: bool, answers: bool) -> str:
    """What a column seems to hold, and how it could be read."""
    there = [value for value in values if value is not None and value == value and value != ""]
    if not there:
        return "empty"
    if replies:
        return "reads as replies with scores; --reply-column takes it for a judge's"
    if all(isinstance(value, dict) for value in there):
        inside = [key for key in there[0] if look_like_replies([value.get(key) for value in there])]
        if inside:
            return f"objects, of which {shorten(inside[0])!r} reads as replies with scores; make it a column of its own"
    kinds = {kind_of(value) for value in there}
    if kinds != {"text"}:
        return kinds.pop().removeprefix("a ") + "s" if kinds == {"a number"} else " and ".join(sorted(kinds))
    if all(is_address(value) for value in there):
        return "addresses"
    lengths = sorted(len(value) for value in there)
    typical = lengths[len(lengths) // 2]
    if typical < 40:
        return f"words such as {shorten(there[0], 20)!r}"
    return f"text of some {typical} characters" + ("" if answers else "; --map answer=… reads it")
