"""Which phrases of an answer differ from another answer: words, not letters; moved sentences are told apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_MOST = 4000
"""Words of one stretch that are compared; comparing takes longer than a glance beyond that."""


_LONG = 400


_Word = tuple[str, int, int]
"""A word and where it begins and ends."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of an answer (offsets of characters) that differs from the base, or stands elsewhere in it."""

    start: int
    end: int
    kind: Literal["differs", "moved"]


def differing_phrases(base: str, text: str) -> tuple[Phrase, ...]:
    """The phrases of `text` that `base` does not have at this place, in their order; empty where both say the same.

    White space does not count. Changed words with a single unchanged word between them are one phrase. Of long answers
    no more than 4,000 words are compared, between what both begin and end with; all beyond is one phrase, for nothing
    says that it is equal.
    """
    theirs, ours = _words(base), _words(text)
    head = tail = 0
    if max(len(theirs), len(ours)) > _MOST:
        head = _alike(theirs, ours)
        tail = _alike(theirs[head:][::-1], ours[head:][::-1])
    before, after = theirs[head : len(theirs) - tail], ours[head : len(ours) - tail]
    # In long answers a word that comes again and again ("the") is no place to begin a match at, only to go on with one:
    # looking at every pair of them would take seconds.
    a, b = ([word for word, _, _ in words[:_MOST]] for words in (before, after))
    matcher = SequenceMatcher(None, a, b, autojunk=len(b) > _LONG)
    changed = [(first, last) for kind, _, _, first, last in matcher.get_opcodes() if kind not in ("equal", "delete")]
    changed += [(_MOST, len(after))] if len(after) > _MOST else []
    runs: list[list[int]] = []
    for first, last in changed:
        if runs and first - runs[-1][1] <= 1:
            runs[-1][1] = last
        else:
            runs.append([first, last])
    moved = _moved(base, text)
    return tuple(
        sorted(
            (piece for first, last in runs for piece in _cut(after[first][1], after[last - 1][2], moved)),
            key=lambda phrase: phrase.start,
        )
    )


def same_text(base: str, text: str) -> bool:
    """Whether two answers say the same, white space apart."""
    return base.split() == text.split()


def _words(text: str) -> list[_Word]:
    return [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def _alike(one: Sequence[_Word], other: Sequence[_Word]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a[0] != b[0]), min(len(one), len(other)))


def _moved(base: str, text: str) -> list[tuple[int, int]]:
    """Where sentences of the base stand in the text; single words are no sentence."""
    there = {" ".join(match.group().split()) for match in _SENTENCE.finditer(base)}
    return [
        (match.start() + len(match.group()) - len(match.group().lstrip()), match.end())
        for match in _SENTENCE.finditer(text)
        if len(match.group().split()) > 1 and " ".join(match.group().split()) in there
    ]


def _cut(start: int, end: int, moved: list[tuple[int, int]]) -> list[Phrase]:
    """One run of changed words, with the sentences inside it that were only moved told apart."""
    found, place = [], start
    for first, last in moved:
        if start <= first and last <= end:
            if first > place:
                found.append(Phrase(place, first, "differs"))
            found.append(Phrase(first, last, "moved"))
            place = last
    if end > place:
        found.append(Phrase(place, end, "differs"))
    return found
