"""Finding tables in a text, and what each column holds by its head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from miareview.judge.verdicts.page import blank
from miareview.judge.verdicts.words import ASIDE, LABEL, NOTE, SCORE, SHARE, WEIGHT, word_pattern

_RULE = re.compile(r"[\s|+:=─━═┼╪╬├┤╠╣┌┐└┘╔╗╚╝╭╮╰╯┬┴╦╩-]+")
ROLES = {name: word_pattern(words) for name, words in (
    ("other", "self|claim\\w*|expected|response['’]s|author|student|human|reference|draft|initial|first|preliminary"
        "|before|old|previous|model answer"),
    ("note", NOTE), ("aside", ASIDE), ("weight", WEIGHT), ("score", SCORE), ("share", SHARE),
    ("label", LABEL))}  # fmt: skip
_POINTS = word_pattern("points?|pts|punkte|puntos|pontos|punti|баллы|value|marks|分|分值|점")
GIVEN = word_pattern(
    "awarded|given|achieved|earned|obtained|received|got|actual|final|corrected|revised|adjusted|erreicht|vergeben"
    "|obtenus?|obtenidos|obtidos|ottenuti|получено|得分|score|scores|mark|grade|rating|result"
)
_TAKEN = re.compile(r"deduct|(?<![a-z])(?:lost|loss|minus|missed|taken off)(?![a-z])|penalt|abzug|扣分")
_CELL_LIMIT = 60
_ROW_LIMIT = 400


@dataclass(slots=True)
class Cell:
    """The text of a cell (lower case, plain) and its place."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Table:
    """Rows of cells between `start` and `end`; `head` is None where no row names the columns."""

    start: int
    end: int
    rows: list[list[Cell]] = field(default_factory=list)
    head: list[Cell] | None = None


def find_tables(text: str) -> list[Table]:
    """The tables of a text: rows cut by bars or tabs, and by commas or wide gaps under a head that says so."""
    found: list[Table] = []
    current: Table | None = None
    divider = ""
    ruled = False
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        rule = (
            bool(line.strip())
            and bool(_RULE.fullmatch(line))
            and ("-" in line or "=" in line or "─" in line or "━" in line or "═" in line)
        )
        kind = "" if rule else _divider(line, divider)
        if current is not None and (kind != divider and not rule):
            found.append(current)
            current = None
        if current is None and kind:
            current, divider, ruled = Table(start, end), kind, False
        if current is not None:
            if rule:
                if len(current.rows) == 1 and current.head is None and not ruled:
                    current.head = current.rows.pop()
                ruled = True
            elif len(current.rows) < _ROW_LIMIT:
                current.rows.append(_cells(line, start, kind))
                if len(current.rows) == 1 and ruled:
                    ruled = False
            current.end = end
        start = end + 1
    if current is not None:
        found.append(current)
    return [table for table in found if len(table.rows) + (table.head is not None) >= 2]


def _divider(line: str, before: str) -> str:
    if line.count("|") >= 2 or ("|" in line and (before == "|" or (line.strip().count("|") == 1 and len(line) < 300))):
        return "|"
    if "\t" in line.strip():
        return "\t"
    for sign in (",", ";"):
        parts = line.split(sign)
        if before == sign and len(parts) >= 2:
            return sign
        if (
            len(parts) >= 2
            and len(line) < 200
            and not re.search(r"\d|:", line)
            and _is_head([part.strip() for part in parts])
        ):
            return sign
    if re.search(r"\S {2,}\S", line.strip()) and len(line) < 300:
        parts = re.split(r" {2,}", line.strip())
        if before == "  " or (not re.search(r"\d", line) and _is_head(parts)):
            return "  "
    return ""


def _is_head(parts: list[str]) -> bool:
    roles = [role_of(part) for part in parts]
    return "label" in roles and ("score" in roles or "points" in roles) and all(len(part) < 40 for part in parts)


def _cells(line: str, start: int, divider: str) -> list[Cell]:
    cells: list[Cell] = []
    if divider == "  ":
        places = [match.span() for match in re.finditer(r"\S+(?: \S+)*", line)]
    else:
        places, at = [], 0
        for part in line.split(divider)[:_CELL_LIMIT]:
            places.append((at, at + len(part)))
            at += len(part) + 1
        if divider == "|" and line.strip().startswith("|"):
            places = places[1:]
        if divider == "|" and line.rstrip().endswith("|"):
            places = places[:-1]
    for begin, end in places:
        part = line[begin:end]
        lead = len(part) - len(part.lstrip())
        text = part.strip()
        cells.append(Cell(start + begin + lead, start + begin + lead + len(text), text))
    return cells


def role_of(head: str) -> str:
    """What a column holds by its head: "weight", "score", "points" (either), "share", "note", "label", "other", ""."""
    if not head.strip():
        return ""
    if "/" in head and ROLES["weight"].search(head) and ROLES["score"].search(head):
        return "both"
    if ROLES["other"].search(head) and not re.search(r"\bfinal\b", head):
        return "other"
    if _TAKEN.search(head):
        return "aside"
    given, points = bool(GIVEN.search(head)), bool(_POINTS.search(head))
    strong_weight = re.search(r"\((?:max|out of|of)\b|out of \d|/\s?\d", head)
    if ROLES["weight"].search(head) and not (given and strong_weight):
        return "weight"
    if given:
        return "score"
    if points:
        return "points"
    for role in ("note", "share", "aside"):
        if ROLES[role].search(head):
            return role
    if ROLES["score"].search(head):
        return "score"
    return "label" if ROLES["label"].search(head) else ""


def hidden(text: str, spans: Iterator[tuple[int, int]]) -> str:
    """The text with the spans blank; line ends stay."""
    parts, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            parts += [text[position:start], blank(text[start:end])]
            position = end
    return "".join([*parts, text[position:]])
