"""Pictures in the terminal: which way of drawing, and the widget that shows one picture as it is.

Only here and in `sixel` textual_image is imported, first inside `choose_renderer`, before the app runs. A picture
here is evidence: it is scaled by us to whole cells of the terminal, one factor for both directions, and the library
only encodes it.
"""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal, cast

from PIL import Image
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from miareview.errors import UsageError
from miareview.text import visible
from miareview.tui.fit import WHOLE, Fit, Part, fit
from miareview.tui.halfblocks import HalfBlocks, HalfcellPicture, half_blocks
from miareview.tui.sixel import SIXEL_COLOURS, Encoded, SixelPicture, few_colours, sixels
from miareview.tui.terminal import DEFAULT_CELL, Terminal, ask_terminal, colours, measured_cell, served

Colour = tuple[int, int, int]
RendererName = Literal["kitty", "sixel", "halfcell", "unicode", "off"]
WANTED = ("auto", "kitty", "sixel", "halfcell", "unicode", "off")

MORE_DETAIL = 1.5
"""Pixels of the file along a drawn one, from which it is said that there is more to see."""

_KITTY_SINCE = {"kitty": (0, 28), "ghostty": (1, 0)}  # the terminals that have Unicode placeholders
_KITTY_CELLS = 297  # rows or columns that its placeholders can number
_cell = DEFAULT_CELL  # as the terminal said when it was asked; `measured_cell` is newer where it answers


@dataclass(frozen=True, slots=True)
class Renderer:
    """A way of drawing pictures. `widget_class` takes an `image` attribute (None for "off"); `why` is one sentence.

    `terminal` is what the terminal said; of one whose way of drawing was named nothing is asked. `colours` is how many
    letters and blocks may have.
    """

    name: RendererName
    widget_class: type[Widget] | None
    why: str
    terminal: Terminal = field(default_factory=Terminal)
    colours: int = field(default_factory=colours)

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
    if served():
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
class Room:
    """The place that a view has for a picture, in cells, and how the renderer draws there."""

    renderer: Renderer
    cells: tuple[int, int]
    cell: tuple[int, int]
    per_cell: tuple[int, int]
    ground: Colour
    part: Part = WHOLE

    @property
    def box(self) -> tuple[int, int]:
        """How large, in pixels, the whole picture needs to be: the box for `load_picture`."""
        across, down = thumbnail_box(self.renderer, *self.cells)
        return ceil(across * self.part.times), ceil(down * self.part.times)


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture, or the room's part of it, made ready: scaled to whole cells and, for sixel, encoded.

    `size` is the picture's in its file, `detail` how many pixels of the file there are along one that is drawn.
    """

    room: Room
    place: Fit
    canvas: Image.Image | Encoded | HalfBlocks
    size: tuple[int, int]
    detail: float


def prepare(image: Image.Image, room: Room, original: tuple[int, int] | None = None) -> Ready:
    """Scale and encode a picture for its room. It takes a while: call it in a worker thread.

    `original` is the picture's size in its file, where `image` is not all of it.
    """
    size = original or image.size
    box = room.part.box(image.size, room.cells, room.cell)
    width = (box[2] - box[0]) * size[0] / image.width
    image = image.crop(box)
    place = fit(image.size, room.cells, room.cell, room.per_cell)
    canvas = on_canvas(image, place, room.per_cell, room.ground)
    drawn: Image.Image | Encoded | HalfBlocks = canvas
    if room.renderer.name == "sixel":
        few = few_colours(canvas)
        drawn = Encoded(few, sixels(few), room.cell)
    elif room.renderer.name == "halfcell":
        drawn = half_blocks(canvas.tobytes(), canvas.width)
    return Ready(room, place, drawn, size, width / place.pixels[0])


class PictureView(Widget):
    """One picture as large as it can be with its proportions kept, or a message where there is none.

    It is handed pictures made ready for its `room`; when that changes it shows nothing and posts `RoomChanged`. Under
    the picture stands what it does not show. `limit` is how many columns it may take, where that is not its own width;
    `part` what is looked at; `closer` says which key shows more of its detail, in two wordings.
    """

    DEFAULT_CSS = """
    PictureView { width: 1fr; height: 1fr; align: center middle; overflow: hidden; }
    PictureView > .picture-message { width: auto; max-width: 100%; color: $text-muted; }
    PictureView > .picture-caption { width: auto; max-width: 100%; height: 1; color: $text-muted; }
    PictureView > .picture-caption { text-overflow: ellipsis; text-wrap: nowrap; }
    """

    @dataclass
    class RoomChanged(Message):
        """The view has another size: a picture must be made ready for it."""

        view: PictureView

    @dataclass
    class Shown(Message):
        """A picture is shown that takes so many columns, or words (None)."""

        view: PictureView
        columns: int | None

    def __init__(self, renderer: Renderer, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.limit: int | None = None
        self.closer = "z + enlarge", "z +"
        self.part = WHOLE
        self.renderer = renderer
        self._ready: Ready | None = None
        self._room: Room | None = None
        self._words = Static("", markup=False, classes="picture-message")
        self._caption = Static("", markup=False, classes="picture-caption")
        self._caption.display = False
        self._picture: Any = renderer.widget_class() if renderer.widget_class else None

    def compose(self) -> ComposeResult:
        yield self._words
        if self._picture is not None:
            self._picture.display = False
            yield self._picture
        yield self._caption

    @property
    def ready(self) -> Ready | None:
        """The picture on show."""
        return self._ready

    def room(self) -> Room | None:
        """The place there is now; None where there is none, or pictures are off."""
        most = _KITTY_CELLS if self.renderer.name == "kitty" else sys.maxsize
        columns, rows = self.limit or self.content_size.width, self.content_size.height - 1  # the caption's
        if self._picture is None or not self.content_size.width or rows < 1:
            return None
        ground = self.background_colors[1].rgb
        cells = (min(most, columns), min(most, rows))
        return Room(self.renderer, cells, cell_size(), self.renderer.pixels_per_cell, ground, self.part)

    def show(self, ready: Ready | None, message: str = "") -> None:
        """Show a picture; where it is None or made for another room, the message (any text, shown as it is)."""
        if ready is not None and ready.room != self.room():
            ready = None
        self._ready = ready
        self._words.update(Content(visible(message)))
        self._words.display = ready is None and bool(message)
        under = caption(ready, self.closer) if ready else ""
        self._caption.update(under)
        self._caption.display = bool(under)
        if ready is not None or message not in ("", "…"):
            self.post_message(self.Shown(self, ready.place.cells[0] if ready else None))
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


def caption(ready: Ready, closer: tuple[str, str]) -> str:
    """What a drawn picture does not show, and how to see it, in as many words as there is room for; "" where it shows
    all."""
    renderer = ready.room.renderer
    said: list[tuple[str, ...]] = []
    if renderer.name in ("halfcell", "unicode") and renderer.colours < 2**24:
        said.append((f"{renderer.colours} colours: o opens the real picture", f"{renderer.colours} colours: o"))
    if ready.room.part != WHOLE:
        said.append((f"×{ready.room.part.times:.2g}",))
    if ready.detail >= MORE_DETAIL:
        share, (key, short) = f"1/{ready.detail:.2g}", closer
        said.append((f"{share} of its detail · {key}", f"{share} of detail · {short}", f"{share} · {short}"))
    if served():
        said.append(("a browser does not tell its cells: a little stretched, perhaps", "perhaps stretched"))
    while len(" · ".join(one[0] for one in said)) > ready.place.cells[0]:
        longer = [place for place, one in enumerate(said) if len(one) > 1]
        if not longer:
            break
        said[longer[-1]] = said[longer[-1]][1:]  # the last words are the first to be shortened
    return " · ".join(one[0] for one in said)
