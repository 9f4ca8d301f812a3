"""The half of Gold that shows labels and goes from one to another; `GoldScreen` is the half that settles."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from miareview.errors import MiaReviewError, RefusedError
from miareview.model import Item
from miareview.text import visible
from miareview.tui.doors import Doors
from miareview.tui.keyboard import Keyboard
from miareview.tui.picture import PictureView
from miareview.tui.pictures import Pictures
from miareview.tui.screens.pictured import Pictured
from miareview.tui.screens.saying import Saying
from miareview.tui.settling import PILES, Settling
from miareview.tui.widgets.evidence import EvidencePane
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.label_list import CoverageTable, LabelList
from miareview.tui.widgets.texts import InstructionPane


class SettlesScreen(Saying, Pictured):
    """A list of labels, and the selected one with its evidence."""

    def __init__(self, settling: Settling, keyboard: Keyboard, pictures: Pictures, doors: Doors) -> None:
        super().__init__()
        self.settling = settling
        self.keyboard = keyboard
        self.pictures = pictures
        self.doors = doors

    def compose(self) -> ComposeResult:
        yield Static("", id="gold-header", markup=False)
        with Horizontal(id="gold-body"):
            with Vertical(id="gold-left"):
                yield LabelList(self.settling)
                yield CoverageTable()
            yield PictureView(self.pictures.renderer, id="picture")
            with Vertical(id="gold-right"):
                yield InstructionPane(id="instruction")
                yield EvidencePane()
        yield Static("", id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._tell("Reading the labels …")
        self.call_after_refresh(self._ask, self.settling.read)  # not before that is seen

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._show)

    async def _ask(self, act: Callable[[], object], told: str = "", kind: str = "saved") -> object:
        """Do something in a thread and show what came of it; what it returned (True for None), None where it failed.

        Keys pressed up to then are dropped: they were meant for what was on the screen before.
        """
        try:
            result = await self._patiently(act)
        except RefusedError as error:
            self._refuse(str(error))
            result = None
        except MiaReviewError as error:
            self._refuse(f"NOT SAVED: {error}", "lost")
            result = None
        else:
            self._tell(told, kind if told else "")
            result = True if result is None else result
        self._show()
        self.keyboard.forget()
        return result

    def _show(self) -> None:
        here = self.settling
        self.query_one("#gold-header", Static).update(self._header())
        self.query_one(LabelList).refresh()
        self.query_one(CoverageTable).show(here.coverage)
        self.query_one(EvidencePane).show(here.seen, here.rule, here.note)
        if here.row is not None:
            self.query_one(InstructionPane).show(here.row.item, here.row.component.position)
        self.show_picture()
        self.hint()

    def _header(self) -> Content:
        here, wide, counts = self.settling, self.size.width >= 120, self.settling.counts
        names = {"disputed": "disputed", "flagged": "flagged", "guideline": "older guideline"}
        work = [f"{counts[key]} {name}" for key, name in names.items() if counts[key]] or ["nothing to settle"]
        others = [pile for pile in PILES[1:] if pile != here.pile and counts[pile]]
        elsewhere = ", ".join(f"{pile} {counts[pile]}" for pile in others)
        guideline = here.seen.guideline if here.seen else None
        category = visible(here.category, newlines=False) if here.category else ""
        return Content.assemble(
            (" miareview ", "bold $primary") if wide else " ", ("  gold  " if wide else "gold  "),
            (here.pile if here.pile != "to settle" else " · ".join(work), "bold"),
            (f" · only {category}" if category else "", "$text-warning"),
            (f" · {here.held_back} held back" if here.held_back else "", "$text-warning"),
            (f"   w: {elsewhere}" if elsewhere and self.size.width >= 100 else "", "$muted"),
            (f"   guideline {f'v{guideline.number}' if guideline else 'none'}", "$muted"),
            (f"   {visible(here.settler.by, newlines=False)}{' settles' if wide else ''}", "$muted"),
        )  # fmt: skip

    def pictured(self) -> Item | None:
        return self.settling.row.item if self.settling.row else None

    def refuse(self, sentence: str) -> None:
        self._refuse(sentence)

    # going

    async def action_move(self, step: int) -> None:
        await self._go(self.settling.place + step)

    async def action_page(self, step: int) -> None:
        await self._go(self.settling.place + step * self.query_one(LabelList).height)

    async def on_label_list_chosen(self, message: LabelList.Chosen) -> None:
        await self._go(message.place)

    async def _go(self, place: int) -> None:
        await self._ask(lambda: self.settling.move(place))

    async def action_later(self) -> None:
        if await self._ask(self.settling.go_on) is False:
            self._refuse("No other label of this list is open.")

    async def action_pile(self) -> None:
        piles = [pile for pile in PILES if self.settling.counts[pile] or pile == PILES[0]]
        here = piles.index(self.settling.pile) if self.settling.pile in piles else -1
        following = piles[(here + 1) % len(piles)]
        if len(piles) == 1:
            self._refuse("There are no others yet.")
            return
        await self._ask(lambda: self.settling.show(following))

    async def action_category(self) -> None:
        here, row = self.settling, self.settling.row
        if row is not None:
            category = None if here.category is not None else row.category
            await self._ask(lambda: here.show(here.pile, category), "all categories" if category is None else "", "")
