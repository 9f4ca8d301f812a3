"""What scores owe to the people who happened to review: severities, and intervals for people like these."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from miareview.stats.board.scores import Corrected, ModelScore
from miareview.stats.board.severity import Severities, like_these, severities
from miareview.stats.frame import Frame, Ratings
from miareview.stats.numeric.resample import Floats, Ints


@dataclass(frozen=True, slots=True)
class Reviewers:
    """Item scores given blind (reviewers, responses), NaN where there is none, and what they say of the reviewers."""

    scores: Floats
    model: Ints
    severities: Severities | None

    def like_these(self, score: ModelScore, model: int) -> Corrected | None:
        """The model's corrected score with an interval for people like these; None where it has no score."""
        fixed = score.corrected
        if fixed is None or self.severities is None:
            return fixed
        mine = self.scores[:, self.model == model]
        given = ~np.isnan(mine)
        shares = (given / np.maximum(given.sum(axis=0), 1)).sum(axis=1)
        if not shares.sum():
            return fixed
        found = fixed.estimate
        se, margin = like_these(found.se, found.df, shares / shares.sum(), self.severities)
        wider = margin * se * fixed.scale
        low, high = min(fixed.low, fixed.value - wider), max(fixed.high, fixed.value + wider)
        return replace(fixed, people=(max(low, 0.0), min(high, 1.0)))


def reviewers_of(frame: Frame) -> Reviewers:
    """The reviewers of a frame, by their blind item scores of sampled responses."""
    drawn = frame.sampled & frame.ok
    scores = np.array(
        [frame.item_scores(Ratings(v, no)) for v, no in zip(frame.blind, frame.blind_ungradable, strict=True)]
    ).reshape(len(frame.reviewers), len(frame.columns.responses))
    scores = np.where(drawn, scores, np.nan)
    return Reviewers(scores, frame.response_model, severities(scores, frame.response_item, frame.reviewers))
