"""Components are found in their instruction, and where they are not, nothing pretends so."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.review.spans import component_spans

BENCHMARK = Path(__file__).resolve().parents[3] / "shared" / "mia-bench" / "instruction_benchmark_all.json"


def test_words_are_found_whatever_case_and_space() -> None:
    spans = component_spans("Describe  the dog,\nin two sentences.", ["describe the dog", " in two sentences."])
    assert spans == [(0, 17), (19, 35)]


def test_a_place_is_given_once() -> None:
    assert component_spans("the dog and the dog", ["the dog", "the dog"]) == [(0, 7), (12, 19)]
    assert component_spans("the dog", ["the dog", "the dog"])[1] is None


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_gives_places_inside_it(instruction: str, texts: list[str]) -> None:
    for span in component_spans(instruction, texts):
        assert span is None or 0 <= span[0] < span[1] <= len(instruction)


@pytest.mark.skipif(not BENCHMARK.exists(), reason="the benchmark is not here")
def test_the_benchmark_has_few_components_worded_otherwise() -> None:
    items = json.loads(BENCHMARK.read_text(encoding="utf-8"))
    spans = [span for item in items for span in component_spans(item["instruction"], item["components"])]
    assert len(spans) == 1038
    assert sum(span is None for span in spans) <= 62  # about 57 are worded otherwise, one shares its words
