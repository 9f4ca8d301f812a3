"""Tables written as JSON Lines, CSV, TSV and Parquet, and read again."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any

import pyarrow.parquet
import pytest
from conftest import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import DataError, UsageError
from miareview.formats.table_out import defuse, is_dangerous, write_csv, write_jsonl, write_parquet, write_tsv
from miareview.model import Column
from miareview.text import repair

COLUMNS = (
    Column("name", "text", "a text"),
    Column("count", "integer", "a whole number"),
    Column("share", "real", "a number"),
    Column("yes", "boolean", "a truth"),
    Column("words", "list", "some texts"),
    Column("at", "time", "a time"),
)
texts = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from([HOSTILE, "=1+1", "'=1", "-5", ""])
rows = st.lists(
    st.tuples(
        texts | st.none(),
        st.integers(-(2**63), 2**63 - 1) | st.none(),
        st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        st.booleans() | st.none(),
        st.lists(texts, max_size=3) | st.none(),
        st.just("2026-01-02T03:04:05.678901Z") | st.none(),
    ),
    max_size=6,
)


def written(write: Any, values: list[Any]) -> bytes:
    stream = io.BytesIO()
    assert write(stream, COLUMNS, values) == len(values)
    return stream.getvalue()


@given(rows)
def test_json_lines_give_every_value_back(values: list[Any]) -> None:
    data = written(write_jsonl, values)
    data.decode("ascii")
    lines = data.split(b"\n")[:-1]
    assert [list(json.loads(line).values()) for line in lines] == [list(row) for row in values]
    assert all(list(json.loads(line)) == [column.name for column in COLUMNS] for line in lines)


def read_table(data: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter))[1:]


def as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


@given(rows)
def test_csv_gives_every_value_back_and_no_cell_begins_like_a_formula_but_a_number(values: list[Any]) -> None:
    found = read_table(written(write_csv, values), ",")
    assert len(found) == len(values)
    for cells, row in zip(found, values, strict=True):
        for cell, value, column in zip(cells, row, COLUMNS, strict=True):
            if column.kind in ("integer", "real"):
                assert value is None or float(cell) == float(value)
                continue
            assert not is_dangerous(cell)
            assert cell.removeprefix("'") == repair(as_cell(value))[0]


@given(rows)
def test_tsv_has_the_texts_as_they_are(values: list[Any]) -> None:
    found = read_table(written(write_tsv, values), "\t")
    assert [cells[0] for cells in found] == [repair(as_cell(row[0]))[0] for row in values]


@given(rows)
@settings(deadline=None)  # the first one imports pyarrow
def test_parquet_gives_every_value_back_with_its_type(values: list[Any]) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written(write_parquet, values)))
    assert [str(kind) for kind in table.schema.types] == [
        "string", "int64", "double", "bool", "list<element: string>", "timestamp[us, tz=UTC]",
    ]  # fmt: skip
    for found, row in zip(table.to_pylist(), values, strict=True):
        text, count, share, yes, words, at = row
        assert found["name"] == (None if text is None else repair(text)[0])
        assert (found["count"], found["share"], found["yes"]) == (count, share, yes)
        assert found["words"] == (None if words is None else [repair(word)[0] for word in words])
        assert (found["at"] and found["at"].isoformat()) == (at and at.replace("Z", "+00:00"))


@given(texts)
def test_defusing_can_be_undone(text: str) -> None:
    safe = defuse(text)
    assert not is_dangerous(safe)
    assert (safe[1:] if safe.startswith("'") else safe) == text


@pytest.mark.parametrize("start", ["\0", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_owasp_lists_is_defused(start: str) -> None:
    assert defuse(start + "cmd|' /C calc'!A0") == "'" + start + "cmd|' /C calc'!A0"


def test_nothing_and_an_empty_text_differ_in_csv() -> None:
    data = written(write_csv, [("", None, None, None, None, None)])
    assert data.split(b"\r\n")[1] == b'"",,,,,'


def test_numbers_stay_numbers_in_csv() -> None:
    data = written(write_csv, [("-5", -5, -0.5, True, [], None)])
    assert data.split(b"\r\n")[1] == b'"\'-5",-5,-0.5,true,"[]",'


def test_many_rows_come_in_several_groups() -> None:
    values = [(str(n), n, n / 2, None, None, None) for n in range(4100)]
    data = written(write_parquet, values)
    assert pyarrow.parquet.ParquetFile(io.BytesIO(data)).num_row_groups == 3
    assert pyarrow.parquet.read_table(io.BytesIO(data))["count"].to_pylist() == list(range(4100))


def test_an_empty_table_has_its_columns() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written(write_parquet, [])))
    assert table.column_names == [column.name for column in COLUMNS]


def test_a_time_that_is_none_is_one_sentence() -> None:
    with pytest.raises(DataError, match=r"column at is no time.*\.csv"):
        written(write_parquet, [("a", 1, 1.0, True, [], "yesterday")])


def test_without_pyarrow_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'miareview\[parquet\]'"):
        written(write_parquet, [])
