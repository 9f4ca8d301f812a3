"""Driving the app with real keys: what several tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from textual.app import App
from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.input import TerminalInput

PATIENCE = 60.0  # seconds after which something that does not come to rest is a fault, on any machine


async def worked(app: App[None]) -> None:
    """Wait until nothing is computed; what a newer question made needless is no fault."""
    with suppress(WorkerCancelled):
        await app.workers.wait_for_complete()


def at_rest(app: App[None]) -> bool:
    """Whether all messages are dealt with, and no layout or paint is due; no clock is asked, so load is no matter."""
    screen = app.screen
    here = [screen, *screen.walk_children()]
    for pump in (app, *app.screen_stack, *here):
        if pump.message_queue_size or not pump._message_queue.ready_event._waiters:  # it is not waiting for a message
            return False
    if any(widget._layout_required or widget._repaint_required or widget._scroll_required for widget in here):
        return False
    due = screen._dirty_widgets or screen._callbacks or screen._recompose_required
    return not (due or app.animator._animations or app.animator._scheduled)


async def rest(pilot: Pilot[None]) -> None:
    """Wait until all that was pressed has been dealt with, and nothing is computed or painted any more."""
    app = pilot.app
    assert isinstance(app, MiaReview)
    resting, until = 0, monotonic() + PATIENCE
    while resting < 3 and app.is_running:
        assert monotonic() < until, "the screen does not come to rest"
        await worked(app)
        await asyncio.sleep(0)
        app.screen._on_timer_update()  # what is due is painted now, not a sixtieth of a second later
        if app.keyboard.busy or not at_rest(app):
            resting = 0
            await asyncio.sleep(0.001)  # threads want their turn, too
        else:
            resting += 1


async def settle(pilot: Pilot[None]) -> None:
    """`rest`, once every widget has begun."""
    await pilot._wait_for_screen()
    await rest(pilot)


async def wait_for(pilot: Pilot[None], done: Callable[[], bool]) -> None:
    """Wait for what a thread brings, then until it is drawn."""
    until = monotonic() + PATIENCE
    while not done():
        assert monotonic() < until, "it did not come"
        await pilot.pause(0.01)
    await settle(pilot)


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
    if len(key) == 1:
        return Key(key if key.isalnum() else _character_to_key(key), key)
    return Key(key, key_to_character(key))


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
