"""How judges' replies are read: the table by kind over a file of cases, a fuzz of composed replies, speed.

python benchmarks/bench_replies.py cases CASES.json [--show]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from miareview.judge.reply import Reading, parse_reply

QUIET = {"missing_total", "truncated"}


def outcome(reading: Reading, points: list[float | None]) -> str:
    """ "right", "short", "warned" (wrong, with a warning that tells) or "silent" (wrong, and nothing tells)."""
    truth = [None if value is None else Fraction(str(value)) for value in points]
    wrong = any(read is not None and read != true for read, true in zip(reading.points, truth, strict=True))
    if wrong:
        return "warned" if reading.status != "ok" and set(reading.warnings) - QUIET else "silent"
    return "right" if reading.points == truth else "short"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["cases"])
    options.add_argument("file", type=Path)
    options.add_argument("--show", action="store_true")
    chosen = options.parse_args()
    table: dict[str, Counter[str]] = {}
    bad = 0
    for case in json.loads(chosen.file.read_text("utf-8")):
        case: dict[str, Any]
        reading = parse_reply(case["raw"], case["weights"])
        came = outcome(reading, case["points"])
        must = case["must"]
        table.setdefault(must, Counter())[came] += 1
        table.setdefault(case["kind"], Counter())[came] += 1
        wrong = (
            came == "silent" or (must == "read" and came != "right") or (must == "not-ok" and reading.status == "ok")
        )
        wrong = wrong or (
            case["kind"] == "plain" and reading.status != "ok" and "missing_total" not in reading.warnings
        )
        bad += wrong
        if chosen.show and (wrong or came != "right" or "several" in str(reading.warnings)):
            print("====" if wrong else "----", case["id"], must, came, reading.status, reading.warnings)
            if wrong:
                print("   want", case["points"], "got", [None if v is None else float(v) for v in reading.points])
                print("   " + case["raw"][:700].replace("\n", "\n   "))
    for kind, counts in table.items():
        print(f"{kind:24}", dict(counts))


if __name__ == "__main__":
    main()
