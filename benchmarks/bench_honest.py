"""Do the numbers stay true as people use them: looking often, skipping, comparing many models, disagreeing?

Every scenario simulates whole audits (`honest_audits.py`) and holds a figure against its goal. `--quick` takes fewer
audits; its noise is about twice that of the full run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: a second thread only waits

import honest_people
import numpy as np
from honest_audits import ITEMS, Floats, Ints, audit, audits, columns_of, look, nan, shown

from miareview.stats.agreement import alpha
from miareview.stats.board.contest import Contest, Field, contest
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.board.pooled import pooled_scores
from miareview.stats.board.ranks import kendall_tau_b
from miareview.stats.correction import corrected_mean
from miareview.stats.planning.sizes import more_to_settle


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


def pairs_at_once(reps: int, models: int, n: int, differs: float) -> list[Row]:
    """Coverage of single intervals and of all pairs together, false flips, and what pooling gains."""
    kind = "differs" if differs else "alike"
    alone, together, flips, first_right, tau, widths = [], [], [], [], [], []
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
        pool = pooled_scores(by_judge, seen.value, seen.deviations, seed=rep) if rep < POOLED else None
        if pool is None:
            continue
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
    if tau:
        a, b = np.mean(tau, axis=0)
        rows.append(row(f"Kendall pooled (design-based {a:.2f})", b, "above it", b >= a - 0.01))
        a, b = np.mean(first_right, axis=0)
        rows.append(row(f"right first pooled (design-based {a:.2f})", b, "above it", b >= a - 0.02))
        a, b = np.mean(widths, axis=0)
        rows.append(row(f"half-width pooled (design-based {a:.3f})", b, "below it", b <= a))
    return rows


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


def who_scored_what(reps: int) -> list[Row]:
    """Equal models; a severe reviewer scores all of one, a mild one all of the other: is the pair refused?"""
    rng = np.random.default_rng(6)
    refused = []
    for _ in range(reps):
        judge, human = audit(rng, 2, equal=True)
        drawn = rng.permutation(ITEMS)[:60]
        people = []
        for model, severity in enumerate((0.05, -0.05)):
            scores = np.full(human.shape, nan)
            scores[model, drawn] = np.clip(human[model, drawn] + severity, 0, 1)
            people.append(scores)
        none = np.zeros(judge.shape, dtype=bool)
        board = leaderboard(columns_of(judge, people, drawn, none), by_category=False, by_difficulty=False)
        (pair,) = board.pairs
        flagged = any(flag.code == "confounded" for flag in pair.flags)
        refused.append(pair.difference is None and not pair.settled and flagged)
    rate = float(np.mean(refused))
    return [Row("each model scored by one reviewer: flagged and refused", 2, 60, reps, rate, "1", rate == 1.0)]


def unequal(reps: int) -> list[Row]:
    """Model a fails on the hardest tenth, b answers all and is better by .04 on each: is that seen, and said?"""
    rng = np.random.default_rng(7)
    flagged, right = [], []
    for _ in range(reps):
        judge, human = audit(rng, 2, equal=True)
        human = np.clip(human, 0, 0.96)
        human[1] += 0.04
        failed = np.zeros(human.shape, dtype=bool)
        failed[0, np.argsort(human.mean(axis=0))[: ITEMS // 10]] = True
        drawn = rng.permutation(ITEMS)[:100]
        board = leaderboard(
            columns_of(judge, [shown(human, drawn)], drawn, failed), by_category=False, by_difficulty=False
        )
        (pair,) = board.pairs
        flagged.append(all(any(flag.code == "unequal_answers" for flag in one.flags) for one in (pair, board.models[0])
                           if one is pair or one.model == "m0"))  # fmt: skip
        common = ~failed.any(axis=0)
        truth = float((human[0] - human[1])[common].mean()) * (1 if pair.a == "m0" else -1)
        right.append(pair.low is not None and pair.low <= truth <= (pair.high or 0.0))
    said, held = float(np.mean(flagged)), float(np.mean(right))
    return [
        Row("unequal answers: flagged", 2, 100, reps, said, "1", said == 1.0),
        Row("unequal answers: interval of the common items holds", 2, 100, reps, held, "≥ .93", held >= 0.93),
    ]


def two_of(judge: Floats, human: Floats, drawn: Ints) -> Contest:
    """Two models compared after the drawn items are reviewed."""
    seen = shown(human, drawn)
    return contest(Field(judge, seen, seen, seen), None)


def promise(reps: int) -> list[Row]:
    """Where the plan gives a number for an open pair, so many more are reviewed: is the pair settled then?"""
    rows = []
    for n in (30, 60):
        rng = np.random.default_rng([8, n])
        kept: list[bool] = []
        while len(kept) < reps:
            judge, human = audit(rng, 2, quality=0.03)
            order = rng.permutation(ITEMS)

            now = two_of(judge, human, order[:n])
            if now.settled()[0, 1]:
                continue
            ends = [float(end[0, 1]) for margin in (now.single, now.any) for end in now.ends(margin)]
            more = more_to_settle(float(now.value[0, 1]), ends[0], ends[1], ends[2], ends[3], n, ITEMS)
            if more is not None:
                kept.append(bool(two_of(judge, human, order[: n + more]).settled()[0, 1]))
        rate = float(np.mean(kept))
        rows.append(
            Row("as many more reviewed as planned for a pair: settled", 2, n, reps, rate, "≥ .75", rate >= 0.75)
        )
    return rows


def severe(reps: int, cells: tuple[tuple[int, int], ...]) -> list[Row]:
    """Reviewers of a population with a spread of .022, cells (reviews, reviewers): for whom do the intervals hold?"""
    rows = []
    for n, reviewers in cells:
        rng = np.random.default_rng([9, n, reviewers])
        held = [found for _ in range(reps) if (found := honest_people.people_like_these(rng, n, reviewers))]
        these, like = (float(rate) for rate in np.mean(held, axis=0))
        name = f"{reviewers} reviewers, sd .022: interval for people like these holds (for these alone {these:.2f})"
        rows.append(Row(name, 1, n, len(held), like, "≥ .90", like >= 0.90))
    return rows


def agreeing(reps: int) -> list[Row]:
    """Alpha's interval at 30, 50 and 100 items; the ceiling that people's alpha tells beside what the truth reaches."""
    rng = np.random.default_rng(10)
    true = float(np.mean([alpha(honest_people.rated(rng, 4000, 0.12)[1]) for _ in range(8)]))
    rows = []
    for items in (30, 50, 100):
        held = float(np.mean([honest_people.alpha_holds(rng, items, true) for _ in range(reps)]))
        rows.append(Row("alpha's interval holds", 1, items, reps, held, ".93–.97", 0.93 <= held <= 0.97))
    reached, most = np.mean([honest_people.reach(rng) for _ in range(max(reps // 10, 20))], axis=0)
    name = f"a judge that gives the truth reaches {reached:.3f}, people among themselves {most**2:.3f}: √α less that"
    gap = float(most - reached)
    rows.append(Row(name, 1, ITEMS, max(reps // 10, 20), gap, "0–.04", 0.0 <= gap <= 0.04))
    return rows


def blindfolded(reps: int) -> list[Row]:
    """Points shuffled without the picture, and points that only change as when asked again: does the judge look?"""
    rng = np.random.default_rng(11)
    seen = float(np.mean([honest_people.looks(rng, True) is True for _ in range(reps)]))
    wrong = float(np.mean([honest_people.looks(rng, False) is True for _ in range(reps)]))
    return [
        Row("points shuffled without the picture: it looks", 1, 80, reps, seen, "≥ .95", seen >= 0.95),
        Row("points change as when asked again: it looks", 1, 80, reps, wrong, "≤ .05", wrong <= 0.05),
    ]


POOLED = 150  # audits of a cell in which scores are pooled; it takes half of the time
SCENARIOS: dict[str, Callable[[bool], list[Row]]] = {
    "pairs": lambda quick: [
        row
        for models, reps, few in ((2, 1200, 300), (6, 1600, 400), (30, 1000, 400))
        for differs in (0.0, 0.025)
        for row in pairs_at_once(few if quick else reps, models, 50, differs)
    ],
    "looking": lambda quick: looking(150 if quick else 1000, 2) + looking(40 if quick else 200, 6),
    "rare": lambda quick: rare(200 if quick else 2000),
    "gaps": lambda quick: gaps(200 if quick else 2000),
    "people": lambda quick: who_scored_what(20 if quick else 200),
    "unequal": lambda quick: unequal(40 if quick else 400),
    "plan": lambda quick: promise(300 if quick else 1000),
    "severe": lambda quick: severe(60, ((100, 3),)) if quick else severe(400, ((60, 3), (100, 3), (400, 3), (100, 6))),
    "alpha": lambda quick: agreeing(600 if quick else 2000),
    "picture": lambda quick: blindfolded(60 if quick else 1000),
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
