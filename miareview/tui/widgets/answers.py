"""Answers beside each other, each verbatim, with the phrases that differ from the base."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.browse.compare import Answer
from miareview.browse.difference import Phrase
from miareview.text import cells, visible
from miareview.tui.look import names_within, show_points

DIFFERS, MOVED, EQUAL = "underline $text-warning", "italic $text-accent", "$muted"
LOW, AROUND = 28, 3  # rows of a screen below which a title has one line; cells beside the text of a pane
NAMED = 16  # cells that a name has, whatever stands behind it
ANOTHER = 0.7
"""Where more than this share of an answer differs, it is another answer, and marks would be noise."""


class AnswerPane(Vertical):
    """One answer: who gave it, how long it is, what it got, and its text."""

    def compose(self) -> ComposeResult:
        yield Static("", classes="answer-title", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static("", classes="answer-text", markup=False)

    def show(
        self,
        answer: Answer,
        weight: int,
        sign: str,
        phrases: Sequence[Phrase] | None,
        same: str,
        quiet: bool,
        width: int,
    ) -> None:
        """`phrases` are marked (None: marks are off), and with `quiet` the rest stands back; `same` is a sign."""
        parts: list[tuple[str, str]] = [(f"  {answer.words} w", "$muted")]
        if answer.judge is not None:
            parts.append((f"  {told(answer, weight)}", "$text-warning"))
        if answer.waits:
            parts.append(("  waits, blind", "$text-warning"))
        if phrases and is_another(answer.response.text, phrases):
            phrases = None
            parts += [("  little in common", "$muted")] if quiet else []
        if same:
            parts.append((f"  ≡ says the same as {same}", "$text-accent"))
        sign = "" if answer.waits else f"{sign} "
        beside = Content.assemble(*parts)
        room = width - cells(sign) - (beside.cell_length if self.app.size.height < LOW else 0)
        (name,) = names_within([answer.model], max(room, NAMED))
        self.query_one(".answer-title", Static).update(
            Content.assemble((sign, "bold $primary"), (name, "bold")) + beside
        )
        text = answer.response.text
        found = marked(text, phrases or (), quiet and phrases is not None) if text else _nothing(answer)
        self.query_one(".answer-text", Static).update(found)

    def scroll_by(self, pages: int) -> None:
        pane = self.query_one(VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def rewind(self) -> None:
        self.query_one(VerticalScroll).scroll_home(animate=False)


class Answers(Horizontal):
    """As many panes as answers are in sight; they scroll together."""

    async def show(
        self, answers: Sequence[Answer], weight: int, signs: Sequence[str], selected: int, base: Sequence[Phrase] | None
    ) -> None:
        """`base` are the phrases to mark in the first answer, None where nothing is to be marked."""
        panes = list(self.query(AnswerPane))
        if len(panes) != len(answers):
            await self.remove_children()
            panes = [AnswerPane() for _ in answers]
            await self.mount_all(panes)
        by_model = {answer.model: sign for answer, sign in zip(answers, signs, strict=True)}
        for place, (pane, answer, sign) in enumerate(zip(panes, answers, signs, strict=True)):
            phrases = None if base is None else base if place == 0 else answer.phrases
            same, width = by_model.get(answer.same_as or "", ""), self.size.width // len(answers) - AROUND
            pane.show(answer, weight, sign, phrases, same, quiet=place > 0, width=width)
            pane.set_class(place == selected, "selected")

    def scroll_by(self, pages: int) -> None:
        for pane in self.query(AnswerPane):
            pane.scroll_by(pages)

    def rewind(self) -> None:
        for pane in self.query(AnswerPane):
            pane.rewind()


def told(answer: Answer, weight: int) -> str:
    """What judge and people gave in all, of the item's weight: "10/10→7"."""
    people = answer.people
    return f"{show_points(answer.judge)}/{weight}{f'→{show_points(people)}' if people is not None else ''}"


def is_another(text: str, phrases: Sequence[Phrase]) -> bool:
    """Whether so much of a text differs from the base that marks would tell nothing."""
    return sum(phrase.end - phrase.start for phrase in phrases) > ANOTHER * len(text)


def marked(text: str, phrases: Sequence[Phrase], quiet: bool) -> Content:
    """The text with its phrases marked; with `quiet` what is equal stands back."""
    parts: list[Content | tuple[str, str]] = []
    end = 0
    for phrase in phrases:
        parts.append((visible(text[end : phrase.start]), EQUAL if quiet else ""))
        parts.append((visible(text[phrase.start : phrase.end]), MOVED if phrase.kind == "moved" else DIFFERS))
        end = phrase.end
    parts.append((visible(text[end:]), EQUAL if quiet else ""))
    return Content.assemble(*parts)


def _nothing(answer: Answer) -> Content:
    return Content.styled(f"no text ({answer.response.status})", "$text-warning")
