"""Reading the sub-scores from a judge's reply, whatever its layout: `docs/formats.md` says how.

A reply is read right, or it is said that it could not be read for sure. Everything is linear in the length of the
reply, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from miareview.judge.told import ending
from miareview.judge.verdicts.amounts import Amount, read_points
from miareview.judge.verdicts.choice import ROUNDING, Choice, choose
from miareview.judge.verdicts.lines import line_verdicts, stated_totals
from miareview.judge.verdicts.loose_json import find_nodes
from miareview.judge.verdicts.markup import elements_around, markup_nodes
from miareview.judge.verdicts.names import Names, names_of
from miareview.judge.verdicts.number_lists import list_verdicts
from miareview.judge.verdicts.objects import object_verdicts
from miareview.judge.verdicts.page import lower, plain, tightened, undecorated, without_middle
from miareview.judge.verdicts.quoted_blocks import quoted_blocks, set_aside
from miareview.judge.verdicts.quotes import without_quotes
from miareview.judge.verdicts.record import Span, Verdict
from miareview.judge.verdicts.scale import other_scale
from miareview.judge.verdicts.simple import simple_head, simple_verdict
from miareview.judge.verdicts.standing import standing_of
from miareview.judge.verdicts.table_verdicts import table_verdicts
from miareview.judge.verdicts.tables import find_tables, hidden
from miareview.judge.verdicts.thoughts import without_thoughts
from miareview.judge.verdicts.unread import unread_correction
from miareview.model import SubScore

Status = Literal["ok", "warning", "partial", "refused", "empty", "unparsed"]

_REFUSAL = re.compile(
    r"\b(?:sorry|apologi[sz]e|(?:can\s?not|can['’]t|won['’]t|unable\s+to|not\s+able\s+to|not\s+comfortable)\s+"
    r"(?:\w+\s+){0,3}?(?:assist|help|comply|evaluate|grade|score|rate|view|see|provide|process|identify|do|fulfill"
    r"|with)"
    r"|as\s+an\s+ai\b|against\s+(?:my|our|the)\s+(?:guidelines|policy|policies)|don['’]t have the ability"
    r"|es tut mir leid|kann ich nicht|je suis désolé|lo siento|no puedo|desculpe|não posso|mi dispiace|non posso)"
    r"|извините|не могу|抱歉|无法|申し訳|できません|죄송",
    re.I,
)
_MARKS = re.compile(r"\d[ \t]*/[ \t]*\d")

WARNINGS = (
    "several_verdicts", "weights_or_scores", "other_scale", "wrong_denominator", "above_weight", "below_zero",
    "zero_denominator", "extra_component", "repeated_component", "several_objects", "missing_total", "total_mismatch",
    "quoted_verdict", "truncated", "too_long",
)  # fmt: skip
"""The names of warnings, in the order in which a reading has them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply says.

    `sub_scores` are one a component, in component order: the points between 0 and the weight and the place in the raw
    reply where they stand, None both where there are none. `stated_total` is (points, of) as written, `of` being the
    sum of the weights where the reply names none. `status`: "ok" all read, "warning" all read and something odd,
    "partial" some read, else "refused", "empty" (nothing but white space) or "unparsed". `odd` are of WARNINGS, in
    their order. Many replies share one reading: nothing of it can be changed.
    """

    sub_scores: tuple[SubScore, ...]
    stated_total: tuple[Fraction, Fraction] | None
    status: Status
    odd: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        return list(self.odd)

    @property
    def points(self) -> list[Fraction | None]:
        return [score.points for score in self.sub_scores]

    @property
    def spans(self) -> list[Span | None]:
        """Where in the raw reply the points of each component stand, (start, end)."""
        return [None if one.start is None or one.end is None else (one.start, one.end) for one in self.sub_scores]


def parse_reply(
    raw: str | None,
    weights: Sequence[int],
    categories: Sequence[str] = (),
    texts: Sequence[str] = (),
    finish: str | None = None,
) -> Reading:
    """Read the points of each component, worth `weights`, from a judge's raw reply.

    `categories` and `texts` are what the components may be called by, one each or none. `finish` is the word of the
    service for how the reply ended; a reply that was cut is never "ok". Another denominator than the weight makes the
    score a fraction of the weight (2/2 of 6 is 6); scores above the weight are clamped to it; both warn. A total that
    JSON leaves out is not missed: prompts for JSON ask for none.

    The total agrees with the components if its points are their sum, or if both are the same fraction: the published
    prompt asks for "z/10" also where the weights sum to 8, and 8/10 there is the right sum of 4 + 2 + 2.
    """
    cut = finish is not None and ending({"finish_reason": finish}) == "length"
    if raw is None or not raw.strip():
        nothing = tuple(SubScore(number, None) for number in range(1, len(weights) + 1))
        return Reading(nothing, None, "empty", ("truncated",) if cut else ())
    head = None if cut else simple_head(raw)
    simple = head and _of_head(*head, tuple(weights))
    if simple:
        return simple
    choice, unclosed = _verdict_of(raw, names_of(weights, categories, texts))
    if cut:
        _without_cut(choice, len(raw), weights)
    if cut or unclosed:
        choice.doubts.add("truncated")
    return _reading(raw, choice, weights)


@lru_cache(10_000)
def _of_head(head: str, alone: bool, weights: tuple[int, ...]) -> Reading | None:
    """What a reply says that begins so and says no more of scores, None where that cannot be told from the head; it can
    where the head stands `alone` with its numbers."""
    verdict = simple_verdict(head, weights)
    if verdict:
        return _reading(head, Choice(verdict.said, verdict.total, form=verdict.form), weights)
    if not alone:
        return None
    choice, _ = _verdict_of(head, Names(weights))
    return _reading(head, choice, weights) if choice.said else None


def _reading(raw: str, choice: Choice, weights: Sequence[int]) -> Reading:
    """The points of the verdict that counts, and what is odd about them."""
    warnings = choice.doubts
    if any(not 1 <= number <= len(weights) for number in choice.said):
        warnings.add("extra_component")
    scores: list[SubScore] = []
    for number, weight in enumerate(weights, start=1):
        said = choice.said.get(number)
        value, odd = read_points(said.amount, weight) if said else (None, [])
        warnings.update(odd)
        scores.append(SubScore(number, value, *(said.span if said else ())))
    points = [score.points for score in scores]
    total = choice.total.amount if choice.total else None
    stated = _stated(total, weights)
    if total is not None and stated is None:
        warnings.add("zero_denominator")
    if total is None and choice.said and choice.form != "object":
        warnings.add("missing_total")
    if stated and not _agrees(stated, points, weights):
        warnings.add("total_mismatch")
    status = _status(raw, points, bool(warnings))
    return Reading(tuple(scores), stated, status, tuple(name for name in WARNINGS if name in warnings))


def _verdict_of(raw: str, names: Names) -> tuple[Choice, bool]:
    """The verdict that counts, and whether the reply ended in the middle of a thought."""
    said, unclosed = without_thoughts(raw)
    short = without_middle(said)
    page = plain(short.text)
    blocks = quoted_blocks(lower(page))
    text = hidden(lower(undecorated(page)), ((block.end, block.over) for block in blocks))
    verdicts, taken, too_many = _structured(page, text, names)
    unquoted = without_quotes(hidden(text, iter(taken)))
    tight = tightened(unquoted)
    text = tight.text
    from_tables = table_verdicts(text, find_tables(text), names)
    text = hidden(text, ((table.start, table.end) for table in from_tables))
    from_lists = list_verdicts(text, names)
    text_of_lines = hidden(text, ((one.start, one.end) for one in from_lists))
    worded = [*from_tables, *from_lists, *line_verdicts(text_of_lines, names)]
    verdicts += [verdict.moved(tight.before) for verdict in worded] if tight.cuts else worded
    totals = stated_totals(text, names) if any(verdict.form != "lines" for verdict in verdicts) else []
    only_quoted = set_aside(verdicts, blocks, names)
    choice = choose(verdicts, names, [total.moved(tight.before) for total in totals])
    odd, meaningless = other_scale(choice, names, text)
    if odd:
        choice.doubts.add("other_scale")
    if choice.said and not choice.doubts and unread_correction(unquoted, choice, verdicts, names):
        choice.doubts.add("several_verdicts")
    if meaningless:
        choice.said = {}
    if only_quoted and choice.said:
        choice.doubts.add("quoted_verdict")
    if short.cuts or too_many:
        choice.doubts.add("too_long")
    if short.cuts:
        choice.said = {number: one.moved(short.before) for number, one in choice.said.items()}
    return choice, unclosed


def _structured(page: str, text: str, names: Names) -> tuple[list[Verdict], list[Span], bool]:
    """The verdicts in JSON and XML, the places that readers of text shall leave alone, whether there is more JSON."""
    verdicts: list[Verdict] = []
    taken: list[Span] = []
    nodes, too_many = find_nodes(page)
    for node, verdict in object_verdicts(nodes, names):
        if verdict.standing == "plain":
            verdict.standing = standing_of(text, node.start, node.end)
        verdicts.append(verdict)
        taken.append((node.start, node.end))
    for root, verdict in object_verdicts(markup_nodes(page), names) if "</" in page or "/>" in page else ():
        start, end = elements_around(page, root, verdict.start, verdict.end)
        if verdict.standing == "plain":
            verdict.standing = standing_of(text, start, end)
        verdicts.append(verdict)
        taken.append((start, end))
    return verdicts, taken, too_many


def _without_cut(choice: Choice, end: int, weights: Sequence[int]) -> None:
    """Without the number at which a reply was cut: of 10 points only the 1 may be there."""
    if choice.total and choice.total.span[1] == end and choice.total.amount.of != sum(weights):
        choice.total = None
    for number, said in list(choice.said.items()):
        if said.span[1] == end and not (1 <= number <= len(weights) and said.amount.of == weights[number - 1]):
            del choice.said[number]


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
    return abs(total - read) < ROUNDING or (of > 0 and abs(total / of * sum(weights) - read) < ROUNDING)


def _status(raw: str, points: list[Fraction | None], odd: bool) -> Status:
    read = sum(value is not None for value in points)
    if points and read == len(points):
        return "warning" if odd else "ok"
    if read:
        return "partial"
    # Who gives marks does not refuse: "the reader can't see it (3/4)".
    return "refused" if _REFUSAL.search(raw[:2000]) and not _MARKS.search(raw) else "unparsed"
