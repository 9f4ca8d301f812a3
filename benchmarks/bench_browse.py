"""How long a list takes: a made-up database of any size, its summary, then pages, filters, facets and searches.

The texts mean nothing and no model or judge made them. Every question is asked several times in one run; the median
counts.

    python benchmarks/bench_browse.py /tmp/browse --items 400 --models 30
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from miareview.browse.rows import Page, browse, question, refresh
from miareview.browse.sight import Looking, sight_of
from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.model import CATEGORIES, DIFFICULTIES, Component, Item, Judge, Judgment, Response, SubScore
from miareview.review.named import find_benchmark
from miareview.review.queues import create_queue, work_in
from miareview.review.score_columns import find_judge
from miareview.review.session import ReviewSession
from miareview.store.queues import commits, design, designs, lengths
from miareview.store.store import Store

WORDS = (
    "a quiet street window light river wooden table harbour golden leaf shadow lamp holds moves beneath with".split()
)
JUDGE = Judge(judge_id("judge", "", "{}"), "judge")
ASKED = (
    ("first page", "response", "", "item", None),
    ("sorted by judge", "response", "", "judge", None),
    ("sorted by words, falling", "response", "", "-words", None),
    ("filter: one model", "response", "model:model-0007", "item", None),
    ("filter, sorted", "response", "cat:math judge<=50%", "-judge,item", None),
    ("why, counted", "response", "why:witness", "item", "model"),
    ("components", "component", "cat:math judge<=50%", "item", None),
    ("items", "item", "", "item", None),
    ("text, of few", "response", 'text:"golden leaf lamp"', "item", None),
    ("text, of many", "response", 'text:"golden leaf"', "item", None),
    ("text, of one item", "response", 'text:"number 17"', "item", None),
    ("text, of none", "response", "text:xylophone", "item", None),
    ("reply", "response", "reply:component judge<=20%", "item", None),
    ("facet: model", "response", "", "item", "model"),
    ("facet: judge", "response", "", "item", "judge"),
    ("facet: why", "response", "", "item", "why"),
)


def make(path: Path, items: int, models: int, dice: random.Random) -> float:
    """Fill a database, a model at a time; seconds it took."""
    start = time.perf_counter()
    with Store.open(path, create=True) as store:
        made = []
        for number in range(items):
            url, instruction = f"https://example.invalid/{number}.png", f"Describe number {number} in two sentences."
            parts = tuple(
                Component(place, dice.choice(CATEGORIES), f"part {place}, in exactly two sentences", weight)
                for place, weight in enumerate((4, 3, 3), start=1)
            )
            id = item_id("made", url, instruction)
            made.append(Item(id, "made", number, url, instruction, dice.choice(DIFFICULTIES), parts))
        store.add_items(made)
        for model in range(models):
            responses, judgments = [], []
            for item in made:
                text = f"{' '.join(dice.choices(WORDS, k=24))}. {' '.join(dice.choices(WORDS, k=12))}."
                name = f"model-{model:04}"
                response = Response(response_id(item.id, name, text, "ok"), item.id, name, text, "ok")
                points = [Fraction(dice.randint(0, weight)) for weight in item.weights]
                raw = "; ".join(f"component {place}: {value}" for place, value in enumerate(points, start=1))
                scores = tuple(SubScore(place, value) for place, value in enumerate(points, start=1))
                id = judgment_id(response.id, JUDGE.id, 0, raw)
                responses.append(response)
                judgments.append(
                    Judgment(id, response.id, JUDGE.id, 0, raw, "ok", (), (sum(points), Fraction(10)), None, scores)
                )
            store.add_responses(responses)
            store.add_judgments(JUDGE, judgments)
    return time.perf_counter() - start


def timed(took: dict[str, list[float]], name: str, do: Callable[[], Any]) -> Any:
    """Note how long something takes, waited for and computing, in milliseconds."""
    start, begun = time.perf_counter(), time.process_time()
    found = do()
    took.setdefault(f"{name} ms", []).append(1000 * (time.perf_counter() - start))
    took.setdefault(f"{name}, computing ms", []).append(1000 * (time.process_time() - begun))
    return found


def medians(took: dict[str, list[float]]) -> dict[str, float]:
    return {name: statistics.median(times) for name, times in took.items()}


def work_through(path: str) -> dict[str, float]:
    """What a day's work costs: a queue, its list, the review opened, going on, a score, searching."""
    took: dict[str, list[float]] = {}
    with Store.open(Path(path)) as store:
        small = timed(took, "queue create, 50 items", lambda: create_queue(store, f"small {time.time_ns()}", size=50))
        timed(took, "queue list", lambda: (designs(store), lengths(store), commits(store)))

        def opened() -> ReviewSession:
            work = work_in(store, small, "ann")
            return ReviewSession(store, "ann", work, queue=small, judge=find_judge(store, None))

        session = timed(took, "review opened", opened)
        timed(took, "first view", session.view)
        for _ in range(20):
            timed(took, "next item", lambda: session.go_item(1))
            timed(took, "next view", session.view)
            timed(took, "score on disk", lambda: session.score(1, Fraction(1)))
        timed(took, "found by number", lambda: session.find("7"))
        timed(took, "a word that nothing has", lambda: session.find("xylophone"))
    return medians(took) | {"review peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def whole_queue(path: str) -> dict[str, float]:
    """The same with a queue of all responses, which is drawn first."""
    took: dict[str, list[float]] = {}
    with Store.open(Path(path)) as store:
        if not any(queue.name == "whole" for queue in designs(store)):
            timed(took, "queue create, all", lambda: create_queue(store, "whole"))
    return medians(took) | {"queue create peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def first_paint(path: str) -> dict[str, float]:
    """From the start of the work to the first response on the screen, and the memory that the app then has."""
    from miareview.images.library import PictureLibrary
    from miareview.tui.app import MiaReview
    from miareview.tui.picture import choose_renderer

    figures: dict[str, float] = {}
    start, started = time.perf_counter(), time.process_time()
    with Store.open(Path(path)) as store:
        queue = design(store, "whole")
        judge = find_judge(store, None)
        session = ReviewSession(store, "ann", work_in(store, queue, "ann"), queue=queue, judge=judge)
        app = MiaReview(session, PictureLibrary([], store.addresses()), choose_renderer("off"))

        async def shown() -> None:
            async with app.run_test(size=(120, 40)) as pilot:
                await pilot.pause()
                figures["whole queue, first paint ms"] = 1000 * (time.perf_counter() - start)
                figures["whole queue, first paint, computing ms"] = 1000 * (time.process_time() - started)
                for key in ("2", "n", "n"):
                    begun, computed = time.perf_counter(), time.process_time()
                    await pilot.press(key)
                    figures[f"whole queue, key {key} ms"] = 1000 * (time.perf_counter() - begun)
                    figures[f"whole queue, key {key}, computing ms"] = 1000 * (time.process_time() - computed)

        asyncio.run(shown())
    figures["whole queue, app peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def ask(store: Store, benchmark: str, unit: str, words: str, sort: str, facet: str | None) -> Page:
    asked = question(benchmark, unit, words, sort)
    return browse(store, asked, sight_of(store, None), filter=words, facet=facet)


def lists(path: str, times: int) -> dict[str, float]:
    """The summary, if it must be made, and every question of `ASKED`, several times."""
    figures: dict[str, float] = {}
    with Store.open(Path(path)) as store:
        named, judge = find_benchmark(store), find_judge(store, None)
        start = time.perf_counter()
        if refresh(store, judge.id if judge else None):
            figures["summary s"] = time.perf_counter() - start
        figures["summary peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        # What a store has read for lists it keeps while nothing changes.
        took: dict[str, list[float]] = {}
        for name, *asked in ASKED:
            ask(store, named, *asked)
            for _ in range(times):
                timed(took, f"{name}, again", partial(ask, store, named, *asked))
    figures["lists peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name, *asked in ASKED:
        for _ in range(times):
            with Store.open(Path(path)) as anew:
                timed(took, name, partial(ask, anew, named, *asked))
    return figures | medians(took)


def blind_lists(path: str, times: int) -> dict[str, float]:
    """The same for ann, whose blind queue is everything: nearly all rows are masked. Each first page comes after a word
    of hers, and with it what that word changed in the summary."""
    figures: dict[str, float] = {}
    with Store.open(Path(path)) as store:
        named, judge, queue = find_benchmark(store), find_judge(store, None), design(store, "whole")
        refresh(store, judge.id if judge else None)
        session = ReviewSession(store, "ann", work_in(store, queue, "ann"), queue=queue, judge=judge)
        looking = Looking(store, "ann", ())
        took: dict[str, list[float]] = {}

        def shown(name: str, words: str = "", sort: str = "item", offset: int = 0) -> None:
            def page() -> None:
                refresh(store, judge.id if judge else None)
                asked = question(named, "response", words, sort)
                browse(store, asked, looking.sight(), filter=words, offset=offset)

            timed(took, f"blind: {name}", page)

        session.score(1, Fraction(1))
        shown("the very first page")
        for place in range(times):
            session.score(1, Fraction(place % 2))
            shown("first page after a word")
            shown("next page", offset=50)
            shown("filter, sorted", "cat:math words>30", "-words")
            shown("what depends on the judge", "judge<=50%", "-judge")
        timed(took, "whole queue, a word that nothing has", lambda: session.find("xylophone"))
        figures |= medians(took)
    figures["blind lists peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def apart(measure: Callable[[str], dict[str, float]], path: Path) -> dict[str, float]:
    """Measured in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, str(path)).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--times", type=int, default=5, help="how often each question is asked")
    parser.add_argument("--no-lists", action="store_true", help="only the review and queues, without the summary")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / f"{given.items}x{given.models}.db"
    figures: dict[str, float] = {"responses": given.items * given.models}
    if not path.exists():
        figures["fill s"] = make(path, given.items, given.models, random.Random(7))
    for measure in (whole_queue, work_through, first_paint):
        figures |= apart(measure, path)
    if given.no_lists:
        tell(figures, given.json)
        return
    for asking in (lists, blind_lists):
        figures |= apart(partial(asking, times=given.times), path)
    figures["file MB"] = path.stat().st_size / 1e6
    tell(figures, given.json)


def tell(figures: dict[str, float], as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<44}{value:>12,.1f}")


if __name__ == "__main__":
    main()
