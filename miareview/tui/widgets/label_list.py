"""The labels that are to be settled, a line each, and how many of each category there are."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.gold.work import Coverage, Row
from miareview.model import Label
from miareview.tui.look import bar, show_points
from miareview.tui.settling import Settling
from miareview.tui.widgets.intervals import column

CATEGORY = 12  # cells for a category's name
ROW = 44  # cells of a row
COUNT = 7  # cells for "have" or "want"


COVERAGE = Content.styled(f" {'labels':<{CATEGORY}}{'have':>{COUNT}}{'want':>{COUNT}}", "bold $muted")


class LabelList(Widget):
    """A window on the list of a `Settling`: a line of heads, and a label a line. Posts `Chosen` for a click."""

    @dataclass
    class Chosen(Message):
        """A label was clicked: its place in the list."""

        place: int

    def __init__(self, settling: Settling) -> None:
        super().__init__()
        self.settling = settling
        self.top = 0

    @property
    def height(self) -> int:
        """Labels that fit."""
        return max(self.size.height - 1, 1)

    def on_click(self, event: Click) -> None:
        place = self.top + event.y - 1
        if event.y and place < len(self.settling.keys):
            self.post_message(self.Chosen(place))

    def render(self) -> Content:
        here, width = self.settling, self.size.width
        self.top = min(max(self.top, here.place - self.height + 1), here.place)
        head = f" {'category':<{CATEGORY}} {'item':>5}    {'given':<8} of  n"
        beside = self._beside()
        top = Content.styled(head, "bold $muted").truncate(ROW, pad=True) + (COVERAGE if beside else Content(""))
        lines = [top.truncate(width, pad=True)]
        for place, row in enumerate(here.rows(self.top, self.height), start=self.top):
            line = label_line(row, here.done(row), place == here.place)
            if beside:
                line = line.truncate(ROW, pad=True) + beside[place - self.top]
            line = line.truncate(width, pad=True)
            lines.append(line.stylize_before("on $selected") if place == here.place else line)
        if not here.keys:
            lines.append(Content.styled(" nothing here", "$muted"))
        return Content("\n").join(lines)

    def _beside(self) -> list[Content]:
        """Coverage beside the rows where the list lies above the evidence, the selected one's category first."""
        room, row = self.size.width - ROW - CATEGORY - 2 * COUNT - 4, self.settling.row
        if room < 4 or row is None:
            return []
        found = sorted(self.settling.coverage, key=lambda one: one.category != row.category)
        lines = [coverage_line(one, room) for one in found]
        return lines + [Content("")] * self.height


def label_line(row: Row, done: bool, selected: bool) -> Content:
    """Category, item, the model's sign, what people gave, what it is worth, how many gave it, and where it stands."""
    sign, style = state_sign(row)
    return Content.assemble(
        ("▌" if selected else " ", "$primary"),
        column(row.category, CATEGORY, "$muted" if done else ""),
        f" {row.item.index:>5} ", (row.sign.split()[-1], "$muted"), " ",
        (f"{given_range(row.label):<8}", "$muted" if done else "bold"),
        (f"{row.component.weight:>3}", "$muted"), f"{len(row.label.people):>3} ", (sign, style),
    )  # fmt: skip


def given_range(label: Label) -> str:
    """What people gave, from the least to the most: "0–2"; "×–2" where one found it ungradable; "2" if they agree."""
    points = sorted(value for value in label.values if value is not None)
    ends = [*(["×"] if None in label.values else []), *(show_points(points[0]) for _ in points[:1])]
    if points and points[-1] != points[0]:
        ends.append(show_points(points[-1]))
    return "–".join(ends[:1] + ends[-1:] if len(ends) > 1 else ends)


def state_sign(row: Row) -> tuple[str, str]:
    """One sign for how a label stands, and its style."""
    if row.label.source == "settled":
        return ("✓", "$text-success") if "guideline" not in row.flags else (old(row.guideline), "$text-warning")
    if row.label.again:
        return "↺", "$text-accent"
    if row.label.kept:
        return "K", "$text-accent"
    if row.wants == "disputed":
        return "≠", "$text-error"
    if row.wants == "flagged":
        return "⚑", "$text-warning"
    return (old(row.guideline), "$text-warning") if row.wants else ("", "")


def old(guideline: int) -> str:
    """An older guideline's number; of before the first one, none."""
    return f"v{guideline}" if guideline else "old"


class CoverageTable(Widget):
    """The labels of every category beside how many are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Coverage] = []

    def show(self, found: list[Coverage]) -> None:
        self.found = found
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 1 + len(self.found)

    def render(self) -> Content:
        room = max(self.size.width - CATEGORY - 2 * COUNT - 4, 4)
        lines = [COVERAGE, *(coverage_line(one, room) for one in self.found)]
        return Content("\n").join(line.truncate(self.size.width, pad=True) for line in lines)


def coverage_line(one: Coverage, room: int) -> Content:
    """One category: its name, how many labels it has, how many are wanted, and the share as a bar."""
    return Content.assemble(
        " ", column(one.category, CATEGORY), (f"{one.labels:>{COUNT}}", "bold"),
        (f"{one.target:>{COUNT}}  ", "$muted"), bar(min(one.labels, one.target), one.target, room),
    )  # fmt: skip
