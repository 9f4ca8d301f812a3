"""Excel workbooks: the first sheet, row by row, as text."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from miareview.errors import DataError
from miareview.formats.names import Names
from miareview.formats.records import Notes
from miareview.formats.source import MOST_ROWS, Entry, NotOurs, Source, refuse_repeated, shorten

LONGEST_CELL = 32_767  # characters; a longer text is cut by whatever writes the workbook
CUT = f"cut at {LONGEST_CELL:,} characters, the most that a cell of a workbook holds"
LARGEST = 200_000_000  # bytes of all parts unpacked; 400 rows of ten full cells are 130 MB
UNSIZED = 20_000_000  # bytes of a sheet that does not begin with its size: the library then holds all of it
TIMES = 100  # times its size that a workbook of more than `UNSIZED` may be unpacked; texts shrink to a tenth or so
MOST_COLUMNS = 200
HEAD = 10  # rows at the top among which the header is looked for
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def source(name: str, stream: BinaryIO, names: Names) -> Source:
    """The rows of a sheet: of the first one with a header that `names` knows, else of the first. `number` is the
    sheet's row. The header is the first of the `HEAD` rows at the top with two names that are known, else the first
    that is not blank, since titles may stand above it.

    Cells are text or numbers; an empty one is "". Raises DataError where the workbook is damaged, larger unpacked
    than `LARGEST`, or openpyxl is not installed; NotOurs where the zip file is no workbook.
    """
    _look_into(name, stream)
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            f"{name} is an Excel workbook, and the package that reads it is not installed.",
            "Install it with: pip install 'miareview[xlsx]'.",
        ) from None
    notes = Notes("row")
    try:
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        for each in book.worksheets:
            each.reset_dimensions()  # what the file says of its size is not to be trusted
        sheet = next((each for each in book.worksheets if _header(each, names)[1]), book.worksheets[0])
        header, _ = _header(sheet, names)
        cells = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    except Exception as error:  # noqa: BLE001 — a damaged workbook makes the library raise nearly anything
        raise DataError(f"{name} is a damaged Excel workbook ({_why(error)}).", "Write it again.") from None
    if len(book.worksheets) > 1:
        notes.add(f"of {len(book.worksheets)} sheets only {shorten(sheet.title)!r} was read")
    return Source(name, "Excel workbook", "row", _rows(name, cells, notes, header), notes)


def _header(sheet: Any, names: Names) -> tuple[int, bool]:
    """The row (from 1) that is the sheet's header as far as can be told from its top, and whether its names are known.

    A damaged sheet says so when it is read."""
    try:
        top = list(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=HEAD, values_only=True))
    except Exception:  # noqa: BLE001 — as in `source`
        return 1, False
    known = [names.known({str(value).strip() for value in row if value is not None}) for row in top]
    for enough in (2, 1):
        for number, count in enumerate(known, start=1):
            if count >= enough:
                return number, True
    return 1, False


def unescape(text: str) -> str:
    """The text with `_x001B_` and its like turned back into characters (ST_Xstring of ECMA-376)."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    # A character beyond 16 bits is two escapes.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _look_into(name: str, stream: BinaryIO) -> None:
    """Refuses what is no workbook, and what would not fit into memory; nothing is unpacked for that."""
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
            unsized = [part for part in parts if part.file_size > UNSIZED and not _says_its_size(packed, part)]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise DataError(
            f"{name} is a damaged Excel workbook or zip file ({_why(error)}).", "Write it again, or use the .tsv."
        ) from None
    if all(part.filename != "xl/workbook.xml" for part in parts):
        raise NotOurs(f"{name} is a zip file, but no Excel workbook.", "Unpack it first.")
    size = sum(part.file_size for part in parts)
    if size <= LARGEST and unsized:
        raise DataError(
            f"{name} has a sheet of {unsized[0].file_size / 1e6:,.0f} MB that does not say how many rows it has.",
            "Save it again with a spreadsheet program, or as CSV (UTF-8).",
        )
    packed_size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if size > max(UNSIZED, TIMES * packed_size):
        raise DataError(
            f"{name} would be {size / 1e6:,.0f} MB unpacked, out of proportion to its {packed_size / 1e6:,.2f} MB.",
            "Save the sheet as CSV (UTF-8).",
        )
    if size > LARGEST:
        raise DataError(
            f"{name} would be {size / 1e6:,.0f} MB unpacked, more than the {LARGEST / 1e6:,.0f} MB that are read.",
            "Save the sheet as CSV (UTF-8).",
        )


def _says_its_size(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.startswith("xl/worksheets/"):
        return True
    with packed.open(part) as sheet:
        return b"dimension" in sheet.read(10_000)


def _rows(name: str, rows: Iterator[tuple[Any, ...]], notes: Notes, first: int) -> Iterator[Entry]:
    header: list[str] | None = None
    number = rows_read = 0
    while True:
        number += 1
        try:
            values = next(rows)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 — as above
            yield Entry(number, None, f"the workbook is damaged from here on ({_why(error)})")
            return
        if values.count(None) == len(values):  # a sheet may claim a million of them
            continue
        cells = [_cell(value, number, notes) for value in values]
        if all(cell == "" for cell in cells):
            continue
        if number < first:
            notes.add("what stands above the header was not read", number)
            continue
        if header is None:
            header = [str(cell).strip() for cell in cells]
            while header and not header[-1]:
                header.pop()
            refuse_repeated(name, header)
            continue
        rows_read += 1
        if rows_read > MOST_ROWS:
            raise DataError(f"{name} has more than {MOST_ROWS:,} rows.", "Split it, or save the sheet as CSV (UTF-8).")
        cells += [""] * (len(header) - len(cells))
        yield Entry(number, {column: cell for column, cell in zip(header, cells, strict=False) if column})


def _cell(value: object, number: int, notes: Notes) -> object:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return str(value)
    if isinstance(value, str):
        text = unescape(value)
        if max(len(value), len(text)) >= LONGEST_CELL:
            notes.add(CUT, number)
        return text
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _why(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {shorten(said, 80)}" if said else type(error).__name__
