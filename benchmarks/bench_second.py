"""What second readings cost and bring, by simulation: readings a component, wrong labels, and whether the rate holds.

The truth, the judge and its errors are those of `bench_coverage.py`. People misread a component by a point now and
then, more often on hard items. Labels are made in five ways:

- single: one person;
- double: two people, and a third where they differ, whose word decides;
- second: one person; a second where that person and the judge differ by `--min-delta`, and on a random share of the
  rest; a third where the two differ;
- second, no share: the same without the random share;
- random: a second reading of as many responses as the two above, all by chance.

The rate is the share of components that a second reader would give other points than the first, over all responses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from bench_coverage import SCENARIOS, Scenario, Structure, draw_human, draw_judge, made_structure

from miareview.stats.agreement.second import CannotWeight, Stratum, weighted_rate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
GOAL = (0.93, 0.97)


@dataclass(frozen=True, slots=True)
class Labels:
    """Readings a component, and the share of labels that are not the truth."""

    way: str
    readings: float
    wrong: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One judge, error rate and share: the ways to label, and of the rate its mean, how often the interval holds it,
    its half-width, and what the share of the responses that were read twice would have said unweighted. In `refused` of
    the `reps` the rate was not given, because too few of the rest were drawn; the others count."""

    judge: str
    misread: float
    share: float
    reps: int
    refused: int
    labels: tuple[Labels, ...]
    rate: float
    coverage: float
    half_width: float
    unweighted: float

    @property
    def missed(self) -> bool:
        return self.refused < self.reps and not GOAL[0] <= self.coverage <= GOAL[1]


def read(truth: Ints, structure: Structure, odds: Floats, rng: np.random.Generator) -> Ints:
    """One person's points: the truth, or a point beside it with log-odds `odds` by component."""
    misread = rng.random(truth.size) < 1 / (1 + np.exp(-odds))
    step = np.where(rng.random(truth.size) < 0.5, 1, -1)
    step = np.where(truth == 0, 1, np.where(truth == structure.weight, -1, step))
    return np.where(misread, truth + step, truth)


def simulate(
    structure: Structure, judge: Scenario, misread: float, share: float, min_delta: float, reps: int, seed: int
) -> Cell:
    """`reps` benchmarks of one answer an item, labelled in every way."""
    rng = np.random.default_rng([seed, int(1000 * misread), int(1000 * share), *judge.name.encode()])
    parts = np.bincount(structure.item).astype(float)
    sums = {way: np.zeros(2) for way in ("single", "double", "second", "second, no share", "random")}
    held, widths, rates, plain, refused = 0, 0.0, 0.0, 0.0, 0
    for _ in range(reps):
        (truth,), odds_of_points = draw_human(structure, 1, rng)
        (judged,) = draw_judge(structure, judge, truth[None, :], odds_of_points, rng)
        odds = np.log(misread / (1 - misread)) + rng.normal(0, 1, structure.items)[structure.item]
        first, other, third = (read(truth, structure, odds, rng) for _ in range(3))
        apart = by_item(structure, np.abs(first - judged) >= min_delta * structure.weight) > 0
        rest = rng.permutation(np.flatnonzero(~apart))
        drawn = apart.copy()
        drawn[rest[: int(share * rest.size + 0.5)]] = True
        chance = np.zeros(structure.items, dtype=bool)
        chance[rng.permutation(structure.items)[: int(drawn.sum())]] = True
        everything, nothing = np.ones(structure.items, dtype=bool), np.zeros(structure.items, dtype=bool)
        for way, twice in (
            ("single", nothing), ("double", everything), ("second", drawn), ("second, no share", apart),
            ("random", chance),
        ):  # fmt: skip
            sums[way] += labelled(structure, truth, first, other, third, twice[structure.item])
        hits = by_item(structure, first != other)
        strata = [
            Stratum(name, hits[inside & drawn].tolist(), parts[inside & drawn].tolist(), int(inside.sum()),
                    int(parts[inside].sum()))
            for name, inside in (("differ", apart), ("rest", ~apart))
        ]  # fmt: skip
        try:
            found = weighted_rate(strata)
        except CannotWeight:
            refused += 1
            continue
        true = float(hits.sum() / parts.sum())
        held += found.low - 1e-12 <= true <= found.high + 1e-12
        widths += (found.high - found.low) / 2
        rates += true
        plain += float(hits[drawn].sum() / parts[drawn].sum())
    labels = tuple(Labels(way, *(total / reps).tolist()) for way, total in sums.items())
    given = max(reps - refused, 1)
    return Cell(
        judge.name, misread, share, reps, refused, labels, rates / given, held / given, widths / given, plain / given
    )


def labelled(
    structure: Structure, truth: Ints, first: Ints, other: Ints, third: Ints, twice: Bools
) -> tuple[float, float]:
    """Readings a component and share of wrong labels, where the components in `twice` are read a second time."""
    disputed = twice & (first != other)
    label = np.where(disputed, third, first)
    readings = 1 + float(twice.mean()) + float(disputed.mean())
    return readings, float((label != truth).mean())


def by_item(structure: Structure, yes: Bools) -> Floats:
    """How many components of each item."""
    return np.bincount(structure.item, weights=yes, minlength=structure.items)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=2000, help="benchmarks a cell")
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--min-delta", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    structure = made_structure(given.items)
    cells = [
        simulate(structure, judge, misread, share, given.min_delta, given.reps, given.seed)
        for judge in SCENARIOS
        for misread in (0.04, 0.1)
        for share in (0.1, 0.3)
    ]
    missed = [cell for cell in cells if cell.missed]
    if given.json:
        print(json.dumps([asdict(cell) for cell in cells], indent=1))
        return int(bool(missed))
    ways = [one.way for one in cells[0].labels]
    print(f"{given.items} items, {structure.weight.size} components, min-delta {given.min_delta:g}")
    print(f"{given.reps} replications, seed {given.seed}")
    print("readings a component / wrong labels")
    print(f"{'judge':<10} {'misread':>7} {'share':>5}  " + "  ".join(f"{way:>16}" for way in ways))
    for cell in cells:
        told = "  ".join(f"{f'{one.readings:.2f} / {100 * one.wrong:.1f} %':>16}" for one in cell.labels)
        print(f"{cell.judge:<10} {cell.misread:>7.2f} {cell.share:>5.1f}  {told}")
    print("\nthe share of components on which a second reader differs: true, held, half-width, unweighted")
    for cell in cells:
        told = (
            "refused in all"
            if cell.refused == cell.reps
            else (
                f"{cell.rate:.3f}  {100 * cell.coverage:5.1f} %  {cell.half_width:.4f}  {cell.unweighted:.3f}"
                + (f"  refused in {cell.refused} of {cell.reps}" if cell.refused else "")
                + ("  MISSED" if cell.missed else "")
            )
        )
        print(f"{cell.judge:<10} {cell.misread:>7.2f} {cell.share:>5.1f}  {told}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
