"""What is asked of a judge's API, and what its answer means: pure, the same for single calls and batches."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from miareview.errors import UsageError
from miareview.identity import digest, judge_id, judgment_id
from miareview.judge.judgment import no_reply, read_judgment
from miareview.judge.prompt import Prompt, render
from miareview.judge.told import ending, error_in, has_thoughts, reason_in, said
from miareview.model import Call, Item, Judge, Judgment, JudgmentStatus, Response
from miareview.text import repair

Detail = Literal["low", "high", "auto"]
PictureKind = Literal["item", "blank", "none"]
TokensField = Literal["max_tokens", "max_completion_tokens"]

PICTURE_SIDE = 2048
"""Pixels: a picture with a longer side is shrunk to it before it is sent."""
PICTURE_BYTES = 4_000_000
"""A picture file with more bytes is sent as a JPEG of its own."""
PICTURE_QUALITY = 90
"""The JPEG quality of a picture that could not be sent as it is."""

_MOST_TOKENS = 2**53


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """All that shapes a judge's replies; where it is served is no part of it.

    `temperature` and `seed` are left out of the request where they are None. Repeat k is asked with seed + k, so that
    repeats can differ. `picture`: the item's own, a blank one of the same size, or none.
    """

    model: str
    prompt: Prompt
    temperature: float | None = 0
    seed: int | None = 0
    max_tokens: int = 2000
    tokens_field: TokensField = "max_tokens"
    detail: Detail = "high"
    picture: PictureKind = "item"

    def as_judge(self) -> Judge:
        """The judge that these settings are. It sees the image only where it is sent the item's own picture."""
        parameters: dict[str, Any] = {self.tokens_field: self.max_tokens, "picture": self.picture}
        if self.temperature is not None:
            parameters["temperature"] = _number(self.temperature)
        if self.seed is not None:
            parameters["seed"] = self.seed
        if self.picture != "none":
            parameters |= {
                "detail": self.detail,
                "picture_side": PICTURE_SIDE,
                "picture_bytes": PICTURE_BYTES,
                "picture_quality": PICTURE_QUALITY,
            }
        canonical = json.dumps(parameters, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        label = self.prompt.label
        return Judge(judge_id(self.model, label, canonical), self.model, label, canonical, self.picture == "item")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a judge: this response to this item, for the `repeat`-th time (from 0)."""

    item: Item
    response: Response
    repeat: int = 0

    @property
    def custom_id(self) -> str:
        """The name of this question within one judge's run, at most 64 characters; see `from_custom_id`."""
        return f"{self.response.id}-{self.repeat}"


def from_custom_id(text: str) -> tuple[str, int]:
    """The response's id and the repeat. Raises `ValueError` for a name that miareview did not give."""
    response, dash, repeat = text.rpartition("-")
    if not (dash and response and repeat.isascii() and repeat.isdigit() and len(repeat) < 10):
        raise ValueError(f"not a question of miareview: {text[:80]!r}")
    return response, int(repeat)


def body(settings: JudgeSettings, ask: Ask, picture: str | None) -> dict[str, Any]:
    """The JSON body of POST /v1/chat/completions; `picture` is a data URL, None where the settings send none.

    Raises `UsageError` where settings and picture do not fit, `DataError` where the template cannot be filled in.
    """
    if (picture is None) != (settings.picture == "none"):
        raise UsageError(
            f"A judge with picture={settings.picture!r} cannot be asked {'without' if picture is None else 'with'} one."
        )
    words = render(settings.prompt, ask.item, ask.response.text, has_picture=picture is not None)
    content: str | list[dict[str, Any]] = words.user
    if picture is not None:
        image = {"url": picture, "detail": settings.detail}
        content = [{"type": "text", "text": words.user}, {"type": "image_url", "image_url": image}]
    messages: list[dict[str, Any]] = [{"role": "system", "content": words.system}] if words.system else []
    made: dict[str, Any] = {
        "model": settings.model,
        "messages": [*messages, {"role": "user", "content": content}],
        settings.tokens_field: settings.max_tokens,
    }
    if settings.temperature is not None:
        made["temperature"] = _number(settings.temperature)
    if settings.seed is not None:
        made["seed"] = settings.seed + ask.repeat
    if settings.prompt.structured:
        made["response_format"] = _schema(ask.item)
    return made


THOUGHT_ONLY = "the judge thought, and gave no reply"


def fault(completion: object) -> str | None:
    """Why a server's answer is no reply of a judge at all, so that asking again may help; None where it is one."""
    if not isinstance(completion, dict):
        return "the server's answer is no JSON object"
    if error := error_in(completion):
        return f"the server's answer is an error: {reason_in(error) or 'no reason given'}"
    choices = completion.get("choices")
    if not isinstance(choices, list) or not choices:
        return "the server's answer has no choices"
    if not isinstance(choices[0], dict) or not isinstance(choices[0].get("message"), dict):
        return "the server's answer has no message"
    how, message = ending(choices[0]), choices[0]["message"]
    if how == "error":
        return "the reply ended in an error of the server"
    if (
        has_thoughts(message)
        and how != "content_filter"
        and not (said(message.get("content")).strip() or message.get("refusal"))
    ):
        return THOUGHT_ONLY + (", and the token limit ended it" if how == "length" else "") + " (--max-tokens)"
    return None


def outcome(
    judge: str,
    ask: Ask,
    completion: object,
    error: str | None = None,
    *,
    at: str,
    filtered: bool = False,
    request_id: str | None = None,
    seconds: float | None = None,
    attempts: int = 1,
    batch: str | None = None,
) -> tuple[Judgment, Call]:
    """What came of a question: the judgment, and how it came about.

    `judge` is an id. `completion` is the decoded body of a chat completion, None where there is none; then `error`
    says why. `filtered`: the server refused to have the question answered by its content filter. `at` is when it came
    in (UTC).

    The judgment's warnings end with "truncated" where the reply was cut at the token limit and "content_filter" where
    the server's filter stopped it; a reply with all scores is then a "warning" and not "ok".
    """
    if completion is not None and (wrong := fault(completion)):
        error = error or wrong
    answer: dict[str, Any] = completion if isinstance(completion, dict) else {}
    choice: dict[str, Any] = {} if fault(completion) else answer["choices"][0]
    finish = _text(choice.get("finish_reason"))
    if choice:
        judgment = _read(ask, judge, choice)
    else:
        error = error or "no reply"
        status: JudgmentStatus = "refused" if filtered else "api_error"
        warnings = ("content_filter",) if filtered else ()
        judgment = no_reply(ask.item, ask.response.id, judge, ask.repeat, status=status, warnings=warnings)
        if filtered:  # another judgment than the failed calls before it, which it must not be taken for
            judgment = replace(judgment, id=judgment_id(ask.response.id, judge, ask.repeat, ""))
    prompt_tokens, completion_tokens = usage(answer) or (None, None)
    call = Call(
        id=digest("call", judgment.id, at, request_id, attempts, batch),
        judgment=judgment.id,
        at=at,
        model=_text(answer.get("model")),
        request_id=_text(request_id),
        finish_reason=finish,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        seconds=seconds,
        attempts=attempts,
        error=None if error is None else repair(error)[0],
        batch=batch,
    )
    return judgment, call


def usage(completion: object) -> tuple[int, int] | None:
    """The prompt and completion tokens that a server's answer names, None where it names none that can be."""
    told = completion.get("usage") if isinstance(completion, dict) else None
    if not isinstance(told, dict):
        return None
    prompt, made = _count(told.get("prompt_tokens")), _count(told.get("completion_tokens"))
    return None if prompt is None or made is None else (prompt, made)


def _read(ask: Ask, judge: str, choice: dict[str, Any]) -> Judgment:
    message, how = choice["message"], ending(choice)
    refusal = _text(message.get("refusal"), most=None)
    words = repair(said(message.get("content")))[0]
    raw = words if words.strip() or not refusal else refusal
    judgment = read_judgment(raw, ask.item, ask.response.id, judge, ask.repeat, how)
    status = judgment.status
    warnings = list(judgment.warnings)
    read_nothing = all(score.points is None for score in judgment.sub_scores)
    if how == "content_filter":
        warnings.append("content_filter")
    if read_nothing and (refusal or how == "content_filter"):
        status = "refused"
    elif status == "ok" and warnings:
        status = "warning"
    return replace(judgment, status=status, warnings=tuple(warnings))


def _schema(item: Item) -> dict[str, Any]:
    """The reply's JSON schema: for each component the reason before the score.

    Strict mode takes a subset of JSON Schema, and not the same one everywhere: nothing but type, description,
    properties, required and additionalProperties is used, so the most points stand in words.
    """
    parts = {
        f"component_{component.position}": _object(
            {
                "reason": {"type": "string", "description": "Why, in one or two sentences."},
                "score": {
                    "type": "number",
                    "description": f"The marks, from 0 to {component.weight}; halves are allowed.",
                },
            }
        )
        for component in item.components
    }
    return {"type": "json_schema", "json_schema": {"name": "marks", "strict": True, "schema": _object(parts)}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _text(value: object, most: int | None = 200) -> str | None:
    return repair(value[:most])[0] if isinstance(value, str) else None


def _count(value: object) -> int | None:
    """A number of tokens as a server tells it, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_TOKENS else None


def _number(value: float) -> float:
    """The same JSON number for 0 and 0.0."""
    return int(value) if value == int(value) else value
