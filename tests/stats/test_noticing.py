"""What a judge noticed, on answers whose shares can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miareview.stats.noticing import Answer, noticing


def broken(item: int, before: float, after: float, dose: str = "near") -> Answer:
    return Answer(f"i{item:03}", "length_limit", "break", dose, before, after, 2, 0, (before, before), 2, 0, f"b{item}")


def test_detection_is_over_the_breaks_whose_base_had_full_marks() -> None:
    answers = [broken(k, 1.0, 0.0 if k < 6 else 1.0) for k in range(12)] + [broken(k, 0.5, 0.0) for k in range(12, 16)]
    row = noticing(answers).rows[0]
    assert row.accepted.value == 12 / 16
    assert (row.detected.value, row.detected.items, row.detected.units) == (0.5, 12, 12)
    assert row.null.value == 0
    assert row.excess.value == 0.5
    assert row.not_full.value == 10 / 16
    assert row.detected.low is not None
    assert row.detected.low < 0.5 < (row.detected.high or 0)


def test_where_all_are_alike_the_interval_is_exact() -> None:
    row = noticing([broken(k, 1.0, 0.0) for k in range(10)]).rows[0]
    assert row.detected.low == pytest.approx(0.6915029, abs=1e-6)  # Clopper and Pearson, 10 of 10
    assert row.detected.high == 1


def test_items_are_counted_and_not_answers() -> None:
    row = noticing([broken(k % 9, 1.0, 0.0, dose) for k in range(9) for dose in ("near", "far")]).rows[0]
    assert (row.detected.value, row.detected.refused) == (None, "needs 10 items, there are 9")
    assert row.detected.units == 18


def test_what_changes_with_the_layout_is_taken_off() -> None:
    noisy = [
        replace(broken(k, 1.0, 0.0), null=(1.0, 0.0 if k % 2 else 1.0), changed=1, null_changed=1) for k in range(20)
    ]
    row = noticing(noisy).rows[0]
    assert (row.detected.value, row.null.value, row.excess.value) == (1, 0.5, 0.5)
    assert row.spill.value == 0


def test_an_injection_counts_net_of_falls_and_of_the_neutral_sentence() -> None:
    answers = [
        Answer(f"i{k:03}", "length_limit", kind, "near", 0.0, after)
        for k in range(10)
        for kind, after in (("injection", 1.0), ("neutral", 1.0 if k < 3 else 0.0))
    ]
    assert noticing(answers).injection.value == pytest.approx(0.7)
    falls = [replace(answer, before=1.0, after=0.0) for answer in answers]
    assert noticing(falls).injection.value == 0
