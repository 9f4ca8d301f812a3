"""Misses: broken responses that got full marks all the same, one at a time, beside what they were made from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.browse.difference import differing_phrases
from miareview.errors import MiaReviewError
from miareview.model import Item
from miareview.probing.answers import Miss
from miareview.text import visible
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import heading, show_points
from miareview.tui.pictures import Pictures
from miareview.tui.screens.dialogs import Sure
from miareview.tui.screens.pictured import Pictured
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.texts import InstructionPane


class Answer(Vertical):
    """One text with the phrases marked that the other does not have."""

    def __init__(self, title: str, id: str) -> None:
        super().__init__(id=id, classes="miss-answer")
        self.heading = title

    def compose(self) -> ComposeResult:
        yield Static("", classes="title", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", classes="miss-text", markup=False)

    def show(self, text: str, other: str, told: str) -> None:
        self.query_one(".title", Static).update(heading(self.heading, (visible(told, newlines=False), "$foreground")))
        self.query_one(".miss-text", Static).update(marked(text, other))
        self.query_one(VerticalScroll).scroll_home(animate=False)


def marked(text: str, other: str) -> Content:
    """The text, made visible, with what the other text does not have reversed in colour and underlined."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for phrase in differing_phrases(other, text):
        parts.append(visible(text[end : phrase.start]))
        parts.append((visible(text[phrase.start : phrase.end]), "bold underline $text-warning"))
        end = phrase.end
    parts.append(visible(text[end:]))
    return Content.assemble(*(part for part in parts if part))


class MissesScreen(Pictured):
    """Read-only but for one word: that a certificate is wrong. `say_wrong` keeps it, for a probe's number."""

    NAME = "misses"
    KEYS = {
        "Moving": (
            Key("miss(1)", "n,right,l", "n", "next", "the next miss", True),
            Key("miss(-1)", "p,left,h", "p", "previous", "the miss before", True),
            Key("scroll(1)", "down,j,pagedown,space", "↓ j", "scroll", "scroll both texts down"),
            Key("scroll(-1)", "up,k,pageup", "↑ k", "scroll", "scroll both texts up"),
        ),
        "Looking": (
            Key("zoom", "z", "z", "picture", "the picture on the whole screen; any key comes back", True),
            Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
        ),
        "Saying": (
            Key("wrong", "x", "x", "wrong", "say that this certificate is wrong: it is kept, counted, and left out of"
                " all shares", True, True),
            BACK,
        ),
    }  # fmt: skip
    BINDINGS = bindings(KEYS)

    def __init__(
        self, judge: str, misses: Sequence[Miss], pictures: Pictures, say_wrong: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.judge = judge
        self.misses = misses
        self.pictures = pictures
        self.say_wrong = say_wrong
        self.place = 0
        self.said: set[int] = set()

    def compose(self) -> ComposeResult:
        yield Static("", id="miss-header", classes="title", markup=False)
        yield InstructionPane(id="instruction")
        yield Static("", id="miss-demand", markup=False)
        with Horizontal(id="miss-texts"):
            yield Answer("BEFORE", "miss-before")
            yield Answer("AFTER", "miss-after")
        yield Static("", id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._show()

    @property
    def miss(self) -> Miss:
        return self.misses[self.place]

    def pictured(self) -> Item:
        return self.miss.item

    def refuse(self, sentence: str) -> None:
        self._tell(sentence, "refused")

    def _show(self) -> None:
        miss, probe = self.miss, self.miss.probe
        component = miss.item.components[(probe.position or 1) - 1]
        wrong = probe.id in self.said
        self.query_one("#miss-header", Static).update(
            Content.assemble(
                ("miareview", "bold $primary"), "    ", (f"miss {self.place + 1} of {len(self.misses)}", "bold"),
                (f"    probe {probe.id} · item {miss.item.index} · {probe.mutator} {probe.dose}".rstrip(), "$muted"),
                ("    said wrong" if wrong else "", "$text-error"), f"    {visible(self.judge, newlines=False)}",
            )
        )  # fmt: skip
        self.query_one(InstructionPane).show(miss.item, component.position)
        constraint, before, after = (
            visible(told, newlines=False) for told in (probe.constraint, probe.before, probe.after)
        )
        self.query_one("#miss-demand", Static).update(
            Content.assemble(
                heading("DEMAND"), "   ", (visible(component.text.strip(), newlines=False), "bold"),
                (f"   {constraint}", "$muted"),
            )
        )  # fmt: skip
        self.query_one("#miss-before", Answer).show(
            miss.before, miss.after, f"{_points(miss.points_before, component.weight)} · {before}"
        )
        self.query_one("#miss-after", Answer).show(
            miss.after, miss.before, f"{_points(miss.points_after, component.weight)} · {after}"
        )
        self._tell("", "")

    def _tell(self, sentence: str, kind: str) -> None:
        status = self.query_one("#status", Static)
        status.set_classes(kind)
        status.update(visible(sentence, newlines=False))

    def action_miss(self, step: int) -> None:
        place = self.place + step
        if not 0 <= place < len(self.misses):
            self.refuse("This is the last miss." if step > 0 else "This is the first miss.")
            return
        self.place = place
        self._show()

    def action_scroll(self, step: int) -> None:
        for pane in self.query("#miss-texts VerticalScroll").results(VerticalScroll):
            pane.scroll_relative(y=step * max(1, pane.size.height - 1), animate=False)

    def action_wrong(self) -> None:
        number = self.miss.probe.id

        async def answered(yes: bool | None) -> None:
            if not yes:
                return
            try:
                await asyncio.to_thread(self.say_wrong, number)
            except MiaReviewError as error:
                self._tell(f"NOT SAVED: {error}", "lost")
                return
            self.said.add(number)
            self._show()
            self._tell(f"Probe {number} is left out of all shares from now on.", "saved")

        if number in self.said:
            self.refuse("It is said already.")
        else:
            self.app.push_screen(Sure(f"Is the certificate of probe {number} wrong? It is kept."), answered)

    def action_back(self) -> None:
        self.app.exit()


def _points(share: float, weight: int) -> str:
    points = Fraction(share).limit_denominator(1000) * weight
    return f"the judge gave {show_points(points)} of {weight}"
