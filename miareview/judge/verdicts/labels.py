"""Where a text names a component or a total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from miareview.judge.verdicts.names import Names, numeral
from miareview.judge.verdicts.words import CARDINALS, COMPONENT, INITIAL, ORDINALS, PART, TOTAL, alternation, nouns

MOST = 200  # labels at either end of a text that are looked at; honest replies have a few
_LETTERS = "a-zà-ÿа-яё"
_CARDINAL_WORD = alternation("|".join(sorted((word for word, at in CARDINALS.items() if at), key=len, reverse=True)))
_ORDINAL_WORD = nouns("|".join(sorted(ORDINALS, key=len, reverse=True)))
_BETWEEN = (
    r"[\s_-]{0,3}(?:(?:number|numéro|número|nummer|no\.?|nr\.?|n[°º.o]|№|num\.?|score|id)\s{0,2}){0,1}[#(\[№]?\s{0,2}"
)
_NUMERAL = (
    r"(?P<numeral>\d{1,3}(?![\d%]|[.,]\d|\s?[-–—]\s?\d{1,2}\s?(?::|are|is|all|get|earn|receive)|\s{0,2}/\s{0,2}\d{1,3}(?!\s{0,2}[:)\]–—-]))"
    rf"|(?:{_CARDINAL_WORD})(?![{_LETTERS}])|[一二三四五六七八九十](?=\s?(?:[:=(得]|\d))|[ivx]{{1,4}}(?=\s{{0,2}}[:=)\](.–—-])|[a-h](?=\s{{0,2}}[:=)\](–—-])"
    rf"|[①-⑩❶-❿])"
)
_COUNTED = re.compile(r"\s?(?:/|of|von|sur|de|out of)\s?(\d{1,2})(?=\s{0,2}[:)\]–—-])")


def _named(words: str) -> tuple[re.Pattern[str], ...]:
    named = alternation(words)
    return (
        re.compile(rf"(?:{nouns(words)}){_BETWEEN}{_NUMERAL}"),
        re.compile(
            rf"(?P<numeral>{_ORDINAL_WORD}|\d{{1,2}}(?:st|nd|rd|th|er|e|ère|ème|-?й|-?я|ª|º"
            rf"|\.))[ \t]{{1,3}}(?:{named})(?![{_LETTERS}])(?![\s_-]{{0,3}}[#(\[№]?\s{{0,2}}\d)"
        ),
        re.compile(
            rf"第\s?(?P<numeral>[一二三四五六七八九十]|\d{{1,2}})\s?(?:(?:个|個|项|項)?\s?(?:{named})|[项項条條](?=\s?[:(得]))"
        ),
        # "- component: 1", a field of its own
        re.compile(
            rf"^[ \t>-]{{0,8}}(?:{COMPONENT}|criterion|requirement|aspect|id)(?:[ _](?:id|number|no))?\s?[:=]\s?"
            r"(?P<numeral>\d{1,2})(?=[ \t]{0,3}(?:$|[,;|]))",
            re.M,
        ),
    )


_FAMILIES = (
    _named(COMPONENT),
    _named(f"{COMPONENT}|{PART}"),
    (
        re.compile(
            rf"(?<![^\W\d_])(?:{INITIAL})[ _-]?(?P<numeral>\d{{1,2}})(?=\s{{0,2}}[:=)\](–—-]|\s\d[\d.]{{0,4}}/\d)"
        ),
    ),
    (
        re.compile(
            r"^[ \t>(#\[•-]{0,8}(?P<numeral>\d{1,2}|[①-⑩❶-❿])[ \t]{0,2}(?:[.):\]|–—-]|(?<=[①-⑩❶-❿])|/(?!\s?\d)"
            r"|(?=\s{1,3}[-–—:]))",
            re.M,
        ),
    ),
    (re.compile(r"^[ \t>(#\[•-]{0,8}(?P<numeral>[a-h])[ \t]{0,2}[.):\]]", re.M),),
)
FAMILIES = len(_FAMILIES)
NUMBERED = 3
_TOTAL_LABEL = re.compile(
    rf"(?:{nouns(TOTAL)})(?:\s{{1,3}}(?:total|scores?|points|pts|ratings?|marks?|grades?|sum|awarded|earned"
    rf"|result|of (?:the )?(?:scores|points|marks|components)|punkte|evaluation|assessment)){{0,3}}(?![{_LETTERS}])"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A name of a component (its number) or of the total (None), from `start` to `end`."""

    component: int | None
    start: int
    end: int


def component_labels(text: str, family: int, names: Names) -> list[Label]:
    """The labels of one way to name components, in order, none in another. The text is lower case and plain.

    Families: nouns for components; those and weaker nouns; "c1"; numbered lines; lettered lines.
    """
    found: list[Label] = []
    for pattern in _FAMILIES[family]:
        matches = list(_matches(pattern, text, words=family < NUMBERED - 1))
        for match in matches if len(matches) <= 2 * MOST else matches[:MOST] + matches[-MOST:]:
            place = numeral(
                re.sub(r"(?:st|nd|rd|th|er|ère|ème|-?й|-?я|ª|º|\.)$", "", match["numeral"])
                if match["numeral"][0].isdigit()
                else match["numeral"]
            )
            if place is None:
                continue
            end = match.end()
            counted = _COUNTED.match(text, end) if family < NUMBERED else None
            if counted and int(counted[1]) == len(names.weights) and place <= len(names.weights):
                end = counted.end()
            found.append(Label(place, match.start(), end))
    found.sort(key=lambda label: label.start)
    return found if len(found) <= 2 * MOST else found[:MOST] + found[-MOST:]


def total_labels(text: str) -> list[Label]:
    """The words that name a total, in order."""
    return [Label(None, match.start(), match.end()) for match in _matches(_TOTAL_LABEL, text, words=True)][: 4 * MOST]


def worded_labels(text: str, names: Names) -> list[Label]:
    """Places where components are called by their own words, or by a category that only one has."""
    if not names.texts and not names.categories:
        return []
    said = list(_WORD.finditer(text))
    first: dict[str, list[int]] = {}
    for at, word in enumerate(said):
        first.setdefault(word.group(), []).append(at)
    found = []
    for place, words in enumerate(names.texts, start=1):
        if names.texts.count(words) == 1:
            found += [Label(place, *span) for span in _places(said, first, words)]
    for place, category in enumerate(names.categories, start=1):
        if names.categories.count(category) == 1:
            spans = _places(said, first, category)
            found += [Label(place, *span) for span in spans if _begins_line(text, span[0])]
    return found


_WORD = re.compile(r"\w+")


def _places(said: list[re.Match[str]], first: dict[str, list[int]], words: str) -> Iterator[tuple[int, int]]:
    """Where the words stand in a row. `said` are the words of the text, `first` says where among them each stands."""
    parts = _WORD.findall(words.lower())[:30]
    for at in first.get(parts[0], [])[:MOST] if parts else []:
        row = said[at : at + len(parts)]
        if [word.group() for word in row] == parts and all(b.start() - a.end() <= 4 for a, b in pairwise(row)):
            yield row[0].start(), row[-1].end()


def _begins_line(text: str, at: int) -> bool:
    return not re.search(r"[^\W\d_]", text[max(0, at - 30) : at].rpartition("\n")[2])


def _matches(pattern: re.Pattern[str], text: str, words: bool) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text):
        before = text[match.start() - 1 : match.start()]
        first = text[match.start()]
        if words and before and before.isalpha() and first.isalpha() and before.isascii() == first.isascii():
            continue  # a part of a longer word
        yield match
