"""Pictures in the terminal: which way of drawing, and the widget that shows one picture as it is.

The only module that imports textual_image, and it does so inside `choose_renderer`, before the app runs. A picture
here is evidence: it is scaled by us to whole cells of the terminal, one factor for both directions, and the library
only encodes it.
"""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import numpy as np
from PIL import Image
from rich.control import Control
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.content import Content
from textual.dom import NoScreen
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from miareview.errors import UsageError
from miareview.text import visible
from miareview.tui.fit import Fit, fit
from miareview.tui.halfblocks import HalfBlocks, HalfcellPicture, half_blocks
from miareview.tui.terminal import DEFAULT_CELL, Terminal, ask_terminal, measured_cell

Colour = tuple[int, int, int]
RendererName = Literal["kitty", "sixel", "halfcell", "unicode", "off"]
WANTED = ("auto", "kitty", "sixel", "halfcell", "unicode", "off")

SIXEL_COLOURS = 256
"""Colours of a sixel picture; a terminal with fewer registers would show false ones."""

_KITTY_SINCE = {"kitty": (0, 28), "ghostty": (1, 0)}  # the terminals that have Unicode placeholders
_KITTY_CELLS = 297  # rows or columns that its placeholders can number
_cell = DEFAULT_CELL  # as the terminal said when it was asked; `measured_cell` is newer where it answers


@dataclass(frozen=True, slots=True)
class Renderer:
    """A way of drawing pictures. `widget_class` takes an `image` attribute (None for "off"); `why` is one sentence.

    `terminal` is what the terminal said; of one whose way of drawing was named nothing is asked.
    """

    name: RendererName
    widget_class: type[Widget] | None
    why: str
    terminal: Terminal = field(default_factory=Terminal)

    @property
    def pixels_per_cell(self) -> tuple[int, int]:
        """How many pixels (across, down) this way of drawing shows in one cell."""
        match self.name:
            case "kitty" | "sixel":
                return cell_size()
            case "halfcell":
                return 1, 2
            case _:
                return 1, 1


def choose_renderer(wanted: str = "auto") -> Renderer:
    """The way of drawing that is asked for, or the best that this terminal can do truly.

    Call it before the app runs: for "auto" it asks the terminal. Raises UsageError for a name not in `WANTED`.
    """
    global _cell
    if wanted not in WANTED:
        raise UsageError(
            f"There is no way of showing pictures named {visible(wanted)}.", f"One of: {', '.join(WANTED)}."
        )
    if wanted == "off":
        return Renderer("off", None, "Pictures are off, as asked.")
    if wanted != "auto":
        return Renderer(cast(RendererName, wanted), _widget_class(wanted), f"{wanted}, as asked.")
    silent = _why_not_ask()
    terminal = Terminal() if silent else ask_terminal()
    _cell = terminal.cell or _cell
    name, why = _decide(terminal, silent)
    return Renderer(name, _widget_class(name), why, terminal)


def cell_size() -> tuple[int, int]:
    """Width and height of one character cell in pixels (10 × 20 where the terminal does not tell)."""
    return measured_cell() or _cell


def thumbnail_box(renderer: Renderer, columns: int, rows: int) -> tuple[int, int]:
    """How large, in pixels, a picture needs to be for a place of so many cells: the box for `load_picture`.

    Full size for real pixels; for blocks four pixels a column, which is enough to average from.
    """
    width, height = cell_size()
    if renderer.name not in ("kitty", "sixel"):
        width, height = 4, max(1, round(4 * height / width))
    return max(1, columns * width), max(1, rows * height)


def _why_not_ask() -> str:
    """Why the terminal cannot be asked, as one sentence; "" where it can."""
    if os.environ.get("TERM_PROGRAM") == "textual" or "web_driver" in os.environ.get("TEXTUAL_DRIVER", ""):
        return "Half blocks: the app is served to a web browser."
    if os.environ.get("TERM") == "dumb":
        return "Half blocks: TERM is dumb, so the terminal was not asked."
    if not (sys.__stdin__ and sys.__stdout__ and sys.__stdin__.isatty() and sys.__stdout__.isatty()):
        return "Half blocks: standard input and output are not a terminal."
    return ""


def _decide(terminal: Terminal, silent: str) -> tuple[RendererName, str]:
    """The best true way of drawing for a terminal that said this."""
    if silent:
        return "halfcell", silent
    if not terminal.answered:
        return "halfcell", "Half blocks: the terminal did not say what it can do."
    name = visible(terminal.name) or "the terminal"
    if "warp" in terminal.name.lower() or os.environ.get("TERM_PROGRAM") == "WarpTerminal":
        return "halfcell", "Half blocks: Warp says that it has graphics, and draws them in the wrong place."
    if terminal.sixel and (terminal.registers or SIXEL_COLOURS) >= SIXEL_COLOURS:
        return "sixel", f"Sixel: {name} says that it can."
    if terminal.kitty and (reason := _why_no_kitty(terminal.name)):
        return "halfcell", f"Half blocks: {name} has kitty graphics, but {reason}."
    if terminal.kitty:
        return "kitty", f"Kitty graphics: {name} says that it can, and is known to draw them in place."
    if terminal.sixel:
        return "halfcell", f"Half blocks: {name} has sixel, but with {terminal.registers} colours only."
    return "halfcell", f"Half blocks: {name} has neither sixel nor kitty graphics."


def _why_no_kitty(name: str) -> str:
    """Why a terminal that says it has kitty graphics is not believed, as a clause; "" where it is."""
    found = re.match(r"([a-z]+)[ (]+([0-9]+)\.([0-9]+)", name.lower())
    since = _KITTY_SINCE.get(found[1]) if found else None
    if found is None or since is None:
        return "is not known to draw them in place"
    return f"draws them in place only since {since[0]}.{since[1]}" if (int(found[2]), int(found[3])) < since else ""


def _widget_class(name: str) -> type[Widget]:
    """The library's widget for this name, or ours for sixel and half blocks.

    At import the library asks the terminal itself: it may stall, and divides by zero on a terminal of no size. It is
    shown an output that is no terminal instead, and told the cell's size by the variables it reads then.
    """
    output = sys.__stdout__
    known = {key: os.environ.get(key) for key in ("TEXTUAL_CELL_WIDTH", "TEXTUAL_CELL_HEIGHT")}
    try:
        sys.__stdout__ = io.StringIO()  # type: ignore[assignment, misc]
        os.environ.update(zip(known, map(str, cell_size()), strict=True))
        from textual_image import widget
    finally:
        sys.__stdout__ = output  # type: ignore[misc]
        for key, value in known.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
    classes = {
        "sixel": SixelPicture,
        "kitty": widget.TGPImage,
        "halfcell": HalfcellPicture,
        "unicode": widget.UnicodeImage,
    }
    return cast("type[Widget]", classes[name])


def on_canvas(image: Image.Image, place: Fit, per_cell: tuple[int, int], ground: Colour) -> Image.Image:
    """The picture scaled to its place, at the top left of a canvas of exactly so many cells."""
    scaled = image.convert("RGB").resize(place.pixels, Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (place.cells[0] * per_cell[0], place.cells[1] * per_cell[1]), ground)
    canvas.paste(scaled, (0, 0))
    return canvas


@dataclass(frozen=True, slots=True)
class Encoded:
    """A canvas in few colours, and the sixels of the whole of it."""

    canvas: Image.Image
    stream: str


@dataclass(frozen=True, slots=True)
class Room:
    """The place that a view has for a picture, in cells, and how the renderer draws there."""

    renderer: Renderer
    cells: tuple[int, int]
    cell: tuple[int, int]
    per_cell: tuple[int, int]
    ground: Colour

    @property
    def box(self) -> tuple[int, int]:
        """How large, in pixels, a picture needs to be: the box for `load_picture`."""
        return thumbnail_box(self.renderer, *self.cells)


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture made ready for a room: scaled to whole cells and, for sixel, encoded."""

    room: Room
    place: Fit
    canvas: Image.Image | Encoded | HalfBlocks


def prepare(image: Image.Image, room: Room) -> Ready:
    """Scale and encode a picture for its room. It takes a while: call it in a worker thread."""
    place = fit(image.size, room.cells, room.cell, room.per_cell)
    canvas = on_canvas(image, place, room.per_cell, room.ground)
    match room.renderer.name:
        case "sixel":
            canvas = few_colours(canvas)
            return Ready(room, place, Encoded(canvas, sixels(canvas)))
        case "halfcell":
            return Ready(room, place, half_blocks(canvas.tobytes(), canvas.width))
        case _:
            return Ready(room, place, canvas)


class PictureView(Widget):
    """One picture as large as it can be with its proportions kept, or a message where there is none.

    It is handed pictures made ready for its `room`; when that changes it shows nothing and posts `RoomChanged`.
    """

    DEFAULT_CSS = """
    PictureView { width: 1fr; height: 1fr; align: center middle; overflow: hidden; }
    PictureView > .picture-message { width: auto; max-width: 100%; color: $text-muted; }
    """

    @dataclass
    class RoomChanged(Message):
        """The view has another size: a picture must be made ready for it."""

        view: PictureView

    def __init__(self, renderer: Renderer, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.renderer = renderer
        self._ready: Ready | None = None
        self._room: Room | None = None
        self._words = Static("", markup=False, classes="picture-message")
        self._picture: Any = renderer.widget_class() if renderer.widget_class else None

    def compose(self) -> ComposeResult:
        yield self._words
        if self._picture is not None:
            self._picture.display = False
            yield self._picture

    def room(self) -> Room | None:
        """The place there is now; None where there is none, or pictures are off."""
        most = _KITTY_CELLS if self.renderer.name == "kitty" else sys.maxsize
        cells = (min(most, self.content_size.width), min(most, self.content_size.height))
        if self._picture is None or not all(cells):
            return None
        return Room(self.renderer, cells, cell_size(), self.renderer.pixels_per_cell, self.background_colors[1].rgb)

    def show(self, ready: Ready | None, message: str = "") -> None:
        """Show a picture; where it is None or made for another room, the message (any text, shown as it is)."""
        if ready is not None and ready.room != self.room():
            ready = None
        self._ready = ready
        self._words.update(Content(visible(message)))
        self._words.display = ready is None and bool(message)
        if self._picture is None:
            return
        if ready is None:
            self._picture.display = False
            self._picture.image = None
            return
        self._picture.styles.width, self._picture.styles.height = ready.place.cells
        self._picture.image = ready.canvas
        self._picture.display = True

    def clear(self) -> None:
        """Show nothing, and free what the terminal keeps of the picture."""
        self.show(None)

    def on_resize(self) -> None:
        room = self.room()
        if room != self._room:
            self._room = room
            if self._ready is not None:
                self.clear()
            self.post_message(self.RoomChanged(self))

    def on_unmount(self) -> None:
        if self._picture is not None:
            self._picture.image = None


class SixelPicture(Widget):
    """A canvas of whole cells drawn as sixels: the library encodes, this places the result on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._image: Encoded | None = None
        self._cell = cell_size()
        self._parts: dict[Region, str] = {}

    @property
    def image(self) -> Encoded | None:
        """The canvas, of a whole number of cells, and its sixels."""
        return self._image

    @image.setter
    def image(self, image: Encoded | None) -> None:
        self._image = image
        self._cell = cell_size()  # of this canvas; not from `self.size`, which may be older when lines are asked for
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
            _unmeasured(Control.move_to(sight.right, sight.bottom - 1).segment.text),
        ]
        lines[-1] = Strip([blank, *picture], crop.width)
        return lines

    def _sixels(self, image: Encoded, crop: Region) -> str:
        across, down = self._cell
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
