"""A canvas that is drawn three times too large and scaled down: smooth edges with nothing but Pillow."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

from PIL import Image, ImageDraw, ImageFont

SCALE = 3
Colour = str | tuple[int, ...]
Points = Sequence[tuple[float, float]]


class Canvas:
    """Flat shapes in the coordinates of the finished picture (pixels, origin at the top left)."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self.large = Image.new("RGB", (width * SCALE, height * SCALE), colour)
        self.pen = ImageDraw.Draw(self.large, "RGBA")  # blends translucent colours into the RGB picture

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0) -> None:
        """A rectangle from its top left corner, with corner radius `r`."""
        box = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        self.pen.rounded_rectangle(box, r * SCALE, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """An ellipse around its centre."""
        self.pen.ellipse(((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE), fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self.oval(x, y, r, r, fill)

    def pie(self, x: float, y: float, rx: float, ry: float, start: float, end: float, fill: Colour) -> None:
        """A slice of an ellipse, degrees clockwise from three o'clock."""
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.pen.pieslice(box, start, end, fill)

    def poly(self, points: Points, fill: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points: Points, fill: Colour, width: float) -> None:
        """A line through the points with round joints and ends."""
        large = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(large, fill, round(width * SCALE), joint="curve")
        r = width * SCALE / 2
        for x, y in (large[0], large[-1]):
            self.pen.ellipse((x - r, y - r, x + r, y + r), fill)

    def fade(self, x: float, y: float, w: float, h: float, top: tuple[int, ...], bottom: tuple[int, ...]) -> None:
        """A vertical gradient."""
        steps = max(1, int(h / 6))
        for i in range(steps):
            t = i / max(1, steps - 1)
            colour = tuple(round(a + (b - a) * t) for a, b in zip(top, bottom, strict=True))
            self.rect(x, y + h * i / steps, w, h / steps + 1, colour)

    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, anchor: str = "mm", bold: float = 0
    ) -> None:
        """One line of text; `bold` is the width of a stroke of the same colour around it."""
        font = ImageFont.load_default(size * SCALE)
        self.pen.text(
            (x * SCALE, y * SCALE), words, fill, font, anchor, stroke_width=round(bold * SCALE), stroke_fill=fill
        )

    def text_up(self, x: float, y: float, words: str, size: float, fill: Colour, bold: float = 0) -> None:
        """One line of text read from the bottom up, around its centre."""
        font = ImageFont.load_default(size * SCALE)
        stroke = round(bold * SCALE)
        left, top, right, bottom = (int(v) for v in font.getbbox(words, stroke_width=stroke))
        mask = Image.new("L", (right - left + 8, bottom - top + 8))
        ImageDraw.Draw(mask).text((4 - left, 4 - top), words, 255, font, stroke_width=stroke)
        mask = mask.rotate(90, expand=True)
        corner = (round(x * SCALE - mask.width / 2), round(y * SCALE - mask.height / 2))
        self.large.paste(Image.new("RGB", mask.size, fill), corner, mask)

    def finish(self) -> Image.Image:
        """The picture at its own size."""
        return self.large.resize((self.width, self.height), Image.Resampling.LANCZOS)


def around(x: float, y: float, r: float, degrees: float) -> tuple[float, float]:
    """The point at a distance and an angle, clockwise from twelve o'clock."""
    return x + r * sin(radians(degrees)), y - r * cos(radians(degrees))


def star(x: float, y: float, r: float, points: int = 5, inner: float = 0.42) -> Points:
    """The corners of a star."""
    step = 180 / points
    return [around(x, y, r if i % 2 == 0 else r * inner, i * step) for i in range(2 * points)]
