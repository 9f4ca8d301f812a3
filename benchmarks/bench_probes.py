"""Six stand-in judges asked the same probes: each fault in its own number. In process, through the real prompt.

    python benchmarks/bench_probes.py [BENCHMARK.json] [--items N] [--certificates FILE.jsonl]

Without a benchmark the bundled sample is asked about; responses are made (`probe_bases`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from probe_bases import written  # noqa: E402
from standin.probed import ProbedJudge, ask_all  # noqa: E402

from miareview.formats.detect import read_file  # noqa: E402
from miareview.identity import response_id  # noqa: E402
from miareview.model import Item, Response  # noqa: E402
from miareview.probing.answers import Asked  # noqa: E402
from miareview.probing.plan import Made, make_probes  # noqa: E402
from miareview.stats.noticing import Share  # noqa: E402
from miareview.store.probes import make_file  # noqa: E402
from miareview.store.store import Store  # noqa: E402

BESIDE = (
    "keep", "again", "order", "injection", "padding", "echo", "empty", "donor", "donor_length", "pair", "picture",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", type=Path, nargs="?", default=ROOT / "assets" / "demo" / "benchmark.json")
    parser.add_argument("--items", type=int, help="at most so many items (all)")
    parser.add_argument("--certificates", type=Path, help="write item, position and what was counted, a line a break")
    options = parser.parse_args()
    items = list(read_file(options.benchmark, "benchmark").items)
    start = time.perf_counter()
    made = make_probes(items, answers(items), size=options.items, seed=0)
    put_made(made, time.perf_counter() - start)
    again = make_probes(items, answers(items), size=options.items, seed=0)
    print(f"made again: {'the same' if again == made else 'OTHER PROBES'}")
    if options.certificates:
        write_certificates(made, options.certificates)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probes.db"
        make_file(path, [*items, *made.copies], made.responses, made.probes)
        store = Store.open(path, probes=True)
        print("judge        | category     accepts detects  near   far  null spill |", *(f"{n[:5]:>5}" for n in BESIDE))
        for kind in ProbedJudge.KINDS:
            put_judge(kind, ask_all(store, kind, items, made))


def answers(items: list[Item]) -> list[Response]:
    """The made responses to all items."""
    return [
        Response(response_id(item.id, f"made-{style}", text, "ok"), item.id, f"made-{style}", text, "ok")
        for item in items
        for style, text in written(item)
    ]


def put_made(made: Made, seconds: float) -> None:
    names = ("demands", "checkable", "based", "broken", "isolated")
    print("category      demands checkable base broken isolated")
    rows = {name: [getattr(count, n) for n in names] for name, count in made.counts.items()}
    rows = dict(sorted(rows.items(), key=lambda row: -row[1][1]))
    rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)]
    for name, (demands, *rest) in rows.items():
        why = dict(made.counts[name].why) if name in made.counts else ""
        print(f"{name:13} {demands:7} {rest[0]:9} {rest[1]:4} {rest[2]:6} {rest[3]:8}  {why}")
    print(f"{len(made.items)} items, {dict(Counter(probe.kind for probe in made.probes))}, {seconds:.1f} s")


def put_judge(kind: str, told: Asked) -> None:
    found = told.found
    beside = [getattr(found, name) for name in BESIDE]
    rows = {(row.category, row.dose): row for row in found.rows}
    for category in dict.fromkeys(row.category for row in found.rows):
        row = rows[category, ""]
        doses = [rows[category, dose].detected for dose in ("near", "far")]
        told_row = "  ".join(map(short, (row.accepted, row.detected, *doses, row.null, row.spill)))
        print(f"{kind:12} | {category:12} {told_row} | {' '.join(map(short, beside))}")


def short(share: Share) -> str:
    return "    –" if share.value is None else f"{share.value:5.2f}"


def write_certificates(made: Made, path: Path) -> None:
    numbers = {item.id: item.index for item in made.items}
    with path.open("w", encoding="utf-8") as file:
        for probe in made.probes:
            if probe.kind == "break":
                line = [numbers[probe.item], probe.position, probe.mutator, probe.dose, probe.before, probe.after]
                file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
