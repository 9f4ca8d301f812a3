"""Reading component scores from prose, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from miareview.judge.amounts import NUMBER, PERCENT, RATIO, Amount, amount

Found = dict[int, tuple[Amount, tuple[int, int] | None]]

_ORDINALS = {word: place for place, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)}  # fmt: skip
_CARDINALS = {word: place for place, word in enumerate(
    "one two three four five six seven eight nine ten".split(), start=1)}  # fmt: skip
_NUMERAL = rf"(\d{{1,4}}(?![\d/])|(?:{'|'.join(_CARDINALS)})\b)"
# How replies name a component, best first: the first way under which any score is found is the reply's way.
_LABELS = tuple(
    re.compile(pattern, re.I | re.M)
    for pattern in (
        rf"\bcomponents?\s{{0,3}}(?:(?:number|no\.?|nr\.?|score)\s{{0,3}})?[#(\[]?\s{{0,2}}{_NUMERAL}",
        rf"\b({'|'.join(_ORDINALS)}|\d{{1,2}}(?=st|nd|rd|th))(?:st|nd|rd|th)?\s{{1,3}}component\b",
        rf"\b(?:score|comp\.?|part|criteri(?:on|a)|requirement|sub-?instruction|instruction|sub-?score|c)"
        rf"\s{{0,3}}#?{_NUMERAL}",
        r"^[ \t|>(*-]{0,8}(\d{1,2})[ \t]{0,3}[.):|]",
    )
)
_NUMBERED = _LABELS[-1]
_TOTAL = re.compile(r"\b(?:total|overall|final|sum)(?:\s{1,3}(?:total|scores?|points|rating|grade|sum))?\b", re.I)
# How the matches of the two patterns begin that are looked for in every reply; a plain word is found far faster.
_STEMS = {_LABELS[0]: re.compile("component"), _TOTAL: re.compile("total|overall|final|sum")}
_HEADING = re.compile(
    r"(?:^|(?<=[.\n;]))[ \t#>-]{0,8}"
    r"(?:reasons?|reasoning|explanations?|rationale|justifications?)\b[^\n:]{0,60}(?::|$)",
    re.I | re.M,
)
_REASONS = re.compile("reason|explanation|rationale|justification", re.I)
_FIGURE = re.compile(r"[\d½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")
_REACH = 60  # characters before a label in which its score may stand
_PARENTHESIS = re.compile(r"[ \t]{0,3}(?:\((?:[^()]|\([^()]{0,300}\)){0,1000}\)|\[[^\[\]]{0,1000}\])")
_GAP = (
    r"(?P<gap>(?:[\s:=|>\"'“”‘’(\[\-–—→~.,]|\b(?:score|scores|scored|is|was|are|gets?|got|receives?|received|earns?|earned"
    r"|awarded|given|points?|a|of|the|full|marks?)\b){0,40}?)"
)
# A dash is a sign only right after a colon or the like: "component 1 -4/4" is four.
_SIGN = r"(?P<sign>(?:(?<=[:=|])|(?<=[:=|]\s))-(?=[\d.]))?"
_AFTER = r"(?=\s{0,3}(?:points?\b|pts?\b|marks?\b)?\s{0,3}(?:[,;|)\]\"'”}\n(–—-]|\.(?!\d)|and\b|$))"
_DIRECT = re.compile(rf"{_GAP}{_SIGN}(?:{RATIO}|{PERCENT}|(?P<bare>{NUMBER}){_AFTER})", re.I)
_SUM = re.compile(r"[\s:]{0,8}(?:\d{1,3}(?:\.\d{1,3})?\s{0,2}\+\s{0,2}){1,20}\d{1,3}(?:\.\d{1,3})?(?=\s{0,2}=)")
_NOT_SCORED = re.compile(r"[\s:=|\-–—]{0,12}(?:n\s?/\s?a|none|not\s+applicable|not\s+scored)\b", re.I)
_ANY = re.compile(RATIO, re.I)
_LONE_CELL = re.compile(rf"\|[ \t]{{0,20}}{NUMBER}[ \t]{{0,20}}(?:\||$)", re.M)
# A header row, up to the cell that names the scores.
_SCORE_COLUMN = re.compile(
    r"^[ \t]{0,8}\|(?:[^|\n]{0,60}\|){1,8}?(?=[^|\n]{0,40}\b(?:scores?|points|awarded|given)\b)"
    r"(?![^|\n]{0,40}\b(?:max|maximum|possible|total|worth)\b)",
    re.I | re.M,
)
_BEFORE = re.compile(rf"{RATIO}\s{{0,3}}(?:points?\s{{0,3}})?(?:for|on|to|in)\s{{1,3}}(?:the\s{{1,3}})?"
                     r"(?:score\s{1,3}of\s{1,3})?$", re.I)  # fmt: skip
# "0/4 would have been …" supposes a score, "1/2 of the room" is none.
_SUPPOSED = re.compile(r"\s{0,3}(?:(?:points?\s{0,3})?(?:would|could|might|if|had|should)\b|of\s{1,3}[a-z])", re.I)


@dataclass(frozen=True, slots=True)
class _Statement:
    component: int
    amount: Amount
    start: int
    end: int
    direct: bool


def text_scores(text: str, weights: Sequence[int]) -> tuple[Found, Amount | None, bool]:
    """Scores by component number, the stated total, and whether a component is given different scores.

    `text` has plain digits (numbers.plain). Markdown marks count as spaces, so that places stay those of the reply.
    """
    text = text.translate({ord(mark): " " for mark in "*_`"})
    totals = [match for match in _all(_TOTAL, text) if _is_total(text, match)]
    total, total_start = _total(text, totals)
    for labels in _LABELS:
        found, repeated = _choose(list(_statements(text, labels, totals, weights, total_start)), text, total_start)
        if found:
            return found, total, repeated
    return {}, total, False


def _all(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """All matches in order, as `finditer` gives them."""
    stem = _STEMS.get(pattern)
    if stem is None or any(odd in text for odd in "ſıİ"):  # they match s and i, and have no lower case of one letter
        return list(pattern.finditer(text))
    found: list[re.Match[str]] = []
    end = 0
    for start in (place.start() for place in stem.finditer(text.lower())):
        match = pattern.match(text, start) if start >= end else None
        if match:
            found.append(match)
            end = match.end()
    return found


def _is_total(text: str, match: re.Match[str]) -> bool:
    return _total_value(text, match) is not None


def _total_value(text: str, label: re.Match[str]) -> re.Match[str] | None:
    addition = _SUM.match(text, label.end())  # 4 + 3 + 2 = 9/10
    start = addition.end() if addition else label.end()
    return _DIRECT.match(text, start, start + 200)


def _total(text: str, labels: list[re.Match[str]]) -> tuple[Amount | None, int]:
    for label in labels:
        value = _total_value(text, label)
        if value and not _SUPPOSED.match(text, value.end()) and _is_score(value):
            return amount(value), label.start()
    return None, len(text)


def _is_score(value: re.Match[str]) -> bool:
    """Whether what stands between the label and the value says that it is a score: a colon, a dash, "is", "gets".

    Nothing between them will do before "4/4", but not before a lone number.
    """
    if re.search(r"[:=|–—→-]|\w", value["gap"]):
        return True
    return not value["bare"] and not re.search(r"[,.]", value["gap"])


def _statements(
    text: str, labels: re.Pattern[str], totals: list[re.Match[str]], weights: Sequence[int], total_start: int
) -> Iterator[_Statement]:
    """Every score that the text gives after (or, "4/4 for component 1", before) a label of this kind.

    What follows the total is not looked at where a score came before it: it would not be chosen.
    """
    found = _all(labels, text)
    borders = sorted({match.start() for match in found} | {match.start() for match in totals})
    position = border = 0
    scored = False
    for label in found:
        if label.start() < position:
            continue  # inside the text of another component's label
        if scored and label.start() - _REACH > total_start:
            return
        position = label.end()
        number = _numeral(label[1])
        skipped = _PARENTHESIS.match(text, position)
        inside = _ANY.fullmatch(skipped.group().strip()[1:-1].strip()) if skipped else None
        if skipped and not inside:
            position = skipped.end()
        while border < len(borders) and borders[border] < position:
            border += 1
        end = borders[border] if border < len(borders) else len(text)
        statement = _statement(text, label, number, position, end, weights, numbered=labels is _NUMBERED)
        if statement:
            scored = scored or (statement.direct and statement.start < total_start)
            yield statement
            position = max(position, statement.end)


def _statement(
    text: str, label: re.Match[str], number: int, start: int, end: int, weights: Sequence[int], *, numbered: bool
) -> _Statement | None:
    before = _BEFORE.search(text, max(0, label.start() - _REACH), label.start())
    if before:
        return _Statement(number, amount(before), before.start(), before.end("of"), True)
    value = _DIRECT.match(text, start, end)
    if value and not _SUPPOSED.match(text, value.end()) and _is_score(value) and not (numbered and value["bare"]):
        if value["bare"] and "|" in value["gap"]:
            value = _score_cell(text, label, value)
            if value is None:
                return None
        groups = value.groupdict()
        kind = next(name for name in ("points", "percent", "bare") if groups.get(name) is not None)
        negative = groups.get("sign") is not None
        stop = value.end("of") if kind == "points" else value.end()
        return _Statement(number, amount(value, negative=negative), value.start(kind) - negative, stop, True)
    if _NOT_SCORED.match(text, start, end):
        return None
    line_end = text.find("\n", start, end)
    loose = _loose(text, start, line_end if numbered and line_end >= 0 else end, number, weights)
    if loose and not (numbered and amount(loose).of not in [*weights, sum(weights)]):
        return _Statement(number, amount(loose), loose.start("points"), loose.end("of"), False)
    return None


def _score_cell(text: str, label: re.Match[str], value: re.Match[str]) -> re.Match[str] | None:
    """The score in a table row that begins with a lone number: it may be the weight, with the score further on.

    That is the ratio of the row if there is one, else the cell under the heading of the scores.
    """
    near = max(0, label.start() - 200)
    start = max(near, text.rfind("\n", near, label.start()) + 1)
    stop = text.find("\n", value.end(), value.end() + 1000)
    stop = stop if stop >= 0 else min(len(text), value.end() + 1000)
    ratio = _ANY.search(text, value.end(), stop)
    if ratio or not _LONE_CELL.search(text, value.end(), stop):
        return ratio or value
    header = _SCORE_COLUMN.search(text, max(0, label.start() - 2000), label.start())
    column = header.group().count("|") if header else 0
    cells = [match.end() for match in re.finditer(r"\|", text[start:stop])]
    if not column or len(cells) < column:
        return None
    return _DIRECT.match(text, start + cells[column - 1], stop)


def _loose(text: str, start: int, end: int, number: int, weights: Sequence[int]) -> re.Match[str] | None:
    """The first "n/d" after the label, rather one out of the component's weight."""
    weight = weights[number - 1] if 1 <= number <= len(weights) else None
    if not _FIGURE.search(text, start, end):
        return None
    ratios = [
        match for match in _ANY.finditer(text, start, min(end, start + 3000)) if not _SUPPOSED.match(text, match.end())
    ]
    return next((match for match in ratios if amount(match).of == weight), ratios[0] if ratios else None)


def _numeral(text: str) -> int:
    word = text.lower()
    return int(word) if word.isdigit() else _ORDINALS.get(word, _CARDINALS.get(word, 0))


def _choose(statements: list[_Statement], text: str, total_start: int) -> tuple[Found, bool]:
    """The first statement of each component before the reasons; a score right after its label before any other."""
    end = _reasons_start(text, statements, total_start)
    zone = [statement for statement in statements if statement.start < end]
    chosen: dict[int, _Statement] = {}
    repeated = False
    for statement in zone:
        first = chosen.get(statement.component)
        if first is None or (statement.direct and not first.direct):
            chosen[statement.component] = statement
        elif first.direct and statement.direct and first.amount != statement.amount:
            repeated = True
    return {number: (one.amount, (one.start, one.end)) for number, one in chosen.items()}, repeated


def _reasons_start(text: str, statements: list[_Statement], total_start: int) -> int:
    """Where the scores end: at a total that follows a score, or at the one heading of the reasons that follows two."""
    ends = [len(text)]
    if any(statement.direct and statement.start < total_start for statement in statements):
        ends.append(total_start)
        if not _REASONS.search(text, 0, total_start + 20):
            return total_start  # a heading after the total would change nothing
    headings = [match.start() for match in _HEADING.finditer(text)]
    if len(headings) == 1 and sum(one.start < headings[0] for one in statements) >= 2:
        ends.append(headings[0])
    return min(ends)
