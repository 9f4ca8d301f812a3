"""Looking closely: the picture and the response, each on the whole screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.text import visible
from miareview.tui.fit import WHOLE, Part
from miareview.tui.look import heading
from miareview.tui.picture import PictureView, Renderer
from miareview.tui.screens.dialogs import Dialog, Line

STEP = 1.5  # how many times larger a step of the zoom is
FINEST = 0.25  # pixels of the file along a drawn one; closer there is nothing more to see
SEARCHED = 200_000  # characters of a response that are searched


class Zoom(Dialog[None]):
    """The picture on the whole screen, or a part of it. `ask` has it made ready for its view."""

    BINDINGS = [
        Binding("escape,q,z,enter,space,ctrl+g", "dismiss", "back"),
        Binding("plus,equals_sign", "closer(1)", show=False),
        Binding("minus", "closer(-1)", show=False),
        Binding("0", "whole", show=False),
        Binding("left,h", "pan(-1, 0)", show=False),
        Binding("right,l", "pan(1, 0)", show=False),
        Binding("up,k", "pan(0, -1)", show=False),
        Binding("down,j", "pan(0, 1)", show=False),
    ]

    def __init__(self, renderer: Renderer, ask: Callable[[PictureView], None]) -> None:
        super().__init__()
        self.renderer = renderer
        self.ask = ask

    def compose(self) -> ComposeResult:
        view = PictureView(self.renderer, id="zoomed")
        view.closer = "+ enlarges", "+"
        yield view
        # The last line stays text: a sixel picture that touches it would make terminals scroll.
        yield Static(
            Content.styled("+ − larger, smaller · arrows move · 0 all of it · q back", "$muted"), classes="hint"
        )

    def on_picture_view_room_changed(self, message: PictureView.RoomChanged) -> None:
        self.ask(message.view)

    def action_closer(self, steps: int) -> None:
        view = self.query_one(PictureView)
        ready = view.ready
        if steps > 0 and ready is not None and ready.detail <= FINEST:
            return
        times = max(1.0, view.part.times * STEP**steps)
        self._look(WHOLE if times < STEP**0.5 else Part(times, view.part.x, view.part.y))

    def action_whole(self) -> None:
        self._look(WHOLE)

    def action_pan(self, x: int, y: int) -> None:
        """Move on by half of what is in sight, and no further than the edge."""
        view = self.query_one(PictureView)
        if view.ready is None:
            return
        self._look(view.part.moved(x / 2, y / 2, view.ready.size, view.ready.room.cells, view.ready.room.cell))

    def _look(self, part: Part) -> None:
        view = self.query_one(PictureView)
        if part != view.part:
            view.part = part
            self.ask(view)


class Reading(Dialog[None]):
    """A response on the whole screen: to scroll, and to search; what is found is marked."""

    BINDINGS = [
        Binding("escape,q,Z", "dismiss", "back"),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup,b", "page(-1)", show=False),
        Binding("home,g", "end(False)", show=False),
        Binding("end,G", "end(True)", show=False),
        Binding("slash", "search", show=False),
        Binding("n", "next(1)", show=False),
        Binding("N", "next(-1)", show=False),
    ]

    def __init__(self, title: Content, text: str) -> None:
        super().__init__()
        self.heading = title
        self.text = visible(text)
        self.found: list[tuple[int, int]] = []
        self.at = 0
        self.words = ""

    def compose(self) -> ComposeResult:
        yield Static(self.heading, classes="title")
        with VerticalScroll(id="reading", can_focus=False):
            yield Static(Content(self.text), id="reading-text", markup=False)
        yield Static("", id="reading-hint", markup=False)

    def on_mount(self) -> None:
        self._hint()

    def _hint(self) -> None:
        where = f"{self.at + 1} of {len(self.found)} found · n N next, previous · " if self.found else ""
        self.query_one("#reading-hint", Static).update(
            Content.styled(f"{where}/ finds · ↓ ↑ PgDn PgUp scroll · q back", "$muted")
        )

    def action_search(self) -> None:
        self.app.push_screen(Line("Find in this response", self.words), self._find)

    def _find(self, words: str | None) -> None:
        if words is None:
            return
        self.words, self.at = words.strip(), 0
        found = re.finditer(re.escape(self.words), self.text[:SEARCHED], re.IGNORECASE) if self.words else ()
        self.found = [match.span() for match in found]
        self._mark()
        if self.words and not self.found:
            self.query_one("#reading-hint", Static).update(Content.styled("Not in this response.", "$text-warning"))

    def _mark(self) -> None:
        text = Content(self.text)
        for place, (start, end) in enumerate(self.found):
            text = text.stylize("reverse bold" if place == self.at else "underline bold $text-warning", start, end)
        self.query_one("#reading-text", Static).update(text)
        self._hint()
        if self.found:
            pane = self.query_one("#reading", VerticalScroll)
            row = row_of(self.text, self.found[self.at][0], self.query_one("#reading-text").content_size.width)
            self.call_after_refresh(pane.scroll_to, y=max(0, row - pane.size.height // 3), animate=False)

    def action_next(self, step: int) -> None:
        if self.found:
            self.at = (self.at + step) % len(self.found)
            self._mark()

    def action_scroll(self, lines: int) -> None:
        self.query_one("#reading", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        pane = self.query_one("#reading", VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def action_end(self, last: bool) -> None:
        pane = self.query_one("#reading", VerticalScroll)
        (pane.scroll_end if last else pane.scroll_home)(animate=False)


def row_of(text: str, place: int, width: int) -> int:
    """The row in which a character of a text stands when that is wrapped to so many cells."""
    starts, at = [], 0
    for line in Content(text).wrap(max(width, 1)):
        at = max(text.find(line.plain.rstrip(), at), at)
        starts.append(at)
        at += len(line.plain.rstrip())
    return next((row for row, (_, after) in enumerate(pairwise([*starts, len(text) + 1])) if after > place), 0)


def reading_title(label: str, item: int) -> Content:
    """The line over a response: whose it is, and to which item."""
    return heading(" RESPONSE", (visible(label, newlines=False), "bold"), (f"item {item}", "$muted"))
