"""From what a terminal sends to keys: what a person pressed goes on, what the terminal answers is dropped.

A slow line cuts an answer anywhere and brings its end seconds later. Textual's parser gives up after 0.1 s and takes
the pieces for keys. Here a sequence is first read to its end, however late that comes, and only then looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._parser import ParseEOF, ParseTimeout, Peek1, Read1
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from miareview.text import editable

PATIENCE = 10.0
"""Seconds after which the end of a sequence that was begun is no longer waited for."""
TAIL = 1.0
"""Seconds after ESC in which what looks like the rest of a key, cut off by a slow line, is dropped."""
BURST = 0.1
"""Seconds between two characters of an answer, at most; a person types more slowly."""

ESC = "\x1b"
DEVICE = re.compile(r"\x1b\[\?[0-9;]*c")
"""The answer to the question that every terminal answers, and that is therefore asked last."""

_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
# What Textual's own parser is shown besides keys: mouse, focus, a new size, and the two modes that it asks about.
_MOUSE = r"<?-?\d+;-?\d+;-?\d+[mM]|M.{3}"
_FOR_TEXTUAL = re.compile(rf"\x1b\[(?:{_MOUSE}|[IO]|48(?:;\d[\d:]*){{4}}t|\?20(?:26|48);\d\$y)", re.DOTALL)
_KEY = re.compile(r"\x1b\[(\d*)[\d;:]*([~A-HPQSu])")
_CURSOR = re.compile(r"\x1b\[[\d;]+R")  # where the cursor is, and in old terminals F15
_STRINGS = {"P": "0123456789>!|$+", "]": "0123456789lL", "_": "G"}  # DCS, OSC, APC, and how their answers go on
_STRING_ENDS = "\x9c\x18\x1a"
_LONGEST = 64  # characters of a sequence that are kept; none that matters is longer

Reading = Generator[Read1 | Peek1, str, None]


class TerminalInput(XTermParser):
    """The parser that `Driver` feeds. `owed` counts the answers to come, as far as that is known."""

    def __init__(self, owed: int = 0, heard: str = "") -> None:
        """`heard` was read before: a sequence that is cut at its end goes on here, the rest is passed over."""
        self.owed = owed
        self._back = ""
        super().__init__()
        for _ in self.feed(heard) if heard else ():
            pass

    def parse(self, token_callback: Callable[[Message], None]) -> Reading:
        self._emit = token_callback
        self._textual = super().parse(token_callback)
        next(self._textual)
        try:
            while True:
                character = yield from self._next()
                if character == ESC:
                    yield from self._escape()
                else:
                    self._textual.send(character)
        except ParseEOF:
            return

    def _next(self, wait: float | None = None) -> Generator[Read1 | Peek1, str, str]:
        """The next character. Raises ParseTimeout where none comes within `wait` seconds."""
        if self._back:
            character, self._back = self._back[0], self._back[1:]
            return character
        return (yield self.read1(wait))

    def _escape(self) -> Reading:
        """ESC was read: a key of its own, or the beginning of something."""
        try:
            introducer = yield from self._next(constants.ESCAPE_DELAY)
        except ParseTimeout:
            self._emit(events.Key("escape", ESC))
            yield from self._tail(get_time())
            return
        if introducer == ESC:
            self._emit(events.Key("escape", ESC))
            self._back = ESC
        elif introducer in "[O" or introducer in _STRINGS:
            try:
                character = yield from self._next(TAIL if introducer == "O" else PATIENCE)
                yield from self._sequence(introducer, character, self._take)
            except ParseTimeout:
                return
        else:
            for key in self._sequence_to_key_events(introducer, alt=True):
                self._emit(key)

    def _tail(self, escaped: float) -> Reading:
        """After a lone ESC: what looks like the rest of a sequence that was cut there is dropped."""
        try:
            introducer = yield from self._next(PATIENCE)
        except ParseTimeout:
            return
        if introducer not in "[O" and introducer not in _STRINGS:
            self._back = introducer
            return
        left = escaped + TAIL - get_time()
        cut = bool(self.owed) or left > 0
        try:
            character = yield from self._next(PATIENCE if self.owed else max(left, BURST))
        except ParseTimeout:
            if not cut:
                self._textual.send(introducer)  # a key after all
            return
        try:
            yield from self._sequence(introducer, character, self._drop)
        except ParseTimeout:
            return

    def _sequence(self, introducer: str, character: str, take: Callable[[str], None]) -> Reading:
        """Read on to the end of a sequence and take it. What is no part of one is left for whoever reads next."""
        if introducer in _STRINGS:
            if character in _STRINGS[introducer]:
                yield from self._string(introducer)
            else:
                self._back = character
            return
        sequence = ESC + introducer
        if introducer == "[" and character in "[M":  # a function key of the Linux console; the mouse of old terminals
            for _ in range(1 if character == "[" else 3):
                sequence, character = sequence + character, (yield from self._next(PATIENCE))
        while " " <= character <= "?":
            sequence = (sequence + character)[:_LONGEST]
            character = yield from self._next(PATIENCE)
        if not "@" <= character <= "~" and not sequence.startswith(f"{ESC}[M"):
            self._back = character
            return
        sequence += character
        if sequence == _PASTE:
            yield from self._paste()
        else:
            take(sequence)

    def _string(self, introducer: str) -> Reading:
        """Pass over a string to its end. Raises ParseTimeout where that is not there within `PATIENCE` in all."""
        until = get_time() + PATIENCE
        while True:
            character = yield from self._next(until - get_time())
            if character in _STRING_ENDS or (character == "\a" and introducer == "]"):
                return
            if character == ESC:
                character = yield from self._next(until - get_time())
                if character != "\\":
                    self._back = ESC + character
                return

    def _paste(self) -> Reading:
        """Read pasted text to its end, as text and never as keys."""
        text = ""
        try:
            while not text.endswith(_PASTE_END):
                text += yield from self._next(PATIENCE)
        except ParseTimeout:
            pass  # the line broke: what has come is the text
        self._emit(events.Paste(editable(text.removesuffix(_PASTE_END).replace("\0", ""))))

    def _take(self, sequence: str) -> None:
        """Hand on a sequence if it is a person's."""
        if _FOR_TEXTUAL.fullmatch(sequence):
            for character in sequence:
                self._textual.send(character)
            return
        key = _KEY.fullmatch(sequence)
        known = key is not None and (key[2] == "u" or f"{key[1] or 1}{key[2]}" in FUNCTIONAL_KEYS)
        if known or (sequence in ANSI_SEQUENCES_KEYS and not _CURSOR.fullmatch(sequence)):
            try:
                keys = list(self._sequence_to_key_events(sequence))
            except (ValueError, OverflowError):  # a number that is no character's
                return
            for event in keys:
                if event.key != Keys.Ignore:
                    self._emit(event)
        else:
            self._drop(sequence)

    def _drop(self, sequence: str) -> None:
        """An answer, or a piece of a key."""
        if DEVICE.fullmatch(sequence):
            self.owed = max(0, self.owed - 1)
