"""Verdicts that are a line of numbers in the order of the components: "Scores: 3, 2, 3"."""

from __future__ import annotations

import re

from miareview.judge.verdicts.amounts import Amount, number
from miareview.judge.verdicts.lines import stated_totals
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Standing, Verdict
from miareview.judge.verdicts.standing import standing_of

_MOST = 50  # lists at either end of a text that are looked at; honest replies have one or two
_WORDS = r"(?:scores|marks|grades|ratings|points (?:awarded|given)|awarded points|得分|评分|評分|得点|スコア|점수)"
_HINT = re.compile(_WORDS + r"[ \t]{0,3}[:=]")
_OF = r"(?: ?/ ?\d{1,3})?"
_NUMBER = rf"\d{{1,3}}(?:\.\d{{1,2}})?{_OF}"
_COMMA_NUMBER = rf"\d{{1,3}}(?:[.,]\d{{1,2}})?{_OF}"  # only between semicolons can a comma be no separator
_APART = r"(?:[,;][ \t]{0,3}(?:and )?|[ \t]{1,3}(?:and )?|\n[ \t>-]{0,4})"
_LIST = re.compile(
    r"(?:(?P<line>^[ \t>#-]*(?:(?:the|my|final|component|individual|corrected|revised|updated) ){0,3})|(?<![^\W_]))"
    rf"(?:sub-?)?{_WORDS}[ \t]{{0,3}}[:=][ \t]{{0,3}}(?:\n[ \t>-]{{0,4}})?[\[(]?"
    rf"(?P<list>{_COMMA_NUMBER}(?:; ?{_COMMA_NUMBER}){{1,19}}|{_NUMBER}(?:{_APART}{_NUMBER}){{0,19}})"
    r"(?P<end>[\])]?[ \t]{0,3}(?:$|\.(?!\d)))?",
    re.M,
)
_ONE = re.compile(r"(?P<points>\d+(?:[.,]\d+)?)(?: ?/ ?(?P<of>\d+))?")
_WHOLE = re.compile(r"(?P<points>\d+)(?P<of>(?!))?")  # in "3,2,3" no comma is a decimal one
_TIGHT = re.compile(r"\d+(?:,\d+)+")


def list_verdicts(text: str, names: Names) -> list[Verdict]:
    """The lists that can be nothing else: a number a component, none above its weight, all or none out of the weights.

    The text is lower case and plain. A list has the total behind it if no number stands between. One in the middle of a
    sentence is never taken for scores, and casts doubt on other ones.
    """
    found = []
    totals: list[Said] | None = None
    matches = list(_LIST.finditer(text)) if _HINT.search(text) else []
    for match in matches if len(matches) <= 2 * _MOST else matches[:_MOST] + matches[-_MOST:]:
        if not _one_way(match):
            continue
        said = {}
        tight = bool(_TIGHT.fullmatch(match["list"]))
        for place, one in enumerate((_WHOLE if tight else _ONE).finditer(text, *match.span("list")), start=1):
            amount = Amount(number(one["points"]), number(one["of"]) if one["of"] else None)
            said[place] = Said(amount, one.span())
        if tight and len(said) == 2:
            continue  # "Scores: 2,5" may be two and a half
        own_line = match["line"] is not None and match["end"] is not None
        if not _fits([one.amount for one in said.values()], names.weights) or (len(said) == 1 and not own_line):
            continue
        if totals is None:
            totals = stated_totals(text, names)
        behind = next((total for total in totals if total.span[0] >= match.end()), None)
        if behind and re.search(r"\d", text[match.end() : behind.span[0]]):
            behind = None
        standing: Standing = "draft"
        if own_line:
            around, label = (standing_of(text, match.start(at), match.end()) for at in ("line", "list"))
            standing = label if around == "plain" else around
        ratios = said[1].amount.of is not None
        found.append(Verdict("lines", match.start(), match.end(), said, behind, standing, called_scores=ratios))
    return found


def _one_way(match: re.Match[str]) -> bool:
    """Whether the numbers are set apart in one way, and a list that begins in the line below ends with a line."""
    signs = {";"} if ";" in match["list"] else {sign.strip(" \t")[:1] for sign in re.findall(_APART, match["list"])}
    alone = match.string[match.end("list") : match.end("list") + 1] in ("", "\n")
    return len(signs - {"a"}) <= 1 and (alone or "\n" not in match.group())


def _fits(amounts: list[Amount], weights: tuple[int, ...]) -> bool:
    if len(amounts) != len(weights) or len({amount.of is None for amount in amounts}) > 1:
        return False
    return all(
        amount.points <= weight and amount.of in (None, weight) for amount, weight in zip(amounts, weights, strict=True)
    )
