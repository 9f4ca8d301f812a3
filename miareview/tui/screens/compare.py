"""Compare: several models' answers to one item beside each other, and who gave what for each component."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Footer, Static

from miareview.browse.compare import Answer
from miareview.browse.difference import Phrase, differing_phrases
from miareview.errors import MiaReviewError
from miareview.model import Item, points_text
from miareview.text import visible
from miareview.tui.comparing import Beside, Comparing
from miareview.tui.doors import Doors
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.picture import PictureView
from miareview.tui.pictures import Pictures
from miareview.tui.screens.models import ChooseModels
from miareview.tui.screens.pictured import Pictured
from miareview.tui.widgets.answers import Answers, sign_of
from miareview.tui.widgets.matrix import Matrix, Strip
from miareview.tui.widgets.texts import InstructionPane

WIDE, MIDDLE = 140, 110  # columns from which four and three answers are in sight
STRIPS: tuple[Strip, ...] = ("judge", "people", "")


class CompareScreen(Pictured):
    """What waits in a blind queue of the reviewer shows answers and their own scores only, here too."""

    NAME = "compare"
    KEYS = {
        "Moving": (
            Key("model(1)", "right,l", "→ l", "model", "the next model; beyond those in sight, another comes"),
            Key("model(-1)", "left,h", "← h", "model", "the model before"),
            Key("component(1)", "down,j", "↓ j", "component", "select the next component"),
            Key("component(-1)", "up,k", "↑ k", "component", "select the previous component"),
            Key("item(1)", "n", "n", "next item", "the next item, with the same models", True),
            Key("item(-1)", "p", "p", "previous", "the item before"),
            Key("worth", "D", "D", "differences", "go through all items, or those where the answers in sight differ,"
                " one is wrong, all are, judge and people rank them otherwise, the same answer got other points", True),
            Key("open", "enter", "↵", "review", "open the review of the selected answer; q comes back", True),
        ),
        "Looking": (
            Key("phrases", "d", "d", "phrases", "mark the phrases that differ from the first answer, or do not", True),
            Key("choose", "w", "w", "models", "choose which models stand beside each other", True),
            Key("base", "b", "b", "base", "make the selected answer the first, with which others are compared"),
            Key("strip", "i", "i", "strip", "what all models got: of the judge, of people, or no strip"),
            Key("zoom", "z", "z", "picture", "the picture on the whole screen; any key comes back"),
            Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
            Key("scroll(1)", "pagedown,space", "PgDn", "scroll", "scroll all answers down"),
            Key("scroll(-1)", "pageup", "PgUp", "scroll", "scroll all answers up"),
        ),
        "Scoring": (
            Key("score", "0,1,2,3,4,5,6,7,8,9", "0–9", "score", "give the selected answer that many points, as on the"
                " review screen; with the judge in sight it counts as assisted"),
            Key("half(1)", "full_stop,plus", ". +", "½ up", "half a point up"),
            Key("half(-1)", "minus", "-", "½ down", "half a point down"),
            BACK,
        ),
    }  # fmt: skip
    BINDINGS = bindings(KEYS)

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
        yield Footer(show_command_palette=True)

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
        before = self.comparing.number
        async with self._asking:
            try:
                await asyncio.to_thread(act)
                beside = await asyncio.to_thread(self.comparing.read, self.room)
                self.base_phrases = await asyncio.to_thread(_base_phrases, beside.comparison.answers)
            except MiaReviewError as error:
                self._tell(str(error), "refused")
                return
        self._tell(told, "saved" if told else "")
        if self.comparing.number != before:
            self.position = 1
            self.query_one(Answers).rewind()
        await self._show(beside)

    async def _show(self, beside: Beside) -> None:
        comparison, signs = beside.comparison, _signs(beside)
        selected = beside.places.index(self.comparing.selected)
        self.query_one("#compare-header", Static).update(self._header(beside))
        phrases = self.base_phrases if self.marks else None
        await self.query_one(Answers).show(comparison.answers, comparison.item.total, signs, selected, phrases)
        self._show_table(beside)
        self.show_picture()

    def _show_table(self, beside: Beside) -> None:
        comparison, signs = beside.comparison, _signs(beside)
        selected = beside.places.index(self.comparing.selected)
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
            (" miareview ", "bold $primary") if wide else " ", "  compare  ", ("item ", "$muted"),
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

    # keys

    async def action_model(self, step: int) -> None:
        def act() -> None:
            self.comparing.selected += step  # `read` keeps it within what is there

        await self._ask(act)

    def action_component(self, step: int) -> None:
        beside = self.comparing.beside
        if beside is not None and 1 <= self.position + step <= len(beside.comparison.item.components):
            self.position += step
            self._show_table(beside)

    async def on_matrix_selected(self, message: Matrix.Selected) -> None:
        beside = self.comparing.beside
        if beside is not None:
            self.position = message.position
            if message.place is not None:
                self.comparing.selected = beside.places[message.place]
            await self._show(beside)

    async def action_item(self, step: int) -> None:
        if self.comparing.go(step):
            await self._ask()
        else:
            self.refuse(f"This is the {'last' if step > 0 else 'first'} of these items ({self.comparing.worth}).")

    async def action_worth(self) -> None:
        await self._ask(self.comparing.next_worth)
        if not self.comparing.numbers:
            self.refuse(f"No item is so with these answers: {self.comparing.worth}. D goes on.")

    async def action_phrases(self) -> None:
        self.marks = not self.marks
        if self.comparing.beside is not None:
            await self._show(self.comparing.beside)

    def action_strip(self) -> None:
        self.strip = STRIPS[(STRIPS.index(self.strip) + 1) % len(STRIPS)]
        if self.comparing.beside is not None:
            self._show_table(self.comparing.beside)

    async def action_base(self) -> None:
        if self.selected is not None:
            self.comparing.base, self.comparing.selected = self.selected.model, 0
            await self._ask()

    async def action_choose(self) -> None:
        async def chosen(models: list[str] | None) -> None:
            if models is not None:
                self.comparing.choose(models)
                await self._ask()

        there = await asyncio.to_thread(self.comparing.all_labels)
        self.app.push_screen(ChooseModels(there, self.comparing.models or there), chosen)

    def action_scroll(self, pages: int) -> None:
        self.query_one(Answers).scroll_by(pages)

    async def action_score(self, digit: str) -> None:
        await self._score(lambda _: Fraction(int(digit)))

    async def action_half(self, step: int) -> None:
        def moved(before: Fraction | None) -> Fraction:
            weight = self.comparing.item.weights[self.position - 1]
            return (before if before is not None else Fraction(0 if step > 0 else weight)) + Fraction(step, 2)

        await self._score(moved)

    async def _score(self, of: Callable[[Fraction | None], Fraction]) -> None:
        answer, position = self.selected, self.position
        if answer is None:
            return
        cell = answer.cells[position - 1]
        points = of(cell.mine.points if cell.mine else None)
        shown = answer.shows_judge
        done = f"component {position}: {points_text(points)} of {self.comparing.item.weights[position - 1]}, saved"
        done += "; the judge is in sight, so it counts as assisted" if shown else ""
        await self._ask(
            lambda: self.comparing.score(answer.response.id, position, points, shown), f"{done} · ↵ opens the review"
        )

    def action_open(self) -> None:
        answer = self.selected
        if answer is not None:
            self.doors.review([answer.response.id], 0, answer.shows_judge)

    def action_back(self) -> None:
        self.dismiss(None)


def _signs(beside: Beside) -> list[str]:
    return [sign_of(answer, place) for place, answer in zip(beside.places, beside.comparison.answers, strict=True)]


def _base_phrases(answers: Sequence[Answer]) -> Sequence[Phrase]:
    """Where the first answer differs from the next one that does."""
    base = answers[0].response.text
    other = next((answer for answer in answers[1:] if answer.phrases), None)
    return differing_phrases(other.response.text, base) if other else ()
