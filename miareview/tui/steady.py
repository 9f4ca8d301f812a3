"""What stands right of foreign text stays in its column, whatever width the terminal gives that text.

Terminals do not agree on how many cells joined emoji, flags, and marks of many scripts take. A text with any of them is
drawn on its ground when that is there as far as the next text, which is then drawn at its own place. So a text that
comes out wider than thought has the empty cells behind it, and no others.
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
_TEXT = re.compile(r"\S+(?: \S+)*|\s+")  # a text as far as the next gap, or a gap
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
        made += [_placed(here, row, int(column)) if _UNSURE.search(here) else here, end, after]
    return "".join(made)


def _placed(line: str, row: str, column: int) -> str:
    """One line from its place on. A text of unsure width is drawn when the ground up to the next text is there, and the
    next text over what reaches too far."""
    made: list[str] = []
    held = pen = ""  # the text to be drawn, with its place and style; the style now
    for part in _PART.finditer(line):
        text, style, unseen = part[0], part[1], part[2]
        if style:
            pen = "" if style in _RESETS else pen + style
        if style or unseen:
            made.append(text)
            continue
        for found in _TEXT.finditer(text):
            shown, place = found[0], column + cell_len(text[: found.start()])
            if not shown.isspace():
                if held:
                    made += [held, f"\x1b[{row};{place}H{pen}"]
                    held = ""
                if _UNSURE.search(shown):
                    held = f"{_NO_WRAP}\x1b[{row};{place}H{_RESETS[0]}{pen}{shown}{_RESETS[0]}{_WRAP}"
                    shown = " " * cell_len(shown)
            made.append(shown)
        column += cell_len(text)
    return "".join([*made, held, f"\x1b[{row};{column}H{pen}" if held else ""])
