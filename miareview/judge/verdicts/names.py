"""Which component a label means: by its number in digits, words or letters, by its category, by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from miareview.judge.verdicts.words import CARDINALS, COMPONENT, HAN, INITIAL, ORDINALS, PART, ROMAN
from miareview.model import CATEGORIES

_ORDINAL = [(re.compile(pattern), place) for pattern, place in ORDINALS.items()]
_CARDINAL = [(re.compile(pattern), place) for pattern, place in CARDINALS.items() if place]
_ORDINAL_WORD = "|".join(sorted(ORDINALS, key=len, reverse=True))
_CARDINAL_WORD = "|".join(sorted(CARDINALS, key=len, reverse=True))
_LEAD = r"(?:(?:final|sub|the|a)?\s?(?:scores?|points?|marks?|rating|grade|result)\s(?:(?:of|for)\s)?(?:the\s)?)?"
_KEY = re.compile(
    rf"{_LEAD}(?:(?P<noun>{COMPONENT}|{PART}|{INITIAL})\s?)?(?:(?:no|number|nr|id|index|score)\s)?"
    rf"(?P<numeral>\d{{1,4}}|(?:{_CARDINAL_WORD})(?![a-z])|[ivx]{{1,4}}(?![a-z])|[a-h](?![a-z]))"
    r"(?![.\d])(?:\s?(?P<rest>[^\n]*))?"
)
_KEY_ORDINAL = re.compile(rf"(?P<numeral>{_ORDINAL_WORD})\s(?:{COMPONENT}|{PART})(?:\s(?P<rest>[^\n]*))?")
_HAN_KEY = re.compile(
    rf"第\s?(?P<numeral>[一二三四五六七八九十]|\d{{1,2}})\s?(?:个|個|项|項)?\s?(?:{COMPONENT}|{PART})(?P<rest>[^\n]*)"
)
_SQUEEZE = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Names:
    """What the components may be called. `categories` and `texts` have one entry a component, or none at all."""

    weights: tuple[int, ...]
    categories: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def by_words(self, words: str) -> int | None:
        """The component that is called so by its own words or by a category that no other has, None for any other."""
        said = squeezed(words)
        if not said:
            return None
        texts = [squeezed(text) for text in self.texts]
        if texts.count(said) == 1:
            return texts.index(said) + 1
        categories = [squeezed(category) for category in self.categories]
        if categories.count(said) == 1:
            return categories.index(said) + 1
        if len(said) >= 12:
            begins = [
                place
                for place, text in enumerate(texts, start=1)
                if text.startswith(said) or (said.startswith(text) and len(text) > 11)
            ]
            if len(begins) == 1:
                return begins[0]
        return None


def names_of(weights: Sequence[int], categories: Sequence[str], texts: Sequence[str]) -> Names:
    """Names without those that do not fit the weights."""
    count = len(weights)
    return Names(
        tuple(weights),
        tuple(categories) if len(categories) == count else (),
        tuple(texts) if len(texts) == count else (),
    )


def squeezed(text: str) -> str:
    """The words of a text, without case, punctuation and digits in quotation: what two spellings of it share."""
    return _SQUEEZE.sub(" ", text.lower().replace("_", " ")).strip()


def numeral(word: str) -> int | None:
    """The number that a numeral of any kind stands for."""
    word = word.strip().lower()
    if word.isascii() and word.isdigit() and len(word) < 5:
        return int(word)
    if word in HAN:
        return HAN[word]
    if word in ROMAN:
        return ROMAN[word]
    if len(word) == 1 and "a" <= word <= "h":
        return ord(word) - ord("a") + 1
    for patterns in (_CARDINAL, _ORDINAL):
        for pattern, place in patterns:
            if pattern.fullmatch(word):
                return place
    ringed = ord(word[0]) - 0x2460 if word else -1
    return (
        ringed + 1 if 0 <= ringed < 10 else ord(word[0]) - 0x2775 if word and 0x2776 <= ord(word[0]) <= 0x277F else None
    )


def component_of(words: str, names: Names) -> tuple[int | None, str]:
    """The component that a key in words names (0 too, and numbers that are none's), and what the key says besides."""
    words = words[:300]
    for pattern in (_KEY_ORDINAL, _HAN_KEY, _KEY):
        found = pattern.fullmatch(words)
        if not found:
            continue
        groups = found.groupdict()
        said = groups["numeral"]
        if pattern is _KEY and not said.isdigit() and not groups["noun"]:
            continue
        if pattern is _KEY and groups["noun"] in ("c", "q", "r") and not said.isdigit():
            continue
        place = numeral(said)
        if place is not None:
            rest = groups["rest"] or ""
            return place, "" if rest.replace(" ", "_") in CATEGORIES else rest
    return names.by_words(words), ""
