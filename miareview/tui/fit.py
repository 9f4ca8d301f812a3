"""Where a picture lies in its place: as large as it can be, its proportions kept."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

Size = tuple[int, int]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a picture lies: `cells` it takes (columns, rows), and its size in the renderer's pixels."""

    cells: tuple[int, int]
    pixels: tuple[int, int]


def fit(size: Size, box: Size, cell: Size, per_cell: Size) -> Fit:
    """The largest place for a picture of `size` pixels in a `box` of cells that keeps its proportions.

    `cell` is the size of a cell in screen pixels, `per_cell` how many picture pixels are drawn in one. The proportions
    are true to one drawn pixel; what is left of the last column and row is ground.
    """
    scale = min(box[0] * cell[0] / size[0], box[1] * cell[1] / size[1])
    pixels = [
        min(box[axis] * per_cell[axis], max(1, round(size[axis] * scale * per_cell[axis] / cell[axis])))
        for axis in (0, 1)
    ]
    cells = [ceil(pixels[axis] / per_cell[axis]) for axis in (0, 1)]
    return Fit((cells[0], cells[1]), (pixels[0], pixels[1]))


@dataclass(frozen=True, slots=True)
class Part:
    """What of a picture is looked at: enlarged so many `times` over the whole, around (x, y) as fractions of it."""

    times: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def box(self, size: Size, cells: Size, cell: Size) -> Box:
        """The part of a picture of `size` pixels that fills a place of so many cells: left, top, right, bottom."""
        room = (cells[0] * cell[0], cells[1] * cell[1])
        scale = self.times * min(room[0] / size[0], room[1] / size[1])
        wide, high = (max(1, min(size[axis], round(room[axis] / scale))) for axis in (0, 1))
        left = round(min(max(self.x * size[0] - wide / 2, 0), size[0] - wide))
        top = round(min(max(self.y * size[1] - high / 2, 0), size[1] - high))
        return left, top, left + wide, top + high

    def moved(self, x: float, y: float, size: Size, cells: Size, cell: Size) -> Part:
        """The part that lies so much further, in widths and heights of what is in sight; at the edge it stops."""
        left, top, right, bottom = self.box(size, cells, cell)
        wide, high = (right - left) / size[0], (bottom - top) / size[1]
        at_x, at_y = (left + right) / 2 / size[0] + x * wide, (top + bottom) / 2 / size[1] + y * high
        return Part(self.times, min(max(at_x, wide / 2), 1 - wide / 2), min(max(at_y, high / 2), 1 - high / 2))


WHOLE = Part()
