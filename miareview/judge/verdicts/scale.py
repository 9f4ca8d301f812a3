"""Whether numbers are points out of the weights, or of some other scale."""

from __future__ import annotations

import re
from fractions import Fraction

from miareview.judge.verdicts.choice import Choice
from miareview.judge.verdicts.names import Names

_STATED = re.compile(
    r"(?:scale|each|rate[sd]?|rating|scored?|scores|marks?|graded?|points?)[^.\n]{0,40}?(?:from|of|between"
    r"|range[sd]?(?: from)?|out of|in|\()?\s?"
    r"\b(?<!component )(?<!criterion )(?<!requirement )(?<!part )(?:0|0\.0|1|zero|one)\s?"
    r"(?:to|and|-|–|through|\.\.)\s?(?P<top>\d{1,3}(?:\.0)?)(?![\d/]|\.\d)"
    r"|(?:each|every|all|(?:scores|marks|ratings|points|components) (?:are|is|were))[^.\n]{0,30}"
    r"out of (?P<each>\d{1,3})(?!\d)|(?P<stars>\d{1,2})-point scale"
    r"|(?<!\d)1 ?= ?[a-z][^\n]{0,40}?(?P<best>\d{1,3}) ?= ?[a-z]|skala (?:von )?[01] (?:bis|-) (?P<skala>\d{1,3})"
)


def other_scale(choice: Choice, names: Names, text: str) -> tuple[bool, bool]:
    """Whether the numbers are of another scale than the weights, and whether nothing can be made of them.

    Amounts with a denominator are shares of it; numbers without one mean nothing on another scale.
    """
    weights = names.weights
    said = {number: one.amount for number, one in choice.said.items() if 1 <= number <= len(weights)}
    if not said:
        return False, False
    bare = {number: amount for number, amount in said.items() if amount.of is None}
    shared = {amount.of for amount in said.values()}
    if any(amount.points > 0 for amount in said.values()) and choice.form != "lines":
        fitting = all(amount.of in (None, weights[number - 1]) for number, amount in said.items())
        if fitting and _normalized([amount.points for amount in said.values()], weights):
            sum_said = sum((amount.points for amount in said.values()), Fraction(0))
            total = choice.total.amount if choice.total else None
            return not (total and total.points == sum_said and sum_said > 1), False
    if not bare:
        odd = (
            len(shared) == 1
            and len(said) > 1
            and any(amount.of != weights[number - 1] for number, amount in said.items())
        )
        return odd, False
    sum_of = Fraction(sum(weights))
    total = choice.total.amount if choice.total else None
    if total and total.of is not None and total.of not in (sum_of, 10, 100):
        return True, True
    for match in _STATED.finditer(text):
        top = Fraction(next(group for group in match.groups() if group))
        if any(weights[number - 1] != top for number in bare) and not re.search(r"total|overall|sum", match.group()):
            return True, True
    above = [number for number, amount in bare.items() if amount.points > weights[number - 1]]
    if len(above) > 1 and len(said) > 1:
        return True, True
    return _normalized([amount.points for amount in bare.values()], weights), False


def _normalized(points: list[Fraction], weights: tuple[int, ...]) -> bool:
    """Whether the points look like shares of 1: none above it, and some that are no half of a point."""
    small = all(value <= 1 for value in points) and all(weight > 1 for weight in weights)
    return small and any((value * 2).denominator != 1 for value in points)
