"""Pictures that are read: receipt, clock, chart, sign, books, forecast, timetable."""

from __future__ import annotations

from draw_canvas import Canvas, Colour, around, star
from PIL import Image

INK = "#2b2d42"


def receipt() -> Image.Image:
    """A café receipt on a wooden table: five items and their total, 21.40."""
    c = Canvas(820, 1200, "#b98258")
    for i, tone in enumerate(("#b98258", "#b27b51", "#be885f", "#b47e55", "#bb855b")):
        c.rect(i * 164, 0, 164, 1200, tone)
        c.rect(i * 164, 0, 3, 1200, "#97653f")
        for k in range(5):
            c.rect(i * 164 + 24 + 27 * k, (k * 271 + i * 130) % 1000, 3, 190, (130, 84, 50, 60), 1)
    c.rect(142, 70, 560, 1076, (60, 34, 14, 70), 4)
    c.rect(130, 56, 560, 1076, "#fffdf6")
    for i in range(28):
        x = 130 + i * 20
        c.poly([(x, 56), (x + 20, 56), (x + 10, 44)], "#fffdf6")
        c.poly([(x, 1132), (x + 20, 1132), (x + 10, 1144)], "#fffdf6")
    c.rect(372, 104, 64, 44, "#8d4f2b", 12)
    c.disc(440, 124, 15, "#8d4f2b")
    c.disc(440, 124, 8, "#fffdf6")
    c.rect(356, 152, 96, 8, "#8d4f2b", 4)
    c.text(410, 216, "CORNER CAFE", 52, INK, bold=1.4)
    c.text(410, 272, "12 Harbour Road", 27, "#6b6f83")
    c.text(410, 310, "Table 5      14 May      10:42", 27, "#6b6f83")

    def rule(y: float) -> None:
        for i in range(24):
            c.rect(172 + i * 20, y, 11, 3, "#b9bac6")

    rule(352)
    items = (("Cappuccino", "3.40"), ("Orange juice", "4.10"), ("Cheese toast", "6.80"))
    for i, (name, price) in enumerate((*items, ("Carrot cake", "4.70"), ("Sparkling water", "2.40"))):
        c.text(174, 410 + i * 68, name, 35, INK, "lm")
        c.text(646, 410 + i * 68, price, 35, INK, "rm")
    rule(734)
    c.text(174, 794, "TOTAL", 48, INK, "lm", 1.4)
    c.text(646, 794, "21.40", 48, INK, "rm", 1.4)
    c.text(174, 862, "Paid by card", 29, "#6b6f83", "lm")
    c.text(646, 862, "21.40", 29, "#6b6f83", "rm")
    rule(910)
    left = 232.0
    for i, wide in enumerate((3, 6, 2, 8, 4, 2, 6, 3, 7, 2, 4, 8, 3, 2, 6, 4, 7, 2, 3, 8, 5, 2, 6, 3, 4, 7, 2, 8)):
        c.rect(left, 946, wide * 1.3, 84, INK)
        left += wide * 1.3 + (5 if i % 3 else 9)
    c.text(410, 1082, "Thank you, see you soon!", 31, INK)
    return c.finish()


def clock() -> Image.Image:
    """A round clock on a papered wall above a shelf with a plant; it shows 4:35."""
    c = Canvas(900, 1200, "#dfe9e4")
    for stripe in range(0, 900, 90):
        c.rect(stripe, 0, 45, 1200, "#d5e2dc")
    cx, cy = 450, 440
    c.disc(cx + 12, cy + 18, 342, (40, 70, 70, 55))
    c.disc(cx, cy, 342, "#9c4a38")
    c.disc(cx, cy, 326, "#c8644c")
    c.disc(cx, cy, 296, "#fffaf0")
    for minute in range(60):
        big = minute % 5 == 0
        c.line([around(cx, cy, 262 if big else 272, minute * 6), around(cx, cy, 282, minute * 6)], INK, 7 if big else 3)
    for hour in range(1, 13):
        x, y = around(cx, cy, 226, hour * 30)
        c.text(x, y, str(hour), 58, INK, bold=1.2)
    c.line([around(cx, cy, 30, 317.5), around(cx, cy, 118, 137.5)], INK, 20)
    c.line([around(cx, cy, 44, 30), around(cx, cy, 172, 210)], INK, 11)
    c.disc(cx, cy, 22, "#c8644c")
    c.disc(cx, cy, 9, "#fffaf0")
    c.rect(92, 1052, 728, 22, (40, 70, 70, 50), 4)
    c.rect(80, 1030, 740, 30, "#a9744a", 4)
    c.rect(170, 1060, 26, 60, "#8d5f3a", 4)
    c.rect(704, 1060, 26, 60, "#8d5f3a", 4)
    for lean in (-62, -34, -8, 20, 46, 70):
        tip, mid = around(236, 938, 128, lean), around(236, 938, 74, lean)
        side = around(0, 0, 21, lean + 90)
        c.poly([(236, 938), (mid[0] + side[0], mid[1] + side[1]), tip, (mid[0] - side[0], mid[1] - side[1])], "#4f8f5b")
        c.line([(236, 938), around(236, 938, 112, lean)], "#3d7549", 3)
    c.poly([(176, 930), (296, 930), (276, 1030), (196, 1030)], "#e2a33f")
    c.rect(168, 918, 136, 26, "#cf8f2c", 5)
    for i, (wide, tall, tone) in enumerate(((44, 128, "#3f6c8f"), (36, 150, "#d9b44a"), (50, 116, "#7a4f7d"))):
        x = 560 + (0, 46, 84)[i]
        c.rect(x, 1030 - tall, wide, tall, tone, 4)
        c.rect(x + 6, 1030 - tall + 16, wide - 12, 7, (255, 255, 255, 150), 3)
        c.rect(x + 6, 1030 - 26, wide - 12, 5, (255, 255, 255, 150), 2)
    return c.finish()


def chart() -> Image.Image:
    """A bar chart of books lent on six days, every bar with its number."""
    c = Canvas(1200, 800, "#fbfaf5")
    c.text(100, 66, "Books lent per day", 44, INK, "lm", 1.1)
    c.text(100, 114, "Riverside Library, first week of June", 26, "#7b7f93", "lm")
    base, top = 690, 180

    def height(value: float) -> float:
        return (base - top) * value / 80

    for value in range(0, 81, 20):
        y = base - height(value)
        c.rect(130, y - 1, 1010, 2 if value else 3, "#d9d8d2" if value else INK)
        c.text(112, y, str(value), 25, "#5c6075", "rm")
    c.text_up(44, (base + top) / 2, "Number of books", 25, "#5c6075")
    for i, (day, value) in enumerate((("Mon", 42), ("Tue", 35), ("Wed", 58), ("Thu", 27), ("Fri", 49), ("Sat", 71))):
        x, h = 176 + i * 162, height(value)
        tone = {71: "#e76f51", 27: "#8ab6c9"}.get(value, "#3f8ea8")
        c.rect(x, base - h, 106, h - 1, tone, 8)
        c.rect(x, base - 12, 106, 11, tone)
        c.text(x + 53, base - h - 25, str(value), 34, INK, bold=0.8)
        c.text(x + 53, base + 32, day, 30, INK)
    c.text(635, 768, "Day of the week", 25, "#5c6075")
    return c.finish()


def sign() -> Image.Image:
    """A wooden shop sign on a rope, with nothing around it (transparent)."""

    def shapes(c: Canvas, solid: Colour | None) -> None:
        c.line([(190, 330), (500, 74), (810, 330)], solid or "#8a6b4a", 12)
        c.disc(500, 66, 24, solid or "#5d6472")
        c.rect(70, 310, 860, 540, solid or "#5f3d25", 46)

    mask = Canvas(1000, 900, "black")
    shapes(mask, "white")
    c = Canvas(1000, 900, "#8a6b4a")
    shapes(c, None)
    c.disc(500, 66, 10, "#cfd3da")
    c.rect(86, 326, 828, 508, "#1f5c57", 34)
    c.rect(104, 344, 792, 472, "#e8d9b5", 24)
    c.rect(110, 350, 780, 460, "#1f5c57", 20)
    for x in (190, 810):
        c.disc(x, 378, 13, "#123a37")
    c.text(500, 442, "SORRY, WE ARE", 62, "#f6ead0", bold=0.8)
    c.text(500, 560, "CLOSED", 148, "#ffd166", bold=4)
    c.rect(270, 656, 460, 4, "#e8d9b5", 2)
    c.text(500, 726, "Back at 2:30", 74, "#f6ead0", bold=0.8)
    for x in (224, 776):
        c.poly(star(x, 658, 20), "#ffd166")
    picture = c.finish()
    picture.putalpha(mask.finish().convert("L"))
    return picture


def books() -> Image.Image:
    """Eight books with titles on a shelf; three of them are blue."""
    c = Canvas(1300, 880, "#f3e3cf")
    for row in range(13):
        for column in range(22):
            c.disc(15 + 60 * column + 30 * (row % 2), 24 + 60 * row, 4, "#ecd6bb")
    c.rect(0, 742, 1300, 54, "#8b5a36")
    c.rect(0, 742, 1300, 8, "#a87248")
    c.rect(0, 796, 1300, 84, "#d8bf9f")
    c.rect(0, 796, 1300, 16, (70, 40, 20, 60))
    blue, foot = "#2f6fb7", 742
    shelf = (
        ("Garden Year", "#b5443c", 96, 520), ("Tides", blue, 84, 430), ("Slow Bread", "#e0a930", 104, 480),
        ("Northern Lights", blue, 100, 580), ("Moss", "#4c8b4f", 78, 400), ("Chess Endings", "#774a86", 92, 540),
        ("Atlas of Clouds", blue, 112, 560), ("Paper Kites", "#dd7a3b", 90, 470),
    )  # fmt: skip
    x = 74.0
    for title, tone, wide, tall in shelf:
        c.rect(x, foot - tall, wide, tall, tone, 7)
        c.rect(x, foot - tall + 6, 9, tall - 6, (255, 255, 255, 50))
        c.rect(x + wide - 9, foot - tall + 6, 9, tall - 6, (0, 0, 0, 45))
        for y in (foot - tall + 34, foot - tall + 46, foot - 46, foot - 34):
            c.rect(x + 9, y, wide - 18, 4, "#f7e7b4")
        c.text_up(x + wide / 2, foot - tall / 2, title, 44, "#fff8e6", 0.8)
        x += wide + 6
    c.poly([(944, 560), (1104, 560), (1086, 742), (962, 742)], "#d9d4c7")
    c.rect(930, 534, 188, 38, "#e8e3d8", 8)
    c.rect(1014, 320, 10, 214, "#5b8c57")
    for side in (-1, 1):
        for y, size in ((450, 78), (380, 64)):
            tip = (1019 + side * size, y - 48)
            c.poly([(1019, y), (1019 + side * 16, y - 44), tip, (1019 + side * size * 0.6, y - 4)], "#6fa368")
    for k in range(8):
        x0, y0 = around(1019, 290, 52, k * 45)
        c.disc(x0, y0, 27, "#f2c14e")
    c.disc(1019, 290, 36, "#8a5a2b")
    c.disc(1209, 694, 48, "#c0533f")
    c.oval(1190, 676, 10, 15, (255, 255, 255, 90))
    c.line([(1209, 648), (1216, 624)], "#6b4a2b", 7)
    c.poly([(1216, 634), (1240, 612), (1252, 628)], "#5b8c57")
    return c.finish()


def _weather(c: Canvas, kind: str, x: float, y: float) -> None:
    def cloud(tone: str) -> None:
        c.disc(x - 36, y + 8, 30, tone)
        c.disc(x + 2, y - 14, 40, tone)
        c.disc(x + 42, y + 10, 28, tone)
        c.rect(x - 62, y + 8, 128, 30, tone, 15)

    if kind == "sun":
        for k in range(12):
            c.line([around(x, y, 56, k * 30), around(x, y, 74, k * 30)], "#f6b73c", 8)
        c.disc(x, y, 44, "#f9c74f")
        return
    if kind == "shower":
        c.disc(x + 30, y - 30, 34, "#f9c74f")
    cloud({"cloud": "#b8c4d6", "shower": "#c3cedd", "rain": "#93a4bd", "storm": "#6b7a94"}[kind])
    if kind in ("rain", "shower"):
        for k in range(4 if kind == "rain" else 3):
            dx = x - 44 + k * (30 if kind == "rain" else 42)
            c.line([(dx, y + 52), (dx - 9, y + 78)], "#4d8fd1", 7)
    if kind == "storm":
        zigzag = ((4, 34), (-22, 66), (-2, 66), (-14, 96), (24, 56), (4, 56))
        c.poly([(x + dx, y + dy) for dx, dy in zigzag], "#ffcf3f")


def forecast() -> Image.Image:
    """A forecast of five days: temperature, chance of rain, wind. Only Wednesday is dry, warm and calm."""
    c = Canvas(1280, 760, "#24507d")
    c.fade(0, 0, 1280, 760, (44, 96, 146), (132, 182, 214))
    c.text(60, 76, "Five-day forecast", 52, "white", "lm", 1)
    c.text(60, 130, "Lakeside Valley", 32, "#d8e8f5", "lm")
    days = (
        ("Mon", "rain", 14, 80, 30), ("Tue", "cloud", 17, 40, 20), ("Wed", "sun", 21, 5, 10),
        ("Thu", "storm", 18, 90, 45), ("Fri", "shower", 16, 60, 25),
    )  # fmt: skip
    for i, (day, kind, degrees, rain, wind) in enumerate(days):
        x = 60 + i * 236
        c.rect(x + 4, 188, 216, 512, (10, 40, 70, 60), 26)
        c.rect(x, 180, 216, 512, "#f7fbff", 26)
        c.text(x + 108, 226, day, 42, INK, bold=1)
        _weather(c, kind, x + 106, 332)
        c.text(x + 112, 478, f"{degrees}°", 76, INK, bold=1)
        c.rect(x + 24, 540, 168, 2, "#d5dfe9")
        c.text(x + 20, 580, "Rain", 25, "#5f6f86", "lm")
        c.text(x + 197, 580, f"{rain} %", 27, INK, "rm", 0.5)
        c.text(x + 20, 638, "Wind", 25, "#5f6f86", "lm")
        c.text(x + 197, 638, f"{wind} km/h", 27, INK, "rm", 0.5)
    return c.finish()


def timetable() -> Image.Image:
    """The board of a bus stop: three lines, departures of the morning."""
    c = Canvas(880, 1240, "#cfe3ea")
    c.fade(0, 0, 880, 1240, (190, 221, 234), (232, 241, 236))
    c.rect(0, 1150, 880, 90, "#9aa3a8")
    c.rect(410, 1060, 60, 150, "#59636b")
    c.rect(340, 1190, 200, 24, "#4a535a", 8)
    c.rect(52, 40, 776, 1060, (30, 50, 70, 60), 30)
    c.rect(44, 30, 776, 1060, "#1d3b53", 30)
    c.rect(62, 240, 740, 832, "#fdfcf7", 16)
    c.rect(84, 66, 130, 130, "#ffd166", 22)
    c.rect(107, 92, 84, 72, INK, 12)
    c.rect(115, 100, 68, 32, "#bfe3f0", 5)
    for x in (128, 170):
        c.disc(x, 166, 11, INK)
        c.disc(x, 148, 6, "#ffd166")
    c.text(244, 106, "MARKET SQUARE", 52, "white", "lm", 1.2)
    c.text(244, 166, "Departures, Monday to Friday", 30, "#bcd3e2", "lm")
    lines = (
        ("4", "Harbour", "#d1495b", ("8:10", "8:40", "9:25", "9:55")),
        ("7", "Mill Lane", "#2e7f74", ("8:05", "8:35", "9:05", "9:35")),
        ("12", "Airport", "#3f6fb5", ("8:30", "9:15", "10:00", "10:45")),
    )
    for i, (number, place, tone, times) in enumerate(lines):
        y = 268 + i * 248
        c.rect(88, y, 96, 72, tone, 14)
        c.text(136, y + 36, number, 48, "white", bold=1.2)
        c.text(212, y + 36, place, 46, INK, "lm", 0.9)
        for k, time in enumerate(times):
            c.rect(88 + k * 174, y + 98, 160, 86, "#eaf0ee", 12)
            c.text(168 + k * 174, y + 141, time, 44, INK, bold=0.5)
        c.rect(88, y + 210, 688, 3, "#d5dcda")
    c.text(432, 1034, "No service on public holidays", 28, "#6b7785")
    return c.finish()
