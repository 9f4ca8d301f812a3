"""Compare: answers beside each other, moving between models, components and items, and scoring in a cell."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from conftest import JUDGE, draw_queue
from test_browse_screen import app_of, press, seen

from miareview.demo import make_demo
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.ledger import events, review_state
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.comparing import Beside, window
from miareview.tui.look import short_names
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.beside import signs_of
from miareview.tui.screens.compare import CompareScreen
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.widgets.answers import AnswerPane, Answers


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_demo(tmp_path_factory.mktemp("compare") / "demo.db")


@pytest.mark.parametrize(("size", "told"), [((160, 48), "3 of 3"), ((80, 24), "2 of 3")])
async def test_answers_and_the_table(demo: Store, size: tuple[int, int], told: str) -> None:
    app = app_of(demo)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "i", "j", "j", "v", shows=f"{told} models")
        assert isinstance(app.screen, CompareScreen)
        shown = seen(app)
        assert "A demo-verbose" in shown
        assert "without mentioning" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())
        await press(pilot, "l", "l", shows="C demo-small")
        await press(pilot, "n", shows="item 1 ")
        await press(pilot, "b", shows="A demo-small")
        await press(pilot, "w", shows="Which models")
        await press(pilot, "space", "enter", shows="2 of 2 models")
        await press(pilot, "q", shows="36 responses")


async def test_d_goes_through_items_where_the_answers_differ(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "v", "D", shows="D differ 1/")
        await press(pilot, "D", shows="D one wrong")
        await press(pilot, "D", "D", shows="rank flips")
        await press(pilot, "D", "D", shows="D all 1/12")


async def test_another_item_begins_with_its_first_component(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "i", "v", "j", "j", "j", shows="4 ")
        assert (app.screen.comparing.number, app.screen.position) == (0, 4)  # type: ignore[attr-defined]
        await press(pilot, "n", shows="item 1")  # which has two components
        assert app.screen.position == 1  # type: ignore[attr-defined]


async def test_two_questions_at_once_make_the_panes_once(demo: Store) -> None:
    app = app_of(demo)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", "v", shows="3 of 3 models")
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await screen.query_one(Answers).remove_children()
        await asyncio.gather(screen._show_again(), screen._show_again(), screen._ask())
        await press(pilot, "l", shows="A demo-large")
        assert len(screen.query(AnswerPane)) == 3


async def test_a_score_with_the_judge_in_sight_is_assisted(tmp_path: Path) -> None:
    store = make_demo(tmp_path / "demo.db")
    app = app_of(store)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "i", "v", "j", "1", shows="it counts as assisted")
        beside = app.screen.comparing.beside  # type: ignore[attr-defined]
        id = beside.comparison.answers[0].response.id
        await press(pilot, "9", shows="does not fit")
        await press(pilot, "full_stop", shows="1.5 of 2, saved")
        state = review_state(store, id, "ann")
        assert state.blind == {}
        assert state.assisted[2].points == Fraction(3, 2)
        assert [event.kind for event in events(store, id, "ann")] == ["reveal", "score", "score"]
        await press(pilot, "enter", shows="JUDGE'S REASONS")
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.view is not None
        assert app.screen.view.judge_visible
        await press(pilot, "q", shows="compare  item")


async def test_in_a_blind_queue_there_are_answers_and_own_scores_only(store: Store, tmp_path: Path) -> None:
    queue = draw_queue(store, "mine", seed=3)
    session = ReviewSession(store, "ann", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    session.full_marks()
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "v", "l", "1", shows="component 1: 1 of")
        shown = seen(app)
        assert "waits, blind" in shown
        assert "assisted" not in shown
        assert "model A" in shown
        assert "B alpha" not in shown  # in their texts the models of this test name themselves
        assert "A alpha" not in shown
        assert "10/10" not in shown
        said = [event for event in events(store, reviewer="ann") if event.kind == "score"][-1]
        assert (said.queue, said.judge_visible, said.value) == ("mine", False, "1")


def test_no_two_answers_have_the_same_letter() -> None:
    named, first, second = (
        SimpleNamespace(model=model, waits=model != "demo-small") for model in ("demo-small", "model A", "model B")
    )
    beside = SimpleNamespace(
        labels=("demo-small", "model A", "model B"), places=(0, 1, 2),
        comparison=SimpleNamespace(answers=(named, first, second)),
    )  # fmt: skip
    assert signs_of(cast(Beside, beside)) == ["C", "A", "B"]


def test_the_base_stays_in_sight() -> None:
    assert window(3, 2, 4) == (0, 1, 2)
    assert window(30, 0, 4) == (0, 1, 2, 3)
    assert window(30, 29, 4) == (0, 27, 28, 29)
    assert window(30, 7, 2) == (0, 7)


def test_short_names_stay_apart() -> None:
    assert short_names(["ann", "benjamin"], 5) == {"ann": "ann", "benjamin": "benj…"}
    told = short_names(["demo-reviewer-1", "demo-reviewer-2"], 6)
    assert list(told.values()) == ["…wer-1", "…wer-2"]
    assert list(short_names(["a-long-x-name", "a-long-y-name"], 4).values()) == ["#1", "#2"]
