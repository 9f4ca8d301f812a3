"""Driving the app with real keys: what several tests share."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress

from textual.app import App
from textual.events import Key
from textual.keys import _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.input import TerminalInput


async def worked(app: App[None]) -> None:
    """Wait until nothing is computed; what a newer question made needless is no fault."""
    with suppress(WorkerCancelled):
        await app.workers.wait_for_complete()


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was pressed has been dealt with, nothing is computed any more, and all of it is drawn.

    Textual's own `pause` takes a process that has to wait for the processor for one that has nothing to do.
    """
    app = pilot.app
    assert isinstance(app, MiaReview)
    calm = 0
    while calm < 2 and app.is_running and await pilot._wait_for_screen():
        await worked(app)
        calm = 0 if app.keyboard.busy or _undrawn(app.screen) else calm + 1
        app.screen._on_timer_update()


async def wait_for(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Wait for what a thread brings, then until it is drawn."""
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until, "it did not come"
        await pilot.pause(0.01)
    await settle(pilot)


def _undrawn(screen: Screen[object]) -> bool:
    waiting = screen._layout_required or screen._scroll_required or screen._repaint_required
    return bool(waiting or screen._recompose_required or screen._dirty_widgets or screen._callbacks)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, the first when there is something to see, each when the one before is done."""
    await settle(pilot)
    driver = pilot.app._driver
    assert driver is not None
    for key in keys:
        driver.send_message(_event(key))
        await settle(pilot)


def _event(key: str) -> Key:
    """What a terminal's driver makes of a key, given by its name or its character."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    try:
        return Key(name, unicodedata.lookup(_get_unicode_name_from_key(name)))
    except KeyError:
        return Key(name, key if len(key) == 1 else None)


async def read(pilot: Pilot[None], *reads: str) -> None:
    """Let the app read these pieces of what a terminal sends, each in one go, and do all that follows from it."""
    await settle(pilot)
    parser, driver = TerminalInput(), pilot.app._driver
    assert driver is not None
    for piece in reads:
        for message in list(parser.feed(piece)):
            driver.process_message(message)
        await settle(pilot)


async def acknowledge(pilot: Pilot[None]) -> None:
    """Wait as somebody who reads a refusal, then press a key that only says "seen"."""
    await pilot.pause(keyboard.PAUSE + 0.02)
    await press(pilot, "4")
