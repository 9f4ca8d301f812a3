"""Doubts about a benchmark: made-up items that each show one, the sound ones beside them, and the published items."""

from __future__ import annotations

from pathlib import Path

import pytest

from miareview.formats.detect import read_file
from miareview.identity import item_id
from miareview.model import Component, Item
from miareview.review.doubts import find_doubts, item_doubts

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "mia-bench" / "instruction_benchmark_all.json"


def make(instruction: str, *components: tuple[str, str], index: int = 0) -> Item:
    parts = tuple(Component(k, category, text, 5) for k, (category, text) in enumerate(components, start=1))
    return Item(item_id("b", "u", instruction), "b", index, "u", instruction, "basic", parts)


def kinds(item: Item) -> list[tuple[int | None, str]]:
    return [(doubt.position, doubt.kind) for doubt in item_doubts(item)]


SOUND = make(
    "Describe the boat in two sentences, without naming any colour, and include the word 'harbour'.",
    ("describe", "Describe the boat"),
    ("length_limit", "in two sentences"),
    ("mention", "without naming any colour"),
    ("mention", "include the word 'harbour'"),
)


@pytest.mark.parametrize(
    ("instruction", "components", "expected"),
    [
        ("List the tools on the bench.", [("describe", "Write a dialogue between two penguins")], [(None, "foreign")]),
        (
            "Write a four-sentence story about the mill.",
            [("describe", "Write a story about the mill"), ("length_limit", "five-sentence")],
            [(2, "count")],
        ),
        (
            "Tell where this is without naming specific streets.",
            [("describe", "Tell where this is"), ("mention", "name specific streets")],
            [(2, "negation")],
        ),
        (
            "Describe the bird using two adjectives.",
            [("describe", "Describe the bird"), ("length_limit", "two"), ("grammar", "using adjectives")],
            [(2, "alone")],
        ),
        (
            "Describe the bird, without naming it.",
            [("describe", "Describe the bird"), ("mention", "without naming it")],
            [(2, "alone")],
        ),
        (
            "In five sentences, guess what the machine is for.",
            [("describe", "in five sentences"), ("length_limit", "guess what the machine is for")],
            [(1, "category"), (2, "category")],
        ),
    ],
)
def test_each_rule_finds_its_item(
    instruction: str, components: list[tuple[str, str]], expected: list[tuple[int | None, str]]
) -> None:
    assert kinds(make(instruction, *components)) == expected


def test_a_sound_item_has_none_and_the_order_is_that_of_the_benchmark() -> None:
    odd = make("List the tools.", ("describe", "Write a dialogue between two penguins"), index=3)
    assert kinds(SOUND) == []
    assert [doubt.item.index for doubt in find_doubts([SOUND, odd, SOUND])] == [3]


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published benchmark is not here")
def test_the_published_benchmark() -> None:
    doubts = find_doubts(read_file(PUBLISHED, "b").items)
    by_kind = {kind: {d.item.index for d in doubts if d.kind == kind} for kind in {d.kind for d in doubts}}
    assert by_kind["foreign"] == {30, 133, 262}
    assert by_kind["count"] == {101}
    assert by_kind["negation"] == {284}
    assert {9, 229, 304, 387} <= by_kind["category"]
    assert len({doubt.item.index for doubt in doubts}) <= 20
