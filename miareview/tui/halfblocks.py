"""Pictures in half blocks: two pixels a cell, for terminals without graphics."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

HalfBlocks = tuple[Strip, ...]  # the lines of a picture


def half_blocks(pixels: bytes, columns: int) -> HalfBlocks:
    """Lines of ▀ in the colours of RGB pixels: `columns` pixels a row, an even number of rows.

    Neighbours of the same two colours share a segment, which keeps flat areas cheap to write.
    """
    row = 3 * columns
    lines = []
    for start in range(0, len(pixels), 2 * row):
        segments: list[Segment] = []
        before, run = b"", 0
        for at in range(start, start + row, 3):
            pair = pixels[at : at + 3] + pixels[at + row : at + row + 3]
            if pair != before and run:
                segments.append(Segment("▀" * run, _style(before)))
                run = 0
            before, run = pair, run + 1
        segments.append(Segment("▀" * run, _style(before)))
        lines.append(Strip(segments, columns))
    return tuple(lines)


@lru_cache(maxsize=50_000)
def _style(pair: bytes) -> Style:
    upper, lower = Color.from_rgb(*pair[:3]), Color.from_rgb(*pair[3:])
    return Style(color=upper, bgcolor=lower)


class HalfcellPicture(Widget):
    """Shows lines that were made by `half_blocks` ahead of time, so that drawing them costs the event loop little."""

    def __init__(self) -> None:
        super().__init__()
        self._image: HalfBlocks | None = None

    @property
    def image(self) -> HalfBlocks | None:
        """The lines on show; None for nothing."""
        return self._image

    @image.setter
    def image(self, image: HalfBlocks | None) -> None:
        self._image = image
        self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        if self._image is None or y >= len(self._image):
            return Strip.blank(self.size.width)
        return self._image[y]
