"""Looking closely: detail of the file in half blocks, and a long response to scroll and search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from driving import press, wait_for
from PIL import Image
from textual.containers import VerticalScroll

from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.picture import PictureView, choose_renderer
from miareview.tui.screens.closer import Reading, Zoom, row_of


def app_of(store: Store, folder: Path, text: str = "") -> MiaReview:
    session = ReviewSession(store, "ann", [response.id for response in store.responses()])
    if text:
        session._responses[session.here] = replace(session.response, text=text)
    return MiaReview(session, PictureLibrary([folder], store.items()), choose_renderer("halfcell"))


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def view_of(app: MiaReview) -> PictureView:
    return app.screen.query_one(PictureView)


async def test_zoom_shows_single_pixels_of_the_file_and_moves_over_it(store: Store, tmp_path: Path) -> None:
    image = Image.new("RGB", (800, 600), "#204060")
    image.putpixel((430, 300), (255, 255, 0))  # nothing of it is left where the whole is shown
    app = app_of(store, tmp_path)
    path = tmp_path / "picture.png"
    image.save(path)
    app.pictures.library.find = lambda item: path  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "z")
        zoom = app.screen
        assert isinstance(zoom, Zoom)
        await wait_for(pilot, lambda: view_of(app).ready is not None)
        assert "of detail · +" in seen(app)
        assert not has_yellow(app)
        for key in ["plus"] * 9 + ["right"] * 3:
            await pilot.press(key)
        await wait_for(pilot, lambda: view_of(app).ready.room.part == view_of(app).part)
        assert "×" in seen(app)
        assert has_yellow(app)
        await press(pilot, "shift")  # some terminals report it as a key of its own
        assert app.screen is zoom
        await press(pilot, "0")
        await wait_for(pilot, lambda: not has_yellow(app))
        await press(pilot, "q")
        assert app.screen is not zoom


async def test_a_long_response_is_read_and_searched_on_the_whole_screen(store: Store, tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(3250)]
    words[3000] = words[10] = "HARBOUR"
    app = app_of(store, tmp_path, " ".join(words))
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "Z")
        assert isinstance(app.screen, Reading)
        pane = app.screen.query_one("#reading", VerticalScroll)
        assert "word0 word1" in seen(app)
        await press(pilot, "slash", *"harbour", "enter")
        assert "1 of 2 found" in seen(app)
        await press(pilot, "n")
        assert "word2999" in seen(app)
        assert "HARBOUR" in seen(app)
        assert pane.scroll_y > 100
        await press(pilot, "slash", *"no such", "enter")
        assert "Not in this response" in seen(app)
        await press(pilot, "q")
        assert not isinstance(app.screen, Reading)


@pytest.mark.parametrize("text", ["one two three four five six", "日本語の文 と 言葉 が ここ に six", "a\n\nb  six"])
def test_the_row_of_a_word_is_where_wrapping_puts_it(text: str) -> None:
    from textual.content import Content

    for width in (6, 9, 40):
        rows = [line.plain for line in Content(text).wrap(width)]
        assert "six" in rows[row_of(text, text.index("six"), width)]


def has_yellow(app: MiaReview) -> bool:
    colours = [
        colour.get_truecolor()
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None and "▀" in segment.text
        for colour in (segment.style.color, segment.style.bgcolor)
        if colour is not None
    ]
    return any(red > 150 and green > 150 and blue < 90 for red, green, blue in colours)
