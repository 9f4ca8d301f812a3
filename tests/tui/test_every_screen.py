"""Every screen as it was looked at and found right: a change of a screen is a change of a file in `seen/`.

    SEEN=write pytest tests/tui/test_every_screen.py

writes them anew; `git diff` then shows what changed. They are plain text and not SVG, so that they can be read in a
diff and do not depend on how a version of Rich numbers its colours; colours have tests of their own.
"""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import version
from pathlib import Path

import pytest
from tour import SIZES, Texts, walk, way

from miareview.demo import demo_folder, make_demo, your_queue
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.review.visits import Visits
from miareview.tui import picture
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer
from miareview.tui.screens.page import pages

SEEN = Path(__file__).parent / "seen"
DRAWN_BY = "8.2"  # the version of Textual whose widgets and layout stand in `seen/`
RULE = "─" * 8
ELSEWHERE = {"misses"}  # opened by a command of its own: tests/tui/test_misses_screen.py
WAYS = (
    way("review", "", "commit"),
    way("help", "question_mark", "Keys: review"),
    way("end", "E", "committed"),
    way("response", "Z", "RESPONSE"),
    way("picture", "z", "all of it"),
    way("browse", "i", "36 responses"),
    way("compare", "v", "phrase"),
    way("gold", "L", "9 disputed"),
    way("guideline", "H", "back"),
    way("judge shown", "f enter", "JUDGE'S REASONS"),
    way("scores", "S y", "corrected"),
    way("reviews behind a number", "S j enter", "behind demo-verbose"),
    way("agreement", "G", "agree"),
)
"""In half blocks, which are the same signs whatever the picture. The numbers are asked about once."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """All screens of the sample at all sizes, in one run of the app."""
    path = tmp_path_factory.mktemp("tour") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Visits.__init__, "__defaults__", (lambda: 0.0,))  # how long somebody looks is on the screens
        store = make_demo(path)
        patch.setenv("COLORTERM", "truecolor")  # with fewer colours a word is said of it
        patch.setattr(picture, "measured_cell", lambda: None)  # whatever terminal the tests run in
        drawn = your_queue(store)
        work = [row.response for row in drawn.rows]
        session = ReviewSession(store, "you", work, queue=drawn, judge=store.judges()[0])
        library = PictureLibrary([demo_folder() / "images"], store.items())
        try:
            return asyncio.run(walk(MiaReview(session, library, choose_renderer("halfcell")), WAYS))
        finally:
            store.close()


def test_they_are_as_they_were_looked_at(texts: Texts) -> None:
    now = {
        f"{name.replace(' ', '-')}.txt": "".join(
            f"{RULE} {wide} × {high} {RULE}\n{texts[name, (wide, high)]}\n" for wide, high in SIZES
        )
        for name in (way.name for way in WAYS)
    }
    if os.environ.get("SEEN") == "write":
        SEEN.mkdir(exist_ok=True)
        for name, text in now.items():
            (SEEN / name).write_text(text, encoding="utf-8")
    if not version("textual").startswith(f"{DRAWN_BY}."):
        pytest.skip(f"looked at with Textual {DRAWN_BY}")
    assert now == {name: (SEEN / name).read_text(encoding="utf-8") for name in now}


def test_no_screen_is_left_out() -> None:
    assert {page.NAME for page in pages()} - ELSEWHERE <= {way.name for way in WAYS}
