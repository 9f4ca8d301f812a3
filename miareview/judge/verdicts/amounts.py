"""Amounts as judges write them: 4/4, 2,5 von 3, 2½ of 3, 3 1/2 out of 4, 3 points (maximum 4), 90 %."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from miareview.judge.verdicts.words import CARDINALS, OUT_OF, UNIT, alternation

VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
# Runs of digits are bounded and guarded, so that no number is read from a part of a longer one, and none is huge.
_PLAIN = r"(?<![\d.])\d{1,40}(?:\.\d{1,20}|,\d{1,2}(?![\d,]))?(?![\d]|\.\d)"
NUMBER = (
    rf"(?=[.\d{VULGAR}])"
    r"(?:(?<![\d.,])\d{1,4} {1,3}\d{1,2}/\d{1,2}(?= {0,3}(?:/|out of\b))"  # 3 1/2 out of 4
    rf"|(?<![\d.,])\d{{1,40}} {{0,2}}[{VULGAR}]|[{VULGAR}]"  # 2½
    rf"|{_PLAIN}|(?<!\d)\.\d{{1,20}}(?!\d))"
)
_WORDS = alternation("|".join(sorted(CARDINALS, key=len, reverse=True)))
NUMBER_WORD = rf"(?<![a-zà-ÿа-я])(?:{_WORDS})(?: and a half)?(?![a-zà-ÿа-я])"
_LIMIT = (
    "max(?:imum|imal|imo|\\.)?|possible|maximal|höchstens|满分为?|滿分|总分|满|макс(?:имум)?\\.?|máximo|massimo|满分是"
)
# From the points to what they are out of.
_TO = re.compile(
    rf"[ \t]{{0,2}}(?:(?:{UNIT})(?![a-zà-ÿа-я]))?[ \t]{{0,3}}"
    rf"(?:/|[(\[,;]?[ \t]{{0,2}}(?:(?:{OUT_OF})(?![a-zà-ÿа-я])|(?:{_LIMIT})[ \t]{{0,2}}[:=]?)"
    r"(?:[ \t]{0,3}(?:the|its|their|a|an|possible|maximum|max\.?|total|full|maximal|possibles?|möglichen|insgesamt|of"
    r"|los|os|dos))"
    r"{0,3})[ \t]{0,3}"
)
_NUMBER = re.compile(NUMBER)
_OF = re.compile(rf"{NUMBER}|{NUMBER_WORD}")
_PERCENT = re.compile(r"[ \t]{0,2}(?:%|percent(?![a-z])|per cent(?![a-z])|prozent(?![a-z])|pct(?![a-z]))")
_CJK_PARTS = re.compile(rf"分之({NUMBER})")
# 4分中得3分, 4点満点中3点: what it is out of comes first.
_CJK_OF = re.compile(
    rf"(?:分|点|點|점)(?:满分|滿分|満点|만점)?(?:当中|之中|中|에서|에)(?:的|得|の|は| )?({NUMBER})(?=分|点|點|점)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Points and what they are out of (None where only the points were written)."""

    points: Fraction
    of: Fraction | None = None

    def share(self, weight: int) -> Fraction | None:
        """What part of `weight` this is; None out of 0, or of a weight of 0."""
        of = Fraction(weight) if self.of is None else self.of
        return self.points / of if of else None

    def out_of(self, weight: int) -> Fraction | None:
        """The points, if this were out of `weight`; None where there is no such number."""
        if weight and (self.of is None or self.of == weight):
            return self.points
        share = self.share(weight)
        return None if share is None else share * weight


@lru_cache(10_000)
def number(text: str) -> Fraction:
    """The value of what NUMBER or NUMBER_WORD matched."""
    text = text.strip().replace(",", ".")
    if text.isascii() and text.isdigit():
        return Fraction(int(text))
    if text[0].isalpha():
        word, half, _ = text.partition(" and a half")
        return Fraction(cardinal(word)) + (Fraction(1, 2) if half else 0)
    if text[-1] in VULGAR:
        part = Fraction(unicodedata.numeric(text[-1])).limit_denominator(8)
        return part + (number(text[:-1]) if text[:-1].strip() else 0)
    whole, space, part_text = text.partition(" ")
    if space:
        over, _, under = part_text.strip().partition("/")
        return Fraction(whole) + (Fraction(int(over), int(under)) if int(under) else 0)
    return Fraction(text)


_CARDINAL = [(re.compile(pattern), value) for pattern, value in CARDINALS.items()]


def cardinal(word: str) -> int:
    """The number that a word says, 0 for any other word."""
    return next((value for pattern, value in _CARDINAL if pattern.fullmatch(word)), 0)


def amount_at(text: str, start: int, end: int, written: str) -> tuple[Amount, int]:
    """The amount that begins with the number `written`, which ends at `end`, and where the amount ends.

    `text` is lower case and plain (`page.Page`).
    """
    points = number(written)
    sign = _PERCENT.match(text, end)
    if sign:
        return Amount(points, Fraction(100)), sign.end()
    parts = _CJK_PARTS.match(text, end) or _CJK_OF.match(text, end)
    if parts:
        return Amount(number(parts[1]), points), parts.end()
    to = _TO.match(text, end)
    of = _OF.match(text, to.end()) if to else None
    if to and of and not text.startswith("/", of.end()):
        return Amount(points, number(of.group())), of.end()
    return Amount(points), end


_SIGN = re.compile(r"\s*([-+])?\s*")
_REST = re.compile(rf"\s*(?:{UNIT})?\s*[)\]]?[.]?\s*")


def whole_amount(text: str) -> Amount | None:
    """The amount that a short text such as a JSON value is, or None if it is anything else. The text is plain."""
    text = text.lower()
    if len(text) > 100:
        return None
    sign = _SIGN.match(text)
    start = sign.end() if sign else 0
    found = _OF.match(text, start)
    if not found:
        return None
    amount, end = amount_at(text, found.start(), found.end(), found.group())
    if not _REST.fullmatch(text, end):
        return None
    return Amount(-amount.points, amount.of) if sign and sign[1] == "-" else amount


def read_points(found: Amount, weight: int) -> tuple[Fraction | None, list[str]]:
    """Points of a component worth `weight`, between 0 and the weight, and the names of what was odd.

    Another denominator than the weight makes the amount a fraction of the weight ("wrong_denominator"); more than the
    weight is clamped to it ("above_weight"), less than nothing to 0 ("below_zero"); out of 0 is None
    ("zero_denominator").
    """
    points, warnings = found.points, []
    if found.of is not None and found.of != weight:
        if found.of <= 0:
            return None, ["zero_denominator"]
        warnings.append("wrong_denominator")
        points = points / found.of * weight
    if points > weight:
        return Fraction(weight), [*warnings, "above_weight"]
    if points < 0:
        return Fraction(0), [*warnings, "below_zero"]
    return points, warnings
