"""What a key is. A screen keeps its own table; bindings, footer, help, palette and docs come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `keys` are Textual's names, `shown` is how they are written.

    `first` keys stand in the footer before others. A key that acts `once` does so however long it is held down.
    """

    action: str
    keys: str
    shown: str
    label: str
    help: str
    first: bool = False
    once: bool = False


Keys = Mapping[str, tuple[Key, ...]]
"""A screen's table: keys by what they are for."""

HELP = Key("help", "question_mark", "?", "help", "this page", True)
PALETTE = Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name")  # bound by Textual
BACK = Key("back", "q,escape", "q", "back", "back to where you were", True)
EVERYWHERE = (HELP, PALETTE)
"""Keys that every screen has beside its own."""

DIGITS = frozenset("0123456789")


def all_keys(keys: Keys) -> tuple[Key, ...]:
    """Every key of a table, and those that every screen has."""
    return (*(key for group in keys.values() for key in group), *EVERYWHERE)


def bindings(keys: Keys) -> list[BindingType]:
    """Textual bindings of a table. A digit's action carries the digit; only the first name of a key is shown."""
    made: list[BindingType] = []
    for key in all_keys(keys):
        if key is PALETTE:
            continue
        for number, name in enumerate(key.keys.split(",")):
            action = f"score({name})" if key.action == "score" else key.action
            made.append(Binding(name, action, key.label, show=number == 0, key_display=key.shown))
    return made
