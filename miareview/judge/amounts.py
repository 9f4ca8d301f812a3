"""Amounts as judges write them: 4/4, 2.5/3, 2½ of 3, 3 1/2 out of 4, 90%."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
# Runs of digits are bounded and guarded, so that no number is read from a part of a longer one, and none is huge.
_DIGITS = r"(?<![\d.,])\d{1,40}(?!\d)"
NUMBER = (
    rf"(?:{_DIGITS}[ ]{{1,3}}\d{{1,2}}/\d{{1,2}}(?=[ ]{{0,3}}(?:/|out[ ]of\b))"  # 3 1/2 out of 4
    rf"|{_DIGITS}[ ]{{0,2}}[{_VULGAR}]|[{_VULGAR}]"  # 2½
    rf"|{_DIGITS}(?:\.\d{{1,20}}(?!\d)|,\d{{1,2}}(?=[ ]{{0,3}}/))?"  # 2.5, 2,5/3
    r"|(?<!\d)\.\d{1,20}(?!\d))"
)
RATIO = rf"(?P<points>{NUMBER})\s{{0,3}}(?:/|\bout\s{{1,3}}of\b|\bof\b(?=\s{{0,3}}\d))\s{{0,3}}(?P<of>{NUMBER})"
PERCENT = rf"(?P<percent>{NUMBER})\s{{0,3}}%"
_ONE_TO_ONE = {0xFF00 + code: 0x20 + code for code in range(0x01, 0x5F)} | {
    ord("⁄"): "/", ord("∕"): "/", ord("\xa0"): " ", ord("−"): "-", ord("∶"): ":"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """Points and what they are out of (None where only the points were written)."""

    points: Fraction
    of: Fraction | None = None


def plain(text: str) -> str:
    """The text with full-width characters and the digits of other scripts as ASCII, character for character."""
    if text.isascii():
        return text
    return re.sub(r"[^\x00-\x7f]", _plain_digit, text.translate(_ONE_TO_ONE))


def _plain_digit(match: re.Match[str]) -> str:
    digit = unicodedata.decimal(match.group(), None)
    return match.group() if digit is None else str(digit)


def number(text: str) -> Fraction:
    """The value of what NUMBER matched."""
    text = text.strip().replace(",", ".")
    if text.isascii() and text.isdigit():
        return Fraction(int(text))
    if text[-1] in _VULGAR:
        part = Fraction(unicodedata.numeric(text[-1])).limit_denominator(8)
        return part + (number(text[:-1]) if text[:-1].strip() else 0)
    whole, space, part_text = text.partition(" ")
    if space:
        over, _, under = part_text.strip().partition("/")
        return Fraction(whole) + (Fraction(int(over), int(under)) if int(under) else 0)
    return Fraction(text)


def amount(match: re.Match[str], *, negative: bool = False) -> Amount:
    """The amount in a match of RATIO, PERCENT or (as group `bare`) a lone NUMBER."""
    groups = match.groupdict()
    kind = next(name for name in ("points", "percent", "bare") if groups.get(name) is not None)
    points = -number(groups[kind]) if negative else number(groups[kind])
    if kind == "bare":
        return Amount(points)
    return Amount(points, Fraction(100) if kind == "percent" else number(groups["of"]))


_WHOLE = re.compile(rf"\s*(?P<sign>[-+]?)\s*(?:{RATIO}|{PERCENT}|(?P<bare>{NUMBER}))\s*(?:points?|pts?)?\s*", re.I)


def whole_amount(text: str) -> Amount | None:
    """The amount that a short text such as a JSON value is, or None if it is anything else."""
    match = _WHOLE.fullmatch(plain(text)) if len(text) <= 100 else None
    return amount(match, negative=match["sign"] == "-") if match else None


def read_points(found: Amount, weight: int) -> tuple[Fraction | None, list[str]]:
    """Points of a component worth `weight`, between 0 and the weight, and the names of what was odd.

    Another denominator than the weight makes the amount a fraction of the weight ("wrong_denominator"); more than the
    weight is clamped to it ("above_weight"), less than nothing to 0 ("below_zero"); out of 0 is None
    ("zero_denominator").
    """
    points, warnings = found.points, []
    if found.of is not None and found.of != weight:
        if not found.of:
            return None, ["zero_denominator"]
        warnings.append("wrong_denominator")
        points = points / found.of * weight
    if points > weight:
        return Fraction(weight), [*warnings, "above_weight"]
    if points < 0:
        return Fraction(0), [*warnings, "below_zero"]
    return points, warnings
