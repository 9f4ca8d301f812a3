"""Browse: the list of what is there, with a filter, an order, counts, and the selected row whole."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Footer, Static

from miareview.browse.compare import Answer, compare
from miareview.browse.rows import PRESETS, UNITS
from miareview.browse.sight import sight_of
from miareview.errors import MiaReviewError
from miareview.model import Item
from miareview.store.browse_query import COLUMNS, FACETS, FoundRow
from miareview.text import visible
from miareview.tui.doors import Doors
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.listing import Listing
from miareview.tui.pictures import Pictures
from miareview.tui.screens.dialogs import Choose
from miareview.tui.screens.filters import Facet, WriteFilter
from miareview.tui.screens.page import Page
from miareview.tui.widgets.row_list import RowList
from miareview.tui.widgets.row_preview import RowPreview


class BrowseScreen(Page):
    """A row a response, component or item. What waits in a blind queue of the reviewer stays hidden here too."""

    NAME = "browse"
    KEYS = {
        "Rows": (
            Key("move(1)", "down,j", "↓ j", "row", "select the next row"),
            Key("move(-1)", "up,k", "↑ k", "row", "select the previous row"),
            Key("page(1)", "pagedown,space", "PgDn", "page", "a page down"),
            Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
            Key("end(False)", "home,g", "g", "first", "go to the first row"),
            Key("end(True)", "end,G", "G", "last", "go to the last row"),
            Key("open", "enter", "↵", "review", "open the review there; q comes back to the row", True),
            Key("compare", "v", "v", "compare", "the answers of all models to this item beside each other", True),
        ),
        "What is shown": (
            Key("filter", "f,slash", "f /", "filter", "write the filter", True),
            Key("clear", "backspace", "⌫", "clear", "take the last word of the filter away"),
            Key("facet", "F", "F", "count", "count what is shown by a column; ↵ adds a value to the filter", True),
            Key("sort", "s", "s", "sort", "sort by a column; the same again turns it round", True),
            Key("view", "V", "V", "views", "views that come along: unread replies, witness against judge, …", True),
            Key("unit", "U", "U", "unit", "a row is a response, a component, an item", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    def __init__(self, listing: Listing, items: Mapping[int, Item], pictures: Pictures, doors: Doors) -> None:
        super().__init__()
        self.listing = listing
        self.items = items
        self.pictures = pictures
        self.doors = doors
        self._asking = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield Static("", id="browse-header", markup=False)
        yield Static("", id="browse-filter", markup=False)
        yield RowList(self.listing)
        yield RowPreview()
        yield Static("", id="status", markup=False)
        yield Footer(show_command_palette=True)

    async def on_mount(self) -> None:
        self._tell("Getting the list ready …")
        await self._ask()

    async def on_screen_resume(self) -> None:
        if self.listing.page is not None:  # a review may have changed what is listed
            await self._ask(keep=True)

    def on_resize(self) -> None:
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
            self._tell(str(error), "refused")
            return
        self._tell("")
        rows.move(place)
        self._show()

    async def on_row_list_wanted(self, message: RowList.Wanted) -> None:
        if not self.listing.has(message.number):
            await asyncio.to_thread(self.listing.read, message.number)
            self.query_one(RowList).refresh()
            self._show()

    # showing

    def _show(self) -> None:
        listing, page = self.listing, self.listing.page
        if page is None:
            return
        held = f" · {page.held_back} more held back (your blind queues)" if page.held_back else ""
        units = f"{listing.unit}{'' if page.matched == 1 else 's'}"
        self.query_one("#browse-header", Static).update(
            Content.assemble(
                (" miareview ", "bold $primary"),
                "  browse  ",
                (f"{page.matched:,} {units}", "bold"),
                (held, "$warning"),
                (f"   by {listing.sort or 'item'}   {listing.reviewer}", "$muted"),
            )
        )
        shown = visible(listing.filter, newlines=False) or "all"
        self.query_one("#browse-filter", Static).update(Content.assemble((" filter  ", "$muted"), (shown, "$warning")))
        row = self.query_one(RowList).row
        if row is not None:
            self.run_worker(partial(self._preview, row), group="preview", exclusive=True)  # type: ignore[arg-type]
        else:
            self.query_one(RowPreview).show(None, None, None)

    async def _preview(self, row: FoundRow) -> None:
        item = self.items.get(row.item)
        answer = await asyncio.to_thread(self._answer, item, row) if item is not None else None
        self.query_one(RowPreview).show(row, item, answer)

    def _answer(self, item: Item, row: FoundRow) -> Answer | None:
        if row.model is None:
            return None
        sight = sight_of(self.listing.store, self.listing.reviewer)
        try:
            return compare(self.listing.store, item, [row.model], self.listing.judge, sight).answers[0]
        except MiaReviewError:
            return None  # an older answer of that model

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    # keys

    def action_move(self, step: int) -> None:
        rows = self.query_one(RowList)
        rows.move(rows.cursor + step)
        self._show()

    def action_page(self, step: int) -> None:
        self.action_move(step * self.query_one(RowList).height)

    def action_end(self, last: bool) -> None:
        rows = self.query_one(RowList)
        rows.move(self.listing.matched - 1 if last else 0)
        self._show()

    def action_filter(self) -> None:
        async def written(filter: str | None) -> None:
            if filter is not None:
                await self._ask(filter=filter)

        self.app.push_screen(WriteFilter(self.listing.filter), written)

    async def action_clear(self) -> None:
        await self._ask(filter=" ".join(self.listing.filter.split()[:-1]))

    async def action_unit(self) -> None:
        unit = UNITS[(UNITS.index(self.listing.unit) + 1) % len(UNITS)]
        kept = [word for word in self.listing.sort.split(",") if word.removeprefix("-") in COLUMNS[unit]]
        await self._ask(unit=unit, sort=",".join(kept) or "item")

    def action_sort(self) -> None:
        async def chosen(column: str | None) -> None:
            if column is not None:
                first = self.listing.sort.split(",")[0]
                down = column if first == f"-{column}" else f"-{column}"
                await self._ask(sort=f"{down},item" if column != "item" else down)

        columns = tuple(COLUMNS[self.listing.unit])
        self.app.push_screen(Choose("Sort by … (the same again turns it round)", columns), chosen)

    def action_facet(self) -> None:
        columns = tuple(name for name in FACETS if name != "component" or self.listing.unit == "component")

        async def chosen(column: str | None) -> None:
            if column is None:
                return
            values = await asyncio.to_thread(self.listing.facet, column)

            async def added(place: int | None) -> None:
                if place is not None:
                    await self._ask(filter=self.listing.with_value(column, values[place][0]))

            if values:
                self.app.push_screen(Facet(column, values), added)
            else:
                self._tell(f"Nothing to count by {column} here.", "refused")

        self.app.push_screen(Choose("Count what is shown by …", columns), chosen)

    def action_view(self) -> None:
        async def chosen(name: str | None) -> None:
            if name is not None:
                view = PRESETS[name]
                await self._ask(filter=view.filter, unit=view.unit, sort=view.sort)

        self.app.push_screen(Choose("Show …", tuple(PRESETS)), chosen)

    def action_open(self) -> None:
        rows = self.query_one(RowList)
        if self.listing.unit == "item" or rows.row is None:
            self._tell("An item has several responses: U shows them one by one.", "refused")
            return
        around = [self.listing.row(number) for number in range(max(rows.cursor - 50, 0), rows.cursor + 50)]
        seen = shows_judge(rows.row)
        same = [row.response for row in around if row is not None and row.response and shows_judge(row) == seen]
        work = list(dict.fromkeys(same))
        self.doors.review(work, work.index(rows.row.response or ""), seen)

    def action_compare(self) -> None:
        row = self.query_one(RowList).row
        if row is not None:
            self.doors.compare(self.listing.benchmark, row.item, row.model)

    def action_back(self) -> None:
        self.dismiss(None)


def shows_judge(row: FoundRow) -> bool:
    """Whether the list shows what the judge gave, so that whoever opens the review from here knows it."""
    return row.read is not None and not row.waits
