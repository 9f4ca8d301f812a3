"""Small made-up records that several tests share."""

from __future__ import annotations

import sqlite3
import ssl
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from standin.server import StandIn

from miareview.browse.sight import sight_of
from miareview.events import Event
from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.model import Component, Item, Judge, Judgment, Queue, Response, SubScore
from miareview.review.queues import create_queue, queue_by_rule
from miareview.store import migrations
from miareview.store.browse_terms import Sight
from miareview.store.ledger import Entry, append, events, review_state
from miareview.store.queues import queue
from miareview.store.store import Store

# The same examples in every run, and none is held against a clock. New ones: pytest --hypothesis-profile default
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

HOSTILE = (
    "[/] [bold]x[/bold] [@click=app.quit]go[/] \x1b[31mred\x1b]0;title\x07 \x00 \x9b31m "
    "\u202eoverride\u202c \u2066isolate\u2069 [Score]: 3/5 =cmd()|'!A0' '; drop table event; --"
)
JUDGE = Judge(judge_id("gpt-4o", "", "{}"), "gpt-4o")


def make_items(count: int = 6) -> list[Item]:
    """Items of two or three components, 10 points each."""
    made = []
    for index in range(count):
        url, instruction = f"https://example.invalid/{index}.png", f"Describe number {index} in two sentences."
        weights = (6, 4) if index % 2 else (4, 3, 3)
        names = ("describe", "length_limit", "mention")
        parts = tuple(
            Component(position, names[position - 1], f"part {position} of {index}", weight)
            for position, weight in enumerate(weights, start=1)
        )
        made.append(Item(item_id("test", url, instruction), "test", index, url, instruction, "basic", parts))
    return made


def make_response(item: Item, model: str, text: str | None = None, status: str = "ok") -> Response:
    text = f"{model} answers item {item.index}. It has two sentences." if text is None else text
    return Response(response_id(item.id, model, text, status), item.id, model, text, status)  # type: ignore[arg-type]


def make_judgment(item: Item, response: Response, points: list[int], raw: str | None = None) -> Judgment:
    raw = raw or "; ".join(f"component {p}: {x}" for p, x in enumerate(points, start=1))
    scores = tuple(SubScore(p, Fraction(x)) for p, x in enumerate(points, start=1))
    total = (Fraction(sum(points)), Fraction(item.total))
    return Judgment(
        judgment_id(response.id, JUDGE.id, 0, raw), response.id, JUDGE.id, 0, raw, "ok", (), total,
        total[0] / total[1], scores,
    )  # fmt: skip


def said(store: Store) -> list[Event]:
    """What people said of responses, without what came in, the queues they drew, and that they are known."""
    return [event for event in events(store) if event.kind not in ("queue", "import", "reviewer")]


def commit(store: Store, reviewer: str, response: str, queue: str | None = None) -> None:
    """Commit a response as it is scored; components without a score get full marks first, since a commit is whole."""
    state = review_state(store, response, reviewer)
    missing = {p: w for p, w in store.weights({response})[response].items() if state.mark(p) is None}
    append(
        store,
        *(Entry(reviewer, "score", response, position, str(weight)) for position, weight in missing.items()),
        Entry(reviewer, "commit", response, queue=queue),
    )


def draw_queue(store: Store, name: str, design: str = "random", **more: Any) -> Queue:
    """Draw a queue from what is in the store, and read it back with its rows."""
    create_queue(store, name, design, **more)
    return queue(store, name)


def waits_for(store: Store, reviewer: str, responses: Sequence[str]) -> Sight:
    """The sight of somebody for whom these responses wait, in a queue that they work in."""
    queue_by_rule(store, "waits", "", responses, benchmark="test")
    return sight_of(store, reviewer, "waits")


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """A bundle of certificates is read once, not for each client (a tenth of a second): servers here speak HTTP."""
    read, kept = ssl.create_default_context, cache(ssl.create_default_context)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", lambda **given: kept(**given) if given else read())
        yield


@pytest.fixture(scope="session", autouse=True)
def schema() -> Iterator[None]:
    """A new file's schema is copied from one that the migrations made once: a fourth of the time, a thousand times."""
    migrate = migrations.migrate
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(made)

    def copied(connection: sqlite3.Connection) -> None:
        if connection.execute("select 1 from sqlite_master").fetchone():
            migrate(connection)
        else:
            made.backup(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "migrate", copied)
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Six items, two models, full marks by the judge."""
    with Store.open(tmp_path / "test.db", create=True) as made:
        items = make_items()
        made.add_items(items)
        responses = [make_response(item, model) for item in items for model in ("alpha", "beta")]
        made.add_responses(responses, source="test")
        by_id = {item.id: item for item in items}
        made.add_judgments(JUDGE, [make_judgment(by_id[r.item], r, list(by_id[r.item].weights)) for r in responses])
        yield made


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A server that speaks as OpenAI's does; see standin/."""
    with StandIn() as server:
        yield server
