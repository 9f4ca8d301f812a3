"""Columns right of foreign text, in a terminal that gives it another width than the app."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from miareview.tui.steady import steady

SAMPLES = ("👩‍🚀", "🇯🇵", "e\u0301", "नमस्ते", "ภาษาไทย", "שלום", "تغادر", "🏖️", "👨‍👩‍👧‍👦")
PARTS = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[[^A-Za-z]*[A-Za-z]|(\n)|(.)", re.DOTALL)


def drawn(output: str, unsure: int) -> dict[tuple[int, int], str]:
    """What a terminal shows that gives `unsure` cells to every character that is neither ASCII nor a line."""
    cells: dict[tuple[int, int], str] = {}
    row, column = 1, 1
    for part in PARTS.finditer(output):
        if part[1]:
            row, column = int(part[1]), int(part[2])
        elif part[4]:
            wide = 1 if part[4].isascii() or part[4] == "│" else unsure
            for place in range(wide):
                cells[row, column + place] = part[4]
            column += wide
    return cells


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("unsure", [0, 1, 2, 3])
def test_what_stands_behind_stays_in_its_column(text: str, unsure: int) -> None:
    output = steady(f"\x1b[5;3Hab {text} \x1b[1mcd\x1b[0m{text}\x1b[31m│ef")
    width = cell_len(text)
    shown = drawn(output, unsure)
    for place, character in ((3, "a"), (7 + width, "c"), (9 + 2 * width, "│"), (11 + 2 * width, "f")):
        assert shown[5, place] == character


@pytest.mark.parametrize("text", SAMPLES)
def test_a_terminal_that_draws_it_narrower_shows_nothing_old_in_the_gap(text: str) -> None:
    old = drawn("\x1b[1;1H" + "x" * 40, 1)
    shown = old | drawn(steady(f"\x1b[1;1H{text}|"), 0)
    assert "x" not in {shown[1, column] for column in range(1, cell_len(text) + 1)}


@pytest.mark.parametrize(
    "output",
    [
        "\x1b[1;1Hplain",
        "\x1b[2;2H─── ● 港行き ✓ ◇",
        "👩‍🚀 before any move",
        "\x1bPq#0;2;0👩‍🚀\x1b\\",
        "\x1b[1;1Ha\n👩‍🚀",
    ],
)
def test_what_is_sure_or_has_no_place_is_left_alone(output: str) -> None:
    assert steady(output) == output


@given(st.lists(st.sampled_from((*SAMPLES, "abc", " ", "港", "│", "\x1b[1m", "\x1b[9;4H", "\n"))).map("".join))
def test_nothing_is_lost_and_order_is_kept(output: str) -> None:
    kept = re.sub(r"\x1b\[\d+;\d+H| ", "", steady(output))
    assert kept == re.sub(r"\x1b\[\d+;\d+H| ", "", output)
