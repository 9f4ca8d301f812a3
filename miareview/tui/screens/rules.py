"""Citing a rule, or writing one."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from miareview.store.gold import Rule
from miareview.text import visible
from miareview.tui.screens.dialogs import Dialog, hint


class Cite(Dialog[int | str | None]):
    """Choose a rule, or write a new one: returns its number, or its words."""

    BINDINGS = [
        Binding("escape,ctrl+g", "dismiss", "back"),
        Binding("down", "move(True)", show=False, priority=True),
        Binding("up", "move(False)", show=False, priority=True),
    ]

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__()
        self.rules = list(rules)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Which rule does it rest on?", "bold"), classes="dialog-title")
            yield OptionList(
                *(
                    Option(
                        Content.assemble(
                            (f"{rule.number:>3}  ", "bold"), visible(rule.text, newlines=False),
                            (f"  {rule.uses} uses", "$muted"),
                        )
                    )
                    for rule in self.rules
                )
            )  # fmt: skip
            yield Input(placeholder="a number, or the words of a new rule")
            yield hint("↓ ↑ select · ↵ cites it, or writes the new one · esc back")

    def on_mount(self) -> None:
        self.query_one(OptionList).display = bool(self.rules)
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text, place = event.value.strip(), self.query_one(OptionList).highlighted
        if text.isdecimal() and any(rule.number == int(text) for rule in self.rules):
            self.dismiss(int(text))
        elif text and not text.isdecimal():
            self.dismiss(text)
        elif not text and place is not None and self.rules:
            self.dismiss(self.rules[place].number)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.rules[event.option_index].number)

    def action_move(self, down: bool) -> None:
        options = self.query_one(OptionList)
        (options.action_cursor_down if down else options.action_cursor_up)()
