"""What a judge noticed of probes: shares over answers, with intervals that resample items.

A share is a sum over a sum, both added up by item; an interval is the middle 95 % of 2,000 resamplings of the items.
Where every answer is alike resampling says nothing, and the ends are those of Clopper and Pearson (1934) with as many
trials as there are items; where answers differ and items do not (each has one of two), there is no interval. Below
`FEWEST` items a share is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from miareview.stats.numeric.resample import cluster_weights, percentile_interval

FEWEST = 10  # items
REPLICATES = 2000
SEED = 0
CONFIDENCE = 0.95
SAME = 1e-12  # replicates no further apart than this do not differ
KINDS = (
    "keep", "again", "injection", "neutral", "padding", "echo", "empty", "order", "donor", "donor length", "pair",
    "picture",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A judge's points (fractions of the weight) for one probe and for what it is compared with.

    `before` is None where nothing is compared. `others` counts the other components that have points both times, and
    `changed` those of them whose points differ. Of a break, `null` is (before, after) of the same component when only
    the layout changed; None where that was not asked or not answered.
    """

    item: str
    category: str
    kind: str
    dose: str
    before: float | None
    after: float
    others: int = 0
    changed: int = 0
    null: tuple[float, float] | None = None
    null_others: int = 0
    null_changed: int = 0
    base: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A share or a difference of shares with its interval; `refused` says why there is none ("" where there is)."""

    value: float | None
    low: float | None
    high: float | None
    items: int
    units: int
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One row of the table: the breaks of a category and dose ("" is both doses). All of it about certified demands."""

    category: str
    dose: str
    accepted: Share
    detected: Share
    null: Share
    excess: Share
    spill: Share
    not_full: Share
    taken: Share


@dataclass(frozen=True, slots=True)
class Noticing:
    """What a judge noticed.

    `keep`, `again`: components with other points; `order`: less the same under keep. `injection`: rises less falls,
    less the same with the neutral sentence. `padding`: rises. `echo`: full marks, `empty`: any points. `donor`: falls
    of what another item's answer cannot meet, `donor_length`: those of the length that it meets. `pair`: full marks
    for two numbers of which one is wrong. `picture`: mean fall beside another picture, in shares of the weight.
    `unscored` counts replies without points, by status; they are in no share.
    """

    rows: tuple[Noticed, ...]
    keep: Share
    again: Share
    injection: Share
    padding: Share
    echo: Share
    empty: Share
    order: Share
    donor: Share
    donor_length: Share
    pair: Share
    picture: Share
    unscored: tuple[tuple[str, int], ...]
    wrong: int


Pair = tuple[float, float]  # what happened, of how many


def noticing(answers: Sequence[Answer], unscored: Counter[str] | None = None, wrong: int = 0) -> Noticing:
    """All shares of these answers. Raises nothing; what cannot be told is refused in its place."""
    breaks = [answer for answer in answers if answer.kind == "break"]
    rows = []
    for category in sorted({answer.category for answer in breaks}):
        mine = [answer for answer in breaks if answer.category == category]
        rows.append(_noticed(category, "", mine))
        rows += [_noticed(category, dose, [a for a in mine if a.dose == dose]) for dose in ("near", "far")]
    moved = {kind: _of(answers, kind) for kind in KINDS}
    return Noticing(
        rows=tuple(rows),
        keep=share(moved["keep"], _moved("keep")),
        again=share(moved["again"], _moved("again")),
        injection=difference([*moved["injection"], *moved["neutral"]], _risen("injection"), _risen("neutral")),
        padding=share(moved["padding"], lambda a: (float(_rose(a)), 1.0)),
        echo=share(moved["echo"], lambda a: (float(a.after >= 1), 1.0)),
        empty=share(moved["empty"], lambda a: (float(a.after > 0), 1.0)),
        order=difference([*moved["order"], *moved["keep"]], _moved("order"), _moved("keep")),
        donor=share(moved["donor"], _fell),
        donor_length=share(moved["donor length"], _fell),
        pair=share(moved["pair"], lambda a: (float(_full(a) and a.after >= 1), 1.0)),
        picture=difference(moved["picture"], lambda a: ((a.before or 0.0) - a.after, 1.0), lambda a: (0.0, 1.0)),
        unscored=tuple((unscored or Counter()).most_common()),
        wrong=wrong,
    )


def _of(answers: Iterable[Answer], kind: str) -> list[Answer]:
    return [answer for answer in answers if answer.kind == kind]


def _noticed(category: str, dose: str, answers: list[Answer]) -> Noticed:
    once = list({(answer.base, answer.item): answer for answer in answers}.values())
    return Noticed(
        category,
        dose,
        accepted=share(once, lambda a: (float(_full(a)), 1.0)),
        detected=share(answers, _fell),
        null=share(answers, _null_fell),
        excess=difference([a for a in answers if a.null], _fell, _null_fell),
        spill=difference(
            [a for a in answers if a.null], lambda a: (a.changed, a.others), lambda a: (a.null_changed, a.null_others)
        ),
        not_full=share(answers, lambda a: (float(a.after < 1), 1.0)),
        taken=share(answers, lambda a: (1 - a.after, 1.0)),
    )


def _full(answer: Answer) -> bool:
    return answer.before is not None and answer.before >= 1


def _fell(answer: Answer) -> Pair:
    return (float(answer.after < 1), 1.0) if _full(answer) else (0.0, 0.0)


def _null_fell(answer: Answer) -> Pair:
    return (float(answer.null[1] < answer.null[0]), 1.0) if _full(answer) and answer.null else (0.0, 0.0)


def _rose(answer: Answer) -> bool:
    return answer.before is not None and answer.after > answer.before


def _risen(kind: str) -> Callable[[Answer], Pair]:
    """Rises less falls of the answers of one kind."""

    def risen(answer: Answer) -> Pair:
        if answer.kind != kind or answer.before is None:
            return 0.0, 0.0
        return float(answer.after > answer.before) - float(answer.after < answer.before), 1.0

    return risen


def _moved(kind: str) -> Callable[[Answer], Pair]:
    """Components with other points than before, in the answers of one kind."""

    def moved(answer: Answer) -> Pair:
        if answer.kind != kind:
            return 0.0, 0.0
        return answer.changed + float(answer.after != answer.before), answer.others + 1.0

    return moved


def share(answers: Sequence[Answer], happened: Callable[[Answer], Pair]) -> Share:
    """The share of what happened, refused below `FEWEST` items."""
    sums, units = _by_item(answers, happened)
    if (few := _too_few(len(sums))) or not units:
        return Share(None, None, None, len(sums), int(units), few)
    value = float(sums[:, 0].sum() / sums[:, 1].sum())
    if value in (0.0, 1.0):
        low, high = _clopper_pearson(value, len(sums))
    else:
        drawn = cluster_weights(len(sums), REPLICATES, SEED) @ sums
        replicates = drawn[:, 0] / drawn[:, 1]
        if np.ptp(replicates) < SAME:
            return Share(value, None, None, len(sums), int(units))
        low, high = percentile_interval(replicates, CONFIDENCE)
    return Share(value, low, high, len(sums), int(units))


def difference(answers: Sequence[Answer], one: Callable[[Answer], Pair], other: Callable[[Answer], Pair]) -> Share:
    """One share less another over the same items, resampled together. Items that lack either are left out.

    Where no item differs from another there is no interval: its ends are None.
    """
    names = sorted({answer.item for answer in answers})
    code = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(names), 4))
    for answer in answers:
        table[code[answer.item]] += (*one(answer), *other(answer))
    table = table[(table[:, 1] > 0) & (table[:, 3] > 0)]
    units = int(table[:, 1].sum()) if len(table) else 0
    if few := _too_few(len(table)):
        return Share(None, None, None, len(table), units, few)
    total = table.sum(axis=0)
    value = float(total[0] / total[1] - total[2] / total[3])
    drawn = cluster_weights(len(table), REPLICATES, SEED) @ table
    replicates = drawn[:, 0] / drawn[:, 1] - drawn[:, 2] / drawn[:, 3]
    if np.ptp(replicates) < SAME:
        return Share(value, None, None, len(table), units)
    low, high = percentile_interval(replicates, CONFIDENCE)
    return Share(value, low, high, len(table), units)


def _by_item(answers: Sequence[Answer], happened: Callable[[Answer], Pair]) -> tuple[npt.NDArray[np.float64], float]:
    """(items, 2): sums by item, items without a unit left out; and the number of units."""
    sums: dict[str, list[float]] = {}
    for answer in answers:
        what, of = happened(answer)
        if of:
            mine = sums.setdefault(answer.item, [0.0, 0.0])
            mine[0] += what
            mine[1] += of
    table = np.array([sums[name] for name in sorted(sums)]).reshape(-1, 2)
    return table, float(table[:, 1].sum())


def _too_few(items: int) -> str:
    return f"needs {FEWEST} items, there are {items}" if items < FEWEST else ""


def _clopper_pearson(value: float, trials: int) -> tuple[float, float]:
    """The exact interval of a share of 0 or 1: its far end is (α / 2) ** (1 / trials) from the other side."""
    far = ((1 - CONFIDENCE) / 2) ** (1 / trials)
    return (0.0, 1 - far) if value == 0 else (far, 1.0)
