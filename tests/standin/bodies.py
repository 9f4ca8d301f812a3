"""Answers as other services than OpenAI write them: errors with a status, and completions that are none or odd."""

from __future__ import annotations

import json
from collections.abc import Callable

from standin.errors import ApiError, Json

_EXTRA = {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted", "input": 0}
ERRORS: dict[str, tuple[int, object]] = {
    "deepseek_402": (402, {"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid"}}),
    "mistral_422": (
        422,
        {"object": "error", "message": {"detail": [_EXTRA]}, "type": "invalid_request_error", "code": None},
    ),
    "mistral_400": (400, {"object": "error", "message": "Unsupported parameter: seed", "code": "1500"}),
    "fastapi_422": (422, {"detail": [_EXTRA]}),
    "fastapi_text": (422, {"detail": "The picture is too large for this model."}),
    "gemini_400": (
        400,
        [{"error": {
            "code": 400, "status": "INVALID_ARGUMENT",
            "message": 'Invalid JSON payload received. Unknown name "seed": Cannot find field.',
            "details": [{"fieldViolations": [{"field": "seed", "description": 'Unknown name "seed"'}]}],
        }}],
    ),
    "openrouter_400": (
        400,
        {"error": {
            "message": "Provider returned error", "code": 400,
            "metadata": {"raw": '{"detail":"seed is not supported by this model"}', "provider_name": "X"},
        }},
    ),
}  # fmt: skip
"""Refusals of a whole request: status and body."""


def _failed(code: int, message: str) -> Callable[[Json], None]:
    """An error inside the choice, with the status 200."""

    def spoil(completion: Json) -> None:
        choice = completion["choices"][0]
        choice["error"] = {"code": code, "message": message}
        choice["finish_reason"], choice["message"]["content"] = "error", ""

    return spoil


def _instead(code: int, message: str) -> Callable[[Json], None]:
    """An error instead of the completion, with the status 200."""

    def spoil(completion: Json) -> None:
        completion.clear()
        completion["error"] = {"code": code, "message": message}

    return spoil


def _thought(field: str, finish: str) -> Callable[[Json], None]:
    """Reasoning beside no content."""

    def spoil(completion: Json) -> None:
        choice = completion["choices"][0]
        choice["message"] |= {"content": None, field: "Component 1: 0/4, let me see"}
        choice["finish_reason"] = finish

    return spoil


def _thinking_parts(completion: Json) -> None:
    message = completion["choices"][0]["message"]
    thoughts = [{"type": "text", "text": "Component 1: 0/4. Component 2: 0/3."}]
    message["content"] = [
        {"type": "thinking", "thinking": thoughts, "text": "Component 1: 0/4. Total: 0/10."},
        {"type": "text", "text": message["content"]},
    ]


def _finished(word: str) -> Callable[[Json], None]:
    def spoil(completion: Json) -> None:
        completion["choices"][0]["finish_reason"] = word

    return spoil


COMPLETIONS: dict[str, Callable[[Json], None]] = {
    "choice_502": _failed(502, "Upstream provider went away"),
    "choice_402": _failed(402, "Insufficient credits"),
    "error_in_200": _instead(429, "Provider is busy"),
    "error_402_in_200": _instead(402, "This request requires more credits"),
    "thoughts_only": _thought("reasoning_content", "stop"),
    "thoughts_cut": _thought("reasoning", "length"),
    "thinking_parts": _thinking_parts,
    "max_tokens": _finished("max_tokens"),
    "MAX_TOKENS": _finished("MAX_TOKENS"),
    "SAFETY": _finished("SAFETY"),
}
"""What becomes of a completion."""

LINES: dict[str, Callable[[Json], None]] = {
    "status_text": lambda line: line["response"].update(status_code="200"),
    "status_201": lambda line: line["response"].update(status_code=201),
    "no_status": lambda line: line["response"].pop("status_code"),
    "body_text": lambda line: line["response"].update(body=json.dumps(line["response"]["body"])),
}
"""How the line of a batch's output that holds an answer is written."""


def refusal(kind: str) -> ApiError:
    status, body = ERRORS[kind]
    error = ApiError(status, "")
    error.body = body  # type: ignore[assignment]
    return error
