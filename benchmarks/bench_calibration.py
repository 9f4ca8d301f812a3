"""Are a severe, a drifting and a careless reviewer told from a good one by training and silent repeats? By simulation.

Each of them scores 400 answers. A good one misreads a component by a point on 5 % of all. A severe one also sees a flaw
worth a point in one component of five, and sees it again; a drifting one begins as a good one and sees more and more of
them, in two of three components in the end; a careless one misreads 30 %. Training is held against settled labels,
repeats against what the same person gave half the queue before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from bench_coverage import Structure, draw_human, made_structure

from miareview.stats.agreement.calibration import Pair, calibration

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
KINDS = {
    "good": (0.05, 0.0, 0.0),
    "severe": (0.05, 0.2, 0.2),
    "drifting": (0.05, 0.0, 0.67),
    "careless": (0.3, 0.0, 0.0),
}
"""Share misread, and share of components that lose a point at the beginning and in the end."""
NOTES = ("severe", "lenient", "drifts", "careless")
ITEMS = 400
EXPECTED = {"good": (), "severe": ("severe",), "drifting": ("drifts",), "careless": ("careless",)}


def reading(structure: Structure, truth: Ints, flaws: Floats, kind: str, when: float, rng: np.random.Generator) -> Ints:
    """Points that a reviewer gives at a time from 0 (begin) to 1 (end); `flaws` says which are seen first."""
    misread, first, last = KINDS[kind]
    step = np.where(rng.random(truth.size) < 0.5, 1, -1) * (rng.random(truth.size) < misread)
    given: Ints = np.clip(truth + step - (flaws < first + (last - first) * when), 0, structure.weight)
    return given


def audit(structure: Structure, kind: str, training: int, repeats: int, rng: np.random.Generator) -> tuple[str, ...]:
    """The notes on one reviewer."""
    (truth,), _ = draw_human(structure, 1, rng)
    flaws, whole = rng.random(truth.size), rng.permutation(structure.items)
    trained = pairs(structure, whole[:training], truth, reading(structure, truth, flaws, kind, 0.0, rng))
    again = []
    for item, when in zip(whole[-repeats:], np.linspace(0, 0.5, repeats), strict=True):
        first, second = (reading(structure, truth, flaws, kind, float(when) + later, rng) for later in (0.0, 0.5))
        again += pairs(structure, [item], first, second)
    return calibration(kind, trained, again).notes


def pairs(structure: Structure, items: Iterable[int], before: Ints, after: Ints) -> list[Pair]:
    """What was given beside what it is held against, for the components of these items."""
    return [
        Pair(str(item), float(before[part] / structure.weight[part]), float(after[part] / structure.weight[part]))
        for item in items
        for part in range(*np.searchsorted(structure.item, (item, item + 1)))
    ]


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=400, help="reviewers of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    structure, rng = made_structure(ITEMS), np.random.default_rng(given.seed)
    rows = []
    for training, repeats in ((20, 20), (40, 40), (60, 60)):
        for kind in KINDS:
            notes = [audit(structure, kind, training, repeats, rng) for _ in range(given.reps)]
            shares = {note: sum(note in said for said in notes) / given.reps for note in NOTES}
            rows.append({"training": training, "repeats": repeats, "reviewer": kind, **shares})
    if given.json:
        print(json.dumps(rows, indent=1))
    else:
        print(f"{ITEMS} answers, {given.reps} reviewers of each kind, seed {given.seed}; share called so")
        print(f"{'training':>8} {'repeats':>7}  {'reviewer':<9}" + "".join(f"{note:>10}" for note in NOTES))
        for row in rows:
            told = "".join(f"{100 * row[note]:>8.1f} %" for note in NOTES)
            print(f"{row['training']:>8} {row['repeats']:>7}  {row['reviewer']:<9}{told}")
    largest = [row for row in rows if row["training"] == 60]
    good = next(row for row in largest if row["reviewer"] == "good")
    told = all(row[note] >= 0.9 for row in largest for note in EXPECTED[row["reviewer"]])
    return int(not told or any(good[note] > 0.06 for note in NOTES))


if __name__ == "__main__":
    sys.exit(main())
