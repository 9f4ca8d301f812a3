"""The misses screen: the change is marked, and x says that a certificate is wrong."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from driving import press
from standin.probed import ask_all
from textual.widgets import Static

from miareview.images.library import PictureLibrary
from miareview.probing.plan import make_probes
from miareview.review.session import ReviewSession
from miareview.store.probes import make_file, said_wrong, say_wrong
from miareview.store.store import Store
from miareview.tui.missing import misses_app
from miareview.tui.picture import choose_renderer

sys.path.append(str(Path(__file__).resolve().parents[1] / "probing"))
from made_probes import make_answers, make_benchmark


def test_a_miss_is_shown_with_its_change_and_may_be_said_wrong(tmp_path: Path) -> None:
    items = make_benchmark(copies=1)
    made = make_probes(items, make_answers(items), size=None, seed=0)
    path = tmp_path / "probes.db"
    make_file(path, [*items, *made.copies], made.responses, made.probes)
    with Store.open(path, probes=True) as store:
        told = ask_all(store, "inattentive", items, made)
        session = ReviewSession(store, "probes", [miss.probe.response for miss in told.misses], queue=None, blind=True)
        app = misses_app(
            session, PictureLibrary([], items), choose_renderer("off"), told.name, told.misses,
            lambda number: say_wrong(store, number),
        )  # fmt: skip

        async def drive() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await press(pilot, "n")
                miss = told.misses[1]
                after = app.screen.query_one("#miss-after .miss-text", Static).content
                assert str(after).split() == miss.after.split()
                assert getattr(after, "spans", ())
                await press(pilot, "x", "y")
                assert said_wrong(store) == {miss.probe.id}

        asyncio.run(drive())
