"""A picture as it is sent to a judge: the file's own bytes where that can be, else a smaller JPEG; or a blank one."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image

from miareview.images.library import open_file
from miareview.images.load import load_picture, open_picture

# What every vision API takes. Other formats, and pictures that lie on their side, are written anew.
_AS_THEY_ARE = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
BLANK_GREY = (128, 128, 128)


@dataclass(frozen=True, slots=True)
class Sendable:
    """How a picture goes out: its file, its size (width, height) in pixels when sent, and its media type, or None
    where it has to be written anew."""

    path: Path
    size: tuple[int, int]
    media_type: str | None


def sendable(path: Path, side: int, most_bytes: int) -> Sendable:
    """Look at the head of a picture file. It goes out as it is if it is a JPEG, PNG, GIF or WebP of one frame, upright,
    with no side over `side` pixels and at most `most_bytes` bytes. Raises `DataError` for what is no picture.
    """
    with open_picture(path) as image:
        size = image.size
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        whole = image.format in _AS_THEY_ARE and getattr(image, "n_frames", 1) == 1 and orientation == 1
        media_type = _AS_THEY_ARE[image.format or ""] if whole else None
        if orientation in (5, 6, 7, 8):
            size = (size[1], size[0])
    if max(size) > side or path.stat().st_size > most_bytes:
        media_type = None
    scale = min(1.0, side / max(size))
    return Sendable(path, (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), media_type)


def data_url(picture: Sendable, side: int, quality: int) -> str:
    """The picture as a data URL. Written anew it is upright, its first frame, no side over `side` pixels, a JPEG of
    this quality, transparency on grey. Raises `DataError` where it is damaged.
    """
    if picture.media_type is not None:
        with open_file(picture.path) as file:
            return _url(picture.media_type, file.read())
    return _written(load_picture(picture.path, (side, side)).image, "JPEG", quality=quality)


def blank_url(size: tuple[int, int]) -> str:
    """A picture of this size (width, height) that is grey all over, as a data URL."""
    return _written(Image.new("RGB", size, BLANK_GREY), "PNG")


def _written(image: Image.Image, kind: str, **options: int) -> str:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return _url(_AS_THEY_ARE[kind], buffer.getvalue())


def _url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
