"""Small screens over the review: choosing a reason, writing a comment, searching, help, and the zoomed picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from miareview.text import visible
from miareview.tui.keys import REVIEW


class Choose(ModalScreen[str | None]):
    """Pick one of a few words by arrow keys, by its number or by mouse. Escape takes none."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "back"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[str]) -> None:
        super().__init__()
        self.heading = title
        self.choices = list(choices)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self.heading, "bold"), classes="dialog-title")
            yield OptionList(
                *(
                    Option(Content.assemble((f"{n}  ", "$muted"), Content(visible(choice, newlines=False))))
                    for n, choice in enumerate(self.choices, start=1)
                )
            )
            yield Static(Content.styled("↵ or number chooses · esc back", "$muted"))

    def on_key(self, event: Key) -> None:
        if event.character and event.character.isdigit() and 1 <= int(event.character) <= len(self.choices):
            event.stop()
            self.dismiss(self.choices[int(event.character) - 1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[event.option_index])

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


class Comment(ModalScreen[str | None]):
    """A form for free text; ctrl+s keeps it, escape leaves it as it was."""

    BINDINGS = [Binding("escape", "dismiss", "back"), Binding("ctrl+s", "keep", "save", priority=True)]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Comment on this response", "bold"), classes="dialog-title")
            yield TextArea(self.text, soft_wrap=True, show_line_numbers=False)
            yield Static(Content.styled("^s saves · esc leaves it as it was", "$muted"))

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text)


class Search(ModalScreen[int | None]):
    """Find a response by the item's number or by words; `find` returns (place, line) pairs."""

    BINDINGS = [Binding("escape", "dismiss", "back"), Binding("down", "down", show=False, priority=True)]

    def __init__(self, find: Callable[[str], list[tuple[int, str]]]) -> None:
        super().__init__()
        self.find = find
        self.hits: list[tuple[int, str]] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Input(placeholder="item number, or words of instruction or response")
            yield OptionList()
            yield Static(Content.styled("↵ goes there · ↓ into the list · esc back", "$muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        self.hits = self.find(event.value)
        options = self.query_one(OptionList)
        options.clear_options()
        if event.value and not self.hits:
            options.add_option(Option(Content.styled("nothing found", "$muted"), disabled=True))
        options.add_options(
            [Option(Content(visible(line, newlines=False)).truncate(120, ellipsis=True)) for _, line in self.hits]
        )

    def on_input_submitted(self) -> None:
        self.dismiss(self.hits[0][0] if self.hits else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.hits[event.option_index][0])

    def action_down(self) -> None:
        options = self.query_one(OptionList)
        if options.has_focus:
            options.action_cursor_down()
        else:
            options.focus()


class Help(ModalScreen[None]):
    """Every key and what it does, from the one table."""

    BINDINGS = [Binding("escape,q,question_mark,enter", "dismiss", "back")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Keys on the review screen", "bold"), classes="dialog-title")
            with VerticalScroll():
                rows = [Content.assemble((f"{key.shown:>5}  ", "bold $warning"), Content(key.help)) for key in REVIEW]
                yield Static(Content("\n").join(rows))
            yield Static(Content.styled("esc back · every key is also in the palette, ^p", "$muted"))


class Zoom(ModalScreen[None]):
    """The picture on the whole screen. Any key or click comes back. `ready` is called when it has its size."""

    def __init__(self, view: Callable[[], ComposeResult], ready: Callable[[Zoom], None]) -> None:
        super().__init__()
        self.make = view
        self.ready = ready

    def compose(self) -> ComposeResult:
        yield from self.make()
        # The last line stays text: a sixel picture that touches it would make terminals scroll.
        yield Static(Content.styled("any key comes back", "$muted"), classes="hint")

    def on_picture_view_room_changed(self) -> None:
        self.ready(self)

    def on_key(self, event: Key) -> None:
        event.stop()
        self.dismiss()

    def on_click(self, event: Click) -> None:
        self.dismiss()
