"""Time of alpha's bootstrap intervals beside the loop that one would write, and of the two commands that show numbers.

Data are synthetic and seeded. The fast replicates are checked against `krippendorff.alpha` on the same draws; a
difference above 1e-12, or a goal missed, ends with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy as np
from make_audits import WEIGHTS, make_database, points

from miareview.stats.agreement import alpha_intervals
from miareview.stats.agreement.totals import cluster_totals, count_values
from miareview.stats.numeric.resample import Floats, Ints, cluster_weights

EXAMPLE = """examples:
  python benchmarks/bench_statistics.py
  python benchmarks/bench_statistics.py --full --irrcac /path/to/python-with-irrCAC
  python benchmarks/bench_statistics.py --make-irrcac python3.11
"""
REPLICATES, SEED = 2000, 0
IRRCAC = """
import sys, time
import numpy as np, pandas as pd
from irrCAC.raw import CAC
ratings, *draws = np.load(sys.argv[1]).values()
start = time.perf_counter()
for units in draws:
    table = pd.DataFrame(ratings[:, units].T)
    print(CAC(table, weights="quadratic", digits=12).krippendorff()["est"]["coefficient_value"])
print(time.perf_counter() - start)
"""


def one_cell(units: int, clusters: int) -> tuple[Floats, Ints]:
    """Ratings (2, units) of a lenient judge and a person as fractions of weights 2 to 6, and the item of each unit."""
    rng = np.random.default_rng(SEED)
    weights = rng.integers(2, 7, size=units)
    true = np.array([points(rng, int(weight), 0.6) for weight in weights])
    judged = np.minimum(weights, true + (rng.random(units) < 0.25))
    return np.vstack([judged / weights, true / weights]), np.sort(np.arange(units) % clusters)


def dashboard_cells(cells: int, items: int) -> list[tuple[Floats, Ints]]:
    """So many models on the same items, two or three components each."""
    rng = np.random.default_rng(SEED)
    parts = [WEIGHTS[int(rng.integers(len(WEIGHTS)))] for _ in range(items)]
    weights = np.array([weight for part in parts for weight in part])
    item = np.repeat(np.arange(items), [len(part) for part in parts])
    found = []
    for _ in range(cells):
        true = np.where(rng.random(weights.size) < 0.7, weights, rng.integers(0, weights + 1))
        judged = np.minimum(weights, true + (rng.random(weights.size) < 0.25))
        found.append((np.vstack([judged / weights, true / weights]), item))
    return found


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Median of so many runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def line(what: str, took: float, note: str = "") -> None:
    print(f"  {what:58} {took * 1000:12.1f} ms  {note}")


def drawn_units(clusters: Ints, weights: Floats) -> Ints:
    """The units of one draw of clusters, as often as their cluster was drawn."""
    return np.repeat(np.arange(clusters.size), weights[clusters].astype(np.int64))


def bench_cell(units: int, clusters: int, loops: int, irrcac: Path | None, few: int) -> bool:
    """One cell, interval level: our interval against loops over the same draws."""
    ratings, item = one_cell(units, clusters)
    print(f"\nOne cell: {units} units, 2 raters, {clusters} clusters, {REPLICATES} replicates, interval level")

    def interval() -> None:
        alpha_intervals([(ratings, item)], ("interval",), method="bootstrap", replicates=REPLICATES, seed=SEED)

    def from_scratch() -> None:
        cluster_weights.cache_clear()
        interval()

    cold = seconds(from_scratch, 7)
    line("miareview, cold (weights drawn)", cold, "median of 7")
    line("miareview, warm", seconds(interval, 7), "median of 7")
    weights = cluster_weights(clusters, REPLICATES, SEED)
    totals = cluster_totals(count_values(ratings, "interval"), item, "interval")
    fast = totals.alpha(weights @ totals.rows)
    draws = [drawn_units(item, weights[row]) for row in range(loops)]
    domain = np.unique(ratings)
    counts = (ratings.T[..., None] == domain).sum(axis=1)
    slow: list[float] = []

    def by_ratings() -> None:
        slow.extend(krippendorff.alpha(ratings[:, draw], level_of_measurement="interval") for draw in draws)

    def by_counts() -> None:
        for draw in draws:
            krippendorff.alpha(value_counts=counts[draw], value_domain=domain, level_of_measurement="interval")

    measured = "measured on all" if loops == REPLICATES else f"measured on {loops}, times {REPLICATES / loops:g}"
    loop = seconds(by_ratings) * REPLICATES / loops
    line("loop over krippendorff.alpha(reliability_data)", loop, f"{measured}; × {loop / cold:.0f} cold")
    other = seconds(by_counts) * REPLICATES / loops
    line("loop over krippendorff.alpha(value_counts=…)", other, f"{measured}; × {other / cold:.0f} cold")
    apart = float(np.abs(fast[:loops] - slow).max())
    print(f"  greatest difference from krippendorff.alpha on the same {loops} draws: {apart:.1e}")
    if irrcac is not None:
        took, values = run_irrcac(irrcac, ratings, draws[:few])
        loop_irrcac = took * REPLICATES / few
        line("loop over irrCAC (quadratic weights)", loop_irrcac, f"measured on {few}, × {loop_irrcac / cold:.0f} cold")
        print(f"  greatest difference from irrCAC on the same {few} draws: {np.abs(fast[:few] - values).max():.1e}")
    return apart <= 1e-12 and loop / cold >= 500


def run_irrcac(python: Path, ratings: Floats, draws: list[Ints]) -> tuple[float, Floats]:
    """Seconds that irrCAC takes for these draws in its own environment, imports not counted, and its values."""
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file.name, ratings, *draws)
        command = [str(python), "-c", IRRCAC, file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"irrCAC failed:\n{done.stderr}")
    *values, took = map(float, done.stdout.split())
    return took, np.array(values)


def make_irrcac(python: str, folder: Path) -> Path:
    """An environment with irrCAC; it needs an old NumPy, pandas and SciPy, so Python 3.11 or 3.12."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin/pip"), "install", "--quiet", "irrCAC"], check=True)
    return folder / "bin/python"


def dashboard(cells: int, items: int) -> dict[str, float]:
    """Seconds of all cells at two levels, the first time in this process and after."""
    groups = dashboard_cells(cells, items)

    def work() -> None:
        alpha_intervals(groups, ("interval", "nominal"), replicates=REPLICATES, seed=SEED)

    return {"cold": seconds(work), "warm": seconds(work, 7), "units": float(groups[0][1].size)}


def bench_dashboard(cells: int, items: int, processes: int) -> bool:
    """The dashboard in fresh processes; imports are not counted."""
    command = [sys.executable, __file__, "--dashboard", str(cells), str(items)]
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(processes)]
    units = f"{runs[0]['units']:.0f} units of {items} items each"
    print(f"\nDashboard: {cells} cells × interval and nominal, {units}; {processes} fresh processes, median")
    cold, warm = (statistics.median(run[key] for run in runs) for key in ("cold", "warm"))
    line("cold", cold)
    line("warm", warm)
    return cold <= 0.1


def bench_commands(db: Path, items: int, models: int, reviewers: int, times: int) -> bool:
    """`agreement --json` and `scores --json` as a person starts them."""
    print(f"\nCommands: {items} items × {models} models × {reviewers} reviewers, all reviewed; median of {times}")
    if not db.exists():
        start = time.perf_counter()
        events = make_database(db, items, models, reviewers)
        print(f"  (database with {events} reviewers' events made in {time.perf_counter() - start:.0f} s)")
    total = 0.0
    for name in ("agreement", "scores"):
        command = [sys.executable, "-m", "miareview", "--db", str(db), name, "--json"]
        took = seconds(lambda command=command: subprocess.run(command, capture_output=True, check=True), times)
        line(f"miareview {name} --json", took)
        total += took
    line("both", total)
    return total < 1.5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="run the loops on all 2,000 replicates, not on 50")
    parser.add_argument("--irrcac", type=Path, metavar="PYTHON", help="a Python that has irrCAC")
    parser.add_argument("--make-irrcac", metavar="PYTHON", help="make it: Python 3.11 or 3.12 (needs the network)")
    parser.add_argument("--db", type=Path, help="keep the synthetic database here, or use it again")
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--reviewers", type=int, default=3)
    parser.add_argument("--dashboard", type=int, nargs=2, metavar=("CELLS", "ITEMS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.dashboard:
        print(json.dumps(dashboard(*options.dashboard)))
        return
    print(
        f"Python {sys.version.split()[0]}, NumPy {np.__version__}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory(prefix="bench-statistics-") as scratch:
        folder = Path(scratch)
        irrcac = make_irrcac(options.make_irrcac, folder / "irrcac") if options.make_irrcac else options.irrcac
        goals = {
            "alpha equal to krippendorff's to 1e-12 and 500 times as fast as its loop": bench_cell(
                5000, 400, REPLICATES if options.full else 50, irrcac, 5
            ),
            "dashboard within 100 ms, cold": bench_dashboard(30, 400, 5),
            "both commands within 1.5 s": bench_commands(
                options.db or folder / "review.db", options.items, options.models, options.reviewers, 5
            ),
        }
    print("\nGoals")
    for goal, met in goals.items():
        print(f"  {'met   ' if met else 'MISSED'}  {goal}")
    if not all(goals.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
