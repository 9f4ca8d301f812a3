"""A picture as a judge is sent it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from miareview.errors import DataError
from miareview.images.send import BLANK_GREY, blank_url, data_url, sendable

LIMITS = {"side": 100, "most_bytes": 5_000}


def save(path: Path, size: tuple[int, int] = (60, 40), **options: object) -> Path:
    Image.new("RGB", size, (200, 10, 10)).save(path, **options)  # type: ignore[arg-type]
    return path


def sent(path: Path) -> tuple[str, bytes]:
    """Media type and bytes that go out."""
    head, _, data = data_url(sendable(path, **LIMITS), LIMITS["side"], 90).partition(",")
    return head.removeprefix("data:").removesuffix(";base64"), base64.b64decode(data)


@pytest.mark.parametrize(("name", "media"), [("a.jpg", "image/jpeg"), ("a.png", "image/png"), ("a.gif", "image/gif"),
                                             ("a.webp", "image/webp")])  # fmt: skip
def test_a_small_picture_goes_out_as_it_is(tmp_path: Path, name: str, media: str) -> None:
    path = save(tmp_path / name)
    assert sent(path) == (media, path.read_bytes())
    assert sendable(path, **LIMITS).size == (60, 40)


def test_the_media_type_is_that_of_the_bytes_and_not_of_the_name(tmp_path: Path) -> None:
    assert sent(save(tmp_path / "a.png", format="JPEG"))[0] == "image/jpeg"


@pytest.mark.parametrize(
    ("size", "shrunk"), [((400, 200), (100, 50)), ((200, 400), (50, 100)), ((101, 1), (100, 1)), ((1000, 3), (100, 1))]
)
def test_a_large_picture_is_shrunk_to_the_side_that_is_said(
    tmp_path: Path, size: tuple[int, int], shrunk: tuple[int, int]
) -> None:
    path = save(tmp_path / "a.png", size)
    media, content = sent(path)
    assert media == "image/jpeg"
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == shrunk == sendable(path, **LIMITS).size


def test_a_heavy_file_a_picture_on_its_side_and_other_formats_are_written_anew(tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.png"
    Image.effect_noise((90, 90), 100).save(heavy)
    assert heavy.stat().st_size > LIMITS["most_bytes"]
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = save(tmp_path / "turned.jpg", exif=exif)
    moving = tmp_path / "moving.gif"
    Image.new("RGB", (9, 9)).save(moving, save_all=True, append_images=[Image.new("RGB", (9, 9), "red")])
    for path, size in ((heavy, (90, 90)), (turned, (40, 60)), (save(tmp_path / "a.bmp"), (60, 40)), (moving, (9, 9))):
        media, content = sent(path)
        assert media == "image/jpeg"
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == size == sendable(path, **LIMITS).size
            assert not image.getexif()


def test_the_same_file_is_sent_the_same_way_twice(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", (400, 200))
    assert sent(path) == sent(path)


def test_a_blank_picture_is_grey_all_over_and_of_the_size_that_is_asked_for() -> None:
    content = base64.b64decode(blank_url((60, 40)).removeprefix("data:image/png;base64,"))
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (60, 40)
        assert image.getcolors() == [(2400, BLANK_GREY)]


def test_what_is_no_picture_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("<html>404</html>")
    with pytest.raises(DataError, match="web page"):
        sendable(path, **LIMITS)
    whole = save(tmp_path / "b.png", (400, 200)).read_bytes()
    (tmp_path / "b.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"b\.png"):
        sent(tmp_path / "b.png")
    with pytest.raises(DataError):
        sendable(tmp_path / "none.png", **LIMITS)
