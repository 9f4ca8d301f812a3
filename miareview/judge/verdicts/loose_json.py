"""JSON as models write it: fenced, single-quoted, commented, with a comma too many or too few, cut. With places.

One pass, no recursion: an object that goes wrong keeps what was whole in it, and reading goes on behind the fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SKIP = re.compile(r"(?:\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|#[^\n]*)+", re.S)
_NUMBER = re.compile(
    r"[-+]?(?:\d{1,40}(?:[.,]\d{1,20}(?=\s*(?:[,}\]\n]|$)))?|\.\d{1,20})(?:\s?/\s?\d{1,6}(?:\.\d{1,4})?"
    r"|\s?%)?(?=[\s,}\]:/#]|$)"
)
_LISTED = re.compile(_NUMBER.pattern.replace("[.,]", "[.]", 1))  # in [3,2,3] no comma is a decimal one
_WORD = re.compile(r"[^\W\d][\w.-]{0,80}(?: [\w.-]{1,40}){0,5}(?=\s{0,5}[:,}\]\n])")
_ODD = re.compile(r"[^\s,{}\[\]:\"']{1,80}(?=\s{0,5}[,}\]\n])")
_MARKS = {'"': '"', "'": "'", "“": "”", "”": "”", "„": "“", "‘": "’", "«": "»"}
# An object begins with a key, a list with a value: "{{{{" is none.
_OPENING = re.compile(r"\{(?=\s{0,20}[\"'“”„‘«\w}/#])|\[(?=\s{0,20}[\"'“„‘«\w{\[.-])")
_MOST_NODES = 1_000  # objects and lists; honest replies have a few
_MOST_DEPTH = 200
_LONGEST_KEY = 500


@dataclass(slots=True)
class Node:
    """A value and its place. `value` is the text of strings and bare words, `pairs` are an object's, `parts` a list's.

    `whole` is False where the text ended, or went wrong, before the value did.
    """

    kind: str  # "object", "array", "text" (quoted), "bare"
    start: int
    end: int
    value: str = ""
    pairs: list[tuple[str, Node]] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    whole: bool = True


def find_nodes(text: str) -> tuple[list[Node], bool]:
    """Every outermost object and array in the text, in order, and whether there are too many to read them all."""
    found: list[Node] = []
    place = _OPENING.search(text)
    opened = 0
    while place and opened < _MOST_NODES:
        reader = _Reader(text, place.start())
        node = reader.read()
        opened += reader.opened
        if node.pairs or node.parts:
            found.append(node)
        place = _OPENING.search(text, max(node.end, place.start() + 1))
    return found, place is not None


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.stack: list[Node] = []
        self.keys: list[str | None] = []
        self.opened = 0

    def read(self) -> Node:
        """The object or array that begins here."""
        text = self.text
        root = self._open(text[self.at])
        while self.stack:
            skipped = _SKIP.match(text, self.at)
            if skipped:
                self.at = skipped.end()
            if self.at >= len(text):
                break
            sign = text[self.at]
            top = self.stack[-1]
            if sign in "}]":
                if (sign == "}") != (top.kind == "object"):
                    if len(self.stack) < 2 or (sign == "}") != (self.stack[-2].kind == "object"):
                        break
                    self._shut(self.at, whole=False)  # a bracket was forgotten
                    continue
                self.at += 1
                self._shut(self.at)
            elif sign == ",":
                self.at += 1
            elif top.kind == "object" and self.keys[-1] is None:
                if not self._key():
                    break
            elif sign in "{[":
                if len(self.stack) >= _MOST_DEPTH:
                    break
                self._open(sign)
            elif not self._scalar():
                break
        while self.stack:
            self._shut(self.at, whole=False)
        return root

    def _open(self, sign: str) -> Node:
        node = Node("object" if sign == "{" else "array", self.at, self.at + 1)
        self.at += 1
        self.opened += 1
        self.stack.append(node)
        self.keys.append(None)
        return node

    def _shut(self, end: int, whole: bool = True) -> None:
        node = self.stack.pop()
        self.keys.pop()
        node.end, node.whole = end, node.whole and whole
        if self.stack:
            self._add(node)

    def _add(self, node: Node) -> None:
        top = self.stack[-1]
        if top.kind == "array":
            top.parts.append(node)
        else:
            top.pairs.append((self.keys[-1] or "", node))
            self.keys[-1] = None

    def _key(self) -> bool:
        sign = self.text[self.at]
        if sign in _MARKS:
            node = self._quoted(key=True)
            if node is None:
                return False
            key = node.value
        else:
            word = _WORD.match(self.text, self.at) or re.compile(r"\d{1,6}(?=\s*:)").match(self.text, self.at)
            if not word:
                return False
            key = word.group()
            self.at = word.end()
        colon = re.compile(r"\s{0,50}(?::|=>?)").match(self.text, self.at)
        if not colon:
            return False
        self.at = colon.end()
        self.keys[-1] = key
        return True

    def _scalar(self) -> bool:
        if self.text[self.at] in _MARKS:
            node = self._quoted(key=False)
            if node is None:
                return False
        else:
            numbers = _LISTED if self.stack[-1].kind == "array" else _NUMBER
            match = (
                numbers.match(self.text, self.at) or _WORD.match(self.text, self.at) or _ODD.match(self.text, self.at)
            )
            if not match:
                return False
            node = Node("bare", match.start(), match.end(), match.group())
            self.at = match.end()
        self._add(node)
        return True

    def _quoted(self, key: bool) -> Node | None:
        """The string that begins here. A quotation mark ends it where what follows could not be text."""
        text, start = self.text, self.at
        mark = _MARKS[text[start]]
        follows = _AFTER_KEY if key else _AFTER_VALUE
        last = min(len(text), start + _LONGEST_KEY) if key else len(text)
        at = text.find(mark, start + 1, last)
        while at >= 0:
            if not _escaped(text, at) and follows.match(text, at + 1):
                self.at = at + 1
                return Node("text", start + 1, at, text[start + 1 : at])
            at = text.find(mark, at + 1, last)
        if not key:
            self.at = last
            self._add(Node("text", start + 1, last, text[start + 1 :], whole=False))
        return None


def _escaped(text: str, at: int) -> bool:
    before = at
    while text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


_AFTER_KEY = re.compile(r"\s{0,50}(?::|=>)")
_AFTER_VALUE = re.compile(
    r"\s{0,200}(?:[}\]]|\Z|//|/\*|,\s{0,200}(?:[\"'{\[}\]“]|\w{1,60}\s{0,3}:|-?\d|//|\Z|null|true|false)"
    r"|\n\s{0,200}[\"'“]|```)"
)
