"""Pictures on the screen: true colours, true proportions, and the way of drawing that fits the terminal."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter
from sixel_decoder import decode
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from miareview.errors import UsageError
from miareview.images.load import load_picture
from miareview.tui import picture
from miareview.tui.fit import Part, fit
from miareview.tui.picture import (
    PictureView,
    Renderer,
    choose_renderer,
    prepare,
    thumbnail_box,
)
from miareview.tui.sixel import SixelPicture, few_colours, sixels
from miareview.tui.terminal import Terminal, read_answer

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "images"
CELL = (9, 19)


class Bench(App[None]):
    """An app with one picture in a box of the given cells."""

    def __init__(self, renderer: Renderer, columns: int = 60, rows: int = 20) -> None:
        super().__init__()
        self.view = PictureView(renderer)
        self.box = (columns, rows)
        self.image: Image.Image | None = None

    def compose(self) -> ComposeResult:
        self.view.styles.width, self.view.styles.height = self.box[0], self.box[1] + 1  # and the words under it
        yield self.view

    def put(self, image: Image.Image) -> None:
        """Show a picture made ready for the room there is, as the app's workers do."""
        self.image = image
        self.on_picture_view_room_changed()

    def on_picture_view_room_changed(self) -> None:
        room = self.view.room()
        if self.image is not None:
            self.view.show(prepare(self.image, room) if room else None)


@pytest.fixture(autouse=True)
def known_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "cell_size", lambda: CELL)


@given(
    st.tuples(st.integers(1, 3000), st.integers(1, 3000)),
    st.floats(1, 60),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_part_lies_in_the_picture_and_fills_the_place(
    size: tuple[int, int], times: float, x: float, y: float
) -> None:
    cells, cell = (80, 24), (9, 19)
    left, top, right, bottom = Part(times, x, y).box(size, cells, cell)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    whole = Part().box(size, cells, cell)
    assert whole == (0, 0, *size)
    if (right - left, bottom - top) != size and min(right - left, bottom - top) > 40:
        placed = fit((right - left, bottom - top), cells, cell, cell)
        enlarged = placed.pixels[0] / (right - left)
        assert enlarged == pytest.approx(times * min(720 / size[0], 456 / size[1]), rel=0.1)


def gradient(width: int = 320, height: int = 240) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    bands = [x * 255 / width, y * 255 / height, 255 - (x + y) * 255 / (width + height)]
    return Image.fromarray(np.dstack(bands).astype(np.uint8))


def illustration() -> Image.Image:
    image = Image.new("RGB", (400, 300), "#f5e6c8")
    draw = ImageDraw.Draw(image)
    for at, colour in enumerate(("red", "lime", "blue", "yellow", "black", "white", "#7a3")):
        draw.rectangle((at * 55 + 5, 40, at * 55 + 45, 260), fill=colour)
    draw.ellipse((120, 60, 280, 220), outline="#204080", width=9)
    return image


def photo() -> Image.Image:
    """Soft shapes with shared light and fine grain, as a camera sees them."""
    random = np.random.default_rng(7)
    light = Image.fromarray(random.integers(0, 256, (12, 16), dtype=np.uint8)).resize(
        (480, 360), Image.Resampling.BICUBIC
    )
    tint = Image.fromarray(random.integers(90, 166, (9, 12, 3), dtype=np.uint8)).resize(
        (480, 360), Image.Resampling.BICUBIC
    )
    grain = random.normal(0, 5, (360, 480, 3))
    pixels = np.asarray(light, float)[..., None] * np.asarray(tint, float) / 128 + grain
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "gradient": gradient,
    "flat illustration": illustration,
    "photo": photo,
    "tall": lambda: gradient(60, 900),
    "wide": lambda: gradient(900, 60),
    "one pixel": lambda: Image.new("RGB", (1, 1), (200, 30, 90)),
    "strip": lambda: Image.new("RGB", (3000, 1), "teal"),
    "two colours": lambda: Image.new("L", (50, 50)).point(lambda _: 0),
}
DEMO_PICTURES = sorted(path for path in DEMO.glob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what was asked for is drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def drawn(widget: Widget) -> Image.Image:
    """The picture a strict sixel terminal would show for this widget."""
    lines = widget.render_lines(Region(0, 0, *widget.size))
    assert [line.cell_length for line in lines] == [widget.size.width] * widget.size.height
    found = [segment.text for line in lines for segment in line if segment.text.startswith("\x1bP")]
    assert len(found) == 1
    return decode(found[0])


def error_percent(one: Image.Image, other: Image.Image) -> float:
    difference = np.abs(np.asarray(one.convert("RGB"), float) - np.asarray(other.convert("RGB"), float))
    return float(difference.mean() / 2.55)


async def sixel_error(image: Image.Image, columns: int = 60, rows: int = 20) -> float:
    """Mean absolute error, in percent of full scale, between what is drawn and the scaled source."""
    app = Bench(choose_renderer("sixel"), columns, rows)
    async with app.run_test(size=(columns, rows + 1)) as pilot:
        app.put(image)
        await settle(pilot)
        place = fit(image.size, (columns, rows), CELL, CELL)
        shown = drawn(app.query_one(SixelPicture))
        assert shown.size == (place.cells[0] * CELL[0], place.cells[1] * CELL[1])
        expected = image.convert("RGB").resize(place.pixels, Image.Resampling.LANCZOS)
        return error_percent(shown.crop((0, 0, *place.pixels)), expected)


@pytest.mark.parametrize("name", PICTURES)
async def test_sixels_show_the_colours_of_the_picture(name: str) -> None:
    assert await sixel_error(PICTURES[name]()) < 3


@pytest.mark.skipif(not DEMO.is_dir(), reason="the demo pictures are not here")
def test_there_are_demo_pictures() -> None:
    assert DEMO_PICTURES


@pytest.mark.parametrize("path", DEMO_PICTURES, ids=lambda path: path.name)
async def test_sixels_show_the_colours_of_the_demo_pictures(path: Path) -> None:
    box = thumbnail_box(choose_renderer("sixel"), 40, 14)
    assert await sixel_error(load_picture(path, box).image, 40, 14) < 3


def test_few_colours_keeps_flat_drawings_exactly_and_beats_the_octree() -> None:
    flat = illustration().convert("P", palette=Image.Palette.ADAPTIVE).convert("RGB")
    assert error_percent(few_colours(flat), flat) == 0
    for image in (gradient(), photo()):
        octree = image.quantize(256, Image.Quantize.FASTOCTREE)
        assert error_percent(few_colours(image), image) < 0.9 * error_percent(octree, image)


def test_the_mend_leaves_a_right_stream_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from textual_image import _sixel

    right = '\x1bP0;0;0q"1;1;2;1#0;2;0;0;0#1;2;100;0;0#0@#1@\x1b\\'
    monkeypatch.setattr(_sixel, "image_to_sixels", lambda image: right)
    assert sixels(Image.new("P", (2, 1))) == right
    monkeypatch.setattr(_sixel, "image_to_sixels", lambda image: '\x1bP0;0;0q"1;1;2;1#0;2;0;0;0@#1;2;100;0;0!1@-\x1b\\')
    assert decode(sixels(Image.new("P", (2, 1)))).tobytes() == bytes([0, 0, 0, 255, 0, 0])


def test_the_decoder_does_not_select_by_definition() -> None:
    assert decode('\x1bPq"1;1;2;1#0;2;0;0;0#1;2;100;0;0#0@#1@\x1b\\').tobytes() == bytes([0, 0, 0, 255, 0, 0])
    assert decode('\x1bPq"1;1;2;1#0;2;0;0;0#0@#1;2;100;0;0@\x1b\\').tobytes() == bytes(6)
    for wrong in (
        "",
        '\x1bPq"1;1;1;1#5@\x1b\\',
        '\x1bPq"1;1;1;1#0;2;0;0;0#0@@\x1b\\',
        '\x1bPq"1;1;1;2#0;2;0;0;0#0@\x1b\\',
    ):
        with pytest.raises(ValueError, match=r".+"):
            decode(wrong)


async def test_a_part_in_sight_is_that_part_of_the_picture() -> None:
    app = Bench(choose_renderer("sixel"))
    async with app.run_test(size=(60, 21)) as pilot:
        app.put(photo())
        await settle(pilot)
        widget = app.query_one(SixelPicture)
        whole = drawn(widget)
        text = widget.render_lines(Region(5, 3, 10, 4))[-1].text
        part = decode(text[text.index("\x1bP") : text.rindex("\x1b\\") + 2])
        assert part.tobytes() == whole.crop((5 * 9, 3 * 19, 15 * 9, 7 * 19)).tobytes()


BOXES = [(60, 20), (23, 40), (7, 3), (80, 2), (1, 1)]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("size", [(320, 240), (60, 900), (900, 60), (1, 1)])
async def test_half_blocks_are_the_pixels_of_the_scaled_picture(box: tuple[int, int], size: tuple[int, int]) -> None:
    image = gradient(*size)
    app = Bench(choose_renderer("halfcell"), *box)
    async with app.run_test(size=(80, 44)) as pilot:
        app.put(image)
        await settle(pilot)
        widget = next(child for child in app.view.children if type(child).__name__ == "HalfcellPicture")
        assert widget.size.width <= box[0]
        assert widget.size.height <= box[1]
        rows: list[list[tuple[int, ...]]] = []
        for line in widget.render_lines(Region(0, 0, *widget.size)):
            cells = [
                (segment.style.color.triplet, segment.style.bgcolor.triplet) for segment in line for _ in segment.text
            ]
            assert {character for segment in line for character in segment.text} == {"▀"}
            rows += [[tuple(upper) for upper, _ in cells], [tuple(lower) for _, lower in cells]]
        shown = Image.fromarray(np.array(rows, dtype=np.uint8))
    place = fit(size, box, CELL, (1, 2))
    assert shown.size == (place.cells[0], 2 * place.cells[1])
    expected = image.resize(place.pixels, Image.Resampling.LANCZOS)
    assert error_percent(shown.crop((0, 0, *place.pixels)), expected) == 0


@given(
    size=st.tuples(st.integers(1, 5000), st.integers(1, 5000)),
    box=st.tuples(st.integers(1, 300), st.integers(1, 100)),
    cell=st.tuples(st.integers(4, 24), st.integers(8, 48)),
    real=st.booleans(),
)
def test_fit_keeps_proportions_and_fills_the_box(
    size: tuple[int, int], box: tuple[int, int], cell: tuple[int, int], real: bool
) -> None:
    per_cell = cell if real else (1, 2)
    place = fit(size, box, cell, per_cell)
    unit = [cell[axis] / per_cell[axis] for axis in (0, 1)]  # screen pixels of one drawn pixel
    scale = min(box[axis] * cell[axis] / size[axis] for axis in (0, 1))
    for axis in (0, 1):
        assert 1 <= place.pixels[axis] <= box[axis] * per_cell[axis]
        assert abs(place.pixels[axis] * unit[axis] - size[axis] * scale) <= unit[axis] * 1.0001
        assert 0 <= place.cells[axis] * per_cell[axis] - place.pixels[axis] < per_cell[axis]
    assert any(place.pixels[axis] == box[axis] * per_cell[axis] for axis in (0, 1))


@pytest.mark.parametrize("name", ["sixel", "halfcell", "unicode"])
async def test_the_picture_is_fitted_again_when_the_place_changes(name: str) -> None:
    renderer = choose_renderer(name)
    app = Bench(renderer)
    async with app.run_test(size=(90, 40)) as pilot:
        app.put(gradient())
        await settle(pilot)
        for box in ((60, 20), (20, 30), (80, 10)):
            app.view.styles.width, app.view.styles.height = box[0], box[1] + 1
            await settle(pilot)
            child = app.view.children[1]
            assert child.size == fit((320, 240), box, CELL, renderer.pixels_per_cell).cells
        if name == "sixel":
            assert drawn(child).size == (child.size.width * 9, child.size.height * 19)


@pytest.mark.parametrize("name", ["sixel", "halfcell", "unicode", "off"])
async def test_messages_are_shown_as_they_are_and_pictures_come_and_go(name: str) -> None:
    app = Bench(choose_renderer(name))
    async with app.run_test(size=(60, 21)) as pilot:
        words = app.view.query_one(Static)
        app.view.show(None, "[/] [b]no[/b] \x1b[31mpicture")
        await settle(pilot)
        assert words.display
        assert "[/] [b]no[/b]" in str(words.render())
        assert "\x1b" not in str(words.render())
        app.put(gradient())
        await settle(pilot)
        assert not words.display
        app.view.clear()
        await settle(pilot)
        assert not words.display
        assert [child.display for child in app.view.children] == [False] * len(app.view.children)


async def test_kitty_pictures_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = choose_renderer("kitty")
    tgp = importlib.import_module("textual_image.renderable.tgp")
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(tgp, "_send_tgp_message", lambda **values: sent.append(values))
    app = Bench(renderer)
    async with app.run_test(size=(60, 21)) as pilot:
        app.put(gradient())
        await settle(pilot)
        ids = {values["i"] for values in sent}
        assert len(ids) == 1
        app.view.clear()
        await settle(pilot)
        assert [values.get("I") for values in sent if values.get("a") == "d"] == list(ids)
        app.put(gradient())
        await settle(pilot)
    assert sum(values.get("a") == "d" for values in sent) == len({values["i"] for values in sent if "i" in values})


async def test_a_kitty_picture_stays_within_what_placeholders_can_number(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = choose_renderer("kitty")
    monkeypatch.setattr("textual_image.renderable.tgp._send_tgp_message", lambda **values: None)
    app = Bench(renderer, 400, 30)
    async with app.run_test(size=(400, 31)) as pilot:
        app.put(gradient(4000, 60))
        await settle(pilot)
        assert app.view.children[1].size.width == 297


DEVICE = "\x1b[?62;22c"
SIXEL_DEVICE = "\x1b[?64;4;22c"
KITTY_OK = "\x1b_Gi=7;OK\x1b\\"


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("", "halfcell"),
        (DEVICE, "halfcell"),
        ("j\x1b[?1;0;1024S" + SIXEL_DEVICE, "sixel"),
        (SIXEL_DEVICE, "sixel"),
        ("\x1b[?1;0;16S" + SIXEL_DEVICE, "halfcell"),
        (KITTY_OK + "\x1bP>|WezTerm 20240203\x1b\\" + SIXEL_DEVICE, "sixel"),
        (KITTY_OK + "\x1bP>|kitty(0.32.2)\x1b\\" + DEVICE, "kitty"),
        (KITTY_OK + "\x1bP>|kitty(0.27.1)\x1b\\" + DEVICE, "halfcell"),
        (KITTY_OK + "\x1bP>|ghostty 1.1.3\x1b\\" + DEVICE, "kitty"),
        (KITTY_OK + "\x1bP>|kitty(0.28.0)\x1b\\" + DEVICE, "kitty"),
        (KITTY_OK + "\x1bP>|Konsole 24.12.3\x1b\\" + DEVICE, "halfcell"),
        (KITTY_OK + "\x1bP>|Warp(v0.2025)\x1b\\" + DEVICE, "halfcell"),
        (KITTY_OK + "\x1bP>|Warp(v0.2025)\x1b\\" + SIXEL_DEVICE, "halfcell"),
        (KITTY_OK + DEVICE, "halfcell"),
        ("\x1b_Gi=7;ENOENT:bad\x1b\\\x1bP>|kitty(0.40.0)\x1b\\" + DEVICE, "halfcell"),
    ],
)
def test_the_way_of_drawing_follows_from_what_the_terminal_says(
    reply: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    monkeypatch.setattr(picture, "_why_not_ask", lambda: "")
    monkeypatch.setattr(picture, "ask_terminal", lambda: read_answer(reply))
    renderer = choose_renderer("auto")
    assert renderer.name == name
    assert renderer.why.endswith(".")
    assert choose_renderer("unicode").name == "unicode"


def test_warp_is_known_by_its_variable_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "WarpTerminal")
    monkeypatch.setattr(picture, "_why_not_ask", lambda: "")
    monkeypatch.setattr(picture, "ask_terminal", lambda: read_answer(KITTY_OK + SIXEL_DEVICE))
    assert choose_renderer("auto").name == "halfcell"


def test_the_answer_tells_the_size_of_a_cell() -> None:
    assert read_answer("\x1b[6;21;11t" + DEVICE) == Terminal(True, True, cell=(11, 21), heard="\x1b[6;21;11t" + DEVICE)
    assert read_answer("\x1b[6;0;0t" + DEVICE).cell is None
    assert read_answer("\x1b[6;21;11t") == Terminal(True, heard="\x1b[6;21;11t")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TERM", "dumb"), ("TERM_PROGRAM", "textual"), ("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")],
)
def test_some_places_are_not_asked(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(picture, "ask_terminal", lambda: pytest.fail("asked"))
    assert choose_renderer("auto").name == "halfcell"


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UsageError, match="halfcell"):
        choose_renderer("ascii\x1b[31m")


def test_blocks_need_a_smaller_picture_than_pixels() -> None:
    assert thumbnail_box(choose_renderer("sixel"), 60, 20) == (540, 380)
    assert thumbnail_box(choose_renderer("halfcell"), 60, 20) == (240, 160)
    assert thumbnail_box(choose_renderer("off"), 0, 0) == (1, 1)


needs_a_terminal = pytest.mark.skipif(importlib.util.find_spec("termios") is None, reason="needs a pseudo-terminal")


def in_a_terminal(size: tuple[int, int], reply: bytes, *words: str) -> str:
    """What a Python with these arguments writes in a terminal that answers so when it is asked."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TERM", "TEXTUAL"))}
    process = subprocess.Popen(
        [sys.executable, *words], stdin=slave, stdout=slave, stderr=slave, env=environment | {"TERM": "xterm"},
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    os.close(slave)
    guard = threading.Timer(30, process.kill)
    guard.start()
    seen = b""
    try:
        while piece := os.read(master, 4096):
            seen += piece
            if seen.endswith(b"\x1b[c"):
                os.write(master, reply)
    except OSError:  # the other end is closed
        pass
    guard.cancel()
    process.wait(30)
    os.close(master)
    return seen.decode()


@needs_a_terminal
@pytest.mark.parametrize(
    ("size", "reply", "name"),
    [((0, 0), b"", "halfcell"), ((24, 80), b"\x1b[6;21;11t" + SIXEL_DEVICE.encode(), "sixel")],
    ids=["silent, of no size", "sixel"],
)
def test_in_a_terminal(size: tuple[int, int], reply: bytes, name: str) -> None:
    program = (
        "from miareview.tui.picture import choose_renderer, cell_size; r = choose_renderer('auto');"
        "print('<', r.name, *cell_size(), '>', flush=True)"
    )
    cell = (11, 21) if reply else (10, 20)
    assert f"< {name} {cell[0]} {cell[1]} >" in in_a_terminal(size, reply, "-c", program)


@needs_a_terminal
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (KITTY_OK + "\x1bP>|kitty(0.27.1)\x1b\\" + DEVICE, "halfcell: Half blocks: kitty(0.27.1) has kitty graphics, "
         "but draws them in place only since 0.28."),
        (KITTY_OK + "\x1bP>|kitty(0.32.2)\x1b\\" + DEVICE, "kitty: Kitty graphics: kitty(0.32.2) says that it can"),
        (KITTY_OK + "\x1bP>|Warp(v0.2025)\x1b\\" + DEVICE, "halfcell: Half blocks: Warp says that it has graphics, "
         "and draws them in the wrong place."),
        ("", "halfcell: Half blocks: the terminal did not say what it can do."),
    ],
    ids=["old kitty", "kitty", "Warp", "silent"],
)  # fmt: skip
def test_doctor_says_which_way_and_why(reply: str, words: str) -> None:
    seen = in_a_terminal((24, 200), reply.encode(), "-m", "miareview", "--db", "nowhere.db", "doctor")
    assert f"pictures        {words}" in seen


def test_nothing_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys, miareview, miareview.images.load, miareview.images.library, miareview.images.cache\n"
        "assert not {'textual', 'textual_image'} & set(sys.modules)\n"
        "from miareview.tui.picture import choose_renderer\n"
        "assert choose_renderer('off').widget_class is None\n"
        "assert 'textual_image' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).resolve().parents[2], timeout=60)
