"""The sections on agreement: judge and people, people among themselves, confusion, bias, and item scores."""

from __future__ import annotations

from math import ceil

from miareview.report.contents import Audit
from miareview.report.document import FEW, Block, Cell, Figure, Prose, Section, Table, items_cell, span
from miareview.report.plots import Value, interval_plot, scatter_plot
from miareview.stats.agreement.table import Group
from miareview.words.agreement import TOO_FEW_TWICE, reach
from miareview.words.flags import say
from miareview.words.numbers import NONE, count, number


def split_groups(audit: Audit) -> tuple[list[Group], list[Group]]:
    """The groups of judge against people, and of people against people; each label's first is the judge's."""
    judge: dict[tuple[str, ...], Group] = {}
    people: list[Group] = []
    for group in audit.agreement.groups:
        label = tuple(group.by.values())
        if label in judge:
            people.append(group)
        else:
            judge[label] = group
    return list(judge.values()), people


def _label(group: Group) -> str:
    return ", ".join(group.by.values()) or "all"


def agreement_section(audit: Audit) -> Section:
    """Alpha and its companions, overall and by category, and alpha as a plot."""
    judge, people = split_groups(audit)
    if not any(group.units for group in judge):
        return Section("agreement", "Agreement", (Prose("Nobody has committed a blind review, so none can be given."),))
    among = {_label(group): group for group in people}
    rows = []
    for group in judge:
        rows.append(_agreement_row(group, "judge – people"))
        if _label(group) in among:
            rows.append(_agreement_row(among[_label(group)], "among people"))
    blocks: list[Block] = []
    plot = interval_plot(
        "plot-alpha",
        "Krippendorff's alpha by category",
        "For all components and for each category, alpha of judge and people and alpha among people, with 95 %"
        " intervals where there are any.",
        [
            (
                _label(group),
                f"{number(group.alpha['interval'].value)} · {count(group.items, 'item')}",
                group.items < FEW,
                [
                    _alpha_value(group, "judge"),
                    *([_alpha_value(among[_label(group)], "people")] if _label(group) in among else []),
                ],
            )
            for group in judge
            if group.units
        ],
        (("judge", "judge – people"), *((("people", "among people"),) if people else ())),
        (-1.0, 1.0),
        zero=True,
    )
    if plot:
        blocks.append(
            Figure("Krippendorff's α (interval level); 1 is perfect agreement, 0 is what chance gives.", plot)
        )
    blocks.append(
        Table(
            "Agreement on components, overall and by category; blind scores only.",
            (
                "group",
                "raters",
                "items",
                "units",
                "α interval",
                "α ordinal",
                "α nominal",
                "κ quadratic",
                "AC1",
                "exact",
            ),
            tuple(rows),
            left=2,
            notes=(
                "units: components with two ratings, times reviewers. α: Krippendorff's alpha on points / weight,"
                " with its"
                " 95 % interval. κ: Cohen's, quadratic weights. AC1: Gwet's. exact: share of equal points.",
                "Where nearly all marks are the same, α can be low while nearly all are exact: read it beside AC1.",
                *_not_drawn(judge),
            ),
        )
    )
    return Section("agreement", "Agreement", tuple(blocks))


def _not_drawn(groups: list[Group]) -> tuple[str, ...]:
    if all(group.representative for group in groups if group.units):
        return ("All of these scores stand in the random samples, so they speak for all answers.",)
    return ("Some reviews were not drawn at random: the figures describe what was reviewed, not all answers.",)


def _alpha_value(group: Group, kind: str) -> Value:
    found = group.alpha["interval"]
    return Value("judge" if kind == "judge" else "people", found.value, found.low, found.high)


def _agreement_row(group: Group, raters: str) -> tuple[Cell, ...]:
    found = group.alpha["interval"]
    few = group.items < FEW
    plain = [found.value, group.alpha["ordinal"].value, group.alpha["nominal"].value]
    whys = [found.why, *(group.alpha[level].why for level in ("ordinal", "nominal"))]
    alphas = [
        Cell(
            number(value),
            span(found.low, found.high) if place == 0 else "",
            (_sentence(say(why)),) if why and (place == 0 or value is None) else (),
            few,
        )
        for place, (value, why) in enumerate(zip(plain, whys, strict=True))
    ]
    rest = [_measure(group, value) for value in (group.kappa_quadratic, group.ac1, group.exact)]
    return (
        Cell(_label(group)), Cell(raters), items_cell(group.items), Cell(f"{group.units:,}"), *alphas, *rest,
    )  # fmt: skip


def _measure(group: Group, value: float | None, signed: bool = False, sub: str = "") -> Cell:
    few = group.items < FEW
    if value is not None:
        return Cell(number(value, signed), sub, few=few)
    why = "Undefined: all ratings are one and the same value." if group.units else "Nothing was scored by both."
    return Cell(NONE, notes=(why,), few=few)


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith(".") else ".")


def ceiling_section(audit: Audit) -> Section:
    """How far people agree among themselves: what a judge could reach at best."""
    judge, people = split_groups(audit)
    overall = next((group for group in people if not group.by), None)
    if overall is None:
        return Section("ceiling", "How far people agree", (Prose(TOO_FEW_TWICE),))
    mine = judge[0].alpha["interval"]
    text = (
        f"{reach(overall)} Between judge and people α is {_with_span(mine.value, mine.low, mine.high)}, over"
        f" {count(judge[0].units, 'unit')} of {count(judge[0].items, 'item')}. The two are not of the same components,"
        " so their difference is a hint and no test."
    )
    return Section("ceiling", "How far people agree", (Prose(text),))


def _with_span(value: float | None, low: float | None, high: float | None) -> str:
    return number(value) + (f" ({span(low, high)})" if low is not None else "")


def bias_section(audit: Audit) -> Section:
    """Leniency by category, with MAE and the shares of near and of changed scores."""
    groups = [group for group in split_groups(audit)[0] if group.units]
    if not groups:
        return Section("bias", "Bias by category", (Prose("There is no component that judge and people both scored."),))
    plot = interval_plot(
        "plot-bias",
        "Bias of the judge by category",
        "For all components and for each category, the mean of judge − people with its 95 % interval; right of zero the"
        " judge is lenient.",
        [
            (
                _label(group),
                f"{number(group.bias[0], True)} · {count(group.items, 'item')}",
                group.items < FEW,
                [Value("judge", *group.bias)],
            )
            for group in groups
        ],
        (("judge", "judge − people, 95 % interval"),),
        (-1.0, 1.0),
        zero=True,
    )
    rows = []
    for group in groups:
        bias, low, high = group.bias
        first = _measure(group, bias, True, span(low, high, True))
        if bias is not None and low is None:
            why = "all ratings are of one item" if group.items < 2 else "the difference does not vary"
            first = Cell(first.text, notes=(f"No interval: {why}.",), few=first.few)
        others = [
            _measure(group, value) for value in (group.mae, group.exact, group.within_one_point, group.override_rate)
        ]
        rows.append((Cell(_label(group)), items_cell(group.items), Cell(f"{group.units:,}"), first, *others))
    table = Table(
        "Bias of the judge, blind scores only; fractions of 1.",
        ("group", "items", "units", "bias", "MAE", "exact", "within one point", "override rate"),
        tuple(rows),
        notes=(
            "bias: mean of judge − people, + is lenient. MAE: mean absolute difference, where errors of both signs"
            " count.",
            "override rate: share of the reviewed components whose latest human score is not the judge's, those given"
            " with"
            " the judge in sight included; it is no measure of disagreement.",
        ),
    )
    figure = [Figure("Bias: to the right of zero the judge is lenient.", plot)] if plot else []
    return Section("bias", "Bias by category", (*figure, table))


def confusion_section(audit: Audit) -> Section:
    """Points by points, one table a weight."""
    overall = split_groups(audit)[0][0]
    if not overall.confusion:
        return Section(
            "confusion", "Points by points", (Prose("There is no component that judge and people both scored."),)
        )
    blocks: list[Block] = [
        Prose(
            "The judge's points down, people's across, one table for every weight; counts of blind scores. Above the"
            " diagonal the judge is strict, below it lenient."
            + (
                f" {count(overall.rounded, 'score')} between whole points went to the nearer one."
                if overall.rounded
                else ""
            )
        )
    ]
    for weight, counts in overall.confusion.items():
        most = max(max(row) for row in counts) or 1
        total = sum(map(sum, counts))
        blocks.append(
            Table(
                f"Weight {weight} · {count(total, 'unit')}",
                ("judge \\ people", *(str(points) for points in range(len(counts)))),
                tuple(
                    (
                        Cell(str(points)),
                        *(Cell(str(n) if n else "·", shade=f"h{ceil(8 * n / most)}" if n else "") for n in row),
                    )
                    for points, row in enumerate(counts)
                ),
                compact=True,
            )
        )
    return Section("confusion", "Points by points", tuple(blocks))


def item_scores_section(audit: Audit) -> Section:
    """Bland and Altman's plot of whole responses."""
    pairs, found = audit.item_scores.pairs, audit.item_scores.summary
    title = "Item scores"
    if len(pairs) < 3 or found.bias is None:
        return Section(
            "item-scores", title, (Prose("Fewer than three responses were scored whole by judge and people."),)
        )
    slope = "is undefined" if found.slope is None else f"is {number(found.slope, True)}"
    text = (
        f"Over {count(len(pairs), 'response')} that judge and people scored whole, the judge gives"
        f" {number(found.bias, True)}"
        f" on average; 95 % of the differences are expected from {span(found.low, found.high, True)} (limits of"
        f" agreement, bias ∓ 1.96 s)."
        f" The slope of difference on mean {slope}: a slope means that the judge's bias is not the same for good and"
        f" for"
        " poor answers. Near full marks the judge can only be lenient, so the cloud narrows there."
    )
    plot = scatter_plot(
        "plot-item-scores",
        "Judge − people over their mean, item scores",
        f"{len(pairs)} responses; the bias is {number(found.bias, True)}, the limits of agreement are"
        f" {span(found.low, found.high, True)}.",
        pairs,
        (
            (0.0, "", "zero"),
            (found.bias, "bias", "bias"),
            (found.low, "lower limit", "limit"),
            (found.high, "upper limit", "limit"),
        ),
        "mean of judge and people",
        "judge − people",
    )
    figure = Figure("A dot is a response, a larger one several; broken lines are the limits of agreement.", plot)
    return Section("item-scores", title, (Prose(text), figure))
