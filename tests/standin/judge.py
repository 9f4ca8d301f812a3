"""What the stand-in answers: scores that follow from a hash of the question, in the form that was asked for."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

from standin.errors import Json

ReplyFor = Callable[[Json], str]

# how a prompt may say what a component is worth: the line to fill in, or "component 2 ... 3 points"
WEIGHT = re.compile(
    r"component\s+(\d+)\s*:\s*x\s*/\s*(\d+)|component\s+(\d+)\b[^\n]{0,400}?\b(\d+)\s+points?\b", re.IGNORECASE
)
HIGHEST = re.compile(r"\b0 to (\d+)")


def draw(*parts: object) -> float:
    """A number in [0, 1) that follows from the parts alone."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def question(body: Json) -> str:
    """All text of the request, without pictures."""
    said: list[str] = []
    for message in body.get("messages", ()):
        content = message.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content or ()
        said.extend(part["text"] for part in parts if part.get("type") == "text")
    return "\n".join(said)


def reply_for(body: Json) -> str:
    """Fills the JSON schema that the request brings, or writes a line a component that its text names with points."""
    text = question(body)
    chosen = body.get("response_format") or {}
    if chosen.get("type") == "json_schema":
        schema = chosen["json_schema"]["schema"]
        return json.dumps(_instance(schema, schema, text, ()), ensure_ascii=False)
    weights = _weights(text) or {1: 4, 2: 3, 3: 3}
    scores = {position: math.floor(draw(text, position) * (weight + 1)) for position, weight in weights.items()}
    if chosen.get("type") == "json_object":
        return json.dumps({"scores": scores, "total": sum(scores.values())})
    lines = [f"Component {position}: {scores[position]}/{weights[position]}" for position in sorted(weights)]
    reasons = [f"{position}. Compared with the picture." for position in sorted(weights)]
    return "\n".join([*lines, f"Total: {sum(scores.values())}/{sum(weights.values())}", "Reasons:", *reasons])


def _weights(text: str) -> dict[int, int]:
    return {int(a or c): int(b or d) for a, b, c, d in WEIGHT.findall(text)}


def _instance(schema: Json, root: Json, text: str, path: tuple[object, ...]) -> Any:
    """A value that the schema allows, the same for the same text."""
    chance = draw(text, *path)
    if "$ref" in schema:
        return _instance(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, text, path)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][int(chance * len(schema["enum"]))]
    if "anyOf" in schema:
        return _instance(schema["anyOf"][0], root, text, path)
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        return {key: _instance(inner, root, text, (*path, key)) for key, inner in schema.get("properties", {}).items()}
    if kind == "array":
        count: int = schema.get("minItems") or schema.get("maxItems") or len(_weights(text)) or 3
        return [_instance(schema["items"], root, text, (*path, index)) for index in range(count)]
    told = HIGHEST.search(schema.get("description", ""))
    low, high = schema.get("minimum", 0), schema.get("maximum", int(told[1]) if told else 10)
    if kind == "integer":
        return low + int(chance * (high - low + 1))
    if kind == "number":
        return low + round(chance * (high - low) * 2) / 2
    return {"boolean": chance < 0.5, "null": None}.get(kind, "Said after looking at the response.")


def completion(body: Json, text: str, number: int, now: int) -> Json:
    """A chat completion with this text; its usage is as plausible as a count of characters allows."""
    prompt, answer = prompt_tokens(body), text_tokens(text)
    return {
        "id": f"chatcmpl-standin{number:08d}",
        "object": "chat.completion",
        "created": now,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None, "annotations": []},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "total_tokens": prompt + answer,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_standin",
    }


def text_tokens(text: str) -> int:
    return -(-len(text) // 4)


def prompt_tokens(body: Json) -> int:
    """Tokens of the text and of the pictures."""
    pictures = 0
    for message in body.get("messages", ()):
        if isinstance(message.get("content"), list):
            for part in message["content"]:
                if part.get("type") == "image_url":
                    pictures += picture_tokens(part["image_url"])
    return 3 + 4 * len(body.get("messages", ())) + text_tokens(question(body)) + pictures


def picture_tokens(picture: Json) -> int:
    """85 for low detail; else 85 and 170 a tile of 512 pixels, after the picture was made to fit 2048 and 768."""
    if picture.get("detail") == "low":
        return 85
    width, height = _size(picture["url"])
    shrink = min(1.0, 2048 / max(width, height))
    shrink = min(shrink, 768 / min(width, height))
    return 85 + 170 * math.ceil(width * shrink / 512) * math.ceil(height * shrink / 512)


def _size(url: str) -> tuple[int, int]:
    """Width and height that a PNG or JPEG in a data URL states; 1024 by 1024 where that cannot be read."""
    data = base64.b64decode(url.split(",", 1)[1]) if url.startswith("data:") else b""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return max(1, int.from_bytes(data[16:20], "big")), max(1, int.from_bytes(data[20:24], "big"))
    at = 2
    while data[:2] == b"\xff\xd8" and at + 9 < len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return max(1, int.from_bytes(data[at + 7 : at + 9], "big")), max(
                1, int.from_bytes(data[at + 5 : at + 7], "big")
            )
        at += 2 + length
    return 1024, 1024
