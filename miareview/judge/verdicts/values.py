"""The amounts in a stretch of text, and what the words around each say of it: a score, a count, a weight, a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from miareview.judge.verdicts.amounts import NUMBER, NUMBER_WORD, Amount, amount_at
from miareview.judge.verdicts.words import COMPONENT, INITIAL, PART, SCORE, UNIT, alternation

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
    rf"[ \t]{{0,3}}(?:(?:{UNIT}){_END})?[ \t]{{0,3}}"
    rf"(?:(?:earned|awarded|given|achieved|obtained|received|erreicht|vergeben){_END}[ \t]{{0,3}})?"
    r"(?:$|[\n,;:!?)\]}|\"'”’»«<>=–—→✓✔✅❌✗✘(\[]|-(?![^\W\d_])|\.(?!\d)"
    r"|(?:and|because|since|as|due|but|for|with|given|while|though|although|component|und|weil|da|et|car|y|porque|e"
    r"|i|и|так|from|down from|up from|in total|overall|total|so|thus|rather than|on reflection"
    r"|after all|instead|now|then|here|in the end|→)(?![a-z])|です|で[、,]|と|，"
    rf"|(?:{alternation(f'{COMPONENT}|{PART}|{INITIAL}')})[ _#-]{{0,2}}\d{{1,2}}\s?[:=])"
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
    rf"(?:n['’]t|{_EDGE}(?:not|no|never|anything but|far from|short of|fail(?:s|ed)? to|cannot"
    r"|instead of|rather than|would|could|might|may|would (?:be|get|have been|earn|score"
    rf"|receive)|could (?:be|get|have been)"
    r"|should have been|if|at least|at most|up to|between|less than|more than|over|under|below|above|than|almost"
    r"|nearly|missing|lose[sd]?|losing|lost|minus|deduct(?:ed|ing|s)?"
    r"|costs?|thought|claims?|claimed|asks? for|asked for|demands?|wants?|from|line|page|row|verse|word|sentence"
    r"|paragraph|chapter|step|question|figure|number|room"
    r"|(?<!score )(?<!scores )(?<!mark )(?<!marks )(?<!points )(?<!total )(?<!rating )(?<!result )(?<!grade )of"
    r"|about|around|roughly|nur|nicht|statt|mindestens|höchstens))"
    r"(?:\s{1,2}(?:a|an|the|be|it|get|been|have been|score of|a score of|of|for|another|only"
    r"|full|quite|really|yet|earn|reach|deserve|receive|merit|warrant|justify|achieve|score|worth|give|award"
    r"|as much as))*\s{0,2}[:=(]?\s{0,2}$|[扣减減丢失]掉?了?\s?$"
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
    rf"(?:{_EDGE}(?:{SCORE}){_END}|得分|评分|評分|得点|点数|점수|分数|[得给給])[ \t]{{0,3}}"
    rf"(?:(?:is|was|of|are|a|an|the|full|des|de|du|的|为"
    rf"|是|は|는|은)[ \t]{{1,2}})?[ \t]{{0,2}}(?:[:=|–—→-]|->|is|→|为|是|得)?[ \t\"'(\[]{{0,4}}$"
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
_SHARES = {"full": Fraction(1), "zero": Fraction(0), "half": Fraction(1, 2)}
_MINUS = re.compile(r"[:=|]\s?-$")
# "x1/4", "- /4", ">3/4" and "1e0" give no points.
_GLUED = re.compile(r"[a-z]$|(?<!\d)(?<!\d )/ ?$|(?<![-=])[<>≤≥] ?$")
_EXPONENT = re.compile(r"e[+-]?\d")
_SUMMED = re.compile(r"\s?[-+×x*]\s?\d")
_BETWEEN = re.compile(r"(?:between|zwischen|entre|somewhere)\s*$")
_RANGE = re.compile(r"\s?(?:-|–|—|~|to|or|bis|oder|or maybe|/or|至|到|から)\s?$")


@dataclass(eq=False)
class Value:
    """An amount in text[start:end], and what the words around it (no further back than `since`) say of it.

    `kind`: "ratio", "share" (percent), "bare", "named" (three) or "word" (full marks). `ranged`: one end of a range.
    """

    amount: Amount
    kind: str
    start: int
    end: int
    text: str
    since: int
    ranged: bool = False

    @cached_property
    def before(self) -> str:
        return self.text[max(self.since, self.start - _REACH) : self.start]

    @cached_property
    def after(self) -> str:
        return self.text[self.end : self.end + _REACH]

    @cached_property
    def clean(self) -> bool:
        """Whether nothing says that this is no score: a count of things, a negation, a supposition, part of a sum."""
        if self.ranged or not _CLEAN.match(self.after) or _SUPPOSED.match(self.after):
            return False
        if self.kind == "bare" and _SUMMED.match(self.after):
            return False
        return not _NOT_BEFORE.search(self.before)

    @cached_property
    def guess(self) -> bool:
        """Whether it is said to be uncertain or a first thought."""
        return self.ranged or bool(_GUESS_AFTER.match(self.after) or _GUESS_BEFORE.search(self.before))

    @cached_property
    def weighty(self) -> bool:
        """Whether it is said to be what the component is worth."""
        if self.ranged or self.kind not in ("bare", "named"):
            return False
        return bool(_WEIGHT_BEFORE.search(self.before) or _WEIGHT_AFTER.match(self.after))

    @cached_property
    def cue(self) -> bool:
        """Whether a word for a score stands before it."""
        return not self.ranged and not self.weighty and bool(_CUE.search(self.before))

    @cached_property
    def turned(self) -> bool:
        """Whether it is said to correct what stands before."""
        return not self.ranged and bool(_TURNED.search(self.before))

    @cached_property
    def pointed(self) -> bool:
        """Whether what stands before leads to it: "=", "hence"."""
        return self.turned or (not self.ranged and bool(_POINTED.search(self.before)))


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
    _mark_ranges(text, found)
    return found


def _value(text: str, match: re.Match[str], start: int, end: int, weight: int | None) -> tuple[Value | None, int]:
    begins, stops = match.span()
    kind = match.lastgroup or ""
    if kind in _SHARES:
        return Value(
            Amount(_SHARES[kind] * (weight or 1), Fraction(weight or 1)), "word", begins, stops, text, start
        ), stops
    amount, stops = amount_at(text, begins, stops, match.group())
    if stops > end:
        amount, stops = Amount(amount.points), match.end()
    if _EXPONENT.match(text, stops) or _GLUED.search(text, max(start, begins - 3), begins):
        return None, stops
    behind = text[match.end() : stops]
    if amount.of is None:
        kind = "bare" if kind == "number" else "named"
    else:
        kind = "share" if amount.of == 100 and behind.strip()[:1] in ("%", "p") and "/" not in behind else "ratio"
    sign = text[stops : stops + 1]
    if kind == "ratio" and sign == "/":
        return None, stops + 1
    if kind in ("bare", "ratio") and sign and sign in "%°€$#":
        return None, stops
    if text[begins - 1 : begins] == "-" and begins > start and _MINUS.search(text, max(start, begins - 4), begins):
        amount, begins = Amount(-amount.points, amount.of), begins - 1
    return Value(amount, kind, begins, stops, text, start), stops


def _mark_ranges(text: str, found: list[Value]) -> None:
    """Marks the ends of ranges ("3-4/4", "2 to 3 of 4", "between 3 and 5 of 6"): nobody says which is meant."""
    for low, high in pairwise(found):
        between = text[low.end : high.start]
        if len(between) > 12 or low.amount.points >= high.amount.points:
            continue
        if between.strip() in ("and", "und", "et", "y"):
            spanned = bool(_BETWEEN.search(text, max(0, low.start - 20), low.start))
        else:
            spanned = bool(_RANGE.fullmatch(between))
        if spanned and (low.kind == "bare" or low.kind == high.kind) and high.clean:
            for value in (low, high):
                value.ranged = True
                for name in ("clean", "guess", "weighty", "cue", "turned", "pointed"):
                    value.__dict__.pop(name, None)
