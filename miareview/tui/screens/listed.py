"""The half of Browse that asks for rows and shows them; `BrowseScreen` is the half that does what keys say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from miareview.browse.compare import Answer, compare
from miareview.errors import MiaReviewError
from miareview.model import Item
from miareview.store.browse_query import FoundRow
from miareview.text import visible
from miareview.tui.doors import Doors
from miareview.tui.listing import Listing
from miareview.tui.pictures import Pictures
from miareview.tui.screens.pictured import Pictured
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.row_list import RowList
from miareview.tui.widgets.row_preview import RowPreview


class ListedScreen(Pictured):
    """A list, and the selected row whole. What was asked for last is what is shown."""

    class Read(Message):
        """The selected row's item and answer, as a thread read them."""

        def __init__(self, row: FoundRow, item: Item | None, answer: Answer | None) -> None:
            super().__init__()
            self.row, self.item, self.answer = row, item, answer

    def __init__(self, listing: Listing, pictures: Pictures, doors: Doors) -> None:
        super().__init__()
        self.listing = listing
        self.pictures = pictures
        self.doors = doors
        self._asking = asyncio.Lock()
        self._item: Item | None = None  # of the row that was read last

    def compose(self) -> ComposeResult:
        yield Static("", id="browse-header", markup=False)
        yield Static("", id="browse-filter", markup=False)
        with Container(id="browse-body"):
            yield RowList(self.listing)
            yield RowPreview(self.pictures.renderer)
        yield Static("", id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._tell("Getting the list ready …")
        self.call_after_refresh(self._ask)  # which may take minutes the first time: only then, so that this is seen

    async def on_screen_resume(self) -> None:
        if self.listing.page is not None:  # a review may have changed what is listed
            await self._ask(keep=True)

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._show)

    # asking

    async def _ask(self, keep: bool = False, **changed: str) -> None:
        rows = self.query_one(RowList)
        place = rows.cursor if keep else 0
        try:
            async with self._asking:  # one question at a time, so that what was asked for last is what is shown
                await asyncio.to_thread(lambda: self.listing.ask(**changed))  # type: ignore[arg-type]
                if not self.listing.has(place):
                    await asyncio.to_thread(self.listing.read, place)
        except MiaReviewError as error:
            self.refuse(str(error))
            return
        if not keep:  # else a word may stand there that was said while a dialog closed
            self._tell("")
        rows.move(place)
        self._show()

    async def on_row_list_wanted(self, message: RowList.Wanted) -> None:
        if not self.listing.has(message.number):
            await asyncio.to_thread(self.listing.read, message.number)
            self.query_one(RowList).refresh()
            self._show()

    def on_row_list_moved(self) -> None:
        self._show()

    async def _try(self, act: Callable[[], object]) -> object:
        """What `act` returns, done in a thread; None where it is refused, which is said."""
        try:
            return await asyncio.to_thread(act)
        except MiaReviewError as error:
            self.refuse(str(error))
            return None

    # showing

    def _show(self) -> None:
        listing, page = self.listing, self.listing.page
        if page is None:
            return
        held = f" · {page.held_back} more held back (your blind queues)" if page.held_back else ""
        units = f"{listing.unit}{'' if page.matched == 1 else 's'}"
        marks = f" · {listing.marks:,} marked" if listing.marks else ""
        app = (" miareview ", "bold $primary") if self.size.width >= 100 else ("", "")
        self.query_one("#browse-header", Static).update(
            Content.assemble(
                app,
                "  browse  " if app[0] else " browse  ",
                (f"{page.matched:,} {units}", "bold"),
                (marks, "$text-accent"),
                (held, "$text-warning"),
                (f"   by {listing.sort or 'item'}   {visible(listing.reviewer, newlines=False)}", "$muted"),
            )
        )
        shown = visible(listing.filter, newlines=False) or "all"
        self.query_one("#browse-filter", Static).update(
            Content.assemble((" filter  ", "$muted"), (shown, "$text-warning"))
        )
        row = self.query_one(RowList).row
        if row is None:
            self.query_one(RowPreview).show(None, None, None)
        elif self.query_one(RowPreview).display:
            self.run_worker(partial(self._preview, row), group="preview", exclusive=True)  # type: ignore[arg-type]
        self.refresh_bindings()

    async def _preview(self, row: FoundRow) -> None:
        item = await asyncio.to_thread(self.listing.item, row)
        answer = await asyncio.to_thread(self._answer, item, row) if item is not None else None
        self.post_message(self.Read(row, item, answer))  # not shown here: the screen may be gone by now

    def on_listed_screen_read(self, message: ListedScreen.Read) -> None:
        if message.row == self.query_one(RowList).row:
            self._item = message.item
            self.query_one(RowPreview).show(message.row, message.item, message.answer)
            self.show_picture()

    def _answer(self, item: Item, row: FoundRow) -> Answer | None:
        if row.model is None:
            return None
        sight = self.listing.sight()
        try:
            return compare(self.listing.store, item, [row.model], self.listing.judge, sight).answers[0]
        except MiaReviewError:
            return None  # an older answer of that model

    def pictured(self) -> Item | None:
        row = self.query_one(RowList).row
        return self._item if row is not None and self._item is not None and self._item.index == row.item else None

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    def refuse(self, sentence: str) -> None:
        self._tell(sentence, "refused")
