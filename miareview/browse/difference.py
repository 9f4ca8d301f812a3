"""Which phrases of an answer differ from another answer: words, not letters; moved sentences are told apart. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+(?:['’.,-]\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_MOST = 4000
"""Words of one answer that are compared; comparing takes longer than a glance beyond that."""


_LONG = 400


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of an answer (offsets of characters) that differs from the base, or stands elsewhere in it."""

    start: int
    end: int
    kind: Literal["differs", "moved"]


def differing_phrases(base: str, text: str) -> tuple[Phrase, ...]:
    """The phrases of `text` that `base` does not have at this place, in their order; empty where both say the same.

    White space does not count. Changed words with a single unchanged word between them are one phrase. Beyond the first
    4,000 words nothing is marked.
    """
    theirs, ours = _words(base), _words(text)
    # In long answers a word that comes again and again ("the") is no place to begin a match at, only to go on with one:
    # looking at every pair of them would take seconds.
    frequent = len(ours) > _LONG
    matcher = SequenceMatcher(None, [word for word, _, _ in theirs], [word for word, _, _ in ours], autojunk=frequent)
    runs: list[list[int]] = []
    for kind, _, _, first, last in matcher.get_opcodes():
        if kind in ("equal", "delete"):
            continue
        if runs and first - runs[-1][1] <= 1:
            runs[-1][1] = last
        else:
            runs.append([first, last])
    moved = _moved(base, text)
    return tuple(
        sorted(
            (piece for first, last in runs for piece in _cut(ours[first][1], ours[last - 1][2], moved)),
            key=lambda phrase: phrase.start,
        )
    )


def same_text(base: str, text: str) -> bool:
    """Whether two answers say the same, white space apart."""
    return base.split() == text.split()


def _words(text: str) -> list[tuple[str, int, int]]:
    found = []
    for match in _WORD.finditer(text):
        found.append((match.group(), match.start(), match.end()))
        if len(found) == _MOST:
            break
    return found


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
