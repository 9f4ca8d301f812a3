"""A walk through screens, with real keys: the text of each at several sizes, as a person would see it.

It waits for what is there and never for a time, and paints only what is looked at: that is cheap, and the same on any
machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import pytest
from driving import PATIENCE, press, rest
from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Static

from miareview.tui.app import MiaReview
from miareview.tui.picture import PictureView

SIZES = ((160, 48), (100, 30), (80, 24))
Texts = dict[tuple[str, tuple[int, int]], str]
"""What was seen, by a way's name and a size."""


@dataclass(frozen=True, slots=True)
class Way:
    """The keys that lead from the first screen to another, and words that it then has in sight."""

    name: str
    keys: tuple[str, ...]
    shows: str


def way(name: str, keys: str, shows: str) -> Way:
    return Way(name, tuple(keys.split()), shows)


def seen(app: MiaReview) -> str:
    """What is on the screen, line by line, without the blanks at the ends."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def _complete(app: MiaReview) -> bool:
    """Whether every picture in sight is there, or a word says why not."""
    for view in app.screen.query(PictureView):
        words = view.query_one(".picture-message", Static)
        told = words.display and str(words.content) not in ("", "…")
        ready = view.ready
        if view.display and view.room() and not told and (ready is None or ready.room != view.room()):
            return False
    return True


async def calm(pilot: Pilot[None], shows: str = "") -> str:
    """The text of the screen once it is at rest, has these words, and all pictures."""
    app, until = pilot.app, monotonic() + PATIENCE
    assert isinstance(app, MiaReview)
    while True:
        await rest(pilot)
        text = seen(app) if _complete(app) else ""
        if text and shows in text:
            return text
        assert monotonic() < until, f"{shows!r} is not in sight, or a picture is missing:\n{seen(app)}"
        await asyncio.sleep(0.005)


async def walk(app: MiaReview, ways: Sequence[Way], sizes: Sequence[tuple[int, int]] = SIZES) -> Texts:
    """The text of every screen by its way's name and size. Raises `AssertionError` where a key leads elsewhere."""
    texts: Texts = {}
    with pytest.MonkeyPatch.context() as patch:
        # Between two looks nobody sees what is painted, and it is half of what a walk costs.
        patch.setattr(Compositor, "render_update", lambda self, **_: self._dirty_regions.clear())
        async with app.run_test(size=sizes[0]) as pilot:
            await calm(pilot)
            first = app.screen
            for one in ways:
                await press(pilot, *one.keys)
                texts[one.name, sizes[0]] = await calm(pilot, one.shows)
                for size in sizes[1:]:
                    await pilot.resize_terminal(*size)
                    texts[one.name, size] = await calm(pilot)
                while app.screen is not first:
                    await press(pilot, "escape" if isinstance(app.screen, ModalScreen) else "q")
                sizes = sizes[::-1]  # the next way begins with the size that this one ended with
            assert app.is_running
    assert app.return_code in (0, None)
    return texts
