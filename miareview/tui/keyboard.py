"""What is pressed, one at a time: a key counts for what was on the screen when it was pressed, or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import inf

from textual._time import get_time
from textual.app import App
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, MouseUp, Paste
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

from miareview.tui.keys import DIGITS
from miareview.tui.screens.page import Page

PRESSES = (Key, Paste, MouseDown, MouseUp)
HELD = 0.7
"""Seconds within which the same key again is one that is held down, where once is enough; keyboards wait up to 0.66."""
PAUSE = 0.4
"""Seconds without a key after which a painted refusal was seen; what comes before was typed behind the refused key."""
BLIND = 2.0
"""Seconds after a refusal when it is taken as seen even while keys keep coming."""


class Keyboard:
    """Hands presses to the app one by one, the next when all that the last one set off is done.

    So a key behind one that opened a dialog goes to the dialog, and one behind a score goes to the next component.
    `forget` drops what was pressed up to now, and `refuse` also what is typed on behind it.
    """

    def __init__(self, app: App[None], deliver: Callable[[Event], Awaitable[None]]) -> None:
        self.app = app
        self.deliver = deliver
        self._waiting: deque[Event] = deque()
        self._busy = False
        self._here: object = None  # where the app was when it was last looked at
        self._forgotten = 0.0
        self._acknowledged: Callable[[], None] | None = None
        self._seen_from = self._seen_by = 0.0
        self._last: tuple[str, float, object] = ("", 0.0, None)
        self._mouse_dropped = False

    @property
    def busy(self) -> bool:
        """Whether what was pressed last is still being dealt with."""
        return self._busy

    async def press(self, event: Event) -> None:
        """Take a press in; it is delivered at once if nothing is under way."""
        self._waiting.append(event)
        if not self._busy:
            await self._next()

    def forget(self) -> None:
        """Drop what was pressed up to now: it was meant for a screen that is no longer there."""
        self._forgotten = get_time()

    def refuse(self, acknowledged: Callable[[], None]) -> None:
        """Something was refused or not saved: what was typed behind it is dropped; the next key only acknowledges.

        Nobody has seen it before it is painted, which on a busy machine takes longer than a pause between two keys.
        """
        self.forget()
        self._acknowledged = acknowledged
        self._seen_from = self._seen_by = inf
        self.app.call_after_refresh(self._painted)

    def _painted(self) -> None:
        now = get_time()
        self._seen_from, self._seen_by = now + PAUSE, now + BLIND

    async def _next(self) -> None:
        self._busy = False
        while self._waiting and not self._busy:
            event = self._waiting.popleft()
            if self._counts(event):
                self._busy = True
                self._here = None
                start = self._start(event)
                await self.deliver(event)
                self._follow(start, 2)

    def _counts(self, event: Event) -> bool:
        at = event.time
        if isinstance(event, MouseUp) and self._mouse_dropped:
            self._mouse_dropped = False
            return False
        held = isinstance(event, Key) and self._is_held(event)
        if held or at <= self._forgotten or self._refuses(at):
            self._mouse_dropped = isinstance(event, MouseDown)
            return False
        return True

    def _is_held(self, event: Key) -> bool:
        """Whether it is a key held down that has done its thing, or a digit that was meant for another screen."""
        key, at, screen = self._last
        again = event.key == key and event.time - at < HELD
        if not again:
            screen = self.app.screen
        self._last = (event.key, event.time, screen)
        writing = isinstance(self.app.focused, (Input, TextArea))
        if not again or writing:
            return False
        once = screen.once() if isinstance(screen, Page) else frozenset()
        return event.key in once or (event.key in DIGITS and screen is not self.app.screen)

    def _refuses(self, at: float) -> bool:
        if self._acknowledged is None:
            return False
        if self._seen_by == inf:
            return True
        if at < self._seen_from:
            self._seen_from = min(at + PAUSE, self._seen_by)
        else:
            acknowledged, self._acknowledged = self._acknowledged, None
            acknowledged()
        return True

    def _target(self) -> Widget:
        return self.app.focused or self.app.screen

    def _start(self, event: Event) -> Widget:
        """The widget that a press goes to first."""
        if isinstance(event, MouseUp):
            with suppress(NoWidget):
                return self.app.get_widget_at(*event.screen_offset)[0]
        return self._target()

    def _follow(self, node: MessagePump | None, rounds: int) -> None:
        """Go the way that a key goes, from a widget up to the app, behind what is in the queues there."""
        if node is None or node is self.app:
            self.app.call_later(self._arrived, rounds)
        elif not node.call_later(self._follow, node._parent, rounds):  # it is closing
            self._follow(node._parent, rounds)

    async def _arrived(self, rounds: int) -> None:
        # A press can set off a message (round 2), and that can open or close a screen (until nothing changes).
        before, self._here = self._here, (self.app.screen, self.app.focused)
        if rounds > 1 or before != self._here:
            self._follow(self._target(), rounds - 1)
        else:
            await self._next()
