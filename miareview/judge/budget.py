"""What a run may cost, what it may still ask, and what it will cost at most."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PER_IMAGE_LOW = 85
PER_TILE = 170
_PER_MESSAGE = 20
_LEAST_BYTES_A_TOKEN = 1
_USUAL_BYTES_A_TOKEN = 4


def picture_tokens(size: tuple[int, int], detail: str) -> int:
    """Tokens of a picture of (width, height) pixels at this detail, by the published rule of gpt-4o.

    low: 85. high and auto: fitted into 2048 × 2048, then to a shorter side of 768; 170 for each tile of 512 × 512 that
    covers it, and 85. Other models count otherwise.
    """
    if detail == "low":
        return PER_IMAGE_LOW
    width, height = size
    scale = min(1.0, 2048 / max(width, height))
    width, height = math.ceil(width * scale), math.ceil(height * scale)
    scale = min(1.0, 768 / min(width, height))
    tiles = math.ceil(round(width * scale, 6) / 512) * math.ceil(round(height * scale, 6) / 512)
    return PER_IMAGE_LOW + PER_TILE * tiles


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one request takes: the usual number of prompt tokens, and the most prompt and completion tokens."""

    usual: int
    most: int
    completion: int


def tokens_of(body: Mapping[str, Any], size: tuple[int, int] | None) -> Tokens:
    """The tokens of a request's body, its picture being of this size, without knowing the model's tokenizer.

    No tokenizer of bytes makes more tokens than there are bytes; four bytes a token is usual for English.
    """
    text = pictures = 0
    for message in body["messages"]:
        content = message["content"]
        parts: list[dict[str, Any]] = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for part in parts:
            if part["type"] == "text":
                text += len(part["text"].encode())
            elif size is not None:
                pictures += picture_tokens(size, part["image_url"]["detail"])
    text += len(str(body.get("response_format", "")))
    frame = _PER_MESSAGE * len(body["messages"])
    return Tokens(
        text // _USUAL_BYTES_A_TOKEN + pictures + frame,
        text // _LEAST_BYTES_A_TOKEN + pictures + frame,
        int(body.get("max_tokens") or body.get("max_completion_tokens") or 0),
    )


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars a million tokens; None where not told."""

    prompt: float | None = None
    completion: float | None = None

    @property
    def known(self) -> bool:
        return self.prompt is not None and self.completion is not None

    def cost(self, prompt: float, completion: float) -> float | None:
        """Dollars for so many tokens, None without prices."""
        if self.prompt is None or self.completion is None:
            return None
        return (prompt * self.prompt + completion * self.completion) / 1_000_000


class Budget:
    """Keeps requests and dollars of one run under their caps.

    Before a request the most it can cost is set aside; when its answer is there, what was really used is counted. A
    request that brought no answer (cut off, timed out) may have been paid for all the same, so it is counted at the
    most it could cost. `most_cost` in dollars needs prices.
    """

    def __init__(self, prices: Prices, most_calls: int | None = None, most_cost: float | None = None) -> None:
        self.prices = prices
        self.most_calls = most_calls
        self.most_cost = most_cost
        self.calls = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.spent = 0.0
        self._reserved = 0.0
        self._in_flight = 0
        # How far the server's count went beyond "the most": other models count pictures otherwise.
        self._beyond = 1.0
        self._measured = False
        self._changed = asyncio.Condition()

    async def reserve(self, tokens: Tokens) -> float | None:
        """Set aside the most that a request can cost, waiting for answers where that may make room.

        Returns the dollars set aside, None where the budget does not reach for this request.
        """
        async with self._changed:
            while True:
                if self.most_calls is not None and self.calls >= self.most_calls:
                    return None
                needed = self.prices.cost(tokens.most * self._beyond, tokens.completion) or 0.0
                if self.most_cost is None or self._fits(needed):
                    self.calls += 1
                    self._in_flight += 1
                    self._reserved += needed
                    return needed
                if not self._in_flight:
                    return None
                await self._changed.wait()

    def _fits(self, needed: float) -> bool:
        assert self.most_cost is not None
        # The first answer tells how this model counts; until then nobody else asks.
        alone = not self._measured and self._in_flight > 0
        return not alone and self.spent + self._reserved + needed <= self.most_cost

    async def settle(self, reserved: float, tokens: Tokens, used: tuple[int, int] | None, *, answered: bool) -> None:
        """Count a request that is over: `used` are the prompt and completion tokens the server names.

        Without them it cost nothing where the server answered with an error, else what was set aside.
        """
        async with self._changed:
            self._in_flight -= 1
            self._reserved -= reserved
            if used is not None:
                prompt, completion = used
                self.prompt_tokens += prompt
                self.completion_tokens += completion
                self.spent += self.prices.cost(prompt, completion) or 0.0
                self._beyond = max(self._beyond, prompt / max(1, tokens.most))
                self._measured = True
            elif not answered:
                self.spent += reserved
            self._changed.notify_all()
