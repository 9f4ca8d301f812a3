"""A list as a file: the rows and columns that its JSON has, no more, and never over another file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from conftest import JUDGE, waits_for

from miareview.browse.export import columns, export_rows
from miareview.browse.find import all_rows
from miareview.browse.rows import question, refresh, row_json
from miareview.errors import DataError, UsageError
from miareview.store.browse_terms import Sight, Unit
from miareview.store.store import Store


@pytest.mark.parametrize("unit", ["response", "component", "item"])
def test_a_file_has_the_rows_of_the_list_with_all_their_columns(store: Store, tmp_path: Path, unit: Unit) -> None:
    refresh(store, JUDGE.id)
    asked = question("test", unit, "item:0,1,2", "-item")
    sight = waits_for(store, "ann", [store.responses("alpha")[0].id])
    told = [row_json(row, unit) for row in all_rows(store, asked, sight) if row.item]
    file = tmp_path / "list.jsonl"
    assert export_rows(store, asked, sight, file, lambda row: row.item > 0) == len(told) > 0
    written = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert written == told
    assert [column.name for column in columns(unit)] == list(written[0])
    table = tmp_path / "list.CSV"
    assert export_rows(store, asked, sight, table, lambda row: True) > len(told)
    with table.open(encoding="utf-8", newline="") as stream:
        header, first, *_ = csv.reader(stream)
    assert header == [column.name for column in columns(unit)]
    assert first[0] == "2"
    if unit == "response":
        assert first == ["2", *(str("" if told[0][name] is None else told[0][name]) for name in header[1:9]), "[]",
                         *(str(told[0][name]) for name in header[10:14]), "false"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [("list.xlsx", UsageError, "written as .csv or .jsonl, not as 'list.xlsx'"),
     ("there.csv", UsageError, "is there already"), ("nowhere/list.csv", DataError, "no folder .*nowhere")],
)  # fmt: skip
def test_where_a_list_is_not_written(
    store: Store, tmp_path: Path, name: str, kind: type[Exception], sentence: str
) -> None:
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(kind, match=sentence):
        export_rows(store, question("test", "response", "", ""), Sight(), tmp_path / name, lambda row: True)
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith("list")]
