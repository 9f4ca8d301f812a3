"""Is every number right? What `scores`, `agreement` and `judge compare` say beside the same from the tables, by numpy.

Makes an audit with a gap, several people, second readings and two judges (or takes `--db`: blind reviews, no labels),
asks the commands for JSON, reads the tables with sqlite3, and computes everything again (`recompute.py`). Nothing of
`miareview.stats` is imported. Prints the largest difference of each number: 1e-6 at most, or, for what rests on
random draws, three standard errors of those draws. Two constants of others are checked as well: the studentised
range, which is the largest |t| over all pairs of independent means, and Krippendorff's own example.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import recompute as own
from recompute import Floats, nan

EXACT = 1e-6
DRAWS = 2000  # of the package; its noise is what is allowed


class Tables:
    """What the database holds, by (item, model): cells, and scores of judges and people."""

    def __init__(self, db: Path, benchmark: str) -> None:
        c = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        self.items = [
            row[0] for row in c.execute("select id from item where benchmark = ? order by number", (benchmark,))
        ]
        self.weights: dict[str, dict[int, int]] = {item: {} for item in self.items}
        for item, position, weight in c.execute("select item, position, weight from component"):
            if item in self.weights:
                self.weights[item][position] = weight
        self.answer: dict[tuple[str, str], str] = {}
        for response, item, model, status in c.execute("select id, item, model, status from response"):
            if status == "ok" and item in self.weights:
                self.answer[item, model] = response
        self.of = {response: key for key, response in self.answer.items()}
        self.judged: dict[str, dict[str, dict[int, float]]] = {}
        for judge, response, position, points in c.execute(
            "select judge, response, position, points from judgment join sub_score on judgment = judgment.id"
            " where repeat = 0 and points is not null"
        ):
            self.judged.setdefault(judge, {}).setdefault(response, {})[position] = float(Fraction(points))
        second = {name for (name,) in c.execute("select name from queue where design = 'second'")}
        self.given: dict[str, dict[str, dict[int, float]]] = {}  # without what a second reading alone brought
        self.readings: dict[str, list[dict[int, float]]] = {}  # the first one first
        self.committed: set[tuple[str, str]] = set()
        marks: dict[tuple[str, str], dict[int, float]] = {}
        for response, who, position, points in c.execute(
            "select response, reviewer, position, points from current_score where judge_visible = 0"
        ):
            marks.setdefault((response, who), {})[position] = float(Fraction(points))
        for response, who, text in c.execute(
            "select response, reviewer, committed_queues from review_status where committed_at is not null"
            " order by committed_at, reviewer"
        ):
            queues = set(json.loads(text))
            self.committed |= {(queue, response) for queue in queues}
            self.readings.setdefault(response, []).append(marks[response, who])
            if not queues <= second:
                self.given.setdefault(who, {})[response] = marks[response, who]
        self.frames = {name: json.loads(frame) for name, frame in c.execute("select name, frame from queue")}
        self.rows: dict[str, list[tuple[str, str, float]]] = {name: [] for name in self.frames}
        for name, response, stratum, chance in c.execute(
            "select queue, response, stratum, probability from queue_row order by queue, position"
        ):
            self.rows[name].append((response, stratum, chance))
        c.close()

    def score(self, points: dict[int, float], response: str) -> float:
        weights = self.weights[self.of[response][0]]
        return sum(points[p] for p in weights) / sum(weights.values()) if weights.keys() <= points.keys() else nan

    def human(self, response: str) -> dict[int, float]:
        """The mean of what people gave without the judge, component by component."""
        said = [marks[response] for marks in self.given.values() if response in marks]
        positions = {p for one in said for p in one}
        return {p: float(np.mean([one[p] for one in said if p in one])) for p in positions}

    def sample(self, queue: str, model: str, total: int) -> list[str]:
        """The first answers of a model in a queue, up to the place that the pattern of commits makes best."""
        answers = [row[0] for row in self.rows[queue] if self.of.get(row[0], ("", ""))[1] == model]
        best, chosen, gaps = math.inf, 0, 0
        for size, response in enumerate(answers, 1):
            there = (queue, response) in self.committed
            gaps += not there
            width = half_width(size, gaps, total)
            if there and width <= best + 1e-12:
                best, chosen = width, size
        return answers[:chosen]


def half_width(size: int, gaps: int, total: int) -> float:
    known = size - gaps
    if known < 2:
        return 10.0 + gaps - known
    return 0.3 * math.sqrt((1 - known / total) / known) * (1 + 4 / known**1.5) + gaps / (2 * size)


class Differences:
    """The largest difference of each number, and how large it may be."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float, int]] = {}

    def add(self, name: str, ours: float | None, theirs: float | None, allowed: float = EXACT) -> None:
        apart = math.inf if ours is None or theirs is None else abs(ours - theirs)
        if ours is None and theirs is None:
            apart = 0.0
        most, limit, count = self.found.get(name, (0.0, 0.0, 0))
        worse = apart / allowed > most / limit if limit else True
        self.found[name] = (apart, allowed, count + 1) if worse else (most, limit, count + 1)

    def put(self) -> bool:
        good = True
        for name, (apart, allowed, count) in self.found.items():
            good &= apart <= allowed
            sign = "same" if apart <= allowed else "OFF "
            print(f"{sign}  {apart:9.1e} of {allowed:7.1e} allowed, {count:5} compared  {name}")
        return good


def scores(document: dict[str, Any], tables: Tables, judge: str, found: Differences, rng: np.random.Generator) -> None:
    """Corrected scores, pairs with their three intervals, pooled scores, Cochran's Q."""
    models = [row["model"] for row in document["models"]]
    judged = tables.judged[judge]
    per: dict[str, dict[str, Floats]] = {}
    alone: dict[str, dict[str, float]] = {}
    for row in document["models"]:
        name, fixed = row["model"], row["corrected"]
        answers = [tables.answer.get((item, name), "") for item in tables.items]
        f = np.array([tables.score(judged.get(r, {}), r) if r else nan for r in answers])
        found.add("recomputed", float(np.nanmean(f)), row["recomputed"]["value"])
        if fixed is None:
            continue
        drawn = set(tables.sample(fixed["queue"], name, sum(map(bool, answers))))
        y, low, high = (np.full(f.size, nan) for _ in range(3))
        for at, response in enumerate(answers):
            if response in drawn:
                y[at] = tables.score(tables.human(response), response)
                low[at], high[at] = (y[at], y[at]) if not math.isnan(y[at]) else (0.0, 1.0)
        per[name] = {"f": f, "y": y, "low": low, "high": high}
        alone[name] = own.corrected(f, y, low, high)
        for end in ("value", "low", "high", "lam"):
            found.add(f"corrected: {end}", alone[name][end], fixed[end])
    residuals = np.array([p["y"] - alone[m]["lam"] * p["f"] for m, p in per.items()])
    residuals = residuals[:, ~np.isnan(residuals).any(axis=0)]
    totals = np.array([p["f"].size for p in per.values()], dtype=np.float64)
    covariance = own.joint_covariance(residuals, totals, np.array([alone[m]["se"] for m in per]))
    critical = own.largest_margin(covariance, 40_000, rng)
    noise = np.std([own.largest_margin(covariance, DRAWS, rng) for _ in range(20)])
    confidence = 1 - 2 * (1 - own.normal_cdf(critical))
    for pair in document["pairs"]:
        if pair["difference"] is None:
            continue
        a, b = per[pair["a"]], per[pair["b"]]
        mine = own.corrected(a["f"] - b["f"], a["y"] - b["y"], a["low"] - b["high"], a["high"] - b["low"], (-1, 1))
        for ours, theirs in (("value", "difference"), ("low", "low"), ("high", "high")):
            found.add(f"pair: {theirs}", mine[ours], pair[theirs])
        if mine["se"] <= 0:
            continue
        together = own.t_margin(confidence, mine["df"])
        allowed = 3 * float(noise) * mine["se"] * 1.5  # Student's t moves faster than the normal it is carried from
        low, high = mine["worst"] - together * mine["se"], mine["best"] + together * mine["se"]
        found.add("pair, all at once: low", max(low, mine["floor"]), pair["low_all"], allowed)
        found.add("pair, all at once: high", min(high, mine["ceiling"]), pair["high_all"], allowed)
        theirs = (mine["worst"] - pair["low_all"]) / mine["se"]  # their margin for all pairs at this look
        if mine["floor"] < min(pair["low_all"], pair["low_any"]) - 1e-9:
            often = own.looks_margin(theirs, mine["df"], mine["n"], a["f"].size)
            low = max(mine["worst"] - often * mine["se"], mine["floor"])
            found.add("pair, however often: low", low, pair["low_any"])
    for row in document["models"]:
        name, pairs = row["model"], [pair for pair in document["pairs"] if row["model"] in (pair["a"], pair["b"])]
        ends = [(p["low_all"], p["high_all"]) if p["a"] == name else (-p["high_all"], -p["low_all"]) for p in pairs]
        found.add("rank: best", 1 + sum(high < 0 for _, high in ends), row["rank"]["low"])
        found.add("rank: worst", len(models) - sum(low > 0 for low, _ in ends), row["rank"]["high"])
    values = np.array([alone[model]["value"] for model in per])
    judge_means = np.array([per[model]["f"].mean() for model in per])
    if len(models) < 3 or document["models"][0]["pooled"] is None:
        return
    share, df = residuals.shape[1] / totals[0], residuals.shape[1] - 1.0
    mine_pooled = own.pooled(judge_means, values, covariance, share, df)
    wobbly = [own.pooled(judge_means, values, sampled(covariance, DRAWS, rng), share, df) for _ in range(20)]
    theirs_pooled = {row["model"]: row["pooled"]["value"] for row in document["models"]}
    for name, value, sd in zip(per, mine_pooled, np.std(wobbly, axis=0), strict=True):
        found.add("pooled: value", value, theirs_pooled[name], 4 * float(sd) + EXACT)


def sampled(covariance: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """The covariance as so many draws estimate it."""
    drawn = rng.multivariate_normal(np.zeros(len(covariance)), covariance, size=draws, method="eigh")
    estimated: Floats = drawn.T @ drawn / draws
    return estimated


def agreement(document: dict[str, Any], tables: Tables, judge: str, found: Differences) -> None:
    """Alpha, bias and exact agreement of judge and people; alpha among people and its root; second readings."""
    pairs, items, units, of = [], [], [], []
    for response, (item, _) in tables.of.items():
        for position, weight in tables.weights[item].items():
            said = [m[response][position] / weight for m in tables.given.values() if position in m.get(response, {})]
            judged = tables.judged[judge].get(response, {}).get(position)
            for value in said if judged is not None else []:
                pairs.append([(judged or 0.0) / weight, value])
                items.append(item)
            if len(said) > 1:
                units.append(said)
                of.append(item)
    overall = next(group for group in document["groups"] if not group["by"] and group["kind"] == "judge-human")
    for name, value in zip(("value", "low", "high"), own.alpha_with_ends(pairs, items), strict=True):
        found.add(f"alpha: {name}", value, overall["alpha"]["interval"][name])
    gaps = [a - b for a, b in pairs]
    for name, value in zip(("value", "low", "high"), own.mean_with_ends(gaps, items), strict=True):
        found.add(f"bias: {name}", value, overall["bias"][name])
    found.add("exact", float(np.mean([abs(gap) < 1e-9 for gap in gaps])), overall["exact"])
    if units:
        among = own.alpha_with_ends(units, of)
        for name, value in zip(("value", "low", "high"), among, strict=True):
            found.add(f"alpha of people: {name}", value, overall["ceiling"][name])
        found.add("ceiling √α", math.sqrt(among[0]) if among[0] > 0 else None, overall["ceiling"]["most"])
    for row in document["second"]:
        if row["differ"] is not None and not row["gaps"]:
            for ours, which in enumerate(("differ", "judge_differs")):
                rate = own.second_rate(strata_of(tables, row["queue"], judge, ours == 1))
                for name, value in zip(("value", "low", "high"), rate, strict=True):
                    found.add(f"second readings, {which}: {name}", value, row[which][name])


def strata_of(tables: Tables, queue: str, judge: str, with_judge: bool) -> list[Any]:
    """Hits, components and chances of what was read a second time, by stratum."""
    strata = []
    read = [row for row in tables.rows[queue] if len(tables.readings.get(row[0], [])) > 1]
    for name, size in tables.frames[queue]["strata"].items():
        hits, of, chances = [], [], []
        for response, stratum, chance in read:
            if stratum == name:
                first, second = tables.readings[response][:2]
                other = tables.judged[judge][response] if with_judge else first
                hits.append(float(sum(second[p] != other[p] for p in second)))
                of.append(float(len(second)))
                chances.append(chance)
        strata.append((hits, of, chances, size["responses"], size["components"]))
    return strata


def compared(document: dict[str, Any], tables: Tables, found: Differences) -> None:
    """Each judge's mean absolute error, and who is closer to people."""
    errors: dict[str, dict[tuple[str, int], float]] = {}
    item_of = {}
    for row in document["judges"]:
        mine = errors.setdefault(row["judge"], {})
        for response, (item, _) in tables.of.items():
            for position, value in tables.human(response).items():
                judged = tables.judged[row["id"]].get(response, {}).get(position)
                if judged is not None:
                    mine[response, position] = abs(judged - value) / tables.weights[item][position]
                    item_of[response, position] = item
        ends = own.mean_with_ends(list(mine.values()), [item_of[cell] for cell in mine])
        for name, value in zip(("value", "low", "high"), ends, strict=True):
            found.add(f"judge's error: {name}", max(value, 0.0), row["mae"][name])
    for pair in document["pairs"]:
        both = [cell for cell in errors[pair["a"]] if cell in errors[pair["b"]]]
        gaps = [errors[pair["a"]][cell] - errors[pair["b"]][cell] for cell in both]
        for name, value in zip(
            ("value", "low", "high"), own.mean_with_ends(gaps, [item_of[c] for c in both]), strict=True
        ):
            found.add(f"closer to people: {name}", value, (pair["closer_to_people"]["difference"] or {}).get(name))


def constants(found: Differences, rng: np.random.Generator) -> None:
    """Figures of others: q(.05; 6, inf) = 4.030 and q(.05; 20, inf) = 5.012 over sqrt 2; t tables; Krippendorff's C."""
    for models, q in ((2, 2.772), (6, 4.030), (20, 5.012)):
        found.add("largest |t|, independent means [tables of the studentised range]",
                  own.largest_margin(np.eye(models), 200_000, rng), q / math.sqrt(2), 0.02)  # fmt: skip
    for df, t in ((1, 12.7062), (10, 2.22814), (48, 2.01063)):
        found.add("Student's t [tables]", own.t_margin(0.95, df), t, 5e-5)
    table = [[1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
             [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]]  # fmt: skip
    units = [[float(v) for v in unit if v is not None] for unit in zip(*table, strict=True)]
    found.add("alpha [Krippendorff 2011, C: .849]", own.alpha([u for u in units if len(u) > 1]), 0.849, 5e-4)


def made(db: Path) -> None:
    """60 of 400 items reviewed by three people with a gap, and second readings of a third of the rest by a fourth."""
    from make_audits import Plan, make_audit

    from miareview.store.ledger import Entry, append
    from miareview.store.queues import queue
    from miareview.store.store import Store

    make_audit(db, Plan(400, 6, reviewed=60, people=("ann", "ben", "cid"), overlap=4, gap=5, judges=2))
    asked(db, "queue", "create", "again", "--second", "--share", "0.3", "--judge", "synthetic-judge")
    rng = np.random.default_rng(1)
    with Store.open(db) as store:
        again = queue(store, "again")
        assert again is not None
        weights = store.weights({row.response for row in again.rows})
        entries = []
        for row in again.rows:
            for position, weight in weights[row.response].items():
                points = str(int(rng.integers(0, weight + 1)) if rng.random() < 0.3 else weight)
                entries.append(Entry("dan", "score", row.response, position, points, queue="again"))
            entries.append(Entry("dan", "commit", row.response, queue="again"))
        append(store, *entries)


def asked(db: Path, *words: str) -> str:
    command = [sys.executable, "-m", "miareview", "--db", str(db), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path, help="this database; without it one is made")
    given = parser.parse_args()
    found, rng = Differences(), np.random.default_rng(2)
    with tempfile.TemporaryDirectory(prefix="bench-recompute-") as folder:
        db = given.db or Path(folder) / "audit.db"
        if given.db is None:
            made(db)
        documents = [
            json.loads(asked(db, *words, "--json")) for words in (("scores",), ("agreement",), ("judge", "compare"))
        ]
        tables = Tables(db, documents[0]["benchmark"])
        judges = {row["judge"]: row["id"] for row in documents[2]["judges"]}
        scores(documents[0], tables, judges[documents[0]["judge"]], found, rng)
        agreement(documents[1], tables, judges[documents[0]["judge"]], found)
        compared(documents[2], tables, found)
    constants(found, rng)
    assert not any(name.startswith("miareview.stats") for name in sys.modules)
    sys.exit(0 if found.put() else 1)


if __name__ == "__main__":
    main()
