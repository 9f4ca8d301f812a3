"""Help on a screen: its keys in groups, in as many columns as there is room for."""

from __future__ import annotations

from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.tui.keys import EVERYWHERE, Key, Keys
from miareview.tui.look import heading
from miareview.tui.screens.dialogs import Dialog, hint

COLUMN = 44  # cells that a column of keys needs at least
KEY = 7  # cells for the key itself
AROUND = 6  # lines of the box that are not keys: its edges, its title, what scrolls


class Help(Dialog[None]):
    """Every key of one screen and what it does."""

    BINDINGS = [
        Binding("escape,q,question_mark,enter", "dismiss", "back"),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, name: str, keys: Keys) -> None:
        super().__init__()
        self.keys_of = name
        self.table = {**keys, "Everywhere": EVERYWHERE}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog whole"):
            yield Static(Content.styled(f"Keys: {self.keys_of}", "bold"), classes="dialog-title")
            with VerticalScroll(can_focus=False), Horizontal():
                for _ in range(4):
                    yield Static("", classes="keys")
            yield hint("q back")

    def on_resize(self) -> None:
        high = self.app.size.height * 9 // 10 - AROUND
        self.query_one(VerticalScroll).styles.max_height = high
        wide = self.app.size.width * 96 // 100 - 6
        count = max(1, min(4, wide // COLUMN))
        columns = arrange([block(group, keys, wide // count - 2) for group, keys in self.table.items()], count)
        scroll = "↓ ↑ scroll · " if max(map(len, columns)) - 1 > high else ""
        self.query_one(".dialog-end", Static).update(Content.styled(f"{scroll}q back", "$muted"))
        for place, pane in enumerate(self.query(".keys").results(Static)):
            pane.display = place < len(columns)
            pane.update(Content("\n").join(columns[place][:-1]) if place < len(columns) else "")

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        pane = self.query_one(VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)


def block(group: str, keys: tuple[Key, ...], width: int) -> list[Content]:
    """One group as lines of at most `width` cells: its name, a line or more a key, and an empty line."""
    lines = [heading(group.upper())]
    for key in keys:
        first, *rest = wrap(key.help, max(width - KEY, 20))
        lines.append(Content.assemble((f"{key.shown:>{KEY - 2}}  ", "bold $text-warning"), first))
        lines += [Content(" " * KEY + line) for line in rest]
    return [*lines, Content("")]


def arrange(blocks: list[list[Content]], count: int) -> list[list[Content]]:
    """Blocks in at most `count` columns, in their order, the highest column as low as it can be."""
    total = sum(map(len, blocks))
    for height in range(max(map(len, blocks)), total + 1):
        columns: list[list[Content]] = [[]]
        for lines in blocks:
            if len(columns[-1]) + len(lines) > height:
                columns.append([])
            columns[-1] += lines
        if len(columns) <= count:
            return columns
    return [[line for lines in blocks for line in lines]]
