"""Keys one at a time: several in one read, held down, typed behind a refusal, typed while a write waits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import JUDGE, draw_queue, said
from driving import read, settle
from textual import events
from textual.widgets import Static, TextArea

from miareview.errors import DataError
from miareview.images.library import PictureLibrary
from miareview.review import session as session_module
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.input import TerminalInput
from miareview.tui.picture import choose_renderer
from miareview.tui.screens import saying
from miareview.tui.screens.dialogs import Choose, Comment, Sure
from miareview.tui.screens.review import ReviewScreen

ENTER, ESCAPE, SAVE = "\r", "\x1b[27u", "\x13"


@pytest.fixture
def app(store: Store, tmp_path: Path) -> MiaReview:
    queue = draw_queue(store, "gold", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    return MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))


def status(app: MiaReview) -> str:
    return str(app.screen_stack[1].query_one("#status", Static).content)


def words_of(app: MiaReview) -> list[tuple[str, int | None, str | None]]:
    return [(e.kind, e.component, e.value) for e in said(app.session.store)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("x11", [("ungradable", 1, "ambiguous")]),
        ("x1\r\r\r", [("ungradable", 1, "ambiguous")]),
        (f"/4{ENTER}{ENTER}{ENTER}", []),
        ("z42", []),
        ("?q42", []),
        ("x\u00b24", [("ungradable", 1, "I cannot tell")]),
        ("x\u00b2\x1b[27u2", []),
        (f"chi{SAVE}42", [("comment", None, "hi")]),
        (f"c{ENTER}{ENTER}4{SAVE}", [("comment", None, "\n\n4")]),
        ("ry42", [("reveal", None, None)]),
        ("rr42", []),
        ("rn42", []),
        ("Sq42q", []),
        ("Gq4", []),
        ("SGSq4", []),
        ("421", [("score", 1, "4"), ("score", 2, "2"), ("score", 2, "1")]),
        ("4k2", [("score", 1, "4"), ("score", 1, "2")]),
        ("\x1b[200~4210\r\x1b[201~", []),
    ],
)
async def test_many_keys_in_one_read(
    app: MiaReview, keys: str, expected: list[tuple[str, int | None, str | None]]
) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await read(pilot, keys)
        assert words_of(app) == expected
        assert app.is_running
        await read(pilot, ESCAPE, ESCAPE)
        assert isinstance(app.screen, ReviewScreen)


async def test_what_is_typed_behind_a_refused_key_goes_nowhere(app: MiaReview) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await read(pilot, "9210")
        assert words_of(app) == []
        assert "does not fit" in status(app)
        for key in "210":  # more of the same burst
            await read(pilot, key)
        assert words_of(app) == []
        assert "does not fit" in status(app)
        await pilot.pause(keyboard.PAUSE + 0.05)
        await read(pilot, "2")  # acknowledges, and does nothing else
        assert (words_of(app), status(app)) == ([], "")
        await read(pilot, "2")
        assert words_of(app) == [("score", 1, "2")]


async def test_a_click_behind_a_refused_key_goes_nowhere_either(app: MiaReview) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await read(pilot, "9")
        place = screen.query_one("#scores").region
        await read(pilot, f"\x1b[<0;{place.x + 4};{place.y + 3}M\x1b[<0;{place.x + 4};{place.y + 3}m")
        assert screen.selected == 1
        await pilot.pause(keyboard.PAUSE + 0.05)
        for _ in range(2):  # the first one acknowledges
            await read(pilot, f"\x1b[<0;{place.x + 4};{place.y + 3}M\x1b[<0;{place.x + 4};{place.y + 3}m")
        assert screen.selected == 2


@pytest.mark.parametrize("held", [True, False])
async def test_keys_wait_for_a_write_and_are_dropped_if_it_fails(
    app: MiaReview, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds the database while four digits are typed."""
    free, real = threading.Event(), session_module.append
    monkeypatch.setattr(saying, "SLOW", 0.05)

    def wait(*arguments: object) -> object:
        free.wait(60)
        if held:
            raise DataError("database is locked")
        return real(*arguments)  # type: ignore[arg-type]

    async with app.run_test(size=(100, 30)) as pilot:
        monkeypatch.setattr(session_module, "append", wait)
        driver = app._driver
        assert driver is not None
        await pilot.pause()
        for message in TerminalInput().feed("421"):
            driver.process_message(message)
        while "waiting for the database" not in status(app):
            await asyncio.sleep(0.02)
        assert words_of(app) == []
        free.set()
        await settle(pilot)
        if held:
            assert words_of(app) == []
            assert "NOT SAVED" in status(app)
            monkeypatch.setattr(session_module, "append", real)
            await pilot.pause(keyboard.PAUSE + 0.05)
            await read(pilot, " ", "3")
        assert [w[1:] for w in words_of(app)] == [(1, "3")] if held else [(1, "4"), (2, "2"), (2, "1")]


@pytest.mark.parametrize("key", [ENTER, "r", "A", "f", "x"])
async def test_a_key_held_down_does_its_thing_once(app: MiaReview, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "HELD", 60)  # however slow the machine
    async with app.run_test(size=(100, 30)) as pilot:
        if key == ENTER:
            await read(pilot, "f")
        for _ in range(12):
            await read(pilot, key)
            await asyncio.sleep(0.02)
        expected = {ENTER: ["score", "score", "commit"], "f": ["score", "score"]}
        assert [e.kind for e in said(app.session.store)] == expected.get(key, [])
        assert isinstance(app.screen, {"r": Sure, "x": Choose}.get(key, ReviewScreen))
        assert app.session.index == (key == ENTER)


async def test_keys_from_before_the_first_sight_are_no_words(app: MiaReview) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        driver = app._driver
        assert driver is not None
        early = events.Key("4", "4")
        early.time -= 5
        await pilot.pause()
        driver.process_message(early)
        await settle(pilot)
        assert words_of(app) == []


async def test_a_changed_comment_is_asked_about_before_it_goes(app: MiaReview) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await read(pilot, "c", "hi", ESCAPE)
        assert isinstance(app.screen, Sure)
        await read(pilot, "n", "!", ESCAPE)
        assert isinstance(app.screen, Sure)
        await read(pilot, "n", SAVE)
        assert words_of(app) == [("comment", None, "hi!")]
        await read(pilot, "c", ESCAPE)
        assert isinstance(app.screen, ReviewScreen)
        await read(pilot, "c", "?", ESCAPE, "y", "c")
        assert app.screen.query_one(TextArea).text == "hi!"


async def test_a_comment_that_could_not_be_saved_is_there_again(
    app: MiaReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DataError("The disk is full.")

    async with app.run_test(size=(100, 30)) as pilot:
        with monkeypatch.context() as patch:
            patch.setattr(session_module, "append", fail)
            await read(pilot, "c", "a long thought", SAVE)
            assert "NOT SAVED" in status(app)
        await pilot.pause(keyboard.PAUSE + 0.05)
        await read(pilot, " ", "c")
        assert app.screen.query_one(TextArea).text == "a long thought"
        await read(pilot, SAVE)
        assert words_of(app) == [("comment", None, "a long thought")]


async def test_a_comment_outlives_the_app(app: MiaReview, tmp_path: Path) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await read(pilot, "c", "half a th")
        app.leave(143)
        await pilot.pause()
    assert app.return_code == 143
    store = app.session.store
    session = ReviewSession(store, "ann", app.session.work, queue=app.session.queue, judge=JUDGE)
    again = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with again.run_test(size=(100, 30)) as pilot:
        await read(pilot, "c", "ought", SAVE, "c")
        assert isinstance(again.screen, Comment)
        assert again.screen.begun is None
        assert again.screen.text == "half a thought"


async def test_a_view_that_fails_does_not_deny_a_score_that_is_on_disk(
    app: MiaReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Callable[[], None]:
        raise DataError("The disk could not be read.")

    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(app.session, "view", fail)
        await read(pilot, "4")
        assert words_of(app) == [("score", 1, "4")]
        assert "NOT SAVED" not in status(app)
        assert "4 of" in status(app)
        assert "could not be read" in status(app)


async def test_a_refusal_that_was_not_painted_yet_is_not_acknowledged(app: MiaReview) -> None:
    """On a busy machine a key that was typed right behind a refused one is read long after the refusal."""
    acknowledged: list[str] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        app.keyboard.refuse(lambda: acknowledged.append("seen"))
        for _ in range(2):
            time.sleep(keyboard.PAUSE + 0.05)
            await app.keyboard.press(events.Key("1", "1"))
        await settle(pilot)
        assert (acknowledged, words_of(app)) == ([], [])
        await pilot.pause(keyboard.PAUSE + 0.05)
        await read(pilot, "1")
        assert (acknowledged, words_of(app)) == (["seen"], [])
