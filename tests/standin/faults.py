"""Faults on demand: which request meets which, the same for the same seed whatever order requests arrive in."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from standin.bodies import COMPLETIONS, ERRORS, LINES
from standin.errors import Json
from standin.judge import draw

# what the request meets instead of an answer
REFUSED = ("rate_limit", "quota", "500", "503", "400", "filtered", *ERRORS)
BROKEN_OFF = ("hang", "cut")
# what happens to the answer on its way, when the work is done
IN_TRANSIT = ("drip", "cut_body", "lost_answer", "late", "garbage", "html", "not_utf8")
# what the judge says instead of scores
SAID = (
    "empty_choices",
    "empty_content",
    "refusal",
    "content_filter",
    "length",
    "wrong_json",
    "duplicated",
    *COMPLETIONS,
)
# what happens to a line of a batch's output
OF_LINES = ("lost_line", "twice", "broken_line", "foreign_line", "expired_line", *LINES)
KINDS = (*REFUSED, *BROKEN_OFF, *IN_TRANSIT, *SAID, *OF_LINES)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule: a request whose path and text contain these words meets this fault, `times` times at most (None: always).

    `path` of a batch's line is "batch:/v1/chat/completions". `seconds` is how long a hang lasts, or what Retry-After
    says; `retry_after` is the form it says it in: "seconds", "date", "ms" or "" for not at all.
    """

    kind: str
    path: str = "chat/completions"
    text: str = ""
    method: str = ""
    times: int | None = None
    probability: float = 1.0
    seconds: float = 1.0
    retry_after: str = "seconds"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")


class Faults:
    """The rules in force. The first that fits a request is the one it meets."""

    def __init__(self, rules: Iterable[Fault] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self.seed = seed
        self.set(rules)

    def set(self, rules: Iterable[Fault]) -> None:
        with self._lock:
            self._rules = list(rules)
            self._used: Counter[int] = Counter()
            self._seen: Counter[tuple[int, bytes]] = Counter()

    def meet(self, method: str, path: str, body: bytes) -> Fault | None:
        """The fault for this request. The same body asked again draws again."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.path not in path or rule.method not in method or rule.text.encode() not in body:
                    continue
                if rule.times is not None and self._used[index] >= rule.times:
                    continue
                self._seen[index, digest] += 1
                if draw(self.seed, index, digest.hex(), self._seen[index, digest]) < rule.probability:
                    self._used[index] += 1
                    return rule
        return None


def parse_faults(said: Any) -> list[Fault]:
    """From a list of objects, or from "rate_limit:0.1,500:0.02" (kinds with probabilities)."""
    if isinstance(said, str):
        pairs = [part.partition(":") for part in said.split(",") if part]
        return [Fault(kind, probability=float(chance or 1)) for kind, _, chance in pairs]
    return [Fault(**one) for one in said]


def spoil(completion: Json, kind: str) -> Json:
    """The completion as it is where the judge does not say what it was asked for."""
    if kind in COMPLETIONS:
        COMPLETIONS[kind](completion)
        return completion
    choice = completion["choices"][0]
    message, text = choice["message"], choice["message"]["content"]
    if kind == "empty_choices":
        completion["choices"] = []
    elif kind == "empty_content":
        message["content"] = ""
    elif kind == "refusal":
        message.update(content=None, refusal="I'm sorry, I can't help with that.")
    elif kind == "content_filter":
        message["content"], choice["finish_reason"] = "", "content_filter"
    elif kind == "length":
        message["content"], choice["finish_reason"] = text[: len(text) // 2], "length"
    elif kind == "wrong_json":
        message["content"] = '{"verdict": "good", "marks": [1, 2'
    elif kind == "duplicated":
        message["content"] = f"{text}\n{text}"
    return completion
