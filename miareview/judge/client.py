"""The one place that talks to a judge's API. Keys come from the environment and go nowhere but into the request."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import openai

from miareview.errors import UsageError
from miareview.judge.pace import retry_after, used_up
from miareview.judge.request import THOUGHT_ONLY, fault
from miareview.judge.told import error_in, places_in, reason_in
from miareview.text import repair

KEY_NAMES = ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "OPENAI_ADMIN_KEY")
NO_KEY = "none"
_AGAIN = {408, 409, 425, 429}
_STOP = {401, 403, 404}
_PAID_OUT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_REMEDIES = {
    "temperature": "Set --temperature none.",
    "max_tokens": "Set --max-tokens-field max_completion_tokens.",
    "max_completion_tokens": "Set --max-tokens-field max_tokens.",
    "seed": "Set --seed none.",
    "response_format": "Use a prompt that needs none: --prompt points.",
}
_PARAMETERS = re.compile(rf"\b({'|'.join(sorted(_REMEDIES, key=len, reverse=True))})\b")
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|not support|unrecognized|unknown|not permitted|not allowed|forbidden|unexpected|no such"
    r"|cannot find|invalid argument|extra (?:fields|inputs)",
    re.I,
)
_LOOKS_LIKE_A_KEY = re.compile(r"\b(?:sk|sess)-[\w*.-]{4,}|(?<=Bearer )\S+|[^\s'\"]{0,8}\*{4,}[^\s'\"]{0,8}", re.I)


Kind = Literal["reply", "again", "never", "filtered", "stop"]


@dataclass(frozen=True, slots=True)
class Service:
    """Where a judge is served. Without `base_url` that is $OPENAI_BASE_URL, else OpenAI; with `api_version` it is
    Azure's API at `base_url` (or $AZURE_OPENAI_ENDPOINT). `timeout` is seconds for a whole request."""

    base_url: str | None = None
    api_version: str | None = None
    timeout: float = 120.0

    def address(self) -> str | None:
        """The address that counts, None for OpenAI's own. Raises `UsageError` where it is no address."""
        names = ("AZURE_OPENAI_ENDPOINT",) if self.api_version else ("OPENAI_BASE_URL",)
        found = (self.base_url or next((os.environ[name] for name in names if os.environ.get(name)), "")).strip()
        if not found:
            if self.api_version:
                raise UsageError("--api-version needs the resource's address.", "Name it with --base-url.")
            return None
        parts = urlsplit(found)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("The base URL is no http or https address.", "Example: http://localhost:8000/v1")
        return found

    @property
    def host(self) -> str:
        """The host, for people to read; never a password that the address may hold."""
        address = self.address()
        if address is None:
            return "api.openai.com"
        parts = urlsplit(address)
        return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request came to.

    `kind`: "reply" (`completion` is the decoded body), "again" (may go better later), "never" (this question will not),
    "filtered" (the server's content filter stopped the question), "stop" (no question will go better; `hint` says what
    to do). `wait` is how many seconds the server asks everybody to wait. `status` is None where there was no answer.
    """

    kind: Kind
    completion: dict[str, Any] | None = None
    error: str | None = None
    hint: str = ""
    wait: float | None = None
    status: int | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that a service answered with: its status, and the decoded body or what is in its `error`."""

    status: int
    body: object
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        return self._word("code")

    @property
    def type(self) -> str:
        return self._word("type")

    def _word(self, key: str) -> str:
        value = self.body.get(key) if isinstance(self.body, dict) else None
        return str(value) if value else ""


class Client:
    """An open connection to a service. The SDK's own retries are off: who asks counts and paces them."""

    def __init__(self, service: Service) -> None:
        """Raises `UsageError` where a key is needed and the environment has none, or the address is none."""
        self.service = service
        self.secrets = _secrets(os.environ)
        self.openai = _connect(service)

    async def close(self) -> None:
        await self.openai.close()

    async def ask(self, body: Mapping[str, Any], tokens: int = 0) -> Answer:
        """Send one chat completion request. Nothing that a server does raises.

        `tokens` is what a request takes: where the rate limit has less left, the answer says how long to wait.
        """
        try:
            # httpx counts its timeout from byte to byte; this one is for all of it.
            async with asyncio.timeout(self.service.timeout):
                raw = await self.openai.chat.completions.with_raw_response.create(**body)
                content, headers, status = raw.content, raw.headers, raw.status_code
        except (TimeoutError, openai.OpenAIError, OSError, ValueError, RuntimeError) as error:
            return self.failure(error)
        request_id = headers.get("x-request-id")
        request_id = self.scrub(request_id[:200]) if request_id else None
        try:
            decoded = self.decoded(content)
        except (ValueError, RecursionError):
            what = "a web page" if content.lstrip()[:1] == b"<" else "no JSON"
            return Answer("again", error=f"the server's answer is {what}", status=status, request_id=request_id)
        return self._answered(decoded, used_up(headers, tokens), status, request_id, headers)

    def _answered(
        self, decoded: object, wait: float | None, status: int, request_id: str | None, headers: Mapping[str, str]
    ) -> Answer:
        """The answer that a decoded body is: a reply, or the error that some services send with status 200."""
        completion = decoded if isinstance(decoded, dict) else None
        wrong = fault(decoded)
        if wrong is None:
            return Answer("reply", completion, wait=wait, status=status, request_id=request_id)
        wrong = self.scrub(wrong)
        told = error_in(decoded)
        if told is not None:
            code = told.get("code") if isinstance(told, dict) else None
            answer = self._refused(Refusal(code if type(code) is int else 500, told, headers), request_id)
            return replace(answer, completion=completion, error=wrong, status=status)
        # What only thought was paid for, and would think as long again.
        kind: Kind = "never" if wrong.startswith(THOUGHT_ONLY) else "again"
        return Answer(kind, completion, wrong, wait=wait, status=status, request_id=request_id)

    def failure(self, error: Exception) -> Answer:
        """What an exception of the SDK means."""
        if isinstance(error, openai.APIStatusError):
            request_id = error.response.headers.get("x-request-id")
            request_id = self.scrub(request_id[:200]) if request_id else None
            return self._refused(Refusal(error.status_code, error.body, error.response.headers), request_id)
        if isinstance(error, TimeoutError | openai.APITimeoutError):
            return Answer("again", error=f"no answer within {self.service.timeout:g} s")
        if isinstance(error, openai.APIConnectionError):
            return Answer("again", error=self.scrub(f"no connection: {_cause(error)}"))
        return Answer("again", error=self.scrub(f"the answer could not be read: {type(error).__name__}"))

    def scrub(self, text: str) -> str:
        """The text without this environment's keys and whatever else looks like one."""
        return repair(_LOOKS_LIKE_A_KEY.sub("[key]", _without(text, self.secrets)))[0]

    def decoded(self, content: bytes) -> Any:
        """The JSON of an answer without keys. Raises `ValueError` or `RecursionError` where it is none."""
        decoded = json.loads(content)
        # A server may echo what it was sent, and an answer is kept: the key must not be in it.
        written = json.dumps(decoded, ensure_ascii=False)
        return json.loads(_without(written, self.secrets)) if any(key in written for key in self.secrets) else decoded

    def _refused(self, refusal: Refusal, request_id: str | None) -> Answer:
        """The answer that a status of 400 or more is."""
        status, code = refusal.status, refusal.code
        message = self.scrub(reason_in(refusal.body) or "no reason given")
        told = f"HTTP {status}: {message}"
        if status == 402 or (status == 429 and {code, refusal.type} & _PAID_OUT):
            return Answer("stop", error=told, hint="Top up the account, or raise its limit.", status=status)
        if status in _AGAIN or status >= 500:
            wait = retry_after(refusal.headers)
            if wait is None and status == 429:
                wait = used_up(refusal.headers, 1)
            return Answer("again", error=told, wait=wait, status=status, request_id=request_id)
        if status in _STOP:
            return Answer("stop", error=told, hint=_what_to_do(status), status=status)
        if code in ("content_filter", "content_policy_violation"):
            return Answer("filtered", error=told, status=status, request_id=request_id)
        remedy = _remedy(refusal, message)
        if remedy:
            return Answer("stop", error=told, hint=remedy, status=status)
        return Answer("never", error=told, status=status, request_id=request_id)


def _connect(service: Service) -> openai.AsyncOpenAI:
    address = service.address()
    # The SDK's own time limit is per read; ours, around it, is for the whole request.
    timeout = service.timeout + 5
    if service.api_version:
        key = _key("AZURE_OPENAI_API_KEY")
        if not key:
            raise UsageError("There is no API key.", "Set the environment variable AZURE_OPENAI_API_KEY.")
        assert address is not None
        return openai.AsyncAzureOpenAI(
            azure_endpoint=address, api_version=service.api_version, api_key=key, max_retries=0, timeout=timeout
        )
    key = _key("OPENAI_API_KEY")
    if not key and (address is None or urlsplit(address).hostname == "api.openai.com"):
        raise UsageError(
            "There is no API key.", "Set the environment variable OPENAI_API_KEY, or name a local server (--base-url)."
        )
    return openai.AsyncOpenAI(api_key=key or NO_KEY, base_url=address, max_retries=0, timeout=timeout)


def _key(name: str) -> str:
    key = os.environ.get(name, "").strip()
    if re.fullmatch(r"[!#-\[\]-~]*", key) is None:
        raise UsageError(f"{name} holds characters that no key has.", "Set it again; the value is not shown here.")
    return key


def _secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    keys = {environment.get(name, "").strip() for name in KEY_NAMES}
    return tuple(sorted((key for key in keys if len(key) >= 6), key=len, reverse=True))


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "[key]")
    return text


def _cause(error: BaseException) -> str:
    """The words of the innermost cause: "Connection refused" and not "Connection error."."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__


def _what_to_do(status: int) -> str:
    if status == 404:
        return "Check --model and --base-url (it usually ends in /v1)."
    return "Check the API key and what it may use." if status == 401 else "The key may not use this model or service."


def _remedy(refusal: Refusal, message: str) -> str | None:
    """What to set where the server does not take a parameter, None where that is not what it says."""
    by_code = refusal.code in ("unsupported_parameter", "unsupported_value")
    named = next((place for place in places_in(refusal.body) if place in _REMEDIES), "")
    if by_code or _NOT_TAKEN.search(message):
        about = _PARAMETERS.search(message)
        found = _REMEDIES.get(named or (about[1] if about else ""))
        return found or ("Choose settings that this model takes." if by_code else None)
    return f"The server does not take this {named}; change its option." if named else None
