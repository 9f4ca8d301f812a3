"""What terminals are asked and answer at the start: profiles by name, and what is made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miareview.tui import picture, terminal
from miareview.tui.terminal import DEFAULT_CELL, question, read_answer, served

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "terminals.json").read_text(encoding="utf-8"))
"""What real terminals answered, and what they were drawn in; see benchmarks/real_terminals.py."""

EXPECTED = {
    # cell in pixels (None: not told), sixel, whether it may be asked about kitty graphics
    "xterm, sixel": (None, True, True),
    "xterm": (None, False, True),
    "xterm, 16 colours": (None, False, True),
    "tmux in xterm": (None, False, False),
    "GNU screen in xterm": (None, False, False),
    "foot": ((9, 18), True, True),
    "konsole": ((8, 18), True, True),
    "gnome-terminal": ((9, 21), False, True),
    "urxvt": ((10, 19), False, False),
    "st": (None, False, False),
    "kitty": ((9, 20), False, True),
}

MADE = {
    # TERM and an answer that no terminal here gave
    "gnome-terminal, small": ("xterm-256color", "\x1b[4;408;800t\x1b[8;24;100t\x1b[?65;1;9c", (8, 17), False, True),
    "tmux with sixel": ("tmux-256color", "\x1bP>|tmux 3.5\x1b\\\x1b[8;24;80t\x1b[?1;2;4c", None, True, False),
    "linux console": ("linux", "\x1b[?6c", None, False, False),
    "of no rows": ("xterm", "\x1b[4;0;0t\x1b[8;0;0t\x1b[?1;2c", None, False, True),
}
PROFILES = MADE | {
    name: (told["TERM"], told["answer"], *expected)
    for (name, expected), told in zip(EXPECTED.items(), RECORDED.values(), strict=True)
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_terminal_is_asked_what_it_understands_and_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    term, answer, cell, sixel, kitty = PROFILES[name]
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("TMUX", raising=False)
    assert ("\x1b_G" in question()) == kitty
    assert question().endswith("\x1b[c")
    told = read_answer(answer)
    assert told.answered
    assert told.cell == cell
    assert told.sixel == sixel


@pytest.mark.parametrize("name", RECORDED)
def test_what_a_recorded_terminal_is_drawn_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = RECORDED[name]
    for variable in ("TERM", "COLORTERM", "TMUX"):
        monkeypatch.setenv(variable, recorded[variable]) if recorded[variable] else monkeypatch.delenv(variable, False)
    monkeypatch.setattr(picture, "_cell", DEFAULT_CELL)
    monkeypatch.setattr(picture, "_why_not_ask", lambda: "")
    monkeypatch.setattr(picture, "ask_terminal", lambda: read_answer(recorded["answer"]))
    found = picture.choose_renderer()
    assert (found.name, found.colours) == (recorded["drawn"], recorded["colours"])


def test_inside_tmux_nothing_is_asked_that_it_takes_for_a_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert "\x1b_G" not in terminal.question()


def test_a_browser_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    assert not served()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    assert terminal.colours() == 16
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    assert served()
    assert terminal.colours() == 2**24
