"""Asking many questions at once, each until there is an answer or no hope, and keeping each answer before the next."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Literal, Protocol

from miareview.errors import DataError
from miareview.judge.budget import Budget, Tokens
from miareview.judge.pace import Pace, backoff
from miareview.judge.request import Ask, JudgeSettings, outcome, usage
from miareview.model import Call, Judgment

MOST_FAULTS = 6
"""Requests for one question that may go wrong before it is given up until the next run."""
MOST_LIMITED = 40
"""Requests for one question that the server may put off (429) before it is given up."""
SILENT = 3
"""Requests for one question after which there is no server, where none of the run has had any answer yet."""
HOPELESS = 10
"""Questions in a row that came to nothing, after which the run stops."""
LONGEST_WAIT = 600.0
"""Seconds: a server that asks for a longer pause than this is left alone; the run stops."""
GRACE = 10.0
"""Seconds that requests on their way get after an interrupt."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask, of the judge that `settings` are."""

    settings: JudgeSettings
    ask: Ask


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question ready to be sent: the body, and the tokens it takes."""

    body: dict[str, Any]
    tokens: Tokens


class Answering(Protocol):
    """The part of `judge.client.Answer` that a run looks at."""

    @property
    def kind(self) -> Literal["reply", "again", "never", "filtered", "stop"]: ...
    @property
    def completion(self) -> dict[str, Any] | None: ...
    @property
    def error(self) -> str | None: ...
    @property
    def hint(self) -> str: ...
    @property
    def wait(self) -> float | None: ...
    @property
    def status(self) -> int | None: ...
    @property
    def request_id(self) -> str | None: ...


class Asking(Protocol):
    """The part of `judge.client.Client` that a run needs."""

    async def ask(self, body: dict[str, Any], tokens: int = 0) -> Answering: ...


@dataclass(slots=True)
class Progress:
    """How far a run is. `statuses` counts judgments kept; `skipped` are (question, reason) that could not be asked.

    Until the time `paused_until` (monotonic) the server wants peace. `why` says why the run ended before its questions
    did: "" (it did not), "budget", "signal", "server" (then `error` and `hint` say what is wrong).
    """

    total: int
    statuses: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    retries: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    skipped: list[tuple[Question, str]] = field(default_factory=list)
    models: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    paused_until: float = 0.0
    why: Literal["", "budget", "signal", "server"] = ""
    error: str = ""
    hint: str = ""

    @property
    def done(self) -> int:
        return self.statuses.total() + len(self.skipped)

    @property
    def failed(self) -> int:
        return self.statuses["api_error"]


Prepare = Callable[[Question], Prepared]
Keep = Callable[[JudgeSettings, Judgment, Call], None]


class Run:
    """One run over some questions. `prepare` makes a body (raising `DataError` for what cannot be asked); `keep` has
    the answer on disk when it returns. Both are called in threads. `show` is called after every change.
    """

    def __init__(
        self,
        client: Asking,
        budget: Budget,
        prepare: Prepare,
        keep: Keep,
        show: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self.client = client
        self.budget = budget
        self.prepare = prepare
        self.keep = keep
        self.show = show
        self.progress = Progress(0)
        self._random = random.Random()
        self._stopped = asyncio.Event()
        self._pace = Pace(self._stopped)
        self._writing = asyncio.Lock()
        self._heard = False
        self._in_a_row = 0
        self._slots: list[asyncio.Task[None]] = []
        self._kept: set[asyncio.Task[None]] = set()

    async def ask_all(self, questions: Iterable[Question], concurrency: int) -> Progress:
        """Ask the questions, so many at a time, until all are asked or the run is stopped."""
        waiting = list(questions)
        self.progress.total = len(waiting)
        work = iter(waiting)
        self._slots = [asyncio.create_task(self._slot(work)) for _ in range(min(concurrency, len(waiting)))]
        try:
            done, pending = (
                await asyncio.wait(self._slots, return_when=asyncio.FIRST_EXCEPTION) if waiting else ((), ())
            )
            for slot in pending:  # only where a slot raised: the database cannot be written
                slot.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            for slot in done:
                if not slot.cancelled():
                    slot.result()
        finally:
            await asyncio.gather(*self._kept)
        return self.progress

    def interrupt(self) -> None:
        """Ask no more. Requests on their way get `GRACE` seconds; a second interrupt drops them at once."""
        if self.progress.why == "signal":
            self._drop()
            return
        self._stop("signal")
        self.show(self.progress)
        asyncio.get_running_loop().call_later(GRACE, self._drop)

    def _drop(self) -> None:
        for slot in self._slots:
            slot.cancel()

    def _stop(self, why: Literal["budget", "signal", "server"], error: str = "", hint: str = "") -> None:
        if why == "signal" or not self.progress.why:
            self.progress.why, self.progress.error, self.progress.hint = why, error, hint
        self._stopped.set()

    async def _slot(self, work: Iterator[Question]) -> None:
        for question in work:
            if self._stopped.is_set():
                return
            try:
                prepared = await asyncio.to_thread(self.prepare, question)
            except DataError as error:
                self.progress.skipped.append((question, error.message))
                self.show(self.progress)
                continue
            await self._question(question, prepared)

    async def _question(self, question: Question, prepared: Prepared) -> None:
        faults = limited = requests = 0
        while True:
            await self._pace.ready()
            if self._stopped.is_set():
                return
            reserved = await self.budget.reserve(prepared.tokens)
            if reserved is None:
                self._stop("budget")
                return
            if self._stopped.is_set():
                await self.budget.settle(reserved, prepared.tokens, (0, 0), answered=True)
                return
            requests += 1
            self.progress.requests += 1
            self.progress.retries += requests > 1
            start = monotonic()
            answer = await self._send(prepared, reserved)
            seconds = monotonic() - start
            if answer.kind == "stop":
                self._stop("server", f"{(answer.error or '').rstrip('.')}.", answer.hint)
                return
            if answer.wait is not None:
                self._wait(answer.wait)
            if answer.kind == "again":
                limited += answer.status == 429
                faults += answer.status != 429
                self.progress.faults[_kind_of_fault(answer)] += 1
                self.show(self.progress)
                if requests >= SILENT and not self._heard:
                    why = f"The server does not answer ({answer.error})."
                    self._stop("server", why, "Check --base-url and the network.")
                    return
                if faults < MOST_FAULTS and limited < MOST_LIMITED:
                    await self._breathe(answer, faults + limited)
                    continue
            await self._keep(question, answer, seconds, requests)
            return

    async def _send(self, prepared: Prepared, reserved: float) -> Answering:
        used: tuple[int, int] | None = None
        answered = False
        try:
            answer = await self.client.ask(prepared.body, prepared.tokens.usual + prepared.tokens.completion)
            used = usage(answer.completion)
            if used is None and answer.kind == "reply":  # a server that does not count: the most it can have been
                used = (prepared.tokens.most, prepared.tokens.completion)
            answered = answer.status is not None and answer.status >= 400
        finally:
            await self.budget.settle(reserved, prepared.tokens, used, answered=answered)
        if answer.status is not None:
            self._heard = True
        return answer

    def _wait(self, seconds: float) -> None:
        if seconds > LONGEST_WAIT:
            self._stop(
                "server", f"The server asks to wait {seconds / 60:.0f} minutes.", "Run the same command again later."
            )
        self.progress.paused_until = monotonic() + seconds
        self._pace.pause(seconds)

    async def _breathe(self, answer: Answering, failures: int) -> None:
        """The pause before a question is asked again: the server's own for all, else a growing one."""
        if answer.wait is not None:
            await self._pace.ready()
            await self._pace.sleep(self._random.random())  # not all at the same moment
        elif answer.status == 429:
            self._pace.pause(backoff(failures, self._random))
        else:
            await self._pace.sleep(backoff(failures, self._random))

    async def _keep(self, question: Question, answer: Answering, seconds: float, requests: int) -> None:
        judgment, call = outcome(
            question.settings.as_judge().id,
            question.ask,
            answer.completion,
            answer.error,
            at=_now(),
            filtered=answer.kind == "filtered",
            request_id=answer.request_id,
            seconds=round(seconds, 3),
            attempts=requests,
        )
        # An interrupt may end the slot, but never the writing.
        writing = asyncio.create_task(self._write(question.settings, judgment, call))
        self._kept.add(writing)
        await asyncio.shield(writing)
        self._kept.discard(writing)
        if judgment.status != "api_error":
            self._in_a_row = 0
            return
        self._in_a_row += 1
        if self._in_a_row >= HOPELESS:
            self._stop(
                "server",
                f"{HOPELESS} questions in a row came to nothing, the last with: {call.error}.",
                "Nothing more was asked.",
            )

    async def _write(self, settings: JudgeSettings, judgment: Judgment, call: Call) -> None:
        async with self._writing:
            await asyncio.to_thread(self.keep, settings, judgment, call)
        self.progress.statuses[judgment.status] += 1
        if call.model:
            self.progress.models[call.model] += 1
        if call.error:
            self.progress.errors[call.error] += 1
        self.show(self.progress)


def _kind_of_fault(answer: Answering) -> str:
    if answer.status is not None:
        return f"HTTP {answer.status}" if answer.status >= 400 else "an answer that is none"
    return "no answer in time" if (answer.error or "").startswith("no answer within") else "no connection"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
