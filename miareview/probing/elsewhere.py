"""What a probe can be besides a changed demand: another item's answer, number, order of components, or picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from miareview.identity import canonical_url, item_id
from miareview.model import Component, Item, Response
from miareview.probing.bases import Base
from miareview.probing.mutators import is_plain
from miareview.review.checks import check_component
from miareview.text import words

SEEN = ("describe", "textual", "math")
"""Categories that another picture and another subject must cost points."""

_LIKE = 0.25  # at most this share of an answer's long words may stand in the item's own answer or instruction
_BEGINNING = 5  # letters that words are compared by
_FEWEST = 6  # words of an answer that can be seen to be about something else
_LONG = 4  # letters of a word that says what a text is about

_ONE_VALUE = re.compile(
    r"^\W*(?:please\s+)?(?:calculat|comput|determin)\w*\s+the\b|\badd(?:ing)?\s+up\b|\bhow\s+(?:many|much)\b"
    r"|\b(?:the\s+(?:time|number|total|difference|sum|price|count)\s+(?:of|shown|between)\b|deviation\s+value\b)",
    re.I,
)
_MORE_THAN_ONE = re.compile(r"\b(?:explain\w*|steps?|each|respective\w*|list|values|rank\w*|without)\b", re.I)
_NUMBER = re.compile(r"(?<![\w.,:])\d+(?:[.,:]\d+)?(?![\w:]|[.,]\d)")
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|third"
    r"|quarter|dozen|both|double|twice|about|around|approximately|roughly|nearly|almost|over|under|or)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A component that asks for one value, an answer with one number in it, and the same with another number."""

    item: Item
    position: int
    response: Response
    changed: str
    numbers: tuple[str, str]


def pairs_of(item: Item, answers: Sequence[Response]) -> Iterable[Pair]:
    """For each component that asks for one value, the first answer with one number: of two at most one can be right."""
    for component in item.components:
        if component.category not in ("math", "textual"):
            continue
        if not _ONE_VALUE.search(component.text) or _MORE_THAN_ONE.search(component.text):
            continue
        for answer in answers:
            changed = another_number(answer.text)
            if changed is not None:
                text, *numbers = changed
                yield Pair(item, component.position, answer, text, (numbers[0], numbers[1]))
                break


def another_number(text: str) -> tuple[str, str, str] | None:
    """(text with another number, the number, the other), None where there is not one number alone.

    The first digit changes, so that no rounding makes both right; a time stays one.
    """
    found = list(_NUMBER.finditer(text))
    if len(found) != 1 or len(re.findall(r"\d+(?:[.,:]\d+)*", text)) != 1 or _NUMBER_WORD.search(text):
        return None
    if not is_plain(text):
        return None
    number = found[0].group()
    if ":" in number:
        hour, minute = number.split(":")
        if not (1 <= int(hour) <= 12 and len(minute) == 2):
            return None
        other = f"{(int(hour) + 3) % 12 + 1}:{minute}"
    else:
        other = str((int(number[0]) + 2) % 9 + 1) + number[1:]
    return text[: found[0].start()] + other + text[found[0].end() :], number, other


@dataclass(frozen=True, slots=True)
class Donor:
    """An answer that may stand under another item: plain, and with enough words to be seen to be about its own."""

    item: Item
    response: Response
    picture: str
    about: frozenset[str]


def donors(answers: Iterable[tuple[Item, Response]]) -> list[Donor]:
    """Those of the answers that may be donors, in their order."""
    return [
        Donor(item, response, canonical_url(item.image_url), _about(response.text))
        for item, response in answers
        if len(words(response.text)) >= _FEWEST and is_plain(response.text)
    ]


def find_donor(base: Base, others: Sequence[Donor]) -> Donor | None:
    """The first answer to another item that meets the base's length demand and is about something else."""
    component = base.item.components[base.position - 1]
    if component.category != "length_limit" or not any(c.category in SEEN for c in base.item.components):
        return None
    picture, instruction = canonical_url(base.item.image_url), base.item.instruction
    mine = _about(base.response.text) | _about(instruction)
    for other in others:
        if (
            other.picture != picture
            and len(other.about & mine) <= _LIKE * len(other.about)
            and check_component(component.text, other.response.text, instruction).verdict is True
        ):
            return other
    return None


def _about(text: str) -> frozenset[str]:
    return frozenset(word.lower()[:_BEGINNING] for word in words(text) if len(word) >= _LONG)


def upside_down(item: Item) -> Item:
    """The item with its components in the reverse order; component k of n is n + 1 − k here."""
    turned = tuple(
        Component(place, c.category, c.text, c.weight) for place, c in enumerate(reversed(item.components), start=1)
    )
    return replace(item, id=item_id(f"{item.benchmark} turned", item.image_url, item.instruction), components=turned)


def with_picture_of(item: Item, other: Item) -> Item:
    """The item beside another item's picture, under that item's number: pictures are found by number, too."""
    name = f"{item.benchmark} with {other.id}"
    return replace(
        item, id=item_id(name, item.image_url, item.instruction), index=other.index, image_url=other.image_url
    )
