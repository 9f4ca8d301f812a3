"""Identity by content: the same item, response or judgment has the same id, and the same draw, on every machine."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring_ascii as _quote

# The benchmark replaced three dead addresses in its history; files made before that carry the old ones.
REPLACED_URLS = {
    "farm3.staticflickr.com/3675/13486598765_252beb4bc9_o.jpg": (
        "www.farehamwinecellar.vps12.digitoolbox.com/wp-content/uploads/2013/05/chase-english-vodka-1.jpg"
    ),
    "live.staticflickr.com/74/160082269_7302de9b49_h.jpgg": "live.staticflickr.com/74/160082269_7302de9b49_h.jpg",
    "c5.staticflickr.com/7/6039/6293495530_063de9a4f7_o.jpg": (
        "www.luso-poemas.net/modules/news/images/big/palavra.jpg"
    ),
}

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def digest(*parts: object, length: int = 16) -> str:
    """First `length` hex digits of the SHA-256 over the parts, written as one JSON array."""
    return hashlib.sha256(json_array(parts)).hexdigest()[:length]


def json_array(parts: Iterable[object]) -> bytes:
    """The parts as one JSON array in ASCII, without spaces: what digests are taken of.

    Texts, whole numbers and None are written one by one, which is twice as fast as to encode the array.
    """
    written = [
        _quote(part) if isinstance(part, str) else "null" if part is None else str(part) if type(part) is int
        else _encode(part)
        for part in parts
    ]  # fmt: skip
    return f"[{','.join(written)}]".encode("ascii")


class RunningDigest:
    """`digest` of parts that come one after the other, as many as there may be."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"[")
        self._waiting: list[object] = []
        self._between = ""

    def add(self, part: object) -> None:
        self._waiting.append(part)
        if len(self._waiting) == 1000:  # so many at a time are written ten times as fast
            self._take()

    def hex(self, length: int = 16) -> str:
        """The digest of all parts so far."""
        self._take()
        done = self._hash.copy()
        done.update(b"]")
        return done.hexdigest()[:length]

    def _take(self) -> None:
        if self._waiting:
            self._hash.update(f"{self._between}{_encode(self._waiting)[1:-1]}".encode("ascii"))
            self._between = ","
            self._waiting.clear()


def canonical_url(url: str) -> str:
    """The address without scheme, host in lower case, white space stripped: what identifies a picture.

    One address of the benchmark has no scheme, and files differ in http and https.
    """
    bare = re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", "", url.strip())
    host, slash, rest = bare.partition("/")
    bare = host.lower() + slash + rest
    return REPLACED_URLS.get(bare, bare)


def canonical_text(text: str) -> str:
    """The text with white space folded: how instructions are compared between files."""
    return " ".join(text.split())


def item_id(benchmark: str, url: str, instruction: str) -> str:
    """Id of one image-instruction pair."""
    return digest("item", benchmark, canonical_url(url), canonical_text(instruction))


def response_id(item: str, model: str, text: str | None, status: str) -> str:
    """Id of one model's answer; another text is another response."""
    return digest("response", item, model, text, status)


def judge_id(name: str, prompt: str, parameters: str) -> str:
    """Id of a judge: model, prompt (name and hash) and parameters (canonical JSON)."""
    return digest("judge", name, prompt, parameters)


def judgment_id(response: str, judge: str, repeat: int, raw: str | None, scores: Sequence[str] = ()) -> str:
    """Id of one judge reply on one response; of a reply that was not kept, `scores` are what was read from it."""
    return digest("judgment", response, judge, repeat, raw, *scores)


def random_number(seed: int, *names: str) -> str:
    """A number from 0 to 1, written in base 16, that depends on nothing but the seed and the names."""
    return digest("draw", seed, *names, length=32)
