"""Files whose rows are not kept until their turn comes are read again, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

from commands import run
from conftest import make_items

from miareview.store.store import Store


def write_files(folder: Path) -> None:
    """A benchmark, named to be the last, and two models' answers."""
    folder.mkdir()
    items = [
        {
            "image": item.image_url, "instruction": item.instruction, "type": item.difficulty,
            "components": [c.text for c in item.components], "component_weight": list(item.weights),
            "component_type": [c.category for c in item.components], "num_of_component": len(item.components),
        }
        for item in make_items(4)
    ]  # fmt: skip
    (folder / "z.json").write_text(json.dumps(items), encoding="utf-8")
    for model in ("alpha", "beta"):
        rows = ({"url": item["image"], "text": f"{model} says so."} for item in items)
        (folder / f"{model}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def test_without_room_the_same_is_stored(tmp_path: Path) -> None:
    write_files(tmp_path / "in")
    facts = []
    for room in (20_000, 4, 0):
        db = tmp_path / f"{room}.db"
        done = run(
            "import",
            str(tmp_path / "in"),
            "--json",
            db=db,
            first=f"from miareview.formats import held\nheld.ROOM = {room}",
        )
        assert done.returncode == 0, done.stderr
        with Store.open(db) as store:
            facts.append(([item.id for item in store.items()], [(r.id, r.model, r.text) for r in store.responses()]))
    assert len(facts[0][1]) == 8
    assert facts[0] == facts[1] == facts[2]


def test_what_comes_through_a_pipe_is_kept_without_room(tmp_path: Path) -> None:
    write_files(tmp_path / "in")
    answers = (tmp_path / "in" / "alpha.jsonl").read_text(encoding="utf-8")
    without = "from miareview.formats import held\nheld.ROOM = 0"
    done = run(
        "import",
        str(tmp_path / "in" / "z.json"),
        "-",
        "--model",
        "alpha",
        db=tmp_path / "a.db",
        given=answers,
        first=without,
    )
    assert done.returncode == 0, done.stderr
    with Store.open(tmp_path / "a.db") as store:
        assert len(store.responses()) == 4
