"""Make large synthetic runs: responses, judge replies, true points and pictures for a benchmark file.

Nothing it writes comes from a model or a judge; every record says so. The same seed gives the same files.
Needs numpy and Pillow.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

NOTE = "synthetic, made by benchmarks/make_synthetic.py; not produced by any model or judge"
EXAMPLE = """example:
  python benchmarks/make_synthetic.py ../shared/mia-bench/instruction_benchmark_all.json /tmp/synthetic \\
      --models 29 --seed 7 --irregular 0.1 --reviews /tmp/synthetic/truth.json --pictures /tmp/synthetic/pictures
"""
WORDS = (
    "the a quiet bright street window light child river wooden table small harbour golden leaf shadow paper lamp "
    "holds shows moves rests beneath beside across with and near under old blue warm open narrow tall evening garden"
).split()
IRREGULAR = ("bold", "lines", "header", "denominator", "total", "missing", "json", "refusal", "newline")
Item = dict[str, Any]


def make_text(rng: np.random.Generator) -> str:
    """A response of one to twelve sentences without meaning."""
    sentences = []
    for _ in range(int(rng.integers(1, 13))):
        words = rng.choice(WORDS, int(rng.integers(6, 24)))
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def true_points(rng: np.random.Generator, weights: list[int], skill: float) -> list[float]:
    """Points in steps of a half: full with probability `skill`, else somewhere below."""
    return [float(w) if rng.random() < skill else float(rng.integers(0, 2 * w)) / 2 for w in weights]


def judged_points(
    rng: np.random.Generator, points: list[float], weights: list[int], lenient: float, strict: float
) -> list[float]:
    """The judge's whole points: rounded, then too high or too low with the given probabilities."""
    result = []
    for value, weight in zip(points, weights, strict=True):
        judged, draw = float(np.floor(value + 0.5)), rng.random()
        if draw < lenient:
            judged = float(rng.integers(int(judged), weight + 1)) if judged < weight else judged
        elif draw < lenient + strict:
            judged = max(0.0, judged - 1)
        result.append(judged)
    return result


def make_reply(rng: np.random.Generator, points: list[float], weights: list[int], form: str) -> str:
    """A reply in the manner of a GPT-4o judge; `form` is "regular" or one of IRREGULAR."""
    if form == "refusal":
        return "I'm sorry, but I can't assist with that request."
    total, scale = sum(points), 10  # judges copy the 10 of the prompt even where the weights sum to 8
    if form == "json":
        scores = {f"component_{k}": f"{p:g}/{w}" for k, (p, w) in enumerate(zip(points, weights, strict=True), 1)}
        return json.dumps({**scores, "total_score": f"{total:g}/{scale}"})
    factors = [2 if form == "denominator" and k == len(weights) else 1 for k in range(1, len(weights) + 1)]
    if form == "total":
        total = max(0.0, total - 1) if total >= scale else total + 1
    mark = "**" if form == "bold" else ""
    rows = [
        f"{mark}score of component {k}:{mark} {p * f:g}/{w * f}"
        for k, (p, w, f) in enumerate(zip(points, weights, factors, strict=True), 1)
    ]
    if form == "missing":
        del rows[int(rng.integers(len(rows)))]
    rows.append(f"{mark}total score:{mark} {total:g}/{scale}")
    text = ("\n" if form == "lines" else ", ").join(rows)
    text = "Here are the scores: " + text if form == "header" else text.replace("score", "Score", 1)
    text += "\n\n" if form in ("lines", "newline") else ". "
    reasons = [
        f"Component {k} is {'followed' if p == w else 'followed in part' if p else 'not followed'}: {make_text(rng)}"
        for k, (p, w) in enumerate(zip(points, weights, strict=True), 1)
    ]
    return text + " ".join(reasons)


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_model(folder: Path, name: str, items: list[Item], skill: float, options: argparse.Namespace) -> list[Item]:
    """Write the two files of one model; return its true points, one record a response."""
    rng = np.random.default_rng([options.seed, int(name.rsplit("-", 1)[1])])
    responses, judged, truth = [], [], []
    for index, item in enumerate(items):
        weights = item["component_weight"]
        if rng.random() < options.errors:
            responses.append({"url": item["image"], "text": "error", "note": NOTE})
            continue
        text = make_text(rng)
        points = true_points(rng, weights, skill)
        scores = judged_points(rng, points, weights, options.lenient, options.strict)
        form = str(rng.choice(IRREGULAR)) if rng.random() < options.irregular else "regular"
        reply = make_reply(rng, scores, weights, form)
        responses.append({"url": item["image"], "text": text, "note": NOTE})
        judged.append({"url": item["image"], "text": text, "score_raw": reply, "note": NOTE})
        truth.append({"reviewer": "truth", "model": name, "item": index, "points": points, "judge": scores})
    write_jsonl(folder / f"{name}.jsonl", responses)
    write_jsonl(folder / f"{name}_judged.jsonl", judged)
    return truth


def make_picture(rng: np.random.Generator, megapixels: float) -> Image.Image:
    """A 4:3 picture with soft colour fields and a little grain, which costs a decoder what a photograph costs."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = round(height * 4 / 3)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = rng.integers(-9, 10, (height, width, 1), dtype=np.int16)
    return Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


def write_pictures(folder: Path, count: int, distinct: int, megapixels: float, seed: int) -> None:
    """Write `0.jpg` … of which only `distinct` differ; the rest are hard links, or copies where links fail."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, 1_000_000])
    for index in range(count):
        target, source = folder / f"{index}.jpg", folder / f"{index % distinct}.jpg"
        target.unlink(missing_ok=True)
        if index < distinct:
            make_picture(rng, megapixels).save(target, "JPEG", quality=88)
            continue
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    def share(text: str) -> float:
        value = float(text)
        if not 0 <= value <= 1:
            raise argparse.ArgumentTypeError(f"{text} is not a share between 0 and 1")
        return value

    def positive(text: str) -> int:
        value = int(text)
        if value < 1:
            raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
        return value

    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("out", type=Path, help="folder for the response and judged files")
    parser.add_argument("--models", type=positive, default=3, help="how many models (default 3)")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything (default 0)")
    parser.add_argument("--irregular", type=share, default=0.05, help="share of oddly written replies (default 0.05)")
    parser.add_argument("--errors", type=share, default=0.01, help='share of "error" responses (default 0.01)')
    parser.add_argument("--lenient", type=share, default=0.3, help="how often the judge may add points (default 0.3)")
    parser.add_argument("--strict", type=share, default=0.05, help="how often the judge takes a point (default 0.05)")
    parser.add_argument("--reviews", type=Path, metavar="FILE", help="also write the true points of every component")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="also write one JPEG an item, 0.jpg, 1.jpg, …")
    parser.add_argument("--megapixels", type=float, default=12.0, help="size of a picture (default 12)")
    parser.add_argument("--distinct", type=positive, default=6, help="how many pictures differ (default 6)")
    options = parser.parse_args(words)
    if options.lenient + options.strict > 1:
        parser.error("--lenient and --strict together exceed 1")
    if options.megapixels <= 0:
        parser.error("--megapixels must be above 0")
    return options


def main(words: list[str] | None = None) -> None:
    options = arguments(words)
    items = json.loads(options.benchmark.read_text(encoding="utf-8"))
    options.out.mkdir(parents=True, exist_ok=True)
    truth: list[Item] = []
    for number, skill in enumerate(np.linspace(0.5, 0.92, options.models), 1):
        truth += write_model(options.out, f"synthetic-{number:02d}", items, float(skill), options)
    print(f"{options.models} models × {len(items)} items in {options.out}, {len(truth)} judged")
    if options.reviews:
        options.reviews.parent.mkdir(parents=True, exist_ok=True)
        options.reviews.write_text(json.dumps({"note": NOTE, "reviews": truth}) + "\n", encoding="utf-8")
        print(f"true points in {options.reviews}")
    if options.pictures:
        write_pictures(options.pictures, len(items), options.distinct, options.megapixels, options.seed)
        print(f"{len(items)} pictures in {options.pictures}")


if __name__ == "__main__":
    main()
