"""The columns that lists are found in: they say what the rows say, and a page is part of the whole order."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from conftest import JUDGE, make_items, make_judgment, make_response
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.browse import columns, matching
from miareview.browse.columns import Columns
from miareview.browse.matching import in_order
from miareview.browse.rows import browse, question, refresh
from miareview.store import browse_columns, browse_words
from miareview.store.browse_columns import PART, RESPONSE, read_column
from miareview.store.browse_terms import Sight
from miareview.store.connection import Connection
from miareview.store.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Five items and four models, judged but for one, in pieces of three responses."""
    monkeypatch.setattr(browse_columns, "PIECE", 3)
    made = Store.open(tmp_path / "columns.db", create=True)
    items = make_items(5)
    made.add_items(items)
    for model in ("alpha", "beta", "gamma", "δelta"):
        responses = [make_response(item, model) for item in items]
        made.add_responses(responses)
        made.add_judgments(
            JUDGE,
            [make_judgment(item, one, [w - (item.index == 2) for w in item.weights])
             for item, one in zip(items, responses, strict=True) if (item.index, model) != (4, "beta")],
        )  # fmt: skip
    refresh(made, JUDGE.id)
    return made


def assert_columns_are_rows(store: Store) -> None:
    for table, parts, names in (("browse_row r join item on item.id = r.item", False, RESPONSE),
                                ("browse_part r join browse_row on id = row", True, PART)):  # fmt: skip
        columns = Columns(store, parts=parts)
        order = "row, position" if parts else "r.id"
        for name in names:
            sql = {"item": "item.rowid", "parts": "(select count(*) from browse_part where row = r.id)"}.get(
                name, f"r.{name}"
            )
            told = [value for (value,) in store.rows(f"select {sql} from {table} order by {order}")]
            kept = columns.own(name).tolist()
            if names[name] in ("text", "choice"):
                kept = [columns.texts(name)[code] for code in kept]
            assert [None if isinstance(one, float) and math.isnan(one) else one for one in kept] == told, name


def test_columns_say_what_the_rows_say(store: Store) -> None:
    assert_columns_are_rows(store)
    item = make_items(5)[4]
    twin = make_response(item, "epsilon", "alpha answers item 4. It has two sentences.")
    store.add_responses([twin])
    store.add_judgments(JUDGE, [make_judgment(item, twin, [1, 2, 3])])  # changes what is said of alpha's row too
    refresh(store, JUDGE.id)
    assert_columns_are_rows(store)
    assert browse(store, question("test", "response", "why:self", ""), Sight()).matched == 2
    refresh(store, None)  # another judge is another summary
    assert_columns_are_rows(store)


@pytest.mark.parametrize("parts", [False, True])
def test_a_few_rows_have_what_all_have(store: Store, parts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.snapshot():
        whole = Columns(store, parts=parts)
        rows = np.array([len(whole) - 1, 0, 7, 8, 7])
        with Store.open(store.path) as other, other.snapshot():
            few = Columns(other, parts=parts)
            monkeypatch.setattr(few, "stored", whole.stored if parts else None)  # its own would read all
            for name in {**RESPONSE, **(PART if parts else {})}:
                assert few.own(name, rows).tolist() == pytest.approx(whole.own(name)[rows].tolist(), nan_ok=True)
                assert few.own(name, rows[:0]).tolist() == []


def test_the_columns_of_an_older_summary_are_made(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("delete from browse_column")
        connection.execute("delete from browse_value")
    assert Columns(store).own("number").tolist() == []
    refresh(store, JUDGE.id)
    assert_columns_are_rows(store)


@pytest.mark.parametrize("words", ['text:"alpha"', 'text:"item"', 'text:"item 4"', '-reply:"component"', 'text:"x"'])
def test_two_halves_find_what_one_search_finds(store: Store, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question("test", "response", words, "")
    whole = browse(store, asked, Sight())
    monkeypatch.setattr(browse_words, "_MANY", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    for somebody_writes in (False, True):
        with Store.open(store.path) as searched:
            twin, halves = searched.twin, []

            @contextmanager
            def noted(same: str) -> Iterator[Connection | None]:
                with twin("select random()" if somebody_writes else same) as second:  # noqa: B023
                    halves.append(second is not None)  # noqa: B023
                    yield second

            monkeypatch.setattr(searched, "twin", noted)
            assert browse(searched, asked, Sight()) == whole
            assert halves == [not somebody_writes]


def test_what_was_found_is_true_after_somebody_else_has_added_to_it(store: Store) -> None:
    asked = question("test", "response", 'text:"alpha answers"', "")
    assert browse(store, asked, Sight()).matched == 5
    item = make_items(5)[4]
    with Store.open(store.path) as other:
        other.add_responses([make_response(item, "zeta", "alpha answers again")])
        assert browse(store, asked, Sight()).matched == 5  # the summary does not tell of it yet
        refresh(other, JUDGE.id)
    assert browse(store, asked, Sight()).matched == 6


def test_columns_are_read_once_and_go_where_there_is_no_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(store: Store, name: str) -> bytes:
        read.append(name)
        return read_column(store, name)

    monkeypatch.setattr(columns, "read_column", noted)

    def ask(words: str, unit: str = "response") -> list[str]:
        read.clear()
        browse(store, question("test", unit, words, ""), Sight())
        return list(read)

    assert "judge" in ask("judge>1")
    assert ask("judge>2") == []
    assert ask("judge>1 model:alpha") == ["model"]
    for words, matched in (("text:component", 0), ("reply:component", 19)):
        assert browse(store, question("test", "response", words, ""), Sight()).matched == matched
    assert "part.judge" in ask("judge>1", "component")
    assert ask("judge>1") == []
    monkeypatch.setattr(columns, "_KEPT_BYTES", 0)
    assert "words" in ask("words>1")
    assert ask("words>1") == []  # what one question needs stays until another needs more
    assert "judge" in ask("judge>1")
    assert "words" in ask("words>1")


def test_an_empty_summary_has_no_rows(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db", create=True) as empty:
        empty.add_items(make_items())
        refresh(empty, None)
        for unit in ("response", "component", "item"):
            for words in ("", "cat:math", "judge>1", "text:describe", "model:x", "reason:*", "why:self"):
                found = browse(empty, question("test", unit, words, "-judge"), Sight(), facet="judge")
                assert (found.matched, found.rows, found.facet) == (0, (), ())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.5, math.inf])), max_size=40), st.data())
def test_a_page_is_part_of_the_whole_order(values: list[tuple[int, float]], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, 45))
    stop = start + data.draw(st.integers(0, 12))
    first, second = np.array([a for a, _ in values]), np.array([b for _, b in values])
    whole = sorted(range(len(values)), key=lambda row: (values[row], row))
    before, matching._FEW = matching._FEW, 2
    try:
        found = in_order(np.arange(len(values)), [first.__getitem__, second.__getitem__], start, stop)
    finally:
        matching._FEW = before
    assert found.tolist() == whole[start:stop]
