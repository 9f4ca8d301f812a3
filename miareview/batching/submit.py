"""Questions into files and batches; what a run that was cut off had begun is gone on with."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from miareview.batching.service import Remote, Service
from miareview.errors import DataError
from miareview.identity import digest
from miareview.judge.batch import Limits, Line, request_line, split
from miareview.judge.budget import Prices
from miareview.judge.request import Ask
from miareview.judge.runner import Question
from miareview.judging import Pictures, tokens_each
from miareview.model import Batch, Judge
from miareview.store.batches import add_batch, batches, close_batch, set_sent, set_uploaded, sole
from miareview.store.connection import now
from miareview.store.store import Store

PATIENCE = 5.0
"""Seconds before a batch that was asked for by a run that died, and is not there, is asked for again."""


@dataclass(slots=True)
class Submitted:
    """What a submission did. `sent` are batches now with the service, `resumed` those of them that an earlier run
    had written; `dropped` were written and never sent; `skipped` are (question, reason) that could not be asked."""

    sent: list[Batch] = field(default_factory=list)
    resumed: list[Batch] = field(default_factory=list)
    dropped: list[Batch] = field(default_factory=list)
    skipped: list[tuple[Question, str]] = field(default_factory=list)


def folder(store: Store) -> Path:
    """Where files of requests wait until they are sent: beside the database."""
    return store.path.with_name(f"{store.path.name}-batches")


def unsent(store: Store, host: str) -> list[Batch]:
    """Batches for this host that were written, and of which it is not known here that the service has them."""
    return [batch for batch in batches(store, open_only=True) if batch.remote is None and batch.host == host]


def affordable(
    questions: Iterable[Question], pictures: Pictures, prices: Prices, most_calls: int | None, most_cost: float | None
) -> tuple[Question, ...]:
    """As many of the questions, from the first, as stay within the caps even if each costs the most it can."""
    questions = tuple(questions)[:most_calls]
    if most_cost is None:
        return questions
    cost, kept = 0.0, 0
    for tokens in tokens_each(questions, pictures):
        cost += prices.cost(tokens.most, tokens.completion) or 0.0
        if cost > most_cost:
            break
        kept += 1
    return questions[:kept]


def submit(
    store: Store,
    service: Service,
    questions: Iterable[Question],
    pictures: Pictures,
    limits: Limits,
    show: Callable[[Batch], None] = lambda batch: None,
) -> Submitted:
    """Send what an earlier run had written, then the questions. `show` is called with each batch that was sent.

    Raises `RefusedError` where another process submits, `NetworkError` where the service does not take it; what was
    written then is sent by the next submission.
    """
    done = Submitted()
    with sole(folder(store)):
        _tidy(store)
        for batch in unsent(store, service.host):
            sent = _resume(store, service, batch)
            if sent is None:
                done.dropped.append(batch)
                continue
            done.resumed.append(sent)
            show(sent)
        for batch in _write(store, service.host, questions, pictures, limits, done.skipped):
            sent = _send(store, service, batch)
            done.sent.append(sent)
            show(sent)
    return done


def _tidy(store: Store) -> None:
    """Removes files that no batch waits with: half written, or written by a process that died before it said so."""
    waiting = {_file(store, batch).name for batch in batches(store, open_only=True) if batch.remote is None}
    for path in folder(store).glob("miareview-*"):
        if path.name not in waiting:
            path.unlink()


def _file(store: Store, batch: Batch) -> Path:
    return folder(store) / f"miareview-{batch.id}.jsonl"


def _resume(store: Store, service: Service, batch: Batch) -> Batch | None:
    """Send a batch that was written, from where it stopped; None where it was not sent and its file is gone."""
    # Only a batch whose file was handed in can have been asked for, perhaps a moment ago.
    remote = service.find_batch(batch.id, PATIENCE) if batch.input_file else None
    if remote is not None:
        return _sent(store, batch, remote, remote.input_file or batch.input_file or "")
    if batch.input_file is None:
        path = _file(store, batch)
        found = service.find_file(path.name, batch.bytes)
        if found is not None:
            set_uploaded(store, batch.id, found)
            batch = replace(batch, input_file=found)
        elif not path.exists() or _hash(path) != batch.sha256:
            close_batch(store, batch.id, "dropped", "its file was gone before it was sent")
            return None
    return _send(store, service, batch)


def _send(store: Store, service: Service, batch: Batch) -> Batch:
    input_file = batch.input_file
    if input_file is None:
        input_file = service.upload(_file(store, batch))
        set_uploaded(store, batch.id, input_file)
    return _sent(store, batch, service.create(input_file, batch.id), input_file)


def _sent(store: Store, batch: Batch, remote: Remote, input_file: str) -> Batch:
    set_sent(store, batch.id, remote.id, input_file, remote.status)
    _file(store, batch).unlink(missing_ok=True)
    return replace(batch, remote=remote.id, input_file=input_file, status=remote.status)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(
    store: Store,
    host: str,
    questions: Iterable[Question],
    pictures: Pictures,
    limits: Limits,
    skipped: list[tuple[Question, str]],
) -> Iterator[Batch]:
    """Writes the questions into files, a judge after the other; each batch is stored before the next is begun."""
    by_judge = sorted(questions, key=lambda question: question.settings.as_judge().id)
    for _, group in groupby(by_judge, key=lambda question: question.settings.as_judge().id):
        asked = list(group)
        judge = asked[0].settings.as_judge()
        for lines in split(_lines(asked, pictures, limits, skipped), limits):
            yield _write_one(store, host, judge, lines)


def _lines(
    questions: Iterable[Question], pictures: Pictures, limits: Limits, skipped: list[tuple[Question, str]]
) -> Iterator[Line]:
    for question in questions:
        try:
            picture = pictures.url(question.settings, question.ask.item)
            line = request_line(question.settings, question.ask, picture)
            if len(line.content) > limits.bytes:
                size = len(line.content) / 1_000_000
                raise DataError(f"The request for item {question.ask.item.index} alone has {size:.1f} MB.")
        except (DataError, OSError) as error:
            skipped.append((question, error.message if isinstance(error, DataError) else str(error)))
            continue
        yield line


def _write_one(store: Store, host: str, judge: Judge, lines: Iterator[Line]) -> Batch:
    """Writes a file, then stores the batch that it is: a row is never there without its whole file."""
    made = now()
    half = folder(store) / f"miareview-{digest('half', made, os.getpid())}.part"
    size, asks, hashed = 0, list[Ask](), hashlib.sha256()
    with half.open("wb") as file:
        for line in lines:
            file.write(line.content)
            hashed.update(line.content)
            size += len(line.content)
            asks.append(line.ask)
        file.flush()
        os.fsync(file.fileno())
    sha256 = hashed.hexdigest()
    batch = Batch(digest("batch", judge.id, sha256, made), judge.id, host, len(asks), size, sha256, made)
    half.replace(_file(store, batch))
    add_batch(store, batch, judge, [(ask.custom_id, ask.response.id, ask.repeat) for ask in asks])
    return batch
