"""The lines of a batch's input and output files, and what may be wrong with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from standin.errors import Json, bad_request


def as_line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def lines_of(content: bytes) -> Iterator[tuple[Any, bytes]]:
    """The objects of a JSONL file and their bytes; {} for a line that is no JSON object."""
    for raw in content.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            line = {}
        yield (line if isinstance(line, dict) else {}), raw


def error(code: str, message: str, line: int | None = None, param: str | None = None) -> Json:
    return {"code": code, "message": message, "line": line, "param": param}


def check_file(
    content: bytes | None, endpoint: str, models: Collection[str], most: int
) -> tuple[list[Json], list[Json]]:
    """Errors of an input file as a failed batch tells them, and its requests."""
    if content is None:
        return [error("invalid_file", "The input file cannot be used for a batch.")], []
    lines: list[Json] = []
    errors: list[Json] = []
    seen: set[str] = set()
    for number, (line, _) in enumerate(lines_of(content), start=1):
        problem = _problem(line, endpoint, models)
        if problem is None and line["custom_id"] in seen:
            problem = ("duplicate_custom_id", "The custom_id of this request is that of another request.", "custom_id")
        if problem is None and lines and lines[0]["body"]["model"] != line["body"]["model"]:
            problem = ("model_mismatch", "The model of this request differs from that of the first.", "body.model")
        if problem is not None:
            code, message, param = problem
            errors.append(error(code, message, number, param))
            continue
        seen.add(line["custom_id"])
        lines.append(line)
    if not lines and not errors:
        errors = [error("empty_file", "The input file is empty: a batch has at least one request.")]
    if len(lines) > most:
        errors = [error("too_many_tasks", f"The batch contains more requests than the limit of {most}.")]
    return errors, lines


def _problem(line: Json, endpoint: str, models: Collection[str]) -> tuple[str, str, str | None] | None:
    if not line:
        return "invalid_json_line", "This line is not parseable as valid JSON.", None
    for name, kind in (("custom_id", str), ("method", str), ("url", str), ("body", dict)):
        if not isinstance(line.get(name), kind):
            return "missing_required_parameter", f"Missing required parameter: '{name}'.", name
    if line["method"] != "POST":
        return "invalid_method", f"The method '{line['method']}' is not supported.", "method"
    if line["url"] != endpoint:
        return "url_mismatch", f"The URL of this request is not the batch's endpoint '{endpoint}'.", "url"
    if not isinstance(line["body"].get("model"), str):
        return "missing_required_parameter", "Missing required parameter: 'body.model'.", "body.model"
    if line["body"]["model"] not in models:
        return "model_not_found", f"The provided model '{line['body']['model']}' is not supported.", "body.model"
    return None


def check_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise bad_request("Invalid 'metadata': at most 16 pairs of strings.", "metadata", "invalid_value")
    for key, value in metadata.items():
        if not isinstance(value, str) or len(key) > 64 or len(value) > 512:
            raise bad_request(f"Invalid 'metadata.{key[:64]}': not a string, or too long.", "metadata", "invalid_value")
