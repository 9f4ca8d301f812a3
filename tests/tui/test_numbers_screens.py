"""The screens of scores and agreement, driven with real keys: what they show, what they refuse, what stays closed."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from conftest import HOSTILE, JUDGE, draw_queue, make_items, make_judgment, make_response
from driving import press
from textual.content import Content
from textual.widgets import OptionList

from miareview.demo import QUEUE, make_demo
from miareview.errors import DataError
from miareview.identity import item_id, judge_id, judgment_id
from miareview.images.library import PictureLibrary
from miareview.model import Component, Item, Judge, Judgment, SubScore
from miareview.review.named import find_judge
from miareview.review.queues import create_queue
from miareview.review.score_columns import score_columns
from miareview.review.session import ReviewSession
from miareview.stats.behind import behind_cell, behind_model
from miareview.stats.board.leaderboard import leaderboard
from miareview.store.ledger import version
from miareview.store.queues import queue as find_queue
from miareview.store.store import Store
from miareview.tui import computing, keyboard
from miareview.tui.app import MiaReview
from miareview.tui.computing import Numbers
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.agreement import AgreementScreen
from miareview.tui.screens.behind import BehindScreen, OpenedReview
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.screens.scores import ScoresScreen
from miareview.tui.widgets.heatmap import HeatMap
from miareview.tui.widgets.intervals import CORRECTED, axis_for, draw
from miareview.tui.widgets.intervals import JUDGE as JUDGE_MARK
from miareview.tui.widgets.leaderboard import Board
from miareview.tui.widgets.scatter import scatter
from miareview.words.numbers import number

SIZES = [(160, 48), (100, 30), (80, 24)]


def review(store: Store, who: str, count: int, name: str = "gold") -> ReviewSession:
    """Commit the first responses of a random queue; every third first component gets a point less than the judge's."""
    if not store.rows("select 1 from queue"):
        create_queue(store, name, seed=3, reveal="each")
    drawn = find_queue(store, name)
    session = ReviewSession(store, who, [row.response for row in drawn.rows], queue=drawn, judge=JUDGE)
    for place in range(count):
        session.go(place)
        view = session.view()
        for component in view.item.components:
            less = 1 if component.position == 1 and place % 3 == 0 else 0
            session.score(component.position, Fraction(component.weight - less))
        session.commit()
    return session


def app_of(store: Store, who: str, judge: Judge | None = JUDGE) -> MiaReview:
    work = [response.id for response in store.responses()]
    session = ReviewSession(store, who, work, judge=judge)
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with make_demo(tmp_path_factory.mktemp("numbers") / "demo.db") as made:
        yield made


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.fixture(autouse=True)
def deliberate(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key is held down: the same one twice is meant."""
    monkeypatch.setattr(keyboard, "HELD", 0.0)


# scores


@pytest.mark.parametrize("size", SIZES)
async def test_the_leaderboard_is_there_at_every_size(demo: Store, size: tuple[int, int]) -> None:
    app = app_of(demo, "ann", find_judge(demo))
    board = leaderboard(Numbers(demo, "ann").scores("skip").frame)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "S")
        shown = seen(app)
        assert isinstance(app.screen, ScoresScreen)
        for model in board.models:
            (row,) = [line for line in shown.splitlines() if model.model in line and "→" in line]
            assert model.corrected is not None
            assert number(model.recomputed.value) in row
            assert number(model.corrected.value) in row
            assert CORRECTED in row or "◈" in row
            assert JUDGE_MARK in row or "◈" in row
        spoken = " ".join(shown.split())
        for word in (
            "miareview-demo",
            "demo-judge",
            f"queue {QUEUE}",
            "seed 7",
            "2 reviewers, blind",
            "errors left out",
        ):
            assert word in spoken, word
        assert re.search(r"8 of \d+–\d+ items reviewed at random", spoken)
        assert all(len(line) <= size[0] for line in shown.splitlines())
        await press(pilot, "pagedown", "pagedown")
        assert "NOT SETTLED" in seen(app)
        assert "This is a pilot" in " ".join(seen(app).split())
        await press(pilot, "q")
        assert isinstance(app.screen, ReviewScreen)


async def test_marks_stand_where_the_numbers_are(demo: Store) -> None:
    app = app_of(demo, "ann", find_judge(demo))
    board = leaderboard(Numbers(demo, "ann").scores("skip").frame)
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S")
        rows = {m.model: next(x for x in seen(app).splitlines() if m.model in x and "→" in x) for m in board.models}
        places = []
        for model in board.models:
            assert model.corrected is not None
            assert model.recomputed.value is not None
            row = rows[model.model]
            places.append((model.corrected.value, row.index(CORRECTED)))
            places.append((model.recomputed.value, row.index(JUDGE_MARK)))
        ordered = sorted(places)
        assert [column for _, column in ordered] == sorted(column for _, column in places)


async def test_errors_and_categories_are_toggled(demo: Store) -> None:
    app = app_of(demo, "ann", find_judge(demo))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S")
        zero = leaderboard(Numbers(demo, "ann").scores("skip").frame, errors="zero")
        assert "JUDGE − CORRECTED" in seen(app)
        assert "n<5" in seen(app)
        await press(pilot, "c")
        assert "JUDGE − CORRECTED" not in seen(app)
        await press(pilot, "e")
        assert "errors count 0" in seen(app)
        assert all(number(model.recomputed.value) in seen(app) for model in zero.models)
        await press(pilot, "j")
        assert f"SELECTED   {app.screen.scores.board.models[1].model}" in seen(app)  # type: ignore[attr-defined]


async def test_a_refusal_is_a_sentence(store: Store) -> None:
    app = app_of(store, "ann")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S")
        shown = " ".join(seen(app).split())
        assert "refused" in shown
        assert "none of it is reviewed" in shown
        assert "miareview queue create" in shown
        await press(pilot, "G")
        assert "No blind review of a response that the judge has scored is committed yet" in seen(app)
        await press(pilot, "enter", "w", "j", "tab", "q")
        assert isinstance(app.screen, ReviewScreen)


async def test_an_error_is_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DataError("The file [/] is not readable.", "Try `miareview check`.")

    monkeypatch.setattr(computing, "score_columns", fail)
    app = app_of(store, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("S", "G"):
            await press(pilot, key)
            assert "The file [/] is not readable. Try `miareview check`." in seen(app)
        await press(pilot, "enter", "j", "c", "e", "escape")
        assert isinstance(app.screen, ReviewScreen)


# keeping


def test_numbers_are_kept_until_somebody_says_something(store: Store) -> None:
    session = review(store, "ann", 4)
    kept = Numbers(store, "ann", "test")
    first, agreement = kept.scores("skip"), kept.agreement()
    assert kept.scores("skip") is first
    assert kept.agreement() is agreement
    assert kept.scores("zero") is not first
    assert kept.scores("zero").frame is first.frame
    before = version(store)
    session.go(4)
    session.full_marks()
    session.commit()
    assert version(store) != before
    assert kept.scores("skip") is not first
    assert kept.scores("skip").board.models[0].reviewed + kept.scores("skip").board.models[1].reviewed == 5
    assert kept.agreement().table.groups[0].units > agreement.table.groups[0].units


async def test_a_commit_shows_when_the_scores_are_opened_again(store: Store) -> None:
    review(store, "ann", 6)
    app = app_of(store, "bob")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S")
        assert "1 reviewer, blind" in seen(app)
        await press(pilot, "q")
        review(store, "bob", 2)
        await press(pilot, "S", "y")  # in the middle of a blind queue
        assert "2 reviewers, blind" in seen(app)


async def test_a_late_result_is_dropped(store: Store) -> None:
    review(store, "ann", 6)
    app = app_of(store, "ann")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S", "y")
        screen = app.screen
        assert isinstance(screen, ScoresScreen)
        now = screen.scores
        screen.post_message(screen.Computed(DataError("too late"), screen.asked - 1))
        await pilot.pause()
        assert screen.scores is now
        assert "too late" not in seen(app)


async def test_keys_work_while_numbers_are_computed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    go = Event()

    def slow(*given: Any) -> object:
        assert go.wait(30)
        return score_columns(*given)

    monkeypatch.setattr(computing, "score_columns", slow)
    app = app_of(store, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("S")
        await pilot.pause(0.4)
        assert "computing…" in seen(app)
        await pilot.press("e", "c", "j", "q")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        go.set()
        await app.workers.wait_for_complete()


# what is behind a number


async def test_the_reviews_behind_a_model_open_and_close(store: Store) -> None:
    review(store, "ann", 12)
    app = app_of(store, "ann")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S", "enter")
        screen = app.screen
        assert isinstance(screen, BehindScreen)
        rows = screen.behind.rows
        assert len(rows) == 6
        gaps = [abs(row.judge - row.human) for row in rows]
        assert gaps == sorted(gaps, reverse=True)
        await press(pilot, "j", "enter")
        opened = app.screen
        assert isinstance(opened, OpenedReview)
        assert opened.session.queue is None
        assert opened.view is not None
        assert opened.view.response.id == rows[1].response
        assert "committed ✓" in seen(app)
        await press(pilot, "S", "G")
        assert app.screen is opened
        await press(pilot, "q", "escape", "q")
        assert isinstance(app.screen, ReviewScreen)
        assert app.is_running


async def test_the_key_to_what_is_missing(store: Store) -> None:
    """Where a sample has a gap, it opens as the response that was skipped."""
    session = review(store, "ann", 0)
    for place in range(12):
        if place != 2:
            session.go(place)
            for component in session.view().item.components:
                session.score(component.position, Fraction(component.weight))
            session.commit()
    skipped = session.work[2]
    app = app_of(store, "ann")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S", "y")  # in the middle of one's own queue one is asked
        assert "GAPS  m opens the 1 response" in seen(app)
        await press(pilot, "m")
        assert isinstance(app.screen, OpenedReview)
        assert app.screen.view is not None
        assert app.screen.view.response.id == skipped
        await press(pilot, "q")
        assert isinstance(app.screen, ScoresScreen)


async def test_agreement_leads_to_gaps_and_to_what_one_other_has_read(store: Store) -> None:
    review(store, "ann", 12)
    rows = find_queue(store, "gold").rows
    app = app_of(store, "bob")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "G")
        assert "TOO FEW READ BY TWO  m opens the 12 responses that one other has read" in seen(app)
        await press(pilot, "m")
        assert isinstance(app.screen, OpenedReview)
        assert app.screen.view is not None
        assert app.screen.view.response.id in {row.response for row in rows}
        await press(pilot, "q")
        assert isinstance(app.screen, AgreementScreen)
    assert Numbers(store, "ann", "test").agreement().missing.unread == (), "she has read all of it herself"


async def test_no_judge_score_of_an_uncommitted_response_can_be_reached(store: Store) -> None:
    review(store, "ann", 12)
    review(store, "bob", 3)
    rows = find_queue(store, "gold").rows
    everything = [row.response for row in rows]
    # Of Bob's three the last is the first of two models: to list it would name the other one, which waits for him.
    for who, listed in (("bob", 2), ("eve", 0)):
        kept = Numbers(store, who, "test", work=everything)
        scores, agreement = kept.scores("skip"), kept.agreement()
        mine = {row.response for row in rows[:listed]}
        for model in ("alpha", "beta"):
            behind = behind_model(scores.frame, model, scores.seen)
            assert {row.response for row in behind.rows} <= mine
            assert len(behind.rows) + behind.hidden == 6
        for weight, counts in agreement.table.groups[0].confusion.items():
            for judge, line in enumerate(counts):
                for human, count in enumerate(line):
                    behind = behind_cell(agreement.frame, int(weight), judge, human, agreement.seen)
                    assert len(behind.rows) <= count
                    assert {row.response for row in behind.rows} <= mine
    app = app_of(store, "eve")
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "S", "enter")
        assert isinstance(app.screen, BehindScreen)
        assert "stay closed to you" in seen(app)
        await press(pilot, "enter", "j", "enter")
        assert isinstance(app.screen, BehindScreen)
        assert app.screen.query_one(OptionList).option_count == 1
        await press(pilot, "q", "G", "enter")
        assert isinstance(app.screen, BehindScreen)
        assert "of this weight stay closed to you" in seen(app)
        await press(pilot, "q", "q")
        assert isinstance(app.screen, ReviewScreen)
        assert app.session.view().masked
    assert store.rows("select count(*) from event where reviewer = 'eve'") == [(0,)]


def test_the_confusion_and_what_is_behind_it_agree_on_half_points(tmp_path: Path) -> None:
    with Store.open(tmp_path / "half.db", create=True) as made:
        items = make_items(4)
        made.add_items(items)
        responses = [make_response(item, "alpha") for item in items]
        made.add_responses(responses)
        made.add_judgments(JUDGE, [make_judgment(i, r, list(i.weights)) for i, r in zip(items, responses, strict=True)])
        session = ReviewSession(made, "ann", [r.id for r in responses], judge=JUDGE)
        for place, item in enumerate(items):
            session.go(place)
            for component in item.components:
                session.score(component.position, Fraction(component.weight) - Fraction(1, 2) * place)
            session.commit()
        agreement = Numbers(made, "ann").agreement()
        tables = agreement.table.groups[0].confusion
        assert agreement.table.groups[0].rounded > 0
        for weight, counts in tables.items():
            for judge, line in enumerate(counts):
                for human, count in enumerate(line):
                    assert len(behind_cell(agreement.frame, int(weight), judge, human, agreement.seen).rows) == count


# agreement


def test_the_scatter_is_of_what_the_table_measures(demo: Store) -> None:
    agreement = Numbers(demo, "ann").agreement()
    assert agreement.limits == agreement.table.groups[0].bland_altman
    assert agreement.limits.bias == pytest.approx(sum(gap for _, gap in agreement.points) / len(agreement.points))


@pytest.mark.parametrize("size", SIZES)
async def test_the_four_pictures_are_there_at_every_size(demo: Store, size: tuple[int, int]) -> None:
    app = app_of(demo, "ann", find_judge(demo))
    async with app.run_test(size=size) as pilot:
        await press(pilot, "G")
        assert isinstance(app.screen, AgreementScreen)
        shown = " ".join(seen(app).split())
        for word in ("114 sub-scores on 8 of 12 items", "drawn at random", "2 reviewers, blind", "8 few", "0.90"):
            assert word in shown, word
        assert "undefined (no unit has two ratings)" in shown
        found = shown
        for _ in range(4):
            await press(pilot, "tab")
            found += seen(app)
            assert all(len(line) <= size[0] for line in seen(app).splitlines())
        for title in ("AGREEMENT", "BIAS", "CONFUSION", "BLAND–ALTMAN", "judge and people", "people among themselves"):
            assert title in found, title
        for category in ("describe", "length_limit", "perspective"):
            assert category in found


async def test_a_cell_is_chosen_with_keys_and_mouse(demo: Store) -> None:
    app = app_of(demo, "demo-reviewer-1", find_judge(demo))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "G")
        screen = app.screen
        assert isinstance(screen, AgreementScreen)
        weight, cell = screen.weight, screen.cell
        assert weight is not None
        assert f"judge {cell[0]}, people {cell[1]}:" in seen(app)
        await press(pilot, "k", "h")
        assert screen.cell == (cell[0] - 1, cell[1] - 1)
        await press(pilot, "w")
        assert screen.weight == weight + 1
        await press(pilot, "W")
        assert screen.weight == weight
        last = screen._tables()[weight][0]
        await press(pilot, *["right"] * (last - screen.cell[1] + 1))
        assert screen.weight == weight + 1
        assert screen.cell[1] == 0
        lines = seen(app).splitlines()
        heat = screen.query_one(HeatMap)
        await pilot.click(HeatMap, offset=(lines[heat.region.y + 1].index(" 4 ") + 1 - heat.region.x, 1))
        await press(pilot)
        assert screen._tables()[screen.weight or 0][0] == 4
        row = next(y for y, line in enumerate(seen(app).splitlines()) if line.lstrip().startswith("4  "))
        column = seen(app).splitlines()[row].index("31")
        for _ in range(2):
            await pilot.click(HeatMap, offset=(column - heat.region.x, row - heat.region.y))
            await press(pilot)
        assert isinstance(app.screen, BehindScreen)
        assert "weight 4: judge 4, people 4" in seen(app)


async def test_other_themes_and_sizes_work(demo: Store) -> None:
    app = app_of(demo, "ann", find_judge(demo))
    async with app.run_test(size=(160, 48)) as pilot:
        for key, word in (("S", "corrected"), ("G", "CONFUSION")):
            await press(pilot, key)
            for theme in ("textual-light", "nord", "miareview"):
                app.theme = theme
                await pilot.pause()
                assert word in seen(app)
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert all(len(line) <= size[0] for line in seen(app).splitlines())
            await pilot.resize_terminal(160, 48)


# hostile names


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (HOSTILE, (160, 48)),
        (HOSTILE, (80, 24)),
        ("[/]", (100, 30)),
        ("漢字👩‍👩‍👧‍👦" * 30, (100, 30)),
        ("x" * 3000, (80, 24)),
    ],
)
async def test_hostile_names_are_shown_as_text(tmp_path: Path, text: str, size: tuple[int, int]) -> None:
    with Store.open(tmp_path / "h.db", create=True) as made:
        judge = Judge(judge_id(text, "", "{}"), text)
        items = [
            Item(item_id(text, text, f"{n}{text}"), text, n, text, f"{n}{text}", text,
                 (Component(1, text, text, 5), Component(2, text + "2", text, 5)))
            for n in range(6)
        ]  # fmt: skip
        made.add_items(items)
        responses = [make_response(item, model) for item in items for model in (text, f"{text}2")]
        made.add_responses(responses)
        made.add_judgments(
            judge,
            [
                Judgment(
                    judgment_id(r.id, judge.id, 0, text), r.id, judge.id, 0, text, "ok", (), None, None,
                    (SubScore(1, Fraction(3)), SubScore(2, Fraction(5))),
                )
                for r in responses
            ],
        )  # fmt: skip
        drawn = draw_queue(made, text, seed=1)
        session = ReviewSession(made, text, [row.response for row in drawn.rows], queue=drawn, judge=judge)
        for place in range(len(drawn.rows)):
            session.go(place)
            session.score(1, Fraction(place % 5))
            session.score(2, Fraction(5))
            session.commit()
        app = app_of(made, text, judge)
        async with app.run_test(size=size) as pilot:
            for keys in (("S",), ("c",), ("enter",), ("enter",), ("q",), ("q",), ("G",), ("tab",), ("w", "enter")):
                await press(pilot, *keys)
                for strip in app.screen._compositor.render_strips():
                    raw = [c for c in strip.text if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066"]
                    assert raw == [], repr(strip.text)
                    for segment in strip:
                        if segment.style is not None:
                            assert "quit" not in str(segment.style.meta.get("@click", ""))
            assert isinstance(app.screen, BehindScreen)
        assert app.return_code in (0, None)


# drawing and planning


def test_an_axis_holds_its_values_and_its_labels() -> None:
    axis = axis_for([0.712, 0.93, None], 60)
    assert axis.low <= 0.712 < 0.93 <= axis.high
    assert axis.column(axis.low) == 0
    assert axis.column(axis.high) == 59
    assert [axis.labels().plain.index(text) for text in (".75", ".8", ".9")] == sorted(
        axis.labels().plain.index(text) for text in (".75", ".8", ".9")
    )


def test_what_lies_beyond_the_axis_is_an_arrow() -> None:
    axis = axis_for([0.0, 1.0], 40)
    row = draw(axis, -0.5, 0.5, "", [(0.4, CORRECTED, ""), (0.4, JUDGE_MARK, "")])
    assert row.plain[0] == "‹"
    assert "◈" in row.plain
    assert len(row.plain) == 40
    assert draw(axis, None, None, "", [(-0.9, CORRECTED, "")]).plain.startswith("‹")
    assert draw(axis, None, None, "", [(1.9, CORRECTED, "")]).plain.endswith("›")


@pytest.mark.parametrize(("value", "shown"), [(0.0, "+0.00"), (-0.0001, "+0.00"), (-0.05, "−0.05"), (None, "–")])
def test_signed_fractions(value: float | None, shown: str) -> None:
    assert number(value, True, 2) == shown


def test_points_that_share_a_cell_are_counted() -> None:
    from miareview.stats.agreement import bland_altman

    judge, human = [1.0] * 12 + [0.5], [1.0] * 12 + [0.2]
    points = [((j + h) / 2, j - h) for j, h in zip(judge, human, strict=True)]
    shown = scatter(points, bland_altman(judge, human), 80, 20)
    assert isinstance(shown, Content)
    assert "12" in shown.plain.replace("+1.96", "")
    assert "•" in shown.plain
    assert "mean" in shown.plain
    assert "no response" in scatter([], bland_altman([], []), 80, 20).plain


async def test_a_click_on_a_model_opens_what_is_behind_it(store: Store) -> None:
    review(store, "ann", 12)
    app = app_of(store, "ann")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "S")
        await pilot.click(Board, offset=(5, 2))
        await press(pilot)
        assert isinstance(app.screen, BehindScreen)
        assert app.screen.behind.title == app.screen_stack[-2].scores.board.models[1].model  # type: ignore[attr-defined]
        await pilot.click(OptionList, offset=(5, 0))
        await press(pilot)
        assert isinstance(app.screen, OpenedReview)
