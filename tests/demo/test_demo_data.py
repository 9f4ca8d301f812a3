"""The demo data is consistent with itself, with its pictures and with the way it is drawn."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from miareview.identity import canonical_url
from miareview.model import CATEGORIES, DIFFICULTIES, REASONS, UNGRADABLE_REASONS

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
MODELS = ("demo-large", "demo-small", "demo-verbose")
REVIEWERS = {"demo-reviewer-1", "demo-reviewer-2"}


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEMO / name).read_text(encoding="utf-8").splitlines()]


def first(record: dict[str, Any], *keys: str) -> str:
    return str(next(record[key] for key in keys if key in record))


def url_of(record: dict[str, Any]) -> str:
    return canonical_url(first(record, "url", "question_id", "image"))


def text_of(record: dict[str, Any]) -> str:
    return first(record, "text", "response")


@pytest.fixture(scope="module")
def items() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((DEMO / "benchmark.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def reviews() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DEMO / "reviews.json").read_text(encoding="utf-8"))
    return loaded


def draw(folder: Path, *names: str) -> Path:
    command = [sys.executable, str(DEMO.parent / "drawing" / "draw.py"), "--out", str(folder), *names]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_benchmark_covers_categories_difficulties_and_sizes(items: list[dict[str, Any]]) -> None:
    assert len(items) == 12
    assert {kind for item in items for kind in item["component_type"]} == set(CATEGORIES)
    assert {item["type"] for item in items} == set(DIFFICULTIES)
    assert {item["num_of_component"] for item in items} == {2, 3, 4, 5}
    assert sorted(sum(item["component_weight"]) for item in items) == [8] + [10] * 11


def test_components_agree_with_each_other(items: list[dict[str, Any]]) -> None:
    for item in items:
        columns = (item["components"], item["component_weight"], item["component_type"])
        assert {len(column) for column in columns} == {item["num_of_component"]}
    verbatim = [text in item["instruction"] for item in items for text in item["components"]]
    assert 1 <= verbatim.count(False) <= 2


def test_every_picture_is_there_and_opens(items: list[dict[str, Any]]) -> None:
    names = [item["image"].rsplit("/", 1)[1] for item in items]
    assert sorted(names) == sorted(path.name for path in (DEMO / "images").iterdir())
    for name in names:
        with Image.open(DEMO / "images" / name) as picture:
            picture.load()
            assert 900 <= max(picture.size) <= 1400


def test_pictures_are_small_and_of_several_kinds() -> None:
    paths = list((DEMO / "images").iterdir())
    assert sum(path.stat().st_size for path in paths) < 1_500_000
    assert {path.suffix for path in paths} == {".png", ".jpg"}
    with Image.open(DEMO / "images" / "clock.jpg") as picture:
        upright = ImageOps.exif_transpose(picture)
        assert picture.width > picture.height
        assert upright.size == (picture.height, picture.width)
    with Image.open(DEMO / "images" / "sign.png") as picture:
        assert picture.convert("RGBA").getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize("model", MODELS)
def test_responses_and_replies_join_to_the_items(model: str, items: list[dict[str, Any]]) -> None:
    urls = {canonical_url(item["image"]) for item in items}
    responses = {url_of(record): text_of(record) for record in read_lines(f"{model}.jsonl")}
    judged = {url_of(record): text_of(record) for record in read_lines(f"{model}_judged.jsonl")}
    assert set(responses) == urls
    assert judged == {url: text for url, text in responses.items() if text != "error"}


def test_one_error_and_one_hostile_response() -> None:
    texts = [text_of(record) for model in MODELS for record in read_lines(f"{model}.jsonl")]
    assert texts.count("error") == 1
    hostile = [text for text in texts if "\x1b" in text]
    assert len(hostile) == 1
    assert all(mark in hostile[0] for mark in ("[/]", "[@click=app.quit]", "\x1b[31m", "\u202e", "\0"))


def test_every_file_says_that_it_is_a_demo(reviews: dict[str, Any]) -> None:
    for path in DEMO.glob("*.jsonl"):
        assert all("written by hand" in record["note"] for record in read_lines(path.name)), path.name
    assert "written by hand" in reviews["note"]
    assert "written by hand" in (DEMO / "README.md").read_text(encoding="utf-8")


def test_reviews_cover_every_response_once(reviews: dict[str, Any], items: list[dict[str, Any]]) -> None:
    answered = {
        (model, url_of(record))
        for model in MODELS
        for record in read_lines(f"{model}.jsonl")
        if text_of(record) != "error"
    }
    given = [
        (review["reviewer"], review["model"], canonical_url(items[review["item"]]["image"]))
        for review in reviews["reviews"]
    ]
    assert len(given) == len(set(given))
    assert set(given) == {(reviewer, model, url) for reviewer in REVIEWERS for model, url in answered}


def test_points_are_within_the_weights(reviews: dict[str, Any], items: list[dict[str, Any]]) -> None:
    for review in reviews["reviews"]:
        weights = items[review["item"]]["component_weight"]
        ungradable = {entry["position"] for entry in review["ungradable"]}
        missing = {k for k, points in enumerate(review["points"], 1) if points is None}
        assert missing == ungradable
        assert len(review["points"]) == len(weights)
        pairs = zip(review["points"], weights, strict=True)
        assert all(points is None or 0 <= points <= weight for points, weight in pairs)


def test_reasons_are_words_of_the_model(reviews: dict[str, Any], items: list[dict[str, Any]]) -> None:
    reasons = [(review, entry) for review in reviews["reviews"] for entry in review["reasons"]]
    ungradable = [entry for review in reviews["reviews"] for entry in review["ungradable"]]
    assert reasons
    assert {entry["reason"] for _, entry in reasons} <= set(REASONS)
    assert all(1 <= entry["position"] <= items[review["item"]]["num_of_component"] for review, entry in reasons)
    assert [entry["reason"] in UNGRADABLE_REASONS for entry in ungradable] == [True]


def test_the_reviewers_differ_a_little(reviews: dict[str, Any]) -> None:
    points: dict[tuple[str, int], list[Any]] = {}
    for review in reviews["reviews"]:
        points.setdefault((review["model"], review["item"]), []).extend(review["points"])
    halves = [(row[: len(row) // 2], row[len(row) // 2 :]) for row in points.values()]
    pairs = [(a, b) for one, two in halves for a, b in zip(one, two, strict=True) if None not in (a, b)]
    same = sum(a == b for a, b in pairs) / len(pairs)
    assert 0.75 < same < 1
    assert max(abs(a - b) for a, b in pairs) <= 1


def test_committed_pictures_are_what_the_script_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DEMO.parent / "drawing"))
    pictures = importlib.import_module("draw").PICTURES
    for path in sorted((DEMO / "images").iterdir()):
        drawn = pictures[path.name]()
        with Image.open(path) as committed:
            upright = ImageOps.exif_transpose(committed).convert("RGBA")
        assert drawn.size == upright.size
        # its file has fewer colours, and another release of Pillow may set a letter a shade differently
        assert max(ImageStat.Stat(ImageChops.difference(upright, drawn.convert("RGBA"))).mean) < 2, path.name


def test_drawing_is_deterministic(tmp_path: Path) -> None:
    names = ("sign.png", "clock.jpg")
    once, again = draw(tmp_path / "once", *names), draw(tmp_path / "again", *names)
    for name in names:
        assert (once / name).read_bytes() == (again / name).read_bytes()
    assert not (DEMO / "__pycache__").exists()
