"""Judge replies in every layout, read by component number."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.judge.reply import parse_reply
from miareview.judge.verdicts.amounts import Amount, read_points, whole_amount
from miareview.judge.verdicts.page import plain

W = (4, 3, 3)
REASONS = "\n\nThe response describes the scene, but the metaphor is weak."
GOOD = [Fraction(4), Fraction(3), Fraction(2)]


# The rows of the list of scoring faults of other readers, each with what the reply says.
FAULTS = [
    (f"Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10.{REASONS}",
     W, [4, 3, 2], (9, 10), "ok", []),
    (f"Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10{REASONS}",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("score of component 1: 3.5/4, score of component 2: 3/3, score of component 3: 2/3, total score: 8.5/10.",
     W, [3.5, 3, 2], (8.5, 10), "ok", []),
    ("score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9.0/10.",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("**Score of component 1:** 4/4, **score of component 2:** 3/3, **score of component 3:** 2/3, "
     "**total score:** 9/10.",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("**Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10.**",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("Score of component 1: 4/4\nScore of component 2: 3/3\nScore of component 3: 2/3\nTotal score: 9/10",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("Score of component 1: 4/4; score of component 2: 3/3; score of component 3: 2/3; total score: 9/10.",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("1. Score of component 1: 4/4\n2. Score of component 2: 3/3\n3. Score of component 3: 2/3\n\nTotal score: 9/10",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("Here are the scores: score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, "
     "total score: 9/10.", W, [4, 3, 2], (9, 10), "ok", []),
    ("I graded it strictly. Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, "
     "total score: 9/10.", W, [4, 3, 2], (9, 10), "ok", []),
    ("score of component 1: 4/4, score of component 2: 3/3 and score of component 3: 2/3, total score: 9/10.",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("Score of component 1 (Explain X, briefly): 4/4, score of component 2 (in 2/3 of a page): 3/3, "
     "score of component 3 (a (small) rhyme): 2/3, total score: 9/10.", W, [4, 3, 2], (9, 10), "ok", []),
    ("component 1:4/4, component 2:3/3, component 3:2/3, total score:9/10.", W, [4, 3, 2], (9, 10), "ok", []),
    ("Score of component 1: 4/4, score of component 2: 3/3, total score: 7/10.",
     W, [4, 3, None], (7, 10), "partial", []),
    ("Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, score of component 4: 1/2, "
     "total score: 9/10.", W, [4, 3, 2], (9, 10), "warning", ["extra_component"]),
    ("Score of component 2: 3/3, score of component 1: 1/4, score of component 3: 2/3, total score: 6/10.",
     W, [1, 3, 2], (6, 10), "ok", []),
    ("Score of component 1: 5/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10.",
     W, [4, 3, 2], (9, 10), "warning", ["above_weight"]),
    ("Score of component 1: 4/10, score of component 2: 3/3, score of component 3: 2/3, total score: 6.6/10.",
     W, [Fraction(8, 5), 3, 2], (6.6, 10), "warning", ["wrong_denominator"]),
    ("Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 10/10.",
     W, [4, 3, 2], (10, 10), "warning", ["total_mismatch"]),
    ("Score of component 1: 4/4, score of component 2: 0/0, score of component 3: 2/3, total score: 6/10.",
     W, [4, None, 2], (6, 10), "partial", ["zero_denominator"]),
    ("I'm sorry, I can't assist with that.", W, [None] * 3, None, "refused", []),
    ("Failed to obtain answer via API.", W, [None] * 3, None, "unparsed", []),
    ("", W, [None] * 3, None, "empty", []),
    (None, W, [None] * 3, None, "empty", []),
    (" \n\t ", W, [None] * 3, None, "empty", []),
    ("Score of component 1: 4/4, score of component 2: 3/3, score of component 3: 2/3, total score: 9/10.\n\nReasons:\n"
     "Component 1: 0/4 would have been given otherwise. Component 3: 1/3 was my first thought.",
     W, [4, 3, 2], (9, 10), "ok", []),
    ("score of component 1: 4/4, score of component 2: 3/3, score of component 3: 0/3, total score: 7/10.",
     W, [4, 3, 0], (7, 10), "ok", []),
]  # fmt: skip

LAYOUTS = {
    "bullets": "- **Component 1**: 4/4 – ok.\n- **Component 2**: 3/3\n- **Component 3**: 2/3\n\n**Total: 9/10**",
    "table": "| Component | Score |\n|---|---|\n| Component 1 | 4/4 |\n| Component 2 | 3/3 |\n| Component 3 | 2/3 |\n"
    "| **Total** | **9/10** |",
    "table with text": "| # | What | Score |\n|---|---|---|\n| 1 | the scene | 4/4 |\n| 2 | two sentences | 3/3 |\n"
    "| 3 | a metaphor | 2/3 |\n\nTotal score: 9/10",
    "table with weights": "| Component | Weight | Score |\n|--|--|--|\n| Component 1 | 4 | 4/4 |\n| Component 2 | 3 | "
    "3/3 |\n| Component 3 | 3 | 2/3 |\nTotal score: 9/10",
    "table of lone numbers": "| Component | Max points | Score |\n|--|--|--|\n| Component 1 | 6 | 4 |\n"
    "| Component 2 | 3 | 3 |\n| Component 3 | 3 | 2 |\n\nTotal score: 9/10",
    "sum": "Component 1: 4/4, component 2: 3/3, component 3: 2/3, total score: 4 + 3 + 2 = 9/10",
    "thoughts": "<think>Component 1: maybe 2/4? component 2: 1/3</think>\nComponent 1: 4/4, component 2: 3/3, "
    "component 3: 2/3, total score: 9/10",
    "headings": "### Component 1: Explain it\nScore: 4/4\nFine.\n\n### Component 2: two sentences\nScore: 3/3\n\n"
    "### Component 3: a metaphor\nScore: 2/3\n\n### Total score: 9/10",
    "out of": "Component 1: 4 out of 4. Component 2: 3 out of 3. Component 3: 2 out of 3. Total score: 9 out of 10.",
    "of": "Component 1: 4 of 4, component 2: 3 of 3, component 3: 2 of 3, total: 9 of 10",
    "bare": "Component 1: 4, component 2: 3, component 3: 2, total score: 9",
    "points": "Component 1: 4 points\nComponent 2: 3 points\nComponent 3: 2 points\nTotal: 9 points",
    "verbs": "Component 1 gets 4/4, component 2 receives a score of 3/3, component 3 is 2/3; the total score is 9/10.",
    "value first": "I give 4/4 for component 1, 3/3 for component 2 and 2/3 for component 3. Total score: 9/10.",
    "numbered": "1. 4/4\n2. 3/3\n3. 2/3\n\nTotal score: 9/10",
    "numbered with text": "1. Explain the scene: 4/4\n2. two sentences: 3/3\n3. a metaphor: 2/3\nTotal score: 9/10",
    "words": "Component one: 4/4, component two: 3/3, component three: 2/3, total score: 9/10",
    "ordinals": "The first component: 4/4, the second component: 3/3, the third component: 2/3. Total score: 9/10",
    "total first": "Total score: 9/10\nComponent 1: 4/4\nComponent 2: 3/3\nComponent 3: 2/3",
    "full width": "Ｓｃｏｒｅ of component １：４／４, component ２：３／３, component ３：２／３, total：９／10",
    "other digits": "Component ١: ٤/٤, component ٢: ٣/٣, component ٣: ٢/٣, total score: ٩/١٠",
    "spaces": "Score of component 1 : 4 / 4 , score of component 2 : 3 / 3 , component 3 : 2 / 3 , total : 9 / 10",
    "brackets": "Component 1 [4/4], component 2 (3/3), component #3: [2/3]. Total score: [9/10]",
    "weights in label": "Component 1 (4 points): 4/4\nComponent 2 (3 points): 3/3\nComponent 3 (3 points): 2/3\n"
    "Total score: 9/10",
    "thinking first": "For component 1, 1/2 of the scene is named, which suffices. So:\nScore of component 1: 4/4, "
    "score of component 2: 3/3, score of component 3: 2/3, total score: 9/10.",
    "reasons each": "Component 1: 4/4\nReason: good.\nComponent 2: 3/3\nReason: good.\nComponent 3: 2/3\nReason: bad.\n"
    "Total score: 9/10",
    "percent total": "Component 1: 4/4, component 2: 3/3, component 3: 2/3, total score: 90%",
    "json": '{"component_1": 4, "component_2": 3, "component_3": 2}',
    "json fenced": 'Sure:\n```json\n{"component_3": 2.0, "reasoning": "a {b} \\"component_1\\": 0", "component_1": 4, '
    '"component_2": "3/3", "total_score": 9}\n```\nBye {now}.',
    "json nested": '{"scores": {"component_1": {"score": 4, "reason": "x"}, "component_2": {"score": 3}, '
    '"component_3": {"score": "2/3"}}, "total": "9/10"}',
    "json list": '{"components": [{"component": 3, "score": 2}, {"component": 1, "score": 4}, '
    '{"component": 2, "score": "3"}]}',
    "json with categories": '{"component_1_describe": 4, "component_2_length_limit": 3, "component_3_mention": 2}',
    "json broken": '{"reasoning": "it is "quoted" badly", "component_1": 4, "component_2": 3, "component_3": 2,}',
    "json single quotes": "{'component_1': 4, 'component_2': 3, 'component_3': 2}",
}  # fmt: skip


def exact(values: list[float | Fraction | None]) -> list[Fraction | None]:
    return [None if value is None else Fraction(str(value)) for value in values]


@pytest.mark.parametrize(("raw", "weights", "points", "total", "status", "warnings"), FAULTS)
def test_what_other_readers_get_wrong(raw, weights, points, total, status, warnings) -> None:  # type: ignore[no-untyped-def]
    reading = parse_reply(raw, weights)
    assert reading.points == exact(points)
    assert reading.stated_total == (None if total is None else tuple(exact(list(total))))
    assert (reading.status, reading.warnings) == (status, warnings)


@pytest.mark.parametrize("raw", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts(raw: str) -> None:
    reading = parse_reply(raw, W)
    assert reading.points == GOOD
    assert "total_mismatch" not in reading.warnings
    assert reading.status == "ok", reading


@pytest.mark.parametrize(
    ("raw", "points", "warning"),
    [
        ("Component 1: 2½/4, component 2: ½/3, component 3: 2 1/2 out of 3, total: 5.5/10", [2.5, 0.5, 2.5], None),
        ("Component 1: 3,5/4, component 2: 3/3, component 3: 0/3, total score: 6,5/10", [3.5, 3, 0], None),
        ("Component 1: -1/4, component 2: 3/3, component 3: 2/3, total score: 5/10", [0, 3, 2], "below_zero"),
        ("Component 1 -4/4, component 2 - 3/3, component 3 – 2/3, total score: 9/10", [4, 3, 2], None),
        ("Component 1: 50%, component 2: 3/3, component 3: 2/3, total score: 7/10", [2, 3, 2], "wrong_denominator"),
        ("Component 1: 99999999999999999999/4, component 2: 3/3, component 3: 2/3", [4, 3, 2], "above_weight"),
        ("Component 1: 4/4, component 2: N/A, component 3: 2/3, total score: 6/10", [4, None, 2], None),
        ("Component 1: 4/4. Component 2: 3/3. Component 3: 2/3. Component 1: 2/4. Total: 9/10", [4, 3, 2],
         "repeated_component"),
        ("Component 1: 4/4, component 2: 3/3, component 3: 2/3.", [4, 3, 2], "missing_total"),
        ('{"component_1": 0, "component_2": 0, "component_3": 0}\n\nOn reflection: '
         '{"component_1": 4, "component_2": 3, "component_3": 2}', [4, 3, 2], "several_objects"),
        ('{"component_1": 4, "component_2": 3, "component_3": 2} where {"component_1": 0} would be wrong', [4, 3, 2],
         "several_objects"),
        ('{"component_1": 4, "component_1": 1, "component_2": 3, "component_3": 2}', [4, 3, 2], "repeated_component"),
        ('{"component_1": 1e9, "component_2": 3, "component_3": null}', [None, 3, None], None),
        ('{"component_1": 4, "component_2": true, "component_3": NaN}', [4, None, None], None),
        ('{"component_1": 4, "component_2": 3, "component_3": 2, "component_4": 1}', [4, 3, 2], "extra_component"),
        ("Score of component 1: 0/4, score of component 2: 3/3, score of component", [0, 3, None], None),
        ("Component 1: Is 1/2 of the room shown? Yes: 3/4. Component 2: 3/3, component 3: 2/3, total: 8/10", [3, 3, 2],
         None),
        ("| Component 1 | 4 | 3 |\n| Component 2 | 3 | 3 |\n| Component 3 | 3 | 2 |", [None] * 3, None),
        ("Component 1: 4 objects are named. Component 2: 3 sentences. Component 3: fine.", [None] * 3, None),
    ],
)  # fmt: skip
def test_odd_values(raw: str, points: list[float | None], warning: str | None) -> None:
    reading = parse_reply(raw, W)
    assert reading.points == exact(list(points))
    assert warning is None or warning in reading.warnings
    assert reading.status != "ok" or not reading.warnings


def test_total_out_of_ten_of_weights_that_sum_to_eight() -> None:
    text = "Component 1: 4/4, component 2: 2/2, component 3: 2/2, total score: "
    assert parse_reply(text + "8/10.", (4, 2, 2)).warnings == []
    assert parse_reply(text + "10/10.", (4, 2, 2)).warnings == []
    assert parse_reply(text + "8/8.", (4, 2, 2)).warnings == []
    assert parse_reply(text + "7/8.", (4, 2, 2)).warnings == ["total_mismatch"]


@pytest.mark.parametrize(
    ("total", "agrees"),
    [("8.04/8", True), ("8.05/8", False), ("7.95/8", False), ("9.94/10", True), ("9.9375/10", False)],
)
def test_a_total_may_be_off_by_less_than_half_of_a_tenth(total: str, agrees: bool) -> None:
    text = f"Component 1: 4/4, component 2: 2/2, component 3: 2/2, total score: {total}."
    assert ("total_mismatch" not in parse_reply(text, (4, 2, 2)).warnings) == agrees
    # The same decides which of two values of a component is meant, and whether two verdicts are one.
    either = f"Component 1: 3/4, component 2: 2/2, component 3: 2/2, component 1: 4/4, total score: {total}."
    assert parse_reply(either, (4, 2, 2)).points[0] == (4 if agrees else 3)
    again = f"Score of {text.replace(total, '8/8')}\n\nFinal scores: {text}"
    assert ("several_verdicts" not in parse_reply(again, (4, 2, 2)).warnings) == agrees


def test_of_several_totals_beside_an_object_the_last_counts_and_none_of_another_verdict() -> None:
    scores = '{"component_1": 3, "component_2": 2}'
    twice = f"{scores}\nThe total score is 6/7. This is what it seemed to be.\n\nOn reflection the total score is 5/7."
    assert parse_reply(twice, (4, 3)).stated_total == (5, 7)
    draft = "Component 1: 1/4\nComponent 2: 1/3\nTotal: 2/7"
    assert parse_reply(f"{draft}\n\nFinal answer:\n{scores}", (4, 3)).stated_total is None


def test_wrong_denominator_is_a_fraction_of_the_weight() -> None:
    reading = parse_reply("score of component 1: 2/2, score of component 2: 4/8, total score: 8/10.", (6, 4))
    assert reading.points == [6, 2]
    assert reading.warnings == ["wrong_denominator"]


@pytest.mark.parametrize("raw", [
    "I'm sorry, but I can't help with that.", "I cannot view the image, so no scores.", "I am unable to assist.",
    "As an AI, I do not do this.", "Sorry, I won’t grade this.",
])  # fmt: skip
def test_refusals(raw: str) -> None:
    assert parse_reply(raw, W).status == "refused"


def test_an_apology_with_scores_is_no_refusal() -> None:
    raw = "Sorry for the delay. Component 1: 4/4, component 2: 3/3, component 3: 2/3, total score: 9/10"
    assert parse_reply(raw, W).status == "ok"


@pytest.mark.parametrize("raw", [*(value for key, value in LAYOUTS.items() if key != "json list")])
def test_spans_point_at_the_values(raw: str) -> None:
    for points, span in zip(GOOD, parse_reply(raw, W).spans, strict=True):
        assert span is not None
        shown = whole_amount(plain(raw[slice(*span)]))
        assert shown is not None
        assert shown.points == points


SCORES = st.tuples(st.integers(0, 8), st.integers(0, 6), st.integers(0, 6)).map(
    lambda halves: [Fraction(half, 2) for half in halves]
)


@given(SCORES, st.permutations([0, 1, 2]), st.sampled_from([", ", "\n", "; ", " and ", ".\n\n- "]),
       st.sampled_from(["score of component {}: {}/{}", "**Component {}:** {} out of {}", "Component {} – {}/{}"])
       )  # fmt: skip
def test_any_scores_in_any_order(scores: list[Fraction], order: list[int], joint: str, form: str) -> None:
    said = [form.format(place + 1, float(scores[place]), W[place]) for place in order]
    reading = parse_reply(joint.join([*said, f"total score: {float(sum(scores))}/10."]), W)
    assert (reading.points, reading.status) == (scores, "ok")


@given(SCORES, st.permutations([0, 1, 2]), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_json(scores: list[Fraction], order: list[int], reasoning: str) -> None:
    reply = {"reasoning": reasoning} | {f"component_{place + 1}": float(scores[place]) for place in order}
    reading = parse_reply(json.dumps(reply), W)
    assert (reading.points, reading.status) == (scores, "ok")


PIECES = st.sampled_from([
    "component 1", "component 2", "Component", "total score", ":", " ", "4/4", "3.5", "½", "0/0", "/", "(", ")", "[",
    "{", "}", '"component_1"', "\n", "|", "-", "out of", "Reasons:", "1.", "٣", "\ud800", "**", "%", "1e999", ",",
    "first component", "\x00", "||", "| score |", "| weight |", "|---|\n", "| 1 |", "\t", "<a>", "</a>", "~~~\n",
])  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=40).map("".join)),
    st.lists(st.integers(1, 10), max_size=5),
)
def test_never_raises_and_stays_in_bounds(raw: str, weights: list[int]) -> None:
    reading = parse_reply(raw, weights)
    assert len(reading.points) == len(reading.spans) == len(weights)
    for points, weight, span in zip(reading.points, weights, reading.spans, strict=True):
        assert points is None or 0 <= points <= weight
        assert span is None or (points is not None and 0 <= span[0] < span[1] <= len(raw)) or points is None
    assert (reading.status == "empty") == (not raw.strip())


@pytest.mark.parametrize("piece", [
    "component 1 (", "component 1: 4/", "{", '{"component_1":', '{"a":{"component_1":[', " ", "1", "1 ", "½",
    "4/4 ", "|", "(", "component ", "total score ", "total score: 1 ", "Reasons:\n", "- ", "*", "0/0 of ", "\n1. ",
    "component 1 4/4 for ", "| component 1 | 1 | 1 ", "|score|\n", "total score: 1 + ",
    ".", "1.", "sorry can't ", "cannot a b c ", "#", "\\", '"', "component 1 [", ": ", "first component 1/2 ", "1 1/1 ",
])  # fmt: skip
def test_hostile_repetition_is_read(piece: str) -> None:
    """Reading stays linear; a pattern that is not would keep this test busy for minutes."""
    raw = piece * (40_000 // len(piece))
    assert len(parse_reply(raw, W).points) == 3
    assert len(parse_reply("component 1" + raw, W).points) == 3


def test_numbers() -> None:
    assert whole_amount("3 1/2 out of 4") == Amount(Fraction(7, 2), Fraction(4))
    assert whole_amount("2½") == Amount(Fraction(5, 2))
    assert whole_amount("four") == Amount(Fraction(4))
    assert whole_amount("lots") is None
    assert whole_amount("1e3") is None
    assert plain("４／４ ٣") == "4/4 3"
    assert read_points(Amount(Fraction(1), Fraction(2)), 3) == (Fraction(3, 2), ["wrong_denominator"])
