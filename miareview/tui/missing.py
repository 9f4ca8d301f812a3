"""The app that opens on what a judge missed of the probes, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from miareview.images.library import PictureLibrary
from miareview.probing.answers import Miss
from miareview.review.session import ReviewSession
from miareview.tui.app import MiaReview
from miareview.tui.picture import Renderer
from miareview.tui.screens.misses import MissesScreen
from miareview.tui.screens.page import Page


class Missing(MiaReview):
    """`session` is over the responses in the file of probes; nothing is scored in it."""

    def __init__(
        self,
        session: ReviewSession,
        library: PictureLibrary,
        renderer: Renderer,
        judge: str,
        misses: Sequence[Miss],
        say_wrong: Callable[[int], None],
    ) -> None:
        super().__init__(session, library, renderer)
        self.judge, self.misses, self.say_wrong = judge, misses, say_wrong

    def first_screen(self) -> Page:
        return MissesScreen(self.judge, self.misses, self.pictures, self.say_wrong)
