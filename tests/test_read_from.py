"""From which words a score was read, as it is said to people."""

from fractions import Fraction

import pytest

from miareview.words.read_from import LONGEST, read_from, statement


@pytest.mark.parametrize(
    ("raw", "scores", "said"),
    [
        ("Component 1: 3/4\nComponent 2: 2/3", ("3/4", "2/3"), ("Component 1: 3/4", "Component 2: 2/3")),
        (
            "Score of component 1: 4/4, score of component 2:  1/3.",
            ("4/4", "1/3"),
            ("Score of component 1: 4/4", "score of component 2: 1/3"),
        ),
        ("| 1 | describe | 3/4 |\n| 2 | mention | 2 |", ("3/4", "2 |"[:1]), ("1 | describe | 3/4", "2")),
        ('{"scores": [3, 2]}', ("3", "2]"[:1]), ('{"scores": [3', "2")),
        ("(3/4)", ("3/4", None), ("(3/4", None)),
    ],
)
def test_a_score_is_told_by_its_own_line(raw: str, scores: tuple[str, ...], said: tuple[str, ...]) -> None:
    spans, end = [], 0
    for words in scores:
        if words is None:
            spans.append(None)
            continue
        start = raw.index(words, end)
        end = start + len(words)
        spans.append((start, end))
    assert tuple(statement(raw, spans, place) for place in range(1, len(spans) + 1)) == said


def test_a_long_line_is_cut_in_front() -> None:
    raw = f"{'because ' * 50}it deserves 3/4"
    said = statement(raw, [(len(raw) - 3, len(raw))], 1)
    assert said is not None
    assert said.startswith("…")
    assert said.endswith("it deserves 3/4")
    assert len(said) == LONGEST + 1


def test_what_was_not_read_is_said() -> None:
    assert read_from(Fraction(7, 2), 4, "3,5 of 4") == "3.5 of 4, read from “3,5 of 4”"
    assert read_from(Fraction(3), 4, None) == "3 of 4"
    assert read_from(None, 4, None) == "not read"
