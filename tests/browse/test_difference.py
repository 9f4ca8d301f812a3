"""What differs between two answers: words and phrases, and sentences that only moved."""

from hypothesis import given
from hypothesis import strategies as st

from miareview.browse.difference import differing_phrases, same_text


def marked(base: str, text: str) -> list[tuple[str, str]]:
    return [(text[phrase.start : phrase.end], phrase.kind) for phrase in differing_phrases(base, text)]


def test_words_are_marked_not_letters() -> None:
    assert marked("It leaves at half past nine.", "It leaves at 9:30.") == [("9:30", "differs")]


def test_a_single_equal_word_between_two_changes_does_not_cut_a_phrase() -> None:
    assert marked("two red apples on a plate", "three green pears on a plate") == [("three green pears", "differs")]
    assert marked("one big cat", "two big dogs") == [("two big dogs", "differs")]


def test_a_moved_sentence_is_told_as_moved() -> None:
    base = "The cat sleeps. The dog runs far."
    assert marked(base, "The dog runs far. The cat sleeps.") in (
        [("The cat sleeps.", "moved")],
        [("The dog runs far.", "moved")],
    )


def test_white_space_is_no_difference() -> None:
    assert marked("a b\nc", "a  b c") == []
    assert same_text("a b\nc", " a b c ")
    assert not same_text("a b", "a bc")


@given(st.text(alphabet="ab .\n,", max_size=80), st.text(alphabet="ab .\n,", max_size=80))
def test_phrases_are_stretches_of_the_text_in_order(base: str, text: str) -> None:
    phrases = differing_phrases(base, text)
    ends = [place for phrase in phrases for place in (phrase.start, phrase.end)]
    assert ends == sorted(ends)
    assert all(0 <= phrase.start < phrase.end <= len(text) for phrase in phrases)
    assert differing_phrases(text, text) == ()


def test_nothing_is_called_equal_that_was_not_compared() -> None:
    """Of 12,000 words; what both begin with is equal, however long, and so is what both end with."""
    words = [f"word{place % 700}" for place in range(12_000)]
    base = " ".join(words)
    assert marked(base, " ".join([*words[:11_000], "other", *words[11_001:]])) == [("other", "differs")]
    assert marked(base, " ".join([*words[:11_000], "other", *words[11_001:11_500], "new", *words[11_501:]])) == [
        ("other", "differs"), ("new", "differs"),
    ]  # fmt: skip
    apart = marked(" ".join(["one", *words, "end"]), " ".join(["two", *words[::-1], "new"]))
    assert apart[-1][0].endswith(" ".join([*words[::-1][5000:], "new"]))


def test_a_long_answer_is_marked_word_by_word() -> None:
    """Words that come again and again do not hide that only a few were changed, and cost no seconds (3,250 words)."""
    words = [("the", "of", f"word{place}")[place % 3] for place in range(3250)]
    changed = [f"changed{place}" if place % 100 == 2 and place % 3 == 2 else word for place, word in enumerate(words)]
    text = " ".join(changed)
    marked = [text[phrase.start : phrase.end] for phrase in differing_phrases(" ".join(words), text)]
    assert marked == [word for word in changed if word.startswith("changed")]
