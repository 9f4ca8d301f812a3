"""The agreement table on columns made by hand: who is compared with whom, and on what."""

import json
import warnings

import numpy as np
import pytest
from made_columns import add_rater, add_scores, empty_columns, set_sample, simulated

from miareview.model import ScoreColumns
from miareview.stats.agreement import alpha, bland_altman, kappa
from miareview.stats.agreement.ceiling import most_reachable
from miareview.stats.agreement.table import Group, agreement_table
from miareview.stats.flags import Flag
from miareview.stats.frame import build_frame
from miareview.words.flags import say


def overall(columns: ScoreColumns, **options: bool) -> Group:
    return agreement_table(build_frame(columns), **options).groups[0]


def four_items() -> ScoreColumns:
    """Judge 3/3 2/3 3/3 1/3 on one-component items; reviewed below."""
    columns = empty_columns(4, ["m"], [[3]] * 4, [["math"], ["math"], ["describe"], ["describe"]])
    for response, points in enumerate([3, 2, 3, 1]):
        add_scores(columns, response, 0, [points])
    return columns


def test_numbers_by_hand() -> None:
    """Human 3 1 3 3: gaps 0, +1/3, 0, -2/3."""
    columns = four_items()
    ann = add_rater(columns, "ann")
    for response, points in enumerate([3, 1, 3, 3]):
        add_scores(columns, response, ann, [points])
    group = overall(columns)
    assert group.raters == ("judge", "human")
    assert (group.units, group.items) == (4, 4)
    assert group.bias[0] == pytest.approx(-1 / 12)
    assert group.mae == pytest.approx(0.25)
    assert group.exact == 0.5
    assert group.within_one_point == 0.75
    assert group.override_rate == 0.5
    assert group.confusion == {"3": [[0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 2]]}
    assert group.alpha["interval"].value == alpha([[3, 2, 3, 1], [3, 1, 3, 3]])
    assert group.ccc is not None
    assert group.icc21 is not None


def test_blind_and_assisted() -> None:
    """What was scored with the judge in sight counts as an override, not as agreement, unless asked for."""
    columns = four_items()
    ann = add_rater(columns, "ann")
    add_scores(columns, 0, ann, [0])
    add_scores(columns, 0, ann, [3], visible=True)
    add_scores(columns, 1, ann, [2], visible=True)
    group = overall(columns)
    assert (group.units, group.exact, group.override_rate) == (1, 0.0, 0.0)
    assert group.blind_only
    wider = overall(columns, include_assisted=True)
    assert (wider.units, wider.exact) == (2, 0.5)
    assert not wider.blind_only
    left_out = dict(agreement_table(build_frame(columns)).left_out)
    assert left_out == {"seen_only": 1}


def test_representative_means_all_drawn_at_random() -> None:
    columns = four_items()
    ann = add_rater(columns, "ann")
    for response in (0, 2):
        add_scores(columns, response, ann, [3])
    assert not overall(columns).representative
    set_sample(columns, 0, [2, 0])
    assert overall(columns).representative
    add_scores(columns, 3, ann, [3])
    assert not overall(columns).representative
    by = {
        group.by.get("category"): group.representative
        for group in agreement_table(build_frame(columns), ["category"]).groups
    }
    assert by == {None: False, "describe": False, "math": True}


def test_people_among_themselves() -> None:
    columns = four_items()
    ann, bob = add_rater(columns, "ann"), add_rater(columns, "bob")
    for response, (a, b) in enumerate([(3, 3), (2, 1), (3, 3)]):
        add_scores(columns, response, ann, [a])
        add_scores(columns, response, bob, [b])
    add_scores(columns, 3, bob, [0])
    judged, people = agreement_table(build_frame(columns)).groups
    assert judged.units == 7
    assert people.raters == ("ann", "bob")
    assert (people.units, people.exact, people.override_rate) == (3, pytest.approx(2 / 3), None)
    assert people.bias[0] == pytest.approx(1 / 9)
    assert people.alpha["nominal"].value == alpha([[3, 2, 3], [3, 1, 3]], "nominal")
    reviewers = agreement_table(build_frame(columns), ["reviewer"]).groups[2:]
    assert [(group.by, group.raters, group.units) for group in reviewers] == [
        ({"reviewer": "ann"}, ("judge", "ann"), 3),
        ({"reviewer": "bob"}, ("judge", "bob"), 4),
    ]


def test_three_people_share_one_alpha() -> None:
    columns = four_items()
    for name, points in {"ann": [3, 2, 3, 1], "bob": [3, 1, 3, 1], "cid": [2, 2, 3, 1]}.items():
        rater = add_rater(columns, name)
        for response, given in enumerate(points):
            add_scores(columns, response, rater, [given])
    people = agreement_table(build_frame(columns)).groups[1]
    assert people.alpha["interval"].value == alpha([[3, 2, 3, 1], [3, 1, 3, 1], [2, 2, 3, 1]])
    assert people.exact == pytest.approx(8 / 12)
    assert people.bias == (None, None, None)
    assert sum(map(sum, people.confusion["3"])) == 12


def test_left_out_is_counted() -> None:
    columns = four_items()
    columns.left_out.append(("not_committed", 3))
    ann = add_rater(columns, "ann")
    add_scores(columns, 0, ann, [None])
    add_scores(columns, 1, ann, [2])
    columns.score_fraction[1] = float("nan")  # the judge's reading of item 1 is gone
    table = agreement_table(build_frame(columns))
    assert dict(table.left_out) == {
        "not_committed": 3,
        "no_judge_reading": 1,
        "reviewer_ungradable": 1,
    }
    assert table.groups[0].units == 0


def test_points_between_are_rounded_for_the_confusion_only() -> None:
    columns = four_items()
    ann = add_rater(columns, "ann")
    add_scores(columns, 0, ann, [2.5])
    group = overall(columns)
    assert group.confusion["3"][3][3] == 1
    assert (group.rounded, group.exact) == (1, 0.0)


def test_every_group_of_every_dimension() -> None:
    columns, _ = simulated(items=60, models=2, reviewed=20)
    dimensions = ["category", "model", "difficulty", "weight", "reviewer"]
    table = agreement_table(build_frame(columns), dimensions)
    assert [len([g for g in table.groups if d in g.by]) for d in dimensions] == [4, 2, 2, 5, 1]
    assert table.groups[0].by == {}
    for d in ("category", "model", "difficulty", "weight"):
        assert sum(g.units for g in table.groups if d in g.by) == table.groups[0].units
    document = json.loads(json.dumps(table.to_json(say), allow_nan=False))
    keys = {
        "by", "raters", "units", "items", "blind_only", "representative", "alpha", "kappa_quadratic", "ac1", "ac2",
        "ccc", "icc21", "bias", "mae", "exact", "within_one_point", "override_rate", "confusion",
    }  # fmt: skip
    for group in document["groups"]:
        assert keys <= group.keys()
        assert group["alpha"].keys() == {"interval", "ordinal", "nominal"}
        value, low, high = (group["alpha"]["interval"][key] for key in ("value", "low", "high"))
        assert low is None or low <= value <= high


def test_nothing_reviewed_is_no_error() -> None:
    columns, _ = simulated(items=5, models=1, reviewed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = agreement_table(build_frame(columns), ["category", "model"])
    for group in table.groups:
        assert group.units == 0
        assert group.alpha["interval"].value is None
        assert group.alpha["interval"].why
        assert (group.exact, group.bias, group.representative) == (None, (None, None, None), False)


def test_constant_scores_have_reasons() -> None:
    columns = empty_columns(6, ["m"], [[4]] * 6, [["math"]] * 6)
    ann = add_rater(columns, "ann")
    for response in range(6):
        add_scores(columns, response, 0, [4])
        add_scores(columns, response, ann, [4])
    group = overall(columns)
    assert group.alpha["interval"].value is None
    assert group.alpha["interval"].why == Flag("constant", 12, value=1.0)
    assert (group.exact, group.ac1, group.kappa_quadratic) == (1.0, 1.0, None)
    assert group.bias == (0.0, None, None)


def test_an_unknown_dimension() -> None:
    columns, _ = simulated(items=5, models=1, reviewed=2)
    with pytest.raises(ValueError, match="Unknown grouping 'colour'"):
        agreement_table(build_frame(columns), ["colour"])


def test_item_level_uses_points_over_weights() -> None:
    """Two components of weights 4 and 6: the item level sees 0.4 and 1.0, whatever the components' fractions."""
    columns = empty_columns(3, ["m"], [[4, 6]] * 3, [["math", "describe"]] * 3)
    ann = add_rater(columns, "ann")
    for response, (judged, given) in enumerate([([4, 0], [0, 4]), ([4, 6], [4, 6]), ([2, 3], [2, 3])]):
        add_scores(columns, response, 0, judged)
        add_scores(columns, response, ann, given)
    group = overall(columns)
    assert group.exact == pytest.approx(4 / 6)
    assert group.ccc == pytest.approx(1.0)
    assert np.isclose(group.icc21, 1.0)


def test_gold_and_other_judges_stand_beside() -> None:
    """The judge's 3 2 3 1 against gold 3 2 0 – and against another judge's 3 2 3 2; both only where there is any."""
    columns = four_items()
    ann, gold = add_rater(columns, "ann"), add_rater(columns, "gold", "gold")
    add_scores(columns, 0, ann, [3])
    for response, points in enumerate([3, 2, 0]):
        add_scores(columns, response, gold, [points], visible=response == 2)
    assert agreement_table(build_frame(columns)).beside[0].raters == ("judge", "gold")
    other = add_rater(columns, "other", "judge")
    for response, points in enumerate([3, 2, 3, 2]):
        add_scores(columns, response, other, [points])
    table = agreement_table(build_frame(columns), ["category"])
    settled, *by_category, person, judges = table.beside
    assert (person.kind, person.raters, person.units, person.exact) == ("human-gold", ("ann", "gold"), 1, 1.0)
    assert (settled.kind, settled.units, settled.exact) == ("judge-gold", 3, pytest.approx(2 / 3))
    assert not settled.blind_only
    assert [group.by["category"] for group in by_category] == ["describe", "math"]
    assert by_category[1].blind_only
    assert (judges.kind, judges.raters, judges.units, judges.exact) == ("judge-judge", ("judge", "other"), 4, 0.75)
    assert judges.bias[0] == pytest.approx(-1 / 12)
    assert (judges.blind_only, judges.representative) == (True, True)
    assert judges.alpha["interval"].value == alpha([[3, 2, 3, 1], [3, 2, 3, 2]])
    assert {group.kind for group in table.groups} == {"judge-human"}
    kinds = [group["kind"] for group in table.to_json(say)["groups"]]
    assert kinds.count("judge-gold") == 3
    assert kinds[-1] == "judge-judge"


def test_gold_is_not_the_judges_partner_in_the_human_row() -> None:
    columns = four_items()
    ann, gold = add_rater(columns, "ann"), add_rater(columns, "gold", "gold")
    add_scores(columns, 0, ann, [0])
    add_scores(columns, 0, gold, [3])
    assert overall(columns).exact == 0.0


def test_people_are_the_ceiling_of_the_judge() -> None:
    columns = four_items()
    for name, points in {"ann": [3, 1, 3, 3], "bob": [3, 2, 3, 1]}.items():
        rater = add_rater(columns, name)
        for response, given in enumerate(points):
            add_scores(columns, response, rater, [given])
    table = agreement_table(build_frame(columns), ["category", "reviewer"])
    document = table.to_json(say)["groups"]
    for row in document:
        if row["kind"] != "judge-human" or "reviewer" in row["by"]:
            assert row["ceiling"] is None
            continue
        people = table.people(row["by"])
        assert people is not None
        assert row["ceiling"]["value"] == people.alpha["interval"].value
        assert (row["ceiling"]["units"], row["ceiling"]["raters"]) == (people.units, ["ann", "bob"])


def test_full_marks_everywhere_are_flagged() -> None:
    """Nineteen of twenty pairs equal and one not: alpha is 0, and a code says why that is no bad judge."""
    columns = empty_columns(20, ["m"], [[4]] * 20, [["math"]] * 20)
    ann = add_rater(columns, "ann")
    for response in range(20):
        add_scores(columns, response, 0, [4])
        add_scores(columns, response, ann, [4 - (response == 0)])
    group = overall(columns)
    assert group.alpha["interval"].value == pytest.approx(0.0, abs=1e-12)
    (flag,) = group.flags
    assert (flag.code, flag.n, flag.of) == ("paradox", 19, 20)
    assert "95 % of the pairs are equal, yet alpha is 0.00" in say(flag)
    assert overall(four_items()).flags == ()


def test_few_items_and_reasons_for_what_is_undefined() -> None:
    columns, _ = simulated(items=60, models=1, reviewed=40)
    groups = agreement_table(build_frame(columns), ["category", "difficulty"]).groups
    assert not groups[0].few
    assert all(group.few == (group.items < 30) for group in groups)
    assert any(group.few for group in groups)
    empty = overall(four_items())
    assert set(empty.undefined or {}) == {"kappa_quadratic", "ac1", "ac2", "ccc", "icc21"}
    assert set((empty.undefined or {}).values()) == {Flag("nothing_both")}
    document = empty.to_json(say)
    assert (document["few"], document["bland_altman"], document["kappa_by_weight"]) == (True, None, {})


def test_kappa_by_weight_and_limits_of_agreement() -> None:
    columns = empty_columns(4, ["m"], [[2, 4]] * 4, [["math", "describe"]] * 4)
    ann = add_rater(columns, "ann")
    judged, given = [[2, 4], [1, 4], [2, 0], [0, 3]], [[2, 3], [1, 4], [1, 0], [0, 3]]
    for response, (a, b) in enumerate(zip(judged, given, strict=True)):
        add_scores(columns, response, 0, list(a))
        add_scores(columns, response, ann, list(b))
    table = agreement_table(build_frame(columns), ["category"])
    group = table.groups[0]
    assert group.kappa_by_weight == {
        "2": pytest.approx(kappa([2, 1, 2, 0], [2, 1, 1, 0], "quadratic", [0, 1, 2])),
        "4": pytest.approx(kappa([4, 4, 0, 3], [3, 4, 0, 3], "quadratic", [0, 1, 2, 3, 4])),
    }
    limits = bland_altman([1, 5 / 6, 1 / 3, 1 / 2], [5 / 6, 5 / 6, 1 / 6, 1 / 2])
    document = group.to_json(say)["bland_altman"]
    assert document == {name: pytest.approx(getattr(limits, name)) for name in ("bias", "sd", "low", "high", "slope")}
    assert all(found.bland_altman is None for found in table.groups[1:])


def three_reviewers(items: int) -> ScoreColumns:
    """Ann and bob see the same, cid scatters, the judge is with ann and bob."""
    columns = empty_columns(items, ["m"], [[6, 4]] * items, [["math", "describe"]] * items)
    raters = [add_rater(columns, name) for name in ("ann", "bob", "cid")]
    for response in range(items):
        points = [response % 7, response % 5]
        add_scores(columns, response, 0, list(points))
        for rater in raters[:2]:
            add_scores(columns, response, rater, list(points))
        add_scores(columns, response, raters[2], [6 - points[0], 4 - points[1]])
    return columns


def test_alternative_annotator_in_the_table() -> None:
    found = agreement_table(build_frame(three_reviewers(30))).to_json(say)["alternative_annotator"]
    assert (found["winning_rate"], found["passed"], found["epsilon"]) == (1.0, True, 0.2)
    assert found["advantage"] == pytest.approx(1.0, abs=0.02)
    assert (found["reviewers"], found["reason"]) == (["ann", "bob", "cid"], "")


def test_no_alternative_annotator_below_thirty_items() -> None:
    found = agreement_table(build_frame(three_reviewers(29))).to_json(say)["alternative_annotator"]
    assert (found["winning_rate"], found["advantage"], found["passed"], found["reviewers"]) == (None, None, None, [])
    assert "3 reviewers with 30 items" in found["reason"]


def test_nobody_is_first_among_people() -> None:
    """Whoever is named first, people agree as much: kappa, AC1, AC2, CCC and ICC do not depend on the order."""
    rng = np.random.default_rng(3)
    scores = {name: rng.integers(0, 5, 40) for name in ("ann", "bob", "cid")}
    found = []
    for order in (("ann", "bob", "cid"), ("cid", "ann", "bob")):
        columns = empty_columns(40, ["m"], [[4]] * 40, [["math"]] * 40)
        for name in order:
            rater = add_rater(columns, name)
            for response in range(40 if name != "bob" else 30):
                add_scores(columns, response, rater, [int(scores[name][response])])
        found.append(agreement_table(build_frame(columns)).people({}))
    for measure in ("kappa_quadratic", "ac1", "ac2", "ccc", "icc21", "exact", "mae"):
        first, second = (getattr(group, measure) for group in found)
        assert first == pytest.approx(second, abs=1e-12), measure


@pytest.mark.parametrize("half", [0, 0.5])
def test_two_people_have_cohens_kappa(half: float) -> None:
    a, b = [4, 3, 4, 0, 2, 4], [4, 4, 3, 1 + half, 2, 4]
    columns = empty_columns(6, ["m"], [[4]] * 6, [["math"]] * 6)
    for name, points in (("ann", a), ("bob", b)):
        rater = add_rater(columns, name)
        for response, given in enumerate(points):
            add_scores(columns, response, rater, [given])
    people = agreement_table(build_frame(columns)).people({})
    assert people is not None
    assert people.kappa_quadratic == pytest.approx(kappa(a, b, "quadratic", [0, 1, 1 + half, 2, 3, 4]))
    assert people.kappa_by_weight == {"4": pytest.approx(people.kappa_quadratic)}


@pytest.mark.parametrize("noise", [0.5, 1.0])
def test_no_judge_reaches_more_than_the_root_of_peoples_alpha(noise: float) -> None:
    """People give truth + noise. The truth itself reaches 2 a / (1 + a); spread out to people's variance, sqrt(a)."""
    rng = np.random.default_rng(7)
    truth = rng.normal(size=4_000)
    people = np.round(2 * (truth + noise * rng.normal(size=(2, truth.size)))) / 2  # few values keep alpha fast
    among = alpha(people)
    assert among == pytest.approx(1 / (1 + noise**2), abs=0.03)
    most = most_reachable(among)
    assert most is not None

    def with_people(judge: np.ndarray) -> float:
        steps = np.round(2 * judge) / 2
        return float(np.mean([alpha(np.stack([steps, person])) or 0.0 for person in people]))

    reached = {scale: with_people(truth * scale) for scale in (0.8, 1.0, (1 + noise**2) ** 0.5, 2.0)}
    assert reached[1.0] == pytest.approx(2 * among / (1 + among), abs=0.03)
    assert max(reached.values()) == reached[(1 + noise**2) ** 0.5] == pytest.approx(most, abs=0.03)
    assert most_reachable(0.0) is None
