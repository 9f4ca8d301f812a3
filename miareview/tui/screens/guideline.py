"""The guideline as it is to be read while scoring, its older versions, and the rules that settled cases gave."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Markdown, Static

from miareview.store.gold import Guideline, Rule
from miareview.text import visible
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import heading
from miareview.tui.screens.page import Page
from miareview.tui.widgets.footer import Footer

LONG = 100_000
"""Characters from which a guideline is shown as plain text: to lay Markdown out takes time."""


class GuidelineScreen(Page):
    """Markdown of others: laid out, and no more. A link in it leads nowhere, and a picture is its name."""

    NAME = "guideline"
    KEYS = {
        "Read": (
            Key("scroll(1)", "down,j", "↓ j", "down", "a line down"),
            Key("scroll(-1)", "up,k", "↑ k", "up", "a line up"),
            Key("page(1)", "pagedown,space", "PgDn", "page", "a page down", True),
            Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
            Key("version(-1)", "left,h,p", "← h", "older", "the version before", True),
            Key("version(1)", "right,l,n", "→ l", "newer", "the version after", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    def __init__(self, guidelines: Sequence[Guideline], rules: Sequence[Rule]) -> None:
        super().__init__()
        self.guidelines = guidelines
        self.rules = rules
        self.place = next((place for place, one in enumerate(guidelines) if one.current), 0)

    def compose(self) -> ComposeResult:
        yield Static("", id="guideline-header", classes="title", markup=False)
        with VerticalScroll(id="guideline", can_focus=False):
            yield Markdown(id="guideline-text", open_links=False)
            yield Static("", id="guideline-plain", markup=False)
            yield Static(_rules(self.rules, self.guidelines), id="guideline-rules", markup=False)
        yield Footer()

    async def on_mount(self) -> None:
        await self._show()

    async def _show(self) -> None:
        shown = self.guidelines[self.place] if self.guidelines else None
        self.query_one("#guideline-header", Static).update(_header(shown, len(self.guidelines)))
        text, plain = self.query_one(Markdown), self.query_one("#guideline-plain", Static)
        words = visible(shown.text.replace("\r\n", "\n")) if shown else NONE
        text.display = len(words) < LONG
        plain.display = not text.display
        if text.display:
            await text.update(words)
        else:
            plain.update(Content(words))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    async def action_version(self, step: int) -> None:
        if 0 <= self.place + step < len(self.guidelines):
            self.place += step
            await self._show()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        pane = self.query_one(VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)

    def action_back(self) -> None:
        self.dismiss(None)


NONE = "There is no guideline yet. `miareview gold guideline FILE.md --by NAME` adopts one."


def _header(shown: Guideline | None, count: int) -> Content:
    if shown is None:
        return heading("GUIDELINE", ("none yet", "$text-warning"))
    state = ("in force", "$text-success") if shown.current else ("an older one", "$text-warning")
    adopted = f"{visible(shown.by, newlines=False)}, {shown.at[:10]}"
    return heading(
        "GUIDELINE", (f"v{shown.number} of {count}", "bold"), state, (shown.version[:12], "$muted"), (adopted, "$muted")
    )


def _rules(rules: Sequence[Rule], guidelines: Sequence[Guideline]) -> Content:
    """Every rule, with the version of the guideline it was written under and how many labels cite it."""
    numbers = {one.version: one.number for one in guidelines}
    lines = [heading("RULES", (f"{len(rules)}" if rules else "none yet", "$muted"))]
    for rule in rules:
        uses = f"  v{numbers.get(rule.guideline, 0)}, {rule.uses} use{'' if rule.uses == 1 else 's'}"
        lines.append(
            Content.assemble((f"{rule.number:>3}  ", "bold"), visible(rule.text, newlines=False), (uses, "$muted"))
        )
    return Content("\n").join(lines)
