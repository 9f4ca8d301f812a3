"""The form that most replies have, told at once: every component in order out of its weight, the total, and no more.

A reply that has anything else that could bear on the scores is left to the other readers; for those that are taken the
result is the same (a test holds them together). Judges give few verdicts, and give them again and again: what is at the
head of a reply is read once. It makes an import of thousands of replies several times as fast. Where the head is of
another form, and the reasons have no number at all, the other readers need to read no more than the head either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase, digits

from miareview.judge.verdicts.amounts import Amount, number
from miareview.judge.verdicts.record import Said, Verdict
from miareview.judge.verdicts.words import CARDINALS

_POINTS = r"(\d{1,3}(?:\.\d{1,2})?)/(\d{1,3})(?![\d/%.]\d|[\d/%])"
_COMPONENT = re.compile(rf"\s{{0,3}}(?:score of )?component (\d{{1,2}}): {_POINTS}(?:[,;] |\n|\. )", re.I)
_SUPPOSED = r"\s*(?:would|could|might|if|had|should|was|were|is|serait|seria)\b"
_TOTAL = re.compile(rf"\s{{0,3}}total(?: score)?: {_POINTS}(?=\.?\s*(?:\n|\Z)|\. )(?!{_SUPPOSED})", re.I)
_LEAD = r"(?:[a-z][a-z ]{0,60}:\s{1,3})?"  # "Here are the scores: "
_HEAD = re.compile(f"{_LEAD}(?:{_COMPONENT.pattern}){{1,40}}{_TOTAL.pattern}", re.I)
_SIGNS = "{<[|>*~=\\"
_RATIO = re.compile(r"\d\s{0,2}(?:/|\s(?:out\s)?of\b)")
# Letters stay, any digit is "0", any of the signs "<", and all else a space.
_BARE = str.maketrans(
    dict.fromkeys(map(chr, range(128)), " ")
    | dict(zip(ascii_lowercase, ascii_lowercase, strict=True))
    | dict.fromkeys(digits, "0")
    | dict.fromkeys(_SIGNS, "<")
)
# Words that may bring other scores: whole, and by how they begin. A set is many times as fast as an alternation.
_MORE = frozenset(
    "score scores total overall final wait should draft component components edit oops hmm"
    " every everything disregard retract withdraw wrong incorrect mistaken void"
    " reflection lower lowered lowering raise raised reduce reduced overlooked".split()
)
_MORE_BEGIN = ("correct", "revis", "criteri", "think", "actual", "amend", "adjust", "reconsider", "mistak", "misread")
# Reasons may name components, where nothing in them could be points: no other number, no word for one or for giving.
# It begins with letters alone, which is many times as fast as to begin with a border.
_NAMED = re.compile(r"component(?<!\wcomponent)s? \d{1,2}(?![\d/.,]?\d)")
_GIVEN = frozenset(
    "no none nothing zero one two three four five six seven eight nine ten half full fully point points mark marks rate"
    " rated rating get gets gave give given gives instead second again".split()
)
_GIVEN_BEGIN = (
    "max", "credit", "grad", "deserv", "award", "earn", "receiv", "deduct", "lower", "rais", "actual", "mistak",
    "chang", "updat", "apolog", "reconsider", "weigh",
)  # fmt: skip
# Words for points and numbers in other languages.
_FOREIGN = re.compile("|".join((*CARDINALS, "volle?", "keine", "punkte", "punktzahl")))
# Words that were met and bring nothing: judges have few words, and say them again and again.
_HARMLESS: set[str] = set()
_MOST = 50_000


def simple_head(raw: str) -> tuple[str, bool] | None:
    """The beginning of a reply of this form, up to the end of its total, and whether the reasons behind it are without
    any number, in words or digits; None for any other reply."""
    head = _HEAD.match(raw)
    if not head or not raw.isascii():
        return None
    reasons = raw[head.end() :].lower()
    unnamed = _NAMED.sub("", reasons)
    bare = unnamed.translate(_BARE)
    numbers = "0" in bare
    if "<" in bare or (numbers and _RATIO.search(unnamed)):
        return None
    words = bare.replace("0", " ").split()
    brought = set() if _HARMLESS.issuperset(words) else set(map(_brings, words))
    if "scores" in brought or (unnamed != reasons and (numbers or "points" in brought)):
        return None
    return head.group(), not numbers and brought <= {""}


def simple_verdict(head: str, weights: Sequence[int]) -> Verdict | None:
    """The verdict of such a beginning, None where its components are not these, each out of its weight."""
    said: dict[int, Said] = {}
    at = 0
    for component, weight in enumerate(weights, start=1):
        found = _COMPONENT.match(head, at)
        if not found or int(found[1]) != component or int(found[3]) != weight:
            return None
        said[component] = Said(Amount(number(found[2]), number(found[3])), (found.start(2), found.end(3)))
        at = found.end()
    total = _TOTAL.match(head, at)
    if not total:
        return None
    amount = Amount(number(total[1]), number(total[2]))
    return Verdict("lines", 0, total.end(), said, Said(amount, (total.start(1), total.end(2))), called_scores=True)


def _brings(word: str) -> str:
    """What may come with a word: other "scores", "points" for a component that is named, a "number", nothing ("")."""
    if word in _HARMLESS:
        return ""
    if word in _MORE or word.startswith(_MORE_BEGIN):
        return "scores"
    if word in _GIVEN or word.startswith(_GIVEN_BEGIN):
        return "points"
    if _FOREIGN.fullmatch(word):
        return "number"
    if len(_HARMLESS) < _MOST:
        _HARMLESS.add(word)
    return ""
