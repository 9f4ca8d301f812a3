"""Many pictures fetched at once, without pressing any server: a few connections a host, a pause between requests.

Threads only download. One thread, the caller's, decides what is asked next, checks what came, keeps it and notes what
failed: so the folder and its log have one writer, and stopping in the middle leaves nothing half done.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from miareview.errors import DataError
from miareview.images.addresses import Address, AddressError, candidates
from miareview.images.folder import add_bytes, sweep
from miareview.images.load import DamagedError
from miareview.images.log import Entry, note
from miareview.images.web import Body, Download, FetchError
from miareview.text import visible


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard is asked; times in seconds. `spacing` lies between two requests to a host, `backoff` before the second
    try and doubles from there, unless the server says how long to wait. A host that asks for more than `longest_wait`,
    or cannot be reached `give_up` times on end, is left alone for this run. `total` is for one try with its hops."""

    workers: int = 8
    per_host: int = 2
    spacing: float = 0.1
    tries: int = 4
    backoff: float = 1.0
    longest_wait: float = 60.0
    give_up: int = 3
    read_timeout: float = 20.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a picture: `path` where it was had, from the address `source`; else None, and the `reason`, a
    clause. `requests` counts redirects too, `retries` the tries after the first of each address."""

    url: str
    path: Path | None
    source: str = ""
    reason: str = ""
    permanent: bool = False
    requests: int = 0
    retries: int = 0


@dataclass(slots=True, eq=False)
class _Job:
    url: str
    left: list[str]  # addresses; the first is asked now
    tries: int = 0
    ready_at: float = 0.0
    requests: int = 0
    retries: int = 0
    failures: list[FetchError] = field(default_factory=list)

    def failed(self) -> Fetched:
        reason = "; at the next address ".join(dict.fromkeys(failure.message for failure in self.failures))
        permanent = all(failure.permanent for failure in self.failures)
        return Fetched(self.url, None, self.left[0], reason, permanent, self.requests, self.retries)


@dataclass(slots=True, eq=False)
class _Host:
    waiting: list[_Job] = field(default_factory=list)
    running: int = 0
    ready_at: float = 0.0
    unreachable: int = 0
    closed: FetchError | None = None


_Answer = tuple[_Job, Body | FetchError]


def fetch(
    urls: Iterable[str], folder: Path, *, allow_private: bool = False, pace: Pace | None = None
) -> Generator[Fetched, None, None]:
    """Fetch the pictures of these addresses into the folder; each is given as soon as it is known what became of it.

    What was had is on disk by then, and what failed is in the folder's log. Closing the iterator cuts all connections.
    Raises OSError where the folder cannot be written.
    """
    pace = pace or Pace()
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    schedule = _Schedule(urls, pace)
    orders: SimpleQueue[tuple[_Job, Download] | None] = SimpleQueue()
    answers: SimpleQueue[_Answer] = SimpleQueue()
    running: dict[int, Download] = {}
    for _ in range(pace.workers):  # not a pool: that would keep a stopped program waiting for a silent server
        Thread(target=_work, args=(orders, answers), daemon=True, name="fetch").start()
    try:
        while schedule.unfinished:
            for job in schedule.due(len(running)):
                running[id(job)] = Download(
                    job.left[0], read_timeout=pace.read_timeout, total=pace.total, allow_private=allow_private
                )
                orders.put((job, running[id(job)]))
            try:
                job, answer = answers.get(timeout=schedule.pause(len(running)))
            except Empty:
                _abort(download for download in running.values() if time.monotonic() > download.until)
                continue
            job.requests += running.pop(id(job)).requests
            for fetched in schedule.answered(job, _kept(folder, job, answer)):
                if fetched.path is None:
                    note(folder, _failure(fetched))
                yield fetched
    finally:
        _abort(running.values())
        for _ in range(pace.workers):
            orders.put(None)


def _work(orders: SimpleQueue[tuple[_Job, Download] | None], answers: SimpleQueue[_Answer]) -> None:
    while (order := orders.get()) is not None:
        job, download = order
        try:
            answers.put((job, download.run()))
        except FetchError as error:
            answers.put((job, error))
        except Exception as error:  # noqa: BLE001  a thread that dies would keep the caller waiting for ever
            answers.put((job, FetchError(f"a fault of miareview itself ({type(error).__name__}: {error})")))


def _abort(downloads: Iterable[Download]) -> None:
    for download in downloads:
        download.abort()


def _kept(folder: Path, job: _Job, answer: Body | FetchError) -> Fetched | FetchError:
    """The picture on disk, or why it is none."""
    if isinstance(answer, FetchError):
        return answer
    try:
        added = add_bytes(folder, job.url, answer.data, answer.source)
    except DataError as error:
        reason = error.message.removeprefix(f"{visible(answer.source, newlines=False)}: ").rstrip(".")
        damaged = isinstance(error, DamagedError)
        return FetchError(reason, again=damaged, permanent=not damaged)
    return Fetched(job.url, added.path, answer.source, requests=job.requests, retries=job.retries)


def _failure(fetched: Fetched) -> Entry:
    return Entry(fetched.url, "failed", fetched.source, reason=fetched.reason, permanent=fetched.permanent)


class _Schedule:
    """Which picture is asked for next, and when; one queue a host. It knows time, but no network and no folder."""

    def __init__(self, urls: Iterable[str], pace: Pace) -> None:
        self.pace = pace
        self.unfinished = 0
        self._hosts: dict[str, _Host] = {}
        for url in urls:
            self._host(job := _Job(url, candidates(url))).waiting.append(job)
            self.unfinished += 1

    def due(self, running: int) -> Iterator[_Job]:
        """The jobs to begin now, while so many are running."""
        now = time.monotonic()
        for host in sorted(self._hosts.values(), key=lambda host: -len(host.waiting)):  # the longest queue first
            while running < self.pace.workers and (job := self._next(host)) and self._when(host, job) <= now:
                host.waiting.remove(job)
                host.running += 1
                host.ready_at = now + self.pace.spacing
                running += 1
                yield job

    def pause(self, running: int) -> float:
        """Seconds in which nothing but an answer can happen."""
        if running >= self.pace.workers:
            return 0.25
        times = [self._when(host, job) for host in self._hosts.values() if (job := self._next(host))]
        return min(0.25, max(0.001, min(times) - time.monotonic())) if times else 0.25

    def answered(self, job: _Job, result: Fetched | FetchError) -> Iterator[Fetched]:
        """What is settled now: this picture, and those of a host that is left alone from here on."""
        host = self._host(job)
        host.running -= 1
        job.tries += 1
        if isinstance(result, Fetched):
            host.unreachable = 0
            self.unfinished -= 1
            yield result
            return
        host.unreachable = host.unreachable + 1 if result.unreachable else 0
        delay = self.pace.backoff * 2 ** (job.tries - 1) if result.wait is None else result.wait
        if delay > self.pace.longest_wait and result.wait is not None:
            host.closed = FetchError(f"{result.message}, and asks to wait {delay:.0f} seconds")
        elif host.unreachable >= self.pace.give_up:
            host.closed = result
        if result.again and host.closed is None and job.tries < self.pace.tries:
            job.retries += 1
            job.ready_at = time.monotonic() + delay
            if result.unreachable or result.wait is not None:  # a trouble of the host's, not of this picture's
                host.ready_at = max(host.ready_at, job.ready_at)
            host.waiting.append(job)
            return
        yield from self._gave_up(job, host.closed if host.closed and result.again else result)
        if host.closed is not None:
            for other in list(host.waiting):
                yield from self._gave_up(other, host.closed)
            host.waiting.clear()

    def _gave_up(self, job: _Job, failure: FetchError) -> Iterator[Fetched]:
        """On to the picture's next address, or to its failure."""
        while True:
            job.failures.append(failure)
            if len(job.left) == 1:
                self.unfinished -= 1
                yield job.failed()
                return
            del job.left[0]
            job.tries, job.ready_at = 0, 0.0
            following = self._host(job)
            if following.closed is None:
                following.waiting.append(job)
                return
            failure = following.closed

    def _next(self, host: _Host) -> _Job | None:
        """The job that this host would begin first; None where it has none, or enough to do."""
        if host.running >= self.pace.per_host:
            return None
        return min(host.waiting, key=lambda job: job.ready_at, default=None)

    def _when(self, host: _Host, job: _Job) -> float:
        return max(host.ready_at, job.ready_at)

    def _host(self, job: _Job) -> _Host:
        name = ""
        with contextlib.suppress(AddressError):
            address = Address.read(job.left[0])
            name = f"{address.host}:{address.port}"
        return self._hosts.setdefault(name, _Host())
