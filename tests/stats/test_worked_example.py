"""The worked example of docs/statistics.md, recomputed from the demo and from its own numbers."""

import re
from collections.abc import Iterator
from math import atanh, ceil, sqrt, tanh
from pathlib import Path

import numpy as np
import pytest

from miareview.demo import make_demo
from miareview.review.score_columns import score_columns
from miareview.stats.agreement.table import agreement_table
from miareview.stats.board.leaderboard import leaderboard
from miareview.stats.frame import Frame, build_frame
from miareview.stats.numeric.chisquare import chi2_quantile
from miareview.stats.numeric.student import t_quantile
from miareview.stats.planning.plan import make_plan
from miareview.stats.planning.sizes import reviews_needed
from miareview.store.store import Store

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
EXAMPLE = PAGE[PAGE.index("## A worked example") : PAGE.index("## Where the published figures")]


def part(title: str) -> dict[str, list[float]]:
    """The table of steps under a heading: name to the numbers in its last column."""
    text = EXAMPLE[EXAMPLE.index(f"### {title}") :].split("\n### ")[0]
    rows = re.findall(r"^\| (.+?) \| (?:.+) \| ([-+\d., ]+) \|$", text, re.MULTILINE)
    return {name: [float(number) for number in numbers.split(",")] for name, numbers in rows if not name.isdigit()}


def item_rows() -> dict[int, tuple[float, float | None]]:
    """Item number to (judge, human or None)."""
    found = re.findall(r"^\| (\d+) \| ([\d.]+) \| ([\d.]+|–) \| ([-+\d.]+|–) \|$", EXAMPLE, re.MULTILINE)
    for _, f, y, gap in found:
        assert y == gap == "–" or float(gap) == pytest.approx(float(y) - float(f), abs=1.1e-6)
    return {int(item): (float(f), None if y == "–" else float(y)) for item, f, y, _ in found}


def near(number: float) -> object:
    return pytest.approx(number, abs=1.1e-6)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Frame]]:
    with make_demo(tmp_path_factory.mktemp("example") / "demo.db") as store:
        yield store, build_frame(score_columns(store))


def test_the_items_are_those_of_the_demo(demo: tuple[Store, Frame]) -> None:
    store, frame = demo
    numbers = {item.id: item.index for item in store.items()}
    judge, human = frame.item_scores(frame.judge_ratings()), frame.item_scores(frame.human)
    model = frame.columns.models.index("demo-small")
    drawn = frame.sampled & (frame.response_model == model)
    expected = {
        numbers[frame.columns.items[frame.response_item[r]]]: (near(judge[r]), near(human[r]) if drawn[r] else None)
        for r in np.flatnonzero((frame.response_model == model) & frame.ok)
    }
    assert item_rows() == expected


def test_the_corrected_score(demo: tuple[Store, Frame]) -> None:
    """Every step from the item table alone, and the last ones against the leaderboard."""
    steps = part("The corrected score of demo-small")
    rows = item_rows().values()
    judge = np.array([f for f, _ in rows])
    human = np.array([np.nan if y is None else y for _, y in rows])
    seen = ~np.isnan(human)
    gaps = (human - judge)[seen]
    total, n = judge.size, gaps.size
    assert (steps["answers"], steps["reviewed"]) == ([total], [n])
    value = judge.mean() + gaps.mean()
    mixed = np.where(seen, human, judge).mean()
    assert steps["recomputed score"] == [near(judge.mean())]
    assert steps["mean difference"] == [near(gaps.mean())]
    assert steps["corrected score"] == [near(value)]
    assert steps["with overrides"] == [near(mixed)]
    assert steps["kept of the judge's mean error"] == [near((mixed - value) / (judge.mean() - value))]
    assert steps["kept of the judge's mean error"] == [near(1 - n / total)]
    scatter = ((gaps - gaps.mean()) ** 2).sum()
    assert steps["scatter"] == [near(scatter)]
    _, times = np.unique(gaps.round(6), return_counts=True)
    disagreements = n - times.max()
    rows_added = 2 * min(1, 5 / disagreements) ** 2
    assert (steps["disagreements"], steps["pseudo-residuals"]) == ([disagreements], [near(rows_added)])
    variance = (scatter + rows_added * 0.36) / (n - 1 + rows_added)
    assert steps["variance"] == [near(variance)]
    assert steps["correction for the finite benchmark"] == [near(1 - n / total)]
    error = sqrt((1 - n / total) * variance / n)
    margin = t_quantile(0.975, n - 1) * error
    assert (steps["standard error"], steps["t"]) == ([near(error)], [near(t_quantile(0.975, n - 1))])
    assert (steps["margin"], steps["interval without bounds"]) == (
        [near(margin)], [near(value - margin), near(value + margin)],
    )  # fmt: skip
    known = human[seen].sum()
    bounds = known / total, (known + total - n) / total
    assert steps["logical bounds"] == [near(bounds[0]), near(bounds[1])]
    assert steps["95 % interval"] == [near(max(value - margin, bounds[0])), near(min(value + margin, bounds[1]))]
    (line,) = [line for line in leaderboard(demo[1]).models if line.model == "demo-small"]
    assert line.corrected is not None
    assert [line.corrected.low, line.corrected.high] == [near(end) for end in steps["95 % interval"]]
    assert steps["corrected score"] == [near(line.corrected.value)]
    assert steps["standard error"] == [near(line.corrected.estimate.se)]
    assert steps["with overrides"] == [near(line.with_overrides or 0)]


def test_the_plan(demo: tuple[Store, Frame]) -> None:
    score, steps = part("The corrected score of demo-small"), part("Its plan for ± 0.03")
    (n,), (total,), (variance,) = score["reviewed"], score["answers"], score["variance"]
    assert steps["spread"] == [pytest.approx(sqrt(variance), abs=3e-6)]  # the root of a rounded number
    assert steps["chi-square"] == [near(chi2_quantile(0.2, n - 1))]
    bound = steps["spread"][0] * sqrt((n - 1) / steps["chi-square"][0])
    assert steps["80 % bound"] == [pytest.approx(bound, abs=3e-6)]
    unlimited = (1.959964 * steps["80 % bound"][0] / 0.03) ** 2
    assert steps["n₀"] == [pytest.approx(unlimited, abs=2e-3)]
    assert steps["needed"] == [ceil(unlimited / (1 + unlimited / total))]
    (need,) = make_plan(demo[1], 0.03, models=["demo-small"]).models
    assert reviews_needed(steps["80 % bound"][0], 0.03, int(total)) == steps["needed"][0]
    assert (need.needed, need.refused.code if need.refused else "") == (None, "pilot")
    assert [need.spread.sd, need.spread.upper] == [near(steps["spread"][0]), near(steps["80 % bound"][0])]


def test_alpha_among_people(demo: tuple[Store, Frame]) -> None:
    _, frame = demo
    steps = part("Alpha among the two reviewers")
    both = ~np.isnan(frame.blind).any(axis=0)
    a, b = frame.blind[:, both]
    item = frame.item[both]

    def alpha(kept: np.ndarray) -> float:
        x = np.concatenate([a[kept], b[kept]])
        squares = ((a - b)[kept] ** 2).sum()
        return float(1 - (x.size - 1) * squares / (x.size * (x**2).sum() - x.sum() ** 2))

    x = np.concatenate([a, b])
    assert (steps["components"], steps["ratings"]) == ([a.size], [x.size])
    assert (steps["sum"], steps["sum of squares"]) == ([near(x.sum())], [near((x**2).sum())])
    assert steps["squared differences"] == [near(((a - b) ** 2).sum())]
    assert steps["alpha"] == [near(alpha(item >= 0))]
    left = [alpha(item != code) for code in np.unique(item)]
    (listed,) = [numbers for name, numbers in steps.items() if name.startswith("alpha without item")]
    assert listed == [near(one) for one in left]
    z = np.arctanh(left)
    error = sqrt((z.size - 1) / z.size * ((z - z.mean()) ** 2).sum())
    assert steps["standard error of z"] == [near(error)]
    t = t_quantile(0.975, z.size - 1)
    assert steps["t"] == [near(t)]
    middle = atanh(alpha(item >= 0))
    assert steps["95 % interval"] == [near(tanh(middle - t * error)), near(tanh(middle + t * error))]
    assert steps["exact"] == [near(np.isclose(a, b).mean())]
    assert steps["bias"] == [near((a - b).mean())]
    people = agreement_table(frame).people({})
    assert people is not None
    found = people.alpha["interval"]
    assert [found.low, found.high] == [near(end) for end in steps["95 % interval"]]
    assert [found.value] == [near(steps["alpha"][0])]


def test_no_step_is_left_without_a_check() -> None:
    """As many steps as are recomputed above: a new line in the example needs its line there."""
    titles = re.findall(r"^### (.+)$", EXAMPLE, re.MULTILINE)
    assert [len(part(title)) for title in titles] == [18, 5, 12]
    assert len(item_rows()) == 11
