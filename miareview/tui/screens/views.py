"""Views of a list: those that come along, and those that somebody kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from miareview.store.browse_views import View
from miareview.text import visible
from miareview.tui.screens.dialogs import Dialog, hint
from miareview.tui.widgets.intervals import column

NAME = 20  # cells for a view's name


class Views(Dialog[tuple[Literal["open", "keep", "drop"], str] | None]):
    """Opens a view, keeps what is shown under a name, or drops a kept one; returns what, and the view's name.

    `own` are the names of those that were kept.
    """

    BINDINGS = [
        Binding("escape,ctrl+g", "dismiss", "back"),
        Binding("down", "down", show=False, priority=True),
        Binding("up", "up", show=False, priority=True),
        Binding("ctrl+d", "drop", show=False, priority=True),
    ]

    def __init__(self, views: Sequence[View], own: Sequence[str]) -> None:
        super().__init__()
        self.views = list(views)
        self.own = frozenset(own)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Views", "bold"), classes="dialog-title")
            options = OptionList(*map(self._option, self.views))
            options.can_focus = False
            yield options
            yield Input(placeholder="a name keeps what is shown now as a view")
            yield hint("↓ ↑ ↵ shows · a name and ↵ keeps · ^d drops a kept one · esc back")

    def _option(self, view: View) -> Option:
        name = column(view.name, NAME, "bold" if view.name in self.own else "")
        shows = f"{view.unit}  {view.filter or 'all'}  by {view.sort or 'item'}"
        return Option(Content.assemble(name, " ", column(shows, self.room - NAME - 1, "$muted")))

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def _highlighted(self) -> View | None:
        place = self.query_one(OptionList).highlighted
        return self.views[place] if place is not None else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        name, view = visible(event.value.strip(), newlines=False), self._highlighted()
        if name:
            self.dismiss(("keep", name))
        elif view is not None:
            self.dismiss(("open", view.name))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(("open", self.views[event.option_index].name))

    def action_drop(self) -> None:
        view = self._highlighted()
        if view is not None and view.name in self.own:
            self.dismiss(("drop", view.name))

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()
