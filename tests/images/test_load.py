"""Picture files of every sort, the hostile ones too: shown whole and as they are, or refused with one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from miareview.errors import DataError
from miareview.images.load import TRANSPARENT_GROUND, load_picture

BOX = (200, 100)


def halves(size: tuple[int, int] = (80, 40), left: object = (255, 0, 0), right: object = (0, 0, 255)) -> Image.Image:
    image = Image.new("RGB", size, left)  # type: ignore[arg-type]
    image.paste(right, (size[0] // 2, 0, *size))  # type: ignore[arg-type]
    return image


def near(pixel: object, colour: tuple[int, ...], by: int = 8) -> bool:
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))  # type: ignore[call-overload]


def png_header(width: int, height: int) -> bytes:
    """A PNG that announces so many pixels and brings none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "bmp", "tiff"])
def test_every_common_format_keeps_its_colours(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture.{suffix}"
    halves().save(path)
    picture = load_picture(path, BOX)
    assert picture.image.mode == "RGB"
    assert picture.image.size == picture.original_size == (80, 40)  # never enlarged
    assert picture.format == {"jpg": "JPEG"}.get(suffix, suffix.upper())
    assert near(picture.image.getpixel((10, 20)), (255, 0, 0))
    assert near(picture.image.getpixel((70, 20)), (0, 0, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_every_mode_becomes_rgb(mode: str, tmp_path: Path) -> None:
    grey = halves(left=(0, 0, 0), right=(255, 255, 255))
    if mode in ("I;16", "I"):
        image = Image.fromarray(np.asarray(grey.convert("L")).astype(np.uint16) * 257)
        image = image.convert("I") if mode == "I" else image
    elif mode == "PA":
        image = grey.convert("P").convert("PA")
    else:
        image = grey.convert(mode)
    path = tmp_path / ("picture.tiff" if mode in ("CMYK", "I", "F", "YCbCr", "PA") else "picture.png")
    if mode == "PA":
        image = image.convert("RGBA")
    image.save(path)
    shown = load_picture(path, BOX).image
    assert shown.mode == "RGB"
    assert near(shown.getpixel((10, 20)), (0, 0, 0))
    assert near(shown.getpixel((70, 20)), (255, 255, 255))


def test_a_cmyk_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "press.jpg"
    halves((1600, 800)).convert("CMYK").save(path, quality=95)
    picture = load_picture(path, BOX)
    assert picture.image.size == (200, 100)
    assert near(picture.image.getpixel((20, 50)), (255, 0, 0), 20)
    assert near(picture.image.getpixel((180, 50)), (0, 0, 255), 20)


@pytest.mark.parametrize("kind", ["rgba", "palette", "grey"])
def test_transparency_is_laid_on_grey(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 40))
    if kind == "palette":
        image.quantize(4).save(path)
    elif kind == "grey":
        image.convert("LA").save(path)
    else:
        image.save(path)
    shown = load_picture(path, BOX).image
    assert near(shown.getpixel((5, 5)), (0, 0, 0))
    assert near(shown.getpixel((35, 5)), TRANSPARENT_GROUND)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(suffix: str, orientation: int, tmp_path: Path) -> None:
    upright = halves((800, 400))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition a camera so held has made
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = tmp_path / f"held.{suffix}"
    stored.save(path, exif=exif)
    picture = load_picture(path, (100, 100))
    assert picture.original_size == (800, 400)
    assert picture.image.size == (100, 50)
    assert near(picture.image.getpixel((10, 25)), (255, 0, 0), 16)
    assert near(picture.image.getpixel((90, 25)), (0, 0, 255), 16)


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tiff"])
def test_of_an_animation_the_first_frame_is_shown(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"moving.{suffix}"
    frames = [Image.new("RGB", (60, 30), colour) for colour in ("lime", "red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    picture = load_picture(path, BOX)
    assert picture.image.size == (60, 30)
    assert near(picture.image.getpixel((30, 15)), (0, 255, 0))


def test_a_camera_file_with_several_pictures(tmp_path: Path) -> None:
    path = tmp_path / "camera.jpg"
    halves((400, 200)).save(path, format="MPO", save_all=True, append_images=[Image.new("RGB", (400, 200))])
    assert near(load_picture(path, BOX).image.getpixel((10, 50)), (255, 0, 0), 16)


@pytest.mark.parametrize("size", [(1, 1), (30_000, 10), (10, 30_000)])
def test_odd_sizes(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "strip.png"
    Image.new("RGB", size, "teal").save(path)
    picture = load_picture(path, BOX)
    assert picture.original_size == size
    assert picture.image.width <= min(size[0], BOX[0])
    assert picture.image.height <= min(size[1], BOX[1])
    assert near(picture.image.getpixel((0, 0)), (0, 128, 128))


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    box=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    jpeg=st.booleans(),
)
def test_proportions_are_kept(
    size: tuple[int, int], box: tuple[int, int], jpeg: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "proportions"
    Image.new("RGB", size, "orange").save(path, format="JPEG" if jpeg else "PNG")
    picture = load_picture(path, box)
    assert picture.original_size == size
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    for axis in (0, 1):
        assert picture.image.size[axis] <= min(box[axis], size[axis])
        assert abs(picture.image.size[axis] - size[axis] * scale) <= 1


def noise(kind: str) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(3).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


JPEG, PNG = noise("JPEG"), noise("PNG")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.jpg", b"", "empty"),
        ("error.jpg", b"\n<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("plain.jpg", b"<html>", "web page"),
        ("drawing.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        ("words.jpg", b"hello", "not a picture"),
        ("page.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a picture"),
        ("cut.jpg", JPEG[:5000], "damaged or cut short"),
        ("head.jpg", JPEG[:20], "not a picture|damaged"),
        ("cut.png", PNG[:5000], "damaged or cut short"),
        ("head.png", PNG[:20], "not a picture|damaged"),
        ("none.png", png_header(10, 10), "damaged or cut short"),
        ("large.png", png_header(12_000, 12_000), "100,000,000"),
        ("bomb.png", png_header(60_000, 60_000), "100,000,000"),
        ("nothing.png", png_header(0, 0), "damaged|not a picture"),
        ("[b]\x1b[31m.jpg", b"", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() and value.isprintable() else "",
)
def test_bad_files_are_refused_with_a_sentence(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        load_picture(path, BOX)
    message = caught.value.message
    assert "\x1b" not in message
    assert "\n" not in message
    assert message.endswith(".")
    assert name.partition("\x1b")[0] in message


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load_picture(tmp_path / "gone.jpg", BOX)
    with pytest.raises(DataError, match="cannot be read"):
        load_picture(tmp_path, BOX)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 5000), at=st.integers(0, 3000), byte=st.integers(0, 255), png=st.booleans())
def test_damage_never_raises_anything_else(
    cut: int, at: int, byte: int, png: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(PNG if png else JPEG)
    content[at] = byte
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(bytes(content[: len(content) - cut]))
    try:
        picture = load_picture(path, BOX)
    except DataError:
        return
    assert picture.image.mode == "RGB"
