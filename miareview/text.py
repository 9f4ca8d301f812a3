"""Foreign text made safe to show, and deterministic counts of characters, words, sentences, lines.

Everything here is pure and uses the standard library only. Stored text stays verbatim; these functions are for
what is shown and for what is counted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TAB = "    "
JOINER = "\u200d"
"""Joins two pictographs to one; nothing is cut behind it."""

# Characters that change how other text is shown, or show nothing at all: controls, bidirectional controls, fillers,
# line separators, tags, lone surrogates, noncharacters. ZWJ (200D) and the emoji selectors are treated apart.
_NONCHARACTERS = "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff" + _NONCHARACTERS
)
_PICTOGRAPH = "©®‼⁉\u2190-\u2bff〰〽㊗㊙\U0001f000-\U0001faff"
_UNSAFE = (
    rf"\r\n|[{_HIDDEN}]|(?<![{_PICTOGRAPH}])(?<![{_PICTOGRAPH}]\ufe0f)\u200d|\u200d(?![{_PICTOGRAPH}])"
    r"|(?:^|(?<=[\ufe0e\ufe0f\n\r]))[\ufe0e\ufe0f]"
)
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\r\n]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(text: str, *, newlines: bool = True) -> str:
    r"""Foreign text made safe for a terminal or a screen: nothing in it can move, hide or reorder other text.

    C0 controls and DEL become control pictures (ESC is ␛); C1 and bidirectional controls, zero-width and other
    invisible format characters, line and paragraph separators, tags, lone surrogates and noncharacters become their
    name, ‹U+202E›. A zero-width joiner stays between two pictographs (👩‍🚀), a single emoji selector stays after a
    character. Other characters are kept.

    With `newlines` a line break stays (CR LF is one line break) and a tab is four spaces; without it, for use in one
    line, they become ↵ and ␉. Idempotent, and linear in the length of the text.
    """

    def show(match: re.Match[str]) -> str:
        found = match.group()
        if found in ("\n", "\r\n"):
            return "\n" if newlines else "↵"
        if found == "\t" and newlines:
            return TAB
        code = ord(found)
        if code < 0x20:
            return chr(0x2400 + code)
        return "␡" if code == 0x7F else f"‹U+{code:04X}›"

    if text.isascii() and text.isprintable():
        return text
    return _unsafe().sub(show, text)


def editable(text: str, *, newlines: bool = True) -> str:
    """Foreign text for a field in which it is edited: as `visible`, but what scripts need stays itself.

    Joiners and other signs that take no room are kept, since the text may be saved again; line breaks and tabs stay
    with `newlines` and become a blank without it. Nothing in it moves the cursor, sends commands or reorders text.
    """
    return _COMMANDS.sub(lambda match: visible(match[0]), text if newlines else _BREAKS.sub(" ", text))


@lru_cache
def _unsafe() -> re.Pattern[str]:
    """Compiled where there is need of it, which takes longer than most commands read words."""
    return re.compile(_UNSAFE)


def repair(text: str) -> tuple[str, int]:
    r"""The text with each lone surrogate written out (\ud83d), and how many there were: UTF-8 cannot store them."""
    if text.isascii():
        return text, 0
    return _SURROGATE.subn(lambda match: f"\\u{ord(match.group()):04x}", text)


def cells(text: str) -> int:
    """Terminal cells that one line of visible text takes, by East Asian width; a joined emoji may take fewer."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, width: int) -> str:
    """The text in one visible line of at most `width` terminal cells, ending in … where it was cut."""
    # No character of the original shows as less than nothing, so four times the width is more than is ever needed.
    line = visible(text[: 4 * max(width, 0) + 64], newlines=False)
    if len(text) <= 4 * max(width, 0) + 64 and cells(line) <= width:
        return line
    used = 0
    for place, character in enumerate(line):
        used += _width(character)
        if used > width - 1:
            return line[:place].rstrip(JOINER) + "…" if width > 0 else ""
    return line + "…"


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts of one text; see `measure` for what each counts."""

    characters: int
    words: int
    sentences: int
    lines: int
    paragraphs: int
    bullets: int


_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_BULLET = re.compile(r"[ \t>]{0,20}(?:[-*+•‣◦▪●○·–—][ \t]+|\(?\d{1,3}[.)](?:[ \t]+|$)|\(?[a-z]\)[ \t]+)")
_HEADING = re.compile(r"[ \t]{0,20}(?:#{1,6}[ \t]+.*|\*\*[^*]*[^*.!?…]\*\*[ \t]*|__[^_]*[^_.!?…]__[ \t]*)$")
_RULE = re.compile(r"[ \t]*(?:[-*_=][ \t]*)+$")
# Scripts written without spaces: one character is one word, as word processors count.
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|(?:(?!—|--|…|\.\.\.)[^\s{_IDEOGRAPH}])+")
_WORDY = re.compile(r"[^\W_]")


def lines(text: str) -> list[str]:
    """The lines of the text that hold more than white space, stripped."""
    return [line.strip() for line in _LINE_BREAK.split(text) if line.strip()]


def paragraphs(text: str) -> list[list[str]]:
    """The blocks between blank lines, each as its lines."""
    blocks: list[list[str]] = [[]]
    for line in _LINE_BREAK.split(text):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def bullets(text: str) -> list[str]:
    """The items of bulleted and numbered lists, without their markers."""
    found = []
    for line in _LINE_BREAK.split(text):
        marker = _BULLET.match(line)
        if marker and not _RULE.match(line):
            found.append(line[marker.end() :].strip())
    return found


def words(text: str) -> list[str]:
    """The words of the text.

    A word is what stands between white space or dashes (—, --) or an ellipsis and holds a letter or a digit:
    "well-lit", "and/or", "3.5" and "it's" are one word each. A Han or kana character is one word. Markers of list
    items (1.) are none.
    """
    found: list[str] = []
    for line in _LINE_BREAK.split(text):
        marker = _BULLET.match(line)
        body = line[marker.end() :] if marker else line
        found.extend(word for word in _WORD.findall(body) if _WORDY.search(word))
    return found


_STOP = re.compile(r"[.!?…。！？｡‼⁇⁈⁉]+[\"'”’»›)\]}」』*_~`]*")
_FULL_WIDTH = "。！？｡"
_NEVER_LAST = frozenset(
    "mr mrs ms mx dr prof st mt ft rev hon sr sgt capt lt col gen gov sen rep vs v viz cf e.g i.e eg ie approx ca "
    "fig figs eq ch sec vol pp ed eds al dept est messrs mme mlle".split()
)
_RARELY_LAST = frozenset(
    "etc inc ltd co corp jr a.m p.m am pm ph.d b.c a.d jan feb mar apr jun jul aug sept sep oct nov dec ave blvd rd no "
    "u.s u.k u.n d.c".split()
)
_STARTERS = frozenset(
    "a an the it its this that these those there he she they we you i in on at as but and so then when while if for "
    "from with his her their our my your what why how who where after before although however one another each every "
    "both some many most all no not now here by to despite overall finally first second".split()
)
_OPENERS = "\"'“‘«‹([{「『*_~`"


def sentences(text: str) -> list[str]:
    """The sentences of the text.

    A sentence ends at . ! ? … (with quotes and brackets that follow) before white space, or at 。！？ anywhere; at a
    blank line, before and after a list item, and at the end of the text, full stop or not. A single line break is
    a space, as in a poem. No sentence ends after a title or Latin abbreviation (Mr., e.g., vs.), inside numbers and
    addresses (3.5, a.org), after a list marker (1.), after a quote or an ellipsis that a small letter follows
    ("Stop!" he said), nor after initials and U.S., etc., p.m. unless a usual first word of a sentence follows. A
    heading (Markdown, or a line all in bold without a stop) and a piece without a letter or digit are no sentences.
    """
    found: list[str] = []
    for block in paragraphs(text):
        run: list[str] = []
        for line in [*block, ""]:
            marker = _BULLET.match(line)
            heading = bool(_HEADING.match(line))
            if run and (marker or heading or not line):
                found.extend(_split(" ".join(run)))
                run = []
            if line and not heading and not _RULE.match(line):
                run.append(line[marker.end() :] if marker else line)
    return found


def _split(block: str) -> list[str]:
    found = []
    start = 0
    for stop in _STOP.finditer(block):
        if _ends(block, start, stop):
            found.append(block[start : stop.end()].strip())
            start = stop.end()
    found.append(block[start:].strip())
    return [piece for piece in found if _WORDY.search(piece)]


def _ends(block: str, start: int, stop: re.Match[str]) -> bool:
    mark = stop.group()
    if any(character in _FULL_WIDTH for character in mark):
        return True
    end = stop.end()
    if end == len(block):
        return True
    if not block[end].isspace():
        return False
    follows = block[end : end + 60].lstrip().lstrip(_OPENERS)
    small = follows[:1].islower()
    if small and (len(mark) > 1 or mark == "…"):
        # an ellipsis, or a closing quote or bracket, in the middle of a sentence; "?!" does end one
        return bool(re.fullmatch(r"[!?‼⁇⁈⁉]+", mark))
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    return _full_stop(block[max(start, stop.start() - 40) : stop.start()], follows, small)


def _full_stop(before: str, follows: str, small: bool) -> bool:
    """Whether a single "." after `before` ends the sentence: false after abbreviations, initials and list markers."""
    pieces = before.split()
    last = pieces[-1].lstrip(_OPENERS).rstrip("\"'”’)]*_") if pieces else ""
    bare = last.casefold()
    if len(pieces) == 1 and re.fullmatch(r"\d{1,2}", last):
        return False
    if bare in _NEVER_LAST:
        return False
    if bare == "no":
        return not follows[:1].isdigit()
    if bare in _RARELY_LAST or re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", last):
        first = re.match(r"[^\W\d_]+", follows)
        return not small and first is not None and first.group().casefold() in _STARTERS
    return True


def measure(text: str) -> Measure:
    """Deterministic counts of the text.

    characters: code points without white space at both ends, CR LF as one. words, sentences: as in those functions.
    lines: those with more than white space. paragraphs: blocks between blank lines. bullets: items of bulleted and
    numbered lists.
    """
    return Measure(
        characters=len(text.replace("\r\n", "\n").strip()),
        words=len(words(text)),
        sentences=len(sentences(text)),
        lines=len(lines(text)),
        paragraphs=len(paragraphs(text)),
        bullets=len(bullets(text)),
    )


def rows(text: str, width: int) -> int:
    """How many rows of so many cells a text takes at least; words that are kept whole may make it a few more."""
    return sum(max(1, -(-cells(line) // max(width, 1))) for line in visible(text).splitlines()) or 1
