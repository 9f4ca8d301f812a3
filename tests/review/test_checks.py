"""The witness counts what can be counted and is silent about the rest."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miareview.review.checks import Check, check_component
from miareview.review.counts import demands

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
BENCHMARK = SHARED / "mia-bench" / "instruction_benchmark_all.json"
ONE = "The chef stirs a pot while steam rises like a ghost."
TWO = "The chef stirs a pot. Steam rises like a ghost."
POEM = "Roses are red,\nviolets are blue,\nthe pot is hot,\nand so are you."
LIST = "- apples\n- pears\n- plums"


@pytest.mark.parametrize(
    ("component", "response", "constraint", "found", "verdict"),
    [
        # sentences
        ("using exactly two sentences", TWO, "exactly 2 sentences", "2 sentences", True),
        ("using exactly two sentences", ONE, "exactly 2 sentences", "1 sentence", False),
        (" in one sentence ", ONE, "exactly 1 sentence", "1 sentence", True),
        ("one-sentence", TWO, "exactly 1 sentence", "2 sentences", False),
        ("in a single, compound sentence", ONE, "exactly 1 sentence", "1 sentence", True),
        ("within a structured five-sentence paragraph", TWO, "exactly 5 sentences", "2 sentences", False),
        ("in no more than three sentences", TWO, "at most 3 sentences", "2 sentences", True),
        ("without exceeding one sentence", TWO, "at most 1 sentence", "2 sentences", False),
        ("within 2 sentences", TWO, "at most 2 sentences", "2 sentences", True),
        ("Limit the response to five sentences", TWO, "at most 5 sentences", "2 sentences", True),
        ("at least three sentences", TWO, "at least 3 sentences", "2 sentences", False),
        ("in between 2 and 4 sentences", TWO, "2 to 4 sentences", "2 sentences", True),
        ("in 3-5 sentences", TWO, "3 to 5 sentences", "2 sentences", False),
        ("in two sentences", "He said “Stop!” and left. Mr. Li stayed.", "exactly 2 sentences", "2 sentences", None),
        ("in three sentences", 'It says "Monday. Just Monday." It rests.', "exactly 3 sentences", "3 sentences", None),
        ("in two sentences", 'I saw "The Lion King". He said "No" twice.', "exactly 2 sentences", "2 sentences", True),
        ("in three sentences", "It rains. It pours. #rain #wet", "exactly 3 sentences", "3 sentences", None),
        ("in exactly two sentences", POEM, "exactly 2 sentences", "1 sentence", False),
        ("in exactly two sentences", "", "exactly 2 sentences", "0 sentences", False),
        ("in one sentence", "#rain #wet", "exactly 1 sentence", "1 sentence", True),
        ("in one sentence", "Hi. #rain", "exactly 1 sentence", "2 sentences", None),
        ("in two sentences", "It is 3 p.m. now. It rains.", "exactly 2 sentences", "2 sentences", None),
        ("in two sentences", "It costs 1.5 now. It rains. No.", "exactly 2 sentences", "3 sentences", False),
        ("in two sentences", "**Title:**\nIt rains\nIt pours. It rains.", "exactly 2 sentences", "2 sentences", None),
        # words
        ("using exactly ten words", ONE, "exactly 10 words", "11 words", False),
        ("in no more than 50 words", ONE, "at most 50 words", "11 words", True),
        ("use less than 11 words", ONE, "at most 10 words", "11 words", False),
        ("with more than ten words", ONE, "at least 11 words", "11 words", True),
        ("a twenty-word limit", ONE, "at most 20 words", "11 words", True),
        ("using only one word", "Serenity", "exactly 1 word", "1 word", True),
        ("using only one sentence with a maximum of 5 words", ONE, "exactly 1 sentence; at most 5 words",
         "1 sentence; 11 words", False),
        # lines, paragraphs, bullet points
        ("short, four-line poem", POEM, "exactly 4 lines", "4 lines", True),
        ("three-line", POEM, "exactly 3 lines", "4 lines", False),
        ("four lines", "**A Pot**\n\n" + POEM, "exactly 4 lines", "5 lines", None),
        ("in one paragraph", TWO, "exactly 1 paragraph", "1 paragraph", True),
        ("in two paragraphs", f"{TWO}\n\n{TWO}", "exactly 2 paragraphs", "2 paragraphs", True),
        ("in two paragraphs", f"{TWO}\n{TWO}", "exactly 2 paragraphs", "1 paragraph", None),
        ("using three bullet points", LIST, "exactly 3 bullet points", "3 bullet points", True),
        ("present it in the format of a five-item bulleted list", LIST, "exactly 5 bullet points",
         "3 bullet points", False),
        ("listed in bullet points", LIST, "in bullet points", "3 bullet points", True),
        ("listed in bullet points", ONE, "in bullet points", "0 bullet points", False),
        ("four lines", "red / blue / hot / cold", "exactly 4 lines", "1 line", None),
        ("four lines", "red / blue / hot", "exactly 4 lines", "1 line", False),
        ("four lines", "A pot\n\nRoses\nviolets\n\nthe pot\nand you", "exactly 4 lines", "5 lines", None),
        ("four lines", "A pot.\n\nRoses\nviolets\n\nthe pot\nand you", "exactly 4 lines", "5 lines", False),
        ("four lines", "A pot\nis hot\n\nRoses\nviolets\n\nand you", "exactly 4 lines", "5 lines", False),
        ("three lines", "Here it is:\nRoses\nviolets\nthe pot", "exactly 3 lines", "4 lines", None),
        ("listed in bullet points", "- one", "in bullet points", "1 bullet point", None),
        ("listed in bullet points", "one\ntwo", "in bullet points", "0 bullet points", None),
        ("in bullet points without a bulleted end", LIST, "", "", None),
        # a part of the response only
        ("using one sentence for each field", TWO, "", "", None),
        ("in bullet points for each of two sentences", LIST, "", "", None),
        ("each exchange consisting of no more than ten words", TWO, "", "", None),
        ("two stanzas, each with four lines", POEM, "", "", None),
        ("using only one-syllable words", TWO, "", "", None),
        ("in about fifty words", TWO, "", "", None),
        # words and letters
        ('without using the word "pot"', ONE, 'without "pot"', '"pot"', False),
        ("without using the words 'pan' or 'lid' ", ONE, 'without "pan", "lid"', "none of them", True),
        ('without using the words "stir," "book," or "woman.', ONE, 'without "stir", "book", "woman"', '"stir"?', None),
        ("Do not use the word “ghost”.", ONE, 'without "ghost"', '"ghost"', False),
        ("without using descriptors such as 'happy' or 'excited'", ONE, 'without "happy", "excited"',
         "none of them", None),
        ("without using the letter 'e'", "A kiwi.", "without the letter e", "not there", True),
        ("without using the letters 's' and 'r' in your explanation.", ONE, "without the letter s, r",
         f"{ONE.lower().count('s')} s, {ONE.lower().count('r')} r", False),
        ("include the word 'ghost'", ONE, 'with "ghost"', '"ghost"', True),
        ("include the word 'spoon'", ONE, 'with "spoon"', "not there", False),
        ('beginning with "The Chef"', ONE, 'begins with "The Chef"', '"The chef"', True),
        ('beginning with "Once upon"', ONE, 'begins with "Once upon"', '"The chef"', False),
        ("without mentioning colors", "A red pot.", "no colours", "red?", None),
        ("without mentioning any colors.", "A bright yellow pot.", "no colours", "yellow", False),
        ("without mentioning colors", "A pot of tea.", "no colours", "none of the usual ones", True),
        ("without using color-related terms", "It says 'yellow', and a rose.", "no colours", "yellow, rose?", None),
        ("without mentioning colors", "Yellow fever in a white house.", "no colours", "yellow, white?", None),
        ("without mentioning the color of their hats", "A pot of tea.", "no colours", "none of the usual ones", None),
        ("without the words \"pot\" or any color words", "Tea.", 'without "pot"; no colours',
         "not there; none of the usual ones", True),
        # beginnings
        ("where every word starts with the letter 'S'", "Six silly sailors sang.", "every word begins with S",
         "4 of 4 words", True),
        ("where every word starts with the letter 'S'", "Six old sailors.", "every word begins with S",
         "2 of 3 words", False),
        ("each sentence begins with a consecutive letter of the alphabet starting with 'A'", "All go. Bob too.",
         "sentences begin: letters of the alphabet in order", "A B", True),
        ("each sentence starts with a sequential letter of the alphabet", "Cats go. Bob too.",
         "sentences begin: letters of the alphabet in order", "C B", False),
        ('each sentence beginning with a different letter of the word "HO".', "Old is he. He is.",
         "sentences begin: letters of HO", "O H", True),
        ('using the word "RV" where each line starts with a letter from the word', "Roses are red\nViolets are blue",
         "lines begin: letters of RV", "R V", True),
        ('where the first sentence starts with "Once," the second with "Among,"', "Once he came. Among us he sat.",
         "sentences begin: Once, Among", "2 of 2", True),
        ("where the first sentence starts with the letter 'S', the second with 'T'", "So he came. Among us he sat.",
         "sentences begin: S, T", "1 of 2", False),
        ("each line starts with the letter 'R'", "Red\nRed", "lines begin: all with R", "R R", True),
        # capitals, questions, exclamation marks
        ("in lowercase.", "all small 3!", "in lowercase", "0 capital letters", True),
        ("all in lowercase characters", "All small.", "in lowercase", "1 capital letter", False),
        ("in capitalized letters", "STOP HERE 3", "in capital letters", "0 small letters", True),
        ("in capitalized letters", "Stop Here", "in capital letters", "6 small letters", None),
        ("in capital letters", "Stop here", "in capital letters", "7 small letters", False),
        ("including one question", "Why? It rains.", "a question", "1 question mark", True),
        ("include a rhetorical question", ONE, "a question", "0 question marks", False),
        ("include a rhetorical question", "Why?", "a question", "1 question mark", None),
        ("include exactly one question", "Why? Who?", "a question", "2 question marks", None),
        ("include a question", "Why? Who?", "a question", "2 question marks", True),
        ("end with one question", "Why?", "a question", "1 question mark", None),
        ("avoid it, include one question", "Why?", "", "", None),
        ("using exclamation marks", ONE, "exclamation marks", "0 exclamation marks", False),
        # thoughts before the answer
        ("using one sentence", f"<think>\nTwo? No. One.\n</think>\n\n{ONE}", "exactly 1 sentence", "1 sentence", True),
        # nothing to count
        ("Explain the activity taking place in the image", ONE, "", "", None),
        ("including one metaphor", ONE, "", "", None),
        ("", "", "", "", None),
    ],
)  # fmt: skip
def test_check(component: str, response: str, constraint: str, found: str, verdict: bool | None) -> None:
    assert check_component(component, response) == Check(constraint, found, verdict)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("between two and four words", ["2 to 4 words"]), ("two to four words", ["2 to 4 words"]),
        ("four to two words", []), ("exactly a hundred words", ["exactly 100 words"]), ("about ten words", []),
        ("the ten words", []), ("ten words or fewer", ["at most 10 words"]),
        ("ten words or more", ["at least 10 words"]), ("ten words maximum", ["at most 10 words"]),
        ("under ten words", ["at most 9 words"]),
        ("no fewer than ten words", ["at least 10 words"]), ("over ten words", ["at least 11 words"]),
        ("two sentences and three words", ["exactly 2 sentences", "exactly 3 words"]), ("v2 words", []),
        ("ten short, clear words", ["exactly 10 words"]), ("1.5 sentences", []), ("12345 words", []),
        ("two sentences describing it", []), ("a two item bulleted list", ["exactly 2 bullet points"]),
        ("fifty to sixty words", ["50 to 60 words"]), ("one bullet point", ["exactly 1 bullet point"]),
        ("ninety words", ["exactly 90 words"]), ("zero words", ["exactly 0 words"]),
    ],
)  # fmt: skip
def test_what_a_text_demands(text: str, asked: list[str]) -> None:
    assert [str(demand) for demand in demands(text)] == asked


def test_the_instruction_tells_what_a_count_is_of() -> None:
    each = "Describe it using only one word for each of the elements: the people, the setting."
    assert check_component("using only one word", "Happy, sunny.", each).verdict is None
    other = "Describe the image in four sentences."
    assert check_component("five-sentence", TWO, other).verdict is None
    assert check_component("in four sentences", TWO, other).verdict is False


def test_every_component_of_the_benchmark() -> None:
    if not BENCHMARK.exists():
        pytest.skip("the benchmark is not here")
    items = json.loads(BENCHMARK.read_text("utf-8"))
    checkable = {"length_limit": 0, "describe": 0}
    for item in items:
        for text, category in zip(item["components"], item["component_type"], strict=True):
            check = check_component(text, f"{TWO}\n\n{LIST}", item["instruction"])
            assert bool(check.constraint) == bool(check.found)
            assert check.constraint or check.verdict is None
            if category in checkable:
                checkable[category] += bool(check.constraint)
    assert checkable["length_limit"] > 180
    assert checkable["describe"] < 5


WORDS = st.sampled_from(
    "exactly two three- sentence sentences words line each without using the word 'e' \" ' first starts with letter "
    "question in lowercase between 3 and 5 at least 2 . , bullet points \n every".split(" ")
)


@given(st.lists(WORDS, max_size=20).map(" ".join), st.text(st.characters(), max_size=80), st.text(max_size=40))
def test_never_raises(component: str, response: str, instruction: str) -> None:
    check = check_component(component, response, instruction)
    assert check.verdict is None or check.constraint


@given(st.integers(1, 20), st.integers(1, 20))
def test_sentences_of_plain_text(wanted: int, there: int) -> None:
    response = " ".join(["The dog sleeps."] * there)
    assert check_component(f"in exactly {wanted} sentences", response).verdict is (wanted == there)
    assert check_component(f"in at most {wanted} sentences", response).verdict is (there <= wanted)


@pytest.mark.parametrize("piece", ["two sentences ", 'a."', "\n", "'", "word ", "limit to ", "**", "e.g. "])
def test_hostile_repetition_is_read(piece: str) -> None:
    """Checking stays linear; a pattern that is not would keep this test busy for minutes."""
    many = piece * (50_000 // len(piece))
    for component in ("in two sentences", "without using the word 'pot'", "in two paragraphs", "four lines", many):
        assert isinstance(check_component(component, many, many), Check)
