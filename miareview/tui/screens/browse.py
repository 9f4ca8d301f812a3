"""Browse: the list of what is there, with a filter, an order, counts, and the selected row whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from miareview.browse.rows import PRESETS, UNITS
from miareview.filters import WORDS, without_last
from miareview.store.browse_query import COLUMNS, FACETS, FoundRow
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.listing import FACET_WORDS
from miareview.tui.screens.dialogs import Sure
from miareview.tui.screens.filters import Facet, WriteFilter, WriteLine
from miareview.tui.screens.listed import ListedScreen
from miareview.tui.screens.views import Views
from miareview.tui.widgets.row_list import RowList
from miareview.tui.widgets.row_preview import RowPreview
from miareview.words.commands import review_command

DOWN_FIRST = frozenset({"judge", "people", "delta", "reviewers", "words"})
"""Columns whose largest values are looked for first."""


class BrowseScreen(ListedScreen):
    """A row a response, component or item. What waits in a blind queue of the reviewer stays hidden here too."""

    NAME = "browse"
    KEYS = {
        "Rows": (
            Key("move(1)", "down,j", "↓ j", "row", "select the next row"),
            Key("move(-1)", "up,k", "↑ k", "row", "select the previous row"),
            Key("page(1)", "pagedown", "PgDn", "page", "a page down"),
            Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
            Key("end(False)", "home,g", "g", "first", "go to the first row"),
            Key("end(True)", "end,G", "G", "last", "go to the last row"),
            Key("open", "enter", "↵", "review", "open the review there; q comes back to the row", True),
            Key("compare", "v", "v", "compare", "the answers of all models to this item beside each other", True),
            Key("reveal", "r", "r", "reveal", "show the judge of a row that waits in your blind queue; it is recorded"),
            Key("zoom", "z", "z", "picture", "the picture on the whole screen; any key comes back"),
            Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
            Key("preview", "p", "p", "preview", "show the selected row whole, or the list alone"),
        ),
        "What is shown": (
            Key("view", "V", "V", "views", "unread replies, witness against judge, large Δ … and those you keep", True),
            Key("filter", "f", "f", "filter", "write the filter; ⇥ completes its words", True),
            Key("find", "slash", "/", "find", "find words of instruction or response, or an item by its number", True),
            Key("clear", "backspace", "⌫", "clear", "take the last word of the filter away"),
            Key("column(1)", "greater_than_sign,right,l", "> →", "column", "select the next column"),
            Key("column(-1)", "less_than_sign,left,h", "< ←", "column", "select the column before"),
            Key("sort", "s", "s", "sort", "sort by the selected column; again turns it round", True),
            Key("facet", "F", "F", "count", "count by the selected column; ↵ adds a value to the filter", True),
            Key("unit", "U", "U", "unit", "a row is a response, a component, an item", True),
        ),
        "With the rows": (
            Key("gold", "L", "L", "gold", "the labels that people differ on, to settle them"),
            Key("mark", "space", "space", "mark", "mark a row; what follows is then of the marked ones"),
            Key("mark_all", "asterisk", "*", "all", "mark all rows, or none"),
            Key("queue", "Q", "Q", "queue", "make a queue of them to review; chosen, so never a random sample", True),
            Key("export", "e", "e", "export", "write them as a .csv or .jsonl file", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    # keys: rows

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

    def action_open(self) -> None:
        rows = self.query_one(RowList)
        if rows.row is None:
            return
        if rows.row.response is None:
            self.action_compare()  # an item's row: its answers beside each other
            return
        around = [self.listing.row(number) for number in range(max(rows.cursor - 50, 0), rows.cursor + 50)]
        seen = shows_judge(rows.row)
        same = [row.response for row in around if row is not None and row.response and shows_judge(row) == seen]
        work = list(dict.fromkeys(same))
        self.doors.review(work, work.index(rows.row.response), seen)

    def action_compare(self) -> None:
        row = self.query_one(RowList).row
        if row is not None:
            self.doors.compare(self.listing.benchmark, row.item, row.model)

    def action_gold(self) -> None:
        self.doors.gold(self.listing.benchmark)

    def action_reveal(self) -> None:
        row = self.query_one(RowList).row
        if row is None or row.response is None or not row.waits:
            self.refuse("This row does not wait: all that is known of it is shown.")
            return
        response = row.response

        async def answered(yes: bool | None) -> None:
            if yes:
                self.doors.review([response], 0, seen=True)

        question = "Show the judge of this response? It is recorded, and what you score here then counts as assisted."
        self.app.push_screen(Sure(question), answered)

    def action_preview(self) -> None:
        preview = self.query_one(RowPreview)
        preview.display = not preview.display
        self.call_after_refresh(self._show)

    # keys: what is shown

    def action_filter(self) -> None:
        async def written(filter: str | None) -> None:
            if filter is not None:
                await self._ask(filter=filter)

        self.app.push_screen(WriteFilter(self.listing.filter), written)

    def action_find(self) -> None:
        async def written(words: str | None) -> None:
            if words is not None:
                await self._ask(filter=self.listing.found(words))

        hint = "↵ shows the rows that have them · ⌫ in the list takes it back · esc back"
        self.app.push_screen(WriteLine("Find …", "", "an item's number, or words of instruction or response", hint),
                             written)  # fmt: skip

    async def action_clear(self) -> None:
        await self._ask(filter=without_last(self.listing.filter))

    async def action_unit(self) -> None:
        unit = UNITS[(UNITS.index(self.listing.unit) + 1) % len(UNITS)]
        kept = [word for word in self.listing.sort.split(",") if word.removeprefix("-") in COLUMNS[unit]]
        await self._ask(unit=unit, sort=",".join(kept) or "item")

    def action_column(self, step: int) -> None:
        self.query_one(RowList).move_column(step)

    async def action_sort(self) -> None:
        name = self.query_one(RowList).head.name
        if name not in COLUMNS[self.listing.unit]:
            self.refuse(f"Rows have no order by {name}; < and > select another column.")
            return
        up, down = name, f"-{name}"
        first = down if name in DOWN_FIRST else up
        turned = {up: down, down: up}.get(self.listing.sort.split(",")[0], first)
        await self._ask(sort=turned if name == "item" else f"{turned},item")

    def action_facet(self) -> None:
        columns = [name for name in FACETS if FACET_WORDS.get(name, name) in WORDS]
        here = self.query_one(RowList).head.name
        place = columns.index(here) if here in columns else columns.index("model")

        async def added(found: tuple[str, object] | None) -> None:
            if found is not None:
                await self._ask(filter=self.listing.with_value(*found))

        self.app.push_screen(Facet(columns, place, self.listing.facet), added)

    async def action_view(self) -> None:
        async def chosen(found: tuple[str, str] | None) -> None:
            match found:
                case ("open", name):
                    view = next(view for view in views if view.name == name)
                    await self._ask(filter=view.filter, unit=view.unit, sort=view.sort)
                case ("keep", name) if name in PRESETS:
                    self.refuse(f"{name} is one of those that come along; another name keeps what is shown.")
                case ("keep", name):
                    await self._try(lambda: self.listing.keep(name))
                    self._tell(f"kept as {name}: V here, or miareview browse --view", "saved")
                case ("drop", name):
                    await self._try(lambda: self.listing.drop(name))
                    self._tell(f"the view {name} is gone", "saved")

        views = await asyncio.to_thread(self.listing.views)
        own = [view.name for view in views if view.name not in PRESETS]
        self.app.push_screen(Views(views, own), chosen)

    # keys: with the rows

    def action_mark(self) -> None:
        row = self.query_one(RowList).row
        if row is not None:
            self.listing.mark(row)
            self.action_move(1)

    def action_mark_all(self) -> None:
        self.listing.mark_all()
        self.query_one(RowList).refresh()
        self._show()

    def _what(self) -> str:
        count = self.listing.marks or self.listing.matched
        return f"{count:,} {'marked' if self.listing.marks else 'shown'}"

    def _nothing(self) -> bool:
        """Whether there is no row to do something with, which is then said."""
        if not self.listing.matched:
            self.refuse("No row is shown. f changes the filter, ⌫ takes its last word away.")
        return not self.listing.matched

    def action_queue(self) -> None:
        if self._nothing():
            return

        async def named(name: str | None) -> None:
            if name is None:
                return
            made = await self._try(lambda: self.listing.make_queue(name))
            if made is not None:
                opens = review_command(name, self.listing.reviewer or "YOUR-NAME")
                self._tell(f"queue {name}: {made} responses · {opens}", "saved")
                self.app.push_screen(Sure(f"The queue {name} has {made} responses. Work through it now?"), go(name))

        def go(name: str) -> Callable[[bool | None], None]:
            return lambda yes: self.doors.queue(name) if yes else None

        title, hint = f"A queue of the {self._what()}", "chosen, so never a random sample · ↵ makes it · esc or ^g back"
        self.app.push_screen(WriteLine(title, "", "its name", hint), named)

    def action_export(self) -> None:
        if self._nothing():
            return

        async def named(name: str | None) -> None:
            if name is None:
                return
            count = await self._try(lambda: self.listing.export(name))
            if count is not None:
                self._tell(f"{count} rows written to {name}", "saved")

        self.app.push_screen(WriteLine(f"Write the {self._what()} to a file", "", "rows.csv or rows.jsonl"), named)

    def action_back(self) -> None:
        self.dismiss(None)


def shows_judge(row: FoundRow) -> bool:
    """Whether the list shows what the judge gave, so that whoever opens the review from here knows it."""
    return row.read is not None and not row.waits
