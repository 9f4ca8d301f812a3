"""`miareview --help` beside a bare click command that does nothing: both started in turn, many times.

python benchmarks/bench_help.py --runs 50
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

GOAL = 2.0
BARE = "import click\n@click.command()\n@click.option('--db')\ndef bare(db):\n    'Nothing.'\nbare(['--help'])"
WAYS = {"bare click": ["-c", BARE], "miareview --help": ["-m", "miareview", "--help"], "python alone": ["-c", ""]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    runs = parser.parse_args().runs
    took: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(runs):
        for name, words in WAYS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], check=True, capture_output=True)
            took[name].append(1000 * (time.perf_counter() - start))
    for name, times in took.items():
        print(f"{name:<18} median {statistics.median(times):6.1f} ms, least {min(times):6.1f} ms")
    times = statistics.median(took["miareview --help"]) / statistics.median(took["bare click"])
    print(f"{times:.2f} times bare click (goal: under {GOAL:g})")
    return int(times >= GOAL)


if __name__ == "__main__":
    sys.exit(main())
