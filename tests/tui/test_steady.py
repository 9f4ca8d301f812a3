"""Columns right of foreign text, in a terminal that gives it another width than the app."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from miareview.text import cells as cells_of
from miareview.tui.steady import steady

SAMPLES = ("👩‍🚀", "🇯🇵", "e\u0301", "नमस्ते", "ภาษาไทย", "שלום", "تغادر", "🏖️", "👨‍👩‍👧‍👦")
PARTS = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([^A-Za-z]*[A-Za-z])|(\n)|(.)", re.DOTALL)
WIDE = 60


def drawn(output: str, unsure: int | None) -> tuple[dict[tuple[int, int], str], str]:
    """What a terminal of 60 columns shows that gives `unsure` cells to every character that is neither ASCII nor a
    line (None: what it takes alone, as where nothing is joined), and all that was written in it."""
    cells: dict[tuple[int, int], str] = {}
    row, column, wraps, written = 1, 1, True, ""
    for part in PARTS.finditer(output):
        if part[1]:
            row, column = int(part[1]), int(part[2])
        elif part[3]:
            wraps = {"?7l": False, "?7h": True}.get(part[3], wraps)
        elif part[5]:
            written += part[5]
            alone = 1 if part[5].isascii() or part[5] == "│" else cells_of(part[5]) if unsure is None else unsure
            for _ in range(alone):
                if column > WIDE and wraps:
                    row, column = row + 1, 1
                cells[row, min(column, WIDE)] = part[5]
                column += 1
    return cells, written


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("unsure", [0, 1, 2, 3])
def test_what_stands_behind_stays_in_its_column(text: str, unsure: int) -> None:
    shown, _ = drawn(steady(f"\x1b[5;3Hab {text} \x1b[1mcd\x1b[0m{text}\x1b[31m│ef"), unsure)
    width = cell_len(text)
    for place, character in ((3, "a"), (7 + width, "c"), (9 + 2 * width, "│"), (11 + 2 * width, "f")):
        assert shown[5, place] == character


@pytest.mark.parametrize("text", SAMPLES)
def test_a_text_that_comes_out_wider_has_the_empty_cells_behind_it(text: str) -> None:
    shown, _ = drawn(steady(f"\x1b[1;1H{text}x y{' ' * 40}\x1b[1m  \x1b[0m|"), 3)
    wide = "".join(character * (1 if character.isascii() else 3) for character in text) + "x y"
    assert "".join(shown[1, column] for column in range(1, len(wide) + 1)) == wide
    assert shown[1, cell_len(text) + 46] == "|"


@pytest.mark.parametrize("text", SAMPLES)
def test_no_text_reaches_past_the_next(text: str) -> None:
    shown, _ = drawn(steady(f"\x1b[1;1H{text}{text}12345\x1b[1m  7\x1b[0m    \x1b[31m8 "), 4)
    width = 2 * cell_len(text) + 5
    assert shown[1, width + 3] == "7"
    assert {shown[1, width + place] for place in range(4, 8)} == {" "}
    assert shown[1, width + 8] == "8"


@pytest.mark.parametrize("text", SAMPLES)
def test_a_terminal_that_draws_it_narrower_shows_nothing_old_in_the_gap(text: str) -> None:
    shown = drawn("\x1b[1;1H" + "x" * 40, 1)[0] | drawn(steady(f"\x1b[1;1H{text}|"), 0)[0]
    assert "x" not in {shown[1, column] for column in range(1, cell_len(text) + 2)}


@pytest.mark.parametrize("text", SAMPLES)
def test_where_nothing_is_joined_a_full_pane_touches_nothing_beside_it(text: str) -> None:
    """A pane is drawn alone: what its line covers beyond it would stay there."""
    line = f"{text} {text}{text} and the end"
    beside = {(1, cell_len(line) + 1): "|"}
    shown = beside | drawn(steady(f"\x1b[1;1H{line}"), None)[0]
    assert shown[1, cell_len(line) + 1] == "|"
    told = "".join(character * cells_of(character) for character in line)
    seen = "".join(shown[1, column] for column in range(1, cell_len(line) + 1))
    assert seen.startswith(told[: cell_len(line) - 8])


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("unsure", [1, 2, None])
def test_cells_of_another_colour_are_no_empty_ones(text: str, unsure: int | None) -> None:
    """A scrollbar is blanks of its own colour."""
    shown, _ = drawn(steady(f"\x1b[1;1H\x1b[48;2;1;2;3m{text}{text}x\x1b[0m\x1b[48;2;9;9;9m \x1b[0m"), unsure)
    assert shown[1, cell_len(text) * 2 + 2] == " "


def test_nothing_goes_on_in_the_next_line() -> None:
    shown, _ = drawn(steady(f"\x1b[1;{WIDE - 9}H{'👩‍🚀' * 5}\x1b[2;1Hnext"), 2)
    assert {place for place in shown if place[0] == 2} == {(2, column) for column in range(1, 5)}


@pytest.mark.parametrize("base", ["e\u0301tat", "1\ufe0f\u20e3", "a\u0323\u0308"])
def test_a_mark_stays_with_its_letter(base: str) -> None:
    assert base in steady(f"\x1b[1;1Hun {base} fini")


@pytest.mark.parametrize(
    "output", ["\x1b[1;1Hplain", "\x1b[2;2H─── ● 港行き ✓ ◇", "👩‍🚀 before any move", "\x1b[1;1Ha\n👩‍🚀"]
)
def test_what_is_sure_or_has_no_place_is_left_alone(output: str) -> None:
    assert steady(output) == output


PIECES = (*SAMPLES, "abc", " ", "  ", "港", "│", "\x1b[1m", "\x1b[0m", "\x1bPq#0~\x1b\\", "\x1b[9;4H", "\n")


@pytest.mark.parametrize("text", ["👩‍🚀", "🏖️", "e\u0301", "👍🏽", "🇯🇵🇯🇵", "1\ufe0f\u20e3", "नि"])
def test_no_sign_is_cut_where_the_room_ends(text: str) -> None:
    out = steady(f"\x1b[1;1H👨‍👩‍👧‍👦 {text}")
    assert all(sign in out for sign in ("👨‍👩‍👧‍👦", *re.findall("[🇦-🇿]{2}|.+", text)))


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_every_letter_is_written_once(output: str) -> None:
    pictures = output.count("\x1bPq")
    assert steady(output).count("\x1bPq#0~\x1b\\") == pictures
    before, after = (drawn(text.replace("\x1bPq#0~\x1b\\", ""), 1)[1] for text in (output, steady(output)))
    assert sorted(after.replace(" ", "")) == sorted(before.replace(" ", ""))
