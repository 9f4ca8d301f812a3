"""The generator of large runs keeps its promises on a small benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BENCHMARK = ROOT / "assets" / "demo" / "benchmark.json"


def generate(folder: Path, *options: str) -> None:
    script = ROOT / "benchmarks" / "make_synthetic.py"
    subprocess.run(
        [sys.executable, str(script), str(BENCHMARK), str(folder), *options], check=True, capture_output=True
    )


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_same_seed_same_files(tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        generate(tmp_path / name, "--models", "2", "--seed", seed)
    one, two, other = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in "abc")
    assert one == two
    assert one.keys() == other.keys()
    assert all(one[name] != other[name] for name in one)


def test_files_are_labelled_and_match(tmp_path: Path) -> None:
    generate(tmp_path, "--models", "2", "--errors", "0.3", "--irregular", "1", "--reviews", str(tmp_path / "t.json"))
    truth = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    items = json.loads(BENCHMARK.read_text(encoding="utf-8"))
    for model in ("synthetic-01", "synthetic-02"):
        responses = {row["url"]: row["text"] for row in read_lines(tmp_path / f"{model}.jsonl")}
        judged = read_lines(tmp_path / f"{model}_judged.jsonl")
        answered = {url: text for url, text in responses.items() if text != "error"}
        assert set(responses) == {item["image"] for item in items}
        assert {row["url"]: row["text"] for row in judged} == answered
        assert all("synthetic" in row["note"] for row in judged)
        scored = [row for row in truth["reviews"] if row["model"] == model]
        assert {items[row["item"]]["image"] for row in scored} == set(answered)
        for row in scored:
            weights = items[row["item"]]["component_weight"]
            assert all(0 <= p <= w for p, w in zip(row["points"], weights, strict=True))
            assert all(0 <= p <= w for p, w in zip(row["judge"], weights, strict=True))


def test_pictures_have_the_asked_size(tmp_path: Path) -> None:
    generate(tmp_path / "run", "--pictures", str(tmp_path / "p"), "--megapixels", "0.03", "--distinct", "2")
    paths = sorted((tmp_path / "p").iterdir())
    assert len(paths) == len(json.loads(BENCHMARK.read_text(encoding="utf-8")))
    assert len({path.read_bytes() for path in paths}) == 2
    with Image.open(paths[0]) as picture:
        assert picture.size == (200, 150)
