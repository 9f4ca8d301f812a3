"""Colours that can be read: in every theme every text stands out from every ground it may stand on.

Contrast is that of WCAG 2.1 (relative luminance, section 1.4.3): 4.5:1 or more for text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.color import Color

CONTRAST = 4.5
GROUNDS = ("background", "surface", "panel", "selected")
TEXTS = (
    "foreground", "muted", "primary", "secondary", "warning", "error", "success", "accent",
    "text-muted", "text-disabled", "text-primary", "text-secondary", "text-warning", "text-error", "text-success",
    "text-accent", "footer-foreground", "footer-key-foreground", "footer-description-foreground",
    *(f"component-{number}" for number in range(1, 9)),
)  # fmt: skip
FEW = {
    256: {True: ("#121212", "#3a3a3a"), False: ("#ffffff", "#d0d0d0")},
    16: {True: ("#000000", "#555555"), False: ("#ffffff", "#aaaaaa")},
}
"""Background and panel, of dark themes and of light ones, that a terminal of so many colours shows apart."""


def readable(variables: Mapping[str, str], dark: bool, colours: int = 2**24) -> dict[str, str]:
    """A theme's variables with each text moved towards white or black until it can be read on each ground."""
    made = dict(variables)
    for most in sorted(FEW, reverse=True):
        if colours <= most:
            made["background"], made["panel"] = FEW[most][dark]
            made["surface"] = made["background"]
    made["selected"] = made["footer-background"] = made["panel"]
    grounds = [Color.parse(made[name]) for name in GROUNDS]
    for name in TEXTS:
        colour = _colour(made[name], grounds[0], Color.parse(made["foreground"]))
        made[name] = legible(colour, grounds, dark).hex
    return made


def _colour(text: str, ground: Color, foreground: Color) -> Color:
    """A colour as a theme writes it; "auto 60%" is that share of the foreground."""
    if text.startswith("auto"):
        return ground.blend(foreground, float(text.removeprefix("auto").strip(" %") or 100) / 100, 1)
    colour = Color.parse(text)
    return ground.blend(colour, colour.a, 1) if colour.a < 1 else colour


def legible(colour: Color, grounds: Iterable[Color], dark: bool) -> Color:
    """The colour nearest to this one, on the way to white or black, that stands out from all these grounds."""
    grounds = list(grounds)
    end = Color(255, 255, 255) if dark else Color(0, 0, 0)
    for step in range(0, 101, 4):
        moved = colour.blend(end, step / 100, 1)
        if all(contrast(moved, ground) >= CONTRAST for ground in grounds):
            return moved
    return end


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    """Relative luminance, from 0 to 1."""
    parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
