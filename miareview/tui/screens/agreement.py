"""The agreement screen: alpha and bias by category, the confusion of points, and Bland–Altman."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.stats.behind import behind_cell
from miareview.text import visible
from miareview.tui.computing import Agreement, Numbers
from miareview.tui.doors import Doors
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import by_parts
from miareview.tui.screens.numbers import SCROLL, NumbersScreen
from miareview.tui.widgets.agreement_rows import alpha_rows, bias_rows, lines_of, missing_rows
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.heatmap import HeatMap
from miareview.tui.widgets.scatter import scatter
from miareview.words.labels import given

NOBODY = "No blind review of a response that the judge has scored is committed yet; there is nothing to compare."
ALL_WAITING = "All reviews that could be compared are of a few responses that wait for you."
PICTURES = ("#alpha", "#bias", "#confusion", "#scatter")


class AgreementScreen(NumbersScreen):
    """Four pictures of the judge against people. `doors` lead to the reviews behind a cell."""

    NAME = "agreement"
    KEYS = {
        "Cells": (
            Key("move(0, 1)", "right,l", "→ l", "cell", "the cell to the right; beyond the edge, the next weight"),
            Key(
                "move(0, -1)",
                "left,h",
                "← h",
                "cell",
                "the cell to the left; beyond the edge, the weight before",
            ),
            Key("move(1, 0)", "down,j", "↓ j", "cell", "select the cell below"),
            Key("move(-1, 0)", "up,k", "↑ k", "cell", "select the cell above"),
            Key(
                "open",
                "enter",
                "↵",
                "reviews behind",
                "reviews behind a cell that you may see, also by click",
                True,
            ),
            Key(
                "missing",
                "m",
                "m",
                "what is missing",
                "score what a gap leaves open, or what only others have read",
                True,
            ),
            Key("weight(1)", "w", "w", "weight", "the confusion of the next weight", True),
            Key("weight(-1)", "W", "W", "weight", "the confusion of the weight before"),
        ),
        "Go": (
            Key("section", "tab", "⇥", "next picture", "go to the next picture where not all fit the screen", True),
            *SCROLL,
            Key("app.scores", "S", "S", "scores", "the leaderboard: judge, corrected score, interval, rank", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    def __init__(self, numbers: Numbers, doors: Doors) -> None:
        super().__init__(numbers)
        self.doors = doors
        self.agreement: Agreement | None = None
        self.weight: int | None = None  # its place among the weights; None before the first numbers
        self.cell = (0, 0)
        self.section = 0

    def compose(self) -> ComposeResult:
        yield Static("", id="numbers-header", markup=False)
        with VerticalScroll(id="numbers", can_focus=False):
            yield Static("", id="sentence", markup=False)
            yield Static("", id="agreement-missing", markup=False)
            with Horizontal(classes="pictures"):
                yield Static("", id="alpha", markup=False)
                yield Static("", id="bias", markup=False)
            with Horizontal(classes="pictures"):
                yield HeatMap(id="confusion")
                yield Static("", id="scatter", markup=False)
        yield Footer()

    def ask(self) -> Callable[[], object]:
        return self.numbers.agreement

    def waiting(self) -> None:
        if self.agreement is None:
            self._say("computing…")

    def refuse(self, sentence: str) -> None:
        self.agreement = None
        self._say(sentence)

    def show(self, result: object) -> None:
        assert isinstance(result, Agreement)
        self.agreement = result
        tables = self._tables()
        if self.weight is None and tables:
            # The weight with the most scores, and the cell where the judge most often differs from people.
            self.weight = max(range(len(tables)), key=lambda place: sum(map(sum, tables[place][1])))
            counts = tables[self.weight][1]
            cells = [(n, j, h) for j, row in enumerate(counts) for h, n in enumerate(row) if j != h]
            self.cell = max(cells)[1:]
        nobody = not result.table.groups[0].units
        self._say((ALL_WAITING if result.waiting else NOBODY) if nobody else "")
        self._fill()

    def on_resize(self) -> None:
        if self.agreement is not None:
            self._fill()

    def _say(self, sentence: str) -> None:
        self.query_one("#sentence", Static).update(Content(visible(sentence)))
        self.query_one("#sentence").display = bool(sentence)
        for row in self.query(".pictures, #agreement-missing"):
            row.display = not sentence
        if sentence:
            top = Content.assemble(("miareview", "bold $primary"), "  agreement")
            self.query_one("#numbers-header", Static).update(top)

    def _tables(self) -> list[tuple[int, list[list[int]]]]:
        assert self.agreement is not None
        return [(int(weight), counts) for weight, counts in self.agreement.table.groups[0].confusion.items()]

    def _fill(self) -> None:
        assert self.agreement is not None
        if not self.agreement.table.groups[0].units:
            return
        width, height = self.size
        wide = width >= 140
        left = (width - 4) * 3 // 5 if wide else width - 3
        right = width - 4 - left if wide else width - 3
        lines = lines_of(self.agreement.table)
        self.query_one("#numbers-header", Static).update(_header(self.agreement, width))
        lacks, told = self.query_one("#agreement-missing", Static), missing_rows(self.agreement, width - 3)
        lacks.display = bool(told.plain)
        lacks.update(told)
        self.query_one("#alpha", Static).update(alpha_rows(lines, left, self.agreement.table.left_out))
        self.query_one("#bias", Static).update(bias_rows(lines, right, beside=wide))
        tall = height >= 44
        self.query_one(HeatMap).show(self._tables(), self.weight or 0, self.cell, tall)
        above = told.plain.count("\n") + 2 if told.plain else 0
        rows = max(16, height - 4 - (len(lines) + 6)) if wide else min(20, height - 4)
        picture = scatter(
            self.agreement.points, self.agreement.limits, width - 68 if wide else width - 3, min(rows, 24) - above
        )
        self.query_one("#scatter", Static).update(picture)

    def action_move(self, down: int, right: int) -> None:
        """Move the selected cell; sideways beyond the edge lies the next weight."""
        tables = self._tables() if self.agreement is not None else []
        if not tables:
            return
        size = len(tables[self.weight or 0][1])
        judge, human = self.cell[0] + down, self.cell[1] + right
        if 0 <= judge < size and 0 <= human < size:
            self.cell = (judge, human)
        elif right:
            self._weigh((self.weight or 0) + right, from_left=right > 0)
        self._fill()
        self.query_one(HeatMap).scroll_visible(animate=False)

    def action_weight(self, step: int) -> None:
        if self.agreement is not None:
            self._weigh((self.weight or 0) + step)
            self._fill()
            self.query_one(HeatMap).scroll_visible(animate=False)

    def _weigh(self, place: int, from_left: bool | None = None) -> None:
        tables = self._tables()
        if not 0 <= place < len(tables):
            return
        self.weight = place
        last = tables[place][0]
        human = self.cell[1] if from_left is None else 0 if from_left else last
        self.cell = (min(self.cell[0], last), min(human, last))

    def action_open(self) -> None:
        if self.agreement is not None and self._tables():
            weight = self._tables()[self.weight or 0][0]
            self.doors.behind(behind_cell(self.agreement.frame, weight, *self.cell, self.agreement.seen))

    def action_missing(self) -> None:
        if self.agreement is not None:
            self.open_missing(
                self.agreement.missing,
                "Nothing is missing: the samples have no gap, and you have read what others read alone.",
            )

    def on_heat_map_chosen(self, message: HeatMap.Chosen) -> None:
        self.cell = (message.judge, message.human)
        self._fill()
        if message.again:
            self.action_open()

    def on_heat_map_weighed(self, message: HeatMap.Weighed) -> None:
        self._weigh(message.place)
        self._fill()

    def action_section(self) -> None:
        self.section = (self.section + 1) % len(PICTURES)
        self.query_one(PICTURES[self.section]).scroll_visible(animate=False, top=True)

    def action_scroll(self, pages: int) -> None:
        pane = self.query_one("#numbers", VerticalScroll)
        pane.scroll_relative(y=pages * max(pane.size.height - 2, 1), animate=False)

    def action_back(self) -> None:
        self.dismiss(None)


def _header(agreement: Agreement, width: int) -> Content:
    """What the numbers are of and how they came about; two lines."""
    table, columns = agreement.table, agreement.frame.columns
    overall = table.groups[0]
    gap = "    " if width >= 110 else "  "
    top = Content.assemble(
        ("miareview", "bold $primary"), (f"{gap}agreement", "bold"), (f"{gap}benchmark ", "$muted"),
        (visible(columns.benchmark, newlines=False), ""), (f"{gap}judge ", "$muted"),
        ("! saw no pictures  " if columns.judge_sees is False else "", "$warning"),  # before the name, which may be cut
        (visible(table.judge or "none", newlines=False), "bold"),
    )  # fmt: skip
    drawn = "drawn at random" if overall.representative else "not all drawn at random: they stand for themselves only"
    method = overall.alpha["interval"].method
    on = f"{overall.units:,} sub-scores on {overall.items} of {len(columns.items)} items"
    parts = [on, drawn, given(agreement.given)]
    parts += [f"left out: {agreement.waiting} responses that wait for you"] if agreement.waiting else []
    parts += [f"95 % intervals over items ({method})"] if width >= 110 else []
    second = Content.styled(by_parts([visible(part, newlines=False) for part in parts], width - 2), "$muted")
    return Content("\n").join([top.truncate(width - 2, ellipsis=True), second])
