"""What is to be kept in mind of a number, or why there is none: a code with its counts. `miareview.words` says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Flag(NamedTuple):
    """A code, how many (`n`) of how many (`of`) it is said of, a `value` with it, and the `names` concerned.

    A tuple, as there may be one and more a pair of models.
    """

    code: str
    n: int | None = None
    of: int | None = None
    value: float | None = None
    names: tuple[str, ...] = ()


Say = Callable[[Flag], str]


def flags_json(flags: tuple[Flag, ...], say: Say) -> list[dict[str, Any]]:
    """Flags as they stand in JSON: `[{"code", "n", "of", "say"}]`."""
    return [{"code": flag.code, "n": flag.n, "of": flag.of, "say": say(flag)} for flag in flags]


def left_out_json(left_out: Iterable[tuple[str, int]], say: Say) -> list[dict[str, Any]]:
    """What was left out of numbers, `(code, count)`, as it stands in JSON: `[{"code", "reason", "count"}]`."""
    return [{"code": code, "reason": say(Flag(code, count)), "count": count} for code, count in left_out]
