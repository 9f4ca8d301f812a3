"""What the services of judges say in their own words: why they refused a request, and how a reply ended. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

LONGEST = 500
"""Characters of a reason that are kept."""

_WORDS = (
    "message",
    "msg",
    "detail",
    "details",
    "error",
    "errors",
    "description",
    "error_description",
    "title",
    "reason",
)
_INSIDE = ("metadata", "raw", "fieldViolations")
_DEEPEST = 8
_CUT = re.compile(r"length|max_?(?:output_?)?tokens|token_?limit|truncat|incomplete|context_window", re.I)
_FILTERED = re.compile(r"content_?filter|safety|recitation|blocklist|prohibited|spii|blocked|guardrail|^refusal$", re.I)
_FAILED = re.compile(r"error|malformed|abort|fail", re.I)


def reason_in(body: object) -> str:
    """Why a request was refused, in the words of the answer's body, "" where it has none.

    OpenAI writes `{"error": {"message": …}}`, Gemini a list with one of these, FastAPI and vLLM `{"detail": [{"loc": …,
    "msg": …}]}`, Mistral that inside of `message`, OpenRouter what its provider said in `metadata.raw`.
    """
    found = list(dict.fromkeys(" ".join(text.split()) for text in _texts(body, 0)))
    if found and found[0].startswith("<"):
        return "the server answered with a web page"
    return "; ".join(text for text in found if text)[:LONGEST]


def places_in(body: object) -> list[str]:
    """The parameters that a refusal points at: the last words of `loc`, `param` and `field`."""
    if isinstance(body, list):
        return [place for part in body for place in places_in(part)]
    if not isinstance(body, dict):
        return []
    own = []
    for key in ("loc", "param", "field"):
        value = body.get(key)
        last = value[-1] if isinstance(value, list) and value else value
        own += [last.rpartition(".")[2]] if isinstance(last, str) else []
    return own + [place for value in body.values() if isinstance(value, dict | list) for place in places_in(value)]


def error_in(answer: object) -> dict[str, Any] | str | None:
    """The error that a decoded answer is, or that its first choice ended in; None where there is none."""
    if not isinstance(answer, dict):
        return None
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    for holder in (answer, choice):
        error = holder.get("error") if isinstance(holder, dict) else None
        if isinstance(error, dict | str) and error:
            return error
    return None


def ending(choice: dict[str, Any]) -> Literal["", "length", "content_filter", "error"]:
    """How a choice ended, from whatever the service calls it: cut at the limit, filtered, failed; "" for any other."""
    for key in ("finish_reason", "native_finish_reason", "stop_reason"):
        word = choice.get(key)
        if not isinstance(word, str):
            continue
        if _CUT.search(word):
            return "length"
        if _FILTERED.search(word):
            return "content_filter"
        if _FAILED.search(word):
            return "error"
    return ""


def said(content: object) -> str:
    """The text of a message: a string, or the text parts of a list, as some servers send it; never thoughts."""
    if isinstance(content, list):
        parts = (
            part for part in content if isinstance(part, dict) and part.get("type", "text") in ("text", "output_text")
        )
        content = "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def has_thoughts(message: dict[str, Any]) -> bool:
    """Whether a message has reasoning beside its words, under any of its names."""
    beside = any(message.get(key) for key in ("reasoning_content", "reasoning", "reasoning_details", "thinking"))
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    return beside or any(
        isinstance(part, dict) and part.get("type", "text") not in ("text", "output_text") for part in parts
    )


def _texts(value: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, depth + 1)
    elif isinstance(value, dict):
        place = value.get("loc")
        where = ".".join(str(part) for part in place) if isinstance(place, list) else value.get("field")
        for key in (*_WORDS, *_INSIDE):
            for text in _texts(value.get(key), depth + 1):
                yield f"{where}: {text}" if isinstance(where, str) and key in _WORDS else text
