"""The agreement table: judge against people and people against people, overall and by group.

Judge against people takes every reviewer's score of a component as one unit with two ratings, the judge's and that
reviewer's; gold is not used there, as it may have been settled with the judge in sight, but the judge and every person
are held against it in rows of their own, and the judge against other judges. People against people takes every
component that two or more have scored. Intervals resample items.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from miareview.stats.agreement import alpha_intervals, bland_altman, concordance, icc, joint
from miareview.stats.agreement.ceiling import alternative, prevalence_flags
from miareview.stats.agreement.chance import conger_kappa, gwet_multi, tally
from miareview.stats.agreement.group import AgreementTable, Group, Kind
from miareview.stats.agreement.totals import Level, coded, snap
from miareview.stats.flags import Flag
from miareview.stats.frame import Frame
from miareview.stats.numeric.resample import Bools, Floats, Ints, cluster_mean_interval, distinct, encode
from miareview.stats.standing import counted, standings

__all__ = ["DIMENSIONS", "AgreementTable", "Group", "Pairs", "agreement_table"]

DIMENSIONS = ("category", "model", "difficulty", "weight", "reviewer")
_LEVELS: tuple[Level, ...] = ("interval", "ordinal", "nominal")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of scores of components: `first` and `second` (pairs,), the cell each is of, and the human's row."""

    first: Floats
    second: Floats
    cell: Ints
    reviewer: Ints

    def where(self, mask: Bools) -> Pairs:
        return Pairs(self.first[mask], self.second[mask], self.cell[mask], self.reviewer[mask])


def agreement_table(
    frame: Frame,
    by: Sequence[str] = (),
    *,
    include_assisted: bool = False,
    confidence: float = 0.95,
) -> AgreementTable:
    """Agreement overall, then within each value of each dimension in `by` (each on its own, not crossed).

    Only blind scores count unless `include_assisted`. A group that is too small has None where a number cannot be
    given. Gold and other judges are compared where the frame has any; people with gold, and other judges, overall
    only. Raises ValueError on an unknown dimension.
    """
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise ValueError(f"Unknown grouping {unknown[0]!r}: choose from {', '.join(DIMENSIONS)}.")
    table = _Table(frame, include_assisted, confidence)
    everything = np.ones(frame.response.size, dtype=bool)
    found: list[Group] = []
    for label, cells, reviewer in [({}, everything, None), *_splits(frame, by)]:
        found.extend(table.groups(label, cells, reviewer))
        if reviewer is None and frame.gold.present.any():
            found.append(table.gold_group(label, cells))
    found += [table.person_with_gold(row) for row in range(len(frame.reviewers)) if table.has_gold(row)]
    found += [table.other_group(row) for row in range(len(frame.other_judges))]
    found = table.with_alpha(found)
    with_people = ("judge-human", "human-human")
    return AgreementTable(
        frame.columns.judge,
        tuple(group for group in found if group.kind in with_people),
        tuple(frame.columns.left_out) + table.left_out(),
        tuple(group for group in found if group.kind not in with_people),
        alternative(frame, table.ratings, table.ungradable),
        counted(standings(frame)),
        frame.columns.relabelled,
    )


def _splits(frame: Frame, by: Iterable[str]) -> list[tuple[dict[str, str], Bools, int | None]]:
    """Label, cells and reviewer (None = all) of each group."""
    everything = np.ones(frame.response.size, dtype=bool)
    splits: list[tuple[dict[str, str], Bools, int | None]] = []
    for name in by:
        if name == "reviewer":
            splits += [({name: who}, everything, row) for row, who in enumerate(frame.reviewers)]
        elif name == "model":
            splits += [({name: model}, frame.model == code, None) for code, model in enumerate(frame.columns.models)]
        elif name == "weight":
            splits += [({name: f"{weight:g}"}, frame.weight == weight, None) for weight in _weights(frame.weight)]
        elif name == "category":
            splits += [({name: value}, frame.category == value, None) for value in frame.categories]
        else:
            splits += [({name: value}, frame.difficulty == value, None) for value in frame.difficulties]
    return splits


class _Table:
    """The ratings that count, chosen once, and one group's measures at a time."""

    def __init__(self, frame: Frame, include_assisted: bool, confidence: float) -> None:
        self.frame = frame
        self.blind_only = not include_assisted
        self.confidence = confidence
        self.has_blind = ~np.isnan(frame.blind) | frame.blind_ungradable
        self.has_assisted = ~np.isnan(frame.assisted) | frame.assisted_ungradable
        self.ratings, self.ungradable = frame.blind, frame.blind_ungradable
        if include_assisted:
            self.ratings = np.where(self.has_blind, frame.blind, frame.assisted)
            self.ungradable = np.where(self.has_blind, frame.blind_ungradable, frame.assisted_ungradable)
        latest = np.where(self.has_assisted, frame.assisted, frame.blind)
        self.sampled = frame.sampled[frame.response]
        self.judged = self.pairs_with_judge(self.ratings)
        self.overrides = self.pairs_with_judge(latest)
        self.rated: list[tuple[Floats, Ints, Floats]] = []

    def pairs_with_judge(self, ratings: Floats) -> Pairs:
        reviewer, cell = np.nonzero(~np.isnan(ratings) & ~np.isnan(self.frame.judge)[None, :])
        return Pairs(self.frame.judge[cell], ratings[reviewer, cell], cell, reviewer)

    def groups(self, label: dict[str, str], cells: Bools, reviewer: int | None) -> list[Group]:
        found = [self.judge_group(label, cells, reviewer)]
        if reviewer is None:
            people = self.people_group(label, cells)
            if people is not None:
                found.append(people)
        return found

    def judge_group(self, label: dict[str, str], cells: Bools, reviewer: int | None) -> Group:
        def chosen(pairs: Pairs) -> Pairs:
            mask = cells[pairs.cell]
            return pairs.where(mask if reviewer is None else mask & (pairs.reviewer == reviewer))

        pairs = chosen(self.judged)
        person = "human" if reviewer is None else self.frame.reviewers[reviewer]
        ratings = np.vstack([pairs.first, pairs.second])
        raters = (self.frame.columns.judge or "judge", person)
        overrides = chosen(self.overrides)
        return self.measure(label, "judge-human", raters, pairs, ratings, pairs.cell, overrides)

    def gold_group(self, label: dict[str, str], cells: Bools) -> Group:
        gold = self.frame.gold.value
        cell = np.flatnonzero(cells & ~np.isnan(gold) & ~np.isnan(self.frame.judge))
        blind = not self.frame.gold_seen[cell].any()
        return self.of_gold(replace(self.against("judge-gold", label, "gold", gold, cell), blind_only=blind), cells)

    def of_gold(self, group: Group, cells: Bools) -> Group:
        """A group beside gold: representative only where all of the sample is settled; disputes are settled first."""
        covered = self.frame.gold.present[cells & self.sampled & self.frame.human.present].all()
        return replace(group, representative=group.representative and bool(covered))

    def has_gold(self, reviewer: int) -> bool:
        return bool((~np.isnan(self.frame.gold.value) & ~np.isnan(self.ratings[reviewer])).any())

    def person_with_gold(self, reviewer: int) -> Group:
        """What a person gave against what was settled, where both gave points: a person is severe or lenient as a
        judge is."""
        given, gold = self.ratings[reviewer], self.frame.gold.value
        cell = np.flatnonzero(~np.isnan(given) & ~np.isnan(gold))
        pairs = Pairs(given[cell], gold[cell], cell, np.full(cell.size, reviewer))
        raters = (self.frame.reviewers[reviewer], "gold")
        found = self.measure({}, "human-gold", raters, pairs, np.vstack([pairs.first, pairs.second]), cell, None)
        return self.of_gold(found, np.ones(gold.size, dtype=bool))

    def other_group(self, row: int) -> Group:
        """The chosen judge against another; representative where both have scored every answer."""
        other = self.frame.others[row]
        both = ~np.isnan(other) & ~np.isnan(self.frame.judge)
        all_answers = bool(both[self.frame.ok[self.frame.response]].all())
        name = self.frame.other_judges[row]
        found = self.against("judge-judge", {}, name, other, np.flatnonzero(both))
        return replace(found, blind_only=True, representative=all_answers and found.units > 0)

    def against(self, kind: Kind, label: dict[str, str], name: str, other: Floats, cell: Ints) -> Group:
        pairs = Pairs(self.frame.judge[cell], other[cell], cell, np.zeros(cell.size, dtype=np.int64))
        raters = (self.frame.columns.judge or "judge", name)
        return self.measure(label, kind, raters, pairs, np.vstack([pairs.first, pairs.second]), cell, None)

    def people_group(self, label: dict[str, str], cells: Bools) -> Group | None:
        """All pairs of reviewers within a component; None where no component has two."""
        shared = np.flatnonzero(cells & ((~np.isnan(self.ratings)).sum(axis=0) >= 2))
        if not shared.size:
            return None
        ratings = self.ratings[:, shared]
        rows = np.flatnonzero((~np.isnan(ratings)).any(axis=1))
        parts = []
        for a, b in combinations(rows, 2):
            both = np.flatnonzero(~np.isnan(ratings[a]) & ~np.isnan(ratings[b]))
            parts.append(
                Pairs(ratings[a, both], ratings[b, both], shared[both], np.full(both.size, a * len(ratings) + b))
            )
        pairs = Pairs(
            np.concatenate([part.first for part in parts]),
            np.concatenate([part.second for part in parts]),
            np.concatenate([part.cell for part in parts]),
            np.concatenate([part.reviewer for part in parts]),
        )
        raters = tuple(self.frame.reviewers[row] for row in rows)
        return self.measure(label, "human-human", raters, pairs, ratings, shared, None)

    def measure(
        self,
        label: dict[str, str],
        kind: Kind,
        raters: tuple[str, ...],
        pairs: Pairs,
        ratings: Floats,
        cells: Ints,
        overrides: Pairs | None,
    ) -> Group:
        frame = self.frame
        weight = frame.weight[pairs.cell]
        gap = pairs.first - pairs.second
        marks = snap(np.vstack([pairs.first, pairs.second]))
        same = marks[0] == marks[1]
        possible = _possible(weight, marks)
        first, second = self.item_scores(pairs)
        people = kind == "human-human"
        if people:  # each pair both ways round, so that nobody is the first rater (Fisher 1925)
            first, second = np.concatenate([first, second]), np.concatenate([second, first])
        bias: tuple[float | None, float | None, float | None] = (None, None, None)
        if gap.size and len(raters) == 2:
            bias = cluster_mean_interval(gap, frame.item[pairs.cell], self.confidence)
        confusion, rounded = _confusion(marks, weight)
        self.rated.append((ratings, frame.item[cells], marks))
        exact = _share(same)
        single = {
            **(_of_people(ratings, possible) if people else _of_pairs(pairs, possible)),
            "ccc": concordance(first, second),
            "icc21": icc(np.vstack([first, second])),
        }
        by_weight = _people_by_weight(ratings, frame.weight[cells]) if people else _kappa_by_weight(pairs, weight)
        return Group(
            by=label,
            raters=raters,
            units=int(cells.size),
            items=int(distinct(frame.item[cells]).size),
            blind_only=self.blind_only,
            representative=bool(cells.size) and bool(self.sampled[cells].all()),
            alpha={},
            **single,
            bias=bias,
            mae=_share(np.abs(gap)),
            exact=exact,
            within_one_point=_share(np.abs(gap) * weight <= 1.0 + 1e-9),
            override_rate=None if overrides is None else _share(snap(overrides.first) != snap(overrides.second)),
            confusion=confusion,
            rounded=rounded,
            kind=kind,
            kappa_by_weight=by_weight,
            bland_altman=bland_altman(first, second) if not label and len(raters) == 2 and gap.size else None,
            undefined={name: _why(name, gap.size, first.size) for name, value in single.items() if value is None},
            flags=(),
        )

    def with_alpha(self, groups: list[Group]) -> list[Group]:
        """The groups, in the order they were measured, with alpha and its intervals."""
        rated = [(ratings, items) for ratings, items, _ in self.rated]
        alphas = alpha_intervals(rated, _LEVELS, confidence=self.confidence)
        return [
            replace(
                group, alpha={level: alpha[level] for level in _LEVELS},
                flags=prevalence_flags(marks, group.exact, alpha["interval"].value),
            )
            for group, alpha, (_, _, marks) in zip(groups, alphas, self.rated, strict=True)
        ]  # fmt: skip

    def item_scores(self, pairs: Pairs) -> tuple[Floats, Floats]:
        """Both raters' points / weights of a response, over the components of the group that both have scored."""
        if not pairs.cell.size:
            return np.empty(0), np.empty(0)
        response = self.frame.response[pairs.cell]
        unit, count = encode(pairs.reviewer * (int(response.max()) + 1) + response)
        weight = self.frame.weight[pairs.cell]
        total = np.bincount(unit, weights=weight, minlength=count)
        first = np.bincount(unit, weights=pairs.first * weight, minlength=count) / total
        second = np.bincount(unit, weights=pairs.second * weight, minlength=count) / total
        return first, second

    def left_out(self) -> tuple[tuple[str, int], ...]:
        frame = self.frame
        given = ~np.isnan(self.ratings)
        counts = [
            ("no_judge_reading", int((given & np.isnan(frame.judge)[None, :]).sum())),
            ("reviewer_ungradable", int((frame.blind_ungradable | frame.assisted_ungradable).sum())),
        ]
        if self.blind_only:
            seen = int((~np.isnan(frame.assisted) & ~self.has_blind).sum())
            counts.append(("seen_only", seen))
        return tuple((code, count) for code, count in counts if count)


def _of_pairs(pairs: Pairs, possible: Floats) -> dict[str, float | None]:
    """Kappa and Gwet's coefficients of two lists that belong together."""
    if not pairs.first.size:
        return dict.fromkeys(("kappa_quadratic", "ac1", "ac2"))
    found = joint(pairs.first, pairs.second, possible)
    return {"kappa_quadratic": found.kappa("quadratic"), "ac1": found.gwet(), "ac2": found.gwet("quadratic")}


def _of_people(ratings: Floats, possible: Floats) -> dict[str, float | None]:
    """The same of several people (people, units), in any order, with Conger's kappa."""
    found = tally(ratings[(~np.isnan(ratings)).any(axis=1)], possible)
    return {
        "kappa_quadratic": conger_kappa(found, quadratic=True),
        "ac1": gwet_multi(found),
        "ac2": gwet_multi(found, quadratic=True),
    }


def _people_by_weight(ratings: Floats, weight: Floats) -> dict[str, float | None]:
    """Conger's quadratic kappa of people (people, units) among components of one weight."""
    found: dict[str, float | None] = {}
    for value in _weights(weight):
        some = ratings[:, weight == value]
        given = some[(~np.isnan(some)).any(axis=1)]
        found[f"{value:g}"] = conger_kappa(tally(given), quadratic=True)  # what nobody gave does not matter
    return found


def _share(values: Floats | Bools) -> float | None:
    return float(values.mean()) if values.size else None


def _possible(weight: Floats, marks: Floats) -> Floats:
    """Every fraction that could have been given: the whole points of the weights, and what was given besides."""
    whole = [snap(np.arange(w + 1) / w) for w in _weights(weight)]
    return distinct(np.concatenate([*whole, coded(marks)[0]])) / 60.0 if whole else np.empty(0)


def _kappa_by_weight(pairs: Pairs, weight: Floats) -> dict[str, float | None]:
    """Quadratic kappa among components of one weight, where the points are one scale."""
    found: dict[str, float | None] = {}
    for value in _weights(weight):
        some = pairs.where(weight == value)
        # Quadratic kappa of two complete lists is Lin's coefficient with moments over n; that needs no table.
        found[f"{value:g}"] = concordance(some.first, some.second)
    return found


def _weights(weight: Floats) -> list[int]:
    """The different weights, which are whole points."""
    found: list[int] = distinct(weight.astype(np.int64)).tolist()
    return found


def _why(measure: str, pairs: int, responses: int) -> Flag:
    """Why a measure is None."""
    if not pairs:
        return Flag("nothing_both")
    return Flag("one_response" if measure in ("ccc", "icc21") and responses < 2 else "all_same")


def _confusion(marks: Floats, weight: Floats) -> tuple[dict[str, list[list[int]]], int]:
    tables: dict[str, list[list[int]]] = {}
    rounded = 0
    for value in _weights(weight):
        inside = weight == value
        size = int(value) + 1
        points = marks[:, inside] / 60.0 * value
        # Halves go up, where rint would send 0.5 down and 1.5 up.
        first, second = (np.clip(np.floor(p + 0.5 + 1e-9), 0, value).astype(np.int64) for p in points)
        rounded += int((np.abs(points - np.rint(points)) > 1e-6).any(axis=0).sum())
        counts = np.bincount(first * size + second, minlength=size * size)
        tables[f"{value:g}"] = counts.reshape(size, size).tolist()
    return tables, rounded
