"""A strict reader of sixel pictures, for tests: what the most literal terminals make of a sequence.

Defining a colour (`#n;2;r;g;b`) does not select it; only `#n` does. Anything the pictures of this project should not
contain (undefined colours, pixels outside the announced size, pixels never painted, unknown characters) raises
ValueError.
"""

from __future__ import annotations

import re

from PIL import Image

_TOKEN = re.compile(
    r"#(?P<define>\d+);2;(?P<r>\d+);(?P<g>\d+);(?P<b>\d+)|#(?P<select>\d+)(?![;\d])|!(?P<count>\d+)(?P<repeated>[?-~])"
    r"|(?P<data>[?-~])|(?P<back>\$)|(?P<down>-)"
)


def decode(sequence: str) -> Image.Image:
    """The RGB picture of one complete sixel sequence, DCS to ST."""
    head = re.match(r'\x1bP[0-9;]*q"1;1;(\d+);(\d+)', sequence)
    if head is None or not sequence.endswith("\x1b\\"):
        raise ValueError("no sixel sequence with square pixels and a stated size")
    width, height = int(head[1]), int(head[2])
    pixels: list[tuple[int, int, int] | None] = [None] * (width * height)
    colours: dict[int, tuple[int, int, int]] = {}
    selected, x, y, at, end = 0, 0, 0, head.end(), len(sequence) - 2
    while at < end:
        token = _TOKEN.match(sequence, at, end)
        if token is None:
            raise ValueError(f"unexpected at {at}: {sequence[at : at + 20]!r}")
        at = token.end()
        if token["define"]:
            percent = [int(token[band]) for band in "rgb"]
            if max(percent) > 100:
                raise ValueError(f"colour above 100 %: {token[0]}")
            colours[int(token["define"])] = tuple(round(value * 2.55) for value in percent)  # type: ignore[assignment]
        elif token["select"]:
            selected = int(token["select"])
        elif token["back"]:
            x = 0
        elif token["down"]:
            x, y = 0, y + 6
        else:
            bits = ord(token["repeated"] or token["data"]) - 63
            for _ in range(int(token["count"] or 1)):
                for row in range(6):
                    if bits >> row & 1:
                        if x >= width or y + row >= height:
                            raise ValueError(f"a pixel outside the picture: {x}, {y + row}")
                        if selected not in colours:
                            raise ValueError(f"colour {selected} is used and not defined")
                        pixels[(y + row) * width + x] = colours[selected]
                x += 1  # noqa: SIM113
    if sequence[end - 1] == "-":
        raise ValueError("a line feed after the last band: some terminals make it six more rows")
    if None in pixels:
        raise ValueError(f"pixel {pixels.index(None)} was never painted")
    picture = Image.new("RGB", (width, height))
    picture.putdata([pixel for pixel in pixels if pixel is not None])
    return picture
