"""Time from key to screen in the review app: first paint, next item, score.

The app runs in a pseudo-terminal of 160 × 48 cells (1600 × 960 pixels) that answers like a terminal with sixel. The
time is from the key (or the start of the process) until the last byte of the change has been written; what a terminal
takes to draw it comes on top. Responses, judge replies and the 12-megapixel pictures are synthetic; every picture
that counts was recognised by its mean colour as the one of the item on the screen.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import dist
from pathlib import Path

import make_synthetic
from bench_import import JUDGE, miareview, steps, synthetic_runs
from pty_screen import CELL, Colour, Frame, Program, frames

from miareview.images.load import load_picture
from miareview.model import Item
from miareview.review.session import ReviewSession
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.tui.fit import fit
from miareview.tui.picture import on_canvas
from miareview.tui.sixel import few_colours, sixels

EXAMPLE = """example:
  python benchmarks/bench_screen.py ../shared/mia-bench/instruction_benchmark_all.json --images sixel halfcell
"""
QUEUE = "bench"
CALM, BURST = 0.7, 0.15
"""Seconds between keys: a quick reader, and somebody who leafs through."""
NEAR = 12
"""How far (of 255 levels) a mean colour may be off: the last column and row of cells are filled up with ground."""


@dataclass(frozen=True, slots=True)
class Step:
    """An item as the queue shows it: its first response there, and the mean colour of its picture."""

    item: Item
    response: str
    colour: Colour

    def is_on(self, lines: list[str]) -> bool:
        start = self.response[:24]
        number = re.search(r"\bitem (\d+)\b", lines[0])
        return number is not None and int(number[1]) == self.item.index and any(start in line for line in lines)


def build(folder: Path, benchmark: Path, models: int, megapixels: float, distinct: int) -> Path:
    """The database with everything imported and a random queue over all items, and the pictures beside it."""
    db = folder / "review.db"
    if not db.exists():
        make_synthetic.write_pictures(folder / "images", 400, distinct, megapixels, seed=0)
        steps(db, benchmark, folder / "runs", synthetic_runs(benchmark, folder / "runs", models))
        miareview(db, "queue", "create", QUEUE)
    return db


def plan(db: Path, distinct: int) -> list[Step]:
    """The items in the order in which the queue brings them."""
    colours = [mean_colour_of(db.parent / "images" / f"{number}.jpg") for number in range(distinct)]
    with Store.open(db) as store:
        items = {item.id: item for item in store.items()}
        texts = {response.id: response.text for response in store.responses()}
        first = {row.item: row.response for row in reversed(queue(store, QUEUE).rows)}
    return [
        Step(items[id], texts[response], colours[items[id].index % distinct])
        for id, response in reversed(first.items())
    ]


def mean_colour_of(path: Path) -> Colour:
    pixel = load_picture(path, (160, 120)).image.resize((1, 1), resample=4).getpixel((0, 0))  # 4: box filter
    assert isinstance(pixel, tuple)
    return float(pixel[0]), float(pixel[1]), float(pixel[2])


def start(db: Path, reviewer: str, renderer: str) -> Program:
    words = ["review", "--queue", QUEUE, "--as", reviewer, "--new", "--images", renderer]
    return Program([sys.executable, "-m", "miareview", "--db", str(db), *words])


@dataclass(slots=True)
class Shown:
    """When (seconds after the key) a step's text was on the screen, when its picture, and how often that was drawn."""

    text: float | None = None
    picture: float | None = None
    draws: int = 0


def watch(seen: list[Frame], work: list[Step], keys: list[float]) -> list[Shown]:
    """For key k, which asks for step k of `work`: when that step, or for its text a later one, was on the screen."""
    shown = [Shown() for _ in keys]
    colours = {step.colour for step in work}
    for frame in seen:
        now = next((k for k, step in enumerate(work) if step.is_on(frame.lines)), None)
        if now is None or frame.at < keys[now]:
            continue
        for k in range(now + 1):
            if shown[k].text is None:
                shown[k].text = frame.at - keys[k]
        if frame.drawn and frame.picture is not None:
            nearest = min(colours, key=lambda colour: dist(colour, frame.picture or colour))
            if nearest == work[now].colour and dist(nearest, frame.picture) <= NEAR:
                shown[now].draws += 1
                if shown[now].picture is None:
                    shown[now].picture = frame.at - keys[now]
    return shown


class Table:
    """Prints one line a measurement: number, median and 95th percentile in milliseconds."""

    def __init__(self) -> None:
        print(f"{'':50} {'n':>4} {'median':>9} {'p95':>9}")

    def line(self, name: str, seconds: list[float], note: str = "") -> None:
        if not seconds:
            print(f"{name:50} {0:4} {'–':>9} {'–':>9}  {note}")
            return
        high = statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        print(f"{name:50} {len(seconds):4} {statistics.median(seconds) * 1e3:6.1f} ms {high * 1e3:6.1f} ms  {note}")


def first_paint(db: Path, work: list[Step], renderer: str, runs: int, table: Table) -> None:
    shown, first = [], []
    for run in range(runs + 1):  # one more, which warms the file cache and is not counted
        program = start(db, f"first-{renderer}-{run}", renderer)
        program.read(4.0)
        program.kill()
        if run:
            shown += watch(list(frames(program)), work[:1], [program.started])
            first.append(program.chunks[0][0] - program.started)
    table.line(f"{renderer}: start to first byte", first)
    table.line(f"{renderer}: start to response text", [one.text for one in shown if one.text is not None])
    pictures = [one.picture for one in shown if one.picture is not None]
    table.line(f"{renderer}: start to picture", pictures, missing(runs - len(pictures)))


def next_item(db: Path, work: list[Step], renderer: str, pause: float, count: int, table: Table) -> None:
    program = start(db, f"next-{renderer}-{pause}-{time.time_ns()}", renderer)
    program.expect(b"SCORES", 20)
    program.read(2.0)
    keys, before = [], program.main_thread()
    for _ in range(count):
        keys.append(program.press("n"))
        program.read(pause)
    program.read(2.0)
    after = program.main_thread()
    program.kill()
    seen = list(frames(program))
    shown = watch(seen, work[1 : count + 1], keys)
    name = f"{renderer}: n every {pause:g} s,"
    table.line(f"{name} to text", [one.text for one in shown if one.text is not None])
    pictures = [one.picture for one in shown if one.picture is not None]
    draws = sum(one.draws for one in shown) / max(1, len(pictures))
    table.line(f"{name} to picture", pictures, f"{missing(count - len(pictures))} drawn {draws:.1f} times each")
    if shown[-1].picture is not None:
        table.line(f"{name} last key to its picture", [shown[-1].picture])
    if before and after:
        ran, waited = ((after[k] - before[k]) / count * 1e3 for k in (0, 1))
        print(f"    a key cost the event loop {ran:.0f} ms of computing and {waited:.0f} ms of waiting for a core")


def missing(count: int) -> str:
    return f"{count} passed over;" if count else ""


def score(db: Path, work: list[Step], renderer: str, items: int, table: Table) -> None:
    """Score two components of every item, 3 or the whole weight where that is less, and go on."""
    program = start(db, f"score-{renderer}-{time.time_ns()}", renderer)
    program.expect(b"SCORES", 20)
    program.read(2.0)
    asked: list[tuple[float, str]] = []
    for step in work[:items]:
        for component in step.item.components[:2]:
            digit = min(3, component.weight)
            words = f"component {component.position}: {digit} of {component.weight}, saved"
            asked.append((program.press(str(digit)), words))
            program.read(0.4)
        program.press("n")
        program.read(CALM)
    program.kill()
    seen = list(frames(program))
    times = []
    for (at, words), (until, _) in zip(asked, [*asked[1:], (float("inf"), "")], strict=True):
        said = (f.at - at for f in seen if at <= f.at < until and any(words in line for line in f.lines[-4:]))
        times += [found for found in [next(said, None)] if found is not None]
    table.line(f"{renderer}: score key to “saved”", times, missing(len(asked) - len(times)))


def parts(db: Path, work: list[Step], rounds: int, table: Table) -> None:
    """What the app does for a new item and for a score, one part after the other, with nothing else running."""
    box, cells = (84 * CELL[0], 34 * CELL[1]), (84, 34)  # the place of the picture at 160 × 48
    times: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], object]) -> object:
        begin = time.perf_counter()
        result = act()
        times.setdefault(name, []).append(time.perf_counter() - begin)
        return result

    with Store.open(db) as store:
        drawn = queue(store, QUEUE)
        judge = next(judge for judge in store.judges() if judge.name == JUDGE)
        session = ReviewSession(store, f"parts-{time.time_ns()}", [r.response for r in drawn.rows], judge=judge)
        for step in work[:rounds]:
            path = db.parent / "images" / f"{step.item.index}.jpg"
            timed("part: decode and shrink (load_picture)", partial(load_picture, path, box))
            image = load_picture(path, box).image
            place = fit(image.size, cells, CELL, CELL)
            canvas = on_canvas(image, place, CELL, (0, 0, 0))
            timed("part: scale to its place (on_canvas)", partial(on_canvas, image, place, CELL, (0, 0, 0)))
            few = few_colours(canvas)
            timed("part: choose 256 colours (few_colours)", partial(few_colours, canvas))
            timed("part: encode (sixels)", partial(sixels, few))
            session.go_item(1)
            timed("part: session.view", session.view)
            timed("part: session.score, on disk", lambda: session.score(1, Fraction(1)))
    for name, seconds in times.items():
        table.line(name, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--images", nargs="+", default=["sixel", "halfcell"], choices=["sixel", "halfcell"])
    parser.add_argument("--items", type=int, default=60, help="how often n is pressed at each pace (default 60)")
    parser.add_argument("--runs", type=int, default=7, help="how many starts are timed (default 7)")
    parser.add_argument("--models", type=int, default=6, help="synthetic models (default 6)")
    parser.add_argument("--megapixels", type=float, default=12.0, help="size of the pictures (default 12)")
    parser.add_argument("--distinct", type=int, default=6, help="how many pictures differ (default 6)")
    parser.add_argument("--folder", type=Path, help="keep database and pictures here, and use them if they are there")
    parser.add_argument("--only", nargs="+", choices=["first", "calm", "burst", "score", "parts"], help="not all of it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-screen-") as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        db = build(folder, options.benchmark, options.models, options.megapixels, options.distinct)
        work = plan(db, options.distinct)
        print(f"synthetic: {options.models} models × {len(work)} items, pictures of {options.megapixels:g} megapixels")
        table = Table()
        chosen = options.only or ["first", "calm", "burst", "score", "parts"]
        for renderer in options.images:
            if "first" in chosen:
                first_paint(db, work, renderer, options.runs, table)
            if "calm" in chosen:
                next_item(db, work, renderer, CALM, options.items, table)
            if "burst" in chosen:
                next_item(db, work, renderer, BURST, options.items, table)
            if "score" in chosen:
                score(db, work, renderer, max(2, options.items // 3), table)
        if "parts" in chosen:
            parts(db, work, 20, table)


if __name__ == "__main__":
    main()
