"""Pictures as sixels: few colours, the sequence itself, and the widget that places it on the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from PIL import Image
from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.dom import NoScreen
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

SIXEL_COLOURS = 256
"""Colours of a sixel picture; a terminal with fewer registers would show false ones."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A canvas of whole cells in few colours, the sixels of the whole of it, and the size of a cell in pixels."""

    canvas: Image.Image
    stream: str
    cell: tuple[int, int]


class SixelPicture(Widget):
    """A canvas of whole cells drawn as sixels: the library encodes, this places the result on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._image: Encoded | None = None
        self._parts: dict[Region, str] = {}

    @property
    def image(self) -> Encoded | None:
        """The canvas, of a whole number of cells, and its sixels."""
        return self._image

    @image.setter
    def image(self, image: Encoded | None) -> None:
        self._image = image
        self._parts.clear()
        self.refresh(layout=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Blank lines, and on the last one the sixels of the part in sight, which terminals draw over them."""
        blank = Segment(" " * crop.width, Style(bgcolor=self.background_colors[1].rich_color))
        lines = [Strip([blank], crop.width) for _ in range(crop.height)]
        try:
            active = self.screen.is_active
        except NoScreen:
            active = False
        if self._image is None or not active or not crop.area:
            return lines
        sight = self.screen.find_widget(self).visible_region
        picture = [
            _unmeasured(Control.move_to(sight.x, sight.y).segment.text),
            _unmeasured(self._sixels(self._image, crop)),
            *self._beside(sight),
            _unmeasured(Control.move_to(sight.right, sight.bottom - 1).segment.text),
        ]
        lines[-1] = Strip([blank, *picture], crop.width)
        return lines

    def _beside(self, sight: Region) -> list[Segment]:
        """The column right of the picture, blank again: Konsole draws a sixel one column wider than it is."""
        if sight.right >= self.app.size.width:
            return []
        ground = Style(bgcolor=self.background_colors[0].rich_color).render(" ")
        return [
            _unmeasured(Control.move_to(sight.right, row).segment.text + ground) for row in range(sight.y, sight.bottom)
        ]

    def _sixels(self, image: Encoded, crop: Region) -> str:
        across, down = image.cell
        box = (crop.x * across, crop.y * down, crop.right * across, crop.bottom * down)
        if box == (0, 0, *image.canvas.size):
            return image.stream
        if crop not in self._parts:
            self._parts = {crop: sixels(image.canvas.crop(box))}
        return self._parts[crop]


def few_colours(image: Image.Image, colours: int = SIXEL_COLOURS) -> Image.Image:
    """The RGB picture with a palette of at most so many colours, near to its own; exact where it has no more.

    The library's own choice (an octree) leaves broad steps in gradients. Two rounds of moving each colour to the mean
    of its pixels (Lloyd 1982, the k-means step) bring the error down by a quarter to a third in about 20 ms.
    """
    if image.getcolors(colours) is not None:
        return image.quantize(colours, Image.Quantize.MEDIANCUT)
    pixels = np.asarray(image).reshape(-1, 3)
    result = image.quantize(colours, Image.Quantize.FASTOCTREE)
    for _ in range(2):
        index = np.asarray(result).reshape(-1)
        count = np.maximum(np.bincount(index, minlength=colours), 1)
        means = np.stack([np.bincount(index, pixels[:, band], colours) / count for band in range(3)], axis=1)
        palette = Image.new("P", (1, 1))
        palette.putpalette(means.round().astype(np.uint8).tobytes())
        result = image.quantize(palette=palette, dither=Image.Dither.NONE)
    return result


def sixels(image: Image.Image) -> str:
    """The picture as one sixel sequence that shows the same in every terminal.

    textual-image before 0.14 lets the definition of a colour also select it, which foot, xterm and WezTerm do not do:
    they would draw on in the colour before. A definition that is followed by pixels gets its selection here; later
    versions have none. The line feed after the last band goes: it would be six more pixels, and may scroll the screen.
    """
    from textual_image._sixel import image_to_sixels

    stream = image_to_sixels(image).replace("-\x1b\\", "\x1b\\")
    return re.sub(r"(#[0-9]+);2;[0-9]+;[0-9]+;[0-9]+(?=[!?-~])", r"\g<0>\1", stream)


def _unmeasured(text: str) -> Segment:
    """A segment that is written as it is and takes no cell."""
    return Segment(text, Style(), ((ControlType.CURSOR_FORWARD, 0),))
