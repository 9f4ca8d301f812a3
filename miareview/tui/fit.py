"""Where a picture lies in its place: as large as it can be, its proportions kept."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a picture lies: `cells` it takes (columns, rows), and its size in the renderer's pixels."""

    cells: tuple[int, int]
    pixels: tuple[int, int]


def fit(size: tuple[int, int], box: tuple[int, int], cell: tuple[int, int], per_cell: tuple[int, int]) -> Fit:
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
