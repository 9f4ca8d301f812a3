"""Do the numbers stay true as people use them: looking often, skipping, comparing many models, disagreeing?

Every scenario simulates whole audits and holds a figure against its goal. Human and judge are simulated: item scores in
tenths, shared hard items, a judge that is right on about half of them and lenient on the others. `--quick` takes fewer
audits; its noise is about twice that of the full run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from miareview.stats.board.contest import Contest, Field, contest
from miareview.stats.board.pooled import first_of, pooled_scores
from miareview.stats.board.ranks import Deviations, joint_deviations, kendall_tau_b
from miareview.stats.correction import corrected_mean
from miareview.stats.correction.estimate import Bounds

Floats = npt.NDArray[np.float64]
ITEMS = 400
nan = float("nan")


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario's figure and whether it reaches its goal."""

    scenario: str
    models: int
    n: int
    reps: int
    figure: float
    goal: str
    passed: bool

    def to_json(self) -> dict[str, object]:
        values = asdict(self)
        values["pass"] = values.pop("passed")
        return values


def audit(
    rng: np.random.Generator,
    models: int,
    *,
    differs: float = 0.0,
    quality: float = 0.02,
    equal: bool = False,
    human_sd: float = 0.13,
    error_sd: float = 0.14,
) -> tuple[Floats, Floats]:
    """Judge's and human's item scores (models, items); `differs` is the sd of the judge's bias between models.

    `human_sd` and `error_sd` are the spreads of the human's scores and the judge's errors within a model.
    """
    worth = np.zeros(models) if equal else rng.normal(0, quality, models)
    hard = 0.12 * rng.normal(size=ITEMS)
    human = 0.84 + worth[:, None] + hard + human_sd * rng.normal(size=(models, ITEMS))
    human = np.round(np.clip(human, 0, 1), 1)
    lenient = 0.1 + rng.normal(0, 2 * differs, models)
    shared = 0.08 * rng.normal(size=ITEMS)
    error = lenient[:, None] + shared + error_sd * rng.normal(size=(models, ITEMS))
    judge = np.where(rng.random((models, ITEMS)) < 0.5, human, np.clip(human + np.round(error, 1), 0, 1))
    return judge, human


def shown(values: Floats, drawn: npt.NDArray[np.int64]) -> Floats:
    """The values of the drawn items, NaN elsewhere."""
    seen = np.full(values.shape, nan)
    seen[..., drawn] = values[..., drawn]
    return seen


@dataclass(frozen=True, slots=True)
class Seen:
    """What the product makes of one audit."""

    value: Floats
    low: Floats
    high: Floats
    deviations: Deviations
    pairs: Contest


def look(judge: Floats, seen: Floats, replicates: int, seed: int, bounds: Bounds = (0.0, 1.0)) -> Seen:
    """Corrected scores and all pairs, as the leaderboard makes them."""
    singles = [corrected_mean(f, y, bounds=bounds) for f, y in zip(judge, seen, strict=True)]
    lam = np.array([one.lam for one in singles])
    total = np.full(len(judge), judge.shape[1])
    deviations = joint_deviations(
        seen - lam[:, None] * judge, total, [one.se for one in singles], replicates=replicates, seed=seed
    )
    value, low, high = (np.array([getattr(one, name) for one in singles]) for name in ("value", "low", "high"))
    return Seen(value, low, high, deviations, contest(Field(judge, seen, seen, seen), deviations))


def audits(
    seed: int, reps: int, models: int, n: int, replicates: int = 1000, **how: object
) -> Iterator[tuple[Floats, Floats, Seen]]:
    """Judge, human and what was seen of each of `reps` audits."""
    rng = np.random.default_rng([seed, models, n])
    for rep in range(reps):
        judge, human = audit(rng, models, **how)  # type: ignore[arg-type]
        drawn = rng.permutation(ITEMS)[:n]
        yield judge, human, look(judge, shown(human, drawn), replicates, rep)


def pairs_at_once(reps: int, models: int, n: int, differs: float) -> list[Row]:
    """Coverage of single intervals and of all pairs together, false flips, and what pooling gains."""
    kind = "differs" if differs else "alike"
    alone, together, flips, first_right, tau, widths = [], [], [], [], [], []
    said: list[tuple[float, float]] = []
    upper = np.triu_indices(models, 1)
    for rep, (judge, human, seen) in enumerate(audits(1, reps, models, n, differs=differs)):
        truth = human.mean(axis=1)
        alone.append(np.mean((seen.low <= truth + 1e-12) & (truth <= seen.high + 1e-12)))
        gap = truth[:, None] - truth[None, :]
        low, high = seen.pairs.ends(seen.pairs.all)
        together.append(bool(((low <= gap + 1e-12) & (gap <= high + 1e-12))[upper].all()))
        by_judge = judge.mean(axis=1)
        order = by_judge[:, None] - by_judge[None, :]
        wrong = ((order > 0) & (high < 0) & (gap > 0)) | ((order < 0) & (low > 0) & (gap < 0))
        flips.append(bool(wrong[upper].any()))
        pool = pooled_scores(by_judge, seen.value, seen.deviations, seed=rep)
        if pool is None:
            continue
        first = first_of(pool.drawn)
        said += [(float(p), float(m == truth.argmax())) for m, p in enumerate(first)]
        first_right.append([seen.value.argmax() == truth.argmax(), pool.value.argmax() == truth.argmax()])
        tau.append([kendall_tau_b(seen.value, truth), kendall_tau_b(pool.value, truth)])
        widths.append([(seen.high - seen.low).mean() / 2, (pool.high - pool.low).mean() / 2])
    name = f"bias {kind}: "

    def row(scenario: str, figure: float, goal: str, passed: bool) -> Row:
        return Row(name + scenario, models, n, reps, float(figure), goal, bool(passed))

    singles, at_once, false = (float(np.mean(found)) for found in (alone, together, flips))
    rows = [
        row("single intervals hold", singles, ".93–.97", 0.93 <= singles <= 0.97),
        row("all pairs hold at once", at_once, "≥ .93", at_once >= 0.93),
        row("audits with a false flip", false, "≤ .05", false <= 0.05),
    ]
    if said:
        off = worst_bin(said)
        rows.append(row("'first': said − true, worst tenth", off, "≤ .05", abs(off) <= 0.05))
        a, b = np.mean(tau, axis=0)
        rows.append(row(f"Kendall pooled (design-based {a:.2f})", b, "above it", b >= a - 0.01))
        a, b = np.mean(first_right, axis=0)
        rows.append(row(f"right first pooled (design-based {a:.2f})", b, "above it", b >= a - 0.02))
        a, b = np.mean(widths, axis=0)
        rows.append(row(f"half-width pooled (design-based {a:.3f})", b, "below it", b <= a))
    return rows


def worst_bin(said: list[tuple[float, float]]) -> float:
    """The largest said − true over tenths of probability with 100 cases or more, less twice its own noise."""
    table = np.array(said)
    worst = 0.0
    for edge in np.arange(0, 1, 0.1):
        inside = (table[:, 0] >= edge) & (table[:, 0] < edge + 0.1 + 1e-9)
        if inside.sum() < 60:
            continue
        off = float((table[inside, 0] - table[inside, 1]).mean())
        noise = 2 * np.sqrt(max(table[inside, 1].mean() * (1 - table[inside, 1].mean()), 0.01) / inside.sum())
        off = float(np.sign(off)) * max(abs(off) - noise, 0.0)
        worst = off if abs(off) > abs(worst) else worst
    return worst


def looking(reps: int, models: int) -> list[Row]:
    """Equal models, a look every five items from 30 to 200: how often is a pair settled falsely at some look?"""
    rng = np.random.default_rng([2, models])
    false = []
    for rep in range(reps):
        judge, human = audit(rng, models, equal=True)
        # Exactly equal in truth.
        human += human.mean() - human.mean(axis=1, keepdims=True)
        order = rng.permutation(ITEMS)
        wrong = False
        for n in range(30, 201, 5):
            seen = shown(human, order[:n])
            pairs = (
                contest(Field(judge, seen, seen, seen), None)
                if models == 2
                else look(judge, np.clip(seen, 0, 1), 300, rep).pairs
            )
            if pairs.settled().any():
                wrong = True
                break
        false.append(wrong)
    rate = float(np.mean(false))
    return [
        Row(
            "equal models, a look every 5 from 30 to 200: settled falsely",
            models,
            200,
            reps,
            rate,
            "≤ .06",
            rate <= 0.06,
        )
    ]


def rare(reps: int) -> list[Row]:
    """A judge that is right but for 1 to 3 % of the items, which it overrates by .9."""
    rows = []
    rng = np.random.default_rng(3)
    for n in (50, 100):
        for share in (0.01, 0.02, 0.03):
            held = []
            for _ in range(reps):
                human = np.round(np.clip(0.9 + 0.1 * rng.normal(size=ITEMS), 0, 1), 1)
                judge = human.copy()
                wrong = rng.choice(ITEMS, round(share * ITEMS), replace=False)
                human[wrong], judge[wrong] = 0.1, 1.0
                found = corrected_mean(judge, shown(human, rng.permutation(ITEMS)[:n]))
                held.append(found.low <= human.mean() + 1e-12 and human.mean() <= found.high + 1e-12)
            figure = float(np.mean(held))
            name = f"{share:.0%} of items wrong by .9: interval holds"
            rows.append(Row(name, 1, n, reps, figure, "≥ .90", figure >= 0.90))
    return rows


def gaps(reps: int) -> list[Row]:
    """One of 60 is skipped: width against the unbroken sample, and coverage where the skipped one is the worst.

    The goal is for samples whose half-width is .04 or more. A poor judge and people who use the whole scale make them;
    where the half-width is below, another audit is drawn, so that all `reps` audits count.
    """
    rng = np.random.default_rng(4)
    wider, held = [], []
    while len(held) < reps:
        judge, human = (scores[0] for scores in audit(rng, 1, human_sd=0.3, error_sd=0.4))
        order = rng.permutation(ITEMS)[:60]
        seen = shown(human, order)
        whole = corrected_mean(judge, seen)
        if (whole.high - whole.low) / 2 < 0.04:
            continue
        skipped = order[np.argmin(human[order])]
        seen[skipped] = nan
        low, high = seen.copy(), seen.copy()
        low[skipped], high[skipped] = 0.0, 1.0
        found = corrected_mean(judge, seen, open_=(low, high))
        wider.append((found.high - found.low) / (whole.high - whole.low))
        held.append(found.low <= human.mean() <= found.high)
    ratio, figure = float(np.mean(wider)), float(np.mean(held))
    return [
        Row("one of 60 skipped: width to that of the unbroken sample", 1, 60, reps, ratio, "≤ 1.3", ratio <= 1.3),
        Row("the worst of 60 skipped: interval holds", 1, 60, reps, figure, "≥ .93", figure >= 0.93),
    ]


SCENARIOS: dict[str, Callable[[bool], list[Row]]] = {
    "pairs": lambda quick: [
        row
        for models, reps in ((2, 400), (6, 400), (30, 200))
        for differs in (0.0, 0.025)
        for row in pairs_at_once(reps // (4 if quick else 1), models, 50, differs)
    ],
    "looking": lambda quick: looking(150 if quick else 1000, 2) + looking(15 if quick else 100, 6),
    "rare": lambda quick: rare(200 if quick else 2000),
    "gaps": lambda quick: gaps(200 if quick else 2000),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer audits, below 40 seconds")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--only", choices=[*SCENARIOS], help="one scenario")
    options = parser.parse_args()
    rows: list[Row] = []
    for name, run in SCENARIOS.items():
        if options.only and name != options.only:
            continue
        start = time.perf_counter()
        rows += run(options.quick)
        print(f"{name}: {time.perf_counter() - start:.1f} s", file=sys.stderr)
    if options.json:
        print(json.dumps({"rows": [row.to_json() for row in rows]}, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            sign = "pass" if row.passed else "FAIL"
            of = f"({row.models} models, n {row.n}, {row.reps} audits)"
            print(f"{sign}  {row.figure:8.3f}  {row.goal:9s}  {row.scenario}  {of}")
    sys.exit(0 if all(row.passed for row in rows) else 1)


if __name__ == "__main__":
    main()
