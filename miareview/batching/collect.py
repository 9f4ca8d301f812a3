"""Answers out of batches that are done. Cut off anywhere and run again, it stores what is not there yet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from miareview.batching.service import Remote, Service
from miareview.errors import DataError, GoneError
from miareview.judge.batch import answered_at, read_reply
from miareview.judge.request import Ask, outcome
from miareview.model import Batch, Call, Judgment
from miareview.store.batches import batches, close_batch, requests, set_progress
from miareview.store.connection import now
from miareview.store.store import Store

CHUNK = 200
"""Answers that are stored in one transaction."""
FIRST_POLL, LONGEST_POLL = 2.0, 60.0
"""Seconds between two looks at batches that are not done yet: the first pause, and the longest it grows to."""


def give_up(store: Store, id: str) -> Batch:
    """Await nothing more of an open batch (by our id or the service's): its requests may be sent again. Raises
    `DataError` where there is no such batch."""
    for batch in batches(store, open_only=True):
        if id in (batch.id, batch.remote):
            close_batch(store, batch.id, "given up", "it was given up here")
            return batch
    raise DataError(f"There is no open batch {id!r}.", "See `miareview judge status`.")


@dataclass(slots=True)
class Collected:
    """What came of one batch.

    `statuses` counts the judgments of its requests, `new` those that were not stored before, `errors` the reasons of
    failed calls; `missing` requests had no line in its files; `left_out` are (place, reason) of lines that were not
    used. `gone` says why the service tells nothing of the batch.
    """

    batch: Batch
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    new: int = 0
    missing: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    gone: str = ""

    @property
    def over(self) -> bool:
        return self.batch.closed is not None


def collect(
    store: Store, service: Service, show: Callable[[Collected], None] = lambda collected: None
) -> list[Collected]:
    """Look at every open batch at this host, and store the answers of those that are over. Doing it again, or after
    it was cut off, stores what is not there yet and changes nothing else. Raises `NetworkError`.
    """
    found = []
    for batch in batches(store, open_only=True):
        if batch.remote is not None and batch.host == service.host:
            found.append(_collect(store, service, batch))
            show(found[-1])
    return found


def _collect(store: Store, service: Service, batch: Batch) -> Collected:
    assert batch.remote is not None
    try:
        remote = service.batch(batch.remote)
    except GoneError as error:
        return Collected(batch, gone=error.message)
    finished = batch.finished or remote.finished or (now() if remote.over else None)
    batch = replace(batch, status=remote.status, error=remote.error, finished=finished)
    batch = replace(batch, completed=remote.completed, failed=remote.failed)
    set_progress(store, batch)
    done = Collected(batch)
    if not remote.over or finished is None:
        return done
    if remote.status != "failed" or remote.output_file or remote.error_file:
        _keep_answers(store, service, remote, done, finished)
    close_batch(store, batch.id, remote.status, remote.error)
    done.batch = replace(batch, closed=now())
    return done


def _keep_answers(store: Store, service: Service, remote: Remote, done: Collected, finished: str) -> None:
    """Stores a judgment for every request of the batch: what its files say, or that they say nothing."""
    judge = store.judge(done.batch.judge)
    pairs = _outcomes(store, service, remote, done, finished)
    while chunk := list(islice(pairs, CHUNK)):
        judgments, calls = zip(*chunk, strict=True)
        done.new += store.add_judgments(judge, judgments, calls).new
        done.statuses.update(judgment.status for judgment in judgments)
        done.errors.update(call.error for call in calls if call.error)


def _outcomes(
    store: Store, service: Service, remote: Remote, done: Collected, finished: str
) -> Iterator[tuple[Judgment, Call]]:
    batch = done.batch
    asks = _asks(store, batch.id)
    waiting = dict(asks)
    for place, decoded in _lines(service, remote, done):
        try:
            reply = read_reply(decoded)
            ask = waiting.pop(reply.custom_id, None)
            if ask is None:
                twice = reply.custom_id in asks
                raise ValueError("its request has a line already" if twice else "it is of another batch")
        except ValueError as error:
            done.left_out.append((place, str(error)))
            continue
        yield outcome(
            batch.judge,
            ask,
            reply.completion,
            None if reply.error is None else service.scrub(reply.error),
            at=answered_at(reply.completion, finished),
            filtered=reply.filtered,
            request_id=reply.request_id,
            batch=batch.id,
        )
    done.missing = len(waiting)
    why = "no line in the batch's files" if remote.status == "completed" else f"the batch was {remote.status} before it"
    for ask in waiting.values():
        yield outcome(batch.judge, ask, None, why, at=finished, batch=batch.id)


def _lines(service: Service, remote: Remote, done: Collected) -> Iterator[tuple[str, object]]:
    """(place, decoded line) of the output file, then of the error file."""
    with TemporaryDirectory() as scratch:
        for name, file in (("output", remote.output_file), ("error", remote.error_file)):
            if file is None:
                continue
            path = Path(scratch) / name
            try:
                service.download(file, path)
            except GoneError:
                done.left_out.append((f"{name} file", "the service has it no more"))
                continue
            for number, decoded in service.lines(path):
                yield f"{name} file, line {number}", decoded


def _asks(store: Store, batch: str) -> dict[str, Ask]:
    """The questions of a batch by their custom id."""
    items = {item.id: item for item in store.items()}
    responses = {response.id: response for response in store.responses()}
    found = {}
    for custom_id, (response, repeat) in requests(store, batch).items():
        answer = responses[response]
        found[custom_id] = Ask(items[answer.item], answer, repeat)
    return found


def wait(
    store: Store,
    service: Service,
    show: Callable[[Collected], None],
    sleep: Callable[[float], None] = time.sleep,
) -> list[Collected]:
    """Collect until no batch at this host is open, or the service tells nothing of those that are. `show` is called
    as by `collect`, at every look. Returns what came of each batch."""
    pause, over = FIRST_POLL, list[Collected]()
    while True:
        found = collect(store, service, show)
        over += [one for one in found if one.over]
        left = [one for one in found if not one.over]
        if all(one.gone for one in left):
            return over + left
        pause = FIRST_POLL if len(left) < len(found) else min(LONGEST_POLL, pause * 1.5)
        sleep(pause)
