"""What a reviewer says with keys: points, words and the commit, each shown only once it is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from miareview.errors import MiaReviewError, RefusedError
from miareview.model import REASONS, UNGRADABLE_REASONS, points_text
from miareview.review.session import Committed, ReviewSession
from miareview.review.sight import View
from miareview.text import visible
from miareview.tui.drafts import Drafts
from miareview.tui.keyboard import Keyboard
from miareview.tui.screens.dialogs import Choose, Comment, Sure

SLOW = 1.0
"""Seconds after which the screen says that a write waits."""


class WordsScreen(Screen[None]):
    """The half of the review screen that speaks with the session; `ReviewScreen` is the half that shows and moves.

    `view` is what is on the screen, `selected` the position of the component that a digit is for.
    """

    def __init__(self, session: ReviewSession, keyboard: Keyboard) -> None:
        super().__init__()
        self.session = session
        self.keyboard = keyboard
        self.drafts = Drafts(session.store, session.reviewer)
        self.view: View | None = None
        self.selected = 1

    def _apply(self, view: View) -> None:
        raise NotImplementedError

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    def _refuse(self, text: str, kind: str = "refused") -> None:
        """Say why a key did nothing. Keys typed behind it are dropped; this stays until a key acknowledges it."""
        self._tell(f"any key ▸ {text}", kind)
        self.keyboard.refuse(lambda: self._tell(""))

    async def _do(self, act: Callable[[], object], done: str = "", advance: bool = False) -> bool | None:
        """Run a word of the session in a thread; show it only once it is on disk.

        False where the session had nothing to do, None where it refused or the word was lost.
        """
        try:
            result = await self._patiently(act)
        except RefusedError as error:
            self._refuse(str(error))
            return None
        except MiaReviewError as error:
            self._refuse(f"NOT SAVED: {error}", "lost")
            return None
        try:
            view = await asyncio.to_thread(self.session.view)
        except MiaReviewError as error:
            self._refuse(f"{done or 'saved'}; but it cannot be shown: {error}")
            return None
        if advance and self.selected < len(view.item.components):
            self.selected += 1
        self._apply(view)
        if result is not False:
            self._tell(done, "saved")
        return result is not False

    async def _patiently(self, act: Callable[[], object]) -> object:
        """Run in a thread, and say so where it takes long: another program may hold the database."""
        task = asyncio.ensure_future(asyncio.to_thread(act))
        if not (await asyncio.wait({task}, timeout=SLOW))[0]:
            self._tell("waiting for the database…", "refused")
        return await task

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
        undone: list[str] = []
        if await self._do(lambda: undone.append(self.session.undo())) is None:
            return
        if undone == ["nothing"]:
            self._refuse("Nothing to undo here. What was said before the judge was seen stays.")
        else:
            self._tell("the last commit is open again" if undone == ["reopened"] else "undone, saved", "saved")

    async def action_redo(self) -> None:
        if await self._do(self.session.redo, "redone, saved") is False:
            self._refuse("Nothing to redo here.")

    def action_reveal(self) -> None:
        async def answered(yes: bool | None) -> None:
            if yes:
                await self._do(self.session.reveal, "the judge is shown; what you score from now on is assisted")

        if self.view is not None and not self.view.judge_visible:
            self.app.push_screen(Sure("Show the judge? From then on your scores here count as assisted."), answered)

    async def action_skip(self) -> None:
        if await self._do(lambda: self.session.say("skip", value="1")):
            await self._move(self.session.go_unfinished, "Skipped; every other response is committed.")

    async def action_flag(self) -> None:
        assert self.view is not None
        value = "0" if self.view.state.flagged else "1"
        await self._do(lambda: self.session.say("flag", value=value), "flag taken away" if value == "0" else "flagged")

    async def action_commit(self) -> None:
        """Commit and go on; where the queue shows the judge after each response, the next press goes on."""
        assert self.view is not None
        if self.view.settled:
            await self._move(self.session.go_unfinished, "All of this queue is done: see miareview scores.")
            return
        if missing := self.view.unscored:
            those = ", ".join(map(str, missing))
            self._refuse(f"No score yet: {those}. Points, or x for what cannot be graded; s skips this response.")
            return
        done: list[Committed] = []
        if await self._do(lambda: done.append(self.session.commit())) is None:
            return
        if done[0].shown or done[0].over:
            self.selected = next(iter(self.view.differences), self.selected)
            self._apply(self.view)
        else:
            await self._move(self.session.go_unfinished, "")
        over = "Committed. All of this queue is done: see miareview scores."
        self._tell(over if done[0].over else "committed, saved; ↵ goes on" if done[0].shown else "committed, saved",
                   "saved")  # fmt: skip

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
        response, before = self.view.response.id, self.view.state.comments.get(0, "")
        begun = self.drafts.text(response)

        async def written(text: str | None) -> None:
            if text is None or await self._do(lambda: self.session.say("comment", value=text), "comment saved"):
                await asyncio.to_thread(self.drafts.done, response)

        dialog = Comment(before, begun, lambda text: self.drafts.put(response, text))
        self.app.push_screen(dialog, written)

    async def _move(self, go: Callable[[], bool], otherwise: str) -> None:
        if go():
            self._tell("")
            self._apply(await asyncio.to_thread(self.session.view))
        else:
            self._refuse(otherwise)
