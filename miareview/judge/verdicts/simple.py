"""The form that most replies have, told at once: every component in order out of its weight, the total, and no more.

A reply that has anything else that could bear on the scores is left to the other readers; for those that are taken the
result is the same (a test holds them together). It makes an import of thousands of replies several times as fast.
"""

from __future__ import annotations

import re
from functools import lru_cache

from miareview.judge.verdicts.amounts import Amount, number
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict

_POINTS = r"(\d{1,3}(?:\.\d{1,2})?)/(\d{1,3})(?![\d/%.]\d|[\d/%])"
_COMPONENT = re.compile(rf"\s{{0,3}}(?:score of )?component (\d{{1,2}}): {_POINTS}(?:[,;] |\n|\. )", re.I)
_TOTAL = re.compile(rf"\s{{0,3}}total(?: score)?: {_POINTS}(?=\.?\s*(?:\n|\Z)|\. )", re.I)
_SIGNS = "{<[|>*~=\\"
_RATIO = re.compile(r"\d\s{0,2}(?:/|\s(?:out\s)?of\b)")
_WORD = re.compile(r"[a-z]+")
# Words that may bring other scores: whole, and by how they begin. A set is many times as fast as an alternation.
_MORE = frozenset(
    "score scores total overall final wait should draft component components edit oops hmm"
    " every everything disregard retract withdraw wrong incorrect mistaken void"
    " reflection lower lowered lowering raise raised reduce reduced overlooked".split()
)
_MORE_BEGIN = ("correct", "revis", "criteri", "think", "actual", "amend", "adjust", "reconsider", "mistak", "misread")
# Reasons may name components, where nothing in them could be points: no other number, no word for one or for giving.
_DIGIT = re.compile(r"\d")
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
    for component, weight in enumerate(names.weights, start=1):
        found = _COMPONENT.match(raw, at)
        if not found or int(found[1]) != component or int(found[3]) != weight:
            return None
        said[component] = Said(Amount(number(found[2]), number(found[3])), (found.start(2), found.end(3)))
        at = found.end()
    total = _TOTAL.match(raw, at)
    if not total or not said:
        return None
    reasons = raw[total.end() :].lower()
    bare = _NAMED.sub("", reasons)
    if any(sign in bare for sign in _SIGNS) or _RATIO.search(bare):
        return None
    brought = set(map(_brings, set(_WORD.findall(bare))))
    if "scores" in brought:
        return None
    if bare != reasons and ("points" in brought or _DIGIT.search(bare)):
        return None
    amount = Amount(number(total[1]), number(total[2]))
    return Verdict("lines", 0, total.end(), said, Said(amount, (total.start(1), total.end(2))), called_scores=True)


@lru_cache(50_000)  # judges have few words, and say them again and again
def _brings(word: str) -> str:
    """What may come with a word: other "scores", "points" for a component that is named, or nothing ("")."""
    if word in _MORE or word.startswith(_MORE_BEGIN):
        return "scores"
    return "points" if word in _GIVEN or word.startswith(_GIVEN_BEGIN) else ""
