"""Files in forms that people have: each is imported as a user would, and must come out as it is expected to."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from miareview.cli.main import cli
from miareview.model import points_text
from miareview.store.store import Store

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "foreign-files"
if not (FOLDER / "expected.json").exists():
    pytest.skip("no foreign files here", allow_module_level=True)
EXPECTED: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


class Came:
    """What an entry came to: the database afterwards, and what the second command said."""

    def __init__(self, db: Path, entry: dict[str, Any]) -> None:
        file = FOLDER / entry["file"]
        first = self.run(db, str(FOLDER / entry.get("benchmark", "benchmark.json")))
        assert first.exit_code == 0, first.output
        done = self.run(db, str(file), *entry["args"])
        self.code = done.exit_code
        self.said = done.output.replace(str(file), "").casefold()
        with Store.open(db) as store:
            self.benchmarks = store.benchmarks()
            self.items = store.items(self.benchmarks[0])
            index = {item.id: item.index for item in self.items}
            responses = store.responses()
            self.responses = Counter(response.status for response in responses)
            self.judgments = [
                (index[response.item], judgment) for response in responses for judgment in store.judgments(response.id)
            ]

    def run(self, db: Path, *words: str) -> Any:
        return CliRunner().invoke(cli, ["--db", str(db), "import", *words], catch_exceptions=True)

    def misses(self, outcome: dict[str, Any]) -> list[str]:
        """What an outcome names and did not come out."""
        statuses = Counter("ok" if one.status == "warning" else one.status for _, one in self.judgments)
        may = set(outcome.get("responses_may", []))
        points = {
            n: [None if s.points is None else points_text(s.points) for s in one.sub_scores]
            for n, one in self.judgments
        }
        weights = [list(item.weights) for item in self.items]
        wanted = {int(n): value for n, value in outcome.get("points", outcome.get("points_if_any", {})).items()}
        checks = {
            "items": lambda value: len(self.items) == value,
            "benchmarks": lambda value: len(self.benchmarks) == value,
            "responses": lambda value: {s: n for s, n in self.responses.items() if s not in may} == value,
            "responses_may": lambda value: True,
            "judgments": lambda value: dict(statuses) == value,
            "judgments_n": lambda value: len(self.judgments) == value,
            "judgments_not": lambda value: not set(value) & set(statuses),
            "points": lambda value: points == wanted,
            "points_if_any": lambda value: all(
                got in (None, want) for n in points for got, want in zip(points[n], wanted[n], strict=True)
            ),
            "weights": lambda value: weights == value,
            "refused": lambda value: (self.code != 0) == value,
            "says": lambda value: any(word.casefold() in self.said for word in value),
        }
        return [key for key, value in outcome.items() if not checks[key](value)]


@pytest.mark.parametrize(
    "entry",
    EXPECTED,
    ids=lambda e: e["file"] + ("+" + e["benchmark"] if "benchmark" in e else ""),
)
def test_it_comes_out_as_expected(entry: dict[str, Any], tmp_path: Path) -> None:
    came = Came(tmp_path / "r.db", entry)
    misses = came.misses(entry["either"][0])  # the first outcome is the best
    assert not misses, f"{misses}: {came.responses} {came.judgments}\n{came.said}"
    if "refused" not in entry["either"][0]:
        assert came.code == 0, came.said
