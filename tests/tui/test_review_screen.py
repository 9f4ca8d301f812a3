"""The review screen, driven with real keys: what it shows, what it keeps, and what it never shows."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import JUDGE, draw_queue, said
from driving import acknowledge, press, wait_for
from PIL import Image
from textual.widgets import Static

from miareview.errors import DataError
from miareview.images.library import PictureLibrary
from miareview.review import session as session_module
from miareview.review.session import ReviewSession
from miareview.store.queues import queues
from miareview.store.reply_readings import add_readings, stored_readings
from miareview.store.store import Store
from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.picture import PictureView, choose_renderer
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.widgets.score_table import ScoreTable

SIZES = [(160, 48), (100, 30), (80, 24)]
MakeApp = Callable[..., MiaReview]


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause that is short enough for tests."""
    monkeypatch.setattr(keyboard, "PAUSE", 0.1)


@pytest.fixture
def make_app(store: Store, tmp_path: Path) -> MakeApp:
    def make(renderer: str = "off", blind: bool = True) -> MiaReview:
        queue = next(iter(queues(store)), None) or draw_queue(store, "gold", seed=3, reveal="each")
        work = [row.response for row in queue.rows]
        session = ReviewSession(store, "ann", work, queue=queue, blind=blind, judge=JUDGE)
        return MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer(renderer))

    return make


def seen(app: MiaReview) -> str:
    """All that is on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def status(app: MiaReview) -> str:
    return str(app.screen.query_one("#status", Static).content)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("renderer", ["off", "halfcell", "sixel"])
async def test_everything_is_in_sight_at_every_size(make_app: MakeApp, size: tuple[int, int], renderer: str) -> None:
    app = make_app(renderer)
    async with app.run_test(size=size) as pilot:
        await press(pilot)
        view = app.session.view()
        shown = seen(app)
        assert view.item.instruction[:30] in shown
        assert view.response.text[:30] in shown
        for component in view.item.components:
            assert f"{component.position} {component.category}" in shown
        for word in ("of", "judge", "you", "total", "blind", "gold", view.model_label, "commit", "help", "2 sentences"):
            assert word in shown, word
        assert all(len(line) <= size[0] for line in shown.splitlines())
        await press(pilot, "r", "y")
        assert "JUDGE'S REASONS" in seen(app)
        assert "gpt-4o" in seen(app)


async def test_a_digit_scores_is_on_disk_and_goes_on(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2")
        assert [(e.kind, e.component, e.value) for e in said(app.session.store)] == [("score", 1, "2")]
        assert "component 1: 2 of" in status(app)
        await press(pilot, "3")
        assert [(e.component, e.value) for e in said(app.session.store)] == [(1, "2"), (2, "3")]


async def test_a_score_above_the_weight_is_refused_with_a_word(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "9")
        assert "is worth" in status(app)
        assert said(app.session.store) == []


async def test_half_points_clear_undo_redo(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "full_stop", "full_stop", "full_stop")
        assert "1.5 of" in status(app)
        assert "1½" in seen(app)
        await press(pilot, "minus", "u", "ctrl+r", "backspace")
        assert [e.kind for e in said(app.session.store)] == ["score"] * 4 + ["undo", "redo", "clear"]
        assert app.session.view().state.blind == {}


def know_where_it_was_read(store: Store) -> None:
    """Keep of every reply in which place each score stands: in "component 1: 6; component 2: 4" before its end."""
    found = []
    for one in stored_readings(store):
        (judgment,) = store.judgments(one.response)
        ends = [match.end() for match in re.finditer(r"\d+(?=;|$)", one.raw)]
        scores = [replace(s, start=end - 1, end=end) for s, end in zip(judgment.sub_scores, ends, strict=True)]
        found.append((one, replace(judgment, sub_scores=tuple(scores))))
    add_readings(store, found, "test")


async def test_the_judge_is_hidden_until_the_commit(make_app: MakeApp) -> None:
    app = make_app()
    know_where_it_was_read(app.session.store)
    async with app.run_test(size=(160, 48)) as pilot:
        reply = app.session.store.judgments(app.session.work[0])[0].raw
        await press(pilot, "A")
        for secret in ("gpt-4o", "read from", "alpha answers" if "beta" in seen(app) else "model: alpha", reply or "?"):
            assert secret not in seen(app)
        assert "hidden" in seen(app)
        assert said(app.session.store) == []
        await acknowledge(pilot)
        await press(pilot, "f", "enter")
        assert reply is not None
        assert reply[:20] in seen(app)
        assert "committed ✓" in seen(app)
        await press(pilot, "k", "k")
        for position, weight in enumerate(app.session.view().item.weights[:2], start=1):
            words = f"component {position}: {weight}"
            assert f"{words} of {weight}, read from “{words}”" in seen(app)
            await press(pilot, "j")


@pytest.mark.parametrize("size", SIZES)
async def test_a_judge_that_saw_no_picture_is_shown_as_such(make_app: MakeApp, size: tuple[int, int]) -> None:
    for blind in (True, False):  # in this order: what was shown once is no secret any more
        app = make_app(blind=blind)
        app.session.sight.judge = replace(JUDGE, sees_image=False)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            assert ("! saw no picture" in seen(app)) != blind


async def test_what_has_no_score_cannot_be_committed_and_is_named(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        assert "No score yet: 1, 2" in status(app)
        await acknowledge(pilot)
        await press(pilot, "j", "x", "1")
        await press(pilot, "enter")
        assert "No score yet: 1" in status(app)
        await acknowledge(pilot)
        assert [e.kind for e in said(app.session.store)] == ["ungradable"]
        await press(pilot, "f", "enter")
        assert [e.kind for e in said(app.session.store)][-1] == "commit"
        assert "gpt-4o" in seen(app), "shown in place"
        assert app.session.index == 0
        await press(pilot, "j", "enter")
        assert app.session.index == 1


async def test_words_reasons_and_flags(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "c", "[", "/", "]", "5", "ctrl+s")
        await press(pilot, "t")
        assert "judge is hidden" in status(app)
        await acknowledge(pilot)
        await press(pilot, "x", "1", "F")
        found = [(e.kind, e.value) for e in said(app.session.store)]
        assert found == [("comment", "[/]5"), ("ungradable", "ambiguous"), ("flag", "1")]
        assert "[/]5" in seen(app)
        assert "flagged" in seen(app)
        await press(pilot, "c", "z", "escape", "y", "s")
        assert [e.kind for e in said(app.session.store)][3:] == ["skip"]
        assert app.session.index == 1


async def test_moving_searching_looking(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        first = app.session.view().item.index
        await press(pilot, "n")
        assert app.session.view().item.index != first
        await press(pilot, "p", "m", "M", "j", "k", "pagedown", "pageup", "right_square_bracket")
        assert app.session.view().item.index == first
        await press(pilot, "slash", "4", "enter")
        assert app.session.view().item.index == 4
        await press(pilot, "question_mark")
        assert "full marks on all components" in seen(app)
        await press(pilot, "escape", "z")
        assert app.screen.query(PictureView)
        await press(pilot, "space", "o")
        assert "no picture" in status(app).lower()
        assert isinstance(app.screen, ReviewScreen)


async def test_a_click_selects_a_component(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.click(ScoreTable, offset=(5, 2))
        await press(pilot, "1")
        assert said(app.session.store)[0].component == 2


async def test_points_can_be_given_with_the_mouse_alone(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 48)) as pilot:
        row = len(app.session.view().item.components) + 2
        give = seen(app).splitlines()[app.screen.query_one(ScoreTable).region.y + row]
        place = give.index(" 2 ") + 1 - app.screen.query_one(ScoreTable).region.x
        await pilot.click(ScoreTable, offset=(place, row))
        await press(pilot)
        assert [(e.component, e.value) for e in said(app.session.store)] == [(1, "2")]


async def test_what_could_not_be_saved_is_not_shown_as_done(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()

    def fail(*_: object) -> None:
        raise DataError("The disk is full.")

    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "k")
        monkeypatch.setattr(session_module, "append", fail)
        await press(pilot, "u")
        assert "NOT SAVED" in status(app)
        await acknowledge(pilot)
        assert status(app) == ""
        await press(pilot, "2")
        assert "NOT SAVED" in status(app)
        assert app.screen.query_one("#status").has_class("lost")
        assert [str(mark.points) for mark in app.session.view().state.blind.values()] == ["1"]
        assert len(said(app.session.store)) == 1


async def test_fast_keys_lose_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *("1", "k") * 20)
        assert [e.value for e in said(app.session.store)] == ["1"] * 20


@pytest.mark.parametrize("renderer", ["halfcell", "sixel"])
async def test_the_right_picture_stays_while_items_fly_by(make_app: MakeApp, tmp_path: Path, renderer: str) -> None:
    for index in range(6):
        Image.new("RGB", (640, 480), (40 * index, 255 - 40 * index, 90)).save(tmp_path / f"{index}.png")
    app = make_app(renderer)
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(5):
            await pilot.press("n")
        await press(pilot, "p", "p")
        await pilot.pause(0.5)
        ready = app.screen.query_one(PictureView)._ready
        assert ready is not None
        index = app.session.view().item.index
        colour = (40 * index, 255 - 40 * index, 90)
        if renderer == "sixel":
            assert ready.canvas.canvas.convert("RGB").getpixel((5, 5)) == colour
        else:
            assert tuple(next(iter(ready.canvas[2])).style.color.triplet) == colour


async def test_a_bad_picture_file_is_named_and_the_review_goes_on(make_app: MakeApp, tmp_path: Path) -> None:
    for index in range(6):
        (tmp_path / f"{index}.jpg").write_text("<html>[/] not found</html>")
    app = make_app("halfcell")
    async with app.run_test(size=(120, 40)) as pilot:
        index = app.session.view().item.index
        await wait_for(pilot, lambda: f"{index}.jpg" in seen(app))
        await press(pilot, "2")
        assert len(said(app.session.store)) == 1


async def test_too_little_memory_for_a_picture_is_said_and_the_review_goes_on(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("miareview.tui.pictures.prepare", no_room)
    for index in range(6):
        Image.new("RGB", (40, 30)).save(tmp_path / f"{index}.png")
    app = make_app("halfcell")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.5)
        assert "not enough memory" in seen(app)
        await press(pilot, "2")
        assert len(said(app.session.store)) == 1


async def test_other_themes_work(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        for theme in ("textual-light", "nord", "miareview"):
            app.theme = theme
            await pilot.pause()
            await press(pilot, "j")
            assert "SCORES" in seen(app)


def app_in(store: Store, reveal: str) -> MiaReview:
    queue = draw_queue(store, reveal, seed=3, reveal=reveal)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))


async def test_commit_shows_the_judge_in_place_on_the_first_difference(store: Store) -> None:
    app = app_in(store, "each")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "f", "j", "1", "enter")
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        assert (app.session.index, screen.selected) == (0, 2)
        assert "component 1: 6" in seen(app)
        assert "goes on" in status(app)
        await pilot.pause(keyboard.HELD)
        await press(pilot, "enter")
        assert app.session.index == 1
        assert "component 1: 6" not in seen(app)
        await press(pilot, "b")
        assert app.session.index == 0


async def test_a_queue_that_shows_the_judge_at_the_end_stays_blind_and_ends_with_a_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyboard, "HELD", 0)
    app = app_in(store, "end")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "f", "enter")
        assert app.session.index == 1
        await press(pilot, "u")
        assert app.session.index == 0
        assert said(store)[-1].kind == "reopen"
        await press(pilot, "0", "enter", *["f", "enter"] * 10)
        assert "gpt-4o" not in seen(app)
        await press(pilot, "E")
        assert "11 of 12 responses" in seen(app)
        await press(pilot, "q", "f", "enter")
        assert "12 of 12 responses" in seen(app)
        assert "1 response where any component differs" in seen(app)
        await press(pilot, "d")
        assert "1 component " in seen(app)  # the list of what differs


async def test_numbers_in_a_blind_queue_are_asked_about_and_recorded(store: Store) -> None:
    app = app_in(store, "end")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "S", "n")
        assert said(store) == []
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "S", "y")
        assert not isinstance(app.screen, ReviewScreen)
        assert [e.kind for e in said(store)] == ["peek"]


async def test_words_that_a_moved_file_could_not_take_are_offered_once_it_is_back(store: Store) -> None:
    app = app_in(store, "end")
    away = store.path.with_name("away")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "j")
        store.path.rename(away)
        await press(pilot, "2")
        assert "NOT SAVED" in status(app)
        away.rename(store.path)
        await acknowledge(pilot)
        await press(pilot, "k", "1")
        assert "component 2: 2" in seen(app)
        await press(pilot, "y")
        assert [(e.component, e.value) for e in said(store)] == [(1, "1"), (2, "2")]
