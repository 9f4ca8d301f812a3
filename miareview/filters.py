"""The filter language: `cat:math judge>=80% -model:qwen* text:"twenty-five"`, read into terms. Pure; no database.

A filter is words joined by "and"; the values of one word are joined by "or" with commas; `-` before a word negates it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from miareview.errors import UsageError
from miareview.model import CATEGORIES, DIFFICULTIES

Kind = Literal["amount", "count", "name", "choice", "text", "any"]
Operator = Literal[":", "=", ">=", "<=", ">", "<"]

WHY = {
    "unread": "the judge's reply was not read, or only in part",
    "total": "the judge's stated total is not the sum of its points",
    "witness": "what can be counted contradicts the judge",
    "self": "the judge gave the same answer other points",
    "people": "people differ",
    "delta": "judge and people are far apart",
    "same": "another model gave the same answer",
}
"""Why a row deserves a look; in the order of the badges."""

BADGES = {"unread": "P", "total": "Σ", "witness": "W", "self": "J", "people": "H", "delta": "D", "same": "S"}
GOLD = ("none", "single", "unanimous", "disputed", "settled")
STATUSES = ("ok", "error", "empty", "missing")
READINGS = ("ok", "warning", "partial", "refused", "empty", "unparsed", "api_error")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the language: what it takes, and what may be known of it before the judge and others are shown.

    `open` says that it speaks only of what a blind reviewer sees anyway. "amount" is points or a share ("80%"),
    "count" a whole number, "name" text where * stands for anything, "choice" one of `choices`, "text" words to be
    found, "any" the word "any".
    """

    name: str
    kind: Kind
    help: str
    open: bool = False
    choices: tuple[str, ...] = ()


WORDS = {
    word.name: word
    for word in (
        Word("item", "count", "the item's number", open=True),
        Word("cat", "choice", "a component of this category", open=True, choices=CATEGORIES),
        Word("diff", "choice", "the item's difficulty; its first letters will do", open=True, choices=DIFFICULTIES),
        Word("words", "count", "how many words the response has", open=True),
        Word("weight", "count", "the weight of the row, in points", open=True),
        Word("text", "text", "words of the instruction or the response", open=True),
        Word("queue", "name", "responses of this queue", open=True),
        Word("status", "choice", "what became of the answer", open=True, choices=STATUSES),
        Word("model", "name", "the model's name"),
        Word("judge", "amount", "the judge's points, or its share of the weight"),
        Word("people", "amount", "people's points, or their share of the weight"),
        Word("delta", "amount", "how far judge and people are apart, whichever is higher"),
        Word("reviewers", "count", "how many people committed a review"),
        Word("gold", "choice", "how far the label is settled", choices=GOLD),
        Word("why", "choice", "why a row deserves a look", choices=tuple(WHY)),
        Word("reason", "name", "a reason somebody gave against the judge"),
        Word("who", "name", "somebody who committed a review"),
        Word("read", "choice", "how the judge's reply was read", choices=READINGS),
        Word("reply", "text", "words of the judge's reply"),
        Word("comment", "any", "with a comment"),
        Word("flag", "any", "flagged for discussion"),
    )
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a term. `number` is what an amount or a count says, as a share of 1 where `share`.

    `quoted` text is looked for as it is written; else its last word may be the beginning of a word.
    """

    text: str
    number: Fraction | None = None
    share: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a filter: any of `values` must hold, or none of them where `negated`."""

    word: Word
    operator: Operator
    values: tuple[Value, ...]
    negated: bool = False

    @property
    def open(self) -> bool:
        return self.word.open


_TOKEN = re.compile(r'\s*(-?)(?:([^\W\d_]+)(>=|<=|:|=|>|<))?((?:"[^"]*"?|[^\s"])*)')
_VALUE = re.compile(r'"([^"]*)"?|([^,"]+)')
_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,9})?|\d{1,9}/\d{1,9}")


def parse_filter(text: str) -> tuple[Term, ...]:
    """The terms of a filter, in its order. A word without a name is looked for in instruction and response.

    Raises `UsageError` where a word or a value is none that the language knows, naming it and what it knows.
    """
    terms = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        assert match is not None  # white space and anything else is taken
        place = match.end()
        minus, name, operator, rest = match.groups()
        if name is None and rest[:1] in tuple("<>=:"):
            raise UsageError(f"{rest[:50]!r} compares nothing.", "Write judge>=80% without blanks.")
        terms.append(_term(name or "text", operator or ":", rest, bool(minus)))
    return tuple(terms)


def without_last(text: str) -> str:
    """The filter without its last word."""
    place, last = 0, 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        assert match is not None
        last, place = place, match.end()
    return text[:last].strip()


def quoted(name: str) -> str:
    """A name as a filter takes it, in quotes where it has blanks or commas. The language has no word for a quote: *
    stands for it."""
    return '"' + name.replace('"', "*") + '"' if re.search(r'[\s,"]', name) else name


def exactly(points: float) -> str:
    """Points as a filter takes them: 2.5, or 7/3 where a few digits would not be all of it."""
    short = f"{points:g}"
    return short if abs(float(short) - points) < 1e-9 else str(Fraction(points).limit_denominator(10**6))


def is_open(terms: Sequence[Term]) -> bool:
    """Whether a filter asks for nothing that a blind reviewer must not know."""
    return all(term.open for term in terms)


def complete(text: str) -> tuple[str, ...]:
    """What the last word of an unfinished filter may become, each as the whole filter; empty where nothing fits."""
    head, last = re.fullmatch(r"(.*\s|)(\S*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    minus, stem = ("-", last[1:]) if last.startswith("-") else ("", last)
    name, mark, value = stem.partition(":")
    if not mark:
        fits = [f"{word.name}{_first_mark(word)}" for word in WORDS.values() if word.name.startswith(name)]
    elif name in WORDS:
        before, comma, begun = value.rpartition(",")
        choices = ("any",) if WORDS[name].kind == "any" else WORDS[name].choices
        fits = [f"{name}:{before}{comma}{choice}" for choice in choices if choice.startswith(begun)]
    else:
        fits = []
    return tuple(f"{head}{minus}{fit}" for fit in fits)


def _first_mark(word: Word) -> str:
    return ">=" if word.kind == "amount" or word.name in ("words", "reviewers") else ":"


def _term(name: str, operator: str, rest: str, negated: bool) -> Term:
    word = WORDS.get(name.lower())
    if word is None:
        raise UsageError(f"A filter does not know the word {name!r}.", f"It knows {', '.join(WORDS)}.")
    found = [(match[1] or match[2] or "", match[2] is None) for match in _VALUE.finditer(rest)]
    if word.kind == "text" and '"' not in rest:
        found = [(rest, False)]  # a comma in what is looked for is a comma
    found = [(value, quoted) for value, quoted in found if value.strip()]
    if not found:
        raise UsageError(f"After {name}{operator} the filter ends.", f"{name}: takes {takes(word)}.")
    if operator not in (":", "=") and word.kind not in ("amount", "count"):
        raise UsageError(f"{name} cannot be compared with {operator}.", f"Write {name}:{found[0][0]}.")
    values = tuple(_value(word, value, quoted) for value, quoted in found)
    return Term(word, operator, values, negated)  # type: ignore[arg-type]


def _value(word: Word, text: str, quoted: bool) -> Value:
    if word.kind in ("amount", "count"):
        share = text.endswith("%") and word.kind == "amount"
        digits = text[:-1].strip() if share else text.strip()
        if not _AMOUNT.fullmatch(digits) or (word.kind == "count" and not digits.isdigit()) or digits.endswith("/0"):
            raise UsageError(f"{word.name} cannot be {text!r}.", f"It takes {takes(word)}.")
        number = Fraction(digits)
        return Value(text, number / 100 if share else number, share)
    if word.kind == "any" and text != "any":
        raise UsageError(f"{word.name} cannot be {text!r}.", f"Write {word.name}:any, or -{word.name}:any.")
    if word.choices:
        fits = (
            [text] if text in word.choices else [choice for choice in word.choices if choice.startswith(text.lower())]
        )
        if len(fits) != 1:
            raise UsageError(f"{word.name} cannot be {text!r}.", f"It is one of {', '.join(word.choices)}.")
        return Value(fits[0])
    return Value(text, quoted=quoted)


def takes(word: Word) -> str:
    return {
        "amount": "points or a share, as in 2.5 or 80%",
        "count": "a whole number",
        "name": "a name; * stands for anything",
        "choice": f"one of {', '.join(word.choices)}",
        "text": 'words, in quotes where there are several: "twenty five"',
        "any": "any",
    }[word.kind]
