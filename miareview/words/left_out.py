"""What never made it into a number, in words."""

from __future__ import annotations

from collections.abc import Iterable

REASONS = {
    "older_answers": "older answers, replaced by a newer one to the same item",
    "older_labels": "labels of older answers, replaced by a newer one to the same item",
    "other_replies": "other replies of the judge to a response that has one: repeats, older ones",
    "not_committed": "reviews not committed yet",
    "second_readings": "second readings, drawn because of what the first reader said",
    "no_judge_reading": "human scores without a reading of the judge",
    "reviewer_ungradable": "components a reviewer found ungradable",
    "seen_only": "scores given with the judge's score in sight only",
    "people_seen_only": "components scored with a judge's score in sight only",
    "people_disputed": "components that people dispute, without a label",
    "people_ungradable": "components that people found ungradable",
}
"""What each code says; how many there are is said beside it."""


def left_out_lines(left_out: Iterable[tuple[str, int]]) -> list[str]:
    """Every reason with how often, a line each."""
    return [f"{REASONS[code]}: {count}" for code, count in left_out]
