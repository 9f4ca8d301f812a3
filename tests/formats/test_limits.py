"""Small files that want to become large: refused in one sentence, and what is as large as it says is read."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow
import pytest
from harness_files import write_workbook
from pyarrow import parquet

from miareview.errors import DataError
from miareview.formats import parquet as our_parquet
from miareview.formats import workbook as our_workbook
from miareview.formats.detect import read_file


def repeated(path: Path, text: str, rows: int) -> Path:
    """A text that is there once and stands for many rows."""
    places = pyarrow.array([0] * rows, pyarrow.int32())
    table = pyarrow.table({"text": pyarrow.DictionaryArray.from_arrays(places, [text])})
    parquet.write_table(table, path, compression="zstd")
    return path


def test_parquet_of_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repeated(tmp_path / "r.parquet", "x", 101)
    assert len(read_file(path).rows) == 101
    monkeypatch.setattr(our_parquet, "MOST_ROWS", 100)
    with pytest.raises(DataError, match="has 101 rows, more than the 100"):
        read_file(path)


def test_parquet_that_becomes_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repeated(tmp_path / "r.parquet", "x" * 10_000, 100)
    assert path.stat().st_size < 3_000
    assert len(read_file(path).rows) == 100
    monkeypatch.setattr(our_parquet, "UNPACKED", 500_000)
    with pytest.raises(DataError, match="out of proportion"):
        read_file(path)


def test_a_large_value_is_unpacked_one_row_at_a_time(tmp_path: Path) -> None:
    path = repeated(tmp_path / "r.parquet", "x" * 9_000_000, 40)
    with pytest.raises(DataError, match="out of proportion"):
        read_file(path)


def test_a_workbook_of_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_workbook(tmp_path / "w.xlsx", [["text"], *([f"a{n}"] for n in range(11))])
    assert len(read_file(path).rows) == 11
    monkeypatch.setattr(our_workbook, "MOST_ROWS", 10)
    with pytest.raises(DataError, match="more than 10 rows"):
        read_file(path)


def test_a_workbook_that_is_nothing_but_repetition(tmp_path: Path) -> None:
    sheet = b'<worksheet><dimension ref="A1"/><sheetData>' + b"<row/>" * 4_000_000
    path = write_workbook(tmp_path / "w.xlsx", [["text"]], {"xl/worksheets/sheet1.xml": sheet})
    assert zipfile.is_zipfile(path)
    with pytest.raises(DataError, match="out of proportion"):
        read_file(path)


def test_many_columns_and_keys_take_linear_time(tmp_path: Path) -> None:
    names = ["text", *(f"c{n}" for n in range(30_000))]
    path = tmp_path / "c.csv"
    path.write_text(",".join([*names, names[-1]]) + "\n")
    with pytest.raises(DataError, match="'c29999' twice"):
        read_file(path)
    keys = ",".join(f'"{name}": 1' for name in [*names, names[-1]])
    path.write_text("{" + keys + "}\n" + json.dumps({"text": "a"}) + "\n")
    assert "'c29999' is there twice" in read_file(path).left_out[0].reason
