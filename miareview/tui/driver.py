"""The terminal's end of the app: reads its keys, writes its screen, and lets go of it properly."""

from __future__ import annotations

import os
import select
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from textual.drivers.linux_driver import LinuxDriver
from textual.messages import TerminalSupportsSynchronizedOutput

from miareview.tui.input import TerminalInput
from miareview.tui.steady import steady
from miareview.tui.terminal import Terminal

LAST_QUESTION = "\x1b[c"


class Driver(LinuxDriver):
    """Textual's driver for a terminal that may answer late, may not be asked at all, and may go away."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.terminal: Terminal = app.terminal
        self.hung_up: Callable[[], None] = app.hung_up
        # Textual writes to stderr, and `2>err.log` would leave the screen blank.
        self._file = _Screen(sys.__stdout__)  # type: ignore[assignment, arg-type]

    def write(self, data: str) -> None:
        super().write(steady(data))

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.terminal.asked:
            self.write(LAST_QUESTION)
        else:
            # What a terminal does not know of this it passes over, as it does with the other modes that are set.
            self.send_message(TerminalSupportsSynchronizedOutput())

    def _request_terminal_sync_mode_support(self) -> None:
        if self.terminal.asked:
            super()._request_terminal_sync_mode_support()

    def _query_in_band_window_resize(self) -> None:
        if self.terminal.asked:
            super()._query_in_band_window_resize()

    def run_input_thread(self) -> None:
        """Read keys until the app ends or the terminal is gone."""
        # Two questions end with one that is always answered: that before the app ran, and this driver's.
        parser = TerminalInput(owed=2 if self.terminal.asked else 0, heard=self.terminal.heard)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], 0.1)[0]:
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._loop.call_soon_threadsafe(self.hung_up)
                    return
                text = decode(data)  # "" where a letter is cut, which the parser would take for the end
                for message in parser.feed(text) if text else ():
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)


class _Screen:
    """Standard output as the driver writes to it: a letter that it cannot show is "?", a terminal that is gone is no
    reason to stop, because what is under way has yet to be saved."""

    def __init__(self, output: TextIO) -> None:
        self.output = output
        self.encoding = output.encoding or "utf-8"

    def write(self, text: str) -> None:
        with suppress(OSError):
            self.output.write(text.encode(self.encoding, "replace").decode(self.encoding))

    def flush(self) -> None:
        with suppress(OSError):
            self.output.flush()

    def fileno(self) -> int:
        return self.output.fileno()
