"""Passages that are set apart as the response, the instruction or another text that the judge was given."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Verdict

_NOUN = (
    r"(?:(?:the|model|candidate|student|assistant|user|ai|llm|original|full|given|generated)(?:['’]s)?[ _-]){0,3}"
    r"(?:responses?|answer|replies|instructions?|prompt|question|submission|output|document|essay|text|input|example)"
    r"(?:[ _-](?:to be|to|being|under)?[ _-]?(?:judged?|graded?|evaluated?|scored?|assess|review|evaluation))?"
)
_OF_OTHERS = re.compile(
    r"response|instruction|prompt|candidate|student|document|submission|essay|example|quot|input|question|to_grade"
    r"|(?:model|assistant|ai|llm|generated|original)[_-]?(?:answer|output|reply|text)|^(?:q|text|passage)$"
)
_OWN = re.compile(r"eval|scor|verdict|judg(?!ed)|result|feedback|analysis|assess|final|rating|component")
_TAG = re.compile(r"<([a-z][\w-]{0,40})(?:\s[^<>\n]{0,200})?>")
_BEGIN = r"(?:begin|start)(?:ning)?[ _]?(?:of[ _])?(?:the[ _])?"
_BANNER = re.compile(
    rf"^[ \t]{{0,8}}(?:(?P<mark>[-=#*\[({{|+]{{1,12}}|<{{2,12}})[ \t]{{0,3}}"
    rf"(?P<begin>{_BEGIN})?|(?P<bare>{_BEGIN})){_NOUN}"
    r"[^\w\n]{0,12}$",
    re.M,
)
_END = re.compile(
    rf"^[ \t]{{0,8}}[-=#*<\[({{|+]{{0,12}}[ \t]{{0,3}}"
    rf"(?:(?:/|end[ _]?(?:of[ _])?(?:the[ _])?){_NOUN}[^\w\n]{{0,12}}|{_NOUN}>{{1,3}}[ \t]*)$",
    re.M,
)
_HEADING = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]|\*\*\w|[-=]{3,}[ \t]{0,3}\w)", re.M)
_FENCE = re.compile(r"^[ \t]{0,3}(~~~|\"\"\"|'''|<<<|>>>)(?!json)[^\n]{0,30}$", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """A passage from `start` to `end`, with its last mark up to `over`. `named`: the marks say whose it is."""

    start: int
    end: int
    over: int
    named: bool = True


def quoted_blocks(text: str) -> list[Block]:
    """The passages of a text, which is lower case and plain, with its marks."""
    return [*_tagged(text), *_bannered(text), *_fenced(text)]


def set_aside(verdicts: Sequence[Verdict], blocks: Sequence[Block], names: Names) -> bool:
    """Verdicts in a block are drafts where others stand outside. Otherwise whether what is there stands in a named one.

    A fence may be the judge's own, so that outside of it all components have to be scored.
    """
    spoken = [one for one in verdicts if one.said]
    inside = {id(one): block for one in spoken for block in blocks if block.start <= one.start and one.end <= block.end}
    outside = [one for one in spoken if id(one) not in inside]
    whole = {number for one in outside for number in one.said} >= set(range(1, len(names.weights) + 1))
    for one in spoken:
        block = inside.get(id(one))
        if block and (whole or (outside and block.named)):
            one.standing = "draft"
    return not outside and any(block.named for block in inside.values())


def _tagged(text: str) -> Iterator[Block]:
    position = 0
    unclosed: set[str] = set()
    for tag in _TAG.finditer(text) if "</" in text else ():
        name = tag[1]
        if tag.start() < position or name in unclosed or not _OF_OTHERS.search(name) or _OWN.search(name):
            continue
        end = text.find(f"</{name}>", tag.end())
        if end < 0:
            unclosed.add(name)
        else:
            position = end
            yield Block(tag.start(), end, end + len(name) + 3)


def _bannered(text: str) -> Iterator[Block]:
    """From a line that names the text to the line that ends it; from a heading to the next."""
    position = 0
    ends = [match.span() for match in _END.finditer(text)]
    headings = [(match.start(), match.start()) for match in _HEADING.finditer(text)]
    for banner in _BANNER.finditer(text):
        if banner.start() < position:
            continue
        end = _next(ends, banner.end())
        if end is None and not banner["bare"] and not banner["begin"] and banner["mark"][0] in "#*=-":
            end = _next(headings, banner.end()) or (len(text), len(text))
        if end is not None:
            position = end[0]
            yield Block(banner.start(), *end)


def _next(places: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    place = bisect_left(places, (at, 0))
    return places[place] if place < len(places) else None


def _fenced(text: str) -> Iterator[Block]:
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1] == opened[1] or (opened[1], fence[1]) == ("<<<", ">>>"):
            yield Block(opened.start(), *fence.span(), named=False)
            opened = None
