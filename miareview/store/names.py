"""Which names are one, and which are meant by a pattern: what is said of names, folded. Pure; no database."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field

NAMING = frozenset({"reviewer", "alias"})
"""Kinds of events that say who is who."""


def name_key(name: str) -> str:
    """What names are compared by: NFC, without case, white space folded. Names with one key are one person."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())


def is_like(name: str, pattern: str) -> bool:
    """Whether a name is what a pattern says, both as `name_key` folds them; * stands for anything."""
    key = name_key(name)
    first, *others = name_key(pattern).split("*")
    if not others:
        return key == first
    *middle, last = others
    place = len(first)
    for piece in middle:
        found = key.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return key.startswith(first) and key.endswith(last) and place <= len(key) - len(last)


def same_person(parameter: str = "?") -> str:
    """SQL after a column of names as they were given: it is one of the person who has the name in that parameter."""
    return (
        "in (select other.name from reviewer one join reviewer other on other.person = one.person"
        f" where one.name = {parameter})"
    )


@dataclass(slots=True)
class Register:
    """Who is who, by the keys of names: how a person is written, and which key stands for which."""

    shown: dict[str, str] = field(default_factory=dict)
    alias: dict[str, str] = field(default_factory=dict)

    def root(self, name: str) -> str:
        """The key that stands for the person of a name."""
        key = name_key(name)
        while key in self.alias:
            key = self.alias[key]
        return key

    def knows(self, name: str) -> bool:
        return name_key(name) in self.shown

    def person(self, name: str) -> str:
        """The name under which a person is counted, of any of their names."""
        return self.shown.get(self.root(name), name)

    def add(self, name: str) -> None:
        self.shown.setdefault(name_key(name), " ".join(name.split()))

    def say(self, kind: str, value: str) -> None:
        """Take in a `reviewer` or `alias` event by its value."""
        said = json.loads(value)
        name = said["name"]
        self.add(name)
        if kind == "alias" and said["of"] is None:
            self.alias.pop(name_key(name), None)
        elif kind == "alias":
            self.add(said["of"])
            self._join(name, self.root(said["of"]))
        elif "shown" in said:
            root = self.root(name)
            self.add(said["shown"])
            self.shown[root] = said["shown"]
            self._join(said["shown"], root)

    def _join(self, name: str, root: str) -> None:
        if self.root(name) != root:
            self.alias[self.root(name)] = root
