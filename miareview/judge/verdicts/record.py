"""What the readers of JSON, tables and lines hand to the choice between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from miareview.judge.verdicts.amounts import Amount

Span = tuple[int, int]
Form = Literal["object", "table", "lines"]
Standing = Literal["final", "plain", "draft"]


@dataclass(frozen=True, slots=True)
class Said:
    """A number that is said to be a score, and where it stands in the reply (start, end).

    `others` are different numbers that the same statement could have meant.
    """

    amount: Amount
    span: Span
    others: tuple[Said, ...] = ()


@dataclass(slots=True)
class Verdict:
    """The scores of one place in the reply, by component number, from `start` to `end`.

    `total` is the verdict's own. `standing` is what is said of it around: "draft" for a first thought, an example or
    somebody else's words, "final" for what is called final or corrected. `called_scores`: some word says that these are
    scores and not weights. `in_reasons`: a heading of reasons stands before it. `doubts` are warnings about it.
    """

    form: Form
    start: int
    end: int
    said: dict[int, Said]
    total: Said | None = None
    standing: Standing = "plain"
    called_scores: bool = False
    in_reasons: bool = False
    doubts: set[str] = field(default_factory=set)
