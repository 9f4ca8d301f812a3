"""Driving the app with real keys: what several tests share."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.input import TerminalInput


async def worked(app: App[None]) -> None:
    """Wait until nothing is computed; what a newer question made needless is no fault."""
    with suppress(WorkerCancelled):
        await app.workers.wait_for_complete()


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was pressed has been dealt with, and nothing is computed any more."""
    app = pilot.app
    assert isinstance(app, MiaReview)
    await pilot.pause()
    while app.keyboard.busy and app.is_running:
        await asyncio.sleep(0.002)
    await worked(app)
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, the first when there is something to see, each when the one before is done."""
    await settle(pilot)
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


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
