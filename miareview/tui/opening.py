"""Opening screens over each other, for one person and one judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from miareview.browse.rows import UNITS
from miareview.browse.sight import queue_of
from miareview.gold.settler import Settler
from miareview.review.queues import work_in
from miareview.review.session import ReviewSession
from miareview.store.gold import guidelines, rules
from miareview.store.queues import among, design
from miareview.tui.comparing import Comparing
from miareview.tui.listing import Listing
from miareview.tui.screens.behind import BehindScreen, LookedAt, OpenedReview
from miareview.tui.screens.browse import BrowseScreen
from miareview.tui.screens.compare import CompareScreen
from miareview.tui.screens.gold import GoldScreen
from miareview.tui.screens.guideline import GuidelineScreen
from miareview.tui.screens.review import ReviewScreen
from miareview.tui.settling import Settling

if TYPE_CHECKING:
    from miareview.stats.behind import Behind
    from miareview.tui.app import MiaReview


class Opening:
    """The doors of the app (see `Doors`); the rules of its session stay in force behind them."""

    def __init__(self, app: MiaReview) -> None:
        self.app = app

    def review(self, work: Sequence[str], place: int, seen: bool = False) -> None:
        here = self.app.session
        # What is said of a response that waits counts in its queue, so one session is over one queue or none.
        queue = None if seen else queue_of(here.store, here.reviewer, work[place], *self._queues())
        inside = among(here.store, queue.name, work) if queue else set()
        these = [id for id in work if (id in inside) == (work[place] in inside)]
        session = ReviewSession(
            here.store, here.reviewer, these, queue=queue, blind=here.blind and not seen, judge=here.judge
        )
        session.go_to(work[place])
        self._open(session)

    def behind(self, behind: Behind) -> None:
        session = self.app.session
        items = {id: session.store.item(id) for id in {row.item for row in behind.rows}}
        self.app.push_screen(BehindScreen(behind, items, session.item.benchmark, self))

    def look(self, work: Sequence[str]) -> None:
        app, here = self.app, self.app.session
        session = ReviewSession(here.store, here.reviewer, work, judge=here.judge)
        app.push_screen(LookedAt(session, app.keyboard, app.pictures, self))

    def queue(self, name: str) -> None:
        here = self.app.session
        queue = design(here.store, name)
        work = work_in(here.store, queue, here.reviewer)
        self._open(ReviewSession(here.store, here.reviewer, work, queue=queue, blind=queue.blind, judge=here.judge))

    def compare(self, benchmark: str, number: int, base: str | None = None, models: Sequence[str] = ()) -> None:
        here = self.app.session
        comparing = Comparing(
            here.store, here.reviewer, benchmark, here.judge, number, base=base, models=models, here=self._queues()
        )
        self.app.push_screen(CompareScreen(comparing, self.app.pictures, self))

    def browse(self, benchmark: str, filter: str = "", unit: str = "response", sort: str = "item") -> None:
        here = self.app.session
        listing = Listing(here.store, here.reviewer, benchmark, here.judge, self._queues())
        listing.filter, listing.sort = filter, sort
        listing.unit = next(one for one in UNITS if one == unit)
        self.app.push_screen(BrowseScreen(listing, self.app.pictures, self))

    def gold(self, benchmark: str) -> None:
        app, here = self.app, self.app.session
        settler = Settler(here.store, here.reviewer, benchmark, here.judge)
        app.push_screen(GoldScreen(Settling(settler), app.keyboard, app.pictures, self), self._reviewed)

    def guideline(self) -> None:
        store = self.app.session.store
        self.app.push_screen(GuidelineScreen(guidelines(store), rules(store)))

    def _queues(self) -> list[str]:
        """The queues that are being worked in: what waits there waits on every screen, also before the first word."""
        sessions = [screen.session for screen in self.app.screen_stack if isinstance(screen, ReviewScreen)]
        return [session.queue.name for session in (*sessions, self.app.session) if session.queue]

    def _open(self, session: ReviewSession) -> None:
        app = self.app
        app.push_screen(OpenedReview(session, app.keyboard, app.pictures, self), self._reviewed)

    async def _reviewed(self, _: object) -> None:
        for screen in self.app.screen_stack:
            if isinstance(screen, ReviewScreen):
                await screen.look_again()
