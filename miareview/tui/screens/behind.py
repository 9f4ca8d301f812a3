"""The reviews behind a number: a list of those that this reviewer may see, and the review screen for one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from miareview.filters import quoted
from miareview.model import Item
from miareview.review.sight import View
from miareview.stats.behind import Behind, Row
from miareview.tui.doors import Doors
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import names_within, show_points
from miareview.tui.screens.page import Page
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.intervals import column
from miareview.tui.widgets.score_table import ScoreTable
from miareview.words.numbers import number

BELOW = ("app.scores", "app.agreement", "app.browse", "gold")  # may lie under an opened review already


class OpenedReview(ReviewScreen, inherit_bindings=False):
    """The review screen over a few committed responses; q and escape come back from it."""

    NAME = ""  # its keys are the review's
    KEYS = {
        group: tuple(BACK if key.action == "app.quit" else key for key in keys if key.action not in BELOW)
        for group, keys in ReviewScreen.KEYS.items()
    }
    BINDINGS = bindings(KEYS)

    def action_back(self) -> None:
        self.dismiss(None)


ONLY_LOOKS = frozenset(
    "guideline next_component previous_component next_model previous_model zoom read open_picture back "
    "scroll_response(1) scroll_response(-1) scroll_reasons(1) scroll_reasons(-1)".split()
)


class LookedAt(OpenedReview, inherit_bindings=False):
    """Responses outside the queue: what may be seen of them, and no way to score them."""

    NAME = ""
    KEYS = {
        group: tuple(key for key in keys if key.action in ONLY_LOOKS)
        for group, keys in OpenedReview.KEYS.items()
        if any(key.action in ONLY_LOOKS for key in keys)
    }
    BINDINGS = bindings(KEYS)

    def hints(self) -> Sequence[str]:
        return Page.hints(self)

    def _apply(self, view: View) -> None:
        super()._apply(view)
        self._tell("not in your queue: looking, not scoring · q comes back")

    async def on_score_table_given(self, message: ScoreTable.Given) -> None:
        message.stop()
        message.prevent_default()


class BehindScreen(Page):
    """One row a review. The chosen one opens among all of them."""

    NAME = "reviews behind a number"
    KEYS = {
        "Reviews": (
            Key("move(1)", "down,j", "↓ j", "review", "select the next review"),
            Key("move(-1)", "up,k", "↑ k", "review", "select the previous review"),
            Key("page(1)", "pagedown,space", "PgDn", "page", "a page down"),
            Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
            Key("choose", "enter", "↵", "open", "open the selected review, also by click", True),
            Key("browse", "i", "i", "browse", "the list of all such rows: filter, sort, count, compare", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    def __init__(self, behind: Behind, items: dict[str, Item], benchmark: str, doors: Doors) -> None:
        """`items` are those of its rows, and `benchmark` is the one that is listed where there are none."""
        super().__init__()
        self.behind = behind
        self.items = items
        self.benchmark = benchmark
        self.doors = doors

    def compose(self) -> ComposeResult:
        yield Static(self._header(), id="numbers-header", markup=False)
        yield Static("", id="behind-head", markup=False)
        options = OptionList(id="behind")
        options.can_focus = False  # the keys are this screen's, so that its footer tells them
        yield options
        yield Footer()

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        self.query_one("#behind-head", Static).update(self._head())
        options = self.query_one(OptionList)
        place = options.highlighted
        options.clear_options()
        options.add_options([Option(self._row(row)) for row in self.behind.rows])
        if not self.behind.rows:
            options.add_option(Option(Content.styled(" None whose judge you have seen.", "$muted"), disabled=True))
        else:
            options.highlighted = place or 0

    def _header(self) -> Content:
        rows, hidden = len(self.behind.rows), self.behind.hidden
        said = f"{rows} review{'' if rows == 1 else 's'} of responses whose judge you have seen"
        if hidden:
            said += f" · {hidden} more {'' if self.behind.whole else 'of this weight '}stay closed to you as yet"
        (title,) = names_within([self.behind.title], self.app.size.width - len("miareview    behind   "))
        return Content.assemble(("miareview", "bold $primary"), "    behind ", (title, "bold"), (f"\n{said}", "$muted"))

    @property
    def _widths(self) -> tuple[int, int]:
        """Cells for the names of models and reviewers."""
        return (18, 16) if self.size.width >= 96 else (13, 9)

    def _head(self) -> Content:
        model, reviewer = self._widths
        what = (
            f"{'difficulty':<14}"
            if self.behind.whole
            else f"{'model':<{model}} {'component':<15} {'reviewer':<{reviewer}}"
        )
        return Content.styled(f"{'item':>6}  {what}{'judge':>7}{'human':>7}{'Δ':>8}  instruction", "bold $muted")

    def _row(self, row: Row) -> Content:
        item = self.items[row.item]
        if self.behind.whole:
            what = column(item.difficulty, 14, "$muted")
        else:
            named = column(f"{row.component} {row.category}", 15)
            model, reviewer = self._widths
            who = column(row.reviewer, reviewer, "$muted")
            what = Content.assemble(column(row.model, model), " ", named, " ", who)
        gap = row.human - row.judge
        same = math.isnan(gap) or abs(gap) < 1e-9
        line = Content.assemble(
            column(str(item.index), 5, "bold", right=True), "  ", what,
            column(_value(row, row.judge), 7, "$warning", right=True),
            column(_value(row, row.human), 7, "bold", right=True),
            column("=" if gap == 0 else _gap(row, gap), 8, "$muted" if same else "bold $error", right=True), "  ",
        )  # fmt: skip
        return line + column(item.instruction, max(self.size.width - line.cell_length - 4, 0), "$muted")

    def action_move(self, step: int) -> None:
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, step: int) -> None:
        options = self.query_one(OptionList)
        if self.behind.rows:
            place = (options.highlighted or 0) + step * max(options.size.height - 1, 1)
            options.highlighted = min(max(place, 0), len(self.behind.rows) - 1)

    def action_browse(self) -> None:
        behind, benchmark = self.behind, self.benchmark
        if self.behind.rows:
            benchmark = self.items[self.behind.rows[0].item].benchmark
        if behind.cell is None:
            self.doors.browse(benchmark, f"model:{quoted(behind.title)} reviewers>=1", "response", "-delta,item")
        else:
            weight, judge, people = behind.cell
            words = f"weight:{weight} judge:{judge} people:{people}"
            self.doors.browse(benchmark, words, "component", "item")

    def action_choose(self) -> None:
        self.query_one(OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        work = list(dict.fromkeys(row.response for row in self.behind.rows))
        self.doors.review(work, work.index(self.behind.rows[event.option_index].response))

    def action_back(self) -> None:
        self.dismiss(None)


def _value(row: Row, share: float) -> str:
    """Points of a component, the fraction of a whole response."""
    if math.isnan(share):
        return "?"
    if row.component is None:
        return number(share)
    return show_points(Fraction(share * row.weight).limit_denominator(1000))


def _gap(row: Row, gap: float) -> str:
    if math.isnan(gap):
        return "?"
    if row.component is None:
        return number(gap, True)
    points = Fraction(gap * row.weight).limit_denominator(1000)
    return f"{'+' if points > 0 else '−'}{show_points(abs(points))}"
