"""How often the interval of `judge compare` holds the true difference between two judges, by simulation.

Items are drawn from a benchmark's real structure, each answered by some models; a person and two judges score every
answer, as in bench_coverage.py. The truth is the difference of the judges' mean absolute errors over all such items.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench_coverage import SCENARIOS, Scenario, Structure, draw_human, draw_judge, made_structure, read_structure

from miareview.stats.judges.versus import error_difference
from miareview.stats.numeric.student import t_margin

EXAMPLE = """example:
  python benchmarks/bench_compare.py ../shared/mia-bench/instruction_benchmark_all.json
"""
SIZES = (30, 50, 100, 200)
PAIRS = (("typical", "typical"), ("typical", "goodjudge"), ("typical", "hetero"))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One pair at one n: coverage, mean half-width and the share of intervals without zero, with items resampled; and
    the coverage where every component is taken for itself."""

    pair: str
    n: int
    truth: float
    coverage: float
    half_width: float
    settled: float
    alone: float


def drawn(structure: Structure, items: int, models: int, rng: np.random.Generator) -> Structure:
    """Items drawn with replacement, the components of each once for every model's answer."""
    first = np.searchsorted(structure.item, np.arange(structure.items + 1))
    chosen = rng.integers(0, structure.items, items)
    parts = [np.tile(np.arange(first[item], first[item + 1]), models) for item in chosen]
    rows = np.concatenate(parts)
    return Structure(structure.weight[rows], structure.category[rows], np.repeat(np.arange(items), [*map(len, parts)]))


def score(structure: Structure, pair: Sequence[Scenario], rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Fractions that the two judges and the person give."""
    human, odds = draw_human(structure, 1, rng)
    a, b = (draw_judge(structure, scenario, human, odds, rng) for scenario in pair)
    return a[0] / structure.weight, b[0] / structure.weight, human[0] / structure.weight


def true_difference(structure: Structure, pair: Sequence[Scenario], rng: np.random.Generator) -> float:
    """Over 2,000 benchmarks' worth of components."""
    total = 0.0
    for _ in range(20):
        human, odds = draw_human(structure, 100, rng)
        a, b = (np.abs(draw_judge(structure, scenario, human, odds, rng) - human) for scenario in pair)
        total += float(((a - b) / structure.weight).mean())
    return total / 20


def coverage(
    structure: Structure, pair: Sequence[Scenario], sizes: Sequence[int], models: int, replications: int, seed: int
) -> list[Row]:
    rng = np.random.default_rng(seed)
    truth = true_difference(structure, pair, rng)
    rows = []
    for n in sizes:
        held, alone, settled, half = 0, 0, 0, 0.0
        for _ in range(replications):
            some = drawn(structure, n, models, rng)
            a, b, human = score(some, pair, rng)
            found = error_difference(a, b, human, some.item)
            assert found.value is not None
            assert found.low is not None
            assert found.high is not None
            held += found.low <= truth <= found.high
            settled += found.sign != 0
            half += (found.high - found.low) / 2
            gap = np.abs(a - human) - np.abs(b - human)
            naive = t_margin(0.95, gap.size - 1) * gap.std(ddof=1) / np.sqrt(gap.size)
            alone += abs(found.value - truth) <= naive
        name = " – ".join(scenario.name for scenario in pair)
        rows.append(Row(name, n, truth, *(float(total) / replications for total in (held, half, settled, alone))))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, nargs="?", help="benchmark JSON; a made-up structure without one")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--models", type=int, default=3, help="answers an item")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structure = read_structure(options.benchmark) if options.benchmark else made_structure(400)
    known = {scenario.name: scenario for scenario in SCENARIOS}
    print(f"{options.replications} replications, {options.models} answers an item, seed {options.seed}")
    print("| judges | items | true difference | coverage / half-width | without zero | components alone |")
    print("|---|---|---|---|---|---|")
    for names in PAIRS:
        pair = [known[name] for name in names]
        for row in coverage(structure, pair, SIZES, options.models, options.replications, options.seed):
            print(
                f"| {row.pair} | {row.n} | {row.truth:+.4f} | {100 * row.coverage:.1f} % / {row.half_width:.3f}"
                f" | {100 * row.settled:.1f} % | {100 * row.alone:.1f} % |",
                flush=True,
            )


if __name__ == "__main__":
    main()
