"""Peak memory of the real import command on a large EvalScope review file, with every picture inside as base64.

The file is synthetic: texts and replies as in make_synthetic.py, pictures of noise of the size that makes the file as
large as asked. The command runs in a process of its own, and its peak is what the system says of it.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import make_synthetic
import numpy as np
from PIL import Image

EXAMPLE = """example:
  python benchmarks/bench_memory.py ../shared/mia-bench/instruction_benchmark_all.json --megabytes 250
"""


def picture(rng: np.random.Generator, size: int) -> str:
    """A JPEG of about so many bytes, as a data address; noise, so that it does not shrink."""
    side = max(8, round((size / 0.62) ** 0.5))  # bytes a pixel at this quality
    pixels = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=75)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def review(index: int, item: dict[str, Any], image: str, rng: np.random.Generator) -> dict[str, Any]:
    """One line of a review file of EvalScope 1.14: the messages with the picture, and one judge's attempt."""
    weights = item["component_weight"]
    points = make_synthetic.true_points(rng, weights, 0.7)
    text = make_synthetic.make_text(rng)
    reply = json.dumps(
        {"reasoning": make_synthetic.make_text(rng)}
        | {f"component_{number}": value for number, value in enumerate(points, start=1)}
    )
    value = {
        f"component_{number}_{category}": point / weight
        for number, (category, point, weight) in enumerate(
            zip(item["component_type"], points, weights, strict=True), start=1
        )
    }
    attempt = {"status": "success", "judge_id": "synthetic-judge", "repeat_id": 0, "raw_response": reply}
    return {
        "index": index,
        "note": make_synthetic.NOTE,
        "messages": [
            {
                "role": "user",
                "content": [{"type": "image", "image": image}, {"type": "text", "text": item["instruction"]}],
            },
            {"role": "assistant", "content": text},
        ],
        "sample_score": {
            "score": {
                "value": value | {"judge_score": sum(points) / sum(weights)},
                "status": "success",
                "prediction": text,
                "metadata": {"model": "synthetic-judge", "judge_attempts": [attempt]},
            }
        },
    }


def write_reviews(path: Path, items: list[dict[str, Any]], megabytes: int, seed: int) -> None:
    """A review file of about so many megabytes, line by line; its pictures are of very different sizes."""
    rng = np.random.default_rng(seed)
    shares = rng.lognormal(0, 1, len(items))
    sizes = shares / shares.sum() * megabytes * 1e6 * 3 / 4
    with path.open("w", encoding="utf-8") as file:
        for index, (item, size) in enumerate(zip(items, sizes, strict=True)):
            file.write(json.dumps(review(index, item, picture(rng, round(size)), rng)) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--megabytes", type=int, default=250, help="size of the review file (default 250)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    items = json.loads(options.benchmark.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as scratch:
        path = Path(scratch) / "reviews" / "synthetic" / "mia_bench_default.jsonl"
        path.parent.mkdir(parents=True)
        write_reviews(path, items, options.megabytes, options.seed)
        print(
            f"{path.stat().st_size / 1e6:.0f} MB, {len(items)} reviews with a picture each, the longest "
            f"line {max(map(len, path.open(encoding='utf-8'))) / 1e6:.0f} MB"
        )
        command = [sys.executable, "-m", "miareview", "--db", f"{scratch}/review.db", "import", "--json"]
        for what in ("first import", "the same again"):
            start = time.perf_counter()
            done = subprocess.run(
                [*command, str(options.benchmark), str(path)], capture_output=True, text=True, check=False
            )
            seconds = time.perf_counter() - start
            if done.returncode:
                raise SystemExit(done.stderr)
            file = json.loads(done.stdout)["files"][1]
            # The peak of the largest child so far, in kB (Linux); nothing larger has run.
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            print(f"{what:15} {seconds:6.1f} s  peak {peak:4.0f} MB  new {file['new']}  pictures {file['pictures']}")


if __name__ == "__main__":
    main()
