"""Joining a judgment to the whole answer, where the judged file has it cut, emptied or not at all.

Workbooks cut texts, pandas empties answers such as NA, and the notebook's table has no answers. The file of answers
has them whole. It may be imported before or after the judged one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from miareview.importing.readings import moved
from miareview.model import Judge, Judgment, Response

CUT = 32_767  # characters of a text that a workbook cut
EMPTIED = frozenset({
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip
"""What pandas reads as nothing unless it is told otherwise."""


class Counts(Protocol):
    """What an insert did; see `miareview.store.store.Added`."""

    @property
    def new(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def conflicts(self) -> list[tuple[str, str]]: ...


class Judgments(Protocol):
    """The part of the store that joining needs."""

    def add_judgments(self, judge: Judge, judgments: Iterable[Judgment]) -> Counts: ...
    def judges(self) -> list[Judge]: ...
    def judgments(self, response: str) -> list[Judgment]: ...


def is_rest_of(rest: Response, whole: Response) -> bool:
    """Whether `rest` can be what a judged file left of `whole`, both of one model and item."""
    if rest.status == "missing":
        return whole.status != "missing"
    if rest.text == "":
        return whole.text.strip() in EMPTIED
    return is_cut(rest) and len(whole.text) > len(rest.text) and whole.text.startswith(rest.text)


def is_cut(response: Response) -> bool:
    return len(response.text) == CUT


class Answers:
    """The answers that the store had, of the models of one file."""

    def __init__(self, stored: Sequence[Response]) -> None:
        self._of: dict[tuple[str, str], list[Response]] = defaultdict(list)
        for response in stored:
            self._of[response.item, response.model].append(response)
        self.joined = 0

    def to(self, response: Response) -> Sequence[Response]:
        """Those to the same item, of the same model."""
        return self._of.get((response.item, response.model), ())

    def whole(self, response: Response, judged: bool) -> Response:
        """The stored answer that this one is the rest of, itself where there is none or not just one.

        An answer that is empty is only a rest where it was judged; one that is cut always is.
        """
        if not judged and not is_cut(response):
            return response
        found = [other for other in self.to(response) if is_rest_of(response, other)]
        if len(found) != 1:
            return response
        self.joined += 1
        return found[0]

    def notes(self, responses: Iterable[Response]) -> list[str]:
        """What is to be said of the answers of a file beside those that were there."""
        said = []
        if self.joined:
            said.append(
                f"answers that are cut, empty or not there in this file and whole in the database: {self.joined}; "
                "what the judge replied was put to the whole ones"
            )
        others = 0
        for response in responses:
            there = self.to(response)
            strangers = [other for other in there if not is_rest_of(other, response)]
            others += bool(strangers) and response.id not in {other.id for other in there}
        if others:
            said.append(
                f"items with another answer of the same model already: {others}; both are kept (--model to part)"
            )
        return said


def absorb(store: Judgments, answers: Answers, responses: Iterable[Response]) -> list[str]:
    """Put the judgments of rests that the store had to the whole answers that have come; what is to be said of it.

    The whole answer is the newer one, so it is the one that counts from now on; the rest stays as a fact.
    """
    by_judge: dict[str, list[Judgment]] = defaultdict(list)
    for whole in responses:
        for rest in answers.to(whole):
            if rest.id != whole.id and is_rest_of(rest, whole):
                for judgment in store.judgments(rest.id):
                    by_judge[judgment.judge].append(moved(judgment, whole.id))
    judges = {judge.id: judge for judge in store.judges()} if by_judge else {}
    new = sum(store.add_judgments(judges[judge], found).new for judge, found in by_judge.items())
    if not new:
        return []
    return [f"{new} judge's replies to answers that were known cut, empty or not at all were put to these answers"]
