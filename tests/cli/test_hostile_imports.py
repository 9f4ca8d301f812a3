"""Files that are damaged, too large, or need a package that is not there: a sentence each, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commands import run

sys.path.append(str(Path(__file__).parents[1] / "formats"))
from harness_files import (
    GOOD,
    attempt,
    entry,
    evalscope,
    vlmevalkit,
    workbook_of,
    write_benchmark,
    write_lines,
    write_workbook,
)  # fmt: skip

HIDE = "import sys; sys.modules[{!r}] = None; from miareview.cli.main import main; sys.argv[0] = 'miareview'; main()"


def imported(db: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return run("import", *map(str, words), db=db, cwd=db.parent)


def imported_without(package: str, db: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    """The same on a machine that does not have the package."""
    command = [sys.executable, "-c", HIDE.format(package), "--db", str(db), "import", *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, check=False)


def refused(done: subprocess.CompletedProcess[str], word: str) -> None:
    """One line that has the word, exit code 3."""
    assert done.returncode == 3, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("miareview: ")]
    assert len(said) == 1
    assert word in said[0]
    assert "Traceback" not in done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_benchmark(tmp_path / "benchmark.json")
    return tmp_path


@pytest.fixture
def workbook(folder: Path) -> Path:
    return workbook_of(folder / "m_MIA-Bench_j.xlsx", [vlmevalkit(n, score_raw=GOOD) for n in range(3)])


def test_a_workbook_without_its_package(folder: Path, workbook: Path) -> None:
    done = imported_without("openpyxl", folder / "r.db", folder / "benchmark.json", workbook)
    refused(done, "pip install 'miareview[xlsx]'")
    # In a folder as well: such a file is not passed over.
    refused(imported_without("openpyxl", folder / "r.db", folder), "pip install 'miareview[xlsx]'")


def test_a_parquet_file_without_its_package(folder: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    path = folder / "b.parquet"
    parquet.write_table(pyarrow.Table.from_pylist([entry(0)]), path)
    refused(imported_without("pyarrow", folder / "r.db", path), "pip install 'miareview[parquet]'")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_workbook_that_was_cut_short(folder: Path, workbook: Path, share: float) -> None:
    data = workbook.read_bytes()
    workbook.write_bytes(data[: int(len(data) * share)])
    refused(imported(folder / "r.db", folder / "benchmark.json", workbook), "damaged")


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": b"<workbook"},
        {"xl/workbook.xml": b"\xff\xfe\x00"},
        {"xl/workbook.xml": b"<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>"},
        {"[Content_Types].xml": b""},
        {"xl/sharedStrings.xml": b"<sst><si>", "xl/_rels/workbook.xml.rels": b"<x/>"},
    ],
    ids=["unclosed", "binary", "no sheets", "no types", "no relations"],
)
def test_a_workbook_with_a_broken_part(folder: Path, parts: dict[str, bytes]) -> None:
    path = write_workbook(folder / "w.xlsx", [["index"], [0]], parts)
    refused(imported(folder / "r.db", folder / "benchmark.json", path), "w.xlsx")


def test_a_sheet_that_breaks_off_keeps_what_was_read(folder: Path) -> None:
    # Longer than what the library reads ahead.
    rows = [list(vlmevalkit(0)), *[list(vlmevalkit(n, f"{n} " * 15_000).values()) for n in range(6)]]
    with zipfile.ZipFile(write_workbook(folder / "w.xlsx", rows)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    broken = write_workbook(folder / "w.xlsx", [], {"xl/worksheets/sheet1.xml": sheet[:-100]})
    done = imported(folder / "r.db", folder / "benchmark.json", broken)
    assert done.returncode == 0, done.stderr
    assert "damaged from here on" in done.stdout


def test_zip_bombs_are_refused_before_they_are_unpacked(folder: Path) -> None:
    bomb = folder / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(500):
                part.write(b"<row>" * 200_000)
    assert bomb.stat().st_size < 2_000_000
    refused(imported(folder / "r.db", folder / "benchmark.json", bomb), "MB unpacked")


def test_a_large_sheet_without_its_size(folder: Path) -> None:
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 4_000_000
    path = write_workbook(folder / "w.xlsx", [], {"xl/worksheets/sheet1.xml": sheet})
    refused(imported(folder / "r.db", folder / "benchmark.json", path), "how many rows")


def test_a_workbook_whose_entities_multiply(folder: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "boom">{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
        '<c t="inlineStr"><is><t>&e11;</t></is></c></row></sheetData></worksheet>'
    )
    path = write_workbook(folder / "w.xlsx", [], {"xl/worksheets/sheet1.xml": sheet.encode()})
    refused(imported(folder / "r.db", folder / "benchmark.json", path), "damaged")


def test_a_sheet_that_says_it_is_huge(folder: Path) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>prediction</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = write_workbook(folder / "w.xlsx", [], {"xl/worksheets/sheet1.xml": sheet.encode()})
    refused(imported(folder / "r.db", folder / "benchmark.json", path), "no record")


def test_a_zip_file_of_something_else(folder: Path) -> None:
    with zipfile.ZipFile(folder / "x.zip", "w") as packed:
        packed.writestr("readme", "hello")
    refused(imported(folder / "r.db", folder / "x.zip"), "no Excel workbook")


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\0" * 200 + b"PAR1"], ids=["head", "zeros"])
def test_a_damaged_parquet_file(folder: Path, data: bytes) -> None:
    path = folder / "b.parquet"
    path.write_bytes(data)
    refused(imported(folder / "r.db", path), "damaged Parquet")


def test_a_stream_cannot_be_a_workbook(folder: Path, workbook: Path) -> None:
    with workbook.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "miareview", "--db", str(folder / "r.db"), "import", "-"],
            input=file.read(), capture_output=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert b"cannot be read as a stream" in done.stderr


def test_lines_that_break_off_keep_the_others(folder: Path) -> None:
    score = {"value": {"judge_score": 1.0}, "status": "success", "metadata": {"judge_attempts": [attempt(GOOD)]}}
    path = write_lines(folder / "reviews" / "m" / "r.jsonl", [evalscope(n, n, score) for n in range(3)])
    path.write_bytes(path.read_bytes()[:-200])
    done = imported(folder / "r.db", folder / "benchmark.json", path)
    assert done.returncode == 0, done.stderr
    assert "line 3" in done.stdout
    assert "which never saw the picture" in done.stdout
    assert "2 new" in done.stdout  # pictures
    assert len(list((folder / "images").glob("*.jpg"))) == 2


def test_a_picture_that_is_none_is_said(folder: Path) -> None:
    record = evalscope(0, 0, {"value": {}, "status": "excluded", "metadata": {"judge_attempts": [attempt(GOOD)]}})
    image = record["messages"][0]["content"][0]
    image["image"] = image["image"][:200]
    done = imported(folder / "r.db", folder / "benchmark.json", write_lines(folder / "r.jsonl", [record]))
    assert done.returncode == 0, done.stderr
    assert "the picture of item 0 was not kept" in done.stdout


def test_a_folder_is_imported_and_what_is_not_ours_is_said_in_one_line(folder: Path, workbook: Path) -> None:
    (folder / "run.log").write_text("started\n")
    (folder / "report.html").write_text("<p>hello</p>")
    (folder / "scores.pkl").write_bytes(b"\x80\x04N.")
    (folder / "config.yaml").write_text("a: 1\n")
    (folder / "again.xlsx").symlink_to(workbook.name)
    (folder / ".hidden.jsonl").write_text("{")
    done = imported(folder / "r.db", folder)
    assert done.returncode == 0, done.stderr
    passed = [line for line in done.stderr.splitlines() if line.startswith("Passed over")]
    assert len(passed) == 2
    assert "again.xlsx" in passed[0]
    assert "4 files" in passed[1]
    dry = imported(folder / "r.db", folder, folder / "missing")
    assert dry.returncode == 3
    assert "There is no file" in dry.stderr
    empty = folder / "empty"
    empty.mkdir()
    refused(imported(folder / "r.db", empty), "nothing to read")


def test_one_model_for_files_of_several_is_refused(folder: Path) -> None:
    for name in ("a", "b"):
        workbook_of(folder / f"{name}_MIA-Bench.xlsx", [vlmevalkit(0)])
    done = imported(folder / "r.db", folder, "--model", "x")
    assert done.returncode == 2
    assert "2 models: a, b" in done.stderr


def test_dry_run_of_pictures_writes_none(folder: Path) -> None:
    score = {"value": {"judge_score": 1.0}, "status": "success", "metadata": {"judge_attempts": [attempt(GOOD)]}}
    path = write_lines(folder / "r.jsonl", [evalscope(0, 0, score)])
    done = imported(folder / "r.db", "--dry-run", "--json", folder / "benchmark.json", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"][1]["pictures"] == {"new": 1}
    assert sorted(path.name for path in folder.iterdir()) == ["benchmark.json", "r.jsonl"]
