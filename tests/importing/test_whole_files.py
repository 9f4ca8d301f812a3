"""A file is taken in whole or not at all: an error or an interrupt at any step leaves no part of it behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miareview.formats.detect import read_file
from miareview.importing import ingest as module
from miareview.importing.ingest import ingest
from miareview.store.check import check
from miareview.store.store import Store


def put(store: Store, path: Path) -> None:
    ingest(read_file(path), store)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A benchmark, and the judged answers of two models; those of the second by two judges."""
    items = [
        {"image": f"https://pictures.example/{n}.jpg", "instruction": f"Describe {n}", "type": "basic",
         "num_of_component": 1, "components": ["Describe"], "component_weight": [10], "component_type": ["describe"]}
        for n in range(3)
    ]  # fmt: skip
    (tmp_path / "benchmark.json").write_text(json.dumps(items))
    made = [tmp_path / "benchmark.json"]
    for model, judges in (("one", ["j"]), ("two", ["j", "k"])):
        rows = [
            {"url": f"https://pictures.example/{n}.jpg", "text": f"{model} {n}", "model": model, "judge": judge,
             "score_raw": f"Component 1: {n + 1}/10, total score: {n + 1}/10."}
            for n in range(3) for judge in judges
        ]  # fmt: skip
        made.append(tmp_path / f"{model}.jsonl")
        made[-1].write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


def facts(store: Store) -> dict[str, list[Any]]:
    """What is in the tables of facts and the chain, without times, ids of events and hashes."""
    return {
        "response": store.rows("select id, source from response order by 1"),
        "judgment": store.rows("select id, judge from judgment order by 1"),
        "sub_score": store.rows("select judgment, position, points from sub_score order by 1, 2"),
        "judge": store.rows("select id from judge order by 1"),
        "event": store.rows("select kind, value ->> 'table', value ->> 'count' from event order by id"),
    }


def broken_off(store: Store, file: Path, owner: Any, step: str, nth: int) -> None:
    """An interrupt right behind the nth time of a step."""
    real, calls = getattr(owner, step), 0

    def broken(*given: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        made = real(*given, **more)
        if calls == nth:
            raise KeyboardInterrupt
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, step, broken)
        with pytest.raises(KeyboardInterrupt):
            put(store, file)
    assert calls == nth


def test_a_file_that_is_broken_off_is_not_there_and_comes_whole_the_next_time(
    files: list[Path], tmp_path: Path
) -> None:
    benchmark, first, second = files
    with Store.open(tmp_path / "review.db", create=True) as store:
        broken_off(store, benchmark, Store, "add_items", 1)
        put(store, benchmark)
        put(store, first)
        before = facts(store)
        for owner, step, nth in ((Store, "add_responses", 1), (Store, "add_judgments", 1), (Store, "add_judgments", 2),
                                 (module, "absorb", 1)):  # fmt: skip
            broken_off(store, second, owner, step, nth)
            assert facts(store) == before, step
        assert check(store).ok
        put(store, second)
        assert check(store).ok
        after = facts(store)
    assert len(after["judgment"]) == 9
    with Store.open(tmp_path / "at once.db", create=True) as store:
        for file in files:
            put(store, file)
        assert facts(store) == after
