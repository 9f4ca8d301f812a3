"""The app: theme, commands, and the screen it opens on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.app import App, SystemCommand
from textual.screen import Screen

from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.tui.keys import REVIEW
from miareview.tui.look import THEME, theme_variables
from miareview.tui.picture import Renderer
from miareview.tui.pictures import Pictures
from miareview.tui.screens.review import ReviewScreen


class MiaReview(App[None]):
    """miareview in a terminal. Make the renderer first: it asks the terminal, which must not be running an app yet."""

    CSS_PATH = "app.tcss"
    TITLE = "miareview"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: ReviewSession, library: PictureLibrary, renderer: Renderer) -> None:
        super().__init__()
        self.session = session
        self.pictures = Pictures(library, renderer)
        self.register_theme(THEME)
        self.theme = THEME.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variables(self.current_theme.dark)

    def on_mount(self) -> None:
        self.push_screen(ReviewScreen(self.session, self.pictures))

    def on_unmount(self) -> None:
        self.pictures.close()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if isinstance(screen, ReviewScreen):
            for key in REVIEW:
                if key.action not in ("score", "app.command_palette", "app.quit"):
                    yield SystemCommand(
                        f"{key.label.capitalize()}  ({key.shown})", key.help, self._command(screen, key.action)
                    )

    def _command(self, screen: ReviewScreen, action: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action, screen)

        return run
