"""What all screens share: keys with actions, help in groups, and a footer that fits and follows what can be done."""

from __future__ import annotations

import pytest
from conftest import JUDGE, draw_queue
from driving import press

from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.keys import EVERYWHERE, all_keys
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.behind import OpenedReview
from miareview.tui.screens.help import Help, arrange, block
from miareview.tui.screens.page import Page, keys_markdown, pages
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.widgets.footer import Footer


def app_of(store: Store) -> MiaReview:
    queue = draw_queue(store, "gold", seed=3, reveal="each")
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def columns(app: MiaReview) -> int:
    return sum(pane.display for pane in app.screen.query(".keys"))


def footer(app: MiaReview) -> str:
    return seen(app).splitlines()[-1]


@pytest.mark.parametrize("page", [*pages(), OpenedReview], ids=lambda page: page.__name__)
def test_every_key_has_its_action_and_no_key_has_two(page: type[Page]) -> None:
    keys = all_keys(page.KEYS)
    for key in keys:
        name = key.action.partition("(")[0]
        owner = MiaReview if name.startswith("app.") else page
        assert hasattr(owner, f"action_{name.removeprefix('app.')}"), key
    used = [name for key in keys for name in key.keys.split(",")]
    assert len(used) == len(set(used))


def test_the_docs_have_every_key_of_every_screen() -> None:
    text = keys_markdown()
    assert {page.NAME for page in pages()} >= {"review", "scores", "agreement", "browse"}
    for page in pages():
        assert f"## {page.NAME.capitalize()}\n" in text
        assert all(key.help in text for key in all_keys(page.KEYS) if key not in EVERYWHERE)


async def test_help_is_there_in_columns_where_there_is_room(store: Store) -> None:
    app = app_of(store)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        shown = seen(app)
        assert "Keys: review" in shown
        for key in all_keys(ReviewScreen.KEYS):
            assert key.help.split()[-1] in shown, key
        assert columns(app) > 1
        await pilot.resize_terminal(80, 24)
        await press(pilot, "pagedown", "pageup", "j")
        assert columns(app) == 1
        await press(pilot, "q", "i", "question_mark")
        assert "Keys: browse" in seen(app)


async def test_the_footer_tells_what_can_be_done_now_and_fits(store: Store) -> None:
    app = app_of(store)
    async with app.run_test(size=(80, 24)) as pilot:
        for width in (160, 100, 80):
            await pilot.resize_terminal(width, 30)
            await press(pilot, "j")
            assert "r reveal" in footer(app)
            assert "? help" in footer(app)
            assert "a agree" not in footer(app)
            assert len(footer(app).rstrip()) > width * 0.75  # no half of it is empty
        await press(pilot, "r", "y")
        assert "a agree" in footer(app)
        assert "r reveal" not in footer(app)
        await press(pilot, "f")
        assert "↵ commit" in footer(app)
        assert "f full" not in footer(app)


async def test_keys_of_one_label_stand_together_in_the_footer(store: Store) -> None:
    app = app_of(store)
    async with app.run_test(size=(160, 30)) as pilot:
        await press(pilot, "H", "question_mark", "q")
        assert "PgDn PgUp page" in footer(app)
        await pilot.resize_terminal(30, 30)  # room for one of them, not for both
        await press(pilot)
        assert "Pg" not in footer(app)
        assert "← h older" in footer(app)


def test_columns_are_as_even_as_the_order_allows() -> None:
    blocks = [block(name, EVERYWHERE, 40) * times for name, times in (("a", 3), ("b", 1), ("c", 1), ("d", 1))]
    heights = [len(column) for column in arrange(blocks, 2)]
    assert heights == [12, 12]
    assert [len(column) for column in arrange(blocks, 1)] == [24]
    assert len(arrange(blocks, 4)) <= 4


async def test_a_click_on_the_footer_presses_the_key(store: Store) -> None:
    app = app_of(store)
    async with app.run_test(size=(160, 30)) as pilot:
        await press(pilot)
        await pilot.click(Footer, offset=(footer(app).index("help"), 0))
        await press(pilot)
        assert isinstance(app.screen, Help)
