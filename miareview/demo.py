"""The bundled sample: twelve drawn pictures, three made-up models, a made-up judge, two made-up reviewers."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from miareview.events import EventKind
from miareview.formats.detect import read_file
from miareview.importing.ingest import ingest
from miareview.model import Queue
from miareview.review.queues import create_queue
from miareview.review.session import ReviewSession
from miareview.store.queues import designs
from miareview.store.queues import queue as find_queue
from miareview.store.store import Store

BENCHMARK = "miareview-demo"
JUDGE = "demo-judge"
QUEUE = "demo-random"
YOURS = "yours"
SECOND_REVIEWER_ITEMS = 6


def demo_folder() -> Path:
    """Where the sample's files lie: inside the installed package, or in assets/ of a checkout installed as editable."""
    bundled = Path(str(files("miareview"))) / "demo_data"
    return bundled if bundled.is_dir() else Path(__file__).parent.parent / "assets" / "demo"


def make_demo(path: Path) -> Store:
    """A new database at `path` with the whole sample: imported, judged, queued, and reviewed by two demo reviewers."""
    folder = demo_folder()
    store = Store.open(path, create=True)
    ingest(read_file(folder / "benchmark.json", BENCHMARK), store)
    for file in sorted(folder.glob("demo-*.jsonl")):
        model = file.stem.removesuffix("_judged")
        ingest(read_file(file), store, model=model, judge=JUDGE)
    store.set_setting("images", str(folder / "images"))
    said = json.loads((folder / "reviews.json").read_text(encoding="utf-8"))
    drawn = said["queue"]
    # After each response, so that whoever tries the sample sees a judge before the last of its responses.
    create_queue(store, QUEUE, drawn["design"], size=drawn["size"], seed=drawn["seed"], reveal="each")
    queue = find_queue(store, QUEUE)
    for reviewer in sorted({review["reviewer"] for review in said["reviews"]}):
        _replay(store, queue, reviewer, [review for review in said["reviews"] if review["reviewer"] == reviewer])
    return store


def your_queue(store: Store) -> Queue:
    """A queue for whoever tries the sample, made once. It is small: what waits in it is held back from lists, and most
    of what the demo reviewers said is to be seen there."""
    if all(known.name != YOURS for known in designs(store)):
        create_queue(store, YOURS, size=3, seed=13, reveal="each")
    return find_queue(store, YOURS)


def _replay(store: Store, queue: Queue, reviewer: str, reviews: list[dict[str, Any]]) -> None:
    """Give a demo reviewer's points through a session, as a person would, for the part of the queue they did."""
    numbers = {item.id: item.index for item in store.items()}
    given = {(review["item"], review["model"]): review for review in reviews}
    second = reviewer != "demo-reviewer-1"
    items = list(dict.fromkeys(row.item for row in queue.rows))[: SECOND_REVIEWER_ITEMS if second else None]
    work = [row.response for row in queue.rows if row.item in items]
    session = ReviewSession(store, reviewer, work, queue=queue)
    for place, row in enumerate(row for row in queue.rows if row.item in items):
        review = given.get((numbers[row.item], row.model))
        if review is None:
            continue
        session.go(place)
        for position, points in enumerate(review["points"], start=1):
            if points is not None:
                session.score(position, Fraction(str(points)))
        for kind in ("ungradable", "reasons"):
            for word in review[kind]:
                session.say(cast(EventKind, kind.removesuffix("s")), word["position"], word["reason"])
        if review["comment"]:
            session.say("comment", value=review["comment"])
        session.commit()
