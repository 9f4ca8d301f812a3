"""Small pieces of the wire: headers, and bodies taken apart."""

from __future__ import annotations

import email.utils
import json
import time

from standin.bodies import ERRORS, refusal
from standin.errors import Json, bad_request, no_quota, rate_limited, server_error
from standin.faults import Fault


def limit_headers(limit: float, left: float, reset: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": str(int(limit)),
        "x-ratelimit-remaining-requests": str(int(left)),
        "x-ratelimit-reset-requests": f"{round(reset * 1000)}ms",
        "x-ratelimit-limit-tokens": "30000000",
        "x-ratelimit-remaining-tokens": "29999000",
        "x-ratelimit-reset-tokens": "2ms",
    }


def refuse(fault: Fault | None, model: str) -> None:
    """Raises the ApiError that the fault is, where it is one of those."""
    if fault is None:
        return
    if fault.kind in ERRORS:
        raise refusal(fault.kind)
    if fault.kind == "rate_limit":
        raise rate_limited(model, retry_after(fault))
    if fault.kind == "quota":
        raise no_quota()
    if fault.kind in ("500", "503"):
        raise server_error(int(fault.kind))
    if fault.kind == "filtered":
        raise bad_request("The prompt was stopped by the content filter.", "prompt", "content_filter")
    if fault.kind == "400":
        raise bad_request("Invalid prompt: your prompt was flagged.", code="invalid_prompt")


def retry_after(fault: Fault) -> dict[str, str]:
    if fault.retry_after == "date":
        return {"retry-after": email.utils.formatdate(time.time() + fault.seconds, usegmt=True)}
    if fault.retry_after == "ms":
        return {"retry-after-ms": str(round(fault.seconds * 1000))}
    return {"retry-after": f"{fault.seconds:g}"} if fault.retry_after else {}


def json_object(body: bytes) -> Json:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise bad_request("We could not parse the JSON body of your request.")
    return said


def model_object(name: str) -> Json:
    return {"id": name, "object": "model", "created": 1_715_367_049, "owned_by": "system"}


def multipart(body: bytes, content_type: str) -> tuple[str, str, bytes]:
    """File name, purpose and content of an upload."""
    _, found, boundary = content_type.partition("boundary=")
    name, fields = "", dict[str, bytes]()
    for part in body.split(b"--" + boundary.strip('"').encode()) if found else ():
        head, _, content = part.partition(b"\r\n\r\n")
        said = dict(pair.strip().split("=", 1) for pair in head.decode("utf-8", "replace").split(";") if "=" in pair)
        field = said.get("name", "").split("\r\n")[0].strip('"')
        if field:
            fields[field] = content.removesuffix(b"\r\n")
        if field == "file":
            name = said.get("filename", "").split("\r\n")[0].strip('"')
    for wanted in ("file", "purpose"):
        if wanted not in fields:
            raise bad_request(f"Missing required parameter: '{wanted}'.", wanted, "missing_required_parameter")
    return name, fields["purpose"].decode(), fields["file"]
