"""How much of a reply is looked at: honest ones have a hundredth of it, and others must not take an hour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.judge.reply import parse_reply
from miareview.judge.verdicts import labels as label_module
from miareview.judge.verdicts import page
from miareview.judge.verdicts.labels import Label, component_labels, total_labels, worded_labels
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.page import Shorter, without_middle
from miareview.judge.verdicts.quotes import without_quotes

VERDICT = "Component 1: 3/4, component 2: 2/3, total score: 5/7.\n"


@settings(max_examples=60)
@given(st.text(alphabet="ab1/ \n", max_size=120), st.integers(3, 60))
def test_of_a_long_text_whole_words_of_both_ends_stay_and_know_where_they_stood(text: str, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "MOST_SIGNS", most)
        short = without_middle(text)
    if len(text) <= most:
        assert short == Shorter(text)
        return
    assert len(short.text) <= most + 2
    cut = short.cuts[0]
    beginning, rest = short.text[: cut - 2], short.text[cut:]
    assert short.text[cut - 2 : cut] == "\n\n"
    assert text.startswith(beginning)
    assert text.endswith(rest)
    assert not beginning or text[len(beginning)] in " \n"
    assert len(beginning) == max(text.rfind(white, 0, most // 3) for white in " \n") or not beginning
    assert len(rest) <= -(-most * 2 // 3)
    assert rest[:1] in ("", " ", "\n") or len(rest.split()) == 1
    assert [text[short.before(at)] for at in range(len(short.text)) if not cut - 2 <= at < cut] == [*beginning, *rest]


@pytest.mark.parametrize(
    ("begins", "length", "points", "odd"),
    [
        (60_000, 150_000, [3, 2], []),
        (40_000, 160_000, [3, 2], ["too_long"]),
        (49_980, 160_000, [3, None], ["missing_total", "too_long"]),
        (60_100, 160_000, [3, 2], ["too_long"]),
    ],
)
def test_a_verdict_is_read_where_it_stands_in_the_first_50000_or_the_last_100000_signs(
    begins: int, length: int, points: list[int | None], odd: list[str]
) -> None:
    filler = "so\n" * 60_000
    raw = filler[:begins] + "\n" + VERDICT
    raw += filler[: length - len(raw)]
    reading = parse_reply(raw, (4, 3))
    assert (reading.points, reading.warnings) == (points, odd)
    assert [raw[slice(*span)] for span in reading.spans if span] == ["3/4", "2/3"][: 2 - points.count(None)]


@pytest.mark.parametrize(("between", "quoted"), [(19_999, True), (20_000, False)])
def test_a_quotation_is_shorter_than_20000_signs(between: int, quoted: bool) -> None:
    """One that is longer is a mark without its partner: what stands behind it is the judge's own word."""
    text = f'it says "{"component 1: 1/4 ".ljust(between - 1, "w")}" there'
    assert text.rindex('"') - text.index('"') == between
    assert ("1/4" not in without_quotes(text)) == quoted


@pytest.mark.parametrize(("between", "points"), [(6000, [3, 2]), (6001, [None, 2])])
def test_a_score_stands_within_6000_signs_behind_its_label(between: int, points: list[int | None]) -> None:
    filler = "w" * (between - len(":\n\nScore: 3/4"))
    raw = f"Component 1:\n{filler}\nScore: 3/4\nComponent 2: 2/3"
    assert raw.index("3/4") + 3 - len("Component 1") == between
    assert parse_reply(raw, (4, 3)).points == points


def test_of_many_labels_those_at_either_end_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_module, "MOST", 2)
    names = Names((1,) * 9, texts=("red boat",))
    for count, found in ((4, [1, 2, 3, 4]), (5, [1, 2, 4, 5]), (7, [1, 2, 6, 7])):
        text = "\n".join(f"component {place}: 1" for place in range(1, count + 1))
        assert [label.component for label in component_labels(text, 0, names)] == found
    totals = total_labels("total score: 1\n" * 12)
    assert (len(totals), totals[0]) == (8, Label(None, 0, 11))
    assert len(worded_labels("a red boat. " * 5, names)) == 2
