"""What stands right of foreign text stays in its column, whatever width the terminal gives that text.

Terminals do not agree on how many cells joined emoji, flags, and marks of many scripts take. A text with any of them is
drawn on its ground when that is there as far as the next text, which is then drawn at its own place. So a text that
comes out wider than thought has the empty cells behind it, and no others: what stands there is not drawn again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.cells import cell_len

from miareview.text import JOINER, cells

# Combining marks, scripts with marks above, below or around a letter, joiners, variants, and emoji.
_UNSURE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1cff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ua66f-\ua67d\ua800-\uabff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U00010a00-\U00011fff\U0001f1e6-\U0001f9ff\U0001fa70-\U0001faff\U000e0000-\U000e01ef]"
)
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_PART = re.compile(r"(\x1b\[[\d;]*m)|(\x1b[P_\]X^][^\x1b\x07]*(?:\x1b\\|\x07)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.)|[^\x1b]+")
_RESETS = ("\x1b[0m", "\x1b[m")
_TEXT = re.compile(r"\S+(?: \S+)*|\s+")  # a text as far as the next gap, or a gap
_GROUND = re.compile(r"[\[;](4[0-7]|10[0-7]|48;5;\d+|48;2;\d+;\d+;\d+)(?=[;m])")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
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


@dataclass(frozen=True, slots=True)
class _Held:
    """A text of unsure width, to be drawn once it is known where the next one stands."""

    text: str
    row: str
    place: int
    pen: str

    def drawn(self, end: int) -> str:
        """The text, which has the cells up to `end`.

        What could be pushed past them, where a terminal gives each part of a joined sign its own cells, is drawn first,
        in its column. What stands before it then covers it as far as it is too wide, and nothing beyond is touched.
        """
        head, tail, column, reach = "", "", self.place, self.place
        for sign in _signs(self.text):
            takes = cell_len(sign)
            reach += max(takes, cells(sign))
            if reach <= end:
                head += sign
            else:
                tail += f"{_move(self.row, column)}{sign}"
            column += takes
        return f"{_NO_WRAP}{_RESETS[0]}{self.pen}{tail}{_move(self.row, self.place)}{head}{_RESETS[0]}{_WRAP}"


def _placed(line: str, row: str, column: int) -> str:
    """One line from its place on. A text of unsure width is drawn when the ground up to the next text is there, and the
    next text over what reaches too far. Cells of another ground, such as a scrollbar, are a text too."""
    made: list[str] = []
    held: _Held | None = None
    pen = ""  # the style now
    for part in _PART.finditer(line):
        text, style, unseen = part[0], part[1], part[2]
        if style:
            pen = "" if style in _RESETS else pen + style
        if style or unseen:
            made.append(text)
            continue
        for found in _TEXT.finditer(text):
            shown, place = found[0], column + cell_len(text[: found.start()])
            if held and (not shown.isspace() or _ground(pen) != _ground(held.pen)):
                made += [held.drawn(place), _move(row, place), pen]
                held = None
            if _UNSURE.search(shown):
                held = _Held(shown, row, place, pen)
                shown = " " * cell_len(shown)
            made.append(shown)
        column += cell_len(text)
    return "".join([*made, *([held.drawn(column), _move(row, column), pen] if held else ())])


def _move(row: str, column: int) -> str:
    return f"\x1b[{row};{column}H"


def _ground(pen: str) -> str:
    """The colour behind what a style draws, as it stands in it; "" where it is the terminal's own."""
    return next(reversed(_GROUND.findall(pen)), "")


def _signs(text: str) -> list[str]:
    """The text cut between signs that stand for themselves: no mark, joined emoji or flag is cut."""
    made: list[str] = []
    for character in text:
        if made and (not cell_len(character) or made[-1][-1] == JOINER or _FLAG.fullmatch(made[-1] + character)):
            made[-1] += character
        else:
            made.append(character)
    return made
