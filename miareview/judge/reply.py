"""Reading the sub-scores from a judge's reply, whatever its layout.

Components are found by their number, never by position. The first statement of a component's score wins; what the
reasons repeat after the scores is not read. Everything is linear in the length of the reply, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from miareview.judge.amounts import Amount, plain, read_points
from miareview.judge.reply_json import json_scores
from miareview.judge.reply_text import Found, text_scores

Status = Literal["ok", "warning", "partial", "refused", "empty", "unparsed"]
Span = tuple[int, int]

_REFUSAL = re.compile(
    r"\b(?:sorry|apologi[sz]e|(?:can\s?not|can['’]t|won['’]t|unable\s+to|not\s+able\s+to|not\s+comfortable)\s+"
    r"(?:\w+\s+){0,3}?(?:assist|help|comply|evaluate|grade|score|rate|view|see|provide|process|identify|do|fulfill|with)"
    r"|as\s+an\s+ai\b|against\s+(?:my|our|the)\s+(?:guidelines|policy|policies))",
    re.I,
)
# Judges round what they add up; less than this apart is the same sum.
_ROUNDING = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply says.

    `points` and `spans` have one entry a component, in component order: Fractions between 0 and the weight, and the
    (start, end) in the raw reply where the value stands; None where there is none. `stated_total` is (points, of) as
    written, `of` being the sum of the weights where the reply names none. `status`: "ok" all read, "warning" all read
    and something odd, "partial" some read, else "refused", "empty" (nothing but white space) or "unparsed".

    `warnings`, in this order: "wrong_denominator", "above_weight", "below_zero", "zero_denominator", "extra_component",
    "repeated_component", "several_objects", "missing_total", "total_mismatch".
    """

    points: list[Fraction | None]
    stated_total: tuple[Fraction, Fraction] | None
    status: Status
    warnings: list[str] = field(default_factory=list)
    spans: list[Span | None] = field(default_factory=list)


_ORDER = (
    "wrong_denominator", "above_weight", "below_zero", "zero_denominator", "extra_component",
    "repeated_component", "several_objects", "missing_total", "total_mismatch",
)  # fmt: skip


def parse_reply(raw: str | None, weights: Sequence[int]) -> Reading:
    """Read the points of each component, worth `weights`, from a judge's raw reply.

    A JSON object that scores components is read first (of several the last complete one), the text where it scores
    more. Another denominator than the weight makes the score a fraction of the weight (2/2 of 6 is 6); scores above
    the weight are clamped to it; both warn. A total that JSON leaves out is not missed: prompts for JSON ask for none.

    The total agrees with the components if its points are their sum, or if both are the same fraction: the published
    prompt asks for "z/10" also where the weights sum to 8, and 8/10 there is the right sum of 4 + 2 + 2.
    """
    nothing: list[Span | None] = [None] * len(weights)
    if raw is None or not raw.strip():
        return Reading([None] * len(weights), None, "empty", [], nothing)
    warnings: set[str] = set()
    said = _without_thoughts(raw)
    scores, several = json_scores(said, len(weights))
    found: Found = {}
    total, repeated = None, False
    if scores is not None:
        found, total, repeated = scores.components, scores.total, scores.repeated
    if _known(found, weights) < len(weights):
        text_found, text_total, text_repeated = text_scores(plain(said), weights)
        if scores is None or _known(text_found, weights) > _known(found, weights):
            found, total, repeated, several = text_found, text_total, text_repeated, False
            if total is None and not said.lstrip().startswith(("{", "```")):
                warnings.add("missing_total")
    if several:
        warnings.add("several_objects")
    if repeated:
        warnings.add("repeated_component")
    if any(not 1 <= number <= len(weights) for number in found):
        warnings.add("extra_component")

    points: list[Fraction | None] = []
    spans: list[Span | None] = []
    for number, weight in enumerate(weights, start=1):
        amount, span = found.get(number, (None, None))
        value, odd = read_points(amount, weight) if amount else (None, [])
        warnings.update(odd)
        points.append(value)
        spans.append(span)
    stated = _stated(total, weights)
    if total is not None and stated is None:
        warnings.add("zero_denominator")
    if stated and not _agrees(stated, points, weights):
        warnings.add("total_mismatch")

    status = _status(raw, points, bool(warnings))
    if status in ("refused", "unparsed") and stated is None:
        warnings.discard("missing_total")
    return Reading(points, stated, status, [name for name in _ORDER if name in warnings], spans)


def _without_thoughts(raw: str) -> str:
    """The reply with a leading <think> block blanked out: a score there is not the verdict. Places stay the same."""
    thoughts, mark, reply = raw.partition("</think>")
    if not mark or not thoughts.lstrip().startswith("<think>"):
        return raw
    return " " * (len(thoughts) + len(mark)) + reply


def _known(found: Found, weights: Sequence[int]) -> int:
    return sum(1 <= number <= len(weights) for number in found)


def _stated(total: Amount | None, weights: Sequence[int]) -> tuple[Fraction, Fraction] | None:
    if total is None or total.of == 0:
        return None
    return total.points, Fraction(sum(weights)) if total.of is None else total.of


def _agrees(stated: tuple[Fraction, Fraction], points: list[Fraction | None], weights: Sequence[int]) -> bool:
    known = [value for value in points if value is not None]
    if len(known) < len(points) or not sum(weights):
        return True  # nothing to compare with
    total, of = stated
    read = sum(known, Fraction(0))
    return abs(total - read) < _ROUNDING or (of > 0 and abs(total / of * sum(weights) - read) < _ROUNDING)


def _status(raw: str, points: list[Fraction | None], odd: bool) -> Status:
    read = sum(value is not None for value in points)
    if points and read == len(points):
        return "warning" if odd else "ok"
    if read:
        return "partial"
    return "refused" if _REFUSAL.search(raw[:2000]) else "unparsed"
