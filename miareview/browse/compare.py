"""Several models' answers to one item beside each other, and who gave what for each component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from miareview.browse.difference import Phrase, differing_phrases, same_text
from miareview.browse.sight import masked
from miareview.errors import UsageError
from miareview.model import Item, Judge, Response
from miareview.review.checks import Check, check_component
from miareview.store.browse_compare import answers, labels_of
from miareview.store.browse_terms import Sight
from miareview.store.ledger import review_state
from miareview.store.replay import Mark
from miareview.store.store import Store
from miareview.store.verdicts import committed_marks, response_labels
from miareview.text import words


@dataclass(frozen=True, slots=True)
class Cell:
    """What was given for one component of one answer: points, None where nobody gave any or the one who looks must not
    know yet. `people` are (reviewer, points or None: ungradable); `gold` is None where nothing is settled."""

    position: int
    judge: Fraction | None
    people: tuple[tuple[str, Fraction | None], ...]
    gold: Fraction | None
    source: str
    check: Check
    mine: Mark | None = None

    @property
    def mean(self) -> Fraction | None:
        """Mean points of people, None where nobody gave any."""
        given = [points for _, points in self.people if points is not None]
        return sum(given, Fraction(0)) / len(given) if given else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer; where it waits, `model` is masked and the cells hold nothing of the judge and of others.

    `phrases` are where it differs from the base; `same_as` is the first answer before it that says the same.
    """

    response: Response
    model: str
    waits: bool
    words: int
    cells: tuple[Cell, ...]
    phrases: tuple[Phrase, ...]
    same_as: str | None

    @property
    def shows_judge(self) -> bool:
        """Whether points of the judge are among the cells."""
        return any(cell.judge is not None for cell in self.cells)

    @property
    def judge(self) -> Fraction | None:
        """The judge's points; None unless it gave some for every component."""
        return _sum([cell.judge for cell in self.cells])

    @property
    def people(self) -> Fraction | None:
        """People's mean points, likewise."""
        return _sum([cell.mean for cell in self.cells])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answers to one item, the base first."""

    item: Item
    judge: str
    answers: tuple[Answer, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who scored one of the answers and may be seen, in the order of their names."""
        return tuple(sorted({who for answer in self.answers for cell in answer.cells for who, _ in cell.people}))

    def contradictions(self) -> list[tuple[int, str, str]]:
        """(position, model, model) of answers that say the same and got other points from the judge: each with the
        first before it that says so."""
        found = []
        for place, component in enumerate(self.item.components):
            given: dict[str, list[tuple[str, Fraction]]] = {}
            for answer in self.answers:
                points = answer.cells[place].judge
                if points is not None:
                    alike = given.setdefault(answer.same_as or answer.model, [])
                    other = next((model for model, before in alike if before != points), None)
                    if other is not None:
                        found.append((component.position, other, answer.model))
                    alike.append((answer.model, points))
        return found

    def to_json(self) -> dict[str, Any]:
        """The comparison as one JSON object; see docs/browse.md."""
        item = self.item
        return {
            "benchmark": item.benchmark,
            "judge": self.judge,
            "item": item.index,
            "difficulty": item.difficulty,
            "instruction": item.instruction,
            "components": [
                {"component": c.position, "category": c.category, "text": c.text, "weight": c.weight}
                for c in item.components
            ],
            "answers": [
                {
                    "model": answer.model,
                    "response": answer.response.id,
                    "status": answer.response.status,
                    "text": answer.response.text,
                    "words": answer.words,
                    "judge": _number(answer.judge),
                    "held_back": answer.waits,
                    "same_as": answer.same_as,
                    "differs": [[phrase.start, phrase.end, phrase.kind] for phrase in answer.phrases],
                }
                for answer in self.answers
            ],
            "matrix": [
                {
                    "component": component.position,
                    "cells": [_cell_json(answer.model, answer.cells[place]) for answer in self.answers],
                }
                for place, component in enumerate(item.components)
            ],
            "contradictions": [
                {"component": position, "models": [first, second]} for position, first, second in self.contradictions()
            ],
        }


def compare(store: Store, item: Item, models: Sequence[str], judge: Judge | None, sight: Sight) -> Comparison:
    """The newest answers of these models to an item, in that order; of all models, by name, if none is named.

    Raises `UsageError` for a model that has no answer to the item that may be named yet.
    """
    hidden = masked(store, sight, item.id)
    there = labels_of(store, item.id, hidden)
    for model in models:
        if model not in there:
            raise UsageError(f"There is no answer of {model!r} to item {item.index}.", f"There is {', '.join(there)}.")
    wanted = list(dict.fromkeys(models or there))
    found = answers(store, [there[label] for label in wanted])
    chosen = [(label, found[there[label]]) for label in wanted]
    beside: list[Answer] = []
    for label, response in chosen:
        base = chosen[0][1]
        same = next((one.model for one in beside if same_text(one.response.text, response.text)), None)
        same = same if response.text.strip() else None  # two that say nothing are no twins
        phrases = () if response is base else differing_phrases(base.text, response.text)
        waits = response.id in hidden
        cells = _cells(store, item, response, None if waits else judge, sight, waits)
        beside.append(Answer(response, label, waits, len(words(response.text)), cells, phrases, same))
    return Comparison(item, judge.label if judge else "", tuple(beside))


def _cells(
    store: Store, item: Item, response: Response, judge: Judge | None, sight: Sight, waits: bool
) -> tuple[Cell, ...]:
    judged = [one for one in store.judgments(response.id) if judge is not None and one.judge == judge.id]
    points = {score.position: score.points for score in judged[-1].sub_scores} if judged else {}
    marks = committed_marks(store, response.id)
    if waits:
        marks = [mark for mark in marks if mark[0] == sight.reviewer]
    mine = review_state(store, response.id, sight.reviewer) if sight.reviewer else None
    labels = {} if waits else {label.position: label for label in response_labels(store, item, response.id)}
    cells = []
    for component in item.components:
        label = labels.get(component.position)
        cells.append(
            Cell(
                component.position,
                points.get(component.position),
                tuple((who, given) for who, position, given in marks if position == component.position),
                label.points if label and label.there else None,
                label.source if label else "none",
                check_component(component.text, response.text, item.instruction),
                mine.mark(component.position) if mine else None,
            )
        )
    return tuple(cells)


def _sum(given: Sequence[Fraction | None]) -> Fraction | None:
    known = [points for points in given if points is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(given) else None


def _cell_json(model: str, cell: Cell) -> dict[str, Any]:
    return {
        "model": model,
        "judge": _number(cell.judge),
        "people": {who: _number(points) for who, points in cell.people},
        "gold": _number(cell.gold),
        "source": cell.source,
        "witness": {"constraint": cell.check.constraint, "found": cell.check.found, "met": cell.check.verdict},
    }


def _number(points: Fraction | None) -> float | None:
    return None if points is None else float(points)
