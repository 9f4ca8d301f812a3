"""What a reviewer says with keys: points, words and the commit, each shown only once it is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from miareview.errors import MiaReviewError, MovedFileError, RefusedError
from miareview.filters import quoted
from miareview.model import UNGRADABLE_REASONS, Component, points_text
from miareview.review.progress import Summary
from miareview.review.session import Committed, ReviewSession
from miareview.review.sight import View
from miareview.tui.doors import Doors
from miareview.tui.drafts import Drafts
from miareview.tui.keyboard import Keyboard
from miareview.tui.look import show_points
from miareview.tui.screens.dialogs import Choose, Comment, End, Sure
from miareview.tui.screens.going import Points, Reason
from miareview.tui.screens.saying import Saying
from miareview.words.numbers import runs


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A word on a response (its id) that the file could not take; `done` is what the screen says once it can."""

    response: str
    act: Callable[[], object]
    done: str


class WordsScreen(Saying):
    """The half of the review screen that speaks with the session; `ReviewScreen` is the half that shows and moves.

    `view` is what is on the screen, `selected` the position of the component that a digit is for, `unsaved` what could
    not be said because the file was away. `doors` open other screens over this one.
    """

    def __init__(self, session: ReviewSession, keyboard: Keyboard, doors: Doors) -> None:
        super().__init__()
        self.doors = doors
        self.unsaved: list[Unsaved] = []
        self.session = session
        self.keyboard = keyboard
        self.drafts = Drafts(session.store, session.reviewer)
        self.view: View | None = None
        self.selected = 1
        self.scored: int | None = None  # the component that was scored last, until another one is selected

    @property
    def in_sight(self) -> bool:
        """Whether the selected component is on the screen."""
        raise NotImplementedError

    def _apply(self, view: View) -> None:
        raise NotImplementedError

    async def _seen(self) -> View:
        """What may be seen now. Read in a thread, and with it what the screen asks for while it shows that."""

        def look() -> View:
            view = self.session.view()
            self.session.items_around()
            return view

        return await asyncio.to_thread(look)

    async def _do(self, act: Callable[[], object], done: str = "", advance: bool = False) -> object:
        """Run a word of the session in a thread; show it only once it is on disk.

        What it returned (True for None), and None where it was refused or lost.
        """
        here = self.session.here
        try:
            result = await self._patiently(act)
        except RefusedError as error:
            self._refuse(str(error))
            return None
        except MiaReviewError as error:
            if isinstance(error, MovedFileError):
                self.unsaved.append(Unsaved(here, act, done))
            self._refuse(f"NOT SAVED: {error}", "lost")
            return None
        result = True if result is None else result
        try:
            view = await self._seen()
        except MiaReviewError as error:
            self._refuse(f"{done or 'saved'}; but it cannot be shown: {error}")
            return None
        self._tell(done if result else "", "saved")
        if advance and self.selected < len(view.item.components):
            self.selected += 1
        self._apply(view)
        if self.unsaved:
            self._offer()
        return result

    def _offer(self) -> None:
        """The file is back: ask whether the words that it could not take are to be saved now."""
        words, self.unsaved = self.unsaved, []

        async def answered(yes: bool | None) -> None:
            here = self.session.here
            for word in words if yes else ():
                self.session.go_to(word.response)
                if await self._do(word.act, word.done) is None:
                    break
            self.session.go_to(here)
            self._apply(await self._seen())

        what = "\n".join(word.done.removesuffix(", saved") or "a word" for word in words)
        self.app.push_screen(Sure(f"The database is back. Not saved before:\n{what}\nSave it now?"), answered)

    async def action_score(self, digit: int) -> None:
        assert self.view is not None
        if not self.in_sight:
            self._refuse("The component is not in sight: make the window larger.")
            return
        component = self.view.item.components[self.selected - 1]
        if 0 < 10 * digit <= component.weight:  # it may be the first of two digits
            self.app.push_screen(Points(component, str(digit)), partial(self._give, component))
        else:
            await self._give(component, Fraction(digit))

    async def _give(self, component: Component, points: Fraction | None) -> None:
        if points is not None:
            self.scored = component.position
            await self._do(
                lambda: self.session.score(component.position, points),
                f"component {component.position}: {points_text(points)} of {component.weight}, saved",
                advance=True,
            )

    async def action_half(self, step: int) -> None:
        assert self.view is not None
        component = self.view.item.components[self.selected - 1]
        mark = self.view.state.mark(component.position)
        before = mark.points if mark and mark.points is not None else Fraction(0 if step > 0 else component.weight)
        points = before + Fraction(step, 2)
        self.scored = component.position
        await self._do(
            lambda: self.session.score(component.position, points),
            f"component {component.position}: {points_text(points)} of {component.weight}, saved",
        )

    async def action_full_marks(self) -> None:
        if await self._do(self.session.full_marks, "full marks on the rest, saved") == 0:
            self._refuse("Every component has a verdict already.")

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
        match await self._do(self.session.undo):
            case "undone":
                self._tell("undone, saved", "saved")
            case "reopened":
                self._tell("the last commit is taken back, saved", "saved")
            case "nothing":
                self._refuse("Nothing to undo here. What was said before the judge was seen stays.")

    async def action_redo(self) -> None:
        if await self._do(self.session.redo, "redone, saved") is False:
            self._refuse("Nothing to redo here.")

    def action_reveal(self) -> None:
        async def answered(yes: bool | None) -> None:
            if yes:
                await self._do(self.session.reveal, "the judge is shown; what you score from now on is assisted")

        if self.view is not None and self.view.training:
            self._refuse("This is training: what was settled is shown once you commit.")
        elif self.view is not None and not self.view.judge_visible:
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
        if missing := self.view.unscored:
            self._refuse(
                f"No score yet: {runs(missing)}. Points, or x for what cannot be graded; s skips this response."
            )
            return
        settled = self.view.settled
        done = await self._do(self.session.commit, "" if settled else "committed, saved")
        if not isinstance(done, Committed):
            return
        fresh = done.shown and not settled
        if fresh:
            self.selected = next(iter(self.view.differences), self.selected)
            self._apply(self.view)
            self._tell("committed, saved · ↵ goes on", "saved")
        if done.over:
            await self.action_end()
        elif not fresh:
            await self._move(self.session.go_unfinished, "Every other response is committed.")
            self._tell("" if settled else "committed, saved", "saved")

    async def action_end(self) -> None:
        """Where the person stands in this queue, and what can be done there."""

        async def chosen(key: str | None) -> None:
            match key:
                case "S":
                    await self.app.run_action("scores")
                case "G":
                    await self.app.run_action("agreement")
                case "d" if summary.agreement:
                    self._browse_differences(summary)
                case "C":
                    self.app.push_screen(Sure("Close this queue here? What is committed is your part of it."), closed)

        async def closed(yes: bool | None) -> None:
            if yes and await self._do(self.session.close, "the queue is closed here, saved"):
                await self.action_end()

        summary = await asyncio.to_thread(self.session.summary)
        self.app.push_screen(End(summary), chosen)

    def _browse_differences(self, summary: Summary) -> None:
        """Components of this work where judge and people differ; one by one where it is no queue."""
        assert self.view is not None
        if summary.queue is None:
            self.doors.review(summary.agreement.differing if summary.agreement else (), 0)
            return
        words = f"queue:{quoted(summary.queue)} who:{quoted(self.session.reviewer)} delta>0"
        self.doors.browse(self.view.item.benchmark, words, "component", "-delta,item")

    def action_reason(self) -> None:
        """Why the judge is wrong: where it is shown and differs, beginning with what was scored last."""
        view = self.view
        if view is None:
            return
        if view.training:
            self._refuse("This is training: there is no judge here, and your answer is held against gold.")
            return
        position = self.scored if self.scored in view.differences else self.selected
        if not view.judge_visible:
            self._refuse("The judge is hidden. Once it is shown, t says why it is wrong.")
            return
        if position not in view.differences:
            others = f" You differ on {runs(view.differences)}." if view.differences else ""
            self._refuse(f"You and the judge do not differ on component {position}.{others}")
            return

        async def chosen(said: tuple[int, str] | None) -> None:
            if said is not None:
                where, why = said
                await self._do(lambda: self.session.say("reason", where, why), f"component {where}: {why}, saved")

        differing = [
            (view.item.components[at - 1], f"judge {show_points(view.judge_points[at])}, you {_mark(view, at)}")
            for at in view.differences
        ]
        self.app.push_screen(Reason(differing, position), chosen)

    def action_ungradable(self) -> None:
        position = self.selected

        async def chosen(value: str | None) -> None:
            if value is not None:
                await self._do(
                    lambda: self.session.say("ungradable", position, value),
                    f"component {position}: {value}, saved",
                    advance=True,
                )

        self.app.push_screen(Choose(f"{position}  Why can this component not be graded?", UNGRADABLE_REASONS), chosen)

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
        if await asyncio.to_thread(go):
            self._tell("")
            self._apply(await self._seen())
        else:
            self._refuse(otherwise)


def _mark(view: View, position: int) -> str:
    mark = view.state.mark(position)
    return "ungradable" if mark is None or mark.points is None else show_points(mark.points)
