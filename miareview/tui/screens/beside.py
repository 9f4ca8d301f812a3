"""The half of Compare that asks for answers and shows them; `CompareScreen` is the half that does what keys say."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from miareview.browse.compare import Answer
from miareview.browse.difference import Phrase, differing_phrases
from miareview.errors import MiaReviewError
from miareview.model import Item
from miareview.review.sight import letter
from miareview.text import visible
from miareview.tui.comparing import Beside, Comparing
from miareview.tui.doors import Doors
from miareview.tui.picture import PictureView
from miareview.tui.pictures import Pictures
from miareview.tui.screens.pictured import Pictured
from miareview.tui.widgets.answers import Answers
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.matrix import Matrix, Strip
from miareview.tui.widgets.texts import InstructionPane

WIDE, MIDDLE = 140, 110  # columns from which four and three answers are in sight


class BesideScreen(Pictured):
    """Answers beside each other. `position` is the selected component, `marks` whether differences are marked."""

    def __init__(self, comparing: Comparing, pictures: Pictures, doors: Doors) -> None:
        super().__init__()
        self.comparing = comparing
        self.pictures = pictures
        self.doors = doors
        self.position = 1
        self.marks = True
        self.strip: Strip = "judge"
        self.base_phrases: Sequence[Phrase] = ()
        self._asking = asyncio.Lock()

    def compose(self) -> ComposeResult:
        yield Static("", id="compare-header", markup=False)
        yield InstructionPane(id="instruction")
        with Horizontal(id="beside"):
            yield PictureView(self.pictures.renderer, id="picture")
            yield Answers()
        yield Matrix()
        yield Static("", id="compare-notes", markup=False)
        yield Static("", id="status", markup=False)
        yield Footer()

    async def on_mount(self) -> None:
        await self._ask()

    async def on_screen_resume(self) -> None:
        if self.comparing.beside is not None:  # a review may have changed what is shown
            await self._ask()

    def on_resize(self) -> None:
        super().on_resize()
        if self.comparing.beside is not None:
            self.call_after_refresh(self._ask)

    # asking and showing

    @property
    def room(self) -> int:
        """How many answers are in sight."""
        return 4 if self.size.width >= WIDE else 3 if self.size.width >= MIDDLE else 2

    async def _ask(self, act: Callable[[], object] = lambda: None, told: str = "") -> None:
        async with self._asking:  # one at a time: panes that are still being made cannot be written into
            before = self.comparing.beside
            try:
                await asyncio.to_thread(act)
                beside = await asyncio.to_thread(self.comparing.read, self.room)
                self.base_phrases = await asyncio.to_thread(_base_phrases, beside.comparison.answers)
            except MiaReviewError as error:
                self._tell(str(error), "refused")
                return
            self._tell(told, "saved" if told else "")
            if before is None or before.comparison.item != beside.comparison.item:
                self.position = 1
                self.query_one(Answers).rewind()
            await self._show(beside)

    async def _show_again(self) -> None:
        """Show what was read last, with another selection or other marks."""
        async with self._asking:
            if self.comparing.beside is not None:
                await self._show(self.comparing.beside)

    async def _show(self, beside: Beside) -> None:
        comparison, signs = beside.comparison, signs_of(beside)
        selected = beside.places.index(self.comparing.selected)
        self.query_one("#compare-header", Static).update(self._header(beside))
        phrases = self.base_phrases if self.marks else None
        await self.query_one(Answers).show(comparison.answers, comparison.item.total, signs, selected, phrases)
        self._show_table(beside)
        self.show_picture()

    def _show_table(self, beside: Beside) -> None:
        comparison, signs = beside.comparison, signs_of(beside)
        selected = beside.places.index(self.comparing.selected)
        self.position = min(self.position, len(comparison.item.components))
        self.query_one(InstructionPane).show(comparison.item, self.position)
        strips: dict[Strip, dict[int, list[float | None]]] = {"judge": defaultdict(list), "people": defaultdict(list)}
        for given in beside.given:
            strips["judge"][given.position].append(given.judge)
            strips["people"][given.position].append(given.people)
        self.query_one(Matrix).show(
            comparison, signs, self.position, selected, self.comparing.reviewer, self.strip, strips
        )
        self.query_one("#compare-notes", Static).update(self._notes(beside, signs))

    def _header(self, beside: Beside) -> Content:
        comparing, item = self.comparing, beside.comparison.item
        wide = self.size.width >= MIDDLE
        place = comparing.numbers.index(comparing.number) + 1 if comparing.number in comparing.numbers else 0
        worth = f"{comparing.worth} {place or '–'}/{len(comparing.numbers)}"
        return Content.assemble(
            (" miareview  ", "bold $primary") if wide else "", " compare  ", ("item ", "$muted"),
            (f"{item.index}", "bold"), (f" · {visible(item.difficulty, newlines=False)}", "$muted"),
            (f"   {len(beside.places)} of {len(beside.labels)} models", "bold" if wide else ""),
            ("   D ", "$muted"), (worth, "$text-warning"),
            (f"   {visible(comparing.reviewer, newlines=False)}", "$muted") if wide else "",
        )  # fmt: skip

    def _notes(self, beside: Beside, signs: Sequence[str]) -> Content:
        """The selected component whole, what the witness counted, and where the judge contradicts itself."""
        comparison = beside.comparison
        component = comparison.item.components[self.position - 1]
        counted = [
            f"{sign} {check.found}{ {True: ' ✓', False: ' ✗', None: ''}[check.verdict] }"
            for sign, check in zip(signs, (a.cells[self.position - 1].check for a in comparison.answers), strict=True)
            if check.found
        ]
        lines = [Content.styled(visible(f"{component.position} {component.text}", newlines=False), "$muted")]
        if counted:
            lines.append(Content.styled(visible(f"counted  {' · '.join(counted)}", newlines=False), "$muted"))
        by_model = dict(zip((answer.model for answer in comparison.answers), signs, strict=True))
        for position, first, second in comparison.contradictions()[:1]:
            told = f"! the same answer, other points on component {position}: {by_model[first]} and {by_model[second]}"
            lines.append(Content.styled(told, "$text-warning"))
        return Content("\n").join(line.truncate(max(self.size.width - 2, 1), ellipsis=True) for line in lines)

    def _tell(self, text: str, kind: str = "") -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(Content(visible(text, newlines=False)))

    def refuse(self, sentence: str) -> None:
        self._tell(sentence, "refused")

    def pictured(self) -> Item | None:
        return self.comparing.item

    @property
    def selected(self) -> Answer | None:
        """The answer whose cells are scored."""
        beside = self.comparing.beside
        return beside.comparison.answers[beside.places.index(self.comparing.selected)] if beside else None


def signs_of(beside: Beside) -> list[str]:
    """What stands for each answer in sight in narrow columns: a letter of its own, which a mask has already."""
    masks = {label.removeprefix("model ") for label in beside.labels}
    free = [sign for sign in map(letter, range(2 * len(beside.labels))) if sign not in masks]
    return [
        answer.model.removeprefix("model ") if answer.waits else free[place]
        for place, answer in zip(beside.places, beside.comparison.answers, strict=True)
    ]


def _base_phrases(answers: Sequence[Answer]) -> Sequence[Phrase]:
    """Where the first answer differs from the next one that does."""
    base = answers[0].response.text
    other = next((answer for answer in answers[1:] if answer.phrases), None)
    return differing_phrases(other.response.text, base) if other else ()
