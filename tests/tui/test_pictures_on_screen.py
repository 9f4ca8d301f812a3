"""The hostile set on the review screen: each picture shown whole, or named; and the reason where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from conftest import HOSTILE, said
from driving import acknowledge, press
from hostile_pictures import CASES, encoded, halves, items
from textual.pilot import Pilot
from textual.widgets import Static

from miareview.identity import response_id
from miareview.images.library import PictureLibrary
from miareview.images.load import Picture, load_picture
from miareview.images.log import Entry, note
from miareview.model import Item, Response
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.picture import PictureView, choose_renderer
from miareview.tui.screens.closer import Zoom


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("set") / "pictures"
    made.mkdir()
    for case in CASES:
        case.put(made)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One response to each item of the set, in their order."""
    with Store.open(tmp_path / "review.db", create=True) as made:
        made.add_items(items())
        made.add_responses([response(item) for item in items()], source="test")
        yield made


def response(item: Item) -> Response:
    text = f"Words about number {item.index}."
    return Response(response_id(item.id, "alpha", text, "ok"), item.id, "alpha", text, "ok")


def make_app(store: Store, folder: Path, renderer: str, *only: int) -> MiaReview:
    work = [response(item).id for item in items() if not only or item.index in only]
    session = ReviewSession(store, "ann", work)
    return MiaReview(session, PictureLibrary([folder], store.items()), choose_renderer(renderer))


async def settled(pilot: Pilot[None], view: PictureView) -> tuple[bool, str]:
    """Whether a picture is shown, and else the words in its place, as soon as it is known."""
    words = view.query_one(".picture-message", Static)
    for _ in range(500):
        await pilot.pause(0.01)
        message = str(words.content)
        if view._ready is not None or (words.display and message not in ("", "…")):
            return view._ready is not None, message
    raise AssertionError("neither a picture nor a word")


@pytest.mark.parametrize("renderer", ["halfcell", "sixel"])
async def test_every_file_of_the_set_is_shown_or_named(renderer: str, store: Store, folder: Path) -> None:
    app = make_app(store, folder, renderer)
    async with app.run_test(size=(100, 30)) as pilot:
        for number, case in enumerate(CASES):
            shown, words = await settled(pilot, app.screen.query_one(PictureView))
            assert app.session.view().item.index == number
            assert f"Words about number {number}." in seen(app)
            if case.passed:
                assert words.startswith(f"No picture of item {number}: {case.name} is {case.passed}.")
            elif case.words:
                assert not shown
                assert re.search(case.words, words)
                # The words are on the screen, broken into lines, and nothing in them was taken for markup.
                assert "".join(words.split())[:30] in "".join(left_pane(app).split())
            else:
                assert shown, words
            assert not set(seen(app)) & set("\x1b\x00\u202e")
            await press(pilot, "n")
        await press(pilot, "1")
    assert app.return_code in (0, None)


@pytest.mark.parametrize("number", [CASES.index(case) for case in CASES if case.name in ("flat.png", "tall.png")])
@pytest.mark.parametrize("renderer", ["halfcell", "sixel"])
async def test_a_strip_keeps_its_proportions(number: int, renderer: str, store: Store, folder: Path) -> None:
    app = make_app(store, folder, renderer, number)
    async with app.run_test(size=(160, 48)) as pilot:
        view = app.screen.query_one(PictureView)
        await settled(pilot, view)
        assert view._ready is not None
        across, down = view._ready.place.pixels
        assert min(across, down) == 1  # 1 : 1500 in a box of some hundred
        await press(pilot, "z")
        assert isinstance(app.screen, Zoom)
        assert (await settled(pilot, app.screen.query_one(PictureView)))[0]


REASONS = {
    "404": Entry("", "failed", reason="the server answered 404 (not found)", permanent=True),
    "hostile": Entry("", "failed", reason=f"the server answered 418 ({HOSTILE})", source=HOSTILE),
    "never": None,
    "lost": Entry("", "kept", source="items.tsv"),
}


@pytest.mark.parametrize("renderer", ["halfcell", "sixel"])
@pytest.mark.parametrize("reason", REASONS)
async def test_without_a_picture_the_screen_says_why_and_the_review_goes_on(
    reason: str, renderer: str, store: Store, tmp_path: Path
) -> None:
    entry = REASONS[reason]
    if entry is not None:
        note(tmp_path, Entry(items()[3].image_url, entry.outcome, entry.source, "", entry.reason, entry.permanent))
    app = make_app(store, tmp_path, renderer, 3)
    async with app.run_test(size=(120, 40)) as pilot:
        shown, words = await settled(pilot, app.screen.query_one(PictureView))
        assert not shown
        assert words.startswith("No picture of item 3")
        if reason == "404":
            assert "No picture of item 3: the server answered 404 (not found). Asked on 20" in words
            assert items()[3].image_url in words
        if reason == "never":
            assert "miareview images fetch" in words
        assert not set(seen(app)) & set("\x1b\x00\u202e")
        await press(pilot, "o")
        await pilot.pause()
        assert "No picture of item 3" in str(app.screen.query_one("#status", Static).content)
        await acknowledge(pilot)
        await press(pilot, "4")
        assert [(event.component, event.value) for event in said(store)] == [(1, "4")]


async def test_what_is_no_picture_is_not_handed_to_the_system(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started"))
    number = next(n for n, case in enumerate(CASES) if case.name == "program.png")
    app = make_app(store, folder, "halfcell", number)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, app.screen.query_one(PictureView))
        await press(pilot, "o")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert "not a picture" in str(app.screen.query_one("#status", Static).content)


async def test_a_picture_that_goes_while_the_app_is_open_is_missed(store: Store, tmp_path: Path) -> None:
    numbers = [n for n, case in enumerate(CASES) if case.name.startswith("held")][:2]
    for number in numbers:
        (tmp_path / f"{number}.png").write_bytes(encoded(halves()))
    app = make_app(store, tmp_path, "halfcell", *numbers)
    async with app.run_test(size=(120, 40)) as pilot:
        assert (await settled(pilot, app.screen.query_one(PictureView)))[0]
        (tmp_path / f"{numbers[1]}.png").unlink()
        await press(pilot, "n")
        assert "there is no such picture file" in (await settled(pilot, app.screen.query_one(PictureView)))[1]


async def test_a_picture_that_comes_late_is_dropped(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = 10, 11
    for number, size in ((first, (300, 30)), (second, (30, 300))):
        (tmp_path / f"{number}.png").write_bytes(encoded(halves(size)))
    gate, loaded = Event(), Event()

    def slow(path: Path, box: tuple[int, int]) -> Picture:
        if path.stem == str(second):
            assert gate.wait(20)
            loaded.set()
        return load_picture(path, box)

    monkeypatch.setattr("miareview.tui.pictures.load_picture", slow)
    app = make_app(store, tmp_path, "halfcell", first, second)
    async with app.run_test(size=(120, 40)) as pilot:
        view = app.screen.query_one(PictureView)
        await settled(pilot, view)
        await press(pilot, "n")  # nothing waits for the picture
        assert f"Words about number {second}." in seen(app)
        assert view._ready is None
        await press(pilot, "p")
        await settled(pilot, view)
        flat = view._ready
        assert flat is not None
        gate.set()
        assert loaded.wait(20)
        await pilot.pause(0.2)
        assert view._ready is flat
        await press(pilot, "n")
        await settled(pilot, view)
        assert view._ready is not flat


def seen(app: MiaReview) -> str:
    """All text on the screen; a picture's own control sequences are none."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip if not segment.control) for strip in strips)


def left_pane(app: MiaReview) -> str:
    """What is on the screen where the picture would be."""
    region = app.screen.query_one(PictureView).region
    lines = [strip.crop(region.x, region.right).text for strip in app.screen._compositor.render_strips()]
    return "\n".join(lines[region.y : region.bottom])
