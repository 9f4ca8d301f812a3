"""The form that most replies have, told at once: every component in order out of its weight, the total, and no more.

A reply that has anything else that could bear on the scores is left to the other readers; for those that are taken the
result is the same (a test holds them together). It makes an import of thousands of replies several times as fast.
"""

from __future__ import annotations

import re
from fractions import Fraction

from miareview.judge.verdicts.amounts import Amount
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict

_POINTS = r"(\d{1,3}(?:\.\d{1,2})?)/(\d{1,3})(?![\d/%.]\d|[\d/%])"
_COMPONENT = re.compile(rf"\s{{0,3}}(?:score of )?component (\d{{1,2}}): {_POINTS}(?:[,;] |\n|\. )", re.I)
_TOTAL = re.compile(rf"\s{{0,3}}total(?: score)?: {_POINTS}(?=\.?\s*(?:\n|\Z)|\. )", re.I)
_SIGNS = re.compile(r"\d\s{0,2}/|[{<\[|>*~=\\]|\d\s(?:out\s)?of\b")
_WORD = re.compile(r"[a-z]+")
# Words that may bring other scores: whole, and by how they begin. A set is many times as fast as an alternation.
_MORE = frozenset("score scores total overall final wait should draft component components".split())
_MORE_BEGIN = ("correct", "revis", "criteri", "think")
# Reasons may name components, where nothing in them could be points: no other number, no word for one or for giving.
_NAMED = re.compile(r"\bcomponents? \d{1,2}(?![\d/.,]?\d)")
_GIVEN = frozenset(
    "no none nothing zero one two three four five six seven eight nine ten half full fully point points mark marks rate"
    " rated rating get gets gave give given gives instead second again".split()
)
_GIVEN_BEGIN = (
    "max", "credit", "grad", "deserv", "award", "earn", "receiv", "deduct", "lower", "rais", "actual", "mistak",
    "chang", "updat", "apolog", "reconsider", "weigh",
)  # fmt: skip


def simple_verdict(raw: str, names: Names) -> Verdict | None:
    """The verdict of a reply of this form, None for any other."""
    if not raw.isascii():
        return None
    said: dict[int, Said] = {}
    at = 0
    for number, weight in enumerate(names.weights, start=1):
        found = _COMPONENT.match(raw, at)
        if not found or int(found[1]) != number or int(found[3]) != weight:
            return None
        said[number] = Said(Amount(Fraction(found[2]), Fraction(weight)), (found.start(2), found.end(3)))
        at = found.end()
    total = _TOTAL.match(raw, at)
    if not total or not said:
        return None
    reasons = raw[total.end() :].lower()
    bare = _NAMED.sub("", reasons)
    words = set(_WORD.findall(bare))
    if _SIGNS.search(bare) or _has(words, _MORE, _MORE_BEGIN):
        return None
    if bare != reasons and (re.search(r"\d", bare) or _has(words, _GIVEN, _GIVEN_BEGIN)):
        return None
    amount = Amount(Fraction(total[1]), Fraction(total[2]))
    return Verdict("lines", 0, total.end(), said, Said(amount, (total.start(1), total.end(2))), called_scores=True)


def _has(words: set[str], whole: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    return not words.isdisjoint(whole) or any(word.startswith(beginnings) for word in words)
