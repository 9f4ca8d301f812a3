"""Verdicts in labelled lines, sentences and headings."""

from __future__ import annotations

import re
from itertools import islice

from miareview.judge.verdicts.amounts import NUMBER_WORD
from miareview.judge.verdicts.choice import adds_up
from miareview.judge.verdicts.labels import (
    FAMILIES,
    MOST,
    NUMBERED,
    Label,
    component_labels,
    total_labels,
    worded_labels,
)
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict
from miareview.judge.verdicts.standing import names_losses, standing_of
from miareview.judge.verdicts.statements import REASONS, Statement, statements_of, total_statement
from miareview.judge.verdicts.words import SCORE

_NUMBERS = re.compile(rf"\d+|{NUMBER_WORD}|[①-⑩]|(?<![a-z])(?:first|second|third|fourth|fifth|[a-h](?=\s?[.):]))")
_ENOUGH = 50
_ANNOUNCED = re.compile(r"[^\n:]{1,60}:\s{0,3}$")
_GIVING = re.compile(rf"(?:{SCORE})|evaluat|assess|judg|here|final|follow|breakdown|修正|最终")
_WEIGHTS = re.compile(
    r"(?<![^\W\d_])(?:weights?|max(?:im(?:um|a))?(?: points| scores?| marks)?|rubric|worth|gewichte?|pesos?|poids)"
    r"\W{1,12}$|(?:权重|满分|配点)\W{0,6}$"
)


def line_verdicts(text: str, names: Names) -> list[Verdict]:
    """The verdicts of the text, which is lower case and plain.

    They are those of the way of naming components that scores most, the first such way, and besides them whole verdicts
    in other ways: a draft and its correction, or the weights and the scores, may be labelled differently.
    """
    totals = total_labels(text)
    best: list[Verdict] = []
    others: list[list[Verdict]] = []
    for family in range(FAMILIES + 1):
        whole = _most(best, names) == len(names.weights)
        if whole and (family == FAMILIES or _numbers_beside(text, best) < 2 * len(names.weights)):
            break
        labels = component_labels(text, family, names) if family < FAMILIES else worded_labels(text, names)
        if not labels:
            continue
        verdicts = _verdicts(text, labels, totals, names, numbered=NUMBERED <= family < FAMILIES)
        if _most(verdicts, names) > _most(best, names):
            best, verdicts = verdicts, best
        others.append(verdicts)
    found = list(best)
    for verdicts in others:
        found += [one for one in verdicts if _stands_alone(one, found, names)]
    return found


def _numbers_beside(text: str, verdicts: list[Verdict]) -> int:
    """How many numbers there are outside of the verdicts: another whole verdict needs two a component."""
    count, position = 0, 0
    for start, end in [*sorted((one.start, one.end) for one in verdicts), (len(text), len(text))]:
        count += sum(1 for _ in islice(_NUMBERS.finditer(text, position, max(position, start)), _ENOUGH))
        position = max(position, end)
    return count


def _stands_alone(verdict: Verdict, found: list[Verdict], names: Names) -> bool:
    """Whether a verdict in another way of labelling is one: whole, with a total, and not another's in other words."""
    if any(number not in verdict.said for number in range(1, len(names.weights) + 1)):
        return False
    if verdict.total is None and verdict.standing == "plain":
        return False
    start, end = _extent(verdict)
    if any(start < of_other[1] and of_other[0] < end for of_other in map(_extent, found)):
        return False
    for other in found:
        if other.total is not None and verdict.total is not None and other.total.span == verdict.total.span:
            other.total = None
    return True


def _extent(verdict: Verdict) -> tuple[int, int]:
    """Where the scores of the components stand."""
    spans = [said.span for said in verdict.said.values()] or [(verdict.start, verdict.end)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def stated_totals(text: str, names: Names) -> list[Said]:
    """The totals that the text states, in order, whatever stands around them."""
    statements = [total_statement(text, label, min(len(text), label.end + 200), names) for label in total_labels(text)]
    return [statement.said for statement in statements if statement]


def _most(verdicts: list[Verdict], names: Names) -> int:
    return max((sum(1 for number in verdict.said if number <= len(names.weights)) for verdict in verdicts), default=0)


def _verdicts(text: str, labels: list[Label], totals: list[Label], names: Names, numbered: bool) -> list[Verdict]:
    statements = statements_of(text, labels, totals, names, numbered)
    verdicts = [_verdict(text, block, names) for block in _blocks(statements)]
    reasons = REASONS.search(text, verdicts[0].end) if len(verdicts) > 1 else None
    for verdict in verdicts:
        verdict.in_reasons = bool(reasons and verdict.start >= reasons.start())
        if len(labels) >= 2 * MOST:
            verdict.doubts.add("too_long")
    return verdicts


def _blocks(statements: list[Statement]) -> list[list[Statement]]:
    """Statements that belong together: each component once, with one total."""
    blocks: list[list[Statement]] = []
    current: list[Statement] = []
    seen: set[int | None] = set()
    for statement in statements:
        if statement.component in seen or (
            None in seen and statement.component is not None and len(seen) > 1 and _closed(current)
        ):
            running = statement.component is None and current and current[-1].component is not None
            if running and not _closed(current[:-1]):
                current = [one for one in current if one.component is not None]  # a running total
            else:
                blocks.append(current)
                current, seen = [], set()
        current.append(statement)
        seen = {one.component for one in current}
    if current:
        blocks.append(current)
    return blocks


def _closed(block: list[Statement]) -> bool:
    return bool(block) and block[-1].component is None


def _verdict(text: str, block: list[Statement], names: Names) -> Verdict:
    said = {one.component: one.said for one in block if one.component is not None}
    total = next((one.said for one in block if one.component is None), None)
    start, end = min(one.start for one in block), max(one.end for one in block)
    standing = standing_of(text, start, end)
    if any(one.guess for one in block if one.component is not None):
        standing = "draft"
    elif standing == "plain" and any(one.turned for one in block):
        standing = "final"
    if names_losses(text, start) and not adds_up(said, total, names):
        return Verdict("lines", start, end, {}, standing=standing, doubts={"weights_or_scores"})
    bare = [one for one in block if one.component is not None and one.bare]
    first = next((one.start for one in block if one.component is not None), start)
    if len(bare) == len(said) and _WEIGHTS.search(text, max(0, first - 60), first):
        full = total is not None and total.amount.points == total.amount.of  # theirs, and no score
        return Verdict(
            "lines", first, end, said, total if total and total.span[0] > first and not full else None, standing
        )
    verdict = Verdict("lines", start, end, said, total, standing)
    lead = re.split(r"\d", text[max(0, start - 60) : start])[-1]
    verdict.called_scores = (
        not bare
        or any(one.cue for one in bare)
        or bool(total and total.amount.of is not None)
        or bool(re.search(r"scores?\b(?! breakdown)", lead + text[start : block[0].said.span[0]]))
    )
    announced = _ANNOUNCED.search(text, max(0, first - 80), first)
    if len(bare) == len(said) > 1 and not verdict.called_scores and announced and not _GIVING.search(announced.group()):
        verdict.doubts.add("weights_or_scores")  # "Priority: component 1: 1, component 2: 2"
    return verdict
