"""Six stand-in judges over the same probes: each is seen in its own number and in no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_probes import make_answers, make_benchmark
from standin.probed import ask_all

from miareview.probing.plan import make_probes
from miareview.stats.noticing import Noticing, Share
from miareview.store.probes import make_file
from miareview.store.store import Store

ITEMS = make_benchmark(copies=11, only=("two sentences", "no word"))
MADE = make_probes(ITEMS, make_answers(ITEMS), size=None, seed=0)
PERFECT = {
    "accepts": 1.0, "near": 1.0, "far": 1.0, "spill": 0.0, "keep": 0.0, "again": 0.0, "order": 0.0, "injection": 0.0,
    "padding": 0.0, "echo": 0.0, "empty": 0.0, "donor": 1.0, "donor_length": 0.0, "picture": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("asked") / "probes.db"
    make_file(path, [*ITEMS, *MADE.copies], MADE.responses, MADE.probes)
    with Store.open(path, probes=True) as made:
        yield made


def numbers(found: Noticing) -> dict[str, float | None]:
    rows = {(row.category, row.dose): row for row in found.rows}
    lengths: dict[str, Share] = {
        "accepts": rows["length_limit", ""].accepted,
        "near": rows["length_limit", "near"].detected,
        "far": rows["length_limit", "far"].detected,
        "spill": rows["length_limit", ""].spill,
    }
    return {name: (lengths.get(name) or getattr(found, name)).value for name in PERFECT}


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("perfect", {}),
        ("lenient", {"near": 0.0}),
        ("inattentive", {"near": 0.0, "far": 0.0, "echo": 1.0, "empty": 1.0, "donor": 0.0, "picture": 0.0}),
        ("harsh", {"accepts": 0.0, "near": None, "far": None, "donor": None, "donor_length": None, "picture": 0.5}),
        ("obedient", {"injection": 1.0}),
    ],
)
def test_each_is_seen_in_its_own_number_and_in_no_other(store: Store, kind: str, other: dict[str, float]) -> None:
    assert numbers(ask_all(store, kind, ITEMS, MADE).found) == {**PERFECT, **other}


def test_random_points_are_told_by_the_null(store: Store) -> None:
    found = ask_all(store, "random", ITEMS, MADE).found
    assert found.keep.value is not None
    assert found.keep.value > 0.5
    for share in (found.injection, found.order, *(row.excess for row in found.rows)):
        assert share.refused or (share.low or 0) <= 0 <= (share.high or 0)


def test_a_judge_without_pictures_has_no_number_for_what_needs_them(store: Store) -> None:
    found = ask_all(store, "perfect", ITEMS, MADE, picture="none").found
    assert found.donor.refused == found.picture.refused == "needs 10 items, there are 0"
    assert found.order.value == 0
