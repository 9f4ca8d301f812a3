"""What stands right of foreign text stays in its column, whatever width the terminal gives that text.

Terminals do not agree on how many cells joined emoji, flags, and marks of many scripts take. Before such a run its
cells are cleared, and after it the cursor is sent to where the app counts on it.
"""

from __future__ import annotations

import re

from rich.cells import cell_len

# Combining marks, scripts with marks above, below or around a letter, joiners, variants, and emoji.
_UNSURE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1cff\u1dc0-\u1dff\u200b-\u200f\u20d0-\u20ff\ua66f-\ua67d\ua800-\uabff"
    "\ufe00-\ufe0f\ufe20-\ufe2f\U00010a00-\U00011fff\U0001f1e6-\U0001f9ff\U0001fa70-\U0001faff\U000e0000-\U000e01ef]"
)
_RUN = re.compile("[^\x00-\x7f]+")
_MOVE = r"\x1b\[(\d+);(\d+)H"
_UNSEEN = r"\x1b[P_\]X^][^\x1b\x07]*(?:\x1b\\|\x07)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[^\n]"
_PART = re.compile(rf"{_MOVE}|({_UNSEEN})|(\n)|[^\x1b\n]+")


def steady(output: str) -> str:
    """The same output, with the cursor sent to its column after each run with characters of unsure width.

    Text whose place is not known, since no move of the cursor stands before it in its line, is left as it is.
    """
    if output.isascii() or not _UNSURE.search(output):
        return output
    made: list[str] = []
    row, column = 0, 0  # from 1; 0 where it is not known
    for part in _PART.finditer(output):
        text = part[0]
        if part[1]:
            row, column = int(part[1]), int(part[2])
        elif part[4]:
            row = 0
        elif not part[3] and row:
            text, column = _held(text, row, column), column + cell_len(text)
        made.append(text)
    return "".join(made)


def _held(text: str, row: int, column: int) -> str:
    def hold(run: re.Match[str]) -> str:
        if not _UNSURE.search(run[0]):
            return run[0]
        start, end = (column + cell_len(text[:place]) for place in run.span())
        return f"{' ' * (end - start)}\x1b[{row};{start}H{run[0]}\x1b[{row};{end}H"

    return _RUN.sub(hold, text)
