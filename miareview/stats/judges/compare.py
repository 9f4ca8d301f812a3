"""Judges compared: each against gold or people, against each other, against itself, and without the picture.

What people say is gold where a component was settled, else the mean of the scores given blind. Scores given with a
judge's in sight are not used: they lean to the judge that was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from miareview.model import CallTotals, Judge, JudgeRun
from miareview.stats.agreement.group import Group
from miareview.stats.agreement.table import agreement_table
from miareview.stats.flags import Say, left_out_json
from miareview.stats.frame import Frame, Ratings
from miareview.stats.judges.probe import Probe, probe, twins
from miareview.stats.judges.repeats import Consistency, consistency
from miareview.stats.judges.versus import Between, Duel, duels, mean_between
from miareview.stats.numeric.resample import Floats
from miareview.stats.standing import Standing, counted, standings

Cost = Callable[[int, int], float | None]
"""What tokens asked with and tokens of replies cost, None where nobody said."""

LOST = ("partial", "refused", "api_error", "empty", "unparsed")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the judges are held against: components with settled labels (`gold`), and those with `people`'s word alone.

    `seen` of the gold was settled with a judge's score in sight. `standing` says how many people agree. With a `split`
    it is the labels of that part of the items; what people dispute is left out, and stands in `standing` alone.
    """

    gold: int
    people: int
    seen: int
    items: int
    representative: bool
    standing: Standing
    split: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "gold": self.gold, "people": self.people, "gold_settled_in_sight": self.seen, "items": self.items,
            "representative": self.representative, "split": self.split or None, "standing": self.standing.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leniency:
    """A judge less people, and its mean absolute error, over the labelled components of one model's answers."""

    model: str
    items: int
    units: int
    bias: Between
    mae: float

    def to_json(self) -> dict[str, Any]:
        return {
            "model": self.model, "items": self.items, "units": self.units, "bias": self.bias.to_json(), "mae": self.mae,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgeScore:
    """One judge. `answers` are responses of status ok; `judged` have a reply, `complete` points for every component.

    `statuses` counts the replies that count. `against` is its agreement with people: overall, then by category.
    `models` are those with a labelled component. `mae` is its mean absolute error with an interval.
    """

    judge: Judge
    label: str
    answers: int
    judged: int
    complete: int
    statuses: dict[str, int]
    against: tuple[Group, ...]
    models: tuple[Leniency, ...]
    mae: Between
    repeats: Consistency | None
    calls: CallTotals

    @property
    def lost(self) -> int:
        """Answers that have a reply but not all of their points."""
        return self.judged - self.complete

    def to_json(self, say: Say, cost: Cost = lambda tokens_in, tokens_out: None) -> dict[str, Any]:
        calls = self.calls
        return {
            "judge": self.label,
            "id": self.judge.id,
            "name": self.judge.name,
            "prompt": self.judge.prompt,
            "parameters": self.judge.parameters,
            "sees_image": self.judge.sees_image,
            "coverage": {
                "answers": self.answers, "judged": self.judged, "complete": self.complete, "statuses": self.statuses,
            },
            "agreement": [group.to_json(say) for group in self.against],
            "models": [model.to_json() for model in self.models],
            "mae": self.mae.to_json(),
            "repeats": None if self.repeats is None else self.repeats.to_json(say),
            "cost": {
                "calls": calls.calls, "requests": calls.requests, "failed": calls.failed,
                "prompt_tokens": calls.prompt_tokens, "completion_tokens": calls.completion_tokens,
                "without_tokens": calls.untold, "seconds": calls.seconds, "timed": calls.timed,
                "money": cost(calls.prompt_tokens, calls.completion_tokens) if calls.calls else None,
            },
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """All judges, every two of them, and the probes of those that have a twin without the picture."""

    benchmark: str
    truth: Truth
    judges: tuple[JudgeScore, ...]
    duels: tuple[Duel, ...]
    probes: tuple[Probe, ...]
    left_out: tuple[tuple[str, int], ...]

    def to_json(self, say: Say, cost: Cost = lambda tokens_in, tokens_out: None) -> dict[str, Any]:
        """The document of `judge compare --json`, without its sentences."""
        return {
            "benchmark": self.benchmark,
            "held_against": self.truth.to_json(),
            "judges": [judge.to_json(say, cost) for judge in self.judges],
            "pairs": [duel.to_json(say) for duel in self.duels],
            "picture_probes": [found.to_json(say) for found in self.probes],
            "left_out": left_out_json(self.left_out, say),
        }


def compare_judges(
    frame: Frame,
    runs: Sequence[JudgeRun],
    *,
    split: str = "",
    labels: Standing | None = None,
    confidence: float = 0.95,
) -> Comparison:
    """Compare the judges of a frame: the chosen one, then the others, in the order of `runs`.

    Where the frame's gold are the labels of a `split`, `labels` says how they stand. Raises ValueError where there are
    not as many runs as judges in the frame.
    """
    names = (frame.columns.judge, *frame.other_judges)
    if len(runs) != len(names):
        raise ValueError(f"There are {len(names)} judges in the frame and {len(runs)} runs.")
    scores = np.vstack([frame.judge[None, :], frame.others])
    people = people_of(frame)
    labelled = ~np.isnan(people.value)
    settled = frame.gold.present & labelled
    truth = Truth(
        gold=labels.settled if labels else int(settled.sum()),
        people=labels.unanimous + labels.single if labels else int((labelled & ~settled).sum()),
        seen=int((frame.gold_seen & settled).sum()),
        items=int(np.unique(frame.item[labelled]).size),
        representative=bool(labelled.any()) and bool(frame.sampled[frame.response][labelled].all()),
        standing=labels or counted(standings(frame)[people.present]),
        split=split,
    )
    replies = [_replies(frame, run) for run in runs]
    judges = tuple(
        _judge(frame, run, name, row, people, again, confidence)
        for run, name, row, again in zip(runs, names, scores, replies, strict=True)
    )
    probes = tuple(
        probe((names[a], names[b]), shown, scores[a], scores[b], frame.category, frame.item, replies[a], confidence)
        for a, b, shown in twins([run.judge for run in runs])
    )
    return Comparison(
        frame.columns.benchmark, truth, judges,
        duels(names, scores, people.value, frame.item, confidence=confidence), probes, _left_out(frame, labels),
    )  # fmt: skip


def people_of(frame: Frame) -> Ratings:
    """Gold where a component was settled, else the mean of the blind scores; never what was given in sight alone."""
    keep = frame.gold.present | (~np.isnan(frame.blind) | frame.blind_ungradable).any(axis=0)
    return Ratings(np.where(keep, frame.human.value, np.nan), frame.human.ungradable & keep)


def _judge(
    frame: Frame,
    run: JudgeRun,
    name: str,
    scores: Floats,
    people: Ratings,
    replies: Floats | None,
    confidence: float,
) -> JudgeScore:
    columns = frame.columns
    answers = np.flatnonzero(frame.ok)
    status = [run.status.get(columns.responses[response]) for response in answers.tolist()]
    unread = frame.per_response(np.isnan(scores))
    there = np.array([one is not None for one in status], dtype=bool)
    gap = scores - people.value
    known = ~np.isnan(gap)
    table = agreement_table(_against(frame, name, scores, people), ("category",), confidence=confidence)
    return JudgeScore(
        judge=run.judge,
        label=name,
        answers=int(answers.size),
        judged=int(there.sum()),
        complete=int((there & (unread[answers] == 0)).sum()),
        statuses=dict(Counter(one for one in status if one is not None).most_common()),
        against=tuple(group for group in table.beside if group.kind == "judge-gold"),
        models=tuple(_models(frame, gap, confidence)),
        mae=mean_between(np.abs(gap[known]), frame.item[known], confidence).within(0.0, 1.0),
        repeats=None
        if replies is None
        else consistency(replies, frame.response, frame.item, frame.weight, confidence=confidence),
        calls=run.calls,
    )


def _models(frame: Frame, gap: Floats, confidence: float) -> Iterator[Leniency]:
    for code, model in enumerate(frame.columns.models):
        mine = (frame.model == code) & ~np.isnan(gap)
        if mine.any():
            items = frame.item[mine]
            bias = mean_between(gap[mine], items, confidence)
            yield Leniency(model, int(np.unique(items).size), int(mine.sum()), bias, float(np.abs(gap[mine]).mean()))


def _against(frame: Frame, name: str, scores: Floats, people: Ratings) -> Frame:
    """The frame of one judge and what people say as its gold, without anybody else."""
    nobody, no = np.empty((0, scores.size)), np.empty((0, scores.size), dtype=bool)
    return replace(
        frame,
        columns=replace(frame.columns, judge=name, left_out=[]),
        reviewers=(),
        judge=scores,
        blind=nobody,
        blind_ungradable=no,
        assisted=nobody,
        assisted_ungradable=no,
        gold=people,
        other_judges=(),
        others=nobody,
    )


def _replies(frame: Frame, run: JudgeRun) -> Floats | None:
    """The k-th reply of the judge to each cell's response (replies, cells), NaN where there is none; None: none."""
    columns = frame.columns
    code = {id: response for response, id in enumerate(columns.responses)}
    start = np.searchsorted(frame.response, np.arange(len(columns.responses)))
    place: dict[tuple[int, int], int] = {}
    seen: Counter[int] = Counter()
    for item, position in zip(columns.component_item, columns.component_position, strict=True):
        place[item, position] = seen[item]
        seen[item] += 1
    rows: dict[str, int] = {}
    count: Counter[str] = Counter()
    entries: list[tuple[int, int, float]] = []
    for response, judgment, position, fraction in run.repeats:
        if judgment not in rows:
            rows[judgment] = count[response]
            count[response] += 1
        found = code.get(response)
        if found is not None and fraction is not None:
            entries.append(
                (rows[judgment], int(start[found]) + place[columns.response_item[found], position], fraction)
            )
    if not entries:
        return None
    values = np.full((max(count.values()), frame.response.size), np.nan)
    row, cell, fractions = zip(*entries, strict=True)
    values[np.array(row), np.array(cell)] = fractions
    return values


def _left_out(frame: Frame, labels: Standing | None) -> tuple[tuple[str, int], ...]:
    blind = (~np.isnan(frame.blind) | frame.blind_ungradable).any(axis=0)
    assisted = (~np.isnan(frame.assisted) | frame.assisted_ungradable).any(axis=0)
    counts = [
        (
            "people_seen_only",
            labels.assisted if labels else int((assisted & ~blind & ~frame.gold.present).sum()),
        ),
        ("people_disputed", labels.disputed if labels else 0),
        ("people_ungradable", int(people_of(frame).ungradable.sum())),
    ]
    return (*frame.columns.left_out, *((code, count) for code, count in counts if count))
