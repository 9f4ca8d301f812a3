"""The table of components: what each is worth, what the judge gave, what you give, what the witness counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.model import Component
from miareview.review.sight import View
from miareview.text import visible
from miareview.tui.look import component_style, heading, show_difference, show_points

NUMBERS = 20  # cells that of, judge, you and Δ take together
WITNESS = 16  # cells for what was counted; where there are fewer than WIDE in all, only its sign is shown
WIDE = 66
GIVE = "   give "
POINT = 4  # cells for one number to click
LABEL = 16  # cells before a component's text: mark, number, category
INDENT = 3  # cells before its further lines
MORE = 3  # lines at most for the rest of the selected component's text
MORE_LOW = 1  # on a low screen


class ScoreTable(Widget):
    """One row a component, the selected one lit and with all of its text, and a row of points to click.

    Posts `Selected` when a component is clicked, `Given` when points are.
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

    def show(self, view: View, selected: int) -> None:
        self.view = view
        self.selected = selected
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        components = len(self.view.item.components) if self.view else 1
        return 2 + components + len(self._wrapped(width)[1]) + self._has_points() + bool(self._comments())

    def on_click(self, event: Click) -> None:
        if self.view is None:
            return
        position, components, more = event.y, self.view.item.components, len(self._wrapped(self.content_size.width)[1])
        if position > self.selected:
            position = max(self.selected, position - more)
        if 1 <= position <= len(components):
            self.post_message(self.Selected(position))
        elif position == len(components) + 2 and self._has_points():
            points = (event.x - len(GIVE)) // POINT
            if event.x >= len(GIVE) and points <= components[self.selected - 1].weight:
                self.post_message(self.Given(points))

    def render(self) -> Content:
        if self.view is None:
            return Content("")
        width = self.content_size.width or 60
        name, witness = _widths(width)
        first, more = self._wrapped(width)
        lines = [_line(heading("SCORES"), name + 3, ("of", "judge", "you", "Δ"), "$muted", width)]
        for component, check in zip(self.view.item.components, self.view.checks, strict=True):
            is_selected = component.position == self.selected
            line = self._row(component, first if is_selected else _text(component), name)
            line = (line + _witness(check.found, check.verdict, witness)).truncate(width, pad=True)
            if is_selected:
                below = [Content(" " * INDENT) + one for one in more]
                lines += [one.truncate(width, pad=True).stylize_before("on $panel") for one in (line, *below)]
            else:
                lines.append(line)
        lines.append(self._total(name, width))
        if self._has_points():
            weight = self.view.item.components[self.selected - 1].weight
            row = [(f"{points:>2} ".rjust(POINT), component_style(self.selected)) for points in range(weight + 1)]
            lines.append(Content.assemble((GIVE, "$muted"), *row).truncate(width))
        if comment := self._comments():
            text = Content.assemble(("  note  ", "$muted"), (visible(comment, newlines=False), ""))
            lines.append(text.truncate(width, ellipsis=True))
        return Content("\n").join(lines)

    def _wrapped(self, width: int) -> tuple[Content, list[Content]]:
        """The selected component's text: what stands in its row, and in the lines below it."""
        if self.view is None:
            return Content(""), []
        text = _text(self.view.item.components[self.selected - 1])
        first = text.wrap(max(_widths(width)[0] + 2 - LABEL, 1))[0]
        room = max(width - INDENT, 1)
        lines = Content(text.plain[len(first) :].lstrip()).wrap(room)
        most = MORE if self._is_high() else MORE_LOW
        if len(lines) > most:
            last = Content(" ".join(line.plain for line in lines[most - 1 :])).truncate(room, ellipsis=True)
            lines = [*lines[: most - 1], last]
        return first, [line for line in lines if line]

    def _is_high(self) -> bool:
        """Rows are dear on a low screen."""
        return self.app.size.height >= 28

    def _has_points(self) -> bool:
        """Keys do the same, so a low screen goes without."""
        return self.view is not None and self._is_high()

    def _comments(self) -> str:
        if self.view is None:
            return ""
        state = self.view.state
        parts = [f"{position}: {reason}" for position, reason in sorted(state.reasons.items())]
        parts += [f"{p} cannot be graded: {m.ungradable}" for p, m in state.blind.items() if m.ungradable]
        return " · ".join([*parts, *state.comments.values()])

    def _row(self, component: Component, text: Content, name: int) -> Content:
        assert self.view is not None
        position = component.position
        colour = component_style(position)
        selected = position == self.selected
        label = Content.assemble(
            ("▌" if selected else " ", colour),
            (f"{position} ", component_style(position, "bold")),
            (visible(component.category, newlines=False).ljust(LABEL - 3), colour),
            text,
        ).truncate(name + 2, ellipsis=True, pad=True)
        return label + _cells(
            (str(component.weight), "$muted"),
            self._judge(position),
            self._you(position, selected),
            self._difference(position),
        )

    def _judge(self, position: int) -> tuple[str, str]:
        assert self.view is not None
        if not self.view.judge_visible:
            return "·", "$muted"
        if self.view.judgment is None:
            return "–", "$muted"
        return show_points(self.view.judge_points.get(position)), "$warning"

    def _you(self, position: int, selected: bool) -> tuple[str, str]:
        assert self.view is not None
        mark = self.view.state.mark(position)
        if mark is None:
            return ("_", "bold $accent") if selected else ("_", "$muted")
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
        return show_difference(difference), "$muted" if difference == 0 else "bold $error"

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


def _widths(width: int) -> tuple[int, int]:
    """Cells for a component's name and for what the witness counted, of a row's width."""
    witness = WITNESS if width >= WIDE else 2
    return width - NUMBERS - witness - 3, witness


def _text(component: Component) -> Content:
    return Content(visible(component.text.strip(), newlines=False))


def _line(label: Content, name: int, cells: tuple[str, str, str, str], style: str, width: int) -> Content:
    line = label.truncate(name - 1, pad=True).stylize_before(style)
    return (line + _cells(*((cell, style) for cell in cells))).truncate(width, pad=True)


def _cells(*cells: tuple[str, str]) -> Content:
    widths = (3, 6, 7, 4)
    return Content.assemble(
        *(part for (text, style), width in zip(cells, widths, strict=True) for part in _right(text, style, width))
    )


def _right(text: str, style: str, width: int) -> list[tuple[str, str]]:
    return [(" " * max(1, width - len(text)), ""), (text, style)] if text else [(" " * width, "")]


def _witness(found: str, verdict: bool | None, width: int) -> Content:
    if not found:
        return Content(" " * width)
    sign, style = {True: ("✓", "$success"), False: ("✗", "$error"), None: ("?", "$warning")}[verdict]
    if width <= 2:
        return Content.assemble(" ", (sign, style))
    text = Content.assemble(("  ", ""), (f"{sign} {visible(found, newlines=False)}", style))
    return text.truncate(width, ellipsis=True, pad=True)
