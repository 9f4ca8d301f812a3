"""The app: theme, commands, and the screen it opens on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable

from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Event
from textual.screen import Screen

from miareview.errors import MiaReviewError, UsageError
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.text import visible
from miareview.tui.computing import Numbers
from miareview.tui.doors import Doors
from miareview.tui.keyboard import PRESSES, Keyboard
from miareview.tui.keys import all_keys
from miareview.tui.look import THEME, theme_variables
from miareview.tui.opening import Opening
from miareview.tui.picture import Renderer
from miareview.tui.pictures import Pictures
from miareview.tui.screens.agreement import AgreementScreen
from miareview.tui.screens.dialogs import Sure
from miareview.tui.screens.numbers import NumbersScreen
from miareview.tui.screens.page import Page
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.screens.scores import ScoresScreen
from miareview.tui.themes import readable


class MiaReview(App[None]):
    """miareview in a terminal. Make the renderer first: it asks the terminal, which must not be running an app yet."""

    CSS_PATH = "app.tcss"
    TITLE = "miareview"
    ENABLE_COMMAND_PALETTE = True
    colours = 2**24
    remember: Callable[[str], None] | None = None

    def __init__(
        self,
        session: ReviewSession,
        library: PictureLibrary,
        renderer: Renderer,
        first: Callable[[Doors], None] | None = None,
        theme: str = "",
        remember: Callable[[str], None] | None = None,
    ) -> None:
        """`first` opens the screen to begin with, which is the review without it; leaving that one ends the app.

        `theme` is the one to begin with, by name; `remember` is told of another one that is chosen.
        """
        self.colours = renderer.colours  # before Textual asks for the theme's
        super().__init__()
        self.first = first
        self.session = session
        self.keyboard = Keyboard(self, super().on_event)
        self.terminal = renderer.terminal
        self.pictures = Pictures(library, renderer)
        self.doors = Opening(self)
        self.numbers: Numbers | None = None
        self.peeked = False
        self.register_theme(THEME)
        for name in [name for name in self.available_themes if name.startswith("ansi")]:
            self.unregister_theme(name)  # nobody can say whether its colours can be read
        if theme and theme not in self.available_themes:
            raise UsageError(
                f"There is no theme named {visible(theme)}.", f"One of: {', '.join(self.available_themes)}."
            )
        self.theme = theme or THEME.name
        self.remember = remember

    def get_css_variables(self) -> dict[str, str]:
        self.theme_variables = readable(super().get_css_variables(), self.current_theme.dark, self.colours)
        return self.theme_variables

    async def watch_theme(self, theme: str) -> None:
        if self.remember is not None:
            try:
                await asyncio.to_thread(self.remember, theme)
            except MiaReviewError as error:
                self.notify(visible(str(error)), severity="warning", markup=False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variables(self.current_theme.dark)

    def on_mount(self) -> None:
        if self.first is None:
            self.push_screen(ReviewScreen(self.session, self.keyboard, self.pictures, self.doors))
        else:
            self.first(self.doors)
        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.leave, 128 + number)

    def on_unmount(self) -> None:
        self.pictures.close()

    # keys, and the end

    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":  # another one was named, or this is Windows
            return found
        from miareview.tui.driver import Driver as OurDriver

        return OurDriver

    async def on_event(self, event: Event) -> None:
        if isinstance(event, PRESSES) and not event.is_forwarded:
            await self.keyboard.press(event)
        else:
            await super().on_event(event)

    def pop_screen(self) -> AwaitComplete:
        self.keyboard.forget()
        if len(self.screen_stack) == 2:  # the first screen, over Textual's own empty one
            self.exit()
        return super().pop_screen()

    def hung_up(self) -> None:
        """The terminal is gone."""
        self.leave(128 + signal.SIGHUP)

    def leave(self, return_code: int) -> None:
        """End at once and in order. What is being written to the database is finished, a comment is kept as a draft."""
        self.keyboard.forget()
        for screen in self.screen_stack:
            if isinstance(screen, ReviewScreen):
                screen.drafts.save()
        self.exit(return_code=return_code)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        for key in all_keys(screen.KEYS) if isinstance(screen, Page) else ():
            if key.action not in ("score", "app.command_palette", "app.quit"):
                title = f"{key.label.capitalize()}  ({key.shown})"
                yield SystemCommand(title, key.help, self._command(key.action, screen))

    def _command(self, action: str, screen: DOMNode) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action, screen)

        return run

    # other screens

    def action_browse(self) -> None:
        """Over the review, of the benchmark that is being reviewed."""
        if isinstance(self.screen, ReviewScreen) and self.screen.view is not None:
            self.doors.browse(self.screen.view.item.benchmark)

    def action_compare(self) -> None:
        """Over the review, with the response on the screen first."""
        if isinstance(self.screen, ReviewScreen) and self.screen.view is not None:
            view = self.screen.view
            self.doors.compare(view.item.benchmark, view.item.index, view.model_label)

    # numbers

    async def action_scores(self) -> None:
        await self._ask_for_numbers("scores", ScoresScreen)

    async def action_agreement(self) -> None:
        await self._ask_for_numbers("agreement", AgreementScreen)

    async def _ask_for_numbers(self, name: str, kind: type[ScoresScreen] | type[AgreementScreen]) -> None:
        """In the middle of a blind queue of one's own numbers are asked about once, and recorded each time."""
        blind = await asyncio.to_thread(self.session.unfinished)

        async def answered(yes: bool | None) -> None:
            if yes:
                self.peeked = True
                try:
                    await asyncio.to_thread(self.session.peek, name)
                except MiaReviewError as error:
                    self.notify(visible(f"NOT SAVED: {error}"), severity="error", markup=False)
                    return
                self._show_numbers(kind)

        if not blind:
            self._show_numbers(kind)
        elif self.peeked:
            await answered(True)
        else:
            at = ", ".join(f"{part.queue}: {part.committed} of {part.responses}" for part in blind)
            question = f"You are in the middle of a blind queue ({at}). Look at the numbers? It is recorded."
            self.push_screen(Sure(question), answered)

    def _show_numbers(self, kind: type[ScoresScreen] | type[AgreementScreen]) -> None:
        """Over the review, of the benchmark that is being reviewed; or in place of the other screen of numbers."""
        here = self.screen
        if isinstance(here, NumbersScreen):
            self.switch_screen(kind(here.numbers, self.doors))
        elif isinstance(here, ReviewScreen) and here.view is not None:
            benchmark, judge = here.view.item.benchmark, self.session.judge
            if self.numbers is None or self.numbers.benchmark != benchmark:
                judged_by = judge.id if judge else None
                blind_on = self.session.work if self.session.blind else ()
                self.numbers = Numbers(self.session.store, self.session.reviewer, benchmark, judged_by, blind_on)
            self.push_screen(kind(self.numbers, self.doors))
