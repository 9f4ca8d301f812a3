"""Long answers, many components, wide and joined characters, text from right to left: on every screen."""

from __future__ import annotations

import asyncio
import re
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import JUDGE, commit, draw_queue, make_judgment, make_response
from driving import press
from rich.cells import cell_len
from textual.widget import Widget
from tour import SIZES, calm, walk, way

from miareview.identity import item_id
from miareview.images.library import PictureLibrary
from miareview.model import CATEGORIES, Component, Item
from miareview.probing.answers import Miss
from miareview.review.session import ReviewSession
from miareview.store.browse_views import View, keep_view
from miareview.store.probes import Probe
from miareview.store.queues import queue as find_queue
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.look import show_points
from miareview.tui.missing import misses_app
from miareview.tui.picture import choose_renderer
from miareview.tui.widgets.row_list import RowList
from miareview.tui.widgets.score_table import ScoreTable
from miareview.words.numbers import runs

LONG = " ".join(f"word{number}" for number in range(3_250))
JAPANESE = "港行きのバスは九時二十五分に出発します。"
ARABIC = "تغادر الحافلة إلى الميناء في التاسعة وخمس وعشرين دقيقة."
EMOJI = "👩‍🚀🚌🏖️ e\u0301tat 👨‍👩‍👧‍👦 10 🇯🇵"
WEIGHTS = ((12, 4, 3, 3, 2), (1,) * 42)
BROKEN = re.compile(
    "\u200d(?:$|[ …│▌])|(?:^|[ …│▌])[\u0301\u200d\ufe0f]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]"
)

PAGES = (
    way("five components", "", "commit"),
    way("forty-two components", "n", "commit"),
    way("the sixteenth component", "j " * 14 + "1", "▌16 "),
    way("response", "Z", "RESPONSE"),
    way("browse", "i", "responses"),
    way("compare", "v", "compare"),
    way("gold", "L", "gold"),
    way("agreement", "G y", "agree"),
    way("reviews behind", "G enter", "behind"),
)
"""At all sizes."""

DIALOGS = (
    way("points", "1", "Points for"),
    way("help", "question_mark", "Keys"),
    way("go", "g 1", "item 1"),
    way("find", "slash 1", "item 1"),
    way("find words", "slash 港", "▸"),
    way("comment", "c", "omment"),
    way("ungradable", "x", "not be graded"),
    way("end", "E", "committed"),
    way("components", "i U", "components"),
    way("filter", "i f", "item cat diff"),
    way("filter: a word", "i f m o d e l :", "a name; * stands for anything"),
    way("views", "i V", "unreviewed"),
    way("count", "i greater_than_sign greater_than_sign F", "counted by"),
    way("models", "v w", "esc"),
    way("scores", "S y", "refused"),
    way("guideline", "H", "back"),
    way("refused", "n enter", "skips this response"),
)
"""On the smallest screen, where they are cramped if anywhere."""


@pytest.fixture
def hard(tmp_path: Path) -> Store:
    """Two items with five and forty-two components, four models' answers, one committed review."""
    store = Store.open(tmp_path / "hard.db", create=True)
    items = []
    for number, weights in enumerate(WEIGHTS):
        instruction = f"{JAPANESE} {EMOJI} {ARABIC} {number}"
        parts = tuple(
            Component(
                place, CATEGORIES[place % len(CATEGORIES)], f"{(JAPANESE, EMOJI, ARABIC)[place % 3]} {place}", weight
            )
            for place, weight in enumerate(weights, start=1)
        )
        url = f"https://example.invalid/{number}.png"
        items.append(Item(item_id("test", url, instruction), "test", number, url, instruction, "advanced", parts))
    store.add_items(items)
    texts = {"model-long": LONG, "モデル": JAPANESE * 8, "نموذج": ARABIC * 6, "🚀👩‍🚀": EMOJI * 12}
    for item in items:
        responses = [make_response(item, model, text) for model, text in texts.items()]
        store.add_responses(responses)
        store.add_judgments(JUDGE, [make_judgment(item, r, list(item.weights), JAPANESE + r.model) for r in responses])
    commit(store, "安倍", store.responses()[0].id)
    draw_queue(store, "列", design="all", reveal="each")
    keep_view(store, View(JAPANESE * 3, "response", f'text:"{EMOJI} {ARABIC} {JAPANESE}"', "-delta"), "安倍")
    return store


def app_of(store: Store) -> MiaReview:
    queue = find_queue(store, "列")
    session = ReviewSession(store, "安倍", [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))


def misses_of(store: Store) -> MiaReview:
    """The misses screen with one miss: a long answer before, mixed scripts after."""
    item = store.items()[1]
    probe = Probe(1, item.id, 2, "break", "drop", 1, "1", None, "0" * 64, "モデル", JAPANESE, EMOJI, ARABIC, "0", "r")
    miss = Miss(probe, item, LONG, f"{JAPANESE * 9} {ARABIC * 9} {EMOJI * 9}", 1.0, 1.0)
    session = ReviewSession(store, "安倍", [store.responses()[0].id], queue=None, blind=True)
    library = PictureLibrary([], store.items())
    return misses_app(session, library, choose_renderer("off"), "審査員", [miss], lambda number: None)


def test_nothing_is_cut_in_the_middle_and_nothing_breaks_out(hard: Store) -> None:
    texts = asyncio.run(walk(app_of(hard), PAGES))
    texts |= asyncio.run(walk(app_of(hard), DIALOGS, [(80, 24)]))
    texts |= asyncio.run(walk(misses_of(hard), [way("misses", "", "BEFORE")]))
    for (name, (width, _)), text in texts.items():
        for line in text.splitlines():
            assert cell_len(line) <= width, (name, line)
            assert not BROKEN.search(line), (name, line)
    for size in SIZES:
        assert JAPANESE[:6] in texts["five components", size]
        assert "▌16 " in texts["the sixteenth component", size]
        assert "word0" in texts["misses", size]
    views = texts["views", (80, 24)].splitlines()
    kept = next(place for place, line in enumerate(views) if JAPANESE[:6] in line and "text:" in line)
    assert "why:unread" in views[kept + 1], "a view is one line"
    for name in ("go", "find", "find words"):
        found = [line for line in texts[name, (80, 24)].splitlines() if "item " in line]
        assert len(found) >= 4, name
        assert len(set(found)) == len(found), "answers to one item are told apart"


async def test_a_long_answer_can_be_read_to_its_end(hard: Store) -> None:
    app = app_of(hard)
    app.session.go(next(n for n, id in enumerate(app.session.work) if hard.response(id).text == LONG))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "Z")
        await calm(pilot, "word0")
        await press(pilot, "end")
        await calm(pilot, "word3249")


async def test_long_names_hide_nothing_that_stands_behind_them(store: Store) -> None:
    queue = draw_queue(store, "二人で読む列 👩‍🚀 " * 20)
    session = ReviewSession(store, "قارئ " * 20, [row.response for row in queue.rows], queue=queue, judge=JUDGE)
    app = MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))
    async with app.run_test(size=SIZES[0]) as pilot:
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            top = (await calm(pilot, "commit")).splitlines()[0]
            assert cell_len(top) <= width
            assert all(words in top for words in ("二人", f"1/{len(queue.rows)}", "قارئ", "blind")), top


async def test_in_compare_a_long_name_leaves_room_for_what_the_answer_got(store: Store) -> None:
    item = store.items()[0]
    long = make_response(item, "m" * 300, "Short answer.")
    store.add_responses([long])
    store.add_judgments(JUDGE, [make_judgment(item, long, [0] * len(item.weights))])
    session = ReviewSession(store, "ann", [long.id], queue=None, judge=JUDGE, blind=False)
    app = MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))
    async with app.run_test(size=SIZES[1]) as pilot:
        await press(pilot, "v")
        for width, height in SIZES[1:]:
            await pilot.resize_terminal(width, height)
            assert f"2 w  0/{item.total}" in await calm(pilot, "mmm…")


def test_numbers_that_follow_each_other_are_a_run() -> None:
    shown = {(): "", (3,): "3", (1, 2): "1, 2", (1, 2, 3): "1–3", (1, 2, 4, 5, 6, 9): "1, 2, 4–6, 9"}
    assert {numbers: runs(numbers) for numbers in shown} == shown


def test_points_are_short_and_never_an_improper_fraction() -> None:
    shown = {Fraction(49, 2): "24½", Fraction(73, 3): "24⅓", Fraction(2, 3): "⅔", Fraction(15, 4): "3.75",
             Fraction(73, 6): "≈12.17", Fraction(1, 7): "1/7", Fraction(0): "0"}  # fmt: skip
    assert {points: show_points(points) for points in shown} == shown


async def test_the_selected_row_is_lit_as_far_as_its_table_goes(hard: Store) -> None:
    """Also where its text takes more characters than cells, as joined emoji do."""
    app = app_of(hard)
    async with app.run_test(size=SIZES[1]) as pilot:
        await calm(pilot, "commit")
        for _ in WEIGHTS[0]:
            lit_everywhere(app, ScoreTable)
            await press(pilot, "j")
        await press(pilot, "i")
        await calm(pilot, "responses")
        for _ in range(4):
            lit_everywhere(app, RowList)
            await press(pilot, "j")


def lit_everywhere(app: MiaReview, table: type[Widget]) -> None:
    """The ground of the table's lit row is the same in all its cells."""
    region = app.screen.query_one(table).content_region
    strips = app.screen._compositor.render_strips()[region.y : region.bottom]
    (lit,) = [strip.crop(region.x, region.right) for strip in strips if "▌" in strip.crop(region.x, region.right).text]
    grounds = {segment.style.bgcolor for segment in lit if segment.style and segment.text}
    assert len(grounds) == 1, lit.text
