"""What is asked while browsing: a filter to write, a column to count, a value to add."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from miareview.errors import UsageError
from miareview.filters import WORDS, complete, parse_filter
from miareview.text import visible
from miareview.tui.look import bar


class WriteFilter(ModalScreen[str | None]):
    """A line for the filter. Tab completes the last word, Enter takes the filter if it is understood."""

    BINDINGS = [
        Binding("escape", "leave", "back"),
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(self, filter: str) -> None:
        super().__init__()
        self.filter = filter
        self.offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Show rows with …", "bold"), classes="dialog-title")
            yield Input(
                self.filter, placeholder='cat:math judge>=80% -model:qwen* text:"twenty-five"', select_on_focus=False
            )
            yield Static("", id="filter-help", markup=False)
            yield Static(Content.styled("⇥ completes · ↵ shows · empty shows all · esc back", "$muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self._help(event.value)

    def _help(self, text: str) -> None:
        offers = complete(text)[:8]
        last = [offer.split()[-1] for offer in offers if offer.split()]
        told = self._fault(text) if text.strip() and not text.endswith((" ", ":")) and not last else ""
        words = "  ".join(last) if last else " ".join(WORDS)
        self.query_one("#filter-help", Static).update(
            Content.styled(visible(told or words), "$warning" if told else "$muted")
        )

    def _fault(self, text: str) -> str:
        try:
            parse_filter(text)
        except UsageError as error:
            return str(error)
        return ""

    def action_complete(self) -> None:
        line = self.query_one(Input)
        offers = complete(line.value)
        if offers:
            begun = offers[0]
            for offer in offers:
                while not offer.startswith(begun):
                    begun = begun[:-1]
            line.value = begun if len(begun) > len(line.value) else offers[0]
            line.cursor_position = len(line.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if told := self._fault(event.value):
            self.query_one("#filter-help", Static).update(Content.styled(visible(told), "$warning"))
        elif self.is_current:
            self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        if self.is_current:
            self.dismiss(None)


class Facet(ModalScreen[int | None]):
    """The values of a column with how many rows have each; Enter adds one to the filter."""

    BINDINGS = [
        Binding("escape,q", "leave", "back"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, column: str, values: Sequence[tuple[object, int]]) -> None:
        super().__init__()
        self.column = column
        self.values = list(values)

    def compose(self) -> ComposeResult:
        most = max((count for _, count in self.values), default=1)
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self.column, "bold"), classes="dialog-title")
            yield OptionList(
                *(
                    Option(
                        Content.assemble(
                            f"{visible(_told(value), newlines=False)[:22]:<22}{count:>7}  ", bar(count, most, 16)
                        )
                    )
                    for value, count in self.values
                )
            )
            yield Static(Content.styled("↵ adds it to the filter · esc back", "$muted"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if self.is_current:
            self.dismiss(event.option_index if self.values[event.option_index][0] is not None else None)

    def action_leave(self) -> None:
        if self.is_current:
            self.dismiss(None)

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


def _told(value: object) -> str:
    if value is None:
        return "not given"
    return f"{value:g}" if isinstance(value, float) else str(value)
