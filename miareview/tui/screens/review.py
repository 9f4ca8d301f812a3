"""The review screen: composes the panes, turns keys into words of the session, and shows what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from miareview.errors import MiaReviewError, RefusedError
from miareview.model import REASONS, UNGRADABLE_REASONS, points_text
from miareview.review.session import ReviewSession, View
from miareview.text import visible
from miareview.tui.keys import REVIEW, bindings
from miareview.tui.picture import PictureView
from miareview.tui.pictures import PictureArrived, Pictures
from miareview.tui.screens.dialogs import Choose, Comment, Help, Search, Zoom
from miareview.tui.viewer import open_externally
from miareview.tui.widgets.bench import Bench
from miareview.tui.widgets.score_table import ScoreTable
from miareview.tui.widgets.texts import ReasonsPane, ResponsePane


class ReviewScreen(Screen[None]):
    """Picture, instruction, response and scores side by side. What a key does is on disk before it is shown."""

    BINDINGS = bindings(REVIEW)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]

    def __init__(self, session: ReviewSession, pictures: Pictures) -> None:
        super().__init__()
        self.session = session
        self.pictures = pictures
        self.view: View | None = None
        self.selected = 1
        self.confirming = False

    def compose(self) -> ComposeResult:
        yield Bench(self.pictures.renderer, id="bench")
        yield Static("", id="status", markup=False)
        yield Footer(show_command_palette=True)

    async def on_mount(self) -> None:
        self._apply(await asyncio.to_thread(self.session.view))

    def on_resize(self) -> None:
        if self.view is not None:
            self._show()

    def on_picture_view_room_changed(self, message: PictureView.RoomChanged) -> None:
        self._show_picture(message.view)

    # showing

    async def look_again(self) -> None:
        """Show what is on disk now: another screen may have changed it."""
        self._apply(await asyncio.to_thread(self.session.view))

    def _apply(self, view: View) -> None:
        fresh = self.view is None or self.view.response.id != view.response.id
        self.view = view
        if fresh:
            self.selected = view.unscored[0] if view.unscored else 1
            self.confirming = False
            self.query_one(Bench).rewind()
        self._show()
        if fresh:
            self._show_picture()

    def _show(self) -> None:
        assert self.view is not None
        self.query_one(Bench).show(self.view, self.selected, self.session.reviewer)

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    def _show_picture(self, target: PictureView | None = None) -> None:
        if self.view is not None:
            around = self.session.items_around()
            self.pictures.show(self.view.item, around, target or self.query_one(PictureView), self)

    def on_picture_arrived(self, message: PictureArrived) -> None:
        if self.view is None or message.item != self.view.item.id or not message.target.is_attached:
            return  # the reviewer has gone on
        if not self.pictures.arrived(message):
            self._show_picture(message.target)

    # saying

    async def _do(self, act: Callable[[], object], done: str = "", advance: bool = False) -> bool:
        """Run a word of the session in a thread; show it only once it is on disk. False if it was refused or lost."""
        self.confirming = False
        try:
            result = await asyncio.to_thread(act)
            view = await asyncio.to_thread(self.session.view)
        except RefusedError as error:
            self._tell(str(error), "refused")
            return False
        except MiaReviewError as error:
            self._tell(f"NOT SAVED: {error}", "lost")
            return False
        if advance and self.selected < len(view.item.components):
            self.selected += 1
        self._apply(view)
        if result is not False and done:
            self._tell(done, "saved")
        return result is not False

    async def action_score(self, digit: str) -> None:
        assert self.view is not None
        component = self.view.item.components[self.selected - 1]
        points = Fraction(int(digit))
        await self._do(
            lambda: self.session.score(component.position, points),
            f"component {component.position}: {digit} of {component.weight}, saved",
            advance=True,
        )

    async def action_half(self, step: int) -> None:
        assert self.view is not None
        component = self.view.item.components[self.selected - 1]
        mark = self.view.state.mark(component.position)
        before = mark.points if mark and mark.points is not None else Fraction(0 if step > 0 else component.weight)
        points = before + Fraction(step, 2)
        await self._do(
            lambda: self.session.score(component.position, points),
            f"component {component.position}: {points_text(points)} of {component.weight}, saved",
        )

    async def action_full_marks(self) -> None:
        await self._do(self.session.full_marks, "full marks on the rest, saved")

    async def action_agree(self) -> None:
        position = self.selected
        await self._do(lambda: self.session.agree([position]), "agreed with the judge, saved", advance=True)

    async def action_agree_all(self) -> None:
        assert self.view is not None
        positions = self.view.unscored
        await self._do(lambda: self.session.agree(positions), "agreed with the judge on the rest, saved")

    async def action_clear(self) -> None:
        position = self.selected
        await self._do(lambda: self.session.say("clear", position), f"component {position}: cleared, saved")

    async def action_undo(self) -> None:
        if not await self._do(self.session.undo, "undone, saved"):
            self._tell("Nothing to undo here. What was said before the judge was seen stays.", "refused")

    async def action_redo(self) -> None:
        if not await self._do(self.session.redo, "redone, saved"):
            self._tell("Nothing to redo here.", "refused")

    async def action_reveal(self) -> None:
        if self.view is not None and not self.view.judge_visible:
            await self._do(
                lambda: self.session.say("reveal"), "the judge is shown; what you score from now on is assisted"
            )

    async def action_skip(self) -> None:
        if await self._do(lambda: self.session.say("skip", value="1")):
            await self._move(self.session.go_unfinished, "Skipped; every other response is committed.")

    async def action_flag(self) -> None:
        assert self.view is not None
        value = "0" if self.view.state.flagged else "1"
        await self._do(lambda: self.session.say("flag", value=value), "flag taken away" if value == "0" else "flagged")

    async def action_commit(self) -> None:
        assert self.view is not None
        missing = len(self.view.unscored)
        if missing and not self.confirming:
            self._tell(f"{missing} without a score: ↵ again commits all the same, as a partial review.", "refused")
            self.confirming = True
            return
        if await self._do(self.session.commit, "committed"):
            if self.session.go_unfinished():
                self._apply(await asyncio.to_thread(self.session.view))
                self._tell("committed, saved", "saved")
            else:
                self._tell("Committed. All of this queue is done: see miareview scores.", "saved")

    def action_reason(self) -> None:
        self._ask("Why is the judge wrong here?", REASONS, "reason")

    def action_ungradable(self) -> None:
        self._ask("Why can this component not be graded?", UNGRADABLE_REASONS, "ungradable")

    def _ask(self, question: str, choices: tuple[str, ...], kind: str) -> None:
        position = self.selected

        async def chosen(value: str | None) -> None:
            if value is not None:
                await self._do(
                    lambda: self.session.say("reason" if kind == "reason" else "ungradable", position, value),
                    f"component {position}: {value}, saved",
                    advance=kind == "ungradable",
                )

        self.app.push_screen(Choose(f"{position}  {question}", choices), chosen)

    def action_comment(self) -> None:
        assert self.view is not None

        async def written(text: str | None) -> None:
            if text is not None:
                await self._do(lambda: self.session.say("comment", value=text), "comment saved")

        self.app.push_screen(Comment(self.view.state.comments.get(0, "")), written)

    # moving

    async def _move(self, go: Callable[[], bool], otherwise: str) -> None:
        if go():
            self._tell("")
            self._apply(await asyncio.to_thread(self.session.view))
        else:
            self._tell(otherwise, "refused")

    async def action_next_item(self) -> None:
        await self._move(lambda: self.session.go_item(1), "This is the last item.")

    async def action_previous_item(self) -> None:
        await self._move(lambda: self.session.go_item(-1), "This is the first item.")

    async def action_next_model(self) -> None:
        await self._move(lambda: self.session.go_model(1), "There is no other response to this item.")

    async def action_previous_model(self) -> None:
        await self._move(lambda: self.session.go_model(-1), "There is no other response to this item.")

    def action_search(self) -> None:
        async def found(place: int | None) -> None:
            if place is not None:
                self.session.go(place)
                self._apply(await asyncio.to_thread(self.session.view))

        self.app.push_screen(Search(self.session.find), found)

    def action_next_component(self) -> None:
        self._select(self.selected + 1)

    def action_previous_component(self) -> None:
        self._select(self.selected - 1)

    def on_score_table_selected(self, message: ScoreTable.Selected) -> None:
        self._select(message.position)

    async def on_score_table_given(self, message: ScoreTable.Given) -> None:
        await self.action_score(str(message.points))

    def _select(self, position: int) -> None:
        if self.view is not None and 1 <= position <= len(self.view.item.components):
            self.selected = position
            self._show()

    # looking

    def action_zoom(self) -> None:
        def ready(zoom: Zoom) -> None:
            self._show_picture(zoom.query_one(PictureView))

        def make() -> ComposeResult:
            yield PictureView(self.pictures.renderer, id="zoomed")

        self.app.push_screen(Zoom(make, ready))

    async def action_open_picture(self) -> None:
        path = self.pictures.library.find(self.view.item) if self.view else None
        if path is None:
            self._tell("There is no picture to open.", "refused")
        elif not await asyncio.to_thread(open_externally, path):
            self._tell(f"No viewer could be started here. The file is {path}", "refused")

    def action_help(self) -> None:
        self.app.push_screen(Help())

    def action_scroll_response(self, pages: int) -> None:
        self.query_one(ResponsePane).scroll(pages)

    def action_scroll_reasons(self, pages: int) -> None:
        self.query_one(ReasonsPane).scroll(pages)
