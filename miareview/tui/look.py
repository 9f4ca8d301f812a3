"""Colours and small signs that several widgets share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap

from textual.content import Content
from textual.theme import Theme

from miareview.model import points_text
from miareview.text import JOINER, cells, clip, visible

THEME = Theme(
    name="miareview",
    primary="#7aa2f7",
    secondary="#bb9af7",
    accent="#7dcfff",
    success="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    foreground="#c0caf5",
    background="#16161e",
    surface="#1a1b26",
    panel="#202434",
    dark=True,
    variables={"footer-key-foreground": "#e0af68", "block-cursor-text-style": "none"},
)

# A component keeps its colour in the instruction and in the table; its number always stands beside the colour.
DARK = ("#7aa2f7", "#e0af68", "#bb9af7", "#9ece6a", "#7dcfff", "#ff9e64", "#f7768e", "#73daca")
LIGHT = ("#2e5bc4", "#8c5a00", "#7a3fc0", "#3f7a1f", "#006d87", "#b15c00", "#b3273f", "#0f766e")
PARTS = {Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔"}
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LEAST = 6  # cells that every name has


def theme_variables(dark: bool) -> dict[str, str]:
    """Theme variables: `$component-1` … for components, `$muted` and `$faint` for quiet text."""
    named = {f"component-{number}": colour for number, colour in enumerate(DARK if dark else LIGHT, start=1)}
    quiet = {"muted": "#7a83ab", "faint": "#3b4261"} if dark else {"muted": "#6b7080", "faint": "#a4a9b8"}
    return named | quiet | {"selected": "#202434" if dark else "#dfe3ee"}  # `themes` makes it the theme's own


def component_style(position: int, extra: str = "") -> str:
    """The style of the component at that position (from 1)."""
    return f"$component-{(position - 1) % len(DARK) + 1} {extra}".strip()


def superscript(number: int) -> str:
    return "".join(SUPERSCRIPTS[int(digit)] for digit in str(number))


def show_points(points: Fraction | None) -> str:
    """Points for a table cell: "3", "3½", "24⅓", "3.7"; "?" where there is no value."""
    if points is None:
        return "?"
    whole, rest = divmod(points, 1)
    if sign := PARTS.get(rest):
        return f"{whole or ''}{sign}"
    text = points_text(points)
    return f"≈{float(points):.2f}" if len(text) > 5 or (whole and "/" in text) else text


def show_difference(difference: Fraction) -> str:
    if difference == 0:
        return "="
    return f"{'+' if difference > 0 else '−'}{show_points(abs(difference))}"


def short_names(names: Sequence[str], width: int) -> dict[str, str]:
    """Names for columns of `width` cells, by the whole name.

    Where their beginnings would be the same, their ends are shown, and where these are the same too, their numbers.
    """
    begun = {name: clip(name, width) for name in names}
    ended = {name: clip(name, width) if cells(name) <= width else f"…{tail(name, width - 1)}" for name in names}
    counted = {name: f"#{number}" for number, name in enumerate(names, start=1)}
    return next(
        (found for found in (begun, ended) if len({text.casefold() for text in found.values()}) == len(found)), counted
    )


def names_within(names: Sequence[str], room: int) -> list[str]:
    """Foreign names that take at most `room` cells together, as long as each can have a few: the longest are cut."""
    shown = [visible(name, newlines=False) for name in names]
    sizes = [cells(name) for name in shown]
    most = next(
        (size for size in range(max(sizes, default=0), LEAST, -1) if sum(min(size, n) for n in sizes) <= room), LEAST
    )
    return [clip(name, most) for name in shown]


def tail(name: str, width: int) -> str:
    """The last `width` cells of a name, in one visible line."""
    line = visible(name, newlines=False)
    while cells(line) > width:
        line = line[1:]
    return line


def shorten(content: Content, width: int, pad: bool = False) -> Content:
    """At most `width` cells of it, cut with … where it is too long, and never between two joined signs."""
    cut, room = content.truncate(width, ellipsis=True), width
    while f"{JOINER}…" in cut.plain:
        room -= 1
        cut = content.truncate(room, ellipsis=True)
    return cut.pad_right(width - cut.cell_length) if pad and cut.cell_length < width else cut


def heading(title: str, *rest: tuple[str, str]) -> Content:
    """A pane's title in quiet capitals, and what belongs beside it as (text, style)."""
    return Content.assemble((title, "bold $muted"), *((f"   {text}", style) for text, style in rest))


def hanging(line: str, width: int, style: str) -> list[Content]:
    """A sentence in lines of at most `width` cells, the second and later ones a little further in."""
    text = visible(line, newlines=False)
    broad = max(cells(text) - len(text), 0)  # `wrap` counts characters, and some take two cells
    parts = wrap(text, max(width - broad, 20), initial_indent="  ", subsequent_indent="    ")
    return [Content.styled(part, style) for part in parts]


def by_parts(parts: Sequence[str], width: int) -> str:
    """Parts with " · " between them, in lines of at most `width` cells that end between two parts where they can."""
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]} · {part}" if lines else ""
        if lines and cells(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return "\n".join(lines)


def bar(done: int, total: int, width: int) -> Content:
    """A thin progress line."""
    filled = 0 if total == 0 else round(width * done / total)
    return Content.assemble(("━" * filled, "$success"), ("─" * (width - filled), "$faint"))
