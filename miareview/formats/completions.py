"""What a model said, where a file keeps more: parts of a message, a message, a service's whole answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_SAID = ("text", "output_text")  # parts of a message that are its words; others are thoughts, pictures, calls
_ENDINGS = ("finish_reason", "finishReason", "stop_reason", "done_reason")


def texts_of(value: object, parsed: bool = True) -> list[str]:
    """The texts that a JSON value stands for: itself, each of a list, the text among the parts of a message, without
    thoughts. An object that is none of these, as a reply that was parsed, is written as JSON, unless it may not be
    `parsed`. Else nothing."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        if any(isinstance(part, dict) and ("type" in part or "thought" in part) for part in value):
            said = [part for part in value if isinstance(part, dict) and _is_said(part)]
            texts = [part["text"] for part in said if isinstance(part.get("text"), str)]
            return ["".join(texts)] if texts else []
        if all(isinstance(part, str) for part in value):
            return list(value)
        return _as_json(value) if parsed and all(isinstance(part, dict) for part in value) else []
    if isinstance(value, dict):
        message = _message_in(value)
        return texts_of(message, parsed=False) if message is not value else _as_json(value) if parsed and value else []
    return []


def ending_of(value: object) -> str | None:
    """The service's word for how an answer ended ("length", "MAX_TOKENS", …), None where the value has none."""
    if not isinstance(value, dict):
        return None
    first: dict[str, Any] = next(
        (value[key][0] for key in ("choices", "candidates") if _is_list_of_objects(value.get(key))), {}
    )
    details = value.get("incomplete_details")
    found = [part.get(key) for part in (value, first) for key in _ENDINGS]
    found += [details.get("reason")] if isinstance(details, dict) else []
    return next((word for word in found if isinstance(word, str)), None) or ending_of(value.get("body"))


def _message_in(value: Mapping[str, Any]) -> object:
    """What holds the words in an answer of OpenAI, Anthropic, Gemini or Ollama, or in a message; else the value."""
    if _is_list_of_objects(value.get("choices")):
        message = value["choices"][0].get("message") or value["choices"][0].get("text")
        return {"role": "assistant"} | message if isinstance(message, dict) else message  # some leave the role away
    if _is_list_of_objects(value.get("candidates")):
        content = value["candidates"][0].get("content")
        parts = content.get("parts") if isinstance(content, dict) else None
        return [{"type": "text"} | part for part in parts or [] if isinstance(part, dict)]
    if _is_list_of_objects(value.get("output")):  # the Responses API
        return next((part.get("content") for part in value["output"] if part.get("type") == "message"), None)
    for inside in ("body", "message"):
        if isinstance(value.get(inside), dict):
            return _message_in(value[inside])
    if {"role", "content"} <= set(value):
        return value["content"] if value["content"] is not None else value.get("refusal")
    return value


def _is_said(part: Mapping[str, Any]) -> bool:
    return part.get("type", "text") in _SAID and not part.get("thought")


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)


def _as_json(value: object) -> list[str]:
    return [json.dumps(value, ensure_ascii=False)]
