"""What the screens of numbers share: asking for them in a worker, and dropping what comes too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.worker import get_current_worker

from miareview.errors import MiaReviewError
from miareview.stats.behind import Missing
from miareview.tui.computing import Numbers
from miareview.tui.doors import Doors
from miareview.tui.keys import Key
from miareview.tui.screens.page import Page

SCROLL = (
    Key("scroll(1)", "pagedown,space", "PgDn", "scroll", "scroll down"),
    Key("scroll(-1)", "pageup", "PgUp", "scroll", "scroll up"),
)


class NumbersScreen(Page):
    """A screen of numbers: asks for them in an exclusive thread worker each time it comes to the front.

    A subclass says what to compute (`ask`), and shows it (`show`), that it takes time (`waiting`), or why there is
    nothing to show (`refuse`).
    """

    @dataclass
    class Computed(Message):
        """A worker is done: `result` is the numbers, or the error that says why there are none."""

        result: object
        asked: int

    doors: Doors

    def __init__(self, numbers: Numbers) -> None:
        super().__init__()
        self.numbers = numbers
        self.asked = 0

    def ask(self) -> Callable[[], object]:
        """The function that computes; called in a thread."""
        raise NotImplementedError

    def show(self, result: object) -> None:
        raise NotImplementedError

    def waiting(self) -> None:
        raise NotImplementedError

    def refuse(self, sentence: str) -> None:
        raise NotImplementedError

    def open_missing(self, missing: Missing, nothing: str) -> None:
        """The first response concerned, in a review of all of them, gaps first; or that there is nothing."""
        if work := missing.gaps or missing.unread:
            self.doors.review(work, 0)
        else:
            self.notify(nothing)

    def on_screen_resume(self) -> None:
        self.compute()

    def compute(self) -> None:
        """Ask for the numbers. What was asked for before is dropped, even if it is done later."""
        self.asked += 1
        self.run_worker(partial(self._work, self.ask(), self.asked), group="numbers", exclusive=True, thread=True)
        # Kept numbers are there in a moment; a word that flashes by would only disturb.
        self.set_timer(0.15, partial(self._still, self.asked))

    def _still(self, asked: int) -> None:
        if asked == self.asked:
            self.waiting()

    def _work(self, make: Callable[[], object], asked: int) -> None:
        worker = get_current_worker()
        try:
            result: object = make()
        except (MiaReviewError, ValueError) as error:
            result = error
        if not worker.is_cancelled:
            self.post_message(self.Computed(result, asked))

    def on_numbers_screen_computed(self, message: NumbersScreen.Computed) -> None:
        if message.asked != self.asked:
            return
        self.asked += 1  # answered: `_still` has nothing to say any more
        if isinstance(message.result, Exception):
            self.refuse(str(message.result))
        else:
            self.show(message.result)
