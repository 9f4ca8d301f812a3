"""Going anywhere, reasons on the right component, points of two digits, and what is said at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import JUDGE, draw_queue, said
from driving import acknowledge, press

from miareview.cli.review import last_line
from miareview.images.library import PictureLibrary
from miareview.review.places import places
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.behind import LookedAt
from miareview.tui.screens.browse import BrowseScreen
from miareview.tui.screens.review import ReviewScreen


@pytest.fixture(autouse=True)
def quick_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "PAUSE", 0.1)


def session_of(store: Store, size: int | None = None) -> ReviewSession:
    queue = draw_queue(store, "gold", seed=3, reveal="each", size=size)
    return ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)


def app_of(session: ReviewSession, tmp_path: Path) -> MiaReview:
    return MiaReview(session, PictureLibrary([tmp_path], session.store.items()), choose_renderer("off"))


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def status(app: MiaReview) -> str:
    return str(app.screen.query_one("#status").content)  # type: ignore[attr-defined]


async def test_an_item_outside_the_queue_is_looked_at_and_not_scored(store: Store, tmp_path: Path) -> None:
    session = session_of(store, size=2)
    inside = {item.index for item in map(session.item_of, session.work)}
    outside = next(item.index for item in store.items() if item.index not in inside)
    assert [place.kind for place in places(session, str(outside))] == ["look"]
    assert {place.kind for place in places(session, str(min(inside)))} == {"here"}
    assert [place.kind for place in places(session, "GOLD")] == ["queue"]
    assert places(session, "99999") == places(session, " ") == []
    app = app_of(session, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "g", *str(outside))
        assert "without scoring" in seen(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, LookedAt)
        assert f"item {outside}" in seen(app)
        await press(pilot, "2", "f", "enter", "x", "a", "j", "m", "q")
        assert isinstance(app.screen, ReviewScreen)
        assert said(store) == []
        last = session.item_of(session.work[-1]).index
        await press(pilot, "g", *str(last), "enter")
        assert session.item.index == last
        await press(pilot, "g", *store.models()[0], "enter")
        assert isinstance(app.screen, BrowseScreen)


async def test_a_reason_is_for_the_component_that_was_scored_last(store: Store, tmp_path: Path) -> None:
    app = app_of(session_of(store), tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "f", "k", "0", "enter")
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        assert screen.view is not None
        differing = screen.view.differences
        await press(pilot, "j", "k", str(0), "t")
        assert f"Why is the judge wrong on {differing[0]} " in seen(app)
        assert "judge" in seen(app)
        await press(pilot, "tab", *"too vague", "enter")
        assert [(e.component, e.value) for e in said(app.session.store) if e.kind == "reason"] == [
            (differing[0], "too vague")
        ]
        agreed = next(c.position for c in screen.view.item.components if c.position not in screen.view.differences)
        screen.select(agreed)
        await press(pilot, "t")
        assert "do not differ" in status(app)
        await acknowledge(pilot)


async def test_points_above_nine_are_typed(store: Store, tmp_path: Path) -> None:
    session = session_of(store)
    first, *rest = session.item.components
    session._items[session.item.id] = replace(session.item, components=(replace(first, weight=12), *rest))
    app = app_of(session, tmp_path)
    given: list[object] = []
    session.score = lambda position, points: given.append((position, points))  # type: ignore[method-assign]
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "1", "3", "enter")
        assert "from 0 to 12" in seen(app)
        await press(pilot, "backspace", "1", "enter")
        assert given == [(1, 11)]
        await press(pilot, "k", "1", "enter", "k", "7")
        assert given[1:] == [(1, 1), (1, 7)]


def test_the_last_line_says_what_was_done_and_how_to_go_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of(store)
    session.full_marks()
    session.commit()
    line = last_line(session)
    assert line.startswith(f"1 of {len(session.work)} responses committed in ")
    assert line.endswith(f"Go on: miareview --db {store.path} review --queue gold --as ann")
    monkeypatch.setenv("MIAREVIEW_DB", str(store.path))
    assert last_line(session).endswith("Go on: miareview review --queue gold --as ann")
