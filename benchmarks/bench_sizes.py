"""What an import costs at any size: a made-up benchmark and a judged file of each model, through the real command.

The texts mean nothing and no model or judge made them. The database is kept for `bench_browse.py`, which goes on with
it: the summary, lists, queues and the review.

    python benchmarks/bench_sizes.py /tmp/sizes --items 400 --models 30
    python benchmarks/bench_browse.py /tmp/sizes --items 400 --models 30
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from miareview.model import CATEGORIES, DIFFICULTIES

WORDS = (
    "a quiet street window light river wooden table harbour golden leaf shadow lamp holds moves beneath with".split()
)
WEIGHTS = (4, 3, 3)


def write_benchmark(path: Path, items: int, dice: random.Random) -> None:
    """A benchmark file in the published form, so many items of three components."""
    parts = ["describe the place", "in exactly two sentences", "without the word blue"]
    records = [
        {
            "image": f"https://example.invalid/{number}.png",
            "instruction": f"Number {number}: describe the place, in exactly two sentences, without the word blue.",
            "type": dice.choice(DIFFICULTIES),
            "num_of_component": len(parts),
            "components": parts,
            "component_weight": WEIGHTS,
            "component_type": dice.choices(CATEGORIES, k=len(parts)),
        }
        for number in range(items)
    ]
    path.write_text(json.dumps(records), encoding="utf-8")


def write_model(path: Path, items: int, dice: random.Random) -> None:
    """A judged file: an answer of two sentences and a judge's reply to each item."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(items):
            points = [dice.randint(0, weight) for weight in WEIGHTS]
            told = ", ".join(
                f"score of component {k}: {p}/{w}" for k, (p, w) in enumerate(zip(points, WEIGHTS, strict=True), 1)
            )
            record = {
                "url": f"https://example.invalid/{number}.png",
                "text": f"{' '.join(dice.choices(WORDS, k=24))}. {' '.join(dice.choices(WORDS, k=12))}.",
                "score_raw": f"S{told[1:]}, total score: {sum(points)}/10. {' '.join(dice.choices(WORDS, k=40))}.",
            }
            file.write(json.dumps(record) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=30)
    parser.add_argument("--keep-files", action="store_true", help="leave the made-up files beside the database")
    given = parser.parse_args()
    dice = random.Random(7)
    files = given.folder / f"{given.items}x{given.models}"
    db = given.folder / f"{given.items}x{given.models}.db"
    if db.exists():
        raise SystemExit(f"{db} is there already.")
    if not files.exists():
        files.mkdir(parents=True)
        write_benchmark(files / "benchmark.json", given.items, dice)
        for model in range(given.models):
            write_model(files / f"model-{model:04}_judged.jsonl", given.items, dice)
    start = time.perf_counter()
    command = [sys.executable, "-m", "miareview", "--db", str(db), "import", str(files), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
    new = sum(file["new"] for file in json.loads(done.stdout)["files"]) - given.items
    if not given.keep_files:
        shutil.rmtree(files)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{new} judged responses of {given.items} items × {given.models} models")
    print(
        f"import {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of computing), {new / seconds:.0f} rows/s,"
        f" peak {used.ru_maxrss / 1024:.0f} MB, file {db.stat().st_size / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    main()
