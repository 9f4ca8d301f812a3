"""Item scores of judge and people, what was drawn at random, and why a model's sample may not be used."""

from __future__ import annotations

import numpy as np

from miareview.model import Sample
from miareview.stats.board.scores import Errors
from miareview.stats.flags import Flag
from miareview.stats.frame import Frame, Ratings
from miareview.stats.numeric.resample import Bools, Floats, Ints
from miareview.stats.standing import standings


def mean_of(values: Floats) -> float | None:
    """Mean of the values that are there, None where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None


def times(value: float | None, scale: float) -> float | None:
    """The value scaled, if there is one."""
    return None if value is None else value * scale


class ItemScores:
    """One frame's item scores, computed once; every array is over responses, NaN where there is no score.

    `drawn` is True for the answers in the usable random sample of their model. `rows[m]` and `cells[m]` are the
    indices of model m's responses and of their cells. `standings` (cells,) are those of the random sample.
    """

    def __init__(self, frame: Frame, errors: Errors) -> None:
        columns = frame.columns
        self.frame = frame
        self.errors = errors
        self.ok = frame.ok
        self.item = frame.response_item
        response_model = frame.response_model
        models = range(len(columns.models))
        self.rows: list[Ints] = [np.flatnonzero(response_model == model) for model in models]
        self.cells: list[Ints] = [np.flatnonzero(frame.model == model) for model in models]
        self.samples: list[Sample | None] = columns.samples
        self.drawn: Bools = self.ok & frame.sampled
        self.judge = frame.item_scores(frame.judge_ratings())
        self.human = frame.item_scores(frame.human)
        self.least, self.most = self._possible()
        self.overridden = frame.item_scores(frame.with_overrides())
        self.published = np.array(
            [np.nan if total is None else total for total in columns.published_total], dtype=np.float64
        )
        self.judged = np.array([status is not None for status in columns.judgment_status], dtype=bool)
        self.reviewed = frame.per_response(frame.latest.present) > 0
        self.assisted = frame.per_response(frame.human.present & ~frame.human_blind) > 0
        self.ungradable = frame.per_response(frame.human.ungradable)
        self.standings = np.where(self.drawn[frame.response], standings(frame), "")
        self.difficulty = np.array(columns.item_difficulty, dtype=np.str_)[self.item]

    def _possible(self) -> tuple[Floats, Floats]:
        """The least and the most that each response's human score can be: what is not scored counts 0, or in full."""
        frame = self.frame
        gradable = ~frame.human.ungradable
        weights = frame.per_response(np.where(gradable, frame.weight, 0.0))
        known = frame.per_response(np.where(gradable, np.nan_to_num(frame.human.value) * frame.weight, 0.0))
        waiting = frame.per_response(np.where(gradable & np.isnan(frame.human.value), frame.weight, 0.0))
        some = np.where(weights > 0, weights, np.nan)
        return known / some, (known + waiting) / some

    def open_in(self, model_answers: Ints) -> tuple[Floats, Floats]:
        """The least and the most of these answers where they are in the random sample, NaN elsewhere."""
        drawn = self.drawn[model_answers]
        return np.where(drawn, self.least[model_answers], np.nan), np.where(drawn, self.most[model_answers], np.nan)

    def human_with(self, fraction: float) -> Floats:
        """The human item scores if every ungradable component counted as this fraction of its weight."""
        human = self.frame.human
        values = np.where(human.ungradable, fraction, human.value)
        return self.frame.item_scores(Ratings(values, np.zeros(values.size, dtype=bool)))

    def answers(self, model: int) -> Ints:
        """The model's responses that are answers."""
        mine = self.rows[model]
        return mine[self.ok[mine]]

    def scale(self, answered: int, asked: int) -> float:
        """Share of answers among the responses where errors count as zero, else 1."""
        return answered / max(asked, 1) if self.errors == "zero" else 1.0

    def by_item(self, values: Floats) -> Floats:
        """An array over responses as (models, items), NaN for items that a model was not asked."""
        grid = np.full((len(self.rows), len(self.frame.columns.items)), np.nan)
        for row, mine in zip(grid, self.rows, strict=True):
            row[self.item[mine]] = values[mine]
        return grid

    def refusal(self, model: int) -> Flag | None:
        """Why the reviews of a model cannot stand for all of its answers, None if they can."""
        sample = self.samples[model]
        answers = self.answers(model)
        if sample is None:
            count = int(self.reviewed[answers].sum())
            return Flag("not_random", count) if count else Flag("not_reviewed")
        if sample.reason:
            return Flag("sample_unusable", len(sample.responses), names=(sample.reason, sample.queue))
        if sample.frame_size != answers.size:
            return Flag("frame_changed", answers.size, sample.frame_size, names=(sample.queue,))
        return None

    def sampled(self, values: Floats, responses: Ints) -> Floats:
        """The values of these responses, NaN outside the random samples."""
        return np.where(self.drawn[responses], values[responses], np.nan)

    def notes(self, drawn: Ints) -> tuple[Flag, ...]:
        """What to keep in mind of these sampled responses."""
        notes = []
        assisted = int(self.assisted[drawn].sum())
        if assisted:
            notes.append(Flag("judge_seen", assisted, drawn.size))
        ungradable = int(self.ungradable[drawn].sum())
        if ungradable:
            notes.append(Flag("ungradable", ungradable))
        begun = int((np.isnan(self.human[drawn]) & self.reviewed[drawn]).sum())
        if begun:
            notes.append(Flag("incomplete", begun, drawn.size))
        return tuple(notes)
