"""A small benchmark with pictures to send in batches, and what a stand-in server says it got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import make_items, make_response
from PIL import Image
from standin.server import StandIn

from miareview.batching.submit import Submitted, submit
from miareview.images.library import PictureLibrary
from miareview.judge.batch import Limits
from miareview.judge.client import Service
from miareview.judge.client_batch import BatchClient
from miareview.judge.prompt import built_in
from miareview.judge.request import JudgeSettings
from miareview.judging import Pictures, make_plan
from miareview.store.store import Store

MODEL = "gpt-4o-2024-11-20"
SETTINGS = JudgeSettings(MODEL, built_in("points"))
MODELS = ("alpha", "beta", "gamma")
ITEMS = make_items(10)
TWELVE = Limits(requests=12)


@contextmanager
def made(path: Path) -> Iterator[Store]:
    """Ten items with pictures, 30 responses."""
    with Store.open(path, create=True) as store:
        store.add_items(ITEMS)
        store.add_responses([make_response(item, model) for item in ITEMS for model in MODELS])
        (path.parent / "images").mkdir()
        for item in ITEMS:
            Image.new("RGB", (40, 30), (item.index, 0, 0)).save(path.parent / "images" / f"{item.index}.png")
        yield store


def pictures_of(store: Store) -> Pictures:
    return Pictures(PictureLibrary([store.path.parent / "images"], store.items()))


def client_of(server: StandIn) -> BatchClient:
    """A client that does not wait."""
    return BatchClient(Service(server.url, timeout=5), sleep=lambda seconds: None)


def send(store: Store, server: StandIn, limits: Limits = TWELVE, repeats: int = 1) -> Submitted:
    """What `judge submit` does, without its words."""
    pictures = pictures_of(store)
    plan = make_plan(store, SETTINGS, pictures, repeats=repeats)
    return submit(store, client_of(server), plan.questions, pictures, limits)


def asked(server: StandIn) -> Counter[str]:
    """How often each request is in a batch that the server has, by its custom id."""
    return Counter(id for batch in server.log()["batches"] for id in batch["custom_ids"])


def count(server: StandIn, method: str, path: str) -> int:
    return sum((one["method"], one["path"]) == (method, path) for one in server.log()["requests"])


def statuses(store: Store) -> Counter[str]:
    """Judgments by status, of all judges."""
    return Counter(status for (status,) in store.rows("select status from judgment"))
