"""The app that opens on what a judge missed of the probes, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from miareview.images.library import PictureLibrary
from miareview.probing.answers import Miss
from miareview.review.session import ReviewSession
from miareview.tui.app import MiaReview
from miareview.tui.doors import Doors
from miareview.tui.picture import Renderer
from miareview.tui.screens.misses import MissesScreen


def misses_app(
    session: ReviewSession,
    library: PictureLibrary,
    renderer: Renderer,
    judge: str,
    misses: Sequence[Miss],
    say_wrong: Callable[[int], None],
    theme: str = "",
    remember: Callable[[str], None] | None = None,
) -> MiaReview:
    """`session` is over the responses in the file of probes; nothing is scored in it."""

    def first(_: Doors) -> None:
        app.push_screen(MissesScreen(judge, misses, app.pictures, say_wrong))

    app = MiaReview(session, library, renderer, first, theme, remember)
    return app
