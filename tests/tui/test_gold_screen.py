"""Gold: thirty disputes settled by keys alone, and what must not happen to a label on the way."""

from __future__ import annotations

import sqlite3
import threading
from fractions import Fraction

import pytest
from conftest import HOSTILE, JUDGE, commit, draw_queue
from driving import acknowledge, press, read, settle

from miareview.errors import DataError
from miareview.gold import settler as settler_module
from miareview.gold.work import read_labels
from miareview.images.library import PictureLibrary
from miareview.review.practice import create_training
from miareview.review.queues import work_in
from miareview.review.session import ReviewSession
from miareview.store.check import check
from miareview.store.gold import new_guideline, new_rule, settled
from miareview.store.ledger import Entry, append, events
from miareview.store.settling import said_of
from miareview.store.store import Store
from miareview.store.verdicts import response_labels
from miareview.tui import keyboard
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.screens import saying
from miareview.tui.screens.dialogs import Line, Sure
from miareview.tui.screens.gold import GoldScreen
from miareview.tui.screens.rules import Cite

SIZES = [(160, 48), (100, 30), (80, 24)]


@pytest.fixture
def disputes(store: Store) -> Store:
    """Ann gives everything full marks, and ben nothing: every one of thirty components is disputed."""
    for response in store.responses():
        commit(store, "ann", response.id)
        weights = store.weights({response.id})[response.id]
        append(store, *(Entry("ben", "score", response.id, place, "0") for place in weights))
        commit(store, "ben", response.id)
    return store


def app_of(store: Store, who: str = "carol") -> MiaReview:
    session = ReviewSession(store, who, [response.id for response in store.responses()], judge=JUDGE)
    return MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"), lambda to: to.gold("test"))


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def gold(app: MiaReview) -> GoldScreen:
    assert isinstance(app.screen, GoldScreen)
    return app.screen


def words(store: Store) -> list[dict[str, object]]:
    """What was said of labels, oldest first."""
    return [dict(said_of(event)) for event in events(store) if event.kind == "settle"]


async def test_thirty_disputes_are_settled_with_a_key_each(disputes: Store) -> None:
    app = app_of(disputes)
    expected: dict[tuple[str, int], Fraction | None] = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "30 disputed" in seen(app)
        for key in "hl1" * 10:
            here = gold(app).settling.seen
            assert here is not None
            said = here.evidence.said
            assert [one.name for one in said] == ["R1", "R2"]
            expected[here.evidence.row.key] = {"h": said[0].points, "l": said[1].points}.get(key, Fraction(1))
            await press(pilot, key)
        assert "nothing to settle" in seen(app)
        assert "the last here, w others" in seen(app)
        assert "ann" not in seen(app)
        assert "ben" not in seen(app)
    assert len(expected) == len(words(disputes)) == 30, "a key each, and no label twice"
    found = {row.key: row.label for row in read_labels(disputes, "test").rows}
    assert {key: label.points for key, label in found.items()} == expected
    assert {label.source for label in found.values()} == {"settled"}
    assert {(label.settled_by, label.judge_seen, label.own) for label in found.values()} == {("carol", False, False)}
    assert check(disputes).ok


async def test_nothing_is_settled_unseen_twice_or_for_nothing(disputes: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(disputes)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await read(pilot, "hl")
        assert len(words(disputes)) == 1, "the second key of one read was meant for what nobody had seen"
        monkeypatch.setattr(keyboard, "HELD", 60.0)
        await read(pilot, "h", "h", "h")
        assert len(words(disputes)) == 2, "a key that is held down"
        monkeypatch.setattr(keyboard, "HELD", 0.7)

        first = gold(app).settling.rows(0, 1)[0]
        await press(pilot, "u")
        assert "back" in words(disputes)[-1]
        await press(pilot, "k", "u")
        assert gold(app).settling.row == next(r for r in read_labels(disputes, "test").rows if r.key == first.key)
        assert "30 disputed" in seen(app)
        await press(pilot, "j", "u")
        assert "Nothing of this sitting" in seen(app)
        await acknowledge(pilot)

        # Another program holds the database: it says so, waits, and drops what is typed meanwhile.
        monkeypatch.setattr(saying, "SLOW", 0.02)
        before, other = len(words(disputes)), sqlite3.connect(disputes.path, check_same_thread=False)
        other.execute("begin immediate")
        threading.Timer(0.3, other.rollback).start()
        await read(pilot, "hl")
        assert len(words(disputes)) == before + 1

        def locked(*_: object) -> None:
            raise DataError("The database is locked by another program.")

        with monkeypatch.context() as patch:
            patch.setattr(settler_module, "append", locked)
            await press(pilot, "1")
            assert "NOT SAVED: The database is locked" in seen(app)
            assert "29 disputed" in seen(app)
        await acknowledge(pilot)
        await press(pilot, "2")
        assert "28 disputed" in seen(app)

        # Somebody else settles the label on the screen.
        key = gold(app).settling.keys[gold(app).settling.place]
        append(disputes, settled("dora", *key, Fraction(3)))
        await press(pilot, "0")
        assert "changed meanwhile" in seen(app)
        assert "dora" in seen(app)
        await acknowledge(pilot)
    assert [said.get("points") for said in words(disputes)[-2:]] == ["2", "3"]
    assert check(disputes).ok


async def test_rule_note_judge_and_what_is_put_aside(disputes: Store) -> None:
    text = f"# How\n{HOSTILE}\n[go](http://example.invalid)"
    append(disputes, new_guideline("carol", "First."), new_guideline("carol", text), new_rule("carol", HOSTILE))
    app = app_of(disputes)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "R")
        assert isinstance(app.screen, Cite)
        await press(pilot, *"Count words.", "enter")
        assert "2  Count words." in seen(app)
        await press(pilot, "t")
        assert isinstance(app.screen, Line)
        await press(pilot, *"half", "enter", "2")
        assert words(disputes)[-1] == {"points": "2", "rule": 2, "note": "half"}
        await press(pilot, "k")
        assert "by carol" in seen(app)
        assert "guideline v2 · rule 2 · half" in seen(app)
        await press(pilot, "j", "t", *"[bold]x", "enter", "b")
        assert words(disputes)[-1] == {"again": True, "note": "[bold]x"}
        await press(pilot, "K", "w")
        assert "put aside" in seen(app)
        await press(pilot, "backspace")
        assert words(disputes)[-1] == {"open": True}

        await press(pilot, "w", "w", "r")
        assert isinstance(app.screen, Sure)
        assert "component 1: 4" not in seen(app)
        await press(pilot, "n")
        assert "hidden · r shows it" in seen(app)
        await press(pilot, "r", "y")
        assert "hidden" not in seen(app)
        await press(pilot, "h")
        settle_event = events(disputes)[-1]
        assert settle_event.judge_visible
        assert [event.kind for event in events(disputes, settle_event.response, "carol")][-2:] == ["reveal", "settle"]

        await press(pilot, "H")
        shown = seen(app)
        assert "v2 of 2   in force" in shown
        assert "\x1b" not in shown
        assert "[bold]x[/bold]" in shown, "words of others are no markup"
        await press(pilot, "left")
        assert "v1 of 2   an older one" in seen(app)
        assert "First." in seen(app)
        await press(pilot, "q", "q")
    assert check(disputes).ok


async def test_whoever_scored_it_is_asked_and_the_label_says_so(disputes: Store) -> None:
    app = app_of(disputes, "ann")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "h")
        assert isinstance(app.screen, Sure)
        await press(pilot, "h", "n")
        assert words(disputes) == []
        await press(pilot, "h", "y")
    assert words(disputes)[0]["own"] is True


@pytest.mark.parametrize("size", SIZES)
async def test_evidence_in_its_places_at_every_size(store: Store, size: tuple[int, int]) -> None:
    response = store.responses("alpha")[0].id
    append(store, Entry("ann", "comment", response, value=HOSTILE), Entry("ben", "score", response, 1, "1"))
    for who in ("ann", "ben"):
        commit(store, who, response)
    append(store, Entry("ann", "reason", response, 1, "too lenient"))
    append(store, new_guideline("carol", "Two."), Entry("carol", "flag", response, value="1"))
    other = store.responses("beta")[0]
    item = next(item for item in store.items() if item.id == other.item)
    append(store, settled("carol", other.id, 1, Fraction(1), note=HOSTILE))
    assert response_labels(store, item, other.id)[0].source == "settled"
    app = app_of(store)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        shown = seen(app)
        assert all(len(line) <= size[0] for line in shown.splitlines())
        assert "\x1b" not in shown
        order = ["1 disputed", "ITEM 0", "points", "said", "written", "witness", "precedents", "rule",
                 "judge", "h R1"]  # fmt: skip
        places = [shown.find(word) for word in order]
        assert -1 not in places, order[places.index(-1)]
        assert places == sorted(places)
        assert "part 1 of 0" in shown
        assert "before v1" in shown
        assert "1 settled like it: 1 of 4" in shown
        assert "labels" in shown or "50" in shown, "how many labels the category has"
        await press(pilot, "Z", "G")
        assert "U+202E" in seen(app), "all that was said, in full"
        assert "too lenient" not in seen(app) + shown, "what is held against the judge comes with the judge"
        await press(pilot, "q", "r", "y")
        assert "4 of 4 · R" in seen(app)
        assert "says too lenient" in seen(app)


async def test_what_waits_for_whoever_settles_is_left_out_and_counted(disputes: Store) -> None:
    queue = draw_queue(disputes, "mine", size=1, seed=3)
    append(disputes, Entry("carol", "score", queue.rows[0].response, 1, "0", queue="mine"))
    waiting = sum(len(disputes.item(row.item).components) for row in queue.rows)
    app = app_of(disputes)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert f"{30 - waiting} disputed · {len(queue.rows)} held back" in seen(app)


async def test_training_holds_every_answer_against_gold(store: Store) -> None:
    response = store.responses("alpha")[0]
    append(store, settled("carol", response.id, 1, Fraction(1), note=HOSTILE))
    queue = create_training(store, "learn", 1)
    session = ReviewSession(store, "ann", work_in(store, queue, "ann"), queue=queue, judge=JUDGE)
    app = MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "r")
        assert "once you commit" in seen(app)
        await acknowledge(pilot)
        await press(pilot, "H")
        assert "GUIDELINE   none yet" in seen(app)
        await press(pilot, "q")
        assert "training" in seen(app)
        assert "judge" not in seen(app).lower()
        await press(pilot, "f", "enter")
        await press(pilot, "escape")
        shown = seen(app)
        assert "gold" in shown
        assert "judge" not in shown.lower(), "nothing here is the judge's"
        assert "component 1: 1" in shown
        assert "−3" in shown or "+3" in shown, "gold gave 1 of 4"
        await press(pilot, "E")
        assert "You and gold gave the same points on 0 of 1 components" in " ".join(seen(app).split())
