"""Random keys, clicks and sizes on every screen of the app, on a copy of the sample.

    python benchmarks/bench_wander.py --keys 800 --rounds 10

Nothing is asked of what they do but this: the app lives until it is left, and `miareview check` then finds the file in
order (exit 1 otherwise, with the last keys of the round, and its seed to do it again).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import OutOfBounds, Pilot
from textual.screen import ModalScreen

from miareview.demo import demo_folder, make_demo, your_queue
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.tui.app import MiaReview
from miareview.tui.picture import choose_renderer

NAMED = (
    "enter escape tab shift+tab up down left right pageup pagedown home end backspace delete space ctrl+d ctrl+u ctrl+s"
    " ctrl+g ctrl+r ctrl+z"
).split()
ANY = [chr(code) for code in range(33, 127)] + NAMED
USUAL = [*"iIvSGLHfZzgjkJKyrtcnpbNPwxXeEoO?/q", "enter", "down", "tab", "up", "escape", "escape"]
SIZES = ((160, 48), (100, 30), (80, 24), (220, 60), (40, 12), (20, 6))


def key_event(key: str) -> Key:
    """What a terminal's driver makes of a key, given by its name or its character."""
    if len(key) == 1:
        return Key(key if key.isalnum() else _character_to_key(key), key)
    return Key(key, key_to_character(key))


async def step(app: MiaReview, pilot: Pilot[None], chance: random.Random) -> str:
    """One key, click or size; returns what it was."""
    what = chance.random()
    if what < 0.02:
        size = chance.choice(SIZES)
        await pilot.resize_terminal(*size)
        return f"size {size}"
    if what < 0.04:
        place = chance.randrange(app.size.width), chance.randrange(app.size.height)
        with suppress(OutOfBounds):
            await pilot.click(offset=place, times=chance.choice((1, 1, 2)))
        return f"click {place}"
    lost = isinstance(app.screen, ModalScreen) and chance.random() < 0.35  # else it stays in the first dialog
    key = "escape" if lost else chance.choice(USUAL if what < 0.7 else ANY)
    app._driver.send_message(key_event(key))  # type: ignore[union-attr]
    return key


async def wander(folder: Path, seed: int, keys: int) -> Counter[str]:
    """So many steps; the app is begun again whenever it was left. Returns how many on which screen."""
    chance, store = random.Random(seed), make_demo(folder / "demo.db")
    drawn, met, done, left = your_queue(store), Counter[str](), [], keys
    try:
        while left:
            session = ReviewSession(
                store, "you", [row.response for row in drawn.rows], queue=drawn, judge=store.judges()[0]
            )
            library = PictureLibrary([demo_folder() / "images"], store.items())
            app = MiaReview(session, library, choose_renderer("halfcell"))
            async with app.run_test(size=chance.choice(SIZES[:3])) as pilot:
                while left and app.is_running:
                    left -= 1
                    done.append(await step(app, pilot, chance))
                    await asyncio.sleep(chance.choice((0, 0, 0, 0.01, 0.05, 0.2)))
                    if chance.random() < 0.25:
                        await pilot.pause()
                    met[type(app.screen).__name__] += 1
                while app.is_running and app.keyboard.busy:  # a screen that is taken down takes no key any more
                    await pilot.pause(0.01)
    except Exception as error:
        raise SystemExit(f"seed {seed}: {type(error).__name__}: {error}\nafter {' '.join(done[-40:])}") from error
    finally:
        store.close()
    checked = subprocess.run(
        [sys.executable, "-m", "miareview", "--db", folder / "demo.db", "check"], capture_output=True, text=True
    )
    if checked.returncode:
        raise SystemExit(f"seed {seed}: check says:\n{checked.stdout}{checked.stderr}")
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=800, help="keys, clicks and sizes a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    told = parser.parse_args()
    met: Counter[str] = Counter()
    for seed in range(told.seed, told.seed + told.rounds):
        with TemporaryDirectory() as name:
            os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = name
            met += asyncio.run(wander(Path(name), seed, told.keys))
        print(f"seed {seed}: {told.keys} keys, the app lives, the file is in order", flush=True)
    print("\nscreens met: " + ", ".join(f"{name} {count}" for name, count in met.most_common()))


if __name__ == "__main__":
    main()
