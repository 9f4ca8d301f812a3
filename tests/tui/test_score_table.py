"""The component table: all of the selected component's text, and clicks that hit what they are on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import said
from driving import press

from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.widgets.score_table import ScoreTable

LONG = "Name each animal of the picture in the order of size, the 大きい ones first, and end with the smallest of all"


@pytest.fixture
def app(store: Store, tmp_path: Path) -> MiaReview:
    """Two components, the first with a long text."""
    session = ReviewSession(store, "ann", [response.id for response in store.responses()])
    first, second, *_ = session.item.components
    session._items[session.item.id] = replace(session.item, components=(replace(first, text=LONG), second))
    return MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))


def rows(app: MiaReview) -> list[str]:
    table = app.screen.query_one(ScoreTable)
    strips = app.screen._compositor.render_strips()[table.region.y : table.region.bottom]
    return [strip.crop(table.region.x, table.region.right).text for strip in strips]


def row_of(app: MiaReview, has: Callable[[str], bool]) -> int:
    return next(number for number, row in enumerate(rows(app)) if has(row))


@pytest.mark.parametrize("size", [(160, 48), (100, 30)])
async def test_all_of_the_selected_components_text_is_there_and_clicks_hit(
    app: MiaReview, size: tuple[int, int]
) -> None:
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


async def test_on_a_low_screen_a_long_text_takes_one_line_more(app: MiaReview) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        there = rows(app)
        assert there[2].strip().endswith("…")
        assert there[3].startswith(" 2 ")
