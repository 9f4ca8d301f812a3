"""What the judge quotes is not what the judge says."""

from __future__ import annotations

import re

from miareview.judge.verdicts.words import COMPONENT, PART, TOTAL

_PAIRS = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "'": "'",
    "‘": "’",
    "”": "”",
    "《": "》",
}
_MARK = re.compile(r"[\"“”„«»「」『』'‘’《》]")
_LONGEST = 20_000
_LABEL = re.compile(
    rf"(?:{COMPONENT}|{PART}|{TOTAL}|\b[cqr])[\s_#:*-]{{0,4}}(?:\d|of|score|one|two|three|i\b|first)"
    rf"|^\s{{0,4}}\d{{1,2}}[.):]|(?:{TOTAL})\s{{0,3}}[:=]"
)
_AMOUNT_ALONE = re.compile(r"[\s\d.,/½¼¾⅓⅔%-]{1,20}(?:(?:out )?of [\d.]{1,6})?(?:\s?(?:points?|pts))?\s{0,2}")
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[^\n]*(?:\n[ \t]{0,3}>[^\n]*)*", re.M)
_DIGIT = re.compile(r"[\d½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")


def without_quotes(text: str) -> str:
    """The text (lower case, plain) with "x" for the numbers that are quoted, and for whole verdicts that are.

    A number that is quoted alone behind ":", "=" or "|" is a way to write a score: Component 1: "3/4".
    """
    if text.lstrip().startswith(">"):
        text = _unquoted_all(text)
    if ">" in text:
        text = _QUOTED_LINE.sub(_quoted_lines, text)
    if not _MARK.search(text):
        return text
    parts: list[str] = []
    position = 0
    whole = (len(text) - len(text.lstrip()), len(text.rstrip()))
    for start, end in _quotations(text):
        if start < position or (start, end) == whole:
            continue
        inside = text[start + 1 : end - 1]
        if not _DIGIT.search(inside):
            continue
        if _AMOUNT_ALONE.fullmatch(inside) and text[max(0, start - 20) : start].rstrip(" (").endswith((":", "=", "|")):
            continue
        parts += [text[position:start], _hidden(text[start:end])]
        position = end
    return "".join([*parts, text[position:]])


def _unquoted_all(text: str) -> str:
    lines = text.split("\n")
    if all(line.lstrip().startswith(">") or not line.strip() for line in lines):
        return re.sub(r"^([ \t]*)>", r"\1 ", text, flags=re.M)
    return text


def _quoted_lines(match: re.Match[str]) -> str:
    return _hidden(match.group()) if _LABEL.search(match.group().replace(">", " ")) else match.group()


def _hidden(text: str) -> str:
    """Nothing of it can be read as a score, and where it has a label nothing can be read at all."""
    if _LABEL.search(text):
        return re.sub(r"[^\s]", "x", text)
    return _DIGIT.sub("x", text)


def _quotations(text: str) -> list[tuple[int, int]]:
    """The places of quotations, outermost first in order; marks without a partner open none."""
    marks = list(_MARK.finditer(text))
    closing: dict[str, list[int]] = {}
    for mark in marks:
        if _may_close(text, mark.start()):
            closing.setdefault(mark.group(), []).append(mark.start())
    pointers = dict.fromkeys(closing, 0)
    found: list[tuple[int, int]] = []
    position = 0
    for mark in marks:
        start = mark.start()
        shut = _PAIRS.get(mark.group())
        if start < position or not shut or not _may_open(text, start):
            continue
        ends = []
        for sign in shut:
            places = closing.get(sign, [])
            at = pointers.get(sign, 0)
            while at < len(places) and places[at] <= start + 1:
                at += 1
            if sign in pointers:
                pointers[sign] = at
            if at < len(places):
                ends.append(places[at])
        if ends and min(ends) - start < _LONGEST:
            found.append((start, min(ends) + 1))
            position = min(ends) + 1
    return found


def _may_open(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "«»「『《“„":
        return True
    return (not before or not before.isalnum()) and bool(after) and not after.isspace() and not (before.isdigit())


def _may_close(text: str, at: int) -> bool:
    after, before = text[at + 1 : at + 2], text[at - 1 : at]
    if text[at] in "«»」』》“”":
        return True
    return (not after or not after.isalnum()) and bool(before) and not before.isspace()
