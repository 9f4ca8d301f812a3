"""What stands right of foreign text stays in its column, whatever width the terminal gives that text.

Terminals do not agree on how many cells joined emoji, flags, and marks of many scripts take. From the first of them on
a line is drawn twice: first its grounds, then each text at the place where the app counts on it. So a text that comes
out wider than thought has the empty cells behind it, and what follows is moved by none.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

# Combining marks, scripts with marks above, below or around a letter, joiners, variants, and emoji.
_UNSURE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1cff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ua66f-\ua67d\ua800-\uabff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U00010a00-\U00011fff\U0001f1e6-\U0001f9ff\U0001fa70-\U0001faff\U000e0000-\U000e01ef]"
)
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_PART = re.compile(r"(\x1b\[[\d;]*m)|(\x1b[P_\]X^][^\x1b\x07]*(?:\x1b\\|\x07)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.)|[^\x1b]+")
_RESETS = ("\x1b[0m", "\x1b[m")
_TEXT = re.compile(r"\S+(?: \S+)*")  # as far as the next gap
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"


def steady(output: str) -> str:
    """The same output, with all that stands behind characters of unsure width sent to its column.

    Text whose place is not known, since no move of the cursor stands before it in its line, is left as it is.
    """
    if output.isascii() or not _UNSURE.search(output):
        return output
    start, *lines = _MOVE.split(output)
    made = [start]
    for row, column, line in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        made.append(f"\x1b[{row};{column}H")
        here, end, after = line.partition("\n")
        made += [_twice(here, row, int(column)) if _UNSURE.search(here) else here, end, after]
    return "".join(made)


def _twice(line: str, row: str, column: int) -> str:
    """One line from its place on: all up to the first unsure text and the grounds behind it, then the texts there."""
    grounds: list[str] = []
    texts: list[str] = []
    pen, sure = "", True
    for part in _PART.finditer(line):
        text, style, unseen = part[0], part[1], part[2]
        if style:
            pen = "" if style in _RESETS else pen + style
        elif not unseen:
            sure = sure and not _UNSURE.search(text)
            if not sure:
                for found in _TEXT.finditer(text):
                    place = column + cell_len(text[: found.start()])
                    texts.append(f"\x1b[{row};{place}H{pen}{found[0]}{_RESETS[0] if pen else ''}")
            column += cell_len(text)
            text = text if sure else " " * cell_len(text)
        grounds.append(text)
    return "".join([*grounds, _NO_WRAP, *texts, _WRAP, f"\x1b[{row};{column}H{pen}"])
