"""Pictures are loaded once, in the background, and forgotten in the order they were last asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from miareview.errors import DataError
from miareview.images.cache import PictureCache
from miareview.images.load import Picture, load_picture

BOX = (40, 30)


class Loader:
    """Counts what it loads, and waits at the gate."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.gate = Event()
        self.gate.set()

    def __call__(self, path: Path, box: tuple[int, int]) -> Picture:
        assert self.gate.wait(20)
        self.loaded.append(path.name)
        return Picture(Image.new("RGB", box), box, "PNG")


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def cache(loader: Loader) -> Iterator[PictureCache]:
    cache = PictureCache(loader, size=4)
    yield cache
    loader.gate.set()
    cache.close()


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{index}.png" for index in range(10)]
    for path in made:
        path.write_bytes(b"x")
    return made


def test_a_picture_is_loaded_once_and_then_ready(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    assert cache.ready(paths[0], BOX) is None
    picture = cache.request(paths[0], BOX).result(20)
    assert cache.ready(paths[0], BOX) is picture
    assert cache.request(paths[0], BOX).result(20) is picture
    assert loader.loaded == ["0.png"]
    assert cache.request(paths[0], (5, 5)).result(20).image.size == (5, 5)  # another box is another picture


def test_asking_does_not_wait(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    loader.gate.clear()
    future = cache.request(paths[0], BOX)
    assert not future.done()
    assert cache.ready(paths[0], BOX) is None
    loader.gate.set()
    assert future.result(20).image.size == BOX


def test_the_longest_unused_is_forgotten(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    for path in paths[:4]:
        cache.request(path, BOX).result(20)
    cache.request(paths[0], BOX).result(20)
    cache.request(paths[4], BOX).result(20)
    assert cache.ready(paths[0], BOX) is not None
    assert cache.ready(paths[1], BOX) is None


def test_prefetched_pictures_are_ready(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    cache.prefetch(paths[1:3], BOX)
    wait([cache.request(paths[1], BOX), cache.request(paths[2], BOX)], 20)
    assert sorted(loader.loaded) == ["1.png", "2.png"]


def test_a_request_overtakes_what_was_prefetched(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    loader.gate.clear()
    busy = [cache.request(path, BOX) for path in paths[:2]]  # both workers
    cache.prefetch(paths[2:4], BOX)
    wanted = cache.request(paths[5], BOX)
    loader.gate.set()
    wanted.result(20)
    wait(busy, 20)
    assert sorted(loader.loaded) == ["0.png", "1.png", "5.png"]
    assert cache.request(paths[2], BOX).result(20).image.size == BOX


def test_what_was_overtaken_by_many_is_cancelled(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    loader.gate.clear()
    futures = [cache.request(path, BOX) for path in paths]
    loader.gate.set()
    assert futures[-1].result(20).image.size == BOX
    with pytest.raises(CancelledError):
        futures[4].result(20)


def test_a_changed_file_is_loaded_again(cache: PictureCache, loader: Loader, paths: list[Path]) -> None:
    cache.request(paths[0], BOX).result(20)
    os.utime(paths[0], ns=(1, 1))
    assert cache.ready(paths[0], BOX) is None
    cache.request(paths[0], BOX).result(20)
    assert loader.loaded == ["0.png", "0.png"]


def test_bad_files_are_errors_of_the_future(paths: list[Path], tmp_path: Path) -> None:
    cache = PictureCache(load_picture)
    with pytest.raises(DataError, match="not a picture"):
        cache.request(paths[0], BOX).result(20)
    with pytest.raises(DataError, match="no such picture"):
        cache.request(tmp_path / "gone.png", BOX).result(20)
    assert cache.ready(paths[0], BOX) is None
    cache.close()
