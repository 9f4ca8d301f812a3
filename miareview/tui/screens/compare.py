"""Compare: several models' answers to one item beside each other, and who gave what for each component."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from miareview.model import points_text
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.screens.beside import BesideScreen
from miareview.tui.screens.models import ChooseModels
from miareview.tui.widgets.answers import Answers
from miareview.tui.widgets.matrix import Matrix, Strip

STRIPS: tuple[Strip, ...] = ("judge", "people", "")


class CompareScreen(BesideScreen):
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
            Key("zoom", "z", "z", "picture", "the picture on the whole screen; + − and arrows there"),
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
            if message.place is not None and message.place < len(beside.places):  # fewer since the click, perhaps
                self.comparing.selected = beside.places[message.place]
            await self._show_again()

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
        await self._show_again()

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
