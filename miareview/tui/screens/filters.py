"""What is asked while browsing: a filter or a name to write, a column to count, a value to add."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from miareview.browse.rows import Page
from miareview.errors import UsageError
from miareview.filters import WORDS, complete, parse_filter, takes
from miareview.text import editable, visible
from miareview.tui.look import bar
from miareview.tui.screens.dialogs import Dialog, hint
from miareview.tui.widgets.intervals import column


class WriteFilter(Dialog[str | None]):
    """A line for the filter. Tab completes the last word, Enter takes the filter if it is understood."""

    BINDINGS = [
        Binding("escape,ctrl+g", "dismiss", "back"),
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
                editable(self.filter, newlines=False),
                placeholder='cat:math judge>=80% -model:qwen* text:"twenty-five"',
                select_on_focus=False,
            )
            yield Static("", id="filter-help", markup=False)
            yield hint("⇥ completes · ↵ shows · empty shows all · esc or ^g back")

    def on_mount(self) -> None:
        self._help(self.filter)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._help(event.value)

    def _help(self, text: str) -> None:
        """What the last word may become or takes, or all words that there are; where it is not understood, why."""
        last = text.split()[-1] if text[-1:].strip() else ""
        offers = [offer.split()[-1] for offer in complete(text)] if last else []
        word = WORDS.get(last.lstrip("-").removesuffix(":")) if last.endswith(":") else None
        told = self._fault(text) if last and not word and not offers else ""
        otherwise = f"{word.help}: {takes(word)}" if word else " ".join(WORDS)
        self.query_one("#filter-help", Static).update(
            Content.styled(visible(told or "  ".join(offers) or otherwise), "$warning" if told else "$muted")
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
        else:
            self.dismiss(event.value.strip())


class Facet(Dialog[tuple[str, object] | None]):
    """The values of a column with how many rows have each; Enter adds one to the filter, < and > count by another.

    `count` gives a page with the facet of a column; it is called in a thread. Returns the column and the value.
    """

    BINDINGS = [
        Binding("escape,q", "dismiss", "back"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
        Binding("less_than_sign,left,h", "column(-1)", show=False),
        Binding("greater_than_sign,right,l", "column(1)", show=False),
    ]

    def __init__(self, columns: Sequence[str], place: int, count: Callable[[str], Page]) -> None:
        super().__init__()
        self.columns = list(columns)
        self.place = place
        self.count = count
        self.values: list[tuple[object, int]] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("", classes="dialog-title", id="facet-title", markup=False)
            yield OptionList()
            yield hint("↵ adds to the filter · < > other columns · esc back")

    async def on_mount(self) -> None:
        await self._show()

    async def _show(self) -> None:
        name = self.columns[self.place]
        page = await asyncio.to_thread(self.count, name)
        self.values = list(page.facet)
        most = max((count for _, count in self.values), default=1)
        title = Content.assemble(
            ("counted by ", "$muted"), (name, "bold"), (f"  {self.place + 1}/{len(self.columns)}", "$muted"),
            (f"   {page.held_back:,} held back" if page.held_back else "", "$text-warning"),
        )  # fmt: skip
        self.query_one("#facet-title", Static).update(title)
        options = self.query_one(OptionList)
        options.clear_options()
        if not self.values:
            options.add_option(Option(Content.styled("nothing to count here", "$muted"), disabled=True))
        options.add_options(
            [
                Option(Content.assemble(column(_told(value), 22), f"{count:>7}  ", bar(count, most, 16)))
                for value, count in self.values
            ]
        )
        options.highlighted = 0 if self.values else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        value = self.values[event.option_index][0]
        if value is not None:  # the language has no word for what is not given
            self.dismiss((self.columns[self.place], value))

    async def action_column(self, step: int) -> None:
        self.place = (self.place + step) % len(self.columns)
        await self._show()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


class WriteLine(Dialog[str | None]):
    """One line of text, such as a name; Enter takes it, Escape takes none."""

    BINDINGS = [Binding("escape,ctrl+g", "dismiss", "back")]

    def __init__(
        self, title: str, text: str = "", placeholder: str = "", hint: str = "↵ takes it · esc or ^g back"
    ) -> None:
        super().__init__()
        self.heading, self.text, self.placeholder, self.hint = title, text, placeholder, hint

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled(visible(self.heading), "bold"), classes="dialog-title")
            yield Input(editable(self.text, newlines=False), placeholder=self.placeholder, select_on_focus=False)
            yield hint(self.hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip() or None)


def _told(value: object) -> str:
    if value is None:
        return "not given"
    return f"{value:g}" if isinstance(value, float) else str(value)
