"""Who gave what: a row a component, and for each answer the points of judge, you, others and gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from miareview.browse.compare import Answer, Cell, Comparison
from miareview.model import Component
from miareview.text import cells, visible
from miareview.tui.look import component_style, short_names, shorten, show_points
from miareview.tui.widgets.intervals import column

NONE = "·"
JUDGE = 9  # cells for the answer's sign and the judge's points
POINTS = 5  # cells for somebody's points
PEOPLE = 7  # cells for the mean of several people
SIGN = 2  # cells for the witness's sign
PERSON = 10  # cells for somebody with a name, where there is room
MUCH = 140  # cells from which a strip may be long
STUMP = 12  # cells that a strip takes at least
LEAST = 16  # cells for a component's name
Strip = Literal["judge", "people", ""]
StripPoints = Mapping[int, Sequence[float | None]]
"""By position, what every answer to the item got."""


class Matrix(Widget):
    """A table that never reorders its rows; where they do not all fit, those around the selected one are shown.

    Posts `Selected` when a cell is clicked.
    """

    @dataclass
    class Selected(Message):
        """A cell was clicked: the component's position, and the place of the answer among those in sight."""

        position: int
        place: int | None

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.comparison: Comparison | None = None
        self.signs: Sequence[str] = ()
        self.position = 1
        self.place = 0
        self.me = ""
        self.strip: Strip = "judge"
        self.strips: Mapping[Strip, StripPoints] = {}

    def show(
        self, comparison: Comparison, signs: Sequence[str], position: int, place: int, me: str,
        strip: Strip, strips: Mapping[Strip, StripPoints],
    ) -> None:  # fmt: skip
        """Show a comparison with one component (by position) of one answer (by its place in sight) selected."""
        fresh = self.comparison is None or len(self.comparison.item.components) != len(comparison.item.components)
        self.comparison, self.signs, self.position, self.place = comparison, signs, position, place
        self.me, self.strip, self.strips = me, strip, strips
        self.refresh(layout=fresh)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 2 + len(self.comparison.item.components) if self.comparison else 2

    def on_click(self, event: Click) -> None:
        if self.comparison is None:
            return
        rows, top = self._rows()
        if 1 <= event.y <= rows:
            plan = self._plan()
            place = (event.x - plan.name) // plan.answer if event.x >= plan.name else None
            known = place is not None and place < len(self.comparison.answers)
            self.post_message(self.Selected(top + event.y, place if known else None))

    def render(self) -> Content:
        if self.comparison is None:
            return Content("")
        plan = self._plan()
        rows, top = self._rows()
        components = self.comparison.item.components
        lines = [self._head(plan)]
        lines += [self._row(plan, component) for component in components[top : top + rows]]
        hidden = len(components) - rows
        lines.append(self._total(plan, f"total · {hidden} more" if hidden else "total"))
        return Content("\n").join(lines)

    def _rows(self) -> tuple[int, int]:
        """How many components fit, and how many stand above those shown."""
        assert self.comparison is not None
        count = len(self.comparison.item.components)
        rows = max(min(self.size.height - 2, count), 1)
        return rows, max(min(self.position - (rows + 1) // 2 - 1, count - rows), 0)

    def _plan(self) -> Plan:
        assert self.comparison is not None
        others = [who for who in self.comparison.people if who != self.me]
        most = max((len(points) for points in self.strips.get(self.strip, {}).values()), default=0)
        return plan_for(self.size.width, len(self.comparison.answers), others, bool(self.me), self.strip and most)

    def _head(self, plan: Plan) -> Content:
        line = column(" component", plan.name - 4, "bold $muted") + Content.styled(f"{'of':>3} ", "bold $muted")
        rest = f"{'you':>{POINTS}}" if plan.you else ""
        rest += "".join(f"{name:>{plan.person}}" for name in plan.shown.values()) + f"{'gold':>{POINTS}}"
        for place, sign in enumerate(self.signs):
            style = "bold" if place == self.place else "bold $muted"
            judge = f"{'judge':>{JUDGE - 3 - cells(sign)}} "
            line += Content.assemble(
                ("│", "$faint"), (f" {sign} ", f"bold {'$primary' if place == self.place else '$muted'}"),
                (judge + rest, style), " " * SIGN,
            )  # fmt: skip
        if plan.strip:
            assert self.comparison is not None
            count = max((len(points) for points in self.strips[self.strip].values()), default=0)
            line += Content.assemble(("│", "$faint"), (f" all {count}: {self.strip}", "bold $muted"))
        return line.truncate(self.size.width, pad=True)

    def _row(self, plan: Plan, component: Component) -> Content:
        assert self.comparison is not None
        selected = component.position == self.position
        colour = component_style(component.position)
        name = Content.assemble(
            ("▌" if selected else " ", colour), (f"{component.position} {component.category} ", colour),
            Content.styled(visible(component.text, newlines=False), "$muted"),
        )  # fmt: skip
        line = shorten(name, plan.name - 5, pad=True) + " " + Content.styled(f"{component.weight:>3} ", "$muted")
        odd = {(position, model) for position, first, second in self.comparison.contradictions()
               for model in (first, second)}  # fmt: skip
        for place, answer in enumerate(self.comparison.answers):
            cell = answer.cells[component.position - 1]
            lit = "bold" if place == self.place else ""
            line += Content.styled("│", "$faint")
            line += self._cells(plan, cell, (component.position, answer.model) in odd, lit)
        if plan.strip:
            points = self.strips[self.strip].get(component.position, ())
            line += Content.assemble(("│ ", "$faint"), strip_text(points, plan.strip - 2))
        line = line.truncate(self.size.width, pad=True)
        return line.stylize_before("on $panel") if selected else line

    def _cells(self, plan: Plan, cell: Cell, odd: bool, lit: str) -> Content:
        given = dict(cell.people)
        parts = [(f"{_points(cell.judge):>{JUDGE - 1}}{'!' if odd else ' '}", f"{lit} $text-warning")]
        if plan.you:
            mine = cell.mine
            parts.append(_right("_" if mine is None else _given(mine.points), lit if mine else "$muted"))
        if plan.folded:
            parts.append(_right(_points(cell.mean), lit, plan.person))
        else:
            people = [_given(given[who]) if who in given else NONE for who in plan.shown]
            parts += [_right(text, lit, plan.person) for text in people]
        gold = "≠" if cell.source == "disputed" else _points(cell.gold)
        parts.append(_right(gold, "$text-error" if gold == "≠" else "$text-success"))
        sign, style = {True: ("✓", "$text-success"), False: ("✗", "$text-error"), None: (" ", "")}[cell.check.verdict]
        return Content.assemble(*parts, (f" {sign}", style))

    def _total(self, plan: Plan, label: str) -> Content:
        assert self.comparison is not None
        weight = self.comparison.item.total
        line = column(f"  {label}", plan.name - 4, "$muted") + Content.styled(f"{weight:>3} ", "$muted")
        for answer in self.comparison.answers:
            given = [_right(_points(_total_of(answer, _mine)), "$muted")] if plan.you else []
            for who in plan.shown:
                total = answer.people if plan.folded else _total_of(answer, _by(who))
                given.append(_right(_points(total), "$muted", plan.person))
            given.append(_right(_points(_total_of(answer, lambda cell: cell.gold)), "$muted"))
            judge = (f"{_points(answer.judge):>{JUDGE - 1}} ", "$muted")
            line += Content.assemble(("│", "$faint"), judge, *given, " " * SIGN)
        if plan.strip:
            line += Content.styled("│", "$faint")
        return line.truncate(self.size.width, pad=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """Cells for a component's name (with its weight), for one answer, and for the strip (0: none).

    `shown` maps the others who have a column of their own, of `person` cells, to their short names; where `folded`, one
    column has their mean.
    """

    name: int
    answer: int
    strip: int
    you: bool
    shown: Mapping[str, str]
    folded: bool
    person: int


def plan_for(width: int, answers: int, others: Sequence[str], you: bool, strip: int | str | bool) -> Plan:
    """How `width` cells are shared out; `strip` is how many answers a strip would show, falsy where there is none."""
    least = 1 + JUDGE + POINTS + (POINTS if you else 0) + SIGN  # a line, judge, gold, you, the witness
    aside = min(max(int(strip) + 3, 15), 42) if strip and width >= 70 else 0
    aside = aside if width >= MUCH else min(aside, 15)
    room = (width - LEAST - 8 - aside) // max(answers, 1) - least
    folded = len(others) > 1 and len(others) * POINTS > room
    person = max(min(room // max(len(others), 1), PERSON), POINTS)
    shown = {"": "people"} if folded else short_names(others, person - 1)
    if folded:
        person = PEOPLE
    answer = least + person * len(shown)
    left = width - answers * answer - LEAST  # a strip takes no cell that names need, and none is better than a stump
    aside = min(aside, left) if left >= STUMP else 0
    name = min(width - aside - answers * answer, 60)
    return Plan(max(name, LEAST), answer, aside, you, shown, folded, person)


def strip_text(points: Sequence[float | None], width: int) -> Content:
    """What every answer got for one component: a digit each, or how many got what where there is no room for that."""
    if len(points) <= width and all(p is None or (p == int(p) and p < 10) for p in points):
        return Content.styled("".join(NONE if p is None else f"{p:.0f}" for p in points), "$muted")
    counts = Counter(points)
    told = [f"{n}×{NONE if p is None else format(p, 'g')}" for p, n in counts.most_common()]
    return Content.styled(" ".join(told), "$muted").truncate(width, ellipsis=True)


def _right(text: str, style: str, width: int = POINTS) -> tuple[str, str]:
    return (f"{text:>{width}}", style)


def _points(points: Fraction | None) -> str:
    return NONE if points is None else show_points(points)


def _given(points: Fraction | None) -> str:
    return "×" if points is None else show_points(points)


def _mine(cell: Cell) -> Fraction | None:
    return cell.mine.points if cell.mine else None


def _by(who: str) -> Callable[[Cell], Fraction | None]:
    return lambda cell: dict(cell.people).get(who)


def _total_of(answer: Answer, of: Callable[[Cell], Fraction | None]) -> Fraction | None:
    """The sum over the components, None unless every one has points."""
    given = [of(cell) for cell in answer.cells]
    known = [points for points in given if points is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(given) else None
