"""A database with a benchmark of four items, and files to import into it, as several tests need them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from miareview.cli.main import cli
from miareview.errors import MiaReviewError
from miareview.model import points_text
from miareview.store.store import Store

WEIGHTS = (6, 4)
POINTS = [("6", "4"), ("3", "4"), ("0", "1"), ("5", "2")]


def instruction(n: int) -> str:
    return f"Describe picture {n} in one sentence"


def entry(n: int, **change: Any) -> dict[str, Any]:
    return {
        "image": f"https://pictures.example/{n}.jpg",
        "instruction": instruction(n),
        "type": "basic",
        "num_of_component": 2,
        "components": [f"Describe picture {n}", "in one sentence"],
        "component_weight": list(WEIGHTS),
        "component_type": ["describe", "length_limit"],
    } | change


def reply(n: int) -> str:
    (a, b), (of_a, of_b) = POINTS[n], WEIGHTS
    return f"Score of component 1: {a}/{of_a}, score of component 2: {b}/{of_b}, total score: {int(a) + int(b)}/10. So."


def row(n: int, **more: Any) -> dict[str, Any]:
    return {"url": f"https://pictures.example/{n}.jpg", "response": f"A boat, number {n}."} | more


class Room:
    """A database with a benchmark of four items, and what an import of records into it came to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "r.db"
        done = self.run([entry(n) for n in range(len(POINTS))], "--benchmark", "b")
        assert done.exit_code == 0, done.output

    def run(self, content: object, *words: str, name: str = "file") -> Result:
        """Import `content`, or the file of that name where there is none."""
        path = self.folder / name
        if content is not None:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return CliRunner().invoke(cli, ["--db", str(self.db), "import", str(path), *words])

    def read(self, content: object, *words: str, name: str = "file") -> Result:
        done = self.run(content, *words, "--model", "m", name=name)
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    def refuse(self, content: object, word: str, *words: str) -> None:
        done = self.run(content, *words)
        said = str(done.exception) if isinstance(done.exception, MiaReviewError) else done.output
        assert done.exit_code != 0
        assert word in said.replace(str(self.folder), "")
        assert not self.points()
        assert self.items() == len(POINTS)

    def items(self) -> int:
        with Store.open(self.db) as store:
            return len(store.items())

    def responses(self) -> dict[int, str]:
        with Store.open(self.db) as store:
            index = {item.id: item.index for item in store.items()}
            return {index[response.item]: response.status for response in store.responses()}

    def points(self) -> dict[str, dict[int, tuple[str | None, ...]]]:
        """By judge, then item."""
        came: dict[str, dict[int, tuple[str | None, ...]]] = {}
        with Store.open(self.db) as store:
            index = {item.id: item.index for item in store.items()}
            names = {judge.id: judge.name for judge in store.judges()}
            for response in store.responses():
                for one in store.judgments(response.id):
                    scores = tuple(None if s.points is None else points_text(s.points) for s in one.sub_scores)
                    came.setdefault(names[one.judge], {})[index[response.item]] = scores
        return came


ALL = dict(enumerate(POINTS))
EVERY = range(len(POINTS))


def csv(columns: list[str], rows: list[list[object]], delimiter: str = ",") -> str:
    lines = [columns, *rows]
    return "\n".join(delimiter.join(f'"{str(cell).replace(chr(34), 2 * chr(34))}"' for cell in line) for line in lines)
