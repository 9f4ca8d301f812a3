"""Verdicts in labelled lines, sentences and headings."""

from __future__ import annotations

import re

from miareview.judge.verdicts.labels import FAMILIES, NUMBERED, Label, component_labels, total_labels, worded_labels
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict
from miareview.judge.verdicts.standing import standing_of
from miareview.judge.verdicts.statements import REASONS, Statement, statements_of, total_statement
from miareview.judge.verdicts.words import SCORE


def line_verdicts(text: str, names: Names) -> list[Verdict]:
    """The verdicts of the text, which is lower case and plain, in the way of naming components that scores most."""
    totals = total_labels(text)
    best: list[Verdict] = []
    for family in range(FAMILIES + 1):
        labels = component_labels(text, family, names) if family < FAMILIES else worded_labels(text, names)
        if not labels:
            continue
        verdicts = _verdicts(text, labels, totals, names, numbered=NUMBERED <= family < FAMILIES)
        if _most(verdicts, names) > _most(best, names):
            best = verdicts
        if _most(best, names) == len(names.weights):
            break
    return best


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
    verdict = Verdict("lines", start, end, said, total, standing)
    bare = [one for one in block if one.component is not None and one.bare]
    scored = re.compile(rf"(?<![^\W\d_])(?:{SCORE})(?![^\W\d_])|得分|评分")
    lead = text[max(0, start - 60) : start]
    verdict.called_scores = (
        not bare
        or any(one.cue for one in bare)
        or bool(total and total.amount.of is not None)
        or (bool(re.search(r"scores?\b(?! breakdown)", lead + text[start : block[0].said.span[0]])) and bool(scored))
    )
    return verdict
