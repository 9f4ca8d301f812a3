"""Doubts about a benchmark: components that are not what their instruction asks for, found by rules.

A doubt is shown and nothing else: no component is mended, no score is changed. Some doubts are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from miareview.model import Item
from miareview.review.counts import demands

FOREIGN_BELOW = 0.6  # share of the components' words that stand in the instruction

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NOT = re.compile(
    r"\b(?:without|avoid(?:ing)?|excluding|omitting|except|do\s+not|don't|never|not)\s+(?:\w+ly\s+)?", re.I
)
_NUMBER = (
    r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty"
    r"|hundred|single|several|few)"
)
_HOW_MUCH = re.compile(
    rf"\b{_NUMBER}\b|\b(?:sentences?|words?|lines?|paragraphs?|bullet\w*|stanzas?|verses?|long|short\w*|brief\w*|concise"
    r"|succinct|length|limit\w*|list|haiku|limerick|couplet|tweet|characters?)\b",
    re.I,
)
_AMOUNT = re.compile(rf"\b{_NUMBER}[\s-]+(?:\w+[\s-]+)?(?:sentences?|words?|paragraphs?)\b", re.I)
_FILLER = frozenset(
    "a an the in using use with of to your you it its but and only exactly just at most least no not more less fewer "
    "than limit limited limiting keep make be must should description response answer text write".split()
)
_POINTS_BACK = re.compile(r"\b(?:it|them|this|that|so|why)\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a component of an item may not be what the item asks for; `position` is None where it is about all of them.

    `kind`: foreign (of another instruction), count (another number than the instruction's), negation (a "without" that
    was lost), alone (says too little to be graded by itself), category (filed where it does not belong).
    """

    item: Item
    position: int | None
    kind: str
    sentence: str

    @property
    def component(self) -> str:
        """The text of the component, "" where the doubt is about all of them."""
        return next((c.text for c in self.item.components if c.position == self.position), "")


def find_doubts(items: Iterable[Item]) -> list[Doubt]:
    """The doubts about these items, in their order. Deterministic; a benchmark without components has none."""
    return [doubt for item in items for doubt in item_doubts(item)]


def item_doubts(item: Item) -> list[Doubt]:
    """The doubts about one item. Where the components are of another instruction nothing more is said of them."""
    foreign = list(_foreign(item))
    return foreign or sorted(
        [*_counts(item), *_negations(item), *_alone(item), *_categories(item)], key=lambda doubt: doubt.position or 0
    )


def share_in(text: str, instruction: str) -> float:
    """The share of a text's words that stand in the instruction, endings aside; 1.0 for a text without words."""
    there = {_stem(word) for word in _words(instruction)}
    asked = _words(text)
    return sum(_stem(word) in there for word in asked) / len(asked) if asked else 1.0


def _foreign(item: Item) -> Iterator[Doubt]:
    share = share_in(" ".join(component.text for component in item.components), item.instruction)
    if share < FOREIGN_BELOW:
        told = f"Only {share:.0%} of the components' words stand in the instruction: they may be of another one."
        yield Doubt(item, None, "foreign", told)


def _counts(item: Item) -> Iterator[Doubt]:
    for component in item.components:
        wanted = demands(item.instruction)
        for demand in demands(component.text):
            others = [other for other in wanted if other.unit == demand.unit]
            if others and demand not in others:
                told = f"Asks for {demand}; the instruction says {' and '.join(map(str, others))}."
                yield Doubt(item, component.position, "count", told)


def _negations(item: Item) -> Iterator[Doubt]:
    """Components whose words follow a "without" in the instruction, and have none themselves."""
    for component in item.components:
        words = [_stem(word) for word in _words(component.text)]
        if len(words) < 2 or _NOT.search(component.text):
            continue
        for match in _NOT.finditer(item.instruction):
            after = [_stem(word) for word in _words(item.instruction[match.end() :])]
            if after[: len(words)] == words:
                told = f'The instruction has "{match.group().strip()}" before it; the component does not.'
                yield Doubt(item, component.position, "negation", told)
                break


def _alone(item: Item) -> Iterator[Doubt]:
    for component in item.components:
        words = _words(component.text)
        if not words:
            yield Doubt(item, component.position, "alone", "It has no words.")
        elif len(words) == 1 and (
            re.fullmatch(_NUMBER, words[0], re.I)
            or not (component.category == "linguistics" or _HOW_MUCH.search(component.text))
        ):
            yield Doubt(item, component.position, "alone", "One word: it cannot be graded by itself.")
        elif len(words) <= 4 and _POINTS_BACK.search(component.text):
            yield Doubt(item, component.position, "alone", "It points back to another component.")


def _categories(item: Item) -> Iterator[Doubt]:
    """An amount of text filed elsewhere than under length_limit, and a length_limit that is about no amount."""
    for component in item.components:
        if component.category == "length_limit":
            if _words(component.text) and not _HOW_MUCH.search(component.text):
                yield Doubt(item, component.position, "category", "A length_limit that says nothing of how much.")
        elif _AMOUNT.search(component.text):
            rest = [word for word in _words(_AMOUNT.sub("", component.text)) if word not in _FILLER]
            if not rest:
                told = f"It asks for an amount of text and nothing else, and is filed under {component.category}."
                yield Doubt(item, component.position, "category", told)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    """The beginning of a word, so that "name" and "naming", "word" and "words" are one."""
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:5].rstrip("eing") or word[:5] if len(word) > 3 else word
