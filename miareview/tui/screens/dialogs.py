"""Small screens over the review: choosing a reason, writing a comment, searching."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option
from textual.worker import Worker

from miareview.review.progress import Summary, pace_sentence
from miareview.text import editable, visible
from miareview.tui.look import shorten
from miareview.words.numbers import count, number

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A screen over another one. It closes once: whatever comes after its first answer does nothing."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_current else AwaitComplete()

    @property
    def room(self) -> int:
        """Cells for a line of a wide dialog, a scrollbar beside it."""
        return min(90, self.app.size.width * 96 // 100) - 6

    def line(self, text: str, lines: int = 1) -> Content:
        """Foreign text as a line, or a few, of a wide dialog; cut where it is too long."""
        return shorten(Content(visible(text, newlines=False)), lines * self.room)


def hint(text: str) -> Static:
    """The last line of a dialog: which keys it takes."""
    return Static(Content.styled(text, "$muted"), classes="dialog-end")


class Choose(Dialog[str | None]):
    """Pick one of a few words by arrow keys, by its number or by mouse. Escape takes none."""

    BINDINGS = [
        Binding("escape,q,ctrl+g", "dismiss", "back"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[str]) -> None:
        super().__init__()
        self.heading = title
        self.choices = list(choices)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled(visible(self.heading), "bold"), classes="dialog-title")
            yield OptionList(
                *(
                    Option(Content(f"{n}  {visible(choice, newlines=False)}"))
                    for n, choice in enumerate(self.choices, start=1)
                )
            )
            yield hint("↵ or number chooses · esc back")

    def on_key(self, event: Key) -> None:
        if event.character and event.character in "123456789"[: len(self.choices)]:
            event.stop()
            self.dismiss(self.choices[int(event.character) - 1])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[event.option_index])

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


class Line(Dialog[str | None]):
    """Asks for one line of text. Escape, or ^g where a terminal swallows it, takes none."""

    BINDINGS = [Binding("escape,ctrl+g", "dismiss", "back")]

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.heading = title
        self.text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled(visible(self.heading), "bold"), classes="dialog-title")
            yield Input(editable(self.text, newlines=False))
            yield hint("↵ takes it · esc or ^g back")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Sure(Dialog[bool]):
    """Asks before what cannot be taken back. Only y does it, which is never the key that asked."""

    BINDINGS = [Binding("y", "answer(True)", "yes"), Binding("n,q,escape,ctrl+g", "answer(False)", "no")]

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled(visible(self.question), "bold"), classes="dialog-title")
            yield hint("y yes · n no")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)


class End(Dialog[str]):
    """The end of a queue, or where the person stands in it: how much, how long, how it agrees. Returns the key."""

    BINDINGS = [
        Binding("escape,q,enter", "dismiss", "back"),
        *(Binding(key, f"dismiss('{key}')", show=False) for key in "SG"),
        Binding("d", "differences", show=False),
        Binding("C", "close", show=False),
    ]

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.summary = summary

    def compose(self) -> ComposeResult:
        here, agreement = self.summary, self.summary.agreement
        title = "Done: all that is yours of this queue" if here.over else "Where you stand in this queue"
        keys = ["d the differences"] if agreement and agreement.differing and not here.training else []
        keys += ["S scores", "G agreement"]
        keys += [] if here.over or here.queue is None else ["C closes the queue here"]
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled(title, "bold"), classes="dialog-title")
            yield Static(Content(visible("\n".join(progress_lines(here)))), classes="dialog-title")
            yield hint(" · ".join([*keys, "↵ back"]))

    def action_differences(self) -> None:
        if self.summary.agreement and self.summary.agreement.differing and not self.summary.training:
            self.dismiss("d")

    def action_close(self) -> None:
        if not self.summary.over and self.summary.queue is not None:
            self.dismiss("C")


def progress_lines(summary: Summary) -> list[str]:
    """A summary in sentences."""
    pace, agreement = summary.pace, summary.agreement
    lines = [pace_sentence(pace, summary.over)]
    if summary.skipped or summary.flagged:
        lines.append(f"{summary.skipped} skipped, {summary.flagged} flagged")
    if agreement is None:
        told = "How you and the judge agree is told once its scores may be seen."
        lines.append("Nothing is committed yet." if summary.training else told)
    else:
        who, what = ("You and gold", "gold") if summary.training else ("You and the judge", "judge")
        lines.append(
            f"{who} gave the same points on {agreement.equal} of {agreement.components} components of"
            f" {count(agreement.responses, 'response')}; mean of {what} − you {number(agreement.bias, True, 2)} of a"
            " component's weight."
        )
        lines.append(f"{count(len(agreement.differing), 'response')} where any component differs")
    return lines


class Comment(Dialog[str | None]):
    """A form for free text: ctrl+s saves it, escape leaves it as it was and asks first where something was changed.

    `begun` is a text that was not saved before, None where there is none. `keep` is handed each change.
    """

    BINDINGS = [Binding("escape,ctrl+g", "leave", "back"), Binding("ctrl+s", "save", "save")]

    def __init__(self, text: str, begun: str | None, keep: Callable[[str], None]) -> None:
        super().__init__()
        self.text = editable(text)
        self.begun = None if begun is None else editable(begun)
        self.keep = keep

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            again = "" if self.begun is None else "   begun before, not saved yet"
            title = Content.assemble(("Comment on this response", "bold"), (again, "$warning"))
            yield Static(title, classes="dialog-title")
            yield TextArea(self.text if self.begun is None else self.begun, soft_wrap=True, show_line_numbers=False)
            yield hint("^s saves · esc or ^g leaves it as it was")

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        if event.text_area.text != self.text:
            self.keep(event.text_area.text)

    def action_save(self) -> None:
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        if self.query_one(TextArea).text == self.text:
            self.dismiss(None)
        else:
            self.app.push_screen(Sure("Throw away what you changed?"), answered)


class Search(Dialog[int | None]):
    """Find a response by the item's number or by words; `find` returns (place, line) pairs, and may take its time."""

    class Looked(Message):
        """`hits` are what these words have."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    BINDINGS = [Binding("escape,ctrl+g", "dismiss", "back"), Binding("down", "down", show=False, priority=True)]

    def __init__(self, find: Callable[[str], list[tuple[int, str]]]) -> None:
        super().__init__()
        self.find = find
        self.hits: list[tuple[int, str]] = []
        self.looking: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Find …", "bold"), classes="dialog-title")
            yield Input(placeholder="item number, or words of instruction or response")
            yield OptionList(classes="found")
            yield hint("↵ goes there · ↓ into the list · esc or ^g back")

    def on_input_changed(self, event: Input.Changed) -> None:
        self.looking = self.run_worker(self._look(event.value), exclusive=True)

    async def _look(self, words: str) -> None:
        self.hits = await asyncio.to_thread(self.find, words)
        self.post_message(self.Looked(words))  # not shown here: the dialog may be gone by now

    def on_search_looked(self, message: Search.Looked) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        if message.words and not self.hits:
            options.add_option(Option(Content.styled("nothing found", "$muted"), disabled=True))
        options.add_options([Option(self.line(line)) for _, line in self.hits])
        options.display = options.option_count > 0

    async def on_input_submitted(self) -> None:
        if self.looking is not None:
            await self.looking.wait()
        self.dismiss(self.hits[0][0] if self.hits else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.hits[event.option_index][0])

    def action_down(self) -> None:
        options = self.query_one(OptionList)
        if options.has_focus:
            options.action_cursor_down()
        else:
            options.focus()
