"""A set of picture files as nobody wants them, made here, and what each must come to."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import ExifTags, Image

from miareview.identity import item_id
from miareview.model import Component, Item

RED, BLUE = (255, 0, 0), (0, 0, 255)
Size = tuple[int, int]


def halves(size: Size = (80, 40)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)  # type: ignore[arg-type]
    return file.getvalue()


def noisy(format: str) -> bytes:
    """A picture that takes some bytes, so that it can be cut."""
    pixels = bytes(value * value * 7919 % 251 for value in range(96 * 64 * 3))
    return encoded(Image.frombytes("RGB", (96, 64), pixels), format)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: Size, pixels: bytes, *extra: bytes, bits: int = 8, colours: int = 2) -> bytes:
    """A PNG of packed pixel data, whatever it announces."""
    header = struct.pack(">IIBBBBB", *size, bits, colours, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def packed_zeros(megabytes: int) -> bytes:
    """So many million zero bytes as zlib packs them, made without having them."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = pack.compress(bytes(1_000_000)) + pack.flush(zlib.Z_FULL_FLUSH)
    checksum = (megabytes * 1_000_000 % 65521) << 16 | 1  # Adler-32 of zeros
    return b"\x78\xda" + block * megabytes + b"\x03\x00" + checksum.to_bytes(4, "big")


def bomb() -> bytes:
    """30,000 × 30,000 pixels that are really there: 900 MB of grey in one."""
    return png((30_000, 30_000), packed_zeros(901), colours=0)


def text_bomb() -> bytes:
    """A small picture with 200 MB of packed text in it."""
    return png((2, 1), zlib.compress(bytes(7)), chunk(b"zTXt", b"Comment\0\0" + packed_zeros(200)))


def held(orientation: int) -> bytes:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that a camera so held has made
    upright = halves((160, 80))
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(stored, "JPEG", exif=exif, quality=95)


def see_through() -> bytes:
    image = Image.new("RGBA", (80, 40), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 40, 40))
    return encoded(image.quantize(4))


def deep_grey() -> bytes:
    image = Image.frombytes("I;16", (80, 40), (b"\0\0" * 40 + b"\xff\xff" * 40) * 40)
    return encoded(image)


def moving(format: str) -> bytes:
    frames = [Image.new("RGB", (80, 40), colour) for colour in (BLUE, RED)]
    return encoded(halves(), format, save_all=True, append_images=frames)


def without_adobe(data: bytes) -> bytes:
    """A JPEG without the segment that says whose inks these are."""
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


@dataclass(frozen=True)
class Case:
    """A file of the set: `words` is what must be said of it, "" where it is shown with this `size`; `data` None where
    it is no file (then `make` puts it there). `passed` is what a list of the folder calls it."""

    name: str
    data: Callable[[], bytes] | None
    words: str = ""
    size: Size = (80, 40)
    make: Callable[[Path], None] | None = None
    passed: str = ""
    halves: bool = True

    def put(self, folder: Path) -> Path:
        path = folder / self.name
        if self.data is not None:
            path.write_bytes(self.data())
        else:
            assert self.make is not None
            self.make(path)
        return path

    @property
    def url(self) -> str:
        return f"https://pictures.invalid/{quote(self.name, safe='')}"


def _link_out(path: Path) -> None:
    outside = path.parent.parent / "outside.png"
    outside.write_bytes(encoded(halves()))
    path.symlink_to(outside)


CASES = [
    Case("header-bomb.png", lambda: png((60_000, 60_000), zlib.compress(b"")), "100,000,000"),
    Case("bomb.png", bomb, "100,000,000"),
    Case("text-bomb.png", text_bomb, "damaged|known format"),
    Case("cut.jpg", lambda: noisy("JPEG")[:-900], "damaged or cut short"),
    Case("cut.png", lambda: noisy("PNG")[:-900], "damaged or cut short"),
    Case("cut-early.jpg", lambda: noisy("JPEG")[:90], "damaged or cut short"),
    Case("paper.jpg", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>>", "not a picture"),
    Case("program.png", lambda: b"MZ\x90\0" + bytes(200), "not a picture"),
    Case("words.jpg", lambda: b"Not found, sorry.\n", "not a picture"),
    Case("page.jpg", lambda: b"\n<!DOCTYPE html><html><h1>404</h1></html>", "web page"),
    *(Case(f"held{n}.jpg", lambda n=n: held(n), size=(160, 80)) for n in range(1, 9)),  # type: ignore[misc]
    Case("press.jpg", lambda: encoded(halves((160, 80)).convert("CMYK"), "JPEG", quality=95), size=(160, 80)),
    Case(
        "press-bare.jpg",
        lambda: without_adobe(encoded(halves((160, 80)).convert("CMYK"), "JPEG", quality=95)),
        size=(160, 80),
    ),
    Case("palette.png", see_through, halves=False),
    Case("deep.png", deep_grey, halves=False),
    Case("moving.gif", lambda: moving("GIF")),
    Case("moving.webp", lambda: moving("WEBP")),
    Case("moving.png", lambda: moving("PNG")),
    Case("dot.png", lambda: encoded(Image.new("RGB", (1, 1), RED)), size=(1, 1), halves=False),
    Case("flat.png", lambda: encoded(halves((30_000, 20))), size=(30_000, 20)),
    Case("tall.png", lambda: encoded(Image.new("RGB", (20, 30_000), RED)), size=(20, 30_000), halves=False),
    Case("drawing.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
    Case("nothing.jpg", lambda: b"", "empty"),
    Case("\x1b[31m\n[b]red[red on] \u202e.png", lambda: encoded(halves())),
    Case("[@click=app.quit].png", lambda: noisy("PNG")[:-900], "damaged or cut short"),
    Case("link.png", None, make=_link_out, passed="a link that leads out of the folder"),
    Case("folder.jpg", None, make=Path.mkdir, words="cannot be read", passed="a folder"),
]
if hasattr(os, "mkfifo"):
    CASES.append(Case("pipe.jpg", None, make=os.mkfifo, words="cannot be read", passed="no regular file"))


def items() -> list[Item]:
    """An item for each case, in their order, whose address ends in the file's name."""
    parts = (Component(1, "describe", "describe it", 6), Component(2, "length_limit", "in two sentences", 4))
    return [
        Item(item_id("hostile", case.url, "Describe it."), "hostile", n, case.url, "Describe it.", "basic", parts)
        for n, case in enumerate(CASES)
    ]
