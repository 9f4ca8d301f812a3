"""The half of Gold that asks for labels and shows them; `GoldScreen` is the half that does what keys say."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Footer, Static

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
        yield Footer(show_command_palette=True)

    async def on_mount(self) -> None:
        self._tell("Reading the labels …")
        await self._ask(self.settling.read)

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
