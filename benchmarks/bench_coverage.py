"""Coverage of corrected scores by simulation on a benchmark's real structure (weights and categories).

Every replication draws a human and a judge for all items, reviews n of them at random and asks whether the 95 %
interval holds the mean human score of these very items. Human and judge are simulated; their figures are printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from miareview.formats.detect import read_file
from miareview.stats.correction import CannotEstimate, corrected_domain, corrected_mean
from miareview.stats.correction.estimate import GUARD
from miareview.stats.numeric.student import t_margin

EXAMPLE = """example:
  python benchmarks/bench_coverage.py ../shared/mia-bench/instruction_benchmark_all.json --ppi-python PYTHON
"""
SIZES = (30, 50, 100, 200)
BATCH = 100
Ends = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Structure:
    """Components of a benchmark: weight, category and item of each, items numbered from 0 in order."""

    weight: npt.NDArray[np.int64]
    category: npt.NDArray[np.str_]
    item: npt.NDArray[np.int64]

    @property
    def items(self) -> int:
        return int(self.item[-1]) + 1

    def item_scores(self, points: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Points / weights by item: (replications, components) to (replications, items)."""
        starts = np.searchsorted(self.item, np.arange(self.items))
        scores: npt.NDArray[np.float64] = np.add.reduceat(points, starts, axis=1) / np.add.reduceat(self.weight, starts)
        return scores


@dataclass(frozen=True, slots=True)
class Scenario:
    """How the judge errs. It marks a component anew with log-odds `anew` (`item_spread`: more so on some items;
    `hard`: more so in length_limit and math), with the human's log-odds of a point raised by `lenient` -/+ `noise`;
    apart from that it slips by one point with probability `slip`, upwards with probability `up`.
    """

    name: str
    anew: float
    item_spread: float
    hard: float
    lenient: float
    noise: float
    slip: float
    up: float


# Fitted to: judge bias .053, .009, .039; item correlation .73, .96, .82; sd of human - judge .120, .047, .100; and the
# shares of components and of items without any difference.
SCENARIOS = (
    Scenario("typical", -0.61, 0.98, 0.0, 1.80, 0.54, 0.583, 0.86),
    Scenario("goodjudge", -2.23, 0.20, 0.0, 1.98, 1.05, 0.0, 0.5),
    Scenario("hetero", -2.33, 2.44, 1.65, 1.56, 0.86, 0.463, 0.871),
)
HUMAN = (2.58, 0.95, 1.6)  # log-odds of a point: mean, spread between items, spread between components


def read_structure(path: Path) -> Structure:
    """The structure of a benchmark file."""
    items = read_file(path, "benchmark").items
    return Structure(
        np.array([part.weight for item in items for part in item.components]),
        np.array([part.category for item in items for part in item.components]),
        np.array([number for number, item in enumerate(items) for _ in item.components]),
    )


def made_structure(items: int, seed: int = 1) -> Structure:
    """A structure of about MIA-Bench's proportions: 2 to 4 components, 10 points an item, eight categories."""
    rng = np.random.default_rng(seed)
    splits = ((6, 4), (5, 5), (4, 3, 3), (4, 4, 2), (3, 3, 2, 2))
    chosen = [splits[k] for k in rng.choice(5, items, p=[0.48, 0.02, 0.34, 0.06, 0.10])]
    names = ("describe", "mention", "length_limit", "linguistics", "grammar", "textual", "math", "perspective")
    weight = np.array([points for split in chosen for points in split])
    share = np.array([311, 221, 213, 140, 72, 40, 31, 10]) / 1038
    return Structure(weight, rng.choice(names, weight.size, p=share), np.repeat(np.arange(items), [*map(len, chosen)]))


def simulate(
    structure: Structure, scenario: Scenario, count: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Whole points of judge and human, (count, components) each."""
    human, odds = draw_human(structure, count, rng)
    return draw_judge(structure, scenario, human, odds, rng), human


def draw_human(
    structure: Structure, count: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Whole points of the human and the log-odds behind them, (count, components) each."""
    mean, between, within = HUMAN
    odds = mean + between * _by_item(structure, count, rng) + within * rng.normal(size=(count, structure.weight.size))
    return rng.binomial(structure.weight, _share(odds)), odds


def draw_judge(
    structure: Structure,
    scenario: Scenario,
    human: npt.NDArray[np.int64],
    odds: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Whole points of a judge that looks at what the human scored, (count, components)."""
    hard = scenario.hard * np.isin(structure.category, ["length_limit", "math"])
    draw = rng.random(human.shape)
    anew = draw < _share(scenario.anew + scenario.item_spread * _by_item(structure, human.shape[0], rng) + hard)
    marked = rng.binomial(
        structure.weight, _share(odds + scenario.lenient + scenario.noise * rng.normal(size=human.shape))
    )
    judge = np.where(anew, marked, human)
    step = (rng.random(human.shape) < scenario.slip) * np.where(rng.random(human.shape) < scenario.up, 1, -1)
    clipped: npt.NDArray[np.int64] = np.clip(judge + step, 0, structure.weight)
    return clipped


def _by_item(structure: Structure, count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    effects: npt.NDArray[np.float64] = rng.normal(size=(count, structure.items))[:, structure.item]
    return effects


def _share(odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-odds))
    return share


def populations(
    structure: Structure, scenario: Scenario, replications: int, seed: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Judge's points, human's points (components,) and a random order of the items, one a replication."""
    rng = np.random.default_rng([seed, *scenario.name.encode()])
    for start in range(0, replications, BATCH):
        judge, human = simulate(structure, scenario, min(BATCH, replications - start), rng)
        for one, other in zip(judge, human, strict=True):
            yield one, other, rng.permutation(structure.items)


def figures(structure: Structure, scenario: Scenario, seed: int) -> dict[str, float]:
    """What the generator gives, over 100 populations."""
    judge, human = simulate(structure, scenario, BATCH, np.random.default_rng(seed))
    f, y = structure.item_scores(judge), structure.item_scores(human)
    parts = [(a / structure.weight, b / structure.weight) for a, b in zip(judge, human, strict=True)]
    return {
        "human mean": float(y.mean()),
        "judge bias": float((f - y).mean()),
        "item correlation": float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(f, y, strict=True)])),
        "component correlation": float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in parts])),
        "components exact": float((judge == human).mean()),
        "items exact": float((np.abs(f - y) < 1e-9).mean()),
        "sd human": float(y.std(axis=1, ddof=1).mean()),
        "sd human - judge": float((y - f).std(axis=1, ddof=1).mean()),
    }


def estimates(judge: Ends, human: Ends, drawn: npt.NDArray[np.int64]) -> dict[str, tuple[float, float, float]]:
    """(value, low, high) of each estimator for one sample of items."""
    known = np.full(human.size, np.nan)
    known[drawn] = human[drawn]
    found = {}
    for name, guard in (("corrected (default)", GUARD), ("corrected, guard=0", 0.0)):
        made = corrected_mean(judge, known, guard=guard)
        found[name] = (made.value, made.low, made.high)
    mixed = np.where(np.isnan(known), judge, known)
    found["with overrides, 1.96 se"] = _around(mixed.mean(), 1.96 * mixed.std(ddof=1) / np.sqrt(mixed.size))
    seen = human[drawn]
    left = np.sqrt((1 - seen.size / human.size) / seen.size)
    found["human only, t"] = _around(seen.mean(), t_margin(0.95, seen.size - 1) * seen.std(ddof=1) * left)
    return found


def _around(value: float, half: float) -> tuple[float, float, float]:
    return float(value), float(value - half), float(value + half)


@dataclass(frozen=True, slots=True)
class Row:
    """One estimator at one n: mean error, root mean square error, coverage of the benchmark's mean, half-width."""

    estimator: str
    n: int
    bias: float
    rmse: float
    coverage: float
    half_width: float


def summarise(estimator: str, n: int, ends: Ends, truth: Ends) -> Row:
    """`ends` (replications, 3) against `truth` (replications,)."""
    error = ends[:, 0] - truth
    held = (ends[:, 1] - 1e-12 <= truth) & (truth <= ends[:, 2] + 1e-12)
    half = (ends[:, 2] - ends[:, 1]) / 2
    return Row(
        estimator, n, float(error.mean()), float(np.sqrt((error**2).mean())), float(held.mean()), float(half.mean())
    )


def coverage(
    structure: Structure, scenario: Scenario, sizes: Sequence[int], replications: int, seed: int, ppi: str | None = None
) -> list[Row]:
    """All estimators at all sizes, each replication's samples nested; `ppi` is a Python that has ppi_py."""
    judges, humans, orders = [], [], []
    for judge, human, order in populations(structure, scenario, replications, seed):
        judges.append(structure.item_scores(judge[None])[0])
        humans.append(structure.item_scores(human[None])[0])
        orders.append(order)
    truth = np.array([human.mean() for human in humans])
    rows = []
    for n in sizes:
        made = [estimates(f, y, order[:n]) for f, y, order in zip(judges, humans, orders, strict=True)]
        rows += [summarise(name, n, np.array([one[name] for one in made]), truth) for name in made[0]]
        if ppi:
            ends = by_ppi(ppi, np.array(judges), np.array(humans), np.array(orders)[:, :n])
            rows.append(summarise("ppi_py 0.2.3 ppi_mean_ci", n, ends, truth))
    return rows


PPI = """
import sys, warnings
import numpy as np
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
warnings.simplefilter("ignore")
data = np.load(sys.argv[1])
ends = []
for f, y, drawn in zip(data["judge"], data["human"], data["drawn"]):
    rest = np.setdiff1d(np.arange(f.size), drawn)
    value = ppi_mean_pointestimate(y[drawn], f[drawn], f[rest])
    low, high = ppi_mean_ci(y[drawn], f[drawn], f[rest], alpha=0.05)
    ends.append([float(np.ravel(part)[0]) for part in (value, low, high)])
np.save(sys.argv[2], np.array(ends))
"""


def by_ppi(python: str, judge: Ends, human: Ends, drawn: npt.NDArray[np.int64]) -> Ends:
    """ppi_py's tuned estimate with its 95 % interval, by its own interpreter: (replications, 3)."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.npz", Path(folder) / "made.npy"
        np.savez(given, judge=judge, human=human, drawn=drawn)
        subprocess.run([python, "-c", PPI, str(given), str(made)], check=True)
        ends: Ends = np.load(made)
    return ends


def category_coverage(
    structure: Structure, scenario: Scenario, sizes: Sequence[int], replications: int, seed: int
) -> list[tuple[str, int, float, float, float]]:
    """(category, n, share of samples not refused, coverage, mean half-width) of `corrected_domain`."""
    names = sorted(set(structure.category.tolist()), key=lambda name: -int((structure.category == name).sum()))
    hits: dict[tuple[str, int], list[tuple[bool, float]]] = {(name, n): [] for name in names for n in sizes}
    for judge, human, order in populations(structure, scenario, replications, seed):
        f, y = judge / structure.weight, human / structure.weight
        for n in sizes:
            known = np.where(np.isin(structure.item, order[:n]), y, np.nan)
            for name in names:
                inside = structure.category == name
                try:
                    found = corrected_domain(f, known, structure.item, inside)
                except CannotEstimate:
                    continue
                held = found.low - 1e-12 <= y[inside].mean() <= found.high + 1e-12
                hits[name, n].append((held, (found.high - found.low) / 2))
    rows = []
    for (name, n), seen in hits.items():
        held, half = (np.array(part, dtype=float) for part in zip(*seen, strict=True)) if seen else ([], [])
        rows.append((name, n, len(seen) / replications, _mean(held), _mean(half)))
    return rows


def stopping(structure: Structure, scenario: Scenario, half_width: float, replications: int, seed: int) -> Row:
    """The corrected score where reviews go on in fives, from 30, until the half-width is reached; `n` is the mean."""
    truth, ends, sizes = [], [], []
    for judge, human, order in populations(structure, scenario, replications, seed):
        f, y = (structure.item_scores(points[None])[0] for points in (judge, human))
        for n in range(30, structure.items + 5, 5):
            known = np.full(y.size, np.nan)
            known[order[:n]] = y[order[:n]]
            found = corrected_mean(f, known)
            if (found.high - found.low) / 2 <= half_width:
                break
        truth.append(y.mean())
        ends.append((found.value, found.low, found.high))
        sizes.append(min(n, structure.items))
    return summarise(f"until ± {half_width:g}", round(float(np.mean(sizes))), np.array(ends), np.array(truth))


def _mean(values: npt.ArrayLike) -> float:
    given = np.asarray(values, dtype=float)
    return float(given.mean()) if given.size else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, nargs="?", help="the benchmark file; a made-up structure without it")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--ppi-python", help="a Python with ppi-python 0.2.3, to run it on the same samples")
    parser.add_argument("--categories", action="store_true", help="also category scores (half of the replications)")
    parser.add_argument("--stopping", action="store_true", help="also reviewing until the interval is short enough")
    parser.add_argument("--json", type=Path, help="write all rows here as well")
    options = parser.parse_args()
    structure = read_structure(options.benchmark) if options.benchmark else made_structure(400)
    print(f"{structure.items} items, {structure.weight.size} components, {options.replications} replications,"
          f" seed {options.seed}")  # fmt: skip
    document: dict[str, object] = {}
    for scenario in SCENARIOS:
        began = time.perf_counter()
        has = figures(structure, scenario, options.seed)
        rows = coverage(structure, scenario, SIZES, options.replications, options.seed, options.ppi_python)
        print(f"\n## {scenario.name}: " + ", ".join(f"{name} {value:.3f}" for name, value in has.items()))
        print("\n| estimator | " + " | ".join(f"n={n}: coverage / half-width / bias / RMSE" for n in SIZES) + " |")
        print("|---" * (1 + len(SIZES)) + "|")
        for name in dict.fromkeys(row.estimator for row in rows):
            cells = [
                f"{row.coverage:.1%} / {row.half_width:.4f} / {row.bias:+.4f} / {row.rmse:.4f}"
                for row in rows
                if row.estimator == name
            ]
            print(f"| {name} | " + " | ".join(cells) + " |")
        document[scenario.name] = {"figures": has, "rows": [[getattr(r, k) for k in Row.__slots__] for r in rows]}
        if options.categories:
            print("\n| category | " + " | ".join(f"n={n}: given / coverage / half-width" for n in SIZES) + " |")
            print("|---" * (1 + len(SIZES)) + "|")
            parts = category_coverage(structure, scenario, SIZES, options.replications // 2, options.seed)
            for name in dict.fromkeys(part[0] for part in parts):
                cells = [
                    f"{given:.0%} / {held:.1%} / {half:.3f}" if given else "refused"
                    for category, _, given, held, half in parts
                    if category == name
                ]
                print(f"| {name} | " + " | ".join(cells) + " |")
        if options.stopping:
            for half_width in (0.03, 0.02):
                row = stopping(structure, scenario, half_width, options.replications // 2, options.seed)
                print(f"\n{row.estimator}: {row.n} reviews, coverage {row.coverage:.1%}, bias {row.bias:+.4f}")
        print(f"\n({time.perf_counter() - began:.0f} s)", flush=True)
    if options.json:
        options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
