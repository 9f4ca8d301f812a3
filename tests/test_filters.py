"""The filter language: what is read out of it, what it refuses, and that no text makes it fail otherwise."""

import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from miareview.errors import UsageError
from miareview.filters import WORDS, complete, exactly, is_open, parse_filter, quoted
from miareview.store.names import is_like, name_key


def test_words_values_and_negation() -> None:
    cat, judge, model, text = parse_filter('cat:math,textual judge>=80% -model:Qwen*,llava text:"twenty-five, or so"')
    assert [value.text for value in cat.values] == ["math", "textual"]
    assert (judge.operator, judge.values[0].number, judge.values[0].share) == (">=", Fraction(4, 5), True)
    assert (model.negated, [value.text for value in model.values]) == (True, ["Qwen*", "llava"])
    assert (text.values[0].text, text.values[0].quoted) == ("twenty-five, or so", True)


def test_a_bare_word_is_looked_for_in_the_texts() -> None:
    (garden, quoted) = parse_filter('garden "a wooden table"')
    assert (garden.word.name, garden.values[0].quoted) == ("text", False)
    assert (quoted.word.name, quoted.values[0].text) == ("text", "a wooden table")


def test_the_beginning_of_a_choice_will_do() -> None:
    (term,) = parse_filter("diff:adv")
    assert term.values[0].text == "advanced"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour:red", "'colour'"),
        ("cat:maths", "'maths'"),
        ("diff:", "ends"),
        ("judge>=much", "'much'"),
        ("item:1.5", "'1.5'"),
        ("delta>1/0", "'1/0'"),
        ("comment:none", "'none'"),
        ("model>3", "compared"),
        ("diff:c", "'c'"),
        ("words>50%", "'50%'"),
        ("item:11%", "'11%'"),
        ("judge >= 80%", "'>='"),
    ],
)
def test_what_is_not_known_is_named(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_filter(text)


@pytest.mark.parametrize("name", ["plain", "two words", "a,b", 'say "so"', "tab\tin it", "full\u3000width", "a\nb"])
def test_a_name_is_found_as_it_is_quoted(name: str) -> None:
    (term,) = parse_filter(f"model:{quoted(name)}")
    assert is_like(name, term.values[0].text)


@given(st.text("abc ", max_size=8), st.text("abc*", max_size=6))
@example("aba", "ab*ba")
def test_a_star_stands_for_anything(name: str, pattern: str) -> None:
    anything = ".*".join(map(re.escape, pattern.split("*")))
    assert is_like(name, pattern) == bool(re.fullmatch(anything, name_key(name)))


@pytest.mark.parametrize(("points", "says"), [(2.5, "2.5"), (4.0, "4"), (7 / 3, "7/3"), (12345.5, "12345.5")])
def test_points_are_written_so_that_they_are_found(points: float, says: str) -> None:
    assert exactly(points) == says
    (term,) = parse_filter(f"judge:{exactly(points)}")
    assert float(term.values[0].number or 0) == pytest.approx(points, abs=1e-9)


def test_only_what_a_blind_reviewer_sees_is_open() -> None:
    assert is_open(parse_filter("item:3 cat:math diff:basic words>20 text:garden queue:q status:ok"))
    for name in ("model:a", "judge>=1", "people<=1", "delta>1", "reviewers>1", "gold:single", "why:witness",
                 "reason:miscount", "who:ann", "read:ok", "reply:full", "comment:any", "flag:any"):  # fmt: skip
        assert not is_open(parse_filter(f"item:3 {name}"))


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    try:
        terms = parse_filter(text)
    except UsageError:
        return
    assert bool(terms) == bool(text.strip())


@given(st.sampled_from(sorted(WORDS)), st.integers(0, 12))
def test_what_completion_offers_goes_on_from_what_was_typed(name: str, length: int) -> None:
    typed = f"cat:math -{name[:length]}"
    assert all(offer.startswith("cat:math -") for offer in complete(typed))
    assert any(name in offer for offer in complete(typed))


def test_completion_of_values() -> None:
    assert complete("item:3 why:w") == ("item:3 why:witness",)
    assert complete("cat:math,te") == ("cat:math,textual",)
    assert complete("nothing:x") == ()
