"""Labels for testing judges, and the scores that stand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from miareview.demo import make_demo
from miareview.model import Label
from miareview.review.score_columns import score_columns
from miareview.stats.frame import build_frame
from miareview.store.gold import settled
from miareview.store.ledger import Entry, append
from miareview.store.store import Store
from miareview.store.verdicts import labels, verdicts


def review(store: Store, reviewer: str, response: str, points: list[str | None], visible: bool = False) -> None:
    """Scores (None: ungradable) and a commit."""
    for position, value in enumerate(points, start=1):
        kind = "score" if value else "ungradable"
        append(store, Entry(reviewer, kind, response, position, value or "ambiguous", visible))  # type: ignore[arg-type]
    append(store, Entry(reviewer, "commit", response))


def one(store: Store, response: str) -> tuple[Label, ...]:
    return next(found for _, this, found in labels(store, "test") if this.id == response)


def test_labels_say_where_they_come_from(store: Store) -> None:
    response = store.responses("alpha")[0].id
    assert list(labels(store, "test")) == []
    review(store, "ann", response, ["4", "2.5", None])
    assert [(label.source, label.points) for label in one(store, response)] == [
        ("single", Fraction(4)), ("single", Fraction(5, 2)), ("single", None),
    ]  # fmt: skip
    review(store, "ben", response, ["4", "3", None])
    assert [(label.source, label.points, label.agreement) for label in one(store, response)] == [
        ("unanimous", Fraction(4), 1.0), ("disputed", None, 0.0), ("unanimous", None, 1.0),
    ]  # fmt: skip
    assert [label.ungradable for label in one(store, response)] == [False, False, True]
    append(store, settled("cat", response, 2, Fraction(3)), settled("cat", response, 2, Fraction(5, 2)))
    label = one(store, response)[1]
    assert (label.source, label.points, label.reviewers, label.agreement) == ("settled", Fraction(5, 2), 2, 0.0)


def test_what_was_said_with_the_judge_in_sight_or_is_not_committed_is_no_label(store: Store) -> None:
    seen, waiting = (response.id for response in store.responses("alpha")[:2])
    append(store, Entry("ann", "reveal", seen))
    review(store, "ann", seen, ["1", "1", "1"], visible=True)
    append(store, Entry("ann", "score", waiting, 1, "4"))
    assert [label.source for label in one(store, seen)] == ["assisted"] * 3
    assert [response.id for _, response, _ in labels(store, "test")] == [seen]


def test_the_scores_that_stand_are_those_of_the_statistics(tmp_path: Path) -> None:
    with make_demo(tmp_path / "demo.db") as store:
        first = store.responses("demo-small")[1].id
        append(store, settled("cat", first, 1, Fraction(3, 2)), settled("cat", first, 2, ungradable="ambiguous"))
        append(store, Entry("demo-reviewer-2", "score", store.responses("demo-large")[0].id, 1, "0.5", True))
        columns = score_columns(store)
        frame = build_frame(columns)
        stand = frame.with_overrides()
        (judge,) = store.judges()
        found: dict[tuple[str, int], tuple[float, bool]] = {}
        by = set()
        for model in store.models():
            for _, response, given in verdicts(store, columns.benchmark, model, judge.id):
                for verdict in given:
                    by.add(verdict.by)
                    weight = next(
                        c.weight
                        for item in store.items()
                        if item.id == response.item
                        for c in item.components
                        if c.position == verdict.position
                    )
                    value = np.nan if verdict.points is None else float(verdict.points / weight)
                    found[response.id, verdict.position] = (value, verdict.ungradable)
    start = np.searchsorted(frame.response, np.arange(len(columns.responses)))
    assert by == {"gold", "human", "judge", ""}
    assert len(found) == frame.response.size
    for cell, response in enumerate(frame.response.tolist()):
        value, ungradable = found[columns.responses[response], cell - int(start[response]) + 1]
        assert value == pytest.approx(stand.value[cell], nan_ok=True)
        assert ungradable == stand.ungradable[cell]
