"""The amounts in a stretch of text, and what the words around each say of it: a score, a count, a weight, a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from miareview.judge.verdicts.amounts import NUMBER, NUMBER_WORD, Amount, amount_at
from miareview.judge.verdicts.words import SCORE, UNIT

_EDGE = r"(?<![a-zà-ÿа-я])"
_END = r"(?![a-zà-ÿа-я])"
_FULL = r"full (?:marks?|points?|credit|score)|all (?:the )?(?:points|marks)|volle punktzahl|满分|滿分"
_ZERO = r"no (?:marks?|points?|credit)|zero (?:marks?|points?|credit)|nothing|keine punkte|零分"
_HALF = r"half (?:the )?(?:marks?|points?|credit)|half of (?:the )?(?:marks?|points?)"
_FOUND = re.compile(
    rf"(?P<number>{NUMBER})|{_EDGE}(?:(?P<full>{_FULL})|(?P<zero>{_ZERO})|(?P<half>{_HALF})){_END}"
    rf"|(?P<word>{NUMBER_WORD})"
)
_REACH = 60

_CLEAN = re.compile(
    rf"[ \t]{{0,3}}(?:(?:{UNIT}){_END})?[ \t]{{0,3}}(?:$|[\n,;:!?)\]}}|\"'”’»«<>=–—→(\[]|-(?![^\W\d_])|\.(?!\d)"
    r"|(?:and|because|since|as|due|but|for|with|given|while|though|although|component|und|weil|da|et|car|y|porque|e"
    r"|i|и|так|in total|overall|total|so|thus|→)(?![a-z]))"
)
_GUESS_AFTER = re.compile(
    r"[ \t]{0,2}(?:points?\s)?(?:\?|[(,]?\s?(?:maybe|perhaps|probably|at first|initially|tentatively|i think|i guess))"
)
_SUPPOSED = re.compile(
    rf"[ \t]{{0,3}}(?:(?:{UNIT}){_END})?[ \t]{{0,3}}[)\]\"'”]?\s{{0,2}}(?:would|could|might|if|had|should|was my"
    rf"|were my|was the first|(?:was|were) (?:considered|claimed|too)|is (?:too|what it)|für den fall|wäre|serait"
    rf"|sería|seria)(?![a-z])"
)
_NOT_BEFORE = re.compile(
    rf"{_EDGE}(?:not|n['’]t|never|instead of|rather than|would|could|might|may|would (?:be|get|have been|earn|score"
    rf"|receive)|could (?:be|get|have been)"
    r"|should have been|if|at least|at most|up to|between|less than|more than|over|under|below|above|than|almost"
    r"|nearly|missing|lose[sd]?|losing|lost|minus|deduct(?:ed|ing|s)?"
    r"|costs?|thought|claims?|claimed|asks? for|asked for|demands?|wants?|line|page|row|verse|word|sentence"
    r"|paragraph|chapter|step|question|figure|number|room"
    r"|(?<!score )(?<!scores )(?<!mark )(?<!marks )(?<!points )(?<!total )(?<!rating )(?<!result )(?<!grade )of"
    r"|about|around|roughly|nur|nicht|statt|mindestens|höchstens)"
    r"(?:\s{1,2}(?:a|an|the|be|it|get|been|have been|score of|a score of|of|for|another|only"
    r"|full))*\s{0,2}[:=(]?\s{0,2}$"
)
_GUESS_BEFORE = re.compile(
    rf"{_EDGE}(?:probably|maybe|perhaps|possibly|likely|tentative(?:ly)?|initial(?:ly)?|originally|at first|first"
    rf"|draft|vielleicht|peut-être)(?:\s\w{{1,9}})?\s{{0,2}}[:=(]?\s{{0,2}}$"
)
_WEIGHT = (
    "max(?:imum|imal|imale|imo|ima|\\.)?|out of|possible|available|weight(?:ed|s)?|worth|up to|limit|cap|höchstens"
    "|maximal|möglich|gewicht|poids|barème|peso"
    "|máxim[oa]|massimo|макс(?:имум)?|вес"
)
_WEIGHT_BEFORE = re.compile(
    rf"(?:{_EDGE}(?:{_WEIGHT}){_END}|满分|滿分|配点|만점|배점|分值|权重)(?:\s(?:points?|marks?|scores?|value|is|of"
    rf"|total))*\s{{0,3}}(?:为|是)?\s{{0,2}}[:=(]?\s{{0,2}}$"
)
_WEIGHT_AFTER = re.compile(
    rf"[ \t]{{0,2}}(?:(?:{UNIT}){_END})?[ \t-]{{0,3}}(?:max(?:imum|imal|\.)?|possible|available|만점|满分|möglich"
    rf"|maximal|erreichbar|possibles?|at most|worth|weight){_END}"
)
_CUE = re.compile(
    rf"(?:{_EDGE}(?:{SCORE}){_END}|得分|评分|評分|得点|点数|점수|分数)\s{{0,3}}(?:(?:is|was|of|are|a|an|the|full|des|de|du|的|为|是|は"
    rf"|는|은)\s{{1,2}})?\s{{0,2}}(?:[:=|–—→-]|->|is|→|为|是|得)?[\s\"'(\[]{{0,4}}$"
)
_POINTED = re.compile(
    r"(?:=|->|→|=>|(?<![a-z])(?:hence|so|therefore|thus|final(?:ly)?|makes?|giving|gives|i give|i award|making"
    r"|which gives|results? in|leads? to|that is|i\.e\.|ergo|also|donc|por tanto|assim|quindi|итого|所以"
    r"|因此))\s{0,3}(?:a |an |it |me |only |just |: ?)?\s{0,2}$"
)
_TURNED = re.compile(
    r"(?:->|→|=>|(?<![a-z])(?:wait|no|actually|corrected|correction|changed? (?:it |this )?to|make (?:it|that)"
    r"|rather|revised?(?: to)?|lower(?:ed|ing)?(?: it)?(?: to)?|raised?(?: it)?(?: to)?|on second thought"
    r"|on reflection|sorry|instead|reduced to|update[d]?(?: to)?|adjusted to|down to|up to|now"
    r"|final(?:ly)?(?: score)?|should be|becomes))[\s,:;.–—-]{0,4}(?:it is |it's |that is |is |to |a |this is )?$"
)
_RANGE = re.compile(r"\s?(?:-|–|—|~|to|or|bis|oder|or maybe|/or|至|到|から)\s?$")


@dataclass(frozen=True, slots=True)
class Value:
    """An amount in the text. `kind`: "ratio", "share" (percent), "bare" or "word" (full marks)."""

    amount: Amount
    kind: str
    start: int
    end: int
    clean: bool
    guess: bool
    weighty: bool
    cue: bool
    pointed: bool
    turned: bool
    ranged: bool = False


def values_in(text: str, start: int, end: int, weight: int | None, most: int = 400) -> list[Value]:
    """The amounts in text[start:end], in order. The text is lower case and plain (`page`)."""
    found: list[Value] = []
    at = start
    while len(found) < most:
        match = _FOUND.search(text, at, end)
        if not match:
            break
        value, at = _value(text, match, start, end, weight)
        if value:
            found.append(value)
    return _without_ranges(text, found)


def _value(text: str, match: re.Match[str], start: int, end: int, weight: int | None) -> tuple[Value | None, int]:
    begins, stops = match.span()
    kind = match.lastgroup or ""
    if kind in ("full", "zero", "half"):
        share = {"full": Fraction(1), "zero": Fraction(0), "half": Fraction(1, 2)}[kind]
        amount = Amount(share * (weight or 1), Fraction(weight or 1))
        kind = "word"
    else:
        amount, stops = amount_at(text, begins, stops, match.group())
        if stops > end:
            amount, stops = Amount(amount.points) if amount.of is None else amount, min(stops, end)
        percent = (
            text[match.end() : stops].strip()[:1] in ("%", "p")
            and amount.of == 100
            and "/" not in text[match.end() : stops]
        )
        kind = "share" if percent else "ratio" if amount.of is not None else "bare" if kind == "number" else "named"
    before = text[max(start, begins - _REACH) : begins]
    if (
        before.endswith("-")
        and (len(before) == 1 or before[-2] in " :=|")
        and text[begins] in "0123456789."
        and re.search(r"[:=|]\s?-$", before)
    ):
        amount, begins, before = Amount(-amount.points, amount.of), begins - 1, before[:-1]
    after = text[stops : stops + _REACH]
    if kind == "ratio" and text.startswith("/", stops):
        return None, stops + 1
    if kind in ("bare", "ratio") and text[stops : stops + 1] in ("%", "°", "€", "$", "#"):
        return None, stops
    clean = bool(_CLEAN.match(after)) and not _SUPPOSED.match(after) and not _NOT_BEFORE.search(before)
    if kind == "bare" and re.match(r"\s?[-+×x*]\s?\d", after):
        clean = False
    weighty = kind in ("bare", "named") and bool(_WEIGHT_BEFORE.search(before) or _WEIGHT_AFTER.match(after))
    guess = bool(_GUESS_AFTER.match(after) or _GUESS_BEFORE.search(before))
    cue = bool(_CUE.search(before)) and not weighty
    turned = bool(_TURNED.search(before))
    pointed = turned or bool(_POINTED.search(before))
    return Value(amount, kind, begins, stops, clean, guess, weighty, cue, pointed, turned), stops


def _without_ranges(text: str, found: list[Value]) -> list[Value]:
    """Marks the parts of ranges ("3-4/4", "2 to 3 of 4", "between 3 and 5 of 6"): nobody says which end is meant."""
    out = list(found)
    for place, (low, high) in enumerate(pairwise(found)):
        between = text[low.end : high.start]
        if len(between) > 12:
            continue
        span = _RANGE.fullmatch(between) or (
            between.strip() in ("and", "und", "et", "y")
            and re.search(r"(?:between|zwischen|entre|somewhere)\s*$", text[max(0, low.start - 20) : low.start])
        )
        rising = low.amount.points < high.amount.points and high.clean
        if span and rising and (low.kind == "bare" or low.kind == high.kind):
            out[place] = _ranged(low)
            out[place + 1] = _ranged(high)
    return out


def _ranged(value: Value) -> Value:
    return Value(value.amount, value.kind, value.start, value.end, False, True, False, False, False, False, True)
