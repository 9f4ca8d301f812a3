"""The bench: header, instruction, picture, response, scores and reasons, laid out together."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from miareview.review.sight import View
from miareview.tui.picture import PictureView, Renderer
from miareview.tui.widgets.header import HeaderBar
from miareview.tui.widgets.score_table import ScoreTable
from miareview.tui.widgets.texts import InstructionPane, ReasonsPane, ResponsePane


class Bench(Vertical):
    """All panes of one response; `show` fills them with what may be seen of it."""

    def __init__(self, renderer: Renderer, id: str | None = None) -> None:
        super().__init__(id=id)
        self.renderer = renderer

    def compose(self) -> ComposeResult:
        yield HeaderBar(id="header")
        yield InstructionPane(id="instruction")
        with Horizontal(id="desk"):
            with Vertical(id="left"):
                yield PictureView(self.renderer, id="picture")
            with Vertical(id="right"):
                yield ResponsePane(id="response")
                yield ScoreTable(id="scores")
                yield ReasonsPane(id="reasons")

    def show(self, view: View, selected: int, reviewer: str) -> None:
        """Show a response with one component selected (by position)."""
        self.query_one(HeaderBar).show(view, reviewer)
        self.query_one(InstructionPane).show(view.item, selected)
        self.query_one(ResponsePane).show(view, selected)
        self.query_one(ScoreTable).show(view, selected)
        reasons = self.query_one(ReasonsPane)
        reasons.show(view)
        reasons.set_class(not view.judge_visible, "hidden")

    def rewind(self) -> None:
        """Scroll the texts back to their beginning."""
        self.query_one(ResponsePane).rewind()
        self.query_one(ReasonsPane).rewind()
