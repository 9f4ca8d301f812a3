"""What the readers of JSON, tables and lines hand to the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from miareview.judge.verdicts.amounts import Amount

Span = tuple[int, int]
Form = Literal["object", "table", "lines"]
Standing = Literal["final", "plain", "draft"]
Move = Callable[[int], int]
"""From a place to that place in another text."""


@dataclass(frozen=True, slots=True)
class Said:
    """A number that is said to be a score, and where it stands in the reply (start, end).

    `others` are different numbers that the same statement could have meant.
    """

    amount: Amount
    span: Span
    others: tuple[Said, ...] = ()

    def moved(self, to: Move) -> Said:
        """The same with its places in another text."""
        start, end = self.span
        return Said(self.amount, (to(start), to(end - 1) + 1), tuple(other.moved(to) for other in self.others))


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

    def moved(self, to: Move) -> Verdict:
        """The same with its places in another text."""
        said = {number: one.moved(to) for number, one in self.said.items()}
        total = self.total.moved(to) if self.total else None
        return replace(self, start=to(self.start), end=to(self.end - 1) + 1, said=said, total=total)
