"""The last line of every screen: the keys that are of use now, and what each does."""

from __future__ import annotations

from textual.app import App
from textual.binding import ActiveBinding
from textual.content import Content
from textual.events import MouseDown
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

PALETTE_FROM = 140
"""Columns from which the line ends with the palette; below, the help has it."""
PALETTE_CELLS = 13


class Footer(Widget, can_focus=False):
    """One line drawn as one text; a click presses the key. Textual's own makes a widget for each key, anew whenever
    one changes, which took a third of the time of every key."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[ActiveBinding, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        first: dict[str, ActiveBinding] = {}  # an action has one place, whatever keys it has
        for active in screen.active_bindings.values():
            if active.binding.show:
                first.setdefault(active.binding.action, active)
        keys = tuple(first.values())
        if keys != self.keys:
            self.keys = keys
            self.refresh()

    def render(self) -> Content:
        """The keys on the left; on a wide screen the palette at the right end."""
        labelled: dict[str, list[ActiveBinding]] = {}  # keys that are called the same stand before one label
        for active in self.keys:
            labelled.setdefault(active.binding.description, []).append(active)
        line = Content("").join(_keys(self.app, label, keys) for label, keys in labelled.items())
        palette = self.screen.active_bindings.get(self.app.COMMAND_PALETTE_BINDING)
        if palette is None or self.size.width < PALETTE_FROM:
            return line
        room = self.size.width - PALETTE_CELLS
        end = Content.assemble(("▏", "$foreground 20%"), _keys(self.app, palette.binding.description, [palette]))
        return line.truncate(room, pad=True) + end

    def on_mouse_down(self, event: MouseDown) -> None:
        if key := event.style.meta.get("key"):
            self.app.simulate_key(key)


def _keys(app: App[object], label: str, keys: list[ActiveBinding]) -> Content:
    """ " ↓ j ↑ k model ": each key can be clicked; the label goes with the first."""
    shown = [
        _pressed(f" {app.get_key_display(active.binding)}", "bold $footer-key-foreground", active) for active in keys
    ]
    return Content("").join([*shown, _pressed(f" {label} ", "$footer-description-foreground", keys[0])])


def _pressed(text: str, style: str, active: ActiveBinding) -> Content:
    found = Content.styled(text, style).stylize(Style.from_meta({"key": active.binding.key}))
    return found.stylize("" if active.enabled else "dim")
