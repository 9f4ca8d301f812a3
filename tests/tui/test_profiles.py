"""What terminals are asked and answer at the start: profiles by name, and what is made of them."""

from __future__ import annotations

import pytest

from miareview.tui import terminal
from miareview.tui.terminal import question, read_answer, served

PROFILES = {
    # TERM, answer, cell in pixels (None: not told), sixel, whether it may be asked about kitty graphics
    "xterm": (
        "xterm-256color",
        "\x1bP>|XTerm(390)\x1b\\\x1b[?1;0;256S\x1b[6;20;10t\x1b[?64;4;22c",
        (10, 20),
        True,
        True,
    ),
    "konsole": ("xterm-256color", "\x1bP>|Konsole 22.12.3\x1b\\\x1b[6;18;9t\x1b[?62;1;4c", (9, 18), True, True),
    "gnome-terminal": ("xterm-256color", "\x1b[4;720;1000t\x1b[8;40;100t\x1b[?65;1;9c", (10, 18), False, True),
    "gnome-terminal, small": ("xterm-256color", "\x1b[4;408;800t\x1b[8;24;100t\x1b[?65;1;9c", (8, 17), False, True),
    "tmux": ("tmux-256color", "\x1bP>|tmux 3.3a\x1b\\\x1b[8;24;80t\x1b[?1;2;4c", None, True, False),
    "GNU screen": ("screen", "\x1b[?1;2c", None, False, False),
    "urxvt": ("rxvt-unicode-256color", "\x1b[?1;2c", None, False, False),
    "st": ("st-256color", "\x1b[?6c", None, False, False),
    "linux console": ("linux", "\x1b[?6c", None, False, False),
    "of no rows": ("xterm", "\x1b[4;0;0t\x1b[8;0;0t\x1b[?1;2c", None, False, True),
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


def test_inside_tmux_nothing_is_asked_that_it_takes_for_a_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert "\x1b_G" not in terminal.question()


def test_a_browser_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    assert not served()
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
    assert served()
