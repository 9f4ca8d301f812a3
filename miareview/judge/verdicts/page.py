"""A reply without its decoration, sign for sign: what is said stays where it stood, so that places keep."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SIGNS = 150_000  # honest verdicts have a hundredth of it; a judge that goes round in circles, 30,000 tokens
_SPACE = re.compile(r"\s")
_ONE_TO_ONE = {0xFF00 + code: 0x20 + code for code in range(0x01, 0x5F)} | {
    ord("⁄"): "/", ord("∕"): "/", ord("÷"): "/", ord("−"): "-", ord("∶"): ":", ord("\u2011"): "-", ord("﹕"): ":",
    ord("\ufe0f"): " ", ord("\u20e3"): ".", ord("٫"): ".", ord("。"): ".", ord("、"): ",",
    ord("【"): "[", ord("】"): "]", ord("│"): "|", ord("┃"): "|", ord("║"): "|", ord("・"): "-", ord("•"): "-",
    ord("\x85"): "\n", ord("\u2028"): "\n", ord("\u2029"): "\n", ord("٪"): "%", ord("➔"): "→", ord("➜"): "→",
    ord("⇒"): "→", ord("⟶"): "→",
} | {ord(space): " " for space in
     "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
     "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"
     "\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"}  # fmt: skip

_FRACTION = re.compile(
    r"\\[dtc]?frac\s{0,2}(?:\{\s{0,3}([\d.,]{1,12})\s{0,3}\}\s{0,2}\{\s{0,3}([\d.,]{1,12})\s{0,3}\}|(\d)\s?(\d)(?!\d))"
)
_COMMAND = re.compile(
    r"\\(?:right|to|rightarrow|long)arrow\b|\\(?:[a-zA-Z]{1,20}\*?(?:\s?\{)?|[()\[\],;!:%_#&$ ])|\$\$?"
)
_BREAK = re.compile(r"<\s?(?:br|/p|/div|/li|tr|li|p|h[1-6]|/h[1-6]|hr|/table|table|/ul|/ol)\b[^<>\n]{0,200}>", re.I)
_BETWEEN_CELLS = re.compile(r"(?<=>)\s{1,200}(?=</?(?:t[rhd]|thead|tbody|tfoot)\b)", re.I)
_CELL = re.compile(r"<\s?/\s?t[dh]\s?>", re.I)
_STRUCK = re.compile(r"~~[^~\n]{1,500}~~|<(s|del|strike)>[^<>]{0,500}</\1>", re.I)
_TAG = re.compile(
    r"</?(?:/?tr|b|i|u|strong|em|span|code|font|small|mark|center|tt|kbd|pre|td|th|ul|ol|tbody|thead|sup|sub|big|label"
    r"|html|body|tfoot)"
    r"(?:\s[^<>\n]{0,200})?/?>",
    re.I,
)
_ENTITY = re.compile(r"&(nbsp|frac12|frac14|frac34|sol|#47|#x2f|colon|amp|ndash|mdash|rarr|quot|gt|lt|#160);", re.I)
_ENTITIES = {
    "nbsp": " ", "frac12": "½", "frac14": "¼", "frac34": "¾", "sol": "/", "#47": "/", "#x2f": "/", "colon": ":",
    "amp": "&",
    "ndash": "–", "mdash": "—", "rarr": "→", "quot": '"', "gt": ">", "lt": "<", "#160": " ",
}  # fmt: skip
_DECORATION = {ord(mark): " " for mark in "*_`"}


def plain(text: str) -> str:
    """The text with full-width signs and the digits of other scripts as ASCII, sign for sign."""
    text = text.replace("\r", " " if "\n" in text else "\n")
    if text.isascii():
        return text
    return re.sub(r"[^\x00-\x7f]", _plain_digit, text.translate(_ONE_TO_ONE))


def _plain_digit(match: re.Match[str]) -> str:
    digit = unicodedata.decimal(match.group(), None)
    return match.group() if digit is None else str(digit)


def lower(text: str) -> str:
    """The text in lower case, sign for sign."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(sign.lower()[:1] for sign in text)


def undecorated(text: str) -> str:
    """Plain text without Markdown, HTML and LaTeX, in which what is struck out is blank; as long as before."""
    if "~~" in text or "<" in text:
        text = _STRUCK.sub(_blank, text)
    if "\\" in text or "$" in text:
        text = _without_latex(text)
    if "<" in text:
        text = _BETWEEN_CELLS.sub(_blank, text)
        text = _BREAK.sub(_line_end, text)
        text = _CELL.sub(lambda match: "|" + " " * (len(match.group()) - 1), text)
        text = _TAG.sub(_blank, text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _ENTITIES[match[1].lower()].ljust(len(match.group())), text)
    return text.translate(_DECORATION)


def blank(text: str) -> str:
    """As many blanks as the text has signs; line ends stay."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


_GAP = re.compile(r"(?<! ) {4,60}(?! )")


@dataclass(frozen=True, slots=True)
class Shorter:
    """A text that was longer, and where each place of it was before.

    `cuts` are places in `text`, in order, each behind what is missing; `missing` says how many signs, up to there.
    """

    text: str
    cuts: Sequence[int] = ()
    missing: Sequence[int] = ()

    def before(self, at: int) -> int:
        """The place in the text as it was."""
        cut = bisect_right(self.cuts, at)
        return at + (self.missing[cut - 1] if cut else 0)


def without_middle(text: str) -> Shorter:
    """Of a text of more than MOST_SIGNS its beginning and its end, which are twice as long; whole words of both."""
    if len(text) <= MOST_SIGNS:
        return Shorter(text)
    space = _SPACE.search(text, len(text) - MOST_SIGNS * 2 // 3)
    end = space.start() if space else len(text) - MOST_SIGNS * 2 // 3
    last = max(text.rfind(white, 0, MOST_SIGNS // 3) for white in " \n\t")
    beginning = text[: max(last, 0)] + "\n\n"
    return Shorter(beginning + text[end:], [len(beginning)], [end - len(beginning)])


def tightened(text: str) -> Shorter:
    """The text with two blanks for the gaps that markup leaves. Whole passages that were blanked out stay wide."""
    if "    " not in text:
        return Shorter(text)
    parts: list[str] = []
    cuts: list[int] = []
    missing: list[int] = []
    position = gone = 0
    for gap in _GAP.finditer(text):
        parts += [text[position : gap.start()], "  "]
        position = gap.end()
        gone += position - gap.start() - 2
        cuts.append(position - gone)
        missing.append(gone)
    return Shorter("".join([*parts, text[position:]]), cuts, missing)


def _line_end(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()].rstrip(" \t")
    return ("" if before.endswith("\n") else "\n").ljust(len(match.group()))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without_latex(text: str) -> str:
    if "\n" not in text:  # line ends that were written out
        text = re.sub(r"\\r?\\?n(?![a-z]{2}[a-z ])", lambda match: "\n".ljust(len(match.group())), text)
    text = _FRACTION.sub(_fraction, text)
    if _COMMAND.search(text):
        text = _COMMAND.sub(lambda match: ("→" if "arrow" in match.group() else " ").ljust(len(match.group())), text)
        text = text.replace("{", " ").replace("}", " ")
    return text


def _fraction(match: re.Match[str]) -> str:
    over, under = (match[1], match[2]) if match[1] else (match[3], match[4])
    return f"{over}/{under}".rjust(len(match.group()))
