"""Going anywhere, saying why the judge is wrong, and points of more than one digit: small forms over the review."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from miareview.model import REASONS, Component
from miareview.review.places import Place
from miareview.text import visible
from miareview.tui.look import component_style
from miareview.tui.screens.dialogs import Dialog, hint


class Go(Dialog[Place | None]):
    """Go to an item, a model or a queue. `find` tells what goes by that number or name."""

    BINDINGS = [Binding("escape,ctrl+g", "dismiss", "back"), Binding("down", "down", show=False, priority=True)]

    def __init__(self, find: Callable[[str], list[Place]]) -> None:
        super().__init__()
        self.find = find
        self.found: list[Place] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Go to …", "bold"), classes="dialog-title")
            yield Input(placeholder="number of an item, or name of a model or queue")
            yield OptionList(classes="found")
            yield hint("↵ goes there · ↓ into the list · esc or ^g back")

    async def on_input_changed(self, event: Input.Changed) -> None:
        self.found = await asyncio.to_thread(self.find, event.value)
        if not self.is_attached:
            return
        options = self.query_one(OptionList)
        options.clear_options()
        if event.value.strip() and not self.found:
            options.add_option(Option(Content.styled("There is none of that number or name.", "$muted"), disabled=True))
        options.add_options([Option(self.line(place.line)) for place in self.found])
        options.display = options.option_count > 0

    def on_input_submitted(self) -> None:
        if self.found:
            self.dismiss(self.found[0])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.found[event.option_index])

    def action_down(self) -> None:
        options = self.query_one(OptionList)
        if options.has_focus:
            options.action_cursor_down()
        else:
            options.focus()


class Reason(Dialog[tuple[int, str] | None]):
    """Why the judge is wrong on a component: one of a few words, or one's own. Returns (position, why).

    `differing` are the components where judge and person differ, with both their points in words.
    """

    BINDINGS = [
        Binding("escape,ctrl+g", "dismiss", "back"),
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("j", "move(True)", show=False),
        Binding("k", "move(False)", show=False),
        Binding("tab", "own", show=False, priority=True),
    ]

    def __init__(self, differing: Sequence[tuple[Component, str]], first: int) -> None:
        super().__init__()
        self.differing = differing
        self.at = next((n for n, (component, _) in enumerate(differing) if component.position == first), 0)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static("", id="reason-title", classes="dialog-title", markup=False)
            yield OptionList(*(Option(Content(f"{n}  {reason}")) for n, reason in enumerate(REASONS, start=1)))
            yield Input(placeholder="or in your own words")
            others = " · ← → another component" if len(self.differing) > 1 else ""
            yield hint(f"↵ or number · ⇥ own words{others} · esc or ^g back")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self._title()

    def _title(self) -> None:
        component, points = self.differing[self.at]
        self.query_one("#reason-title", Static).update(
            Content.assemble(
                ("Why is the judge wrong on ", "bold"),
                (
                    f"{component.position} {visible(component.category, newlines=False)}",
                    component_style(component.position, "bold"),
                ),
                ("?", "bold"),
                (f"   {points}\n", "$text-warning"),
                self.line(component.text.strip(), 3).stylize("$muted"),
            )
        )

    def on_key(self, event: Key) -> None:
        if event.character and event.character in "123456789"[: len(REASONS)] and self.query_one(OptionList).has_focus:
            event.stop()
            self._choose(REASONS[int(event.character) - 1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(REASONS[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._choose(event.value.strip())

    def _choose(self, why: str) -> None:
        self.dismiss((self.differing[self.at][0].position, why))

    def action_step(self, step: int) -> None:
        self.at = (self.at + step) % len(self.differing)
        self._title()

    def action_move(self, down: bool) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if down else options.action_cursor_up)()

    def action_own(self) -> None:
        line, options = self.query_one(Input), self.query_one(OptionList)
        (options if line.has_focus else line).focus()


class Points(Dialog[Fraction | None]):
    """Points that may have two digits, for a component that is worth more than nine."""

    BINDINGS = [Binding("escape,ctrl+g", "dismiss", "back")]

    def __init__(self, component: Component, digit: str) -> None:
        super().__init__()
        self.component = component
        self.digit = digit

    def compose(self) -> ComposeResult:
        component = self.component
        with Vertical(classes="dialog"):
            yield Static(
                Content.assemble(
                    ("Points for ", "bold"),
                    (f"{component.position} {visible(component.category, newlines=False)}", "bold"),
                    (f", 0 to {component.weight}", "$muted"),
                ),
                classes="dialog-title",
            )
            yield Input(self.digit, select_on_focus=False)
            yield hint("↵ takes them · esc or ^g back")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip().replace(",", ".")
        try:
            points = Fraction(text)
        except (ValueError, ZeroDivisionError):
            points = Fraction(-1)
        if "/" not in text and 0 <= points <= self.component.weight and (2 * points).denominator == 1:
            self.dismiss(points)
        else:
            self.query_one(".dialog-end", Static).update(
                Content.styled(f"A number from 0 to {self.component.weight}, in halves at most.", "$text-warning")
            )
