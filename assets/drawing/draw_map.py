"""The picture of an island with a trail to a treasure."""

from __future__ import annotations

from draw_canvas import Canvas, around, star
from PIL import Image


def _palm(c: Canvas, x: float, y: float, size: float) -> None:
    c.line([(x, y), (x + 5 * size, y - 26 * size), (x + 3 * size, y - 54 * size)], "#8b5e34", 7 * size)
    for turn in (-100, -62, -24, 24, 62, 100):
        tip = around(x + 3 * size, y - 54 * size, 32 * size, turn)
        mid = around(x + 3 * size, y - 54 * size, 22 * size, turn - (13 if turn < 0 else -13) - turn * 0.08)
        leaf = [(x + 3 * size, y - 58 * size), (mid[0], mid[1] - 7 * size), tip, (mid[0], mid[1] + 6 * size)]
        c.poly(leaf, "#4a8a4b")


def _ship(c: Canvas, x: float, y: float, size: float) -> None:
    c.rect(x - 3 * size, y - 62 * size, 6 * size, 62 * size, "#6b4226")
    c.poly([(x + 5 * size, y - 58 * size), (x + 40 * size, y - 16 * size), (x + 5 * size, y - 16 * size)], "#fffaf0")
    c.poly([(x - 6 * size, y - 52 * size), (x - 34 * size, y - 16 * size), (x - 6 * size, y - 16 * size)], "#f1dfc0")
    hull = [(x - 48 * size, y - 8 * size), (x + 48 * size, y - 8 * size)]
    c.poly([*hull, (x + 30 * size, y + 16 * size), (x - 32 * size, y + 16 * size)], "#8a4b2a")


def _skull(c: Canvas, x: float, y: float, size: float) -> None:
    c.oval(x, y - 12 * size, 34 * size, 30 * size, "#8d9096")
    c.rect(x - 20 * size, y + 4 * size, 40 * size, 26 * size, "#8d9096", 6 * size)
    for side in (-1, 1):
        c.oval(x + side * 13 * size, y - 10 * size, 8 * size, 9 * size, "#33363d")
    c.poly([(x, y), (x - 5 * size, y + 9 * size), (x + 5 * size, y + 9 * size)], "#33363d")
    for k in (-9, 0, 9):
        c.rect(x + (k - 1.5) * size, y + 16 * size, 3 * size, 14 * size, "#33363d")


def _bridge(c: Canvas, x: float, y: float, size: float) -> None:
    for k in range(6):
        c.rect(x + (-36 + k * 12.6) * size, y - 9 * size, 9.5 * size, 22 * size, "#a8713f", 2 * size)
    for dy in (-14, 14):
        c.line([(x - 42 * size, y + dy * size), (x + 42 * size, y + dy * size)], "#6b4226", 4 * size)


def _cross(c: Canvas, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        c.line([(x - 20 * size, y - 20 * size * side), (x + 20 * size, y + 20 * size * side)], "#c1272d", 10 * size)


def island_map() -> Image.Image:
    """A treasure map: a dotted trail from the ship by palm grove, bridge and skull rock to a red cross; a legend."""
    c = Canvas(1060, 1300, "#e9d3a3")
    c.rect(0, 0, 1060, 1300, "#c9a66b")
    c.rect(18, 18, 1024, 1264, "#eedbb0", 26)
    c.rect(40, 40, 980, 1220, "#a8793f", 18)
    c.rect(44, 44, 972, 1212, "#eedbb0", 16)
    c.text(530, 104, "THE ISLE OF MORROW", 58, "#5b3a1a", bold=1.4)
    c.rect(76, 160, 908, 776, "#9fcbd0", 20)
    for k, (x, y) in enumerate(((330, 196), (880, 880), (116, 500), (900, 420), (420, 900), (896, 640))):
        for step in range(3):
            x0 = x + step * 26
            c.line([(x0, y), (x0 + 9, y - 7 - k % 2), (x0 + 18, y)], "#7fb3ba", 4)
    coast = [
        (300, 260), (420, 208), (560, 226), (690, 200), (820, 262), (858, 380), (836, 500), (862, 620),
        (800, 740), (690, 812), (560, 800), (450, 846), (330, 800), (262, 700), (282, 590), (226, 480), (238, 350),
    ]  # fmt: skip
    smooth: list[tuple[float, float]] = list(coast)
    for _ in range(3):  # Chaikin's corner cutting
        pairs = list(zip(smooth, smooth[1:] + smooth[:1], strict=True))
        smooth = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairs for t in (0.25, 0.75)]
    c.poly([(540 + (x - 540) * 1.05, 520 + (y - 520) * 1.06) for x, y in smooth], "#f0e0ae")
    c.poly(smooth, "#b9cf8b")
    c.line(
        [(552, 212), (564, 260), (590, 330), (548, 440), (600, 540), (566, 650), (592, 760), (596, 814)], "#8cc3d6", 26
    )
    for x, y, r in ((704, 290, 62), (786, 301, 46), (654, 303, 43)):
        c.poly([(x - r, y + r * 0.7), (x - r * 0.1, y - r), (x + r, y + r * 0.7)], "#a08a6d")
        snow = [(x - r * 0.42, y - r * 0.4), (x - r * 0.1, y - r), (x + r * 0.29, y - r * 0.4), (x, y - r * 0.26)]
        c.poly(snow, "#fbf7ec")
    trail = [
        (262, 716), (304, 690), (340, 654), (368, 612), (400, 576), (446, 552), (494, 540), (548, 536),
        (600, 538), (648, 546), (690, 566), (716, 600), (730, 640), (724, 682), (700, 716),
    ]  # fmt: skip
    for x, y in ((306, 556), (376, 524), (318, 478)):
        _palm(c, x, y, 1.05)
    _bridge(c, 590, 540, 1)
    _skull(c, 784, 590, 1.05)
    for x, y in trail:
        if not 548 <= x <= 640:
            c.disc(x, y, 7, "#7a2e1d")
    _cross(c, 664, 738, 1.05)
    _ship(c, 156, 740, 1.1)
    c.disc(160, 326, 54, "#eedbb0")
    c.poly(star(160, 326, 50, 4, 0.24), "#7a4a22")
    c.text(160, 246, "N", 34, "#5b3a1a", bold=1)
    c.rect(76, 964, 908, 262, "#a8793f", 14)
    c.rect(79, 967, 902, 256, "#f6e8c6", 12)
    c.text(108, 1004, "LEGEND", 34, "#5b3a1a", "lm", 1)
    entries = (
        (_ship, "Landing place"), (_palm, "Palm Grove"), (_bridge, "Old Bridge"),
        (_skull, "Skull Rock"), (_cross, "Treasure"),
    )  # fmt: skip
    for i, (icon, name) in enumerate(entries):
        x, y = (142, 470, 744)[i % 3], 1074 + (i // 3) * 90
        lift = {_ship: 16, _palm: 32}.get(icon, 0)
        icon(c, x, y + lift, 0.72 if icon is not _palm else 0.9)
        c.text(x + 52, y, name, 32, "#4a3218", "lm")
    x = 744
    for k in range(4):
        c.disc(x - 24 + k * 18, 1164, 6, "#7a2e1d")
    c.text(x + 52, 1164, "Trail", 32, "#4a3218", "lm")
    return c.finish()
