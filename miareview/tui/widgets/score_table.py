"""The table of components: what each is worth, what the judge gave, what you give, what the witness counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.model import Component
from miareview.review.checks import Check
from miareview.review.sight import View
from miareview.text import cells, visible
from miareview.tui.look import component_style, heading, shorten, show_difference, show_points
from miareview.tui.widgets.intervals import column

NUMBERS = 20  # cells that of, judge, you and Δ take together
GIVE = "   give "
POINT = 4  # cells for one number to click
CATEGORY = 20  # cells for a category, at most
NAME = 44  # cells for label and text, at least, where all that was counted has a column of its own
INDENT = 3  # cells before the further lines of a component
SIGNS = {True: ("✓", "$text-success"), False: ("✗", "$text-error"), None: ("?", "$text-warning")}


class ScoreTable(Widget):
    """One row a component, the selected one lit and with all of its text, and a row of points to click.

    Where not all rows fit into `most` lines, those around the selected one are shown. As far as the `free` lines go,
    the others have all of their text too, from the first on. Posts `Selected` when a component is clicked, `Given` when
    points are.
    """

    DEFAULT_CSS = "ScoreTable { height: auto; }"

    @dataclass
    class Selected(Message):
        """A row was clicked."""

        position: int

    @dataclass
    class Given(Message):
        """Points for the selected component were clicked."""

        points: int

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: View | None = None
        self.selected = 1
        self.most = 1000
        self.free = 0  # lines that nothing else needs
        self._top = 0  # rows that are scrolled out above
        self._digits = 1  # cells for a component's number
        self._label = 0  # cells before a component's text: mark, number and the longest category

    def show(self, view: View, selected: int) -> None:
        self.view = view
        self.selected = selected
        components = view.item.components
        longest = max(cells(visible(c.category, newlines=False)) for c in components)
        self._digits = len(str(len(components)))
        self._label = min(longest, CATEGORY) + self._digits + 3
        self.refresh(layout=True)

    @property
    def in_sight(self) -> bool:
        """Whether the selected component is on the screen."""
        lines = self._lines(self.content_size.width)[: self.visible_height]
        return any(position == self.selected for _, position in lines)

    @property
    def visible_height(self) -> int:
        return self.screen.find_widget(self).visible_region.height

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines(width))

    def on_click(self, event: Click) -> None:
        lines = self._lines(self.content_size.width)
        if self.view is None or event.y >= len(lines):
            return
        line, position = lines[event.y]
        if position is not None:
            self.post_message(self.Selected(position))
        elif line.plain.startswith(GIVE):
            points = (event.x - len(GIVE)) // POINT
            if event.x >= len(GIVE) and points <= self.view.item.components[self.selected - 1].weight:
                self.post_message(self.Given(points))

    def render(self) -> Content:
        return Content("\n").join([line for line, _ in self._lines(self.content_size.width or 60)])

    def _lines(self, width: int) -> list[tuple[Content, int | None]]:
        """The lines of the table, and which component each belongs to."""
        if self.view is None:
            return []
        components = self.view.item.components
        found = [cells(visible(check.found, newlines=False)) + 4 for check in self.view.checks if check.found]
        counted = max(found, default=2)
        if width - NUMBERS - 3 - counted < NAME:
            counted = 2  # only the signs; the selected component has a line for its count
        name = width - NUMBERS - counted - 3
        below = self._below(name, width)
        rows = self._rows(name, counted, width, self.free - len(below) - 1)
        shown = self._window(rows, max(1, self.most - len(below) - 1))
        seen = sorted({position for _, position in shown if position is not None})
        of = f"{seen[0]}–{seen[-1]} of {len(components)}" if len(seen) < len(components) else ""
        head = _line(
            heading("SCORES", (of, "$text-warning")),
            name + 3,
            ("of", "gold" if self.view.training else "judge", "you", "Δ"),
            "$muted",
            width,
        )
        return [(head, None), *shown, *((line, None) for line in below)][: max(self.most, 2)]

    def _window(self, rows: list[tuple[Content, int | None]], room: int) -> list[tuple[Content, int | None]]:
        """As many rows as there is room for, the selected ones among them; they move no more than they must."""
        mine = [place for place, (_, position) in enumerate(rows) if position == self.selected]
        last = min(mine[-1] + 1, len(rows) - 1)  # one more, so that it is seen how it goes on
        self._top = min(max(self._top, last - room + 1), max(mine[0] - 1, 0), max(len(rows) - room, 0))
        if mine[-1] >= self._top + room:
            self._top = mine[0]
        return rows[self._top : self._top + room]

    def _rows(self, name: int, counted: int, width: int, free: int) -> list[tuple[Content, int | None]]:
        """The lines of all components: all of the selected one's text, and of the others' what fits into `free`."""
        assert self.view is not None
        both = [
            (component, check) for component, check in zip(self.view.item.components, self.view.checks, strict=True)
        ]
        rows = {
            component.position: self._row(component, check, name, counted, width, component.position == self.selected)
            for component, check in both
        }
        free -= sum(map(len, rows.values()))
        for component, check in both:
            if free <= 0:
                break
            whole = self._row(component, check, name, counted, width, whole=True)
            if 0 < (more := len(whole) - len(rows[component.position])) <= free:
                rows[component.position] = whole
                free -= more
        return [(line, position) for position, lines in rows.items() for line in lines]

    def _row(
        self, component: Component, check: Check, name: int, counted: int, width: int, whole: bool
    ) -> list[Content]:
        text = Content(visible(component.text.strip(), newlines=False))
        if not whole:
            return [(self._cells(component, text, name) + _counted(check, counted)).truncate(width, pad=True)]
        begin, *rest = _wrapped(text.plain, max(name + 2 - self._label, 1), max(width - INDENT, 1))
        first, more = Content(begin), [Content(" " * INDENT + line) for line in rest]
        if counted == 2 and check.found:
            more.append(Content(" " * (INDENT - 2)) + _counted(check, width - INDENT + 2))
        lines = [self._cells(component, first, name) + _counted(check, counted), *more]
        lines = [line.truncate(width, pad=True) for line in lines]
        return [line.stylize_before("on $selected") for line in lines] if component.position == self.selected else lines

    def _cells(self, component: Component, text: Content, name: int) -> Content:
        position, digits = component.position, self._digits
        colour = component_style(position)
        selected = position == self.selected
        label = Content.assemble(
            ("▌" if selected else " ", colour),
            (f"{position:>{digits}} ", component_style(position, "bold")),
            column(component.category, self._label - digits - 3, colour),
            " ",
            text,
        )
        return shorten(label, name + 2, pad=True) + _numbers(
            (str(component.weight), "$muted"),
            self._judge(position),
            self._you(position, selected),
            self._difference(position),
        )

    def _below(self, name: int, width: int) -> list[Content]:
        """What stands under the rows: the total, points to click where lines are not dear, and notes."""
        assert self.view is not None
        lines = [self._total(name, width)]
        if self.app.size.height >= 28:
            weight = self.view.item.components[self.selected - 1].weight
            row = [(f"{points:>2} ".rjust(POINT), component_style(self.selected)) for points in range(weight + 1)]
            lines.append(Content.assemble((GIVE, "$muted"), *row).truncate(width))
        if comment := _comments(self.view):
            text = Content.assemble(("  note  ", "$muted"), (visible(comment, newlines=False), ""))
            lines.append(shorten(text, width))
        return lines

    def _judge(self, position: int) -> tuple[str, str]:
        assert self.view is not None
        if not self.view.judge_visible:
            return "·", "$muted"
        if self.view.judgment is None:
            return "–", "$muted"
        return show_points(self.view.judge_points.get(position)), "$text-warning"

    def _you(self, position: int, selected: bool) -> tuple[str, str]:
        assert self.view is not None
        mark = self.view.state.mark(position)
        if mark is None:
            return ("_", "bold $text-accent") if selected else ("_", "$muted")
        text = "×" if mark.points is None else show_points(mark.points)
        before = self.view.state.blind.get(position)
        if before is not None and before is not mark:
            text = f"{'×' if before.points is None else show_points(before.points)}›{text}"
        return text, "bold"

    def _difference(self, position: int) -> tuple[str, str]:
        assert self.view is not None
        mark, judge = self.view.state.mark(position), self.view.judge_points.get(position)
        if mark is None or mark.points is None or judge is None:
            return "", ""
        difference = mark.points - judge
        return show_difference(difference), "$muted" if difference == 0 else "bold $text-error"

    def _total(self, name: int, width: int) -> Content:
        assert self.view is not None
        item, state = self.view.item, self.view.state
        marks = {c.position: state.mark(c.position) for c in item.components}
        given = {p: m.points for p, m in marks.items() if m is not None and m.points is not None}
        yours = show_points(sum(given.values(), Fraction(0))) if given else "_"
        if len(given) < len(item.components) and given:
            yours += f"/{sum(c.weight for c in item.components if c.position in given)}…"
        read = [points for points in self.view.judge_points.values() if points is not None]
        judge = show_points(sum(read, Fraction(0))) if read else ("·" if not self.view.judge_visible else "–")
        return _line(Content("   total"), name + 3, (str(item.total), judge, yours, ""), "$muted", width)


def _comments(view: View) -> str:
    state = view.state
    parts = [f"{position}: {reason}" for position, reason in sorted(state.reasons.items())]
    parts += [f"{p} cannot be graded: {m.ungradable}" for p, m in state.blind.items() if m.ungradable]
    return " · ".join([*parts, *state.comments.values()])


@lru_cache(maxsize=256)  # the components of one item, at two widths; a key draws the table three times
def _wrapped(text: str, first: int, rest: int) -> tuple[str, ...]:
    """The lines of a component's text, the first of so many cells, the others of so many."""
    begin = Content(text).wrap(first)[0].plain
    more = Content(text[len(begin) :].lstrip()).wrap(rest)
    return begin, *(line.plain for line in more if line)


def _line(label: Content, name: int, cells: tuple[str, str, str, str], style: str, width: int) -> Content:
    line = label.truncate(name - 1, pad=True).stylize_before(style)
    return (line + _numbers(*((cell, style) for cell in cells))).truncate(width, pad=True)


def _numbers(*cells: tuple[str, str]) -> Content:
    widths = (3, 6, 7, 4)
    return Content.assemble(
        *(part for (text, style), width in zip(cells, widths, strict=True) for part in _right(text, style, width))
    )


def _right(text: str, style: str, width: int) -> list[tuple[str, str]]:
    return [(" " * max(1, width - len(text)), ""), (text, style)] if text else [(" " * width, "")]


def _counted(check: Check, width: int) -> Content:
    """What the witness counted, or of it the sign alone where there is no more room."""
    if not check.found:
        return Content(" " * width)
    sign, style = SIGNS[check.verdict]
    if width <= 2:
        return Content.assemble(" ", (sign, style))
    text = Content.assemble(("  ", ""), (f"{sign} {visible(check.found, newlines=False)}", style))
    return shorten(text, width, pad=True)
