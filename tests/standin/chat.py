"""What a chat completion request must look like; what breaks a rule is refused as the real server refuses it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from standin.errors import ApiError, Json, bad_request, unknown_model

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
PARTS = ("text", "image_url", "input_audio", "refusal", "file")
PICTURE = re.compile(r"data:image/(png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=]+\Z")
REASONING = re.compile(r"o\d|gpt-5")


def check_chat(body: Json, models: Collection[str]) -> None:
    """Raises ApiError where the request is not one that would be answered."""
    if not isinstance(body.get("model"), str):
        raise bad_request("you must provide a model parameter")
    if body["model"] not in models:
        raise unknown_model(body["model"])
    messages = body.get("messages")
    if messages is None:
        raise bad_request("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if not isinstance(messages, list):
        raise _wrong_type("messages", "an array of objects", messages)
    if not messages:
        message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array."
        raise bad_request(message, "messages", "empty_array")
    for index, message in enumerate(messages):
        _check_message(message, f"messages[{index}]")
    _check_sampling(body)
    _check_format(body)


def _wrong_type(param: str, expected: str, got: object) -> ApiError:
    names = {str: "a string", int: "an integer", float: "a decimal number", bool: "a boolean", list: "an array"}
    name = "null" if got is None else names.get(type(got), "an object")
    return bad_request(
        f"Invalid type for '{param}': expected {expected}, but got {name} instead.", param, "invalid_type"
    )


def _check_message(message: Any, place: str) -> None:
    if not isinstance(message, dict):
        raise _wrong_type(place, "an object", message)
    if message.get("role") not in ROLES:
        said = f"Invalid value: '{message.get('role')}'. Supported values are: {', '.join(repr(x) for x in ROLES)}."
        raise bad_request(said, f"{place}.role", "invalid_value")
    content = message.get("content")
    if isinstance(content, str):
        return
    if not isinstance(content, list):
        raise _wrong_type(f"{place}.content", "one of a string or array of objects", content)
    for index, part in enumerate(content):
        _check_part(part, f"{place}.content[{index}]")


def _check_part(part: Any, place: str) -> None:
    if not isinstance(part, dict):
        raise _wrong_type(place, "an object", part)
    kind = part.get("type")
    if kind not in PARTS:
        said = f"Invalid value: '{kind}'. Supported values are: {', '.join(repr(x) for x in PARTS)}."
        raise bad_request(said, f"{place}.type", "invalid_value")
    if kind == "text" and not isinstance(part.get("text"), str):
        raise _wrong_type(f"{place}.text", "a string", part.get("text"))
    if kind == "image_url":
        picture = part.get("image_url")
        if not isinstance(picture, dict):
            raise _wrong_type(f"{place}.image_url", "an object", picture)
        _check_picture(picture, f"{place}.image_url")


def _check_picture(picture: Json, place: str) -> None:
    url = picture.get("url")
    if not isinstance(url, str):
        raise _wrong_type(f"{place}.url", "a string", url)
    if picture.get("detail", "auto") not in ("auto", "low", "high"):
        said = f"Invalid value: '{picture['detail']}'. Supported values are: 'auto', 'low', and 'high'."
        raise bad_request(said, f"{place}.detail", "invalid_value")
    if url.startswith("data:"):
        if not PICTURE.match(url):
            said = "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
            raise bad_request(said + "['png', 'jpeg', 'gif', 'webp'].", code="invalid_image_format")
    elif not url.startswith(("http://", "https://")):
        said = f"Invalid '{place}.url'. Expected a valid URL, but got a value with an invalid format."
        raise bad_request(said, f"{place}.url", "invalid_value")


def _check_sampling(body: Json) -> None:
    temperature = body.get("temperature")
    if temperature is not None:
        if isinstance(temperature, bool) or not isinstance(temperature, (int, float)):
            raise _wrong_type("temperature", "a decimal number", temperature)
        if not 0 <= temperature <= 2:
            edge = "minimum value: 0" if temperature < 0 else "maximum value: 2"
            said = f"Invalid 'temperature': decimal out of range. Expected {edge}, but got {temperature} instead."
            raise bad_request(said, "temperature", "decimal_out_of_range")
    if REASONING.match(body["model"]):
        if temperature not in (None, 1):
            said = f"Unsupported value: 'temperature' does not support {temperature} with this model. "
            raise bad_request(said + "Only the default (1) value is supported.", "temperature", "unsupported_value")
        if body.get("max_tokens") is not None:
            said = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
            raise bad_request(said + "instead.", "max_tokens", "unsupported_parameter")
    for name in ("max_tokens", "max_completion_tokens", "seed", "n"):
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise _wrong_type(name, "an integer", value)


def _check_format(body: Json) -> None:
    chosen = body.get("response_format")
    if chosen is None:
        return
    if not isinstance(chosen, dict):
        raise _wrong_type("response_format", "an object", chosen)
    kind = chosen.get("type")
    if kind == "json_object":
        if "json" not in str(body["messages"]).lower():
            said = (
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
            )
            raise bad_request(said, "messages")
    elif kind == "json_schema":
        _check_schema(chosen.get("json_schema"))
    elif kind != "text":
        said = f"Invalid value: '{kind}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise bad_request(said, "response_format.type", "invalid_value")


def _check_schema(named: Any) -> None:
    place = "response_format.json_schema"
    if not isinstance(named, dict):
        raise bad_request(f"Missing required parameter: '{place}'.", place, "missing_required_parameter")
    name = named.get("name")
    if not isinstance(name, str):
        raise bad_request(f"Missing required parameter: '{place}.name'.", f"{place}.name", "missing_required_parameter")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        said = f"Invalid '{place}.name': string does not match pattern. Expected a string that matches the pattern "
        raise bad_request(said + "'^[a-zA-Z0-9_-]+$'.", f"{place}.name", "invalid_value")
    schema = named.get("schema")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        got = schema.get("type") if isinstance(schema, dict) else None
        said = f"Invalid schema for response_format '{name}': schema must be a JSON Schema of 'type: \"object\"', got "
        raise bad_request(f"{said}'type: \"{got}\"'.", "response_format")
    if named.get("strict"):
        _check_strict(schema, name, ())


def _check_strict(schema: Any, name: str, context: tuple[str, ...]) -> None:
    """Structured outputs: every object is closed, and every property is required."""
    start = f"Invalid schema for response_format '{name}': In context={context!r}, "
    if not isinstance(schema, dict):
        raise bad_request(f"{start}schema must be an object.", "response_format")
    if not any(key in schema for key in ("type", "$ref", "anyOf", "enum", "const")):
        raise bad_request(f"{start}schema must have a 'type' key.", "response_format")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise bad_request(
                f"{start}'additionalProperties' is required to be supplied and to be false.", "response_format"
            )
        properties = schema.get("properties", {})
        missing = [key for key in properties if key not in schema.get("required", ())]
        if missing:
            said = "'required' is required to be supplied and to be an array including every key in properties. "
            raise bad_request(f"{start}{said}Missing '{missing[0]}'.", "response_format")
        for key, inner in properties.items():
            _check_strict(inner, name, (*context, "properties", key))
    if schema.get("type") == "array":
        if "items" not in schema:
            raise bad_request(f"{start}array schema missing items.", "response_format")
        _check_strict(schema["items"], name, (*context, "items"))
    for index, inner in enumerate(schema.get("anyOf", ())):
        _check_strict(inner, name, (*context, "anyOf", str(index)))
    for key, inner in schema.get("$defs", {}).items():
        _check_strict(inner, name, (*context, "$defs", key))
