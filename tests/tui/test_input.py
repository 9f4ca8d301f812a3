"""From what a terminal sends to keys: a person's keys go on, whole; answers never do, however they come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import _parser, events
from textual.message import Message

from miareview.tui import input as module
from miareview.tui.input import ESC, TerminalInput

# What terminals answer to the questions of tui/terminal and of Textual.
ANSWERS = {
    "xterm": "\x1bP>|XTerm(390)\x1b\\\x1b[?1;0;256S\x1b[6;20;10t\x1b[?64;1;2;4;6;9;15;22c\x1b[?2026;0$y\x1b[?2048;0$y",
    "iTerm2": "\x1b_Gi=7;OK\x1b\\\x1bP>|iTerm2 3.5.4\x1b\\\x1b[?1;0;256S\x1b[6;17;8t\x1b[?62;4c\x1b[?2026;2$y",
    "Windows Terminal": "\x1bP>|Windows Terminal\x1b\\\x1b[?1;0;256S\x1b[6;20;10t"
    "\x1b[?61;4;6;7;14;21;22;23;24;28;32;42c",
    "foot": "\x1b_Gi=7;EINVAL\x1b\\\x1bP>|foot(1.16.2)\x1b\\\x1b[?1;0;1024S\x1b[6;15;7t\x1b[?62;4;22c\x1b[?2026;2$y",
    "VTE": "\x1bP>|VTE(7600)\x1b\\\x1b[?1;3;0S\x1b[6;20;10t\x1b[?65;1;9c\x1b]11;rgb:1616/1616/1e1e\x07"
    "\x1b]10;rgb:c0/ca/f5\x1b\\",
    "kitty": "\x1b_Gi=7;OK\x1b\\\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;20;10t\x1b[?62;c\x1b[?25u\x1b[?997;1n\x1b[12;40R"
    "\x1b[>1;4000;29c",
}


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        for place in (_parser, module):
            monkeypatch.setattr(place, "get_time", lambda: self.now)


def typed(parser: TerminalInput, clock: Clock, *pieces: str | float) -> list[Message]:
    """What comes of pieces of text, each in a read of its own, and of pauses in seconds."""
    found: list[Message] = []
    for piece in pieces:
        if isinstance(piece, str):
            found += parser.feed(piece) if piece else []
        else:
            for _ in range(20):  # the driver looks at the time every 0.1 s
                clock.now += piece / 20
                found += parser.tick()
    return found


def names(messages: list[Message]) -> list[str]:
    return [m.key if isinstance(m, events.Key) else type(m).__name__ for m in messages]


@pytest.fixture
def clock() -> Iterator[Clock]:
    with pytest.MonkeyPatch.context() as patch:
        yield Clock(patch)


@pytest.mark.parametrize("terminal", ANSWERS)
@pytest.mark.parametrize("owed", [0, 2])
def test_a_late_answer_is_no_key_wherever_it_is_cut(terminal: str, owed: int, clock: Clock) -> None:
    answer = ANSWERS[terminal]
    for cut in range(len(answer)):
        for pause in (0.0, 1.2, 5.0):
            found = typed(TerminalInput(owed), clock, answer[:cut], pause, answer[cut:], 0.2, "j")
            keys = [name for name in names(found) if name not in ("TerminalSupportsSynchronizedOutput", "escape")]
            assert keys in (["j"], ["InBandWindowResize", "j"]), (cut, pause, keys)


@given(st.lists(st.integers(0, 90), min_size=2, max_size=8), st.sampled_from(sorted(ANSWERS)))
def test_answers_in_many_pieces_are_no_keys_while_answers_are_owed(cuts: list[int], terminal: str) -> None:
    answer = ANSWERS[terminal]
    places = sorted({0, len(answer), *(cut for cut in cuts if cut < len(answer))})
    with pytest.MonkeyPatch.context() as patch:
        pieces = [part for start, end in pairwise(places) for part in (answer[start:end], 1.1)]
        found = typed(TerminalInput(9), Clock(patch), *pieces)
    assert not [m for m in found if isinstance(m, events.Key) and m.key != "escape"]


def test_an_answer_whose_beginning_was_read_before_the_app_ran_is_no_key(clock: Clock) -> None:
    for answer in ANSWERS.values():
        for cut in range(1, len(answer)):
            found = typed(TerminalInput(2, heard=answer[:cut]), clock, 0.5, answer[cut:], 0.2, "j")
            assert [n for n in names(found) if len(n) == 1] == ["j"], (answer, cut)


@pytest.mark.parametrize("tail", ["[A", "[3~", "OS", "[1;5C", "[<0;10;10M", "[99;5u"])
def test_the_rest_of_a_key_that_was_cut_after_escape_is_dropped(tail: str, clock: Clock) -> None:
    assert names(typed(TerminalInput(), clock, ESC, 0.5, tail, 0.2, "4")) == ["escape", "4"]
    for cut in range(1, len(tail)):
        assert names(typed(TerminalInput(), clock, ESC, 0.3, tail[:cut], 0.3, tail[cut:], "4")) == ["escape", "4"]


def test_a_key_cut_elsewhere_is_still_that_key(clock: Clock) -> None:
    assert names(typed(TerminalInput(), clock, "\x1b[", 3.0, "A", "\x1b[1;", 1.0, "5C")) == ["up", "ctrl+right"]


def test_brackets_after_escape_are_keys_where_a_person_types_them(clock: Clock) -> None:
    found = typed(TerminalInput(), clock, ESC, 2.0, "[", 0.3, "4", "]", 0.3, "2")
    assert names(found) == ["escape", "left_square_bracket", "4", "right_square_bracket", "2"]


def test_every_kind_of_key_still_works(clock: Clock) -> None:
    keys = {
        "4": "4", "\r": "enter", "\x7f": "backspace", "ü": "ü", "\x13": "ctrl+s", "\x1b[A": "up", "\x1bOB": "down",
        "\x1b[3~": "delete", "\x1b[5~": "pageup", "\x1bOS": "f4", "\x1b[[A": "f1", "\x1b[1;5C": "ctrl+right",
        "\x1b[Z": "shift+tab", "\x1bf": "alt+f", "\x1b[52;;52u": "4", "\x1b[13u": "enter", "\x1b[27u": "escape",
        "\x1b[57;5u": "ctrl+9", "\x1bOt": "4",
    }  # fmt: skip
    assert names(typed(TerminalInput(), clock, *keys)) == list(keys.values())


def test_mouse_focus_size_and_paste_still_work(clock: Clock) -> None:
    mouse = "\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;10;5M\x1b[<35;11;5M"
    found = typed(TerminalInput(), clock, mouse, "\x1b[I\x1b[O", "\x1b[48;30;100;600;1000t")
    kinds = ["MouseDown", "MouseUp", "MouseScrollUp", "MouseMove", "AppFocus", "AppBlur", "Resize"]
    assert names(found) == kinds
    assert isinstance(found[0], events.MouseDown)
    assert (found[0].x, found[0].y) == (9, 4)


def test_pasted_text_is_text_wherever_it_is_cut(clock: Clock) -> None:
    text = "4 2 1 0\r\x1b[A\x1b[6;20;10t and \x1b more"
    pasted = f"\x1b[200~{text}\x1b[201~"
    for cut in range(len(pasted)):
        found = typed(TerminalInput(), clock, pasted[:cut], 0.5, pasted[cut:], "j")
        assert [m.text for m in found if isinstance(m, events.Paste)] == [text.replace("\x1b", "␛")]
        assert [name for name in names(found) if name not in ("Paste", "escape")] == ["j"]


@pytest.mark.parametrize("begun", ["\x1b[", "\x1b]1", "\x1bP1", "\x1b_G", "\x1bO", "\x1b[200~", "\x1b[<0;1"])
def test_what_has_no_end_does_not_take_the_keyboard_for_ever(begun: str, clock: Clock) -> None:
    assert names(typed(TerminalInput(), clock, begun, 12.0, "4"))[-1] == "4"


@given(st.text(alphabet="\x1b[]P_O?;:<>0159cutyRSMm~\\\x07\x9c ²\U0010ffff", max_size=40))
def test_no_bytes_break_the_reader(noise: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        parser = TerminalInput()
        typed(parser, clock, noise, 25.0, noise, 25.0)
        assert names(typed(parser, clock, "j"))[-1] == "j"
