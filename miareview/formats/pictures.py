"""Pictures inside the files of others: as bytes, as base64, as a data address."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

# How the files of the pictures that occur begin; what begins otherwise is not taken for one.
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_SHORTEST = 40  # characters; VLMEvalKit puts a row's number where the picture is that of another row


def picture_of(value: Any) -> bytes | None:
    """The bytes of the picture that a value holds, None where it holds none.

    A value is bytes, a mapping with "bytes" (as data sets have it), base64, or a data address.
    """
    if isinstance(value, dict):
        value = value.get("bytes")
    if isinstance(value, str):
        value = _decoded(value)
    return value if isinstance(value, bytes) and value.startswith(_BEGINNINGS) else None


def _decoded(text: str) -> bytes | None:
    if text.startswith("data:"):
        head, _, text = text.partition(",")
        if not head.endswith(";base64"):
            return None
    if len(text) < _SHORTEST:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def content_address(data: bytes) -> str:
    """An address for a picture that has none: by its content."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
