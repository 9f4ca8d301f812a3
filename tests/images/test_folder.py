"""The picture folder: whole files with their bytes unaltered, never one picture in another's place."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from miareview.errors import DataError
from miareview.identity import REPLACED_URLS
from miareview.images.files import cache_name
from miareview.images.folder import MAX_BYTES, SUFFIXES, add_bytes
from miareview.images.library import PictureLibrary
from miareview.images.log import NAME, Entry, last_words, note
from miareview.model import Item

URL = "https://a.example/one/1.jpg"


def encoded(format: str = "JPEG", colour: str = "teal", size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format)
    return file.getvalue()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_is_kept_as_it_is_and_found_again(format: str, tmp_path: Path) -> None:
    data = encoded(format)
    added = add_bytes(tmp_path / "images", URL, data, "items.tsv")
    assert (added.status, added.sha256) == ("new", hashlib.sha256(data).hexdigest())
    assert added.path.name == cache_name(URL) + SUFFIXES[format]
    assert added.path.read_bytes() == data
    item = Item("i", "bench", 5, URL, "", "basic", ())
    assert PictureLibrary([tmp_path / "images"], [item]).find(item) == added.path
    assert last_words(tmp_path / "images")[cache_name(URL)].source == "items.tsv"


def test_the_same_again_is_unchanged_and_other_bytes_are_a_conflict(tmp_path: Path) -> None:
    first = add_bytes(tmp_path, URL, encoded(), "one.tsv")
    again = add_bytes(tmp_path, URL.replace("https", "http"), encoded(), "two.tsv")
    other = add_bytes(tmp_path, URL, encoded("PNG", "red"), "[b]three\n.tsv")
    assert (again.status, again.path) == ("unchanged", first.path)
    assert (other.status, other.path) == ("conflict", first.path)
    assert "[b]three↵.tsv: another picture" in other.reason
    assert first.path.read_bytes() == encoded()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.path.name, NAME])


@pytest.mark.parametrize("old", REPLACED_URLS)
def test_a_replaced_address_is_the_one_it_was_replaced_by(old: str, tmp_path: Path) -> None:
    added = add_bytes(tmp_path, f"https://{old}", encoded(), "x")
    assert add_bytes(tmp_path, f"http://{REPLACED_URLS[old]}", encoded(), "y").path == added.path


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<html>gone", "web page"),
        (b"%PDF-1.7", "not a picture"),
        (encoded()[:-200], "cut short"),
        (bytes(MAX_BYTES + 1), "50,000,000 bytes"),
    ],
    ids=["empty", "html", "pdf", "cut", "large"],
)
def test_what_is_no_picture_leaves_no_trace(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=words):
        add_bytes(tmp_path / "images", URL, data, "items.tsv")
    assert not (tmp_path / "images").exists()


def test_a_damaged_file_makes_room_for_a_whole_one(tmp_path: Path) -> None:
    damaged = tmp_path / (cache_name(URL) + ".webp")
    damaged.write_bytes(encoded("WEBP")[:50])
    added = add_bytes(tmp_path, URL, encoded("PNG"), "items.tsv")
    assert added.status == "new"
    assert not damaged.exists()
    assert added.path.read_bytes() == encoded("PNG")


def test_many_at_once_leave_one_whole_file_each(tmp_path: Path) -> None:
    urls = [f"https://a.example/{number % 20}.jpg" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda url: add_bytes(tmp_path, url, encoded(), url), urls))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*{cache_name(u) + ".jpg" for u in urls}, NAME])
    assert len(last_words(tmp_path)) == 20


@pytest.mark.parametrize("step", ["open", "replace"])
def test_an_interrupt_leaves_nothing_half_written(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(Path, step)

    def interrupted(path: Path, *args: object) -> None:
        if step == "open" and path.suffix == ".part":
            real(path, *args)
        if path.suffix == ".part":
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        add_bytes(tmp_path, URL, encoded(), "a.jpg")
    monkeypatch.undo()
    assert not list(tmp_path.iterdir())


def test_the_log_outlives_a_torn_line_and_nonsense(tmp_path: Path) -> None:
    note(tmp_path, Entry(URL, "failed", reason="the server answered 404", permanent=True))
    with (tmp_path / NAME).open("ab") as file:
        file.write(
            b'[1]\nnull\n{"url": 5, "outcome": "kept"}\n{"url": "x", "outcome": "eaten"}\n\xff\x00\n{"url": "https://b'
        )
    note(tmp_path, Entry("https://c.example/c.png", "kept", source="[/]\x1b"))
    found = last_words(tmp_path)
    assert {entry.url for entry in found.values()} == {URL, "https://c.example/c.png"}
    assert found[cache_name(URL)].reason == "the server answered 404"
    assert found[cache_name(URL)].permanent
    assert found[cache_name(URL)].at.endswith("+00:00")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_log_that_is_no_file_is_passed_over(tmp_path: Path) -> None:
    assert last_words(tmp_path) == {}
    os.mkfifo(tmp_path / NAME)
    assert last_words(tmp_path) == {}


@given(st.binary(max_size=400), st.booleans())
def test_whatever_the_log_holds_it_can_be_read_and_written(data: bytes, whole: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / NAME).write_bytes(data + b"\n" * whole)
        note(folder, Entry(URL, "failed", reason="gone"))
        assert last_words(folder)[cache_name(URL)].reason == "gone"
