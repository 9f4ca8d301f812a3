"""A screen that writes to the ledger: what it says at the bottom, and how it waits and refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.content import Content
from textual.widgets import Static

from miareview.text import visible
from miareview.tui.keyboard import Keyboard
from miareview.tui.screens.page import Page

SLOW = 1.0
"""Seconds after which the screen says that a write waits."""


class Saying(Page):
    """It has a line `#status`."""

    keyboard: Keyboard

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    def _refuse(self, text: str, kind: str = "refused") -> None:
        """Say why a key did nothing. Keys typed behind it are dropped; this stays until a key acknowledges it."""
        self._tell(f"any key ▸ {text}", kind)
        self.keyboard.refuse(lambda: self._tell(""))

    async def _patiently(self, act: Callable[[], object]) -> object:
        """Run in a thread, and say so where it takes long: another program may hold the database."""
        task = asyncio.ensure_future(asyncio.to_thread(act))
        if not (await asyncio.wait({task}, timeout=SLOW))[0]:
            self._tell("waiting for the database…", "refused")
        return await task
