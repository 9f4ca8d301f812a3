"""What the terminal says about itself: picture protocols, colour registers, the size of a character cell.

One question with several parts, asked once before the app runs. The part that every terminal answers comes last, so
only a silent terminal costs the whole waiting time. What comes later than that, `tui/input` drops.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

WAIT = 1.0
"""Seconds to wait for a terminal that does not answer."""

DEFAULT_CELL = (10, 20)
"""Width and height of a cell in pixels where the terminal does not tell."""

_KITTY = "\x1b_Gi=7,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # kitty graphics, a 1 × 1 query
# Name and version, sixel colour registers, size of a cell, of the text in pixels and in cells, device attributes.
_QUESTION = "\x1b[>q\x1b[?1;1;0S\x1b[16t\x1b[14t\x1b[18t\x1b[c"
_TAKES_FOR_TEXT = ("rxvt", "tmux", "screen", "linux", "st")  # by TERM: prints the kitty query, or makes it a title
_END = re.compile(r"\x1b\[\?([0-9;]*)c")


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal's answers. `asked` and `answered` say whether it was and did; `registers` is the number of sixel
    colours (None: not told); `name` is its own name and version, `cell` pixels (width, height) or None. `heard` is
    all that was read, perhaps cut in the middle of an answer."""

    asked: bool = False
    answered: bool = False
    sixel: bool = False
    kitty: bool = False
    registers: int | None = None
    name: str = ""
    cell: tuple[int, int] | None = None
    heard: str = ""


def colours() -> int:
    """How many colours the screens have here, as Rich, which draws them, reads TERM and COLORTERM; 2 is none.

    A browser has all.
    """
    if served():
        return 2**24
    from rich.console import Console

    system = Console(force_terminal=True).color_system
    return {"truecolor": 2**24, "256": 256, "standard": 16, "windows": 16}.get(system or "", 2)


def served() -> bool:
    """Whether the app runs for a web browser (textual-serve), where nobody looks at a terminal of this process."""
    return os.environ.get("TERM_PROGRAM") == "textual" or "web_driver" in os.environ.get("TEXTUAL_DRIVER", "")


def question() -> str:
    """What this terminal is asked, by its TERM: nothing that it may take for text."""
    term = os.environ.get("TERM", "")
    silent = term.split("-")[0] in _TAKES_FOR_TEXT or "TMUX" in os.environ
    return _QUESTION if silent else _KITTY + _QUESTION


def ask_terminal(wait: float = WAIT) -> Terminal:
    """Ask the terminal on standard input and output; never raises, never waits longer than `wait` seconds."""
    try:
        import termios
        import tty
    except ImportError:  # not a POSIX system
        return Terminal()
    stdin, stdout = sys.__stdin__, sys.__stdout__
    try:
        if stdin is None or stdout is None or not (stdin.isatty() and stdout.isatty()):
            return Terminal()
        keyboard = stdin.fileno()
        before = termios.tcgetattr(keyboard)
        tty.setcbreak(keyboard, termios.TCSANOW)
        try:
            stdout.write(question())
            stdout.flush()
            return read_answer(_read_until_end(keyboard, wait))
        finally:
            termios.tcsetattr(keyboard, termios.TCSANOW, before)
    except (OSError, ValueError, termios.error):
        return Terminal()


def read_answer(answer: str) -> Terminal:
    """What the terminal's reply says; anything else in it (keys typed meanwhile) is passed over."""
    end = _END.search(answer)
    if end is None:
        return Terminal(asked=True, heard=answer)
    registers = re.search(r"\x1b\[\?1;0;([0-9]{1,9})S", answer)
    cell = re.search(r"\x1b\[6;([0-9]{1,4});([0-9]{1,4})t", answer)
    name = re.search(r"\x1bP>\|([ -~]{1,80})", answer)
    size = (int(cell[2]), int(cell[1])) if cell else _cell_of_text(answer)
    return Terminal(
        asked=True,
        answered=True,
        sixel="4" in end[1].split(";"),
        kitty=re.search(r"\x1b_G[^\x1b]*;OK\x1b", answer) is not None,
        registers=int(registers[1]) if registers else None,
        name=name[1] if name else "",
        cell=size if all(size) else None,
        heard=answer,
    )


def _cell_of_text(answer: str) -> tuple[int, int]:
    """A cell's size from that of the whole text in pixels and in cells; (0, 0) where one of them was not told."""
    pixels = re.search(r"\x1b\[4;([0-9]{1,5});([0-9]{1,5})t", answer)
    cells = re.search(r"\x1b\[8;([0-9]{1,4});([0-9]{1,4})t", answer)
    if not pixels or not cells or "0" in (cells[1], cells[2]):
        return 0, 0
    return int(pixels[2]) // int(cells[2]), int(pixels[1]) // int(cells[1])


def measured_cell() -> tuple[int, int] | None:
    """Pixels (width, height) of a cell as the terminal driver knows them now, or None where it does not."""
    try:
        import fcntl
        import termios
    except ImportError:
        return None
    try:
        if sys.__stdout__ is None or not sys.__stdout__.isatty():
            return None
        packed = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):
        return None
    rows, columns, width, height = (int.from_bytes(packed[at : at + 2], sys.byteorder) for at in (0, 2, 4, 6))
    if not (rows and columns and width >= columns and height >= rows):
        return None
    return width // columns, height // rows


def _read_until_end(keyboard: int, wait: float, now: Callable[[], float] = time.monotonic) -> str:
    import select

    answer, until = "", now() + wait
    while not _END.search(answer):
        left = until - now()
        if left <= 0 or not select.select([keyboard], [], [], left)[0]:
            break
        piece = os.read(keyboard, 1024)
        if not piece:
            break
        answer += piece.decode("ascii", "replace")
    return answer
