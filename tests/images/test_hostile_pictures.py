"""Every file of the hostile set at every door of the room: shown whole and as it is, or named with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_server import FaultServer, Handler
from hostile_pictures import BLUE, CASES, RED, Case, halves, items

from miareview.errors import DataError
from miareview.images.adopt import adopt, source_library
from miareview.images.fetch import Pace, fetch
from miareview.images.library import PictureLibrary
from miareview.images.load import load_picture
from miareview.images.status import standings

QUICK = Pace(spacing=0, backoff=0.01, tries=2, read_timeout=20, per_host=8)
by_case = pytest.mark.parametrize("case", CASES, ids=[case.name.encode("unicode_escape").decode() for case in CASES])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole set in one folder."""
    made = tmp_path_factory.mktemp("set") / "pictures"
    made.mkdir()
    for case in CASES:
        case.put(made)
    return made


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 20 for a, b in zip(pixel, colour, strict=True))  # type: ignore[call-overload]


@by_case
def test_loaded(case: Case, folder: Path) -> None:
    path = folder / case.name
    if case.words:
        with pytest.raises(DataError, match=case.words) as caught:
            load_picture(path, (400, 300))
        assert "\x1b" not in caught.value.message
        assert "\n" not in caught.value.message
        return
    picture = load_picture(path, (400, 300))
    assert picture.original_size == case.size
    if case.halves:
        width, height = picture.image.size
        assert near(picture.image.getpixel((width // 8, height // 2)), RED)
        assert near(picture.image.getpixel((width * 7 // 8, height // 2)), BLUE)


def test_added(folder: Path, tmp_path: Path) -> None:
    library = source_library(folder, items())
    done = {CASES[one.item.index].name: one for one in adopt(library, items(), tmp_path / "images")}
    passed = dict(library.passed_over)
    for case in CASES:
        one = done[case.name]
        if case.passed:
            assert one.status == "none"
            assert passed.pop(case.name) == case.passed
        elif case.words:
            assert one.status == "refused"
            assert re.search(case.words, one.reason)
            assert "\x1b" not in one.reason
        else:
            assert one.status == "new", one.reason
    assert passed == {}
    kept = PictureLibrary([tmp_path / "images"], items())
    for case, item in zip(CASES, items(), strict=True):
        path = kept.find(item)
        assert (path is None) == bool(case.words or case.passed)
        if path is not None:
            assert path.read_bytes() == (folder / case.name).read_bytes()


@pytest.mark.parametrize("full", [False, True])
def test_accounted_for(full: bool, folder: Path) -> None:
    library = PictureLibrary([folder], items())
    for case, one in zip(CASES, standings(library, items(), full=full), strict=True):
        if case.passed:
            assert (one.state, one.reason) == ("never", f"{case.name} is {case.passed}")
        elif case.words and full:
            assert one.state == "damaged"
            assert re.search(case.words, one.reason)
        elif not case.words:
            assert one.state == "there"


def test_fetched(tmp_path: Path) -> None:
    def page(case: Case) -> Callable[[Handler, int], None]:
        assert case.data is not None
        return lambda handler, count: handler.answer(200, case.data(), Content_Type="image/jpeg")  # type: ignore[misc]

    server = FaultServer()
    served = [case for case in CASES if case.data is not None]
    urls = {server.url(f"/{number}.jpg"): case for number, case in enumerate(served)}
    server.pages = {f"/{number}.jpg": page(case) for number, case in enumerate(served)}
    done = {urls[one.url].name: one for one in fetch(urls, tmp_path, allow_private=True, pace=QUICK)}
    server.close()
    assert len(done) == len(served)
    for case in served:
        one = done[case.name]
        if case.words:
            assert one.path is None
            assert re.search(case.words, one.reason), one.reason
        else:
            assert one.path is not None, one.reason
            assert one.path.read_bytes() == case.data()  # type: ignore[misc]


def test_the_set_has_a_picture_that_is_right() -> None:
    assert near(halves().getpixel((10, 10)), RED)
