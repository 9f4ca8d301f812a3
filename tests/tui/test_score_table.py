"""The component table: all of the selected component's text, and clicks that hit what they are on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import make_response, said
from driving import acknowledge, press
from textual.content import Content

from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.widgets.intervals import column
from miareview.tui.widgets.score_table import ScoreTable

LONG = "Name each animal of the picture in the order of size, the 大きい ones first, and end with the smallest of all"


@pytest.fixture
def app(store: Store, tmp_path: Path) -> MiaReview:
    """Two components, the first with a long text."""
    return app_of(store, tmp_path, [response.id for response in store.responses()])


@pytest.fixture
def crowded(store: Store, tmp_path: Path) -> MiaReview:
    """The same with a response that needs every line."""
    long = make_response(store.items()[0], "gamma", "word " * 900)
    store.add_responses([long], source="test")
    return app_of(store, tmp_path, [long.id])


def app_of(store: Store, tmp_path: Path, work: list[str]) -> MiaReview:
    session = ReviewSession(store, "ann", work)
    first, second, *_ = session.item.components
    session._items[session.item.id] = replace(session.item, components=(replace(first, text=LONG), second))
    return MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))


def rows(app: MiaReview) -> list[str]:
    table = app.screen.query_one(ScoreTable)
    strips = app.screen._compositor.render_strips()[table.region.y : table.region.bottom]
    return [strip.crop(table.region.x, table.region.right).text for strip in strips]


def row_of(app: MiaReview, has: Callable[[str], bool]) -> int:
    return next(number for number, row in enumerate(rows(app)) if has(row))


async def test_all_texts_are_whole_where_nothing_else_needs_the_lines(app: MiaReview) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot)
        before = [row[1:-1].split() for row in rows(app)[:5]]
        await press(pilot, "j")  # the second is selected, and the first stays whole
        assert "…" not in "".join(rows(app))
        assert [row[1:-1].split() for row in rows(app)[:4]] == before[:4]


@pytest.mark.parametrize("size", [(160, 48), (100, 30)])
async def test_all_of_the_selected_components_text_is_there_and_clicks_hit(
    crowded: MiaReview, size: tuple[int, int]
) -> None:
    app = crowded
    async with app.run_test(size=size) as pilot:
        await press(pilot)
        shown = [row.rstrip() for row in rows(app)]
        start = shown[1].index("Name")
        numbers = shown[1].rindex(" _")
        first = shown[1][start:numbers].split("  ")[0]
        more = [row.strip() for row in shown[2 : row_of(app, lambda row: row.startswith(" 2 "))]]
        assert " ".join([first, *more]) == LONG
        await pilot.click(ScoreTable, offset=(8, 1 + len(more)))  # the last line of the first
        await press(pilot, "0")
        assert len(rows(app)) == len(shown) - len(more)  # the second is selected, the first one line
        assert "…" in rows(app)[1]
        await pilot.click(ScoreTable, offset=(8, 1))
        await press(pilot)
        await pilot.click(ScoreTable, offset=(8, row_of(app, lambda row: row.startswith(" 2 "))))
        await press(pilot, "1")
        await pilot.click(ScoreTable, offset=(8, 1))
        await press(pilot)
        give = row_of(app, lambda row: "give" in row)
        await pilot.click(ScoreTable, offset=(rows(app)[give].index(" 1 ") + 1, give))
        await press(pilot)
        assert [(e.component, e.value) for e in said(app.session.store)] == [(1, "0"), (2, "1"), (1, "1")]


async def test_on_a_low_screen_a_long_text_is_whole_too(app: MiaReview) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        there = rows(app)
        end = next(number for number, row in enumerate(there) if row.startswith(" 2 "))
        shown = " ".join(row.strip() for row in there[2:end])
        assert LONG.endswith(shown)
        assert "…" not in shown


async def test_of_42_components_the_selected_one_is_always_in_sight(store: Store, tmp_path: Path) -> None:
    session = ReviewSession(store, "ann", [response.id for response in store.responses()])
    first = session.item.components[0]
    many = tuple(replace(first, position=n, text=f"Thing number {n}, {LONG}", weight=1) for n in range(1, 43))
    session._items[session.item.id] = replace(session.item, components=many)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        table = screen.query_one(ScoreTable)
        for position in [*range(1, 43), *range(42, 0, -1), 42]:
            screen.select(position)
            assert table.in_sight, position
        await press(pilot, "k")
        assert any(row.startswith("▌41 ") for row in rows(app))
        assert any("of 42" in row for row in rows(app))
        assert not any(row.startswith(" 1 ") for row in rows(app))
        screen.select(2)
        await pilot.resize_terminal(40, 3)
        await press(pilot, "1")  # nothing of the table is in sight
        assert said(app.session.store) == []
        await pilot.resize_terminal(80, 24)
        await acknowledge(pilot)
        await press(pilot, "1")
        assert [(e.component, e.value) for e in said(app.session.store)] == [(2, "1")]


async def test_free_lines_go_to_texts_from_the_first_component_on(store: Store, tmp_path: Path) -> None:
    session = ReviewSession(store, "ann", [store.responses()[0].id])
    first = session.item.components[0]
    five = tuple(replace(first, position=place, text="of two lines " * 4) for place in range(1, 6))
    session._items[session.item.id] = replace(session.item, components=five)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        table = app.screen.query_one(ScoreTable)
        for free, height in ((0, 8), (8, 8), (9, 9), (11, 11), (12, 12), (20, 12)):  # head, total, and the first whole
            table.most, table.free = 20, free
            assert table.get_content_height(None, None, 60) == height


@pytest.mark.parametrize(
    "name", ["model", "🚀👩‍🚀", "モデル", "نموذج", "e\u0301te\u0301", "👨‍👩‍👧‍👦 of a family that is far too long"]
)
def test_a_column_of_foreign_text_is_as_wide_as_it_is_to_be(name: str) -> None:
    assert column(name, 18).cell_length <= 18
    assert Content.assemble(column(name, 18), "|").cell_length == 19
