"""Foreign text made safe, and the counts."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.text import TAB, cells, clip, editable, measure, repair, sentences, visible, words

ANY = st.text(st.characters(), max_size=200)  # lone surrogates included
NASTY = st.text(st.sampled_from("a\r\n\t\x1b\x00\x7f\x9b\u202e\u200d\ufe0f😀👩❤\ud800é ‹›"), max_size=40)
# Format characters that are drawn: number signs and the like that span the digits after them.
DRAWN = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x07c\x7f", "a␀b␇c␡"),
        ("\x9b2J", "‹U+009B›2J"),
        ("abc\u202edef\u202c", "abc‹U+202E›def‹U+202C›"),
        ("a\u2066b\u200f\u061c", "a‹U+2066›b‹U+200F›‹U+061C›"),
        ("zero\u200bwidth\ufeff\u00ad", "zero‹U+200B›width‹U+FEFF›‹U+00AD›"),
        ("line\u2028sep\u2029", "line‹U+2028›sep‹U+2029›"),
        ("tag\U000e0041", "tag‹U+E0041›"),
        ("lone\ud83d", "lone‹U+D83D›"),
        ("non\ufffe\U0010ffff", "non‹U+FFFE›‹U+10FFFF›"),
        ("a\r\nb\rc\nd", "a\nb␍c\nd"),
        ("a\tb", f"a{TAB}b"),
        ("👩\u200d🚀 ❤\ufe0f\u200d🔥", "👩\u200d🚀 ❤\ufe0f\u200d🔥"),
        ("a\u200db", "a‹U+200D›b"),
        ("é 日本語 [/] **b** ½ ‹x›", "é 日本語 [/] **b** ½ ‹x›"),
    ],
)
def test_visible(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_visible_in_one_line() -> None:
    assert visible("a\r\nb\nc\td\re", newlines=False) == "a↵b↵c␉d␍e"


def test_every_control_and_format_character_is_shown() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    passed = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in hidden and code != 0x0A and chr(code) in visible(f"x{chr(code)}x")
    ]
    assert set(passed) <= DRAWN


@given(st.one_of(ANY, NASTY), st.booleans())
def test_visible_is_idempotent_and_leaves_no_control(text: str, newlines: bool) -> None:
    shown = visible(text, newlines=newlines)
    assert visible(shown, newlines=newlines) == shown
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert newlines or "\n" not in shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_visible_keeps_ordinary_characters(text: str) -> None:
    assert visible(text) == text


@given(NASTY, NASTY)
def test_visible_keeps_what_stands_around(before: str, after: str) -> None:
    assert "KEPT" in visible(before + "KEPT" + after)


def test_repair() -> None:
    assert repair("a\ud83db\udfff") == ("a\\ud83db\\udfff", 2)
    assert repair("fine 😀") == ("fine 😀", 0)


@given(ANY)
def test_repaired_text_can_be_stored(text: str) -> None:
    fixed, count = repair(text)
    fixed.encode("utf-8")
    assert (count == 0) == (fixed == text)


@pytest.mark.parametrize(("text", "width", "shown"), [
    ("short", 10, "short"), ("just ten!!", 10, "just ten!!"), ("eleven char", 10, "eleven ch…"),
    ("日本語日本語", 5, "日本…"), ("a\nb", 5, "a↵b"), ("abc", 1, "…"), ("abc", 0, ""), ("x" * 1000, 3, "xx…"),
])  # fmt: skip
def test_clip(text: str, width: int, shown: str) -> None:
    assert clip(text, width) == shown


@given(ANY, st.integers(0, 30))
def test_clip_fits(text: str, width: int) -> None:
    assert cells(clip(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("   \n ", 0),
        ("One. Two.", 2),
        ("No final stop", 1),
        ("One. Two", 2),
        ("Mr. Smith met Dr. Jones. They spoke.", 2),
        ("Use a tool, e.g. a saw, i.e. something sharp.", 1),
        ("He lives in the U.S. and works there.", 1),
        ("He lives in the U.S. The house is red.", 2),
        ("It weighs 3.5 kg. It is heavy.", 2),
        ("Well... that is odd.", 1),
        ("Well… that is odd. Really…", 2),
        ("Well... That is odd.", 2),
        ('"Stop!" he said. She went on.', 2),
        ('He said "Stop." She went on.', 2),
        ("He said “Stop.” She went on.", 2),
        ("Really?! Yes!", 2),
        ("What?! no way.", 2),
        ("これは一つ。これは二つ！三つ？", 3),
        ("See https://example.org/a.b?c=1. It is long.", 2),
        ("Visit www.example.com for more.", 1),
        ("1. First thing.\n2. Second thing.", 2),
        ("1. First thing\n2. Second thing", 2),
        ("- one\n- two\n- three", 3),
        ("Roses are red,\nviolets are blue.", 1),
        ("One line.\n\nAnother block", 2),
        ("# A title\n\nOne sentence.", 1),
        ("**A title**\n\nOne sentence.", 1),
        ("**One sentence.** Another.", 2),
        ("Great day! 🌞", 1),
        ("J. R. R. Tolkien wrote it.", 1),
        ("At 5 p.m. the sun sets. Then it is dark.", 2),
        ("He brought apples, pears, etc. The rest stayed.", 2),
        ("No. I will not. See No. 5 below.", 3),
        ("this is one. this is two.", 2),
        ("He was born in 1999. Then he left.", 2),
        ("(See below.) Next.", 2),
        ("---\nOne.\n---", 1),
        ("Cats vs. dogs. Who wins?", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert measure(text).sentences == count, sentences(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a well-lit room, and/or it's 3.5 m", 7),
        ("dash—joined -- words … here", 4),
        ("1. Apples\n2. Pears", 2),
        ("- one two", 2),
        ("日本 and 東京", 5),
        ("🌞 & ** —", 0),
        ("wait...what", 2),
    ],
)
def test_words(text: str, count: int) -> None:
    assert measure(text).words == count, words(text)


def test_lines_paragraphs_bullets_characters() -> None:
    counts = measure(" One.\r\nTwo.\r\n\r\n \r\n- a\r\n* b\r\n3) c\r\n---\r\n")
    assert (counts.lines, counts.paragraphs, counts.bullets) == (6, 2, 3)
    assert measure(" ab\r\nc ").characters == 4


@given(ANY)
def test_measure_never_raises_and_is_consistent(text: str) -> None:
    counts = measure(text)
    assert counts.paragraphs <= counts.lines
    assert counts.bullets <= counts.lines
    assert counts.characters <= len(text)


@given(st.integers(1, 30))
def test_plain_sentences_are_counted(count: int) -> None:
    assert measure(" ".join(["The dog sleeps."] * count)).sentences == count


@given(ANY | NASTY)
def test_in_a_field_nothing_moves_hides_or_reorders_and_what_scripts_need_stays(text: str) -> None:
    shown = editable(text)
    assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")} - set("\t\r\n")
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)
    assert editable(shown) == shown
    assert not set("\t\r\n") & set(editable(text, newlines=False))
    kept = "می\u200cخواهم 👩\u200d🚀 क्\u200dष \u200fא"
    assert editable(kept) == kept
