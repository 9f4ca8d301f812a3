"""The bench: header, instruction, picture, response, scores and reasons, laid out together."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from miareview.review.progress import Pace
from miareview.review.sight import View
from miareview.text import rows
from miareview.tui.picture import PictureView, Renderer
from miareview.tui.widgets.header import HeaderBar
from miareview.tui.widgets.score_table import ScoreTable
from miareview.tui.widgets.texts import InstructionPane, ReasonsPane, ResponsePane

TEXT = 74  # columns that the texts keep where there is room for a picture beside them
TEXT_SHARE = 0.56  # of a narrower screen
NARROWEST = 18  # columns of a picture's place
WORDS = 34  # columns for words in a picture's place
RESPONSE = 5  # lines that the response keeps, with its title and what was counted
AROUND = 2  # lines of the response's title and of what was counted
REASONS = 4  # the same for the judge's reasons


class Texts(Vertical):
    """The panes beside the picture. `share` gives each its lines, whenever there are others to give."""

    def __init__(self, share: Callable[[], None]) -> None:
        super().__init__(id="right")
        self.share = share

    def on_resize(self) -> None:
        self.call_after_refresh(self.share)  # a layout that is due already would not ask for the lines again


class Bench(Vertical):
    """All panes of one response; `show` fills them with what may be seen of it.

    Space goes where it is needed: the picture's column is as wide as the picture, the table as high as its rows (and
    no more than half), the judge's reasons as high as their text, and the response has the rest.
    """

    def __init__(self, renderer: Renderer, id: str | None = None) -> None:
        super().__init__(id=id)
        self.renderer = renderer
        self.view: View | None = None

    def compose(self) -> ComposeResult:
        yield HeaderBar(id="header")
        yield InstructionPane(id="instruction")
        with Horizontal(id="desk"):
            yield PictureView(self.renderer, id="picture")
            with Texts(self._share):
                yield ResponsePane(id="response")
                yield ScoreTable(id="scores")
                yield ReasonsPane(id="reasons")

    def show(self, view: View, selected: int, reviewer: str, pace: Pace | None = None) -> None:
        """Show a response with one component selected (by position)."""
        self.view = view
        self.query_one(HeaderBar).show(view, reviewer, pace)
        self.query_one(InstructionPane).show(view.item, selected)
        self.query_one(ResponsePane).show(view, selected)
        self.query_one(ScoreTable).show(view, selected)
        self.query_one(ReasonsPane).show(view, selected)
        self._share()

    def rewind(self) -> None:
        """Scroll the texts back to their beginning."""
        self.query_one(ResponsePane).rewind()
        self.query_one(ReasonsPane).rewind()

    def on_resize(self) -> None:
        wide = self.size.width
        keeps = TEXT if wide >= 140 else round(wide * TEXT_SHARE)
        view = self.query_one(PictureView)
        view.limit = max(NARROWEST, wide - keeps - 4)
        if view.ready is None:
            view.styles.width = view.limit

    def on_picture_view_shown(self, message: PictureView.Shown) -> None:
        view = message.view
        view.styles.width = min(view.limit or WORDS, max(NARROWEST, message.columns or WORDS))

    def _share(self) -> None:
        """Give the table and the reasons the lines they need, as far as the response keeps some."""
        desk, table, reasons = self.query_one("#right"), self.query_one(ScoreTable), self.query_one(ReasonsPane)
        high, wide = desk.content_size.height, desk.content_size.width
        if self.view is None or not high or not wide:
            return
        needed = reasons.lines(wide)
        gaps = self.query_one("#witness").styles.margin.height + table.styles.margin.height
        response = gaps + max(RESPONSE, AROUND + rows(self.view.response.text, wide - 3))  # lines that it needs
        table.most = max(3, high // 2, high - 1 - response)
        table.free = high - needed - response
        table.refresh(layout=True)
        if needed > 1:
            left = high - min(table.most, table.get_content_height(None, None, wide)) - RESPONSE
            needed = min(needed, max(REASONS, left // 2, left + RESPONSE - response))
        reasons.styles.height = needed
