"""What all screens share: a name, a table of keys, help on them, and a footer with those that are of use now."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import ClassVar

from textual.binding import ActiveBinding
from textual.screen import Screen

from miareview.text import cells
from miareview.tui.keys import BACK, HELP, Keys, all_keys
from miareview.tui.screens.help import Help
from miareview.tui.widgets.footer import PALETTE_CELLS, PALETTE_FROM


class Page(Screen[None]):
    """A screen with keys of its own. `NAME` is what help and docs call it; a page without one is a variant of another.

    A subclass writes `KEYS` and `BINDINGS = bindings(KEYS)`; nothing else has to know it.
    """

    NAME: ClassVar[str] = ""
    KEYS: ClassVar[Keys] = {}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-middle"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]

    _shown: frozenset[str] = frozenset()

    @classmethod
    def once(cls) -> frozenset[str]:
        """Textual's names of the keys that do their thing once, however long they are held down."""
        return frozenset(name for key in all_keys(cls.KEYS) if key.once for name in key.keys.split(","))

    def hints(self) -> Sequence[str]:
        """Actions for the footer, what is of most use first. As many are shown as there is room for."""
        keys = all_keys(self.KEYS)
        return [key.action for key in sorted(keys, key=lambda key: not key.first)]

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The bindings that work now; those to be shown in the footer are marked so."""
        active = super().active_bindings
        shown = self._in_footer()
        return {
            name: found._replace(binding=replace(found.binding, show=False))
            if found.binding.show and found.binding.action not in shown
            else found
            for name, found in active.items()
        }

    def _in_footer(self) -> frozenset[str]:
        """The actions for which there is room. Keys of one label stand together, so all of them or none."""
        room = self.size.width - (PALETTE_CELLS if self.size.width >= PALETTE_FROM else 0)
        table = {key.action: key for key in all_keys(self.KEYS)}
        hints = (HELP.action, BACK.action, *self.hints())
        shown: set[str] = set()
        for action in hints:
            if action not in table or action in shown:
                continue
            label = table[action].label
            together = [key for key in table.values() if key.label == label and key.action in hints]
            takes = sum(cells(key.shown) + 1 for key in together) + cells(label) + 2
            if takes > room:
                continue  # a shorter one behind it may have room
            room -= takes
            shown |= {key.action for key in together}
        return frozenset(shown | {f"{action}(0)" for action in shown})  # of the digits the first stands for all

    def on_resize(self) -> None:
        self.hint()

    def hint(self) -> None:
        """Show other keys in the footer where others are of use now."""
        shown = self._in_footer()
        if shown != self._shown:
            self._shown = shown
            self.refresh_bindings()

    def action_help(self) -> None:
        self.app.push_screen(Help(self.NAME, self.KEYS))


def pages() -> list[type[Page]]:
    """Every kind of screen with a name, by name; found among the modules beside this one."""
    from miareview.tui import screens

    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)
    found, kinds = {}, [Page]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__dict__.get("NAME"):
            found[kind.NAME] = kind
    return [found[name] for name in sorted(found)]


def keys_markdown() -> str:
    """The tables of all screens as docs/keys.md holds them."""
    lines = ["# Keys", "", "Made from the tables of the screens in `miareview/tui/screens`.", ""]
    for page in pages():
        lines += [f"## {page.NAME.capitalize()}", ""]
        for group, keys in page.KEYS.items():
            lines += [f"**{group}**", "", "| keys | does |", "|---|---|"]
            lines += [*(f"| `{key.shown}` | {key.help} |" for key in keys), ""]
    return "\n".join(lines)
