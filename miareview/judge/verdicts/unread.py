"""Whether a judge takes back, behind the scores that count, what it said, in words that no reader could read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from miareview.judge.verdicts.amounts import NUMBER_WORD, Amount, number
from miareview.judge.verdicts.choice import Choice, adds_up
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict
from miareview.judge.verdicts.words import COMPONENT, TOTAL, nouns

CORRECTING = (
    "edit|erratum|actually|correct(?:ed|ion|ing)|revis(?:ed|ion|ing)|updated?|amended|amendment|reconsider(?:ed|ing)?"
    "|adjust(?:ed|ment)|oops|wait|hmm|scratch that|my mistake|i (?:misread|overlooked|missed|was wrong)"
    "|on (?:reflection|second thought)s?|second look|re-?check(?:ed|ing)?|double[- ]check(?:ed|ing)?|instead i"
    "|i(?:['’]d| would| will|['’]ll| should| must)? (?:now |therefore |rather )?(?:lower|raise|reduce|increase|change"
    "|withdraw|retract|take back)"
    "|(?:above|these|those|they) (?:\\w+ )?(?:is|are|was|were) (?:wrong|incorrect|mistaken|void)|disregard"
    "|ignore (?:the|my) (?:above|previous|first|earlier)|(?:right|correct|true|real|new) (?:scores?|marks|points)"
    "|korrektur|korrigiert|berichtigung|corrigé|correction|corrección|corregid[oa]|correção|corrigid[oa]|correzione"
    "|corrett[oi]|исправлен\\w*|поправка|düzeltme|更正|修正|訂正|再考|정정|수정"
)
_WORD = re.compile(nouns(CORRECTING))
_RATIO = re.compile(r"(?<![\d.,/])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:/|out of|von|sur)\s?(\d{1,3})(?![\d/])")
_NAMED = re.compile(rf"(?:{nouns(COMPONENT)})[^\n.]{{0,80}}")
_ORDINAL = re.compile(r"(?:first|second|third|fourth|fifth|last|other)(?: one)? (?:to|by|is|gets|should be) \d")
_ONE = rf"(?:\d{{1,2}}(?:\.\d)?(?![\d%])|{NUMBER_WORD})"
_EVERY = re.compile(
    r"(?<![a-z])(?:(?:0|zero|no points?|nothing|full marks) (?:points? )?(?:for|on|to|in) (?:everything|all|each|every)"
    r"|(?:all|every|each)(?: of)?(?: the| \d)? (?:scores?|components?|marks?|points?)(?: (?:of )?\w+){0,3}? "
    r"(?:0|zero|nothing|full marks))(?![\w/]|\.\d)"
)
_TOTAL = re.compile(rf"(?:{nouns(TOTAL)})[^\n.\d]{{0,40}}?{_RATIO.pattern}")
_SUPPOSED = re.compile(
    r"(?<![a-z])(?:would|could|might|if|had|(?:response|answer|text) (?:says?|claims?|asks?|wants?|demands?)"
    r"|instead of|not)(?![a-z])"
)
_REACH = 250
_MOST = 50


def unread_correction(text: str, choice: Choice, verdicts: Sequence[Verdict], names: Names) -> bool:
    """Whether something behind the scores could be other scores, and was read by nobody.

    That is: points for all components at once, a total that is not theirs, or numbers behind a word of correction. The
    text is lower case and plain, and what is quoted in it is hidden.
    """
    end = max((said.span[1] for said in choice.said.values()), default=len(text))
    if choice.total and choice.total.span[0] >= end:
        end = choice.total.span[1]
    read = [verdict for verdict in verdicts if verdict.said]
    if _for_all(text, end, choice, names) or any(_other_totals(text, end, choice, read, names)):
        return True
    for word in islice(_WORD.finditer(text, end), _MOST):
        stop = min(len(text), word.end() + _REACH)
        if not any(word.start() <= verdict.start < stop for verdict in read) and _other_scores(
            text, word.start(), stop, choice, names
        ):
            return True
    return False


def _for_all(text: str, end: int, choice: Choice, names: Names) -> bool:
    """ "I give 0 for everything": not what was read, and not for a case that is only supposed."""
    for match in islice(_EVERY.finditer(text, end), _MOST):
        full = "full marks" in match.group()
        same = all(
            said.amount.share(names.weights[place - 1]) == (1 if full else 0)
            for place, said in choice.said.items()
            if 1 <= place <= len(names.weights)
        )
        if not same and not _SUPPOSED.search(text, _sentence(text, match.start()), match.start()):
            return True
    return False


def _other_totals(text: str, end: int, choice: Choice, read: list[Verdict], names: Names) -> Iterator[bool]:
    for match in islice(_TOTAL.finditer(text, end), _MOST):
        said = Said(Amount(number(match[1]), number(match[2])), match.span())
        of_other = any(verdict.start <= match.end() and match.start() <= verdict.end for verdict in read)
        if said.amount.of == sum(names.weights) and not of_other and not adds_up(choice.said, said, names):
            known = choice.total is not None and choice.total.amount == said.amount
            yield not known and not _SUPPOSED.search(text, _sentence(text, match.start()), match.end())


def _other_scores(text: str, start: int, stop: int, choice: Choice, names: Names) -> bool:
    known = {said.amount for said in choice.said.values()} | ({choice.total.amount} if choice.total else set())
    outs = {*names.weights, sum(names.weights)}
    for ratio in _RATIO.finditer(text, start, stop):
        amount = Amount(number(ratio[1]), number(ratio[2]))
        if amount.of in outs and amount not in known:
            return True
    if any(re.search(r"\d", named.group()) for named in _NAMED.finditer(text, start, stop)):
        return True
    count = len(names.weights)
    listed = rf"{_ONE}(?:(?:, ?| ?/ ?|,? and ){_ONE}){{{count - 1}}}(?![\w/])" if count > 1 else "(?!)"
    return bool(_ORDINAL.search(text, start, stop) or re.compile(listed).search(text, start, stop))


def _sentence(text: str, at: int) -> int:
    """Where the sentence begins that goes on at this place."""
    begin = max(0, at - 200)
    return begin + max(text[begin:at].rfind(sign) for sign in (".", "\n", "!", ";")) + 1
