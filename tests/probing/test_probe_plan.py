"""Probes as they are made: each certificate holds when the witness looks again, and the same seed makes the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HOSTILE
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_probes import make_answers, make_benchmark

from miareview.errors import DataError, UsageError
from miareview.identity import digest, response_id
from miareview.model import Component, Response
from miareview.probing.elsewhere import another_number
from miareview.probing.mutators import BREAKING, FILLERS, VERSION, is_plain
from miareview.probing.plan import make_probes
from miareview.review.checks import check_component
from miareview.text import measure

ITEMS = make_benchmark()
ANSWERS = make_answers(ITEMS)
MADE = make_probes(ITEMS, ANSWERS, size=None, seed=0)
TEXTS = {response.id: response.text for response in MADE.responses}


def test_every_demand_is_broken_and_every_break_holds_when_the_witness_looks_again() -> None:
    items = {item.id: item for item in ITEMS}
    assert {probe.item for probe in MADE.probes if probe.kind == "break"} == set(items)
    for probe in MADE.probes:
        if probe.kind in ("donor", "pair", "picture"):
            continue
        item = items[probe.item]
        demand = item.components[(probe.position or 0) - 1].text
        verdict = check_component(demand, TEXTS[probe.response], item.instruction).verdict
        assert verdict is (probe.kind in ("keep", "again", "padding", "order")), (probe, TEXTS[probe.response])
        if probe.base is not None:
            assert check_component(demand, TEXTS[probe.base], item.instruction).verdict is True


def test_near_is_one_too_many_and_far_is_three() -> None:
    for dose, count in (("near", 3), ("far", 5)):
        found = [p for p in MADE.probes if (p.mutator, p.dose, p.kind) == ("add sentences", dose, "break")]
        assert found
        assert {measure(TEXTS[probe.response]).sentences for probe in found} == {count}


def test_the_injection_has_its_neutral_control_on_the_same_break() -> None:
    by_kind = {
        kind: {(p.item, p.position, p.mutator, p.dose) for p in MADE.probes if p.kind == kind}
        for kind in ("injection", "neutral", "break")
    }
    assert by_kind["injection"]
    assert by_kind["injection"] == by_kind["neutral"]
    assert by_kind["injection"] <= by_kind["break"]


def test_the_same_seed_makes_the_same_and_the_order_of_the_answers_does_not_matter() -> None:
    assert make_probes(ITEMS, list(reversed(ANSWERS)), size=None, seed=0) == MADE
    few = make_probes(ITEMS, ANSWERS, size=5, seed=0)
    assert few.items == MADE.items[:5]
    assert make_probes(ITEMS, ANSWERS, size=5, seed=1).items != few.items


def test_components_of_another_instruction_are_not_probed() -> None:
    odd = replace(ITEMS[0], instruction="Name the tools upon the bench.")
    made = make_probes([odd], make_answers(ITEMS)[:1], size=None, seed=0)
    assert not made.probes
    assert made.counts["length_limit"].why == {"the component is in doubt": 1}


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(DataError, match="no responses to change"):
        make_probes(ITEMS, [], size=None, seed=0)
    with pytest.raises(UsageError, match="no kind of probe named 'paraphrase'"):
        make_probes(ITEMS, ANSWERS, size=None, seed=0, kinds=["paraphrase"])


def test_a_donor_keeps_the_length_and_is_about_something_else() -> None:
    by_response = {}
    for probe in MADE.probes:
        if probe.kind == "donor":
            by_response.setdefault(probe.response, []).append(probe)
    assert by_response
    items = {item.id: item for item in ITEMS}
    for response, rows in by_response.items():
        length, *rest = rows
        assert (length.expected, {row.expected for row in rest}) == ("same", {"fall"})
        item = items[length.item]
        demand = item.components[(length.position or 0) - 1]
        assert check_component(demand.text, TEXTS[response], item.instruction).verdict is True
        assert {item.components[(row.position or 0) - 1].category for row in rest} == {"describe"}
        assert TEXTS[response] != TEXTS[length.base or ""]


def test_in_another_order_the_item_is_the_same_upside_down_and_beside_another_picture_it_has_that_number() -> None:
    items = {item.id: item for item in ITEMS}
    copies = {copy.id: copy for copy in MADE.copies}
    assert not copies.keys() & items.keys()
    responses = {response.id: response for response in MADE.responses}
    for probe in MADE.probes:
        if probe.kind not in ("order", "picture"):
            continue
        item, copy = items[probe.item], copies[responses[probe.response].item]
        told = [(c.text, c.weight, c.category) for c in item.components]
        found = [(c.text, c.weight, c.category) for c in copy.components]
        if probe.kind == "order":
            assert (found[::-1], copy.image_url, copy.index) == (told, item.image_url, item.index)
        else:
            assert found == told
            assert copy.image_url != item.image_url
            assert {other.image_url for other in ITEMS if other.index == copy.index} == {copy.image_url}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("The sum is 11.50.", "The sum is 41.50."),
        ("It is 4:35 by the clock.", "It is 8:35 by the clock."),
        ("There are 12 of them.", "There are 42 of them."),
        ("It shows 95 %.", "It shows 35 %."),
        ("There are about 12.", None),
        ("Two of them cost 12.", None),
        ("From 3 to 12.", None),
        ("On 1.2.2020.", None),
        ("At 14:35 it ends.", None),
        ("Nothing.", None),
        ("**12**", None),
    ],
)
def test_another_number_stands_where_there_was_one_alone(text: str, changed: str | None) -> None:
    found = another_number(text)
    assert (found and found[0]) == changed


def test_two_numbers_where_one_value_is_asked() -> None:
    component = Component(1, "math", "Calculate the total of the bill", 10)
    item = replace(ITEMS[0], instruction="Calculate the total of the bill.", components=(component,))
    answer = Response(response_id(item.id, "m", "It is 12.", "ok"), item.id, "m", "It is 12.", "ok")
    made = make_probes([item], [answer], size=None, seed=0)
    (probe,) = made.probes
    assert (probe.kind, probe.expected, probe.before, probe.after) == ("pair", "not both", "12", "42")
    for other in ("Explain how to calculate the total", "Calculate the total and list the values"):
        odd = replace(item, components=(replace(component, text=other),))
        assert not make_probes([odd], [answer], size=None, seed=0).probes


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|",
        "```\nx = 1\n```",
        "**Title**\ntext.",
        "一只狗在睡觉。",
        "<b>bold</b>.",
        "A \x1b[31mred\x1b[0m towel.",
        HOSTILE,
        "",
        "  \n",
    ],
)
def test_what_is_not_plain_is_left_alone(text: str) -> None:
    item = ITEMS[0]
    response = Response(response_id(item.id, "m", text, "ok"), item.id, "m", text, "ok")
    assert not [p for p in make_probes([item], [response], size=None, seed=0).probes if p.kind == "break"]


@pytest.mark.parametrize("text", ['He said "wait', "It went on...", "He left at 9 a.m.", "Tea, cake, etc.", "No stop"])
def test_nothing_is_added_after_what_may_be_no_end(text: str) -> None:
    for mutator in BREAKING:
        if mutator.name in ("add sentences", "add words", "use words", "open otherwise"):
            assert not list(mutator.apply(text, ("boat",)))


@example("º")
@example("A0")
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.sampled_from([HOSTILE, *FILLERS]).map(lambda text: text + "."))
def test_no_text_makes_a_mutator_fail(text: str) -> None:
    is_plain(text)
    for mutator in BREAKING:
        for dose, changed in mutator.apply(text, ("boat",)):
            assert dose in ("near", "far")
            assert changed != text


def test_a_changed_mutator_has_another_version_and_certificates_that_were_read() -> None:
    """Who changes what a mutator makes raises `VERSION`, reads the certificates again, and puts the digest here."""
    made = digest(*(text for probe in MADE.probes for text in (probe.kind, probe.mutator, TEXTS[probe.response])))
    assert (VERSION, made) == (3, "63ca73782741e668")
    read = (Path(__file__).resolve().parents[2] / "docs" / "certificates.md").read_text(encoding="utf-8")
    assert f"mutators version {VERSION};" in read
    assert read.count("**Right.**") >= 60
