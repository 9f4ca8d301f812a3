"""Time from a large photo on disk to a picture of screen size: miareview's way beside the plain one.

    python benchmarks/pictures.py [--rounds 15] [--box 800x900] [FILE]

Without FILE a 12-megapixel JPEG is made first. Both ways read the same file in turn, in one process; the picture
that comes out is compared, too, so that speed is not bought with another picture.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from miareview.images.load import load_picture


def twelve_megapixels(path: Path) -> None:
    """A photo-like JPEG of 4000 × 3000 pixels."""
    random = np.random.default_rng(12)
    soft = Image.fromarray(random.integers(0, 256, (60, 80, 3), dtype=np.uint8)).resize(
        (4000, 3000), Image.Resampling.BICUBIC
    )
    grain = random.integers(-12, 13, (3000, 4000, 1), dtype=np.int16)
    Image.fromarray((np.asarray(soft, np.int16) + grain).clip(0, 255).astype(np.uint8)).save(path, quality=90)


def plain(path: Path, box: tuple[int, int]) -> Image.Image:
    """Open, decode everything, resize."""
    with Image.open(path) as image:
        scale = min(box[0] / image.width, box[1] / image.height)
        size = (round(image.width * scale), round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def ours(path: Path, box: tuple[int, int]) -> Image.Image:
    """Draft decoding and thumbnail."""
    return load_picture(path, box).image


def milliseconds(way: Callable[[Path, tuple[int, int]], Image.Image], path: Path, box: tuple[int, int]) -> float:
    start = time.perf_counter()
    way(path, box)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--box", default="800x900", help="pixels, WIDTHxHEIGHT (default 800x900)")
    given = parser.parse_args()
    width, height = given.box.split("x")
    box = (int(width), int(height))
    with tempfile.TemporaryDirectory() as folder:
        path = given.file
        if path is None:
            path = Path(folder) / "photo.jpg"
            twelve_megapixels(path)
        ways = {"open + resize": plain, "draft + thumbnail (miareview)": ours}
        times: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():
            way(path, box)  # warm the file cache and the codecs
        for _ in range(max(2, given.rounds)):
            for name, way in ways.items():
                times[name].append(milliseconds(way, path, box))
        with Image.open(path) as image:
            print(
                f"{image.format} {image.width} × {image.height} to fit {box[0]} × {box[1]}, {given.rounds} rounds each"
            )
        for name, values in times.items():
            p95 = statistics.quantiles(values, n=20, method="inclusive")[-1]
            print(f"  {name:32} median {statistics.median(values):7.1f} ms   p95 {p95:7.1f} ms")
        one, two = (np.asarray(way(path, box), float) for way in ways.values())
        if one.shape == two.shape:
            print(f"  mean difference of the two pictures: {np.abs(one - two).mean() / 2.55:.2f} % of full scale")


if __name__ == "__main__":
    main()
