"""The published total is lost exactly where the published notebook loses it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.judge.published import published_total

CATEGORIES = ("describe", "length_limit", "linguistics")
ONE, TWO, THREE = "Score of component 1: 4/4", "score of component 2: 3/3", "score of component 3: 2/3"
BASE = f"{ONE}, {TWO}, {THREE}"


@pytest.mark.parametrize(
    ("raw", "total"),
    [
        (f"{BASE}, total score: 9/10. Reasons", Fraction(9, 10)),
        (f"{BASE}, total score: 9/10\n\nThe response is good. It is.", None),
        ("Score of component 1: 3.5/4, score of component 2: 3/3, total score: 6.5/10.", None),
        (f"{BASE}, total score: 9.0/10.", None),
        (f"**Score of component 1:** 4/4, {TWO}, {THREE}, total score: 9/10.", None),
        (f"**{BASE}, total score: 9/10.**", Fraction(9, 10)),
        (f"{ONE}\n{TWO}\n{THREE}\ntotal score: 9/10.", None),
        (f"{ONE}; {TWO}; {THREE}; total score: 9/10.", None),
        (f"1. {ONE}\n2. {TWO}\n3. {THREE}\nTotal score: 9/10", None),
        (f"Here are the scores: {BASE}, total score: 9/10.", None),
        (f"I graded it strictly. {BASE}, total score: 9/10.", None),
        (f"{ONE}, {TWO} and {THREE}, total score: 9/10.", None),
        (f"Score of component 1 (Explain X, briefly): 4/4, {TWO}, {THREE}, total score: 9/10.", None),
        (f"Score of component 1:4/4, {TWO}, {THREE}, total score: 9/10.", None),
        (f"{ONE}, {TWO}, total score: 7/10.", Fraction(7, 10)),
        (f"{BASE}, score of component 4: 1/1, total score: 9/10.", None),
        (f"{TWO}, {ONE}, {THREE}, total score: 9/10.", Fraction(9, 10)),
        (f"Score of component 1: 5/4, {TWO}, {THREE}, total score: 10/10.", Fraction(1)),
        (f"Score of component 1: 4/10, {TWO}, {THREE}, total score: 9/10.", Fraction(9, 10)),
        (f"{BASE}, total score: 10/10.", Fraction(1)),
        (f"Score of component 1: 0/0, {TWO}, {THREE}, total score: 5/10.", None),
        ("I'm sorry, I can't assist with that.", None),
        ("Failed to obtain answer via API.", None),
        ("", None),
        (None, None),
        (f"{BASE}, total score: 9/10. Component 1: 0/4 would have been wrong.", Fraction(9, 10)),
        ("score of component 1: 4/4, score of component 2: 3/3, score of component 3: 0/3, total score: 7/10.",
         Fraction(7, 10)),
        (f"{BASE}.", Fraction(2, 3)),  # without a total the last component is taken for it
        ("Score of component 1: " + "9" * 5000 + "/4, total score: 9/10.", None),
    ],
)  # fmt: skip
def test_published_total(raw: str | None, total: Fraction | None) -> None:
    assert published_total(raw, CATEGORIES) == total


def test_repeated_categories_do_not_touch_the_total() -> None:
    assert published_total(f"{BASE}, total score: 9/10.", ("describe", "mention", "mention")) == Fraction(9, 10)


@given(st.one_of(st.text(st.characters()), st.text("12/: ,.\n_-", max_size=30)))
def test_never_raises(raw: str) -> None:
    total = published_total(raw, CATEGORIES)
    assert total is None or ":" in raw.split(".")[0]
