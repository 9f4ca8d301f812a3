"""The whole way from a benchmark file to exported gold, by commands alone; each is printed with what it said.

Responses, the judges and the two people are synthetic: ann and ben give the true points and misread one component in
twelve, carol settles as the truth has it. Labels come in as from another tool (`gold import --queue`). Exit 1 where a
command fails, or a step does not come to what it must.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import make_synthetic

EXAMPLE = """example:
  python benchmarks/bench_gold_way.py ../shared/mia-bench/instruction_benchmark_all.json
"""
MISREAD = 1 / 12
GUIDELINE = "# Guideline\n\nScore what is there, not how it is said. Half of a component is half of its points.\n"
RULES = ("Score the stated number, not the way to it.", "A format counts only if all of it is kept.")
Truth = dict[tuple[int, str], list[float]]
Row = dict[str, Any]


class Way:
    """Commands on one database; `failed` lists what did not come to what it must."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "way.db"
        self.failed: list[str] = []

    def run(self, *words: str, code: int = 0, quiet: bool = False) -> str:
        """Run a command, print it and what it said (its first lines), and return what it wrote to stdout."""
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "miareview", "--db", str(self.db), *words], capture_output=True, encoding="utf-8"
        )
        shown = " ".join(f"'{word}'" if " " in word else word for word in words).replace(f"{self.folder}/", "")
        if not quiet or done.returncode != code:
            print(f"$ miareview {shown}   [{time.perf_counter() - start:.1f} s, exit {done.returncode}]")
            said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            for line in said[:6]:
                print(f"    {line[:150]}".replace(f"{self.folder}/", ""))
            if len(said) > 6:
                print(f"    … {len(said) - 6} lines more")
            sys.stdout.flush()
        self.hold(done.returncode == code, f"`{shown}` ended with {done.returncode}, not {code}: {done.stderr[-300:]}")
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json", quiet=True) or "{}")

    def hold(self, true: bool, what: str) -> None:
        """Note that something is not as it must be."""
        if not true:
            self.failed.append(what)
            print(f"    NOT SO: {what}")


def reading(who: str, points: Sequence[float], weights: Sequence[int], rng: random.Random) -> list[float]:
    """What a person gives: the truth, or now and then a point beside it."""
    given = []
    for value, weight in zip(points, weights, strict=True):
        if rng.random() < MISREAD:
            value = value - 1 if value >= 1 and (value == weight or rng.random() < 0.5) else min(value + 1, weight)
        given.append(value)
    return given


def write_labels(
    file: Path, rows: Sequence[Row], who: str, truth: Truth, weights: dict[int, list[int]], rng: random.Random
) -> int:
    """A table of labels as another tool would give it: a row a component. Returns how many responses it has."""
    told = 0
    with file.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["response_id", "component", "points", "annotator"])
        for row in rows:
            points = truth.get((row["item"], row["model"]))
            if points is None:
                continue
            told += 1
            for place, value in enumerate(reading(who, points, weights[row["item"]], rng), start=1):
                out.writerow([row["response"], place, f"{value:g}", who])
    return told


def material(folder: Path, benchmark: Path, seed: int) -> tuple[Truth, dict[int, list[int]]]:
    """Responses of two models, a lenient judge's replies and those of a careful one; the truth, and the weights."""
    make_synthetic.main(
        [str(benchmark), str(folder / "runs"), "--models", "2", "--seed", str(seed), "--errors", "0",
         "--reviews", str(folder / "truth.json")]
    )  # fmt: skip
    items = json.loads(benchmark.read_text(encoding="utf-8"))
    weights = {number: item["component_weight"] for number, item in enumerate(items)}
    reviews = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["reviews"]
    truth: Truth = {(row["item"], row["model"]): row["points"] for row in reviews}
    (folder / "careful").mkdir()
    for model in sorted({model for _, model in truth}):
        judged = [json.loads(line) for line in (folder / "runs" / f"{model}_judged.jsonl").open(encoding="utf-8")]
        for number, record in enumerate(judged):
            given = [int(value + 0.5) for value in truth[number, model]]
            parts = [
                f"score of component {k}: {p}/{w}"
                for k, (p, w) in enumerate(zip(given, weights[number], strict=True), 1)
            ]
            record["score_raw"] = f"{', '.join(parts)}, total score: {sum(given)}/{sum(weights[number])}."
        make_synthetic.write_jsonl(folder / "careful" / f"{model}_judged.jsonl", judged)
    return truth, weights


def walk(way: Way, benchmark: Path, items: int, seed: int) -> None:
    """Every step, in the order in which people take them."""
    folder, rng = way.folder, random.Random(seed)
    truth, weights = material(folder, benchmark, seed)

    print("\n# what there is")
    way.run("import", str(benchmark), str(folder / "runs"), "--judge", "lenient")
    way.run("import", str(folder / "careful"), "--judge", "careful")
    for name in ("ann", "ben", "carol"):
        way.run("reviewer", "add", name)
    (folder / "guideline.md").write_text(GUIDELINE, encoding="utf-8")
    way.run("gold", "guideline", str(folder / "guideline.md"), "--by", "carol")

    print("\n# dealt out, and scored blind")
    way.run("queue", "create", "shared", "--size", str(items), "--seed", "7", "--people", "ann,ben", "--overlap", "0.3")
    rows = way.json("queue", "show", "shared")["rows"]
    twice = {row["item"] for row in rows if len(row["people"]) == 2}
    way.hold(abs(len(twice) / items - 0.3) < 0.01, f"{len(twice)} of {items} items are two people's")
    for who in ("ann", "ben"):
        mine = [row for row in rows if who in row["people"]]
        file = folder / f"{who}.csv"
        told = write_labels(file, mine, who, truth, weights, rng)
        way.run("gold", "import", str(file), "--map", "who=annotator", "--queue", "shared")
        way.hold(told == len(mine), f"{who} has {len(mine)} responses, and labelled {told}")
    before = way.json("agreement"), way.json("scores"), way.json("gold", "status")
    way.run("gold", "status")

    print("\n# settled, with rules")
    for rule in RULES:
        way.run("gold", "rule", "add", rule, "--by", "carol")
    disputes = [row for row in way.json("gold", "list")["rows"] if row["state"] == "disputed"]
    way.run("gold", "list")
    start = time.perf_counter()
    for number, row in enumerate(disputes):
        points = truth[row["item"], row["model"]][row["component"] - 1]
        way.run(
            "gold", "settle", "--item", str(row["item"]), "--model", row["model"], "--component", str(row["component"]),
            "--points", f"{points:g}", "--by", "carol", "--rule", str(1 + number % 2), quiet=number > 1,
        )  # fmt: skip
    print(f"    … {len(disputes)} disputes settled by {len(disputes)} commands in {time.perf_counter() - start:.0f} s")
    way.hold(len(disputes) >= 30, f"there are {len(disputes)} disputes, fewer than 30")
    after = way.json("agreement"), way.json("scores"), way.json("gold", "status")
    compare(way, before, after, len(disputes))

    print("\n# splits: dev as often as one likes, test once")
    way.run("gold", "split", "--tune", "30", "--dev", "20", "--test", "50", "--seed", "7", "--by", "carol")
    way.run("judge", "compare", "--gold", "dev")
    way.run("judge", "compare", "--gold", "test", "--judge", "careful", "--as", "carol")
    way.run("judge", "compare", "--gold", "test", "--judge", "careful", "--as", "carol", quiet=True)
    way.run("judge", "compare", "--gold", "test", "--judge", "lenient", "--as", "carol", code=1)

    print("\n# second readings where they matter")
    way.run("queue", "create", "again", "--second", "--share", "0.2", "--people", "ann,ben", "--judge", "lenient")
    rows = way.json("queue", "show", "again")["rows"]
    for who in ("ann", "ben"):
        file = folder / f"{who}-again.csv"
        write_labels(file, [row for row in rows if who in row["people"]], who, truth, weights, rng)
        way.run("gold", "import", str(file), "--map", "who=annotator", "--queue", "again")
    (second,) = way.json("agreement")["second"]
    way.hold(second["differ"] is not None, f"no rate from second readings: {second['refused']}")
    differ = second["differ"] or {}
    print(f"    second readers differ on {differ.get('value')} [{differ.get('low')}, {differ.get('high')}]")

    print("\n# out, each label with where it comes from")
    status = way.json("gold", "status")
    for file, words in (
        ("gold.jsonl", ()), ("gold.csv", ()), ("gold.parquet", ()), ("samples.jsonl", ("--for", "inspect")),
        ("tests.jsonl", ("--for", "promptfoo")), ("examples.jsonl", ("--split", "dev", "--few-shot")),
    ):  # fmt: skip
        way.run("gold", "export", str(folder / file), *words)
    way.run("gold", "export", str(folder / "no.jsonl"), "--split", "test", "--few-shot", code=2)
    look_at_labels(way, folder / "gold.jsonl", status)
    way.run("report", str(folder / "audit.html"))
    way.run("check")


def compare(way: Way, before: tuple[Any, Any, Any], after: tuple[Any, Any, Any], disputes: int) -> None:
    """What settling changed, and that it changed no blind number."""
    kinds = ("judge-human", "human-human")
    blind = [[group for group in one["groups"] if group["kind"] in kinds] for one, _, _ in (before, after)]
    way.hold(blind[0] == blind[1], "settling changed the agreement of blind scores")
    gold = {group["raters"][0]: group["exact"] for group in after[0]["groups"] if group["kind"].endswith("-gold")}
    print(f"    equal to gold: {', '.join(f'{name} {share:.2f}' for name, share in gold.items())}")
    way.hold({"ann", "ben"} <= gold.keys(), "people are not held against gold")
    (status, now) = before[2], after[2]
    way.hold(
        (now["settled"], now["disputed"]) == (disputes, 0)
        and all(status[source] == now[source] for source in ("unanimous", "single")),
        f"labels before {status}, after {now}",
    )
    for model, same in zip(before[1]["models"], after[1]["models"], strict=True):
        told = [one["corrected"] and one["corrected"]["value"] for one in (model, same)]
        print(f"    {model['model']}: judge {model['recomputed']['value']:.4f}, corrected {told[0]} → {told[1]}")
        way.hold(None not in told and told[0] != told[1], f"the corrected score of {model['model']} did not change")
        way.hold(model["recomputed"] == same["recomputed"], f"the judge's score of {model['model']} changed")


def look_at_labels(way: Way, file: Path, status: Row) -> None:
    """As many labels as `gold status` counts, and where each comes from."""
    parts = [part for line in file.open(encoding="utf-8") for part in json.loads(line)["components"]]
    labelled = [part for part in parts if part["source"] in ("settled", "unanimous", "single")]
    settled = [part for part in labelled if part["source"] == "settled"]
    way.hold(len(labelled) == status["labels"], f"{len(labelled)} labels are exported, {status['labels']} counted")
    way.hold(
        all(part["settled_by"] == "carol" and part["settled_at"] and part["rule"] for part in settled),
        "a settled label does not say who settled it, when, by which rule",
    )
    way.hold(all(part["people"] and part["values"] for part in labelled), "a label does not say who gave what")
    print(f"    {len(labelled)} labels with provenance, {len(settled)} of them settled")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--items", type=int, default=400, help="how many items are dealt out (default 400)")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="leave database and exports in this new folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        way = Way(folder)
        walk(way, given.benchmark, given.items, given.seed)
    print(f"\n{len(way.failed)} things are not as they must be." if way.failed else "\nAll as it must be.")
    return int(bool(way.failed))


if __name__ == "__main__":
    sys.exit(main())
