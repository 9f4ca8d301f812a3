"""Which item a foreign row belongs to."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from miareview.formats.records import Described, ForeignRow
from miareview.identity import REPLACED_URLS, item_id
from miareview.importing.matching import match_rows
from miareview.model import Component, Item


def item(index: int, url: str, instruction: str) -> Item:
    component = (Component(1, "describe", "all", 10),)
    return Item(item_id("b", url, instruction), "b", index, url, instruction, "basic", component)


ITEMS = [
    item(0, "https://Pictures.example/0.jpg", "Describe the boat"),
    item(1, "pictures.example/1.jpg", " Count  the gulls "),
    item(2, "https://pictures.example/2.jpg", "Same words"),
    item(3, "https://pictures.example/3.jpg", "Same words"),
    item(4, "https://" + next(iter(REPLACED_URLS.values())), "Name the drink"),
]


def row(
    ordinal: int,
    url: str | None = None,
    instruction: str | None = None,
    index: int | str | None = None,
    model: str | None = None,
) -> ForeignRow:
    return ForeignRow(ordinal + 1, ordinal, url, instruction, index, "text", "ok", model)


def chosen(*rows: ForeignRow) -> dict[int, int]:
    return {row.ordinal: item.index for row, item in match_rows(rows, ITEMS).pairs}


def test_the_address_decides_whatever_the_order_and_the_scheme() -> None:
    rows = [
        row(0, "http://pictures.example/1.jpg"),
        row(1, "pictures.EXAMPLE/0.jpg"),
        row(2, "https://pictures.example/3.jpg"),
    ]
    matching = match_rows(rows, ITEMS)
    assert [item.index for _, item in matching.pairs] == [1, 0, 3]
    assert not matching.warnings
    assert not matching.left_out


def test_a_replaced_address_is_still_the_item() -> None:
    assert chosen(row(0, "http://" + next(iter(REPLACED_URLS)))) == {0: 4}


def test_the_instruction_decides_where_the_address_is_stale_or_absent() -> None:
    matching = match_rows(
        [row(0, "http://gone.example/x.jpg", "Count the gulls"), row(1, None, "Describe the  boat\n")], ITEMS
    )
    assert [item.index for _, item in matching.pairs] == [1, 0]
    (warning,) = matching.warnings
    assert "line 1" in warning


def test_a_prompt_that_wraps_the_instruction_does_not_hurt_the_address() -> None:
    assert chosen(row(0, "pictures.example/0.jpg", "USER: Describe the boat ASSISTANT:")) == {0: 0}


def test_a_row_of_another_benchmark_is_left_out_even_with_a_number() -> None:
    matching = match_rows([row(0, "http://gone.example/x.jpg", "Say hello", 2), row(1, None, "Say hello", 1)], ITEMS)
    assert not matching.pairs
    assert [left.number for left in matching.left_out] == [1, 2]
    assert "picture and instruction" in matching.left_out[0].reason


def test_a_row_that_contradicts_itself_is_left_out() -> None:
    matching = match_rows([row(0, "pictures.example/0.jpg", "Count the gulls")], ITEMS)
    assert not matching.pairs
    assert "item 0" in matching.left_out[0].reason
    assert "item 1" in matching.left_out[0].reason


def test_an_instruction_that_is_there_twice_is_told_apart_by_number() -> None:
    matching = match_rows([row(0, None, "Same words", 3), row(1, None, "Same words", 2)], ITEMS)
    assert [item.index for _, item in matching.pairs] == [3, 2]
    assert "same instruction" in matching.warnings[0]


def test_a_subset_that_counts_for_itself_keeps_the_order() -> None:
    assert chosen(row(0, None, "Same words", 38), row(1, None, "Same words", 37)) == {0: 3, 1: 2}
    # Numbers that count from 1 name one of the two, but not both.
    assert chosen(row(0, None, "Same words", 3), row(1, None, "Same words", 4)) == {0: 2, 1: 3}


def test_a_number_breaks_a_tie_only_where_the_numbers_are_the_benchmarks() -> None:
    tied = row(1, None, "Same words", 3)
    assert chosen(row(0, "pictures.example/0.jpg", index=0), tied) == {0: 0, 1: 3}
    assert chosen(row(0, "pictures.example/0.jpg", index=1), tied) == {0: 0}


def test_components_in_another_order_are_those_of_another_item() -> None:
    parts = (Component(1, "describe", "the sky", 6), Component(2, "mention", "the sea", 4))
    one = replace(item(0, "pictures.example/0.jpg", "Say it"), components=parts)
    other = replace(item(1, "pictures.example/1.jpg", "Say it"), components=parts[::-1])
    for described, indexes in (
        (Described(texts=("the sea", " the  sky")), [1]),
        (Described(texts=("the sky", "the sea")), [0]),
        (Described(texts=("the sea", "the sky"), ordered=False), []),  # both may be meant
        (Described(weights=(4, 6)), [1]),
        (Described(categories=("describe", "mention")), [0]),
        (Described(texts=("the sky",)), []),
    ):
        found = match_rows([replace(row(9, None, "Say it"), item=described)], [one, other])
        assert [target.index for _, target in found.pairs] == indexes, described


def test_each_model_breaks_its_own_tie() -> None:
    rows = [row(n, None, "Same words", 10 + n, model) for n, model in enumerate(("a", "a", "b", "b"))]
    assert chosen(*rows) == {0: 2, 1: 3, 2: 2, 3: 3}


def test_one_row_that_nothing_tells_apart_is_left_out() -> None:
    matching = match_rows([row(9, None, "Same words")], ITEMS)
    assert not matching.pairs
    assert "items 2 and 3" in matching.left_out[0].reason


def test_numbers_are_used_only_where_there_is_nothing_else() -> None:
    matching = match_rows([row(0, index=4), row(1, index=1)], ITEMS)
    assert [item.index for _, item in matching.pairs] == [4, 1]
    assert "row number only" in matching.warnings[0]
    assert chosen(row(0), row(1)) == {0: 0, 1: 1}


def test_a_number_that_is_none_never_becomes_a_place() -> None:
    for rows in ([row(0, index="mia_0004"), row(1, index=1)], [row(0, index=4), row(1)]):
        matching = match_rows(rows, ITEMS)
        assert not matching.pairs
        assert len(matching.left_out) == 2
    assert chosen(row(0, index="mia_0004", url="pictures.example/1.jpg")) == {0: 1}
    assert chosen(row(0, None, "Same words", "b"), row(1, None, "Same words", "a")) == {}


def test_tokens_for_the_picture_and_what_follows_an_address_do_no_harm() -> None:
    for token in (
        "<image>\n{}",
        "{}\n<image>",
        "<|vision_start|><|image_pad|><|vision_end|>{}",
        "<image 1> {}",
        "[IMG]{}",
    ):
        assert chosen(row(0, None, token.format("Describe the boat"))) == {0: 0}
    assert chosen(row(0, "pictures.example/1.jpg?raw=true"), row(1, "pictures.example/2.jpg#top")) == {0: 1, 1: 2}
    # Where queries tell pictures apart, none is dropped.
    asked = [item(n, f"pictures.example/get?n={n}", f"Number {n}") for n in range(2)]
    assert not match_rows([row(0, "pictures.example/get?n=7")], asked).pairs


def test_numbers_that_do_not_fit_are_not_trusted_at_all() -> None:
    matching = match_rows([row(n, index=n + 1) for n in range(5)], ITEMS)
    assert not matching.pairs
    assert len(matching.left_out) == 5
    assert "item 5" in matching.left_out[0].reason


@given(st.randoms(use_true_random=False), st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=12))
def test_every_row_is_matched_or_left_out_once(shuffle: random.Random, shapes: list[tuple[bool, bool, bool]]) -> None:
    rows = []
    for ordinal, (url, text, number) in enumerate(shapes):
        source = shuffle.choice(ITEMS)
        rows.append(
            row(
                ordinal,
                source.image_url if url else None,
                source.instruction if text else None,
                source.index if number else None,
            )
        )
    matching = match_rows(rows, ITEMS)
    seen = [r.number for r, _ in matching.pairs] + [left.number for left in matching.left_out]
    assert sorted(seen) == [r.number for r in rows]
    for found, target in matching.pairs:
        assert found.url in (None, target.image_url)
        assert found.instruction in (None, target.instruction)
