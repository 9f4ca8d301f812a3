"""The whole way from opinions to gold by real screens: two people score, a third settles, and the labels are exported.

The real app runs in a pseudo-terminal, and every score, rule and label is typed; nothing is written past the screen.
A queue over the items is dealt out to ann and ben with an overlap of 30 %; both give what the made-up truth says, but
for one component in eight, where they err, each in their own way. Their keys for several responses are typed at once,
as somebody would who never waits; each still goes to the response on the screen when its turn comes. Carol reads off
the screen what R1 and R2 gave and settles every dispute: by h or l where one of them is right, else by a digit; she
writes a rule, cites it again, and takes one word back. Then the labels are exported, and each is held against the keys
that were pressed. Each step is printed with what it counted; exits 1 where a label, its provenance, or the ledger is
not as the keys say. Responses, judge replies and truth are synthetic.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from bench_import import miareview, steps
from make_synthetic import main as make_synthetic
from pty_screen import Live, Program

EXAMPLE = """example:
  python benchmarks/bench_gold.py ../shared/mia-bench/instruction_benchmark_all.json --items 60
"""
PEOPLE, SETTLES, QUEUE, MODEL = ("ann", "ben"), "carol", "shared", "synthetic-01"
OVERLAP, ERRS = 0.3, 1 / 8
HELD = 0.75  # seconds within which the app takes the same key for one that is held down
PATIENCE = 60.0
GUIDELINE = "# How we score\n\nFull points only where **all** of the demand is met.\n"
RULE = "Score the stated number, not the way to it."

Place = tuple[int, int]
"""An item's number and a component's position."""


def truth_of(file: Path) -> dict[Place, int]:
    """The made-up true points, in whole ones."""
    reviews = json.loads(file.read_text(encoding="utf-8"))["reviews"]
    return {
        (review["item"], position): int(points + 0.5)
        for review in reviews
        if review["model"] == MODEL
        for position, points in enumerate(review["points"], start=1)
    }


def opinions(truth: dict[Place, int], weights: dict[int, list[int]], seed: int) -> dict[str, dict[Place, int]]:
    """What everybody thinks of everything: the truth, but for their own errors."""
    found: dict[str, dict[Place, int]] = {}
    for number, who in enumerate(PEOPLE):
        rng = np.random.default_rng([seed, number])
        found[who] = {}
        for (item, position), points in sorted(truth.items()):
            others = [value for value in range(weights[item][position - 1] + 1) if value != points]
            found[who][item, position] = int(rng.choice(others)) if rng.random() < ERRS else points
    return found


def app(db: Path, *words: str) -> tuple[Program, Live]:
    program = Program([sys.executable, "-m", "miareview", "--db", str(db), *words, "--images", "off"])
    return program, Live(program)


def leave(program: Program) -> None:
    if code := program.leave("q", 30):
        raise SystemExit(f"The app ended with {code}.")


def score(db: Path, who: str, thinks: dict[Place, int], at_once: int) -> tuple[int, int, float]:
    """Type one person's part of the queue, so many responses at once; responses, keys, seconds."""
    rows = json.loads(miareview(db, "queue", "show", QUEUE, "--as", who, "--json"))["rows"]
    mine = [row["item"] for row in rows if who in row["people"]]
    typed = ["".join(str(thinks[item, k]) for k in range(1, 99) if (item, k) in thinks) + "\r" for item in mine]
    begun = time.perf_counter()
    program, live = app(db, "review", "--queue", QUEUE, "--as", who)
    live.wait("SCORES", PATIENCE)
    program.read(0.5)
    for start in range(0, len(mine), at_once):
        live.wait(rf"item {mine[start]} ·", PATIENCE)
        program.press("".join(typed[start : start + at_once]))
        done = min(start + at_once, len(mine))
        live.wait(f" {done} done" if done < len(mine) else "Done: all that is yours", PATIENCE)
    program.press("\r")
    program.read(0.3)
    leave(program)
    return len(mine), sum(map(len, typed)), time.perf_counter() - begun


class Settling:
    """Carol at the screen. `said` is what she pressed for, by place, and `by` with which keys; `cited` are the labels
    that rest on her rule."""

    def __init__(self, db: Path, truth: dict[Place, int]) -> None:
        self.truth = truth
        self.program, self.live = app(db, "gold", "--as", SETTLES)
        self.said: dict[Place, int] = {}
        self.by: Counter[str] = Counter()
        self.cited: set[Place] = set()
        self._last, self._at = "", 0.0

    def run(self) -> float:
        begun = time.perf_counter()
        left = int(self.live.wait(r"gold\s+(\d+) disputed", PATIENCE)[1])
        self._look_at_the_guideline()
        for number in range(1, left + 1):
            place, given = self._read()
            if number in (1, 3, 7):
                self._cite(number == 1)
                self.cited.add(place)
            self._settle(place, given, last=number == left)
            if number == 5:
                self._press("u")
                self.live.wait("taken back", PATIENCE)
                self.by["taken back by u"] += 1
                assert self._read()[0] == place
                self._settle(place, given, last=number == left)
        self.live.wait("nothing to settle", PATIENCE)
        leave(self.program)
        return time.perf_counter() - begun

    def _look_at_the_guideline(self) -> None:
        self._press("H")
        self.live.wait(r"v1 of 1\s+in force", PATIENCE)
        self._press("q")
        self.live.wait(r"ITEM \d+", PATIENCE)

    def _read(self) -> tuple[Place, list[str]]:
        """The label on the screen, and what R1 and R2 gave it."""
        found = self.live.wait(r"ITEM (\d+) .*component (\d+) of[\s\S]*?points +(\d+|×) +(\d+|×) ", PATIENCE)
        return (int(found[1]), int(found[2])), [found[3], found[4]]

    def _cite(self, new: bool) -> None:
        self._press("R")
        self.live.wait("Which rule does it rest on", PATIENCE)
        self.program.press((RULE if new else "1") + "\r")
        self.live.wait(rf"rule +1 +{RULE[:20]}", PATIENCE)

    def _settle(self, place: Place, given: list[str], last: bool) -> None:
        right = str(self.truth[place])
        key = "h" if given[0] == right else "l" if given[1] == right else right
        if key == self._last and time.perf_counter() - self._at < HELD:
            self.program.read(HELD)
        self._press(key)
        self.by["R1 or R2" if key in "hl" else "a digit"] += 1
        self.said[place] = int(right)
        self.live.wait(rf"item {place[0]}, {place[1]}: settled: {right} of {'.*last here' if last else ''}", PATIENCE)

    def _press(self, key: str) -> None:
        self._last, self._at = key, time.perf_counter()
        self.program.press(key)


def exported(file: Path) -> dict[Place, dict[str, object]]:
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for component in record["components"]:
            found[record["index"], component["position"]] = component
    return found


def whole_way(benchmark: Path, items: int, at_once: int, seed: int, scratch: Path) -> list[str]:
    """Go it; what was wrong."""
    db, runs = scratch / "review.db", scratch / "runs"
    make_synthetic([str(benchmark), str(runs), "--models", "1", "--errors", "0", "--seed", str(seed),
                    "--reviews", str(runs / "truth.json")])  # fmt: skip
    steps(db, benchmark, runs, [MODEL])
    weights = {n: item["component_weight"] for n, item in enumerate(json.loads(benchmark.read_text(encoding="utf-8")))}
    truth = truth_of(runs / "truth.json")
    thinks = opinions(truth, weights, seed)
    for who in (*PEOPLE, SETTLES):
        miareview(db, "reviewer", "add", who)
    (scratch / "guideline.md").write_text(GUIDELINE, encoding="utf-8")
    miareview(db, "gold", "guideline", str(scratch / "guideline.md"), "--by", SETTLES)
    miareview(db, "queue", "create", QUEUE, "--size", str(items), "--people", ",".join(PEOPLE),
              "--overlap", str(OVERLAP), "--seed", str(seed))  # fmt: skip
    print(f"1. {items} of 400 items dealt out to {' and '.join(PEOPLE)}, {OVERLAP:.0%} to both; guideline v1 adopted")
    for number, who in enumerate(PEOPLE, start=2):
        responses, keys, seconds = score(db, who, thinks[who], at_once)
        print(f"{number}. {who} scores {responses} responses with {keys} keys, those of {at_once} at once, in"
              f" {seconds:.0f} s", flush=True)  # fmt: skip
    before = json.loads(miareview(db, "gold", "status", "--json"))
    print(f"4. labels: {before['unanimous']} unanimous, {before['single']} single; {before['disputed']} disputed")
    carol = Settling(db, truth)
    seconds = carol.run()
    told = ", ".join(f"{what} {count}" for what, count in carol.by.items())
    print(f"5. {SETTLES} settles {len(carol.said)} disputes in {seconds:.0f} s, a key each ({told});"
          f" 1 rule written, {len(carol.cited)} labels cite it")  # fmt: skip
    miareview(db, "gold", "export", str(scratch / "gold.jsonl"))
    labels = exported(scratch / "gold.jsonl")
    sources = Counter(str(label["source"]) for label in labels.values())
    print(f"6. exported: {sum(sources.values())} labels with provenance: {dict(sources)}")
    status = json.loads(miareview(db, "check", "--json"))
    print(f"7. check: {'in order' if status['ok'] else 'NOT in order'}")
    return [*wrong_labels(labels, carol, thinks, before), *([] if status["ok"] else ["check"])]


def wrong_labels(
    labels: dict[Place, dict[str, object]], carol: Settling, thinks: dict[str, dict[Place, int]], before: dict[str, int]
) -> list[str]:
    """Every label that is not what the keys say, with where it comes from."""
    wrong = [] if len(carol.said) == before["disputed"] else ["not every dispute was settled"]
    for place, label in labels.items():
        people = [str(who) for who in label["people"]]  # type: ignore[attr-defined]
        given = [thinks[who][place] for who in people]
        fits = [str(value) for value in label["values"]] == [str(value) for value in given]  # type: ignore[attr-defined]
        if place in carol.said:
            fits = fits and label["source"] == "settled" and label["points"] == str(carol.said[place])
            fits = fits and label["settled_by"] == SETTLES and bool(label["seconds"]) and bool(label["settled_at"])
            fits = fits and label["rule"] == (1 if place in carol.cited else None)
            fits = fits and label["judge_seen"] is False and label["own"] is False
        else:
            fits = fits and label["source"] == ("single" if len(people) == 1 else "unanimous")
            fits = fits and len(set(given)) == 1 and label["points"] == str(given[0])
        fits = fits and len(str(label["guideline"])) > 1
        if not fits:
            wrong.append(f"item {place[0]}, component {place[1]}: {label}")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--items", type=int, default=400, help="how many of its items (default: all)")
    parser.add_argument("--at-once", type=int, default=8, help="responses whose keys are typed at once (default 8)")
    parser.add_argument("--seed", type=int, default=7, help="seed of everything (default 7)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-gold-") as scratch:
        wrong = whole_way(options.benchmark, options.items, options.at_once, options.seed, Path(scratch))
    for line in wrong[:20]:
        print(f"wrong: {line}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
