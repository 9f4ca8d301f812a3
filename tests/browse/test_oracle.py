"""The list finds what a loop over the exports finds: a small run of benchmarks/bench_oracle.py."""

from __future__ import annotations

import importlib
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from miareview.browse.rows import refresh
from miareview.browse.sight import masked, sight_of
from miareview.store.browse_terms import Sight
from miareview.store.tables import TABLES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        yield importlib.import_module("bench_oracle")
    sys.modules.pop("bench_oracle"), sys.modules.pop("browse_oracle")


@pytest.mark.parametrize("seed", [1, 18, 32])
def test_browse_answers_as_a_loop_over_the_exports_does(bench: ModuleType, seed: int, tmp_path: Path) -> None:
    with bench.make_world(tmp_path / "a.db", random.Random(seed)) as store:
        refresh(store, bench.JUDGE.id)
        tables = {name: bench.export(store, name) for name in TABLES}
        for sight in (Sight(), *(sight_of(store, who) for who in bench.PEOPLE)):
            oracle = bench.Oracle(tables, bench.JUDGE.id, masked(store, sight), {*sight.queues})
            for number in range(20):
                assert bench.ask(store, oracle, sight, random.Random(f"{seed} {number}")) is None
