"""Where a text names a component or a total, and what is said under each name: lower-case, plain text."""

from __future__ import annotations

import pytest

from miareview.judge.verdicts.amounts import Amount
from miareview.judge.verdicts.labels import Label, component_labels, total_labels, worded_labels
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.statements import statements_of

NAMES = Names(
    (4, 3, 3), categories=("describe", "mention", "mention"), texts=("the red boat", "two people", "two people")
)


def named(text: str, labels: list[Label]) -> list[tuple[int | None, str]]:
    return [(label.component, text[label.start : label.end]) for label in labels]


@pytest.mark.parametrize(
    ("family", "text", "found"),
    [
        (0, "component 1: 3/4, component 2 of 3: 2", [(1, "component 1"), (2, "component 2 of 3")]),
        (0, "component 1/3: 2", [(1, "component 1/3")]),  # the first of three, as there are
        (0, "component 2/5: 1", [(2, "component 2")]),  # a score: there are three
        (0, "component 4/3: 1", [(4, "component 4")]),
        (0, "thecomponent 1: 2", []),
        (0, "component one: 1, second component: 2", [(1, "component one"), (2, "second component")]),
        (0, "component ii: 3, component b: 3", [(2, "component ii"), (2, "component b")]),
        (0, "component 3: 1, 1st component: 2", [(3, "component 3"), (1, "1st component")]),
        (0, "第二项: 3", [(2, "第二项")]),
        (0, "третий компонент: 2, наш компонент 1: 3", [(3, "третий компонент"), (1, "компонент 1")]),
        (0, "подкомпонент 1: 3", []),
        (0, "criterion 1-2: 3", []),
        (0, "component 12%: 3", []),
        (0, "component 3.5: 1", []),
        (0, "id: 2\nscore: 3", [(2, "id: 2")]),
        (0, "part 1: 2", []),
        (1, "part 1: 2, task 2: 3", [(1, "part 1"), (2, "task 2")]),
        (1, "apart 1: 2", []),
        (2, "c1: 2, c2: 3", [(1, "c1"), (2, "c2")]),
        (2, "xc1: 2, c1 is", []),
        (3, "1. 3/4\n2) 2\n- 3: 1\n4", [(1, "1."), (2, "2)"), (3, "- 3:")]),
        (3, "1/4\nabout 2. of 3", []),
        (3, "①: 3", [(1, "①:")]),
        (3, "1) of 3: 2", [(1, "1)")]),  # a number that begins a line counts nothing
        (4, "a) 3\nb. 2\ni) 2", [(1, "a)"), (2, "b.")]),
    ],
)
def test_components_are_named_in_five_ways(family: int, text: str, found: list[tuple[int, str]]) -> None:
    assert named(text, component_labels(text, family, NAMES)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("total score: 3, total: 4, subtotal 3", ["total score", "total"]),
        ("overall rating: 3", ["overall rating"]),
        ("totals of the scores: 7", []),
        ("mytotal 3", []),
        ("gesamtpunktzahl: 7", ["gesamtpunktzahl"]),
    ],
)
def test_words_for_a_total(text: str, found: list[str]) -> None:
    assert named(text, total_labels(text)) == [(None, word) for word in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the red boat: 3/4; two people: 2/3", [(1, "the red boat")]),  # two components are called "two people"
        ("here, the, red boat 3", [(1, "the, red boat")]),
        ("the red    boat", [(1, "the red    boat")]),
        ("the red     boat", []),
        ("the red ship, the red", []),
        ("describe: 3\nmention: 2", [(1, "describe")]),  # two are of the category "mention"
        ("say:\n- describe: 4", [(1, "describe")]),
        ("we describe: 4", []),
    ],
)
def test_components_may_be_called_by_their_own_words_or_category(text: str, found: list[tuple[int, str]]) -> None:
    assert named(text, worded_labels(text, NAMES)) == found
    assert worded_labels(text, Names(NAMES.weights)) == []
    by_category = Names(NAMES.weights, categories=NAMES.categories)
    assert named(text, worded_labels(text, by_category)) == [one for one in found if one[1] == "describe"]
    by_text = Names(NAMES.weights, texts=("", *NAMES.texts[1:]))
    assert worded_labels(text, by_text) == []


def written(amount: Amount) -> str:
    return str(amount.points) if amount.of is None else f"{amount.points} of {amount.of}"


def said(text: str, family: int = 0) -> list[tuple[object, ...]]:
    """(component, score, what else it could be, which part of the text, c: cued g: guessed b: bare t: turned)."""
    found = statements_of(text, component_labels(text, family, NAMES), total_labels(text), NAMES, numbered=family == 3)
    return [
        (one.component, written(one.said.amount), [written(other.amount) for other in one.said.others],
         text[one.start : one.end],
         "".join(name[0] for name in ("cue", "guess", "bare", "turned") if getattr(one, name)))
        for one in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        # behind the label
        ("component 1: 3/4", (1, "3 of 4", [], "component 1: 3/4", "")),
        ("component 1: 3", (1, "3", [], "component 1: 3", "b")),
        ("component 1 3", None),
        ("component 1, 3/4", (1, "3 of 4", [], "component 1, 3/4", "")),
        ("component 1. it shows 3 boats", None),
        ("component 1: n/a", None),
        ("component 1: n/a\nscore: 2", (1, "2", [], "component 1: n/a\nscore: 2", "cb")),
        ("it would be component 1: 4/4", None),
        ("component 5: 3/4", (5, "3 of 4", [], "component 5: 3/4", "")),
        ("component 1: component 2: 3/3", (2, "3 of 3", [], "component 2: 3/3", "")),
        # before it
        ("4/4 for component 1", (1, "4 of 4", [], "4/4 for component 1", "c")),
        ("i give 3 for component 1", (1, "3", [], "3 for component 1", "cb")),
        ("they ask 3 for component 1", None),
        ("3/4 - component 1", (1, "3 of 4", [], "3/4 - component 1", "c")),
        ("so 3/4 - component 1", None),
        ("[3/4] component 1", (1, "3 of 4", [], "3/4] component 1", "c")),
        ("3 - component 1", None),
        # what the component is worth, and what it asks for
        ("component 1 (0-4 points): 3", (1, "3", [], "component 1 (0-4 points): 3", "b")),
        ("component 1 (describe 3 boats): 2", (1, "2", [], "component 1 (describe 3 boats): 2", "b")),
        ("component 1 (3/4)", (1, "3 of 4", [], "component 1 (3/4", "")),
        ("component 1 (4 points): 3", (1, "3", [], "component 1 (4 points): 3", "b")),
        ("component 1 (4 points) 3/4", (1, "3 of 4", [], "component 1 (4 points) 3/4", "")),
        ("component 1: 4 points\nscore: 3", (1, "3", [], "component 1: 4 points\nscore: 3", "cb")),
        ("component 1: 4 points\n1. boat\nscore: 3", (1, "4", [], "component 1: 4", "b")),
        # several numbers
        ("component 1: 3/4, no, 2/4", (1, "2 of 4", ["3 of 4"], "component 1: 3/4, no, 2/4", "t")),
        ("component 1: it has 3 boats\n2/4", None),
        ("component 1: fine, so it earns 2/4.\nmore", (1, "2 of 4", [], "component 1: fine, so it earns 2/4", "")),
        ("component 1: two of three boats. 3/4\nyes",
         (1, "3 of 4", [], "component 1: two of three boats. 3/4", "")),
        ("component 1: 67% (3/4)", (1, "67 of 100", ["3 of 4"], "component 1: 67%", "")),
        ("component 1: 75% (3/4)", (1, "3 of 4", [], "component 1: 75% (3/4", "")),
        ("component 1: ½", (1, "1/2", ["1/2 of 1"], "component 1: ½", "b")),
        ("component 1: 3-4/4", None),
        ("component 1: between 2 and 3 of 4", None),
        ("component 1: 2\nreasons: 3/4 of the boats", (1, "2", [], "component 1: 2", "b")),
        ("component 1:\nreason: 3 boats\nscore: 2", None),
        # totals
        ("total: 7/10", (None, "7 of 10", [], "total: 7/10", "")),
        ("total score: 7", (None, "7", [], "total score: 7", "b")),
        ("total: 10", (None, "10", [], "total: 10", "b")),
        ("total: 11", None),
        ("total score 7", None),
        ("total: 4 + 3 + 2 = 9/10", (None, "9 of 10", [], "total: 4 + 3 + 2 = 9/10", "")),
        ("total score: 9/10, no, 8/10", (None, "8 of 10", [], "total score: 9/10, no, 8/10", "")),
        ("total score: 9/10, no,\n8/10", (None, "9 of 10", [], "total score: 9/10", "")),
        ("total: 4 of 10 → 8/10", (None, "8 of 10", [], "total: 4 of 10 → 8/10", "")),
        ("total score\nfine words\n7/10", None),
        ("total: 7 = 8", (None, "8", [], "total: 7 = 8", "b")),
        ("total: 7\n= 8/10", (None, "7", [], "total: 7", "b")),
        ("total: 7 = 8/10 boats", (None, "7", [], "total: 7", "b")),
        ("total: 4 of 10\n→ 8/10", (None, "4 of 10", [], "total: 4 of 10", "")),
        ("total: 9/10 → 8/10 boats", (None, "9 of 10", [], "total: 9/10", "")),
        ("total: 7, no, 8", (None, "8", [], "total: 7, no, 8", "b")),
        ("total: 7\nno, 8", (None, "7", [], "total: 7", "b")),
        ("total: 3 + 4 = 7", (None, "7", [], "total: 3 + 4 = 7", "b")),
        ("total: 3 + 4", None),
        ("total: 3/4 + 2/3 = 5/7", None),
        ("total:\na 7/10", (None, "7 of 10", [], "total:\na 7/10", "")),
        ("total:\n\na 7/10", None),
        ("total: 9/10?", None),
        # a component's own words have "total" in them
        ("component 1: a total of 3/4", (1, "3 of 4", [], "component 1: a total of 3/4", "")),
        ("component 1: in total 3 boats, 2/4", (1, "2 of 4", [], "component 1: in total 3 boats, 2/4", "")),
        ("component 1 total: 9/10", (None, "9 of 10", [], "total: 9/10", "")),
    ],
)  # fmt: skip
def test_what_is_said_under_a_label(text: str, statement: tuple[object, ...] | None) -> None:
    assert said(text) == ([statement] if statement else [])


def test_every_label_has_its_own_stretch() -> None:
    assert [one[:2] for one in said("4/4 for component 1, 2/3 for component 2, component 3: 1/3, total: 7/10")] == [
        (1, "4 of 4"), (2, "2 of 3"), (3, "1 of 3"), (None, "7 of 10"),
    ]  # fmt: skip
    assert [one[:2] for one in said("component 1: 4 points\ncomponent 2\nscore: 3")] == [(1, "4"), (2, "3")]
    assert [one[:2] for one in said("component 1:\ncomponent 2:\ncomponent 3: 3/3")] == [(3, "3 of 3")]
    for text, found in (
        ("component 1: in total 3 boats, 2/4\ncomponent 2: 1/3", [(1, "2 of 4"), (2, "1 of 3")]),
        ("component 1: the total of boats\nscore: 2/4\ncomponent 2: 1/3", [(1, "2 of 4"), (2, "1 of 3")]),
        ("component 1: 2/4\ntotal: 6/10\ncomponent 2: 1/3", [(1, "2 of 4"), (None, "6 of 10"), (2, "1 of 3")]),
        ("component 1: fine\ntotal: 6/10\n2/4\ncomponent 2: 1/3", [(None, "6 of 10"), (2, "1 of 3")]),
    ):
        assert [one[:2] for one in said(text)] == found
    assert [one[1] for one in said("component 1: it has 3", family=0)] == ["3"]


@pytest.mark.parametrize(
    ("text", "points"),
    [("1. 3/4\n2. 2", ["3 of 4"]), ("1. there are 3 boats: 2/4", ["2 of 4"]), ("1. 3", []), ("1. score: 3", ["3"]),
     ("1. it has 3", []),
     ("1. 2/9", ["2 of 9"])],
)  # fmt: skip
def test_in_a_numbered_list_a_number_needs_a_sign_that_it_is_a_score(text: str, points: list[str]) -> None:
    assert [one[1] for one in said(text, family=3)] == points
