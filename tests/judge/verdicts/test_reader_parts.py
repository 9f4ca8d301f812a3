"""Each part of the reader of replies by itself: what it takes away, finds, chooses and doubts."""

import time
from fractions import Fraction as F

import pytest

from miareview.judge.reply import parse_reply
from miareview.judge.verdicts.amounts import Amount, amount_at
from miareview.judge.verdicts.choice import choose
from miareview.judge.verdicts.lines import line_verdicts
from miareview.judge.verdicts.loose_json import find_nodes
from miareview.judge.verdicts.markup import markup_nodes
from miareview.judge.verdicts.names import names_of
from miareview.judge.verdicts.number_lists import list_verdicts
from miareview.judge.verdicts.objects import object_verdicts
from miareview.judge.verdicts.page import MOST_SIGNS, tightened, undecorated, without_middle
from miareview.judge.verdicts.quoted_blocks import quoted_blocks
from miareview.judge.verdicts.quotes import without_quotes
from miareview.judge.verdicts.record import Said, Standing, Verdict
from miareview.judge.verdicts.simple import simple_head, simple_verdict
from miareview.judge.verdicts.standing import names_losses, standing_of
from miareview.judge.verdicts.table_verdicts import table_verdicts
from miareview.judge.verdicts.tables import find_tables, role_of
from miareview.judge.verdicts.thoughts import without_thoughts
from miareview.judge.verdicts.values import values_in

NAMES = names_of((4, 3, 3), (), ())
GOOD = "Component 1: 3/4\nComponent 2: 2/3\nComponent 3: 3/3\nTotal: 8/10"


def points(verdict: Verdict) -> list[float]:
    return [float(verdict.said[number].amount.points) for number in sorted(verdict.said)]


@pytest.mark.parametrize(
    ("raw", "said", "unclosed"),
    [
        ("<think>a</think>b", "b", False), ("a</think>b", "b", False), ("<think>a", "", True),
        ("a <think>b</think> c </think> d", "d", False), ('it says "</think>" here', 'it says "</think>" here', False),
        ("<details><summary>Thinking</summary>a</details>b", "b", False), ("```thinking\na\n```\nb", "b", False),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b", "b", False),
        ("<details><summary>Scores</summary>a</details>", "<details><summary>Scores</summary>a</details>", False),
        ("< / Think >a", "a", False), ("<thinker>a", "<thinker>a", False),
    ],
)  # fmt: skip
def test_thoughts_are_blanked_sign_for_sign(raw: str, said: str, unclosed: bool) -> None:
    left, open_end = without_thoughts(raw)
    assert (left.strip(), open_end, len(left)) == (said, unclosed, len(raw))


@pytest.mark.parametrize(
    ("reasons", "taken"),
    [
        ("", True), ("\n\nComponent 1 is met. A red kite flies.", True), (" It is 40 words long.", True),
        (" Total words: many.", False), (" Should it be less?", False), (" Revised below.", False),
        (' {"one": 2}', False), (" <one>2</one>", False), (" | 1 | 2 |", False), (" [2, 3]", False),
        (" **Again**", False), (" ~~3~~", False), (" it = 2", False), (" \\frac", False), (" > quoted", False),
        (" It names 2 of 3 fruits.", False), (" It gets 2/4 here.", False), (" It gets 2 out of 4.", False),
        (" Component 1 has 5 words.", False), (" Component 1 gets two.", False), (" Component 1: 2/4", False),
        (" Él falta.", False), ("\n\nIt would do.", True),
    ],
)  # fmt: skip
def test_only_what_says_no_more_of_scores_goes_the_short_way(reasons: str, taken: bool) -> None:
    head = "Component 1: 3/4, component 2: 3/3, total: 6/7"
    found = simple_head(f"{head}.{reasons}")
    assert (found[0] if found else None) == (head if taken else None)
    assert simple_head(f"{head}\n\nWould be right.") is None


@pytest.mark.parametrize(
    ("lead", "reasons", "alone"),
    [
        ("", "", True), ("Here are the scores: ", " A kite.", True), ("Scores:\n", " Component 1 is met.", True),
        ("", " It is 40 words long.", False), ("", " It has five words.", False), ("", " It fails due to it.", False),
        ('It says "', " A kite.", None), ("Weights (4, 3): ", " A kite.", None), ("Scores: all of it: ", "", None),
    ],
)  # fmt: skip
def test_a_head_stands_alone_where_no_number_is_behind_it(lead: str, reasons: str, alone: bool | None) -> None:
    head = f"{lead}Component 1: 3/4, component 2: 3/3, total: 6/7"
    assert simple_head(f"{head}.{reasons}") == (None if alone is None else (head, alone))


@pytest.mark.parametrize("weights", [(4,), (4, 4), (4, 3, 3), (3, 4), ()])
def test_the_short_way_is_for_components_that_are_all_there_out_of_their_weights(weights: tuple[int, ...]) -> None:
    assert simple_verdict("Component 1: 3/4, component 2: 3/3, total: 6/7", weights) is None
    assert simple_verdict("Component 2: 3/4, component 1: 3/3, total: 6/7", (4, 3)) is None


def test_markup_becomes_blanks() -> None:
    assert undecorated(r"**a** ~~4~~ <b>3</b> \frac{3}{4}").split() == ["a", "3", "3/4"]
    assert undecorated("<td>1</td><td>2</td>").count("|") == 2
    short = tightened("a" + " " * 30 + "b")
    assert (short.text, short.before(3)) == ("a  b", 31)


def test_of_a_very_long_reply_beginning_and_end_are_read() -> None:
    text = "begin " + "x " * MOST_SIGNS + "last"
    short = without_middle(text)
    assert len(short.text) < MOST_SIGNS + 10
    assert (short.text[:5], short.text[-4:]) == ("begin", "last")
    assert text[short.before(short.text.index("last")) :] == "last"
    raw = "The pier is long. " * 20_000 + GOOD
    reading = parse_reply(raw, (4, 3, 3))
    assert (reading.points, reading.warnings) == ([3, 2, 3], ["too_long"])
    assert [raw[slice(*span)] for span in reading.spans if span] == ["3/4", "2/3", "3/3"]


def test_quotations_lose_their_numbers() -> None:
    assert "4/4" not in without_quotes('it says "component 1: 4/4".')
    assert "3/4" in without_quotes('component 1: "3/4"')
    assert "4/4" not in without_quotes("> component 1: 4/4\nfine")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<response>\na\n</response>", True), ("[begin response]\na\n[end response]", True), ("~~~\na\n~~~", False),
        ("### response\na\n### scores", True), ("<model_answer>a</model_answer>", True),
    ],
)  # fmt: skip
def test_passages_set_apart(text: str, named: bool) -> None:
    (block,) = quoted_blocks(f"before\n{text}\nafter")
    assert (block.named, block.start) == (named, 7)


def test_the_judges_own_marks_set_nothing_apart() -> None:
    for text in (
        "<answer>a</answer>",
        "<evaluation>a</evaluation>",
        "<response_score>3</response_score>",
        "```\na\n```",
    ):
        assert quoted_blocks(text) == []


@pytest.mark.parametrize(
    ("written", "of"),
    [("3/4", 4), ("3 points out of 4", 4), ("3 (max. 4)", 4), ("75%", 100), ("3 von 4", 4), ("3", None)],
)
def test_an_amount_and_what_it_is_out_of(written: str, of: int | None) -> None:
    found = values_in(written, 0, len(written), 4)
    assert [value.amount.of for value in found] == [of]


def test_what_is_out_of_comes_first_in_chinese() -> None:
    assert amount_at("4分中得3分", 0, 1, "4")[0] == Amount(F(3), F(4))


@pytest.mark.parametrize("text", [
    "not 4/4", "can't get 4/4", "is no 4/4", "anything but 4/4", "if 4/4", "lost 4/4", "from 4/4", "4/4 would be",
])  # fmt: skip
def test_values_that_are_no_scores(text: str) -> None:
    assert not any(value.clean for value in values_in(text, 0, len(text), 4))


@pytest.mark.parametrize("text", ["x1/4", "- /4", ">3/4", "1e5"])
def test_signs_that_make_no_value(text: str) -> None:
    assert values_in(text, 0, len(text), 4) == []


def test_both_ends_of_a_range_are_marked() -> None:
    assert [value.ranged for value in values_in("3-4/4", 0, 5, 4)] == [True, True]


@pytest.mark.parametrize(
    ("before", "standing"),
    [
        ("first pass:\n", "draft"), ("final scores:\n", "final"), ("my scores:\n", "final"), ("scores:\n", "plain"),
        ("the response claims: ", "draft"), ("i refuse to give ", "draft"), ("template:\n", "draft"), ("", "plain"),
        ("user: ", "draft"), ("you asked me to output ", "draft"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_verdict(before: str, standing: Standing) -> None:
    text = before + GOOD.lower()
    assert standing_of(text, len(before), len(text)) == standing


def test_losses_are_no_scores() -> None:
    assert names_losses("points deducted:\n", 17)
    assert not names_losses("points awarded:\n", 16)
    assert parse_reply("Missed points: component 1: 1, component 2: 1, component 3: 0.", (4, 3, 3)).points == [None] * 3
    adds_up = parse_reply(f"Missed points:\n{GOOD}", (4, 3, 3))
    assert (adds_up.points, adds_up.status) == ([3, 2, 3], "ok")


def test_a_heading_in_brackets_is_no_thought_that_never_ends() -> None:
    assert without_thoughts(f"[Analysis] good\n{GOOD}") == (f"[Analysis] good\n{GOOD}", False)
    assert without_thoughts(f"[think] good\n{GOOD}")[1]


def test_a_total_above_the_weights_is_none_and_a_component_of_others_is_no_label() -> None:
    scores = GOOD.partition("\nTotal")[0]
    assert parse_reply(f"{scores}\nTotal: 80", (4, 3, 3)).warnings == ["missing_total"]
    assert parse_reply(GOOD.replace("1: 3/4", "1/4: 3"), (4, 3, 3)).points == [None, 2, 3]


def test_of_two_totals_around_the_scores_the_last_is_theirs() -> None:
    (verdict,) = line_verdicts(f"total: 7/10\n{GOOD}".lower(), NAMES)
    assert verdict.total
    assert verdict.total.amount == Amount(F(8), F(10))


@pytest.mark.parametrize(
    ("behind", "status"),
    [("I would give 0 for everything if it were blank.", "ok"), ("I give 0 for everything.", "warning"),
     ("Actually, 3/4 is fair.", "ok"), ("Actually, 2/4 is fair.", "warning")],
)  # fmt: skip
def test_scores_are_only_doubted_for_other_scores_that_are_meant(behind: str, status: str) -> None:
    assert parse_reply(f"{GOOD}\n\n{behind}", (4, 3, 3)).status == status


def test_labelled_lines() -> None:
    (verdict,) = line_verdicts(GOOD.lower(), NAMES)
    assert (points(verdict), verdict.total and verdict.total.amount) == ([3, 2, 3], Amount(F(8), F(10)))
    (weights,) = line_verdicts("weights: component 1: 4, component 2: 3, component 3: 3", NAMES)
    assert not weights.called_scores


def test_a_list_of_weights_behind_the_scores_is_none_of_scores_even_with_a_total() -> None:
    behind = "\n\nweights: component 1: 4, component 2: 3, component 3: 3. total: 10/10"
    scores, weights = line_verdicts(GOOD.lower() + behind, NAMES)
    assert (scores.called_scores, points(scores)) == (True, [3, 2, 3])
    assert (weights.called_scores, points(weights)) == (False, [4, 3, 3])
    assert parse_reply(GOOD + behind, (4, 3, 3)).status == "warning"


@pytest.mark.parametrize(
    ("text", "found"),
    [("scores: 3,2,3", [3, 2, 3]), ("scores: 3, 2, 3", [3, 2, 3]), ("scores: 3.5, 2, 3", [3.5, 2, 3]),
     ("scores: 5, 2, 3", None), ("scores: 3, 2", None), ("lines: 3, 2, 3", None)],
)  # fmt: skip
def test_lists_of_numbers(text: str, found: list[float] | None) -> None:
    assert [points(verdict) for verdict in list_verdicts(text, NAMES)] == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("head", "role"),
    [("weight", "weight"), ("max points", "weight"), ("score", "score"), ("points awarded", "score"), ("points", "points"),  # noqa: E501
     ("note", "note"), ("deducted", "aside"), ("component", "label"), ("self-score", "other"), ("score / max", "both")],
)  # fmt: skip
def test_what_a_column_holds(head: str, role: str) -> None:
    assert role_of(head) == role


@pytest.mark.parametrize("order", ["weight | score", "score | weight"])
def test_tables_by_their_head(order: str) -> None:
    rows = [(4, 3), (3, 2), (3, 3)] if order.startswith("weight") else [(3, 4), (2, 3), (3, 3)]
    text = f"| component | {order} |\n|---|---|---|\n" + "\n".join(
        f"| {k} | {a} | {b} |" for k, (a, b) in enumerate(rows, 1)
    )
    assert [points(verdict) for verdict in table_verdicts(text, find_tables(text), NAMES)] == [[3, 2, 3]]


@pytest.mark.parametrize("text", [
    '{"component_1": 3, "component_2": 2, "component_3": 3}', "{'component_1': 3, 'component_2': 2, 'component_3': 3,}",
    '{"scores": [3,2,3], "max": [4,3,3]}', '[{"id": 1, "points": 4, "awarded": 3}, {"id": 2, "awarded": 2}, {"id": 3, "awarded": 3}]',  # noqa: E501
    '{component_1: 3, // x\n component_2: 2, component_3: 3', '{"self": {"component_1": 4}, "scores": {"1": 3, "2": 2, "3": 3}}',  # noqa: E501
])  # fmt: skip
def test_json_dialects(text: str) -> None:
    nodes, too_many = find_nodes(text)
    assert [points(verdict) for _, verdict in object_verdicts(nodes, NAMES)] == [[3, 2, 3]]
    assert not too_many


def test_more_json_than_is_read_is_told() -> None:
    many = '{"component_1": 3, "component_2": 2, "component_3": 3}\n' * 2000
    assert find_nodes(many)[1]
    assert parse_reply(many, (4, 3, 3)).warnings == ["too_long"]


def test_xml() -> None:
    text = "".join(
        f'<component id="{k}"><max>4</max><score>{p}</score></component>' for k, p in ((1, 3), (2, 2), (3, 3))
    )
    ((_, verdict),) = object_verdicts(markup_nodes(text), NAMES)
    assert points(verdict) == [3, 2, 3]


def verdict(values: tuple[int, ...], start: int, standing: Standing = "plain") -> Verdict:
    said = {k: Said(Amount(F(value), F(of)), (start, start + 3)) for k, (value, of) in
            enumerate(zip(values, (4, 3, 3), strict=False), 1)}  # fmt: skip
    return Verdict("lines", start, start + 9, said, standing=standing, called_scores=True)


def test_the_last_whole_verdict_that_is_no_draft_is_chosen() -> None:
    first, last, draft = verdict((4, 3, 3), 0), verdict((3, 2, 3), 20), verdict((0, 0, 0), 40, "draft")
    chosen = choose([first, last, draft], NAMES)
    assert [float(chosen.said[k].amount.points) for k in (1, 2, 3)] == [3, 2, 3]
    assert chosen.doubts == {"several_verdicts"}
    assert choose([verdict((3, 2, 3), 0), last], NAMES).doubts == set()
    assert choose([draft], NAMES).said == {}
    named = choose([verdict((3, 2, 3), 0, "final"), verdict((4, 3, 3), 20)], NAMES)
    assert named.said[1].amount.points == 3


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (GOOD + "\n\nThe above is wrong. It should be 2, 1 and 1.", "several_verdicts"),
        (GOOD + "\n\nI give 0 for everything.", "several_verdicts"),
        (GOOD + "\n\nFinal total after the penalty: 6/10", "several_verdicts"),
        (GOOD + "\n\nOn reflection I lower the first to 2.", "several_verdicts"),
        ("<response>\n" + GOOD + "\n</response>", "quoted_verdict"),
        ('{"scale": "1-5", "component_1": 3, "component_2": 2, "component_3": 3}', "other_scale"),
        ("Priority: component 1: 1, component 2: 2, component 3: 3", "weights_or_scores"),
    ],
)
def test_what_is_told(raw: str, warning: str) -> None:
    assert warning in parse_reply(raw, (4, 3, 3)).warnings


def test_what_stands_between_a_total_and_its_scores_takes_nothing_back() -> None:
    raw = "Total: 8/10\n\nThese are updated for tone.\nComponent 1: 3/4\nComponent 2: 2/3\nComponent 3: 3/3"
    assert parse_reply(raw, (4, 3, 3)).status == "ok"


def test_a_number_that_follows_a_number_may_be_what_is_asked_for() -> None:
    assert parse_reply("1. 3 points\n2. 2 points\n3. 3 points", (4, 3, 3)).status == "unparsed"


@pytest.mark.parametrize("behind", [
    "All three boats are named. It is 4 lines long.",
    "The first line has 2 boats, the second 3.", "Every line rhymes; nothing is missing.",
])  # fmt: skip
def test_what_is_not_told(behind: str) -> None:
    assert parse_reply(f"{GOOD}\n\n{behind}", (4, 3, 3)).status == "ok"


def test_a_number_at_the_cut_is_not_taken() -> None:
    assert parse_reply("Component 1: 1", (12,), finish="length").points == [None]
    assert parse_reply("Component 1: 1\n", (12,), finish="length").points == [1]
    assert parse_reply("Component 1: 3/4", (4,), finish="length").points == [3]


@pytest.mark.parametrize(
    "shape", ["<details><summary>think</summary>", "“", '{"id":1,"awarded":3},', "a,b\n", GOOD + "\n"]
)
def test_a_long_reply_takes_no_longer_than_its_length(shape: str) -> None:
    taken = []
    for size in (60_000, 600_000):
        start = time.process_time()
        parse_reply((shape * (size // len(shape) + 1))[:size], (4, 3, 3))
        taken.append(time.process_time() - start)
    assert taken[1] < 20 * taken[0] + 0.2
