"""What small hostile files and templates cost the real command: seconds, peak memory, and the sentence that it says.

Every file is made here, is small, and wants to become large or endless. Each command runs in a process of its own, and
its peak is what the system says of that process.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = """example:
  python benchmarks/bench_hostile.py
  python benchmarks/bench_hostile.py --share 0.01
"""
# A process starts with the peak of the one that made it, so a small one makes the command.
_ALONE = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)
"""
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>'
_STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_TEMPLATES = {
    "template: loops in loops": (
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a %}{% endfor %}{% endfor %}"
    ),
    "template: doubles 60 times": (
        "{% set x = namespace(s='x') %}{% for a in range(60) %}{% set x.s = x.s ~ x.s %}{% endfor %}{{ x.s }}"
    ),
    "template: 1 GB of text": "{% for a in range(1000) %}{{ 'x' * 1000000 }}{% endfor %}",
    "template: 10 GB constant": "{{ 'x' * 10**10 }}",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """One command: the size of its file in bytes, seconds, peak memory in MB, exit code and last sentence."""

    what: str
    size: int
    seconds: float
    peak: float
    code: int
    said: str


def parquet_rows(path: Path, share: float) -> None:
    """Twenty million rows of one letter."""
    import pyarrow
    from pyarrow import parquet

    rows = int(20_000_000 * share)
    letters = pyarrow.DictionaryArray.from_arrays(
        pyarrow.array([0], pyarrow.int32()).take(pyarrow.array([0] * rows)), ["x"]
    )
    parquet.write_table(pyarrow.table({"text": letters}), path, compression="zstd", row_group_size=1_000_000)


def parquet_values(path: Path, share: float) -> None:
    """One text of 13 MB, a hundred times."""
    import pyarrow
    from pyarrow import parquet

    rows = pyarrow.array([0] * 100, pyarrow.int32())
    texts = pyarrow.DictionaryArray.from_arrays(rows, ["x" * int(13_000_000 * share)])
    parquet.write_table(pyarrow.table({"text": texts}), path, compression="zstd", compression_level=19)


def workbook(path: Path, sheet: bytes, strings: bytes | None = None) -> None:
    """A workbook of one sheet, without a spreadsheet program's care."""
    import openpyxl

    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["text", "a"])
    book.save(plain)
    with zipfile.ZipFile(plain) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in made.namelist():
            data = made.read(part)
            if part == "xl/worksheets/sheet1.xml":
                data = sheet
            if part == "[Content_Types].xml" and strings is not None:
                data = data.replace(b"</Types>", _STRINGS.encode() + b"</Types>")
            packed.writestr(part, data)
        if strings is not None:
            packed.writestr("xl/sharedStrings.xml", strings)


def workbook_rows(path: Path, share: float) -> None:
    """A million rows of one cell."""
    cell = b'<row><c t="inlineStr"><is><t>text</t></is></c></row>'
    workbook(path, _SHEET.encode() + cell * int(1_000_000 * share) + b"</sheetData></worksheet>")


def workbook_rows_that_differ(path: Path, share: float) -> None:
    """120,000 rows whose texts hardly shrink, so that only their number can be too large."""
    rows = (
        f'<row><c t="inlineStr"><is><t>{os.urandom(16).hex()}</t></is></c></row>' for _ in range(int(120_000 * share))
    )
    head = '<row><c t="inlineStr"><is><t>text</t></is></c></row>'
    workbook(path, (_SHEET + head + "".join(rows) + "</sheetData></worksheet>").encode())


def workbook_strings(path: Path, share: float) -> None:
    """Eleven million shared strings."""
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<si><t>a</t></si>" * int(
        11_000_000 * share
    )
    workbook(path, _SHEET.encode() + b"</sheetData></worksheet>", strings + b"</sst>")


def csv_columns(path: Path, share: float) -> None:
    """A header of a hundred thousand columns, the last one twice, and a row."""
    names = ["text", *(f"c{n}" for n in range(int(100_000 * share))), "last", "last"]
    _table(path, names)


def csv_columns_once(path: Path, share: float) -> None:
    """The same without the repetition."""
    _table(path, ["text", *(f"c{n}" for n in range(int(100_000 * share)))])


def _table(path: Path, names: list[str]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, names])


def json_keys(path: Path, share: float) -> None:
    """An object of a hundred thousand keys, the last one twice."""
    keys = [f"c{n}" for n in range(int(100_000 * share))]
    path.write_text("{" + ",".join(f'"{key}": 1' for key in [*keys, keys[-1]]) + "}\n{}\n")


def json_depth(path: Path, share: float) -> None:
    """Lists in lists, a hundred thousand deep."""
    path.write_text("[" * int(100_000 * share))


FILES: dict[str, tuple[str, Callable[[Path, float], None]]] = {
    "Parquet: 20 million rows": ("rows.parquet", parquet_rows),
    "Parquet: 13 MB a hundred times": ("values.parquet", parquet_values),
    "workbook: a million equal rows": ("rows.xlsx", workbook_rows),
    "workbook: 120,000 rows": ("differ.xlsx", workbook_rows_that_differ),
    "workbook: 11 million strings": ("strings.xlsx", workbook_strings),
    "CSV: 100,000 columns, one twice": ("twice.csv", csv_columns),
    "CSV: 100,000 columns": ("once.csv", csv_columns_once),
    "JSON: 100,000 keys, one twice": ("keys.jsonl", json_keys),
    "JSON: 100,000 deep": ("deep.json", json_depth),
}


def measure(what: str, file: Path, folder: Path, words: list[str]) -> Cost:
    """Run the command on the file, alone."""
    command = [sys.executable, "-m", "miareview", "--db", str(folder / "r.db"), *words]
    done = subprocess.run([sys.executable, "-c", _ALONE, *command], capture_output=True, text=True, check=True)
    seconds, peak, code = done.stdout.split()
    said = done.stderr
    lines = [line for line in said.splitlines() if line.startswith("miareview: ") or "cannot be filled in" in line]
    last = (
        (lines or ["(read)"])[-1]
        .replace(f"{folder}/", "")
        .removeprefix("miareview: ")
        .split(" miareview reads ")[0]
        .strip()
    )
    return Cost(what, file.stat().st_size, float(seconds), int(peak) / 1000, int(code), last)


def prepare(folder: Path) -> None:
    """A database with one item and one answer."""
    item = {
        "image": "https://pictures.example/0.jpg", "instruction": "Describe it", "type": "basic", "num_of_component": 1,
        "components": ["Describe it"], "component_weight": [10], "component_type": ["describe"],
    }  # fmt: skip
    (folder / "benchmark.json").write_text(json.dumps([item]))
    (folder / "m.jsonl").write_text(json.dumps({"url": item["image"], "text": "A boat."}) + "\n")
    paths = [str(folder / "benchmark.json"), str(folder / "m.jsonl")]
    subprocess.run(
        [sys.executable, "-m", "miareview", "--db", str(folder / "r.db"), "import", *paths],
        check=True,
        capture_output=True,
    )


def costs(folder: Path, share: float) -> list[Cost]:
    prepare(folder)
    found = []
    for what, (name, make) in FILES.items():
        make(folder / name, share)
        found.append(measure(what, folder / name, folder, ["import", str(folder / name)]))
        (folder / name).unlink()
    for what, template in _TEMPLATES.items():
        path = folder / "bomb.jinja"
        path.write_text(template)
        words = ["judge", "run", "--model", "gpt-4o", "--picture", "none", "--prompt-file", str(path)]
        found.append(measure(what, path, folder, [*words, "--dry-run", str(folder / "out.jsonl")]))
        (folder / "out.jsonl").unlink(missing_ok=True)
    return found


def main(words: list[str] | None = None) -> list[Cost]:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the full size of each file (default 1)")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-hostile-") as folder:
        found = costs(Path(folder), options.share)
    print(f"{'file':33} {'bytes':>9} {'seconds':>8} {'peak MB':>8} {'exit':>5}  sentence")
    for cost in found:
        print(f"{cost.what:33} {cost.size:9,} {cost.seconds:8.1f} {cost.peak:8.0f} {cost.code:5}  {cost.said}")
    return found


if __name__ == "__main__":
    main()
