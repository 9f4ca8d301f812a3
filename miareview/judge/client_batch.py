"""Files and batches of a service with OpenAI's Batch API. A batch is never made twice, whatever answer gets lost."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import openai

from miareview.errors import GoneError, NetworkError, UsageError
from miareview.judge.batch import ENDPOINT, utc
from miareview.judge.client import Answer, Client, Service
from miareview.judge.pace import backoff
from miareview.judge.runner import LONGEST_WAIT, MOST_FAULTS

OVER = ("completed", "failed", "expired", "cancelled")
"""What a batch is when nothing more will come of it."""
TIMEOUT = 300.0
"""Seconds that a service may take for a request; it looks at large files before it answers."""
NAME = "miareview_batch"
"""The key of a batch's metadata that holds our own id."""

_PAGE = 100
_NOT_DONE = (409, 425, 429)
_ID = re.compile(r"[A-Za-z0-9][\w.:=-]{0,511}", re.ASCII)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Remote:
    """A batch as the service tells it; `name` is our own id, None where it is none of ours. `finished` is in UTC."""

    id: str
    name: str | None
    status: str
    input_file: str | None = None
    output_file: str | None = None
    error_file: str | None = None
    completed: int | None = None
    failed: int | None = None
    error: str | None = None
    finished: str | None = None

    @property
    def over(self) -> bool:
        return self.status in OVER


class BatchClient:
    """A connection to a service's files and batches. All methods raise `NetworkError` where it does not work out."""

    def __init__(self, service: Service, sleep: Callable[[float], None] = time.sleep) -> None:
        """Raises `UsageError` as `Client` does, and for Azure, whose batches are made otherwise."""
        if service.api_version:
            raise UsageError("Batches are sent to OpenAI's API, not to Azure's.", "Use `miareview judge run` there.")
        self.host = service.host
        self._client = Client(replace(service, timeout=max(TIMEOUT, service.timeout)))
        self._sleep = sleep
        self._random = random.Random()
        shared = self._client.openai
        self._openai = openai.OpenAI(
            api_key=shared.api_key, base_url=shared.base_url, max_retries=0, timeout=self._client.service.timeout
        )

    def upload(self, path: Path) -> str:
        """Hand in a file of requests; returns its id. Where an answer was lost, a file that arrived is found again."""

        with path.open("rb") as file:

            def send() -> str:
                file.seek(0)
                return _id(self._openai.files.create(file=(path.name, file), purpose="batch").id)

            return self._once(send, lambda: self.find_file(path.name, path.stat().st_size))

    def create(self, input_file: str, name: str) -> Remote:
        """Make a batch of a file, with our own id `name` in its metadata. Where an answer was lost, it looks for the
        batch before it asks again."""

        def send() -> Remote:
            made = self._openai.batches.create(
                input_file_id=input_file, endpoint=ENDPOINT, completion_window="24h", metadata={NAME: name}
            )
            return self._remote(made)

        return self._once(send, lambda: self.find_batch(name))

    def find_batch(self, name: str, patience: float = 0.0) -> Remote | None:
        """The batch with our id in its metadata. Where there is none, it looks once more after `patience` seconds: a
        request may still be on its way."""

        def look() -> Remote | None:
            # In no order that anybody promises, so to the end.
            for batch in self._openai.batches.list(limit=_PAGE):
                if _name(batch.metadata) == name:
                    return self._remote(batch)
            return None

        found = self._again(look)
        if found is None and patience:
            self._sleep(patience)
            found = self._again(look)
        return found

    def find_file(self, filename: str, size: int) -> str | None:
        """The id of a file of requests with that name and number of bytes."""

        def look() -> str | None:
            for file in self._openai.files.list(purpose="batch"):
                if (file.filename, file.bytes) == (filename, size):
                    return _id(file.id)
            return None

        return self._again(look)

    def batch(self, id: str) -> Remote:
        """How a batch is. Raises `GoneError` where the service has none of that id."""
        return self._again(lambda: self._remote(self._openai.batches.retrieve(id)))

    def download(self, file: str, path: Path) -> None:
        """Write the content of a file to `path`. Raises `GoneError` where the service has it no more."""
        path.write_bytes(self._again(lambda: self._openai.files.content(file).content))

    def lines(self, path: Path) -> Iterator[tuple[int, Any]]:
        """(number from 1, decoded line or None where it is no JSON) of a downloaded file, without any key."""
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    yield number, self._client.decoded(line)
                except (ValueError, RecursionError):
                    yield number, None

    def scrub(self, text: str) -> str:
        """The text without keys."""
        return self._client.scrub(text)

    # ---- asking again

    def _again(self, ask: Callable[[], _T]) -> _T:
        """The answer to what changes nothing, asked until there is one or no hope."""
        return self._once(ask, lambda: None)

    def _once(self, ask: Callable[[], _T], look: Callable[[], _T | None]) -> _T:
        """The answer to `ask`. After a failure that may have been a success, what `look` finds is the answer."""
        failures = 0
        while True:
            try:
                return ask()
            except openai.NotFoundError as error:
                told = self._client.failure(error)
                raise GoneError(
                    f"{self.host} has no such thing: {told.error}.", "Check --base-url and the key."
                ) from error
            except (openai.OpenAIError, OSError, ValueError, RuntimeError) as error:
                answer = self._client.failure(error)
                failures += 1
                if answer.kind != "again" or failures >= MOST_FAULTS or (answer.wait or 0) > LONGEST_WAIT:
                    raise NetworkError(f"{self.host}: {answer.error}.", answer.hint or _hint(answer)) from error
                self._sleep(answer.wait if answer.wait is not None else backoff(failures + 1, self._random))
                if answer.status not in _NOT_DONE:
                    found = look()
                    if found is not None:
                        return found

    def _remote(self, batch: object) -> Remote:
        """A batch from what the SDK made of the answer. Raises `ValueError` where that is no batch."""
        told = batch.to_dict() if isinstance(batch, openai.BaseModel) else {}
        counts, errors = told.get("request_counts"), told.get("errors")
        counts = counts if isinstance(counts, dict) else {}
        status = told.get("status")
        if not isinstance(status, str):
            raise ValueError("a batch without a status")
        ends = [told.get(f"{end}_at") for end in OVER]
        end = next((at for at in ends if isinstance(at, int) and 0 < at < 10_000_000_000), None)
        return Remote(
            _id(told.get("id")),
            _name(told.get("metadata")),
            self.scrub(status[:40]),
            input_file=_file(told.get("input_file_id")),
            output_file=_file(told.get("output_file_id")),
            error_file=_file(told.get("error_file_id")),
            completed=_count(counts.get("completed")),
            failed=_count(counts.get("failed")),
            error=self._errors(errors),
            finished=None if end is None else utc(end),
        )

    def _errors(self, errors: object) -> str | None:
        """What a failed batch says of itself: the first of its errors, and how many more there are."""
        data = errors.get("data") if isinstance(errors, dict) else None
        told = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        if not told:
            return None
        first, line = told[0], told[0].get("line")
        said = " ".join(str(first.get(key)) for key in ("code", "message") if first.get(key))[:500] or "no reason given"
        where = f"line {line}: " if isinstance(line, int) else ""
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        return self.scrub(f"{where}{said}{more}")


def _id(value: object) -> str:
    """An id of the service. Raises `ValueError` for what is none: it will be part of an address."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise ValueError("an answer without an id")
    return value


def _name(metadata: object) -> str | None:
    """Our own id of a batch, None where it is not ours."""
    name = metadata.get(NAME) if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else None


def _file(value: object) -> str | None:
    return _id(value) if value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _hint(answer: Answer) -> str:
    return "Nothing is lost: run the same command again." if answer.kind == "again" else ""
