"""How long `miareview check` takes on everything judged and reviewed, and on twice as much: twice the time is linear.

Both databases are made as bench_statistics.py makes its own. Exits with 1 where twice the ledger takes over 2.6 times
as long, or anything is found in what nobody changed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_audits import make_database

MOST = 2.6


def check(db: Path, times: int) -> tuple[float, int]:
    """Seconds of the fastest of several runs, and how many events it read."""
    took, events = [], 0
    for _ in range(times):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "miareview", "--db", str(db), "check", "--json"], capture_output=True, check=False
        )
        took.append(time.perf_counter() - start)
        found = json.loads(done.stdout)
        if not found["ok"]:
            sys.exit(f"problems were found: {found['problems'][:3]}")
        events = found["events"]
    return min(took), events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--reviewers", type=int, default=3)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    took = []
    with tempfile.TemporaryDirectory() as folder:
        for factor in (1, 2):
            db = Path(folder) / f"{factor}.db"
            make_database(db, options.items * factor, options.models, options.reviewers)
            seconds, events = check(db, options.times)
            took.append(seconds)
            print(
                f"{options.items * factor} items × {options.models} models × {options.reviewers} reviewers:"
                f" {events} events, {db.stat().st_size / 1e6:.0f} MB, {seconds:.1f} s"
            )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"twice the ledger takes {took[1] / took[0]:.2f} times as long; the most memory {memory:.0f} MB")
    if took[1] > MOST * took[0]:
        sys.exit(1)


if __name__ == "__main__":
    main()
