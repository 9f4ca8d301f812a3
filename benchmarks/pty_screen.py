"""A terminal for measuring: runs a program in a pseudo-terminal, answers its questions, and keeps every byte with its
time. What was on the screen when is worked out afterwards, so that measuring does not slow the program down.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

COLUMNS, ROWS, CELL = 160, 48, (10, 20)
HALF_BLOCK = "▀"
UPDATED = b"\x1b[?2026l"  # the end of a synchronised update

# What the app and its picture library ask, and what a terminal with sixel and synchronised output answers.
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;4;22c",
    b"\x1b[>q": b"\x1bP>|bench(1.0)\x1b\\",
    b"\x1b[?1;1;0S": b"\x1b[?1;0;256S",
    b"\x1b[16t": b"\x1b[6;%d;%dt" % (CELL[1], CELL[0]),
    b"\x1b[14t": b"\x1b[4;%d;%dt" % (ROWS * CELL[1], COLUMNS * CELL[0]),
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
_QUESTION = re.compile(b"|".join(map(re.escape, _ANSWERS)))
_KEPT = 16  # bytes looked at again, for a question cut in two
_TOKEN = re.compile(
    rb"\x1bP(?P<dcs>.*?)\x1b\\|\x1b[\]_^X].*?(?:\x07|\x1b\\)"
    rb"|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;:]*)[ -/]*(?P<final>[@-~])"
    rb"|\x1b[ -/]*[0-~]|(?P<control>[\x00-\x1a\x1c-\x1f])|(?P<text>[^\x00-\x1f]+)",
    re.DOTALL,
)
_SIXEL = re.compile(rb"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|(?:!(\d+))?([?-~])")
Colour = tuple[float, float, float]


class Program:
    """A program in a pseudo-terminal of 160 × 48 cells of 10 × 20 pixels. All times are `time.perf_counter` seconds."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None, answers: bool = True) -> None:
        """`answers`: whether this terminal answers what it is asked."""
        self.answers = answers
        self.chunks: list[tuple[float, bytes]] = []
        self.keys: list[tuple[float, str]] = []
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                size = struct.pack("HHHH", ROWS, COLUMNS, COLUMNS * CELL[0], ROWS * CELL[1])
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                given = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
                dropped = ("TERM_PROGRAM", "TEXTUAL", "MIAREVIEW_")
                kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
                os.execvpe(command[0], command, {**kept, **given})
            finally:
                os._exit(127)
        self._tail = b""

    def read(self, seconds: float) -> None:
        """Read for so long, or until the program ends."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0] and not self._take():
                return

    def expect(self, words: bytes, seconds: float) -> None:
        """Read until the program writes these bytes; a benchmark that waits in vain ends here."""
        end, first, tail = time.perf_counter() + seconds, len(self.chunks), b""
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0] and not self._take():
                break
            for _, data in self.chunks[first:]:
                if words in tail + data:
                    return
                tail = data[-len(words) :]
            first = len(self.chunks)
        output = b"".join(data for _, data in self.chunks)[-600:]
        raise SystemExit(f"{words!r} was not written within {seconds} s; the last output was {output!r}")

    def _take(self) -> bool:
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.chunks.append((time.perf_counter(), data))
        seen = self._tail + data
        answered = 0
        for question in _QUESTION.finditer(seen):
            if self.answers and question.end() > len(self._tail):
                os.write(self._fd, _ANSWERS[question[0]])
            answered = question.end()
        self._tail = seen[max(answered, len(seen) - _KEPT) :]
        return bool(data)

    def press(self, key: str) -> float:
        """Type a key; when."""
        at = time.perf_counter()
        self.keys.append((at, key))
        os.write(self._fd, key.encode())
        return at

    def main_thread(self) -> tuple[float, float] | None:
        """Seconds that the main thread, which is the event loop's, has run and has waited for a core; Linux only."""
        try:
            spent = Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text(encoding="ascii").split()
        except OSError:
            return None
        return int(spent[0]) / 1e9, int(spent[1]) / 1e9

    def leave(self, key: str, seconds: float) -> int | None:
        """Type the key that ends the program; its exit code (negative: a signal), None where it did not end in time."""
        ended, end = (0, 0), time.perf_counter() + seconds
        with suppress(OSError):  # it may be gone already
            self.press(key)
        while ended[0] == 0 and time.perf_counter() < end:
            self.read(0.05)
            ended = os.waitpid(self.pid, os.WNOHANG)
        if ended[0] == 0:
            self.kill()
            return None
        os.close(self._fd)
        return os.waitstatus_to_exitcode(ended[1])

    def kill(self) -> None:
        """SIGKILL, then read what it had written before; returns once the process is gone."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while select.select([self._fd], [], [], 0)[0] and self._take():
            pass
        os.close(self._fd)


@dataclass(slots=True)
class Frame:
    """The screen once a piece of output was complete. `drawn` is True where a picture was drawn in this frame;
    `picture` is the mean colour of the one drawn last."""

    at: float
    lines: list[str]
    drawn: bool
    picture: Colour | None


@dataclass
class Screen:
    """As much of a terminal as Textual uses: cursor, text, colours of half blocks, sixels."""

    grid: list[list[str]] = field(default_factory=lambda: [[" "] * COLUMNS for _ in range(ROWS)])
    blocks: dict[tuple[int, int], tuple[Colour, Colour]] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    ink: Colour = (0, 0, 0)
    ground: Colour = (0, 0, 0)
    synchronised: bool = False
    drawn: bool = False
    sixel: bytes = b""

    def feed(self, token: re.Match[bytes]) -> None:
        if token["text"] is not None:
            self._write(token["text"].decode("utf-8", "replace"))
        elif token["final"] is not None:
            self._control(token["private"], token["numbers"], token["final"])
        elif token["dcs"] is not None:
            if b"q" in token["dcs"][:12]:
                self.sixel, self.drawn = token["dcs"], True
        elif token["control"] == b"\r":
            self.column = 0
        elif token["control"] == b"\n":
            self.row = min(ROWS - 1, self.row + 1)

    def _write(self, text: str) -> None:
        for letter in text:
            if unicodedata.combining(letter) or letter in "\u200d\ufe0f":
                continue
            wide = unicodedata.east_asian_width(letter) in "WF"
            if self.column < COLUMNS:
                place = (self.row, self.column)
                self.grid[self.row][self.column] = letter
                if letter == HALF_BLOCK:
                    self.blocks[place] = (self.ink, self.ground)
                    self.drawn = True
                elif place in self.blocks:
                    del self.blocks[place]
                if wide and self.column + 1 < COLUMNS:
                    self.grid[self.row][self.column + 1] = ""
            self.column += 1 + wide

    def _control(self, private: bytes, numbers: bytes, final: bytes) -> None:
        given = [int(number or 0) for number in re.split(rb"[;:]", numbers)]
        if private == b"?" and given == [2026]:
            self.synchronised = final == b"h"
        elif private:
            return
        elif final in b"Hf":
            self.row = min(ROWS, max(1, given[0])) - 1
            self.column = max(1, given[1] if len(given) > 1 else 1) - 1
        elif final == b"m":
            self._colours(given)
        elif final in b"ABCD":
            step = max(1, given[0])
            self.row = min(ROWS - 1, max(0, self.row + {b"A": -step, b"B": step}.get(final, 0)))
            self.column = max(0, self.column + {b"C": step, b"D": -step}.get(final, 0))
        elif final == b"J" and given[0] in (2, 3):
            self.grid = [[" "] * COLUMNS for _ in range(ROWS)]
            self.blocks.clear()

    def _colours(self, given: list[int]) -> None:
        at = 0
        while at < len(given):
            if given[at] in (38, 48) and given[at + 1 : at + 2] == [2] and len(given) >= at + 5:
                colour = (float(given[at + 2]), float(given[at + 3]), float(given[at + 4]))
                if given[at] == 38:
                    self.ink = colour
                else:
                    self.ground = colour
                at += 5
            else:
                at += 3 if given[at] in (38, 48) else 1

    def picture(self) -> Colour | None:
        """Mean colour of the picture on the screen."""
        if self.blocks:
            colours = [colour for pair in self.blocks.values() for colour in pair]
            red, green, blue = (sum(colour[band] for colour in colours) / len(colours) for band in range(3))
            return red, green, blue
        return mean_colour(self.sixel) if self.sixel else None


@lru_cache(maxsize=512)
def mean_colour(sixel: bytes) -> Colour | None:
    """The mean over the pixels of a sixel picture, nearly: one that is painted over counts twice."""
    palette: dict[int, Colour] = {}
    count: Counter[int] = Counter()
    current = 0
    start = sixel.index(b"q") + 1
    for register, red, green, blue, chosen, repeat, bits in _SIXEL.findall(sixel[start:]):
        if register:
            current = int(register)
            palette[current] = (int(red) * 2.55, int(green) * 2.55, int(blue) * 2.55)
        elif chosen:
            current = int(chosen)
        else:
            count[current] += (ord(bits) - 63).bit_count() * int(repeat or 1)
    total = sum(number for register, number in count.items() if register in palette)
    if not total:
        return None
    r, g, b = (sum(palette[k][band] * n for k, n in count.items() if k in palette) / total for band in range(3))
    return r, g, b


def frames(program: Program) -> Iterator[Frame]:
    """The states of the screen, oldest first: at the end of every synchronised update, else after every piece read."""
    data = b"".join(piece for _, piece in program.chunks)
    ends, end = [], 0
    for at, piece in program.chunks:
        end += len(piece)
        ends.append((end, at))
    screen, chunk = Screen(), 0
    for token in _TOKEN.finditer(data):
        before = chunk
        while ends[chunk][0] < token.end():
            chunk += 1
        was_synchronised = screen.synchronised
        if chunk != before and not was_synchronised:
            yield _frame(screen, ends[before][1])
        screen.feed(token)
        if was_synchronised and not screen.synchronised:
            yield _frame(screen, ends[chunk][1])
    if ends and not screen.synchronised:
        yield _frame(screen, ends[-1][1])


def _frame(screen: Screen, at: float) -> Frame:
    frame = Frame(at, ["".join(row) for row in screen.grid], screen.drawn, screen.picture() if screen.drawn else None)
    screen.drawn = False
    return frame


class Live:
    """The screen of a program while it runs, as of the last whole update that it wrote."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._screen = Screen()
        self._read, self._rest = 0, b""

    def lines(self) -> list[str]:
        new = b"".join(data for _, data in self.program.chunks[self._read :])
        self._read = len(self.program.chunks)
        whole, end, self._rest = (self._rest + new).rpartition(UPDATED)
        for token in _TOKEN.finditer(whole + end):
            self._screen.feed(token)
        return ["".join(row).rstrip() for row in self._screen.grid]

    def wait(self, pattern: str, seconds: float) -> re.Match[str]:
        """Read until the screen shows a pattern; what matched. A benchmark that waits in vain ends here."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            shown = "\n".join(self.lines())
            if found := re.search(pattern, shown):
                return found
            self.program.read(0.02)
        raise SystemExit(f"{pattern!r} was not shown within {seconds} s:\n" + "\n".join(self.lines()))
