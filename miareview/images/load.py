"""One picture file, decoded and shrunk to what the screen needs, and nothing else done to it.

The picture keeps its proportions, is never cropped and never enlarged. What cannot be shown whole is refused with
one sentence: half a picture would mislead the person who grades by it.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from PIL import ExifTags, Image, ImageOps

from miareview.errors import DataError
from miareview.images.files import open_file
from miareview.text import visible

# The readers that foreign files may reach. Pillow knows many more, and one of them starts another program (EPS).
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")  # MPO, as cameras write it, comes with JPEG

MAX_PIXELS = 100_000_000
"""A picture with more pixels than this is refused before it is decoded (a decompression bomb, or as good as one)."""

TRANSPARENT_GROUND = (192, 192, 192)
"""What shows through transparent pixels: a light grey, on which both black and white drawings can be seen."""

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")  # of pictures
_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height

# `_open` refuses such files itself, with a sentence; Pillow's warning would only be a second voice on the terminal.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class DamagedError(DataError):
    """A picture that began well: another copy of it may be whole."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready for the screen: `image` in mode RGB, `original_size` (width, height) in pixels as it is meant
    to be looked at (EXIF orientation applied), `format` as Pillow names it."""

    image: Image.Image
    original_size: tuple[int, int]
    format: str


def load_picture(path: Path, box: tuple[int, int]) -> Picture:
    """The picture in `path`, made to fit into `box` (width, height in pixels, at least 1 × 1).

    EXIF orientation is applied, of an animation the first frame is taken, transparency is laid on
    `TRANSPARENT_GROUND`. Raises DataError where the file is missing, empty, no picture, damaged or too large.
    """
    box = (max(1, box[0]), max(1, box[1]))
    with open_file(path) as file, _opened(file, _name(path)) as image:
        kind, size = image.format or "", image.size
        jpeg = kind in ("JPEG", "MPO")
        target = _fitting(size, _held(box, image))
        if jpeg:  # decode at 1/2, 1/4 or 1/8 of the size: most of the time saved is saved here
            image.draft("RGB", target)
        shown = _in_colour(image)
        if jpeg and shown.size != target:  # a draft's own proportions are rounded: scale to those of the file
            shown = shown.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)  # only now: TIFF turns itself on loading
        shown.thumbnail(_held(box, image), Image.Resampling.LANCZOS, reducing_gap=2.0)
        size = _held(size, image)
        shown.getexif()[ExifTags.Base.Orientation] = orientation
        ImageOps.exif_transpose(shown, in_place=True)
        return Picture(_on_ground(shown), size, kind)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture's bytes are: `format` as Pillow names it, stored `size` (width, height) in pixels."""

    format: str
    size: tuple[int, int]


def glance(file: BinaryIO, name: str) -> None:
    """Open a picture without decoding it. Raises DataError where already its beginning says that it is none."""
    with _opened(file, visible(name, newlines=False)):
        pass


def verify(data: bytes, name: str) -> Facts:
    """Decode the first frame of these bytes, so that it is known whether they can be shown.

    `name` is what they are called in the sentence. Raises DataError where they are empty, no picture, damaged, cut
    short or too large.
    """
    with _opened(io.BytesIO(data), visible(name, newlines=False)) as image:
        facts = Facts(image.format or "", image.size)
        image.draft("L", (1, 1))  # JPEG: all is read, an eighth is computed
        image.load()
        return facts


def _held(size: tuple[int, int], image: Image.Image) -> tuple[int, int]:
    """The size turned as the camera was held: width and height change places where EXIF says so."""
    sideways = image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
    return (size[1], size[0]) if sideways else size


def _fitting(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The largest size of these proportions that fits into the box, each side at least 1, and no larger than it is."""
    scale = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@contextmanager
def _opened(file: BinaryIO, name: str) -> Iterator[Image.Image]:
    """The picture, opened and not yet decoded; whatever goes wrong in opening or decoding it is a DataError."""
    try:
        with _recognized(file, name) as image:
            yield image
    except MemoryError as error:
        raise DataError(f"{name}: not enough memory to show this picture.") from error
    except _BROKEN as error:
        raise DamagedError(
            f"{name}: the picture is damaged or cut short ({visible(str(error), newlines=False)}).", "Fetch it again."
        ) from error


def _recognized(file: BinaryIO, name: str) -> Image.Image:
    """The opened picture; raises DataError for what is no picture or too large a one."""
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise DataError(f"{name}: the picture has more than {MAX_PIXELS:,} pixels and is not shown.") from error
    except OSError as error:
        if _begins_well(file):
            raise DamagedError(f"{name}: the picture is damaged or cut short.", "Fetch it again.") from error
        raise DataError(f"{name}: {_what_it_is(file, error)}", "Fetch it again, or replace it.") from error
    except _BROKEN as error:
        raise DamagedError(f"{name}: the picture is damaged.", "Fetch it again.") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        raise DataError(
            f"{name}: the picture is {width} × {height} pixels, more than the {MAX_PIXELS:,} that are shown."
        )
    return image


def _begins_well(file: BinaryIO) -> bool:
    file.seek(0)
    start = file.read(12)
    return start.startswith(_BEGINNINGS) or (start[:4] == b"RIFF" and start[8:] == b"WEBP")


def _what_it_is(file: BinaryIO, error: OSError) -> str:
    """Why the file did not open as a picture, as the end of a sentence."""
    try:
        file.seek(0)
        head = file.read(1024).lstrip().lower()
    except OSError:
        return f"the picture cannot be read ({error.strerror or type(error).__name__})."
    if not head:
        return "the file is empty."
    if b"<svg" in head:
        return "this is an SVG drawing, which is not shown here."
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<body")):
        return "this is a web page, not a picture (the server probably answered with an error page)."
    return "this is not a picture of a known format."


def _in_colour(image: Image.Image) -> Image.Image:
    """The decoded first frame as a new image in mode RGB, or RGBA where it has transparency."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _from_deep_grey(image)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_ground(image: Image.Image) -> Image.Image:
    """The picture alone, in mode RGB: transparency laid on the ground colour, the file's metadata left behind."""
    ground = Image.new("RGB", image.size, TRANSPARENT_GROUND)
    ground.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return ground


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits as RGB: 16-bit white is white; other ranges are scaled so that their maximum is."""
    deep = image.convert("F")
    highest = cast("tuple[float, float]", deep.getextrema())[1]
    white = 65535.0 if image.mode != "F" and highest <= 65535 else max(highest, 1e-9)
    return deep.point(lambda value: value * (255.0 / white) + 0.5).convert("L").convert("RGB")


def _name(path: Path) -> str:
    return visible(path.name, newlines=False)
