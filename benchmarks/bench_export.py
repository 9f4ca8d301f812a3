"""Every export of a large and of a small database: rows, seconds, and peak memory, which must not grow with the rows.

The databases are those of bench_statistics.py: everything judged and reviewed by three people. Exit 1 where the large
one takes over 40 MB more than the small one.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from make_audits import make_database

EXAMPLE = """example:
  python benchmarks/bench_export.py
"""
TABLES = ("reviews", "scores", "responses", "judgments", "items", "events", "queues")
COMMANDS = [
    *((["export", table], ending) for table in TABLES for ending in ("jsonl", "csv", "parquet")),
    (["export", "vlmevalkit", "--model", "model-00"], "tsv"),
    (["export", "inspect", "--model", "model-00"], "jsonl"),
    (["gold", "export"], "jsonl"),
]
MOST_MORE = 40.0


def export(db: Path, words: list[str], file: Path) -> tuple[int, float, float]:
    """Rows, seconds and the most memory (MB) of one export in a process of its own.

    Linux counts what this script took before the process began as well, so that less than some 28 MB is not seen.
    """
    talk = file.with_suffix(".said")
    command = [sys.executable, "-m", "miareview", "--db", str(db), *words, "--force", str(file)]
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(talk, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.execv(sys.executable, command)
    _, status, used = os.wait4(pid, 0)
    took = time.perf_counter() - start
    said = talk.read_text(encoding="utf-8")
    found = re.search(r": (?:scores of )?(\d+) ", said)
    if status or found is None:
        sys.exit(f"{' '.join(words)} failed: {said}")
    return int(found[1]), took, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--db", type=Path, help="keep the large database here, or use it again")
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=30)
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, small = options.db or folder / "large.db", folder / "small.db"
        if not large.exists():
            make_database(large, options.items, options.models, 3)
        make_database(small, 10, 2, 3)
        print(f"{large.stat().st_size / 1e6:.0f} MB and {small.stat().st_size / 1e6:.1f} MB of database")
        print("| export | rows | seconds | file | memory | of the small one |")
        print("|---|---|---|---|---|---|")
        for words, ending in COMMANDS:
            file = folder / f"out.{ending}"
            _, _, little = export(small, words, file)
            rows, took, most = export(large, words, file)
            worst = max(worst, most - little)
            size = file.stat().st_size / 1e6
            cells = [" ".join(words[:2]) + f" .{ending}", str(rows), f"{took:.1f}"]
            print("|", " | ".join([*cells, *(f"{mb:.1f} MB" for mb in (size, most, little))]), "|", flush=True)
    print(f"The large database takes up to {worst:.0f} MB more.")
    sys.exit(worst > MOST_MORE)


if __name__ == "__main__":
    main()
