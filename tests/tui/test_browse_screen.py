"""Browse: a row a response, filters and orders by keys, the review behind a row, and nothing of what waits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import driving
import pytest
from conftest import JUDGE, draw_queue
from driving import wait_for
from textual.events import Key, Paste
from textual.pilot import Pilot

from miareview.demo import make_demo
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.ledger import events, may_see_judge, review_state
from miareview.store.queues import designs
from miareview.store.queues import queue as find_queue
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.doors import Doors
from miareview.tui.listing import Listing
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.browse import BrowseScreen
from miareview.tui.screens.dialogs import Choose, Sure
from miareview.tui.screens.filters import Facet
from miareview.tui.screens.review import ReviewScreen


def app_of(store: Store, reviewer: str = "ann") -> MiaReview:
    work = [response.id for response in store.responses()]
    session = ReviewSession(store, reviewer, work, judge=store.judges()[0])
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def press(pilot: Pilot[None], *keys: str, shows: str = "") -> None:
    """Press keys, and wait until the screen shows some words: an answer is read in a thread."""
    await driving.press(pilot, *keys)
    await wait_for(pilot, lambda: shows in seen(pilot.app))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_demo(tmp_path_factory.mktemp("browse") / "demo.db")


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (80, 24)])
async def test_rows_and_the_selected_one_whole(demo: Store, size: tuple[int, int]) -> None:
    app = app_of(demo)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "i", shows="36 responses")
        await press(pilot, "j", "j", shows="0 · demo-verbose · 52 words")
        shown = seen(app)
        assert "8/10" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())
        await press(pilot, "G", shows="11 · demo-verbose")
        await press(pilot, "q", shows="commit")
        assert isinstance(app.screen, ReviewScreen)


async def test_filter_order_count_and_unit(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", shows="36 responses")
        await press(pilot, "f", *"why:people", "enter", shows="8 responses")
        await press(pilot, *">>>>>", "s", shows="by -delta,item")
        await press(pilot, "s", shows="by delta,item")
        await press(pilot, "backspace", shows="36 responses")
        await press(pilot, "U", shows="components")
        await press(pilot, "f", *"cat:mat", "tab", "enter", shows="21 components")
        assert "cat:math" in seen(app)
        await press(pilot, "f", *" colour:red", "enter", shows="does not know")
        assert app.screen.query("#filter-help")
        await press(pilot, "ctrl+g", *"<<", "F", shows="counted by model")
        await press(pilot, "down", "enter", shows="model:demo-")
        await press(pilot, "slash", *"11", "enter", shows="item:11")


async def test_enter_opens_the_review_and_q_comes_back_to_the_row(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "i", shows="36 responses")
        await press(pilot, "j", "j", "j", shows="1 · demo-large")
        await press(pilot, "enter", shows="commit")
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.view is not None
        assert app.screen.view.item.index == 1
        await press(pilot, "q", shows="1 · demo-large")
        assert isinstance(app.screen, BrowseScreen)


async def test_what_waits_shows_neither_judge_nor_model(store: Store, tmp_path: Path) -> None:
    queue = draw_queue(store, "mine", seed=3)
    work = [row.response for row in queue.rows]
    session = ReviewSession(store, "ann", work, queue=queue, judge=JUDGE)
    session.full_marks()
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", shows="waits in your blind queue")
        shown = seen(app)
        assert "12 responses" in shown
        assert "10/10" not in shown
        assert "alpha   " not in shown
        await press(pilot, "F", ">", shows="12 held back")
        await press(pilot, "escape", "f", *"judge>=0", "enter", shows="0 responses")
        assert "12 more held back" in seen(app)
        await press(pilot, "Q", shows="No row is shown")


async def test_what_is_worked_on_waits_before_anything_was_said(store: Store, tmp_path: Path) -> None:
    queue = draw_queue(store, "mine", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "v", shows="waits, blind")
        assert "10/10" not in seen(app)
        await press(pilot, "q", "i", shows="waits in your blind queue")
        assert "10/10" not in seen(app)
        await press(pilot, "enter", "3", shows="component 1: 3 of 4")
        score = events(store, reviewer="ann")[-1]
        assert (score.kind, score.queue, score.judge_visible) == ("score", "mine", False)


async def test_marks_are_exported_and_made_a_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = make_demo(tmp_path / "demo.db")
    app = app_of(store)
    file = tmp_path / "rows.csv"
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", "f", *"why:people", "enter", shows="8 responses")
        await press(pilot, "space", "space", shows="2 marked")
        await press(pilot, "e", *"rows.csv", "enter", shows="2 rows written")
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [line.split(",")[:2] for line in lines[1:]] == [["1", '"demo-small"'], ["1", '"demo-verbose"']]
        await press(pilot, "e", *"rows.csv", "enter", shows="there already")
        await press(pilot, "asterisk", "space", "Q", *"mine", "enter", shows="has 7 responses")
        made = find_queue(store, "mine")
        assert made.design == "rule"
        third = next(item.id for item in store.items() if item.index == 2)
        assert third not in {row.item for row in made.rows}  # the one row whose mark was taken away
        await press(pilot, "y", shows="mine 1/7")
        await press(pilot, "q", shows="8 responses")


async def test_what_is_shown_can_be_kept_as_a_view(tmp_path: Path) -> None:
    store = make_demo(tmp_path / "demo.db")
    app = app_of(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "i", "V", "down", "enter", shows="why:witness")
        await press(pilot, "V", *"mine", "enter", shows="kept as mine")
        await press(pilot, "backspace", "V", "enter", shows="why:witness")
        await press(pilot, "V", *"delta", "enter", shows="come along")
        await press(pilot, "V", "ctrl+d", shows="the view mine is gone")


async def test_a_reveal_from_the_list_is_recorded(store: Store, tmp_path: Path) -> None:
    queue = draw_queue(store, "mine", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    session.full_marks()
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", "enter", shows="mine 1/12")  # a row that waits opens in its queue, blind
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.view is not None
        assert not app.screen.view.judge_visible
        await press(pilot, "q", "r", "y", shows="JUDGE'S REASONS")
        said = events(store, reviewer="ann")
        assert [event.kind for event in said][-1] == "reveal"
        assert may_see_judge(store, "ann", review_state(store, said[-1].response or "", "ann"))


async def test_the_app_may_begin_with_the_list(demo: Store) -> None:
    work = [demo.responses()[0].id]
    session = ReviewSession(demo, "ann", work, judge=demo.judges()[0])

    def first(doors: Doors) -> None:
        doors.browse("miareview-demo", "why:witness", "component", "item")

    app = MiaReview(session, PictureLibrary([], demo.items()), choose_renderer("off"), first)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, shows="components")
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_a_row_that_is_read_when_the_list_is_gone_is_not_shown(demo: Store) -> None:
    session = ReviewSession(demo, "ann", [demo.responses()[0].id], judge=demo.judges()[0])
    app = MiaReview(session, PictureLibrary([], demo.items()), choose_renderer("off"))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "i", shows="responses")
        screen = app.screen
        assert isinstance(screen, BrowseScreen)
        row = screen.listing.row(0)
        assert row is not None
        await press(pilot, "q")
        assert not screen.children
        await screen._preview(row)
        await press(pilot, "i", shows="responses")


async def test_the_end_of_a_queue_leads_to_the_differences(demo: Store) -> None:
    queue = find_queue(demo, "demo-random")
    work = [row.response for row in queue.rows]
    session = ReviewSession(demo, "demo-reviewer-1", work, queue=queue, judge=demo.judges()[0])
    app = MiaReview(session, PictureLibrary([], demo.items()), choose_renderer("off"))
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "E", "d", shows="11 components")
        assert "who:demo-reviewer-1 delta>0" in seen(app)


async def test_names_that_no_file_and_no_queue_can_have_are_refused(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "i", shows="36 responses")
        for key, names, told in (
            ("e", ("~nobody-of-that-name/rows.csv", "x" * 300 + ".csv", "a\0b.csv"), "No file can be written to"),
            ("Q", ("q\x1b]0;title\x07", "q" * 101), "A queue cannot be named"),
        ):
            for name in names:
                await press(pilot, key, shows="36 shown")
                app._driver.send_message(Paste(name))  # type: ignore[union-attr]
                await press(pilot, "enter", shows=f"{told} {name[:5]!r}"[:-2])
                assert "\x1b" not in seen(app)
                app.screen._tell("")  # type: ignore[attr-defined]
    assert [design.name for design in designs(demo) if design.name.startswith("q")] == []


async def test_a_count_offers_what_the_filter_knows_and_finds_it(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "i", shows="36 responses")
        await press(pilot, "U", "F", shows="counted by")
        assert isinstance(app.screen, Facet)
        assert "component" not in app.screen.columns
        await press(pilot, "escape")
        assert isinstance(app.screen, BrowseScreen)
        await app.screen._ask(filter=app.screen.listing.with_value("people", 7 / 3))
        assert app.screen.listing.filter == "people:7/3"


async def test_a_question_shows_no_raw_sign(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Sure("Work through a\x1b[31mb now?"))
        await press(pilot, shows="Work through a␛[31mb now?")
        app.push_screen(Choose("c\x1b[31md", ["one"]))
        await press(pilot, shows="c␛[31md")


async def test_a_list_that_waits_says_so_and_one_that_is_whole_waits_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes meanwhile."""
    locked, ask = Event(), Listing.ask

    def late(listing: Listing, **changed: str) -> None:
        locked.wait(60)
        ask(listing, **changed)  # type: ignore[arg-type]

    monkeypatch.setattr(Listing, "ask", late)
    with make_demo(tmp_path / "demo.db") as store, closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        store.connection.execute("pragma busy_timeout = 100")
        app = app_of(store)
        async with app.run_test(size=(100, 30)) as pilot:
            await press(pilot, shows="RESPONSE")
            app._driver.send_message(Key("i", "i"))  # type: ignore[union-attr]
            until = monotonic() + driving.PATIENCE
            while "Getting the list ready" not in seen(app):
                assert monotonic() < until
                await pilot.pause(0.01)
            other.execute("begin immediate")
            locked.set()
            await press(pilot, shows="locked")  # one word, since the line wraps where the path is long
            assert "Nothing matches" not in seen(app)
            other.execute("rollback")
            await press(pilot, "U", shows="components")
            other.execute("begin immediate")
            await press(pilot, "U", shows="12 items")
            other.execute("rollback")
