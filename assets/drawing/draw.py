"""Draw the pictures of the demo into assets/demo/images/: `python assets/drawing/draw.py [NAME ...]`.

Every picture is the same on every run; all of it is drawn here, with Pillow and the font that Pillow brings.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import draw_map
import draw_panels as panels
import draw_places as places
from PIL import Image

PICTURES: dict[str, Callable[[], Image.Image]] = {
    "street.png": places.street,
    "receipt.png": panels.receipt,
    "clock.jpg": panels.clock,
    "chart.png": panels.chart,
    "map.png": draw_map.island_map,
    "kitchen.png": places.kitchen,
    "sign.png": panels.sign,
    "harbour.jpg": places.harbour,
    "park.png": places.park,
    "books.png": panels.books,
    "forecast.png": panels.forecast,
    "timetable.png": panels.timetable,
}
IMAGES = Path(__file__).resolve().parent.parent / "demo" / "images"
SIDEWAYS = {"clock.jpg"}  # stored on its side, as cameras do, with the EXIF word for how to turn it
EXIF_ORIENTATION, TURN_RIGHT = 0x0112, 6


def encode(name: str) -> bytes:
    """The bytes of one picture file, by its name."""
    picture = PICTURES[name]()
    out = BytesIO()
    if name.endswith(".jpg"):
        exif = Image.Exif()
        if name in SIDEWAYS:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
            exif[EXIF_ORIENTATION] = TURN_RIGHT
        picture.save(out, "JPEG", quality=88, optimize=True, exif=exif)
    else:
        # FASTOCTREE is the only method for pictures with an alpha channel
        method = Image.Quantize.FASTOCTREE if picture.mode == "RGBA" else Image.Quantize.MEDIANCUT
        picture.quantize(256, method, kmeans=2, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the pictures of the demo.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which pictures, as street.png (default: all)")
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder (default: assets/demo/images)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in PICTURES]
    if unknown:
        parser.error(f"no picture is called {unknown[0]}; there are {', '.join(PICTURES)}")
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names or PICTURES:
        data = encode(name)
        (options.out / name).write_bytes(data)
        print(f"{name}: {len(data) // 1024} KiB")


if __name__ == "__main__":
    main()
