"""How many keys the daily ways take, pressed in the real app on the bundled sample (without a terminal).

python benchmarks/bench_ways.py
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.worker import WorkerCancelled

from miareview.demo import make_demo
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.ledger import review_state
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer

SLOW = 20.0  # seconds for one key on a busy machine
Done = Callable[[MiaReview], bool]


def seen(app: MiaReview) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def shows(*words: str) -> Done:
    return lambda app: all(word in seen(app) for word in words)


def went_on(app: MiaReview) -> bool:
    """The first response is committed, and the next one is on the screen."""
    session = app.session
    return session.index == 1 and session.sight.state(session.work[0]).committed_at is not None


def overridden(app: MiaReview) -> bool:
    state = review_state(app.session.store, app.session.work[0], app.session.reviewer)
    return went_on(app) and bool(state.reasons)


def work_of(store: Store, components: int = 0) -> list[str]:
    """Responses that the judge scored, those to items with so many components first."""
    counts = {item.id: len(item.components) for item in store.items()}
    found = [r for r in store.responses() if any(j.status == "ok" for j in store.judgments(r.id))]
    return [r.id for r in sorted(found, key=lambda r: counts[r.item] != components)]


WAYS: tuple[tuple[str, bool, list[str], Done], ...] = (
    ("agree with the judge on all and go on", True, ["A", "enter", "enter"], went_on),
    ("override one of three, say why, go on", True, ["A", "j", "0", "t", "1", "enter", "enter"], overridden),
    ("item 11 (241: one more)", False, ["g", "1", "1", "enter"], shows("item 11")),
    ("the models' answers to one item", False, ["v"], shows("compare", "A judge", "B judge")),
    ("all unread replies", False, ["i", "V", "enter"], shows("why:unread")),
    ("all where the witness contradicts the judge", False, ["i", "V", "down", "enter"], shows("why:witness")),
    ("a queue of them, named w", False, ["i", "V", "down", "enter", "Q", "w", "enter", "y"], shows("w 1/")),
)


async def press(path: Path, is_open: bool, keys: list[str], done: Done) -> int:
    """Press keys until it is done; how many it took. Raises `AssertionError` where they do not lead there."""
    with make_demo(path) as store:
        work = work_of(store, 3)
        session = ReviewSession(store, "ann", work, blind=not is_open, judge=store.judges()[0])
        app = MiaReview(session, PictureLibrary([], store.items()), choose_renderer("off"))
        async with app.run_test(size=(160, 48)) as pilot:
            await pilot.pause(0.5)
            for number, key in enumerate(keys, start=1):
                await pilot.press(key)
                for _ in range(int(SLOW / 0.05)):
                    await pilot.pause(0.05)
                    with suppress(WorkerCancelled):  # what a newer key made needless
                        await app.workers.wait_for_complete()
                    if number < len(keys) and not app.keyboard.busy:
                        break
                    if number == len(keys) and done(app):
                        return number
                if number < len(keys):
                    await pilot.pause(0.8)  # as long as the same key again would be one that is held down
            raise AssertionError(f"{' '.join(keys)} does not lead there:\n{seen(app)}")


def main() -> int:
    failed = 0
    print("| way | keys | how many |\n|---|---|---|")
    for way, is_open, keys, done in WAYS:
        with TemporaryDirectory(prefix="miareview-ways-") as name:
            try:
                count = asyncio.run(press(Path(name) / "demo.db", is_open, keys, done))
            except AssertionError as error:
                failed += 1
                print(f"{way}: {error}", file=sys.stderr)
                continue
        shown = {"enter": "↵", "down": "↓"}
        print(f"| {way} | {' '.join(f'`{shown.get(key, key)}`' for key in keys)} | {count} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
