"""Opening a file of any make: what it is made of, its words, its names in ours, and why it cannot be opened."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness_files import write_workbook

from miareview.errors import DataError
from miareview.formats.names import ColumnMap, Names
from miareview.formats.opening import open_source
from miareview.formats.source import NotOurs


def read(path: Path | str) -> tuple[str, list[dict[str, Any] | str]]:
    """What a file is made of, and its records, or why one could not be read."""
    with open_source(path, Names(ColumnMap())) as source:
        return source.container, [entry.record or entry.reason for entry in source.entries]


CSV = "Score Raw,modelResponse\nfine,Zoë\n"


@pytest.mark.parametrize(
    ("content", "container", "records"),
    [
        (b'[{"scoreRaw": 1}, {"text": 2}]', "JSON", [{"score_raw": 1}, {"text": 2}]),
        (b' \n [{"text": 2}]', "JSON", [{"text": 2}]),
        (b'\xef\xbb\xbf[{"text": 2}]', "JSON", [{"text": 2}]),
        (b'{"scoreRaw": 1}\n\n{"text": 2}\n', "JSON Lines", [{"score_raw": 1}, {"text": 2}]),
        (CSV.encode(), "CSV", [{"score_raw": "fine", "model_response": "Zoë"}]),
        (CSV.encode("utf-8-sig"), "CSV", [{"score_raw": "fine", "model_response": "Zoë"}]),
        (CSV.encode("utf-16"), "CSV", [{"score_raw": "fine", "model_response": "Zoë"}]),
        (b"\xfe\xff" + CSV.encode("utf-16-be"), "CSV", [{"score_raw": "fine", "model_response": "Zoë"}]),
        (CSV.replace(",", "\t").encode(), "TSV", [{"score_raw": "fine", "model_response": "Zoë"}]),
        ('{"text": "a\u2028b"}\n'.encode(), "JSON Lines", [{"text": "a\u2028b"}]),
    ],
)
def test_what_a_file_is_made_of_is_told_from_its_beginning(
    tmp_path: Path, content: bytes, container: str, records: list[dict[str, Any]]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert read(path) == (container, records)


def test_a_record_that_cannot_be_read_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'{"text": 1}\n{"text": \n{"Text": 3}\n')
    container, (first, second, third) = read(path)
    assert (container, first, third) == ("JSON Lines", {"text": 1}, {"text": 3})
    assert isinstance(second, str)


@pytest.mark.parametrize(("zeros", "refused"), [(10, False), (11, True)])
def test_more_than_a_tenth_of_zero_bytes_is_no_text(tmp_path: Path, zeros: int, refused: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes((b'{"text": "' + b"\0" * zeros).ljust(98, b"x") + b'"}')
    if refused:
        with pytest.raises(NotOurs, match="is not text"):
            read(path)
    else:
        assert read(path)[0] == "JSON Lines"


@pytest.mark.parametrize(
    ("begins", "what"),
    [(b"\x1f\x8b\x08", "is compressed"), (b"SQLite format 3\0", "is a database"), (b"\x80\x04\x95", "Python pickle"),
     (b"\xd0\xcf\x11\xe0", "password-protected Office file"), (b"", "is empty")],
)  # fmt: skip
def test_what_is_not_opened(tmp_path: Path, begins: bytes, what: str) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(begins + b" {}" * bool(begins))
    with pytest.raises(NotOurs, match=what):
        read(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, what in ((tmp_path, "is a directory"), (tmp_path / "none", "There is no file"),
                       ("a\0b", "is not a file name"), (tmp_path / ("x" * 300), "cannot be read: File name too long"),
                       (tmp_path / "half", "is not valid utf-16")):  # fmt: skip
        (tmp_path / "half").write_bytes(b"\xff\xfe[\0{\0}")
        with pytest.raises(DataError, match=what):
            read(path)


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts bytes into a pipe at standard input."""
    writers: list[threading.Thread] = []

    def put(content: bytes) -> None:
        reading, writing = os.pipe()

        def write() -> None:
            with os.fdopen(writing, "wb") as stream:
                stream.write(content)

        writers.append(threading.Thread(target=write))
        writers[-1].start()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(os.fdopen(reading, "rb")))

    yield put
    for writer in writers:
        writer.join(60)


def test_standard_input_is_read_as_a_file_is(piped: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    piped(CSV.encode("utf-8-sig"))
    with open_source("-", Names(ColumnMap())) as source:
        assert source.path == "standard input"
        assert [entry.record for entry in source.entries] == [{"score_raw": "fine", "model_response": "Zoë"}]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'[{"Text": 1}]')))  # no pipe at all
    assert read("-") == ("JSON", [{"text": 1}])


def test_a_workbook_is_read_as_a_file_and_not_as_a_stream(piped: Any, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "w.xlsx", [["Score Raw"], ["fine"]])
    assert read(path) == ("Excel workbook", [{"score_raw": "fine"}])
    piped(path.read_bytes())
    with pytest.raises(DataError, match="cannot be read as a stream"):
        read("-")
