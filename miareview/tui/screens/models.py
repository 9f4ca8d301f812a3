"""Which models stand beside each other: a list with marks."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from miareview.text import visible
from miareview.tui.screens.dialogs import Dialog, hint


class ChooseModels(Dialog[list[str] | None]):
    """Space marks, Enter takes the marked ones in their order; none marked means all."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "back"),
        Binding("enter", "take", show=False, priority=True),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
        Binding("asterisk", "all", show=False),
    ]

    def __init__(self, there: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__()
        self.there = list(there)
        self.chosen = frozenset(chosen)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Which models beside each other?", "bold"), classes="dialog-title")
            yield SelectionList[int](
                *(
                    Selection(Content(visible(model, newlines=False)), place, model in self.chosen)
                    for place, model in enumerate(self.there)
                )
            )
            yield hint("space marks · * all or none · ↵ shows · esc back")

    def action_take(self) -> None:
        marked = sorted(self.query_one(SelectionList).selected)
        self.dismiss([self.there[place] for place in marked])

    def action_all(self) -> None:
        models = self.query_one(SelectionList)
        if len(models.selected) == len(self.there):
            models.deselect_all()
        else:
            models.select_all()

    def action_down(self) -> None:
        self.query_one(SelectionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(SelectionList).action_cursor_up()
