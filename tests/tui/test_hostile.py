"""Hostile text in every field that comes from a file or a person: shown as text, never interpreted, never dropped."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import HOSTILE, draw_queue
from driving import press
from textual.content import Content
from textual.widgets import Static

from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.images.library import PictureLibrary
from miareview.model import Component, Item, Judge, Judgment, Response, SubScore
from miareview.review.session import ReviewSession
from miareview.store.check import check
from miareview.store.store import Store
from miareview.text import visible
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.review import ReviewScreen

TEXTS = {
    "everything": HOSTILE,
    "closing tag": "[/]",
    "link": "[@click=app.quit]x[/]",
    "escape": "\x1b[2J\x1b]52;c;aGk=\x07",
    "nul": "\x00",
    "bidi": "\u202eabc\u2066",
    "long": "wörd [/] " * 800,
    "one long word": "x" * 4_000,
    "empty": "",
    "lines": "\n" * 300 + "end",
    "wide": "漢字👩‍👩‍👧‍👦" * 200,
}


def hostile_store(path: Path, text: str) -> tuple[Store, Judge]:
    store = Store.open(path, create=True)
    parts = tuple(Component(n, text or "describe", text, 5) for n in (1, 2))
    item = Item(item_id("b", text, text), "b", 0, text, text, text, parts)
    store.add_items([item])
    responses = [
        Response(response_id(item.id, model, text, "ok"), item.id, model, text, "ok") for model in (text, f"{text}2")
    ]
    store.add_responses(responses, source=text)
    judge = Judge(judge_id(text, text, "{}"), text, text)
    store.add_judgments(
        judge,
        [
            Judgment(
                judgment_id(r.id, judge.id, 0, text), r.id, judge.id, 0, text, "warning", (text,),
                (Fraction(9), Fraction(10)), None, (SubScore(1, Fraction(37, 10)), SubScore(2, None)),
            )
            for r in responses
        ],
    )  # fmt: skip
    return store, judge


@pytest.mark.parametrize("name", TEXTS)
async def test_no_pane_interprets_or_drops_anything(name: str, tmp_path: Path) -> None:
    text = TEXTS[name]
    store, judge = hostile_store(tmp_path / "h.db", text)
    queue = draw_queue(store, text or "q")
    session = ReviewSession(store, text or "ann", [row.response for row in queue.rows], queue=queue, judge=judge)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, *("2", "f", "m", "r", "y", "x", "2", "slash", "x", "escape", "question_mark", "escape"))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        response = screen.query_one("#response-text", Static).content
        reasons = screen.query_one("#reasons-text", Static).content
        instruction = str(screen.query_one("#instruction-text", Static).content)
        assert isinstance(response, Content)
        assert response.plain == (visible(text) or "(no text)")
        assert str(reasons) == (visible(text) or "(an empty reply)")
        for part in visible(text).split():
            assert part in instruction
        for strip in screen._compositor.render_strips():
            for segment in strip:
                raw = [c for c in segment.text if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066"]
                assert raw == [], repr(strip.text)
                if segment.style is not None:
                    assert "@click" not in segment.style.meta or "quit" not in str(segment.style.meta["@click"])
        assert screen.view is not None
        assert screen.view.response.text == text
        assert store.judgments(session.work[session.index])[0].raw == text
    assert app.return_code in (0, None)
    assert check(store).ok
    store.close()


async def test_a_hostile_comment_is_kept_to_the_letter(tmp_path: Path) -> None:
    store, judge = hostile_store(tmp_path / "h.db", "plain")
    session = ReviewSession(store, "ann", [r.id for r in store.responses()], judge=judge)
    session.say("comment", value=HOSTILE)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), choose_renderer("off"))
    async with app.run_test(size=(160, 48)) as pilot:
        await press(pilot, "c")
        for strip in app.screen._compositor.render_strips():
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", strip.text), repr(strip.text)
        await press(pilot, "escape")
        assert "␛" in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    assert session.view().state.comments[0] == HOSTILE
    store.close()
