"""Whether a judge takes back, behind the scores that count, what it said, in words that no reader could read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from miareview.judge.verdicts.amounts import Amount, number
from miareview.judge.verdicts.choice import Choice
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Verdict
from miareview.judge.verdicts.words import COMPONENT, nouns

CORRECTING = (
    "edit|erratum|actually|correct(?:ed|ion|ing)|revis(?:ed|ion|ing)|updated?|amended|amendment|reconsider(?:ed|ing)?"
    "|adjust(?:ed|ment)|oops|wait|hmm|scratch that|my mistake|i (?:misread|overlooked|missed|was wrong)"
    "|on (?:reflection|second thought)s?|second look|re-?check(?:ed|ing)?|double[- ]check(?:ed|ing)?|instead i"
    "|i(?:['’]d| would| will|['’]ll| should| must)? (?:now |therefore |rather )?(?:lower|raise|reduce|increase|change)"
    "|korrektur|korrigiert|berichtigung|corrigé|correction|corrección|corregid[oa]|correção|corrigid[oa]|correzione"
    "|corrett[oi]|исправлен\\w*|поправка|düzeltme|更正|修正|訂正|再考|정정|수정"
)
_WORD = re.compile(nouns(CORRECTING))
_RATIO = re.compile(r"(?<![\d.,/])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:/|out of|von|sur)\s?(\d{1,3})(?![\d/])")
_NAMED = re.compile(rf"(?:{nouns(COMPONENT)})[^\n.]{{0,80}}")
_REACH = 250
_MOST = 50


def unread_correction(text: str, choice: Choice, verdicts: Sequence[Verdict], names: Names) -> bool:
    """Whether a word of correction behind the scores is followed by what could be other scores, read by nobody.

    The text is lower case and plain, and what is quoted in it is hidden.
    """
    end = max((said.span[1] for said in choice.said.values()), default=len(text))
    known = {said.amount for said in choice.said.values()} | ({choice.total.amount} if choice.total else set())
    outs = {*names.weights, sum(names.weights)}
    for word in islice(_WORD.finditer(text, end), _MOST):
        stop = min(len(text), word.end() + _REACH)
        if any(word.start() <= verdict.start < stop for verdict in verdicts if verdict.said):
            continue
        for ratio in _RATIO.finditer(text, word.end(), stop):
            amount = Amount(number(ratio[1]), number(ratio[2]))
            if amount.of in outs and amount not in known:
                return True
        if any(re.search(r"\d", named.group()) for named in _NAMED.finditer(text, word.start(), stop)):
            return True
    return False
