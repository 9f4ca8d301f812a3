"""The panes of text: instruction, response with its witness line, and the judge's reasons. All of it is foreign."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from miareview.model import Item, Judgment
from miareview.review.doubts import item_doubts
from miareview.review.sight import View
from miareview.review.spans import component_spans
from miareview.text import cells, rows, visible
from miareview.tui.look import component_style, heading, superscript
from miareview.words.read_from import read_from, statement

COMMON = frozenset(
    "image picture photo describe mention mentioning using including without include sentence sentences word words "
    "exactly with that this from your their about into least more than should must first each what which have".split()
)
SHORT = 90  # columns of a screen below which a pane's title has few words


class InstructionPane(Vertical):
    """The instruction; every component's words in its colour, with its number in front."""

    def compose(self) -> ComposeResult:
        yield Static(heading("INSTRUCTION"), classes="title")
        yield Static("", id="instruction-text", markup=False)

    shown: tuple[object, ...] = ()  # what is on the screen, so that a long text is not laid out again for nothing

    def show(self, item: Item, selected: int) -> None:
        """Show an item's instruction with one component selected (by position)."""
        if self.shown == (item.id, selected):
            return
        self.shown = (item.id, selected)
        instruction, components = item.instruction, item.components
        spans = component_spans(instruction, [component.text for component in components])
        parts: list[str | Content | tuple[str, str]] = []
        end = 0
        placed = sorted((span, c) for span, c in zip(spans, components, strict=True) if span is not None)
        for (start, stop), component in placed:
            style = component_style(component.position, "bold underline" if component.position == selected else "")
            parts.append(visible(instruction[end:start]))
            parts.append((superscript(component.position), component_style(component.position)))
            parts.append((visible(instruction[start:stop]), style))
            end = stop
        parts.append(visible(instruction[end:]))
        for span, component in zip(spans, components, strict=True):
            if span is None:  # worded otherwise than in the instruction
                style = component_style(component.position, "bold underline" if component.position == selected else "")
                parts.append((f"\n{superscript(component.position)}", component_style(component.position)))
                parts.append((visible(component.text), style))
        for doubt in item_doubts(item):
            where = f"{superscript(doubt.position)} " if doubt.position else ""
            parts.append((f"\n? {where}{visible(doubt.sentence, newlines=False)}", "$text-warning"))
        self.query_one("#instruction-text", Static).update(_assemble(parts))


class Counts(Widget):
    """What the witness counted, in one line: as many of its counts as there is room for, each of them whole."""

    counted: Sequence[str] = ()

    def show(self, counted: Sequence[str]) -> None:
        self.counted = counted
        self.refresh()

    def render(self) -> Content:
        room = self.size.width - len("witness  ")
        shown = next((n for n in range(len(self.counted), 1, -1) if cells(" · ".join(self.counted[:n])) <= room), 1)
        return Content.assemble(("witness  ", "$muted"), " · ".join(self.counted[:shown]))


class ResponsePane(Vertical):
    """The model's response, verbatim, and the witness's counts under it."""

    def compose(self) -> ComposeResult:
        yield Static(heading("RESPONSE"), id="response-title", classes="title")
        with VerticalScroll(id="response-scroll", can_focus=False):
            yield Static("", id="response-text", markup=False)
        yield Counts(id="witness")

    shown: tuple[object, ...] = ()

    def show(self, view: View, selected: int) -> None:
        response = view.response
        component = view.item.components[selected - 1]
        marked = component if component.category == "mention" else None
        if self.shown == (response.id, marked):
            return
        self.shown = (response.id, marked)
        notes = {"error": ("the model failed to answer", "$text-error"), "empty": ("empty", "$text-warning")}
        note = notes.get(response.status)
        self.query_one("#response-title", Static).update(heading("RESPONSE", *([note] if note else [])))
        text = Content(visible(response.text)) if response.text else Content.styled("(no text)", "$muted")
        words = [word for word in re.findall(r"\w{4,}", marked.text) if word.lower() not in COMMON] if marked else []
        if words and len(response.text) < 20_000:
            pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\w{{0,3}}\b", re.IGNORECASE)
            text = text.highlight_regex(pattern, style=component_style(component.position, "underline"))
        self.query_one("#response-text", Static).update(text)
        count = view.measure
        counted = [
            (count.sentences, "sentence"), (count.words, "word"), (count.lines, "line"),
            (count.paragraphs, "paragraph"), (count.bullets, "bullet"),
        ]  # fmt: skip
        shown = [f"{n} {name}{'' if n == 1 else 's'}" for n, name in counted if n or name != "bullet"]
        self.query_one(Counts).show(shown)

    def scroll(self, pages: int) -> None:
        pane = self.query_one("#response-scroll", VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def rewind(self) -> None:
        self.query_one("#response-scroll", VerticalScroll).scroll_home(animate=False)


class ReasonsPane(Vertical):
    """What the judge wrote, verbatim, once it may be seen."""

    def compose(self) -> ComposeResult:
        yield Static(heading("JUDGE'S REASONS"), id="reasons-title", classes="title")
        yield Static("", id="reasons-read", markup=False)
        with VerticalScroll(id="reasons-scroll", can_focus=False):
            yield Static("", id="reasons-text", markup=False)

    shown: tuple[object, ...] = ()
    _text = _read = ""

    def lines(self, wide: int) -> int:
        """How many lines it needs: its title alone while the judge is hidden."""
        return 1 + bool(self._read) + rows(self._text, wide - 3) if self._text else 1

    def show(self, view: View, selected: int) -> None:
        """Show the reply, its scores in their components' colours, and from what the selected one was read."""
        judgment = view.judgment
        short = self.app.size.width < SHORT
        state = (judgment, view.judge_visible, view.response.id, selected if view.judge_visible else 0, short)
        if self.shown == state:
            return
        self.shown = state
        beside: list[tuple[str, str]] = []
        read = ""
        if not view.judge_visible:
            text = Content("")
            until = {"each": "until you commit", "end": "until the queue ends", "never": "in this queue"}
            key = "" if short or view.training else " · r reveals"  # which the footer has too
            told = f"hidden {until['each' if view.training else view.reveal]}{key}"
            beside.append((told, "$muted"))
        elif judgment is None:
            text = Content.styled("no judge has scored this response", "$muted")
        else:
            text = _reply(judgment, selected)
            read = _read_from(judgment, view.item, selected)
            if view.judge_sees is False:  # the name comes last, since a narrow pane cuts what does
                beside.append(("! saw no picture", "$text-warning"))
            if judgment.stated_total:
                points, of = (visible(str(float(n)).removesuffix(".0")) for n in judgment.stated_total)
                beside.append((f"states {points}/{of}", "$muted"))
            if judgment.status != "ok":
                what = visible(", ".join(judgment.warnings).replace("_", " "), newlines=False)
                beside.append((f"! {judgment.status}{': ' if what else ''}{what}", "$text-warning"))
            beside.append((visible(view.judge_name, newlines=False), "bold"))
        self._text, self._read = text.plain, read
        self.query_one("#reasons-read").display = bool(read)
        self.query_one("#reasons-read", Static).update(Content.styled(read, component_style(selected)))
        self.query_one("#reasons-scroll").display = view.judge_visible
        self.query_one("#reasons-title", Static).update(
            heading("GOLD" if view.training else "JUDGE'S REASONS", *beside)
        )
        self.query_one("#reasons-text", Static).update(text)

    def scroll(self, pages: int) -> None:
        pane = self.query_one("#reasons-scroll", VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def rewind(self) -> None:
        self.query_one("#reasons-scroll", VerticalScroll).scroll_home(animate=False)


def _spans(judgment: Judgment) -> list[tuple[int, int] | None]:
    return [None if s.start is None or s.end is None else (s.start, s.end) for s in judgment.sub_scores]


def _read_from(judgment: Judgment, item: Item, selected: int) -> str:
    """One line: from which words the selected component's score was read; "" where there are no words."""
    if not judgment.raw:
        return ""
    score, weight = judgment.sub_scores[selected - 1], item.weights[selected - 1]
    said = statement(judgment.raw, _spans(judgment), selected)
    return visible(f"component {selected}: {read_from(score.points, weight, said)}", newlines=False)


def _reply(judgment: Judgment, selected: int) -> Content:
    """The judge's words, each place that a score was read from in its component's colour."""
    if not judgment.raw:
        return Content.styled(_no_reply(judgment), "$muted")
    raw, end = judgment.raw, 0
    parts: list[str | Content | tuple[str, str]] = []
    spans = sorted((span, place) for place, span in enumerate(_spans(judgment), start=1) if span)
    for (start, stop), position in spans:
        if start >= end:
            parts.append(visible(raw[end:start]))
            style = component_style(position, "bold underline" if position == selected else "underline")
            parts.append((visible(raw[start:stop]), style))
            end = stop
    return _assemble([*parts, visible(raw[end:])])


def _no_reply(judgment: Judgment) -> str:
    """Why there are no words of the judge to show."""
    if judgment.raw is not None:
        return "(an empty reply)"
    return "(the call failed: no reply)" if judgment.status == "api_error" else "(only the scores were kept, no reply)"


def _assemble(parts: list[str | Content | tuple[str, str]]) -> Content:
    return Content.assemble(*[Content(part) if isinstance(part, str) else part for part in parts])
