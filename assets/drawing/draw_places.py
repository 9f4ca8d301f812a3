"""Pictures that are looked at: street, kitchen, harbour, park."""

from __future__ import annotations

from math import sin

from draw_canvas import Canvas, Points, around
from PIL import Image

INK = "#2b2d42"


def _car(c: Canvas, x: float, y: float, tone: str, dark: str) -> None:
    """A car whose left wheel stands at height y; 250 wide."""
    c.oval(x + 125, y + 6, 136, 14, (20, 20, 30, 70))
    c.poly([(x + 42, y - 78), (x + 82, y - 136), (x + 172, y - 136), (x + 214, y - 78)], tone)
    c.poly([(x + 60, y - 80), (x + 90, y - 124), (x + 122, y - 124), (x + 122, y - 80)], "#dff1f7")
    c.poly([(x + 133, y - 80), (x + 133, y - 124), (x + 164, y - 124), (x + 194, y - 80)], "#dff1f7")
    c.rect(x, y - 84, 250, 64, tone, 22)
    c.rect(x + 2, y - 44, 246, 24, dark, 12)
    c.rect(x + 134, y - 66, 26, 7, dark, 3)
    c.oval(x + 240, y - 62, 9, 11, "#ffe9a8")
    c.rect(x + 1, y - 68, 10, 16, "#5b1f1f", 4)
    for wheel in (58, 192):
        c.disc(x + wheel, y - 20, 31, "#23252f")
        c.disc(x + wheel, y - 20, 14, "#c9ccd3")


def _house(c: Canvas, x: float, top: float, w: float, base: float, tone: str, roof: str, columns: int) -> None:
    c.rect(x, top, w, base - top, tone)
    c.rect(x - 12, top - 20, w + 24, 24, roof, 4)
    gap = w / columns
    for row in range(int((base - 190 - top) // 104)):
        for k in range(columns):
            wx, wy = x + gap * (k + 0.5) - 30, top + 34 + row * 104
            c.rect(wx - 5, wy - 5, 70, 82, "#fbf3e0", 3)
            c.rect(wx, wy, 60, 72, "#8fc1d9")
            c.poly([(wx, wy + 46), (wx + 46, wy), (wx + 60, wy), (wx, wy + 62)], (255, 255, 255, 70))
            c.rect(wx + 28, wy, 4, 72, "#fbf3e0")
            c.rect(wx - 9, wy + 76, 78, 9, roof, 3)


def street() -> Image.Image:
    """A street with three parked cars, two red and one yellow, before a bakery that opens 7-18."""
    c = Canvas(1280, 860, "#9fd3ea")
    c.fade(0, 0, 1280, 610, (122, 194, 232), (226, 240, 236))
    c.disc(1130, 96, 54, "#ffe08a")
    for x, y in ((150, 84), (640, 66)):
        c.disc(x, y, 30, "white")
        c.disc(x + 40, y - 14, 38, "white")
        c.disc(x + 84, y, 28, "white")
        c.rect(x - 28, y + 2, 138, 28, "white", 14)
    base = 600
    _house(c, 40, 176, 350, base, "#c9705a", "#8e4838", 3)
    _house(c, 440, 236, 400, base, "#ecc98b", "#a8753d", 3)
    _house(c, 890, 150, 350, base, "#7fa68a", "#4f735b", 3)
    for x in (176, 1026):
        c.rect(x - 6, 462, 90, 138, "#fbf3e0", 4)
        c.rect(x, 468, 78, 132, "#5d4037", 3)
        c.disc(x + 64, 538, 5, "#ffd166")
    c.rect(456, 410, 368, 62, "#27406b", 8)
    c.text(484, 441, "BAKERY", 42, "#fff4d6", "lm", 1)
    c.text(796, 441, "7-18", 42, "#ffd166", "rm", 1)
    for k in range(10):
        left = 456 + k * 36.8
        tone = "#e4572e" if k % 2 == 0 else "#fff4e0"
        c.rect(left, 472, 36.8, 34, tone)
        c.pie(left + 18.4, 506, 18.4, 12, 0, 180, tone)
    c.rect(470, 522, 226, 78, "#6b4a2f", 4)
    c.rect(478, 528, 210, 72, "#ffeec2")
    for x, y in ((518, 576), (583, 576), (648, 576)):
        c.oval(x, y, 27, 15, "#c98a3c")
        for k in (-11, 0, 11):
            c.line([(x + k - 3, y - 7), (x + k + 3, y + 5)], "#9c6424", 3)
    c.rect(478, 592, 210, 8, "#8a6340")
    c.rect(730, 514, 78, 86, "#6b4a2f", 4)
    c.rect(738, 522, 62, 78, "#bfe0ea")
    c.disc(792, 566, 5, "#6b4a2f")
    c.rect(0, 600, 1280, 44, "#d8d2c4")
    c.rect(0, 638, 1280, 12, "#a9a395")
    c.rect(0, 650, 1280, 210, "#6e737d")
    for k in range(8):
        c.rect(20 + k * 170, 796, 96, 12, "#f3eccb", 3)
    _car(c, 70, 736, "#d62f37", "#a91f2a")
    _car(c, 500, 736, "#f4c020", "#cf9a0d")
    _car(c, 930, 736, "#d62f37", "#a91f2a")
    return c.finish()


def kitchen() -> Image.Image:
    """A kitchen counter with fruit: five red apples, three lemons, two green pears."""
    c = Canvas(1300, 880, "#f4efe4")
    for row in range(5):
        for k in range(11):
            c.rect(k * 120 + 4, row * 120 + 4, 112, 112, "#e3eee9" if (k + row) % 2 else "#eaf3ef", 6)
    c.rect(0, 0, 1300, 24, "#6b8f86")
    c.rect(60, 92, 430, 300, "#fdfaf2", 10)
    c.fade(76, 108, 398, 276, (143, 203, 236), (214, 238, 245))
    hill = [(76 + k * 19.9, 300 - 44 * sin(k / 20 * 3.1 + 0.4)) for k in range(21)]
    c.poly([*hill, (474, 384), (76, 384)], "#8fc58c")
    hill = [(76 + k * 19.9, 356 - 62 * sin(k / 20 * 2.6 - 0.9)) for k in range(21)]
    c.poly([*hill, (474, 384), (76, 384)], "#79b57c")
    c.rect(268, 108, 14, 276, "#fdfaf2")
    c.rect(40, 384, 470, 20, "#d9c7a5", 6)
    c.rect(640, 150, 560, 16, "#a9744a", 4)
    for x, tone in ((690, "#e07a5f"), (800, "#81b29a"), (910, "#f2cc8f")):
        c.rect(x, 72, 78, 78, tone, 10)
        c.rect(x + 8, 58, 62, 18, "#8a5a36", 6)
        c.rect(x + 14, 98, 50, 26, "#fffaf0", 4)
    for k in range(3):
        x = 1030 + k * 56
        c.line([(x, 166), (x, 214)], "#7d8790", 6)
        c.oval(x, 246, 21, 34, "#9aa4ac")
        c.oval(x, 242, 13, 24, "#b4bdc4")
    c.rect(0, 560, 1300, 320, "#b78454")
    c.rect(0, 560, 1300, 26, "#cf9c69")
    c.rect(0, 838, 1300, 42, "#8f6238")
    for k in range(9):
        c.rect(40 + k * 148, 612 + (k * 67) % 200, 104, 4, (120, 78, 40, 70), 2)
    c.rect(1044, 420, 150, 220, "#5b8fb0", 26)
    c.rect(1060, 404, 118, 26, "#4a7893", 10)
    c.pie(1194, 520, 46, 62, 270, 90, "#5b8fb0")
    c.pie(1194, 520, 26, 40, 270, 90, "#e3eee9")
    c.rect(1064, 450, 16, 150, (255, 255, 255, 70), 8)

    def apple(x: float, y: float) -> None:
        c.oval(x, y + 50, 54, 12, (70, 40, 10, 70))
        c.disc(x - 20, y, 42, "#d1343b")
        c.disc(x + 20, y, 42, "#d1343b")
        c.oval(x, y + 16, 46, 36, "#d1343b")
        c.oval(x - 28, y - 12, 10, 15, (255, 255, 255, 110))
        c.line([(x, y - 32), (x + 7, y - 60)], "#6b4226", 7)
        c.poly([(x + 8, y - 48), (x + 32, y - 66), (x + 46, y - 50), (x + 26, y - 42)], "#5f9f4f")

    def lemon(x: float, y: float) -> None:
        c.oval(x, y + 38, 58, 11, (70, 40, 10, 70))
        c.oval(x, y, 58, 40, "#f5d033")
        c.oval(x - 58, y, 12, 11, "#f5d033")
        c.oval(x + 58, y, 12, 11, "#f5d033")
        c.oval(x - 20, y - 14, 18, 9, (255, 255, 255, 130))

    def pear(x: float, y: float) -> None:
        c.oval(x, y + 56, 54, 12, (70, 40, 10, 70))
        c.oval(x, y + 14, 50, 46, "#9dbb4a")
        c.oval(x, y - 34, 30, 42, "#9dbb4a")
        c.poly([(x - 29, y - 34), (x + 29, y - 34), (x + 46, y + 6), (x - 46, y + 6)], "#9dbb4a")
        c.oval(x - 18, y + 6, 9, 20, (255, 255, 255, 90))
        c.line([(x, y - 72), (x + 5, y - 98)], "#6b4226", 7)

    for x in (120, 250, 380):
        apple(x, 622)
    for x in (185, 315):
        apple(x, 748)
    for x, y in ((570, 640), (740, 640), (655, 752)):
        lemon(x, y)
    for x in (890, 1010):
        pear(x, 742)
    return c.finish()


def harbour() -> Image.Image:
    """A harbour at night: crescent moon, lighthouse with its beam, four sailing boats at anchor."""
    c = Canvas(1360, 860, "#0f1b3d")
    c.fade(0, 0, 1360, 560, (13, 22, 58), (64, 74, 130))
    for k in range(70):
        x, y = (k * 197 + 31) % 1360, (k * k * 53 + k * 89) % 400
        if abs(x - 300) > 120 or abs(y - 150) > 110:
            c.disc(x, y, (1.6, 2.2, 3)[k % 3], "#f4f1d8")
    outer = [around(300, 150, 74, degrees) for degrees in range(123, 378, 3)]
    inner = [around(319, 143, 64, degrees) for degrees in range(362, 136, -3)]
    c.poly(outer + inner, "#fdf3c7")
    hills = [(0, 470), (150, 430), (330, 486), (520, 440), (700, 500), (900, 470), (1060, 520), (1360, 540)]
    c.poly([(0, 560), *hills, (1360, 560)], "#202a52")
    for k in range(9):
        x, tall = 40 + k * 62, (44, 62, 50, 74, 46, 66, 52, 58, 44)[k]
        c.rect(x, 560 - tall, 54, tall, ("#2d3765", "#37406f", "#29325c")[k % 3])
        c.poly([(x - 4, 560 - tall), (x + 27, 536 - tall), (x + 58, 560 - tall)], "#4a3f5f")
        c.rect(x + 12, 560 - tall + 14, 11, 13, "#ffd166")
        c.rect(x + 32, 560 - tall + 14, 11, 13, "#ffd166" if k % 2 else "#3d4677")
    c.fade(0, 560, 1360, 300, (38, 54, 108), (12, 22, 54))
    for k in range(6):
        c.rect(262 - k * 4 + (k % 2) * 22, 586 + k * 42, 66 + k * 8, 6, (253, 243, 199, 120), 3)
    for k in range(26):
        c.rect((k * 211) % 1300, 580 + (k * 47) % 260, 50 + k % 4 * 14, 3, (130, 150, 210, 70), 1)
    for k in range(24):
        reach = 120 + k * 24
        end = [(1150 - reach, 250 - reach * 0.17), (1150 - reach, 250 + reach * 0.1)]
        c.poly([(1150, 240), *end, (1150, 258)], (255, 233, 150, 6))
    rock = [(1040, 590), (1080, 556), (1130, 546), (1200, 548), (1270, 560), (1360, 552)]
    c.poly([*rock, (1360, 650), (1060, 636)], "#171c38")
    c.poly([(1116, 550), (1136, 290), (1196, 290), (1216, 550)], "#f3efe4")
    for k in (0, 2):
        y0, y1 = 350 + k * 52, 402 + k * 52
        a0, a1 = 20 * (y0 - 290) / 260, 20 * (y1 - 290) / 260
        c.poly([(1136 - a0, y0), (1196 + a0, y0), (1196 + a1, y1), (1136 - a1, y1)], "#cf3e46")
    c.rect(1122, 276, 88, 16, "#2a2f4e", 3)
    c.rect(1142, 222, 48, 54, "#ffe9a0", 4)
    c.rect(1163, 222, 6, 54, "#2a2f4e")
    c.poly([(1134, 224), (1166, 184), (1198, 224)], "#cf3e46")
    c.rect(1152, 500, 28, 50, "#5a4a42", 8)

    def boat(x: float, y: float, size: float, sail: str) -> None:
        c.oval(x, y + 34 * size, 90 * size, 9 * size, (5, 10, 30, 110))
        c.rect(x - 3 * size, y - 150 * size, 6 * size, 156 * size, "#c9b59a")
        c.poly([(x + 8 * size, y - 144 * size), (x + 76 * size, y - 12 * size), (x + 8 * size, y - 12 * size)], sail)
        c.poly([(x - 8 * size, y - 124 * size), (x - 58 * size, y - 12 * size), (x - 8 * size, y - 12 * size)], sail)
        bottom = [(x + 62 * size, y + 34 * size), (x - 62 * size, y + 34 * size)]
        c.poly([(x - 86 * size, y), (x + 90 * size, y), *bottom], "#8a4b3a")
        c.rect(x - 86 * size, y - 2 * size, 176 * size, 8 * size, "#f3efe4")

    boat(180, 690, 0.9, "#f5efe0")
    boat(452, 650, 0.72, "#f5efe0")
    boat(690, 724, 1.05, "#e8873a")
    boat(958, 676, 0.84, "#f5efe0")
    return c.finish()


def _tree(c: Canvas, x: float, y: float, size: float, tone: str, dark: str) -> None:
    c.rect(x - 13 * size, y - 110 * size, 26 * size, 110 * size, "#8a5f3c", 6 * size)
    for dx, dy, r in ((-48, -150, 58), (46, -148, 60), (0, -206, 72), (0, -140, 60)):
        c.disc(x + dx * size, y + dy * size, r * size, dark if dy == -140 else tone)


def park() -> Image.Image:
    """A park: a woman reads on a red bench, a boy flies a kite, a brown dog sits by a pond with three ducks."""
    c = Canvas(1340, 900, "#bfe3f2")
    c.fade(0, 0, 1340, 480, (150, 212, 240), (232, 245, 240))
    for x, y in ((700, 110), (980, 70)):
        c.disc(x, y, 26, "white")
        c.disc(x + 36, y - 12, 34, "white")
        c.disc(x + 74, y, 24, "white")
        c.rect(x - 24, y + 2, 120, 24, "white", 12)
    c.oval(300, 560, 620, 190, "#a9d394")
    c.oval(1080, 570, 640, 200, "#9ccb88")
    c.rect(0, 480, 1340, 420, "#8cc276")
    c.fade(0, 480, 1340, 420, (150, 204, 126), (112, 176, 96))
    _tree(c, 110, 560, 1.25, "#5e9e5b", "#528f51")
    _tree(c, 1230, 540, 1.15, "#6aa95f", "#5b9953")
    _tree(c, 446, 500, 0.7, "#77b06a", "#68a25d")
    c.oval(960, 744, 320, 118, "#d9c99a")
    c.oval(960, 740, 302, 106, "#7fbfdc")
    for x, y in ((800, 690), (1040, 806), (1120, 710), (860, 800)):
        c.rect(x, y, 70, 4, "#b8e0ef", 2)

    def duck(x: float, y: float) -> None:
        c.oval(x, y + 22, 52, 8, "#5fa3c4")
        c.oval(x, y, 46, 25, "#fdf8ea")
        c.poly([(x - 38, y - 6), (x - 62, y - 22), (x - 28, y - 16)], "#fdf8ea")
        c.disc(x + 36, y - 30, 20, "#fdf8ea")
        c.rect(x + 24, y - 30, 22, 26, "#fdf8ea", 8)
        c.poly([(x + 53, y - 36), (x + 76, y - 27), (x + 53, y - 21)], "#f2932e")
        c.disc(x + 42, y - 35, 3.6, INK)
        c.oval(x - 6, y - 2, 24, 12, "#e6dcc3")

    duck(814, 750)
    duck(974, 706)
    duck(1110, 768)
    # the bench and the reader
    for x in (190, 414):
        c.rect(x, 640, 16, 96, "#5b4636", 4)
    for y in (566, 600, 634):
        c.rect(166, y, 288, 22, "#cc3d3d", 6)
    c.rect(306, 560, 66, 96, "#4f74b3", 20)
    c.rect(303, 520, 44, 82, "#5d3a22", 20)
    c.disc(339, 522, 34, "#5d3a22")
    c.disc(346, 528, 27, "#f0c39c")
    c.pie(341, 520, 35, 34, 180, 350, "#5d3a22")
    c.disc(354, 533, 3.4, INK)
    c.disc(368, 533, 3.4, INK)
    c.rect(306, 640, 104, 34, "#34406b", 16)
    for x in (372, 392):
        c.rect(x - 8, 652, 24, 92, "#34406b", 10)
        c.rect(x - 8, 732, 40, 16, "#5a3825", 8)
    c.line([(322, 584), (340, 626), (390, 612)], "#43639a", 18)
    c.poly([(378, 588), (412, 602), (412, 634), (378, 620)], "#f6e7b8")
    c.poly([(412, 602), (446, 588), (446, 620), (412, 634)], "#fff6d8")
    c.line([(412, 602), (412, 634)], "#b8863b", 4)
    # the boy, his string and the kite
    string: Points = [(706, 470), (694, 414), (676, 360), (653, 312), (626, 268), (592, 224)]
    c.line(string, "#6d6f7a", 3)
    c.poly([(560, 110), (620, 160), (590, 240), (524, 184)], "#e8513f")
    c.poly([(560, 110), (620, 160), (557, 172)], "#f9c74f")
    c.poly([(590, 240), (524, 184), (557, 172)], "#f9c74f")
    c.line([(590, 240), (612, 270), (590, 296), (608, 322)], "#e8513f", 3)
    for x, y in ((604, 262), (596, 292)):
        c.poly([(x - 12, y - 8), (x + 12, y + 8), (x + 12, y - 8), (x - 12, y + 8)], "#4f74b3")
    for x in (728, 756):
        c.rect(x - 10, 556, 20, 62, "#3f5873", 8)
        c.rect(x - 14, 606, 30, 14, "#7a2e2e", 7)
    c.rect(712, 486, 60, 84, "#f2a63c", 18)
    c.disc(742, 456, 31, "#f0c39c")
    c.pie(742, 450, 33, 31, 170, 370, "#3d2a1c")
    c.disc(732, 464, 3.4, INK)
    c.disc(752, 464, 3.4, INK)
    c.line([(722, 512), (706, 472)], "#f0c39c", 14)
    c.line([(764, 510), (776, 552)], "#f0c39c", 14)
    # the dog
    x, y = 520, 774
    c.oval(x, y + 74, 86, 13, (40, 80, 40, 80))
    c.line([(x - 62, y + 58), (x - 96, y + 34), (x - 98, y + 8)], "#9a6233", 15)
    c.poly([(x - 66, y + 72), (x - 58, y + 8), (x - 4, y - 52), (x + 44, y - 40), (x + 44, y + 72)], "#9a6233")
    c.oval(x - 28, y + 40, 46, 36, "#9a6233")
    for dx in (12, 38):
        c.rect(x + dx - 9, y - 6, 20, 80, "#8a5529", 9)
    c.disc(x + 32, y - 64, 38, "#9a6233")
    c.rect(x + 46, y - 70, 48, 30, "#b57b47", 13)
    c.oval(x + 92, y - 64, 8, 7, INK)
    c.disc(x + 44, y - 74, 5, INK)
    c.oval(x + 8, y - 58, 14, 28, "#6f4220")
    c.rect(x + 4, y - 36, 56, 12, "#d62f37", 5)
    return c.finish()
