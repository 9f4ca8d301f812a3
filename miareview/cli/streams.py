"""The standard streams as a shell may hand them over: closed, or of an encoding that lacks half of what is printed."""

from __future__ import annotations

import codecs
import io
import os
import sys

# What tables and sentences hold beside ASCII; anything else is named.
_SPELLED = {
    "α": "alpha", "κ": "kappa", "λ": "lambda", "τ": "tau", "Σ": "sum", "Δ": "delta",
    "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "×": "x", "·": "|", "…": "...", "±": "+-", "≤": "<=", "≥": ">=",
    "≠": "!=", "✓": "ok", "✗": "x", "‹": "<", "›": ">", "«": "<<", "»": ">>", "“": '"', "”": '"', "‘": "'", "’": "'",
    "↵": "\\n", "␉": "\\t", "␛": "\\e", "␡": "\\x7f",
}  # fmt: skip


def prepare() -> None:
    """Make the streams fit to be used: what one cannot encode is spelled out, and a closed one is the null device.

    A closed stream leaves its number to the next file that is opened, which is not to be the database.
    """
    codecs.register_error("spell", _spell)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="spell")


def printable(text: str) -> str:
    """The text as stdout will show it, so that columns can be measured."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a stream in memory has none
    return text.encode(encoding, "spell").decode(encoding)


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(_SPELLED.get(character, f"<U+{ord(character):04X}>") for character in found), error.end
