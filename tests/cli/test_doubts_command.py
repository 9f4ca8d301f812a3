"""`miareview doubts`: for people, and as JSON; nothing in the database changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from commands import run

BENCHMARK = [
    {
        "image": "https://example.invalid/1.png",
        "instruction": "Describe the boat in two sentences.",
        "type": "basic",
        "components": ["Describe the boat", "in two sentences"],
        "component_weight": [5, 5],
        "component_type": ["describe", "length_limit"],
    },
    {
        "image": "https://example.invalid/2.png",
        "instruction": "Describe the \u202emill in two sentences.",
        "type": "basic",
        "components": ["Describe the \u202emill", "in three sentences"],
        "component_weight": [5, 5],
        "component_type": ["describe", "length_limit"],
    },
]


def test_doubts_are_listed_and_nothing_is_changed(tmp_path: Path) -> None:
    file, db = tmp_path / "benchmark.json", tmp_path / "r.db"
    file.write_text(json.dumps(BENCHMARK), encoding="utf-8")
    assert run("import", str(file), db=db).returncode == 0
    before = hashlib.sha256(db.read_bytes()).hexdigest()
    told = run("doubts", db=db)
    assert told.returncode == 0
    assert "item 1, component 2: Asks for exactly 3 sentences; the instruction says exactly 2" in told.stdout
    assert "1 of 2 items" in told.stderr
    document = json.loads(run("doubts", "--json", db=db).stdout)
    assert [(d["item"], d["position"], d["kind"]) for d in document["doubts"]] == [(1, 2, "count")]
    assert hashlib.sha256(db.read_bytes()).hexdigest() == before
