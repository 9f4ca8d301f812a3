"""A walk through every screen, with real keys: the text of each at three sizes, as a person would see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from driving import press, worked
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Static

from miareview.tui.app import MiaReview
from miareview.tui.picture import PictureView
from miareview.tui.screens.page import Page

SIZES = ((160, 48), (100, 30), (80, 24))


@dataclass(frozen=True, slots=True)
class Way:
    """The keys that lead from the review to a screen, and words that it then has in sight."""

    name: str
    keys: tuple[str, ...]
    shows: str


def way(name: str, keys: str, shows: str) -> Way:
    return Way(name, tuple(keys.split()), shows)


PICTURED = (
    way("review", "", "commit"),
    way("browse", "i", "36 responses"),
    way("compare", "v", "phrase"),
)
"""With the picture: in sixels, which are blank in the text and keep their place."""

PAGES = (
    way("help", "question_mark", "Keys: review"),
    way("scores", "S y", "corrected"),
    way("reviews behind", "S enter", "review"),
    way("agreement", "G", "agree"),
    way("end", "E", "committed"),
    way("guideline", "H", "back"),
    way("gold", "L", "gold"),
    way("judge shown", "r y", "JUDGE'S REASONS"),
)

DIALOGS = (
    way("go", "g 1", "item 1"),
    way("find", "slash 1", "item 1"),
    way("comment", "c", "omment"),
    way("ungradable", "x", "not be graded"),
    way("sure", "r", "Show the judge?"),
    way("response", "Z", "RESPONSE"),
    way("browse help", "i question_mark", "Keys: browse"),
    way("components", "i U", "components"),
    way("filter", "i f", "filter"),
    way("count", "i greater_than_sign greater_than_sign F", "counted by"),
    way("views", "i V", "unread"),
    way("queue of rows", "i Q", "esc"),
    way("export", "i e", "esc"),
    way("compare help", "v question_mark", "Keys: compare"),
    way("models", "v w", "esc"),
    way("scores help", "S y question_mark", "Keys: scores"),
    way("agreement help", "G question_mark", "Keys: agreement"),
    way("behind help", "S enter question_mark", "Keys: reviews behind"),
    way("guideline help", "H question_mark", "Keys: guideline"),
    way("gold help", "L question_mark", "Keys: gold"),
    way("reason", "r y 0 t", "Why is the judge wrong"),
)
"""On the smallest screen, where they are cramped if anywhere, and cheap."""


def seen(app: MiaReview) -> str:
    """What is on the screen, line by line, without the blanks at the ends."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def _complete(app: MiaReview) -> bool:
    """Whether every picture in sight is there, or a word says why not."""
    for view in app.screen.query(PictureView):
        words = view.query_one(".picture-message", Static)
        told = words.display and str(words.content) not in ("", "…")
        if view.display and view.room() and not told and (view._ready is None or view._ready.room != view.room()):
            return False
    return True


async def calm(pilot: Pilot[None], shows: str = "") -> str:
    """The text of the screen once it has these words, all pictures, and does not change any more."""
    app, before = pilot.app, ""
    assert isinstance(app, MiaReview)
    for _ in range(200):
        await worked(app)
        await pilot.pause(0.02)
        if app.keyboard.busy or not _complete(app):
            continue
        text = seen(app)
        if text == before and shows in text:
            return text
        before = text
    raise AssertionError(f"{shows!r} is not in sight, or the screen does not come to rest:\n{before}")


async def walk(
    app: MiaReview, ways: Sequence[Way], sizes: Sequence[tuple[int, int]] = SIZES
) -> dict[tuple[str, tuple[int, int]], str]:
    """The text of every screen by its way's name and size. Raises `AssertionError` where a key leads elsewhere."""
    texts = {}
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
                assert isinstance(app.screen, Page | ModalScreen), one.name
                await press(pilot, "escape" if isinstance(app.screen, ModalScreen) else "q")
            if len(sizes) > 1:
                await pilot.resize_terminal(*sizes[0])
        assert app.is_running
    assert app.return_code in (0, None)
    return texts
