"""The files of a Batch API: requests in lines, split at its limits, and the lines of answers. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, TypeGuard

from miareview.judge.request import Ask, JudgeSettings, body
from miareview.judge.told import error_in, reason_in

ENDPOINT: Final = "/v1/chat/completions"
MOST_REQUESTS = 50_000
"""Requests that a file of OpenAI's Batch API may have."""
MOST_MEGABYTES = 200
"""Millions of bytes that such a file may have."""

_FILTERS = ("content_filter", "content_policy_violation")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_MEGABYTES * 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One request as a line of a file, with its line end."""

    ask: Ask
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What a line of a batch's output or error file says of one request; see `judge.request.outcome`."""

    custom_id: str
    completion: dict[str, Any] | None = None
    error: str | None = None
    filtered: bool = False
    request_id: str | None = None


def request_line(settings: JudgeSettings, ask: Ask, picture: str | None) -> Line:
    """The question as a line of an input file; `picture` is a data URL or None. Raises as `judge.request.body`."""
    request = {"custom_id": ask.custom_id, "method": "POST", "url": ENDPOINT, "body": body(settings, ask, picture)}
    return Line(ask, json.dumps(request, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")


def split(lines: Iterable[Line], limits: Limits) -> Iterator[Iterator[Line]]:
    """The lines in their order, as files within the limits. No line is held: each file is to be used up before the
    next is asked for. A line that is longer than a file may be makes a file of its own.
    """
    number = requests = size = 0

    def file_of(line: Line) -> int:
        nonlocal number, requests, size
        if requests and (requests >= limits.requests or size + len(line.content) > limits.bytes):
            number, requests, size = number + 1, 0, 0
        requests, size = requests + 1, size + len(line.content)
        return number

    return (file for _, file in groupby(lines, key=file_of))


def read_reply(decoded: object) -> Reply:
    """A decoded line of an output or error file. Raises `ValueError` where it is none."""
    if not isinstance(decoded, dict):
        raise ValueError("it is no JSON object")
    custom_id, response, error = (decoded.get(name) for name in ("custom_id", "response", "error"))
    if not isinstance(custom_id, str):
        raise ValueError("it has no custom_id")
    if isinstance(error, dict) or (isinstance(error, str) and error):
        code = error.get("code") if isinstance(error, dict) else None
        return Reply(custom_id, error=_told(error), filtered=code in _FILTERS)
    response = _decoded(response)
    if isinstance(response, dict) and "choices" in response:  # the completion itself, without status around it
        response = {"body": response}
    if not isinstance(response, dict):
        raise ValueError("it has neither response nor error")
    answer, status, request_id = (response.get(name) for name in ("body", "status_code", "request_id"))
    request_id = request_id if isinstance(request_id, str) else None
    answer = _decoded(answer)
    if _went_well(answer, status):
        return Reply(custom_id, answer, request_id=request_id)
    refused = error_in(answer) or answer
    code = refused.get("code") if isinstance(refused, dict) else None
    told = _told(refused) if status is None else f"HTTP {str(status)[:9]}: {_told(refused)}"
    return Reply(custom_id, error=told, filtered=code in _FILTERS, request_id=request_id)


def _decoded(answer: object) -> object:
    """The body, decoded where the service wrote it as text."""
    if isinstance(answer, str):
        with suppress(ValueError, RecursionError):
            return json.loads(answer)
    return answer


def _went_well(answer: object, status: object) -> TypeGuard[dict[str, Any]]:
    """Whether a line holds a completion, which was paid for: by its status as number or text, by itself without one."""
    if not isinstance(answer, dict) or error_in(answer) is not None:
        return False
    if status is None:
        return isinstance(answer.get("choices"), list)
    return re.fullmatch(r"2\d\d", str(status).strip()) is not None


def answered_at(completion: dict[str, Any] | None, otherwise: str) -> str:
    """When a completion was made, in UTC, as it says itself; `otherwise` where it does not say."""
    made = (completion or {}).get("created")
    if isinstance(made, bool) or not isinstance(made, int) or not 1_000_000_000 <= made < 10_000_000_000:
        return otherwise
    return utc(made)


def utc(seconds: int) -> str:
    """A Unix time as text that sorts, as everywhere in the database."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _told(error: object) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return reason_in(error) or (code[:100] if isinstance(code, str) and code else "no reason given")
