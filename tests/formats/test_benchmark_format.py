"""Reading the benchmark, as published and as people re-write it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from miareview.errors import DataError
from miareview.formats.detect import read_file
from miareview.identity import canonical_url, item_id
from miareview.model import CATEGORIES, DIFFICULTIES

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "mia-bench"
ENTRY: dict[str, Any] = {
    "image": "https://pictures.example/one.jpg",
    "instruction": " Describe the boat in one sentence ",
    "type": "basic",
    "num_of_component": 2,
    "components": [" Describe the boat", "in one sentence "],
    "component_weight": [6, 4],
    "component_type": ["describe", "length_limit"],
}


def written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def published() -> Path:
    path = SHARED / "instruction_benchmark_all.json"
    if not path.exists():
        pytest.skip("the published benchmark is not here")
    return path


def test_published_benchmark_is_read_whole(published: Path) -> None:
    reading = read_file(published)
    components = [component for item in reading.items for component in item.components]
    assert (len(reading.items), len(components), sum(item.total for item in reading.items)) == (400, 1038, 3996)
    assert not reading.left_out
    assert not reading.warnings
    assert [item.index for item in reading.items] == list(range(400))
    assert [item.index for item in reading.items if item.total != 10] == [241, 247]
    assert {item.difficulty for item in reading.items} == set(DIFFICULTIES)
    assert Counter(c.category for c in components).keys() == set(CATEGORIES)
    assert sum(c.text != c.text.strip() for c in components) == 54


def test_published_identities_are_distinct_and_follow_the_content(published: Path) -> None:
    items = read_file(published).items
    assert len({item.id for item in items}) == 400
    assert len({canonical_url(item.image_url) for item in items}) == 400
    assert items[193].image_url.startswith("live.staticflickr.com/")
    assert items[0].id == item_id("mia-bench", items[0].image_url, items[0].instruction)
    assert read_file(published, "mine").items[0].id != items[0].id


def test_published_benchmark_as_a_table_is_the_same(published: Path, tmp_path: Path) -> None:
    entries = json.loads(published.read_text("utf-8"))
    table = tmp_path / "benchmark.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [key for key in entries[0] if key != "image_name"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(entries)  # lists become Python's repr, as pandas would write them
    assert read_file(table).items == read_file(published).items


def test_texts_are_kept_verbatim_and_image_name_is_ignored(tmp_path: Path) -> None:
    one = read_file(written(tmp_path / "b.json", [ENTRY])).items[0]
    other = read_file(written(tmp_path / "c.json", [ENTRY | {"image_name": "stale.jpg"}])).items[0]
    assert one == other
    assert one.instruction == ENTRY["instruction"]
    assert [component.text for component in one.components] == ENTRY["components"]
    assert [component.position for component in one.components] == [1, 2]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"instruction": None}, "'instruction' is null"),
        ({"instruction": "  "}, "'instruction' is empty"),
        ({"components": []}, "no components"),
        ({"components": "one and two"}, "not a list"),
        ({"components": "[" * 5000}, "not a list"),
        ({"components": ["a", 3]}, "a component is a number"),
        ({"component_weight": [6]}, "2 components, 1 weights"),
        ({"component_weight": [6, 0]}, "weight"),
        ({"component_weight": [6, -4]}, "weight"),
        ({"component_weight": [6, 4.5]}, "weight"),
        ({"component_weight": [True, 4]}, "weight"),
        ({"component_weight": [6, 10**40]}, "weight"),
        ({"component_type": ["describe", ""]}, "a category is empty"),
        ({"type": 7}, "'type' is a number"),
    ],
)
def test_a_bad_entry_is_left_out_and_the_rest_is_read(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    good = ENTRY | {"image": "https://pictures.example/two.jpg"}
    reading = read_file(written(tmp_path / "b.json", [ENTRY | change, good]))
    assert [item.index for item in reading.items] == [1]
    (left,) = reading.left_out
    assert (left.place, left.number) == ("index", 0)
    assert reason in left.reason


@pytest.mark.parametrize("key", [key for key in ENTRY if key != "num_of_component"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    lacking = {name: value for name, value in ENTRY.items() if name != key}
    (left,) = read_file(written(tmp_path / "b.json", [lacking, ENTRY])).left_out
    assert repr(key) in left.reason
    assert "missing" in left.reason


def test_entries_that_are_no_objects_or_come_twice_are_left_out(tmp_path: Path) -> None:
    reading = read_file(written(tmp_path / "b.json", [ENTRY, 3, [ENTRY], None, "x", ENTRY]))
    assert len(reading.items) == 1
    assert [left.number for left in reading.left_out] == [1, 2, 3, 4, 5]
    assert "index 0" in reading.left_out[-1].reason


def test_a_repeated_category_is_kept(tmp_path: Path) -> None:
    entry = ENTRY | {"component_type": ["mention", "mention"]}
    (item,) = read_file(written(tmp_path / "b.json", [entry])).items
    assert [component.category for component in item.components] == ["mention", "mention"]


def test_disagreement_and_unknown_words_are_warned_about(tmp_path: Path) -> None:
    entry = ENTRY | {"num_of_component": 5, "type": "heroic", "component_type": ["describe", "smell"]}
    reading = read_file(written(tmp_path / "b.json", [entry]))
    assert len(reading.items) == 1
    assert len(reading.warnings) == 3
    assert all("index 0" in warning for warning in reading.warnings)


def test_hostile_texts_are_verbatim_but_for_lone_surrogates(tmp_path: Path) -> None:
    hostile = "\x1b[2J\0\u202e[/] " + "x" * 100_000
    entry = ENTRY | {"instruction": hostile, "components": [hostile, "half \ud83d"]}
    reading = read_file(written(tmp_path / "b.json", [entry]))
    (item,) = reading.items
    assert item.instruction == item.components[0].text == hostile
    item.components[1].text.encode("utf-8")
    assert any("surrogate" in warning for warning in reading.warnings)


def test_python_literals_are_never_evaluated(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    entry = ENTRY | {"components": f"[open({str(witness)!r}, 'w'), 'b']"}
    assert not read_file(written(tmp_path / "b.json", [entry])).items
    assert not witness.exists()


def test_a_benchmark_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="name"):
        read_file(written(tmp_path / "b.json", [ENTRY]), " ")
