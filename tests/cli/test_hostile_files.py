"""Hostile text in every field of every file, from import to the last table: kept to the letter, shown as text."""

import json
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, draw_queue

from miareview.review.session import ReviewSession
from miareview.store.store import Store

LONG = "[/] wörd \u202e " * 7_000  # 100,000 characters and more


@pytest.mark.parametrize("text", [HOSTILE, LONG, "\x00", "[@click=app.quit]x[/]"], ids=["all", "long", "nul", "link"])
def test_from_the_files_to_the_tables(text: str, tmp_path: Path) -> None:
    items = [
        {
            "image": f"https://example.invalid/{number}{text}", "instruction": f"{number} {text}", "type": text,
            "num_of_component": 2, "components": [f"one {text}", text], "component_weight": [6, 4],
            "component_type": [f"a{text}", f"b{text}"],
        }
        for number in range(3)
    ]  # fmt: skip
    rows = [
        {
            "url": item["image"], "model": f"m{text}", "judge": f"j{text}", "text": f"{number}{text}",
            "score_raw": f"Score of component 1: 5/6, score of component 2: 4/4, total score: 9/10. {text}",
        }
        for number, item in enumerate(items)
    ]  # fmt: skip
    (tmp_path / "benchmark.json").write_text(json.dumps(items), encoding="utf-8")
    (tmp_path / "judged.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    db = tmp_path / "h.db"
    done = [run("import", str(tmp_path / "benchmark.json"), str(tmp_path / "judged.jsonl"), db=db)]
    with Store.open(db) as store:
        assert [item.instruction for item in store.items()] == [item["instruction"] for item in items]
        assert [[c.text for c in item.components] for item in store.items()] == [item["components"] for item in items]
        assert sorted(r.text for r in store.responses()) == sorted(row["text"] for row in rows)
        assert {r.model for r in store.responses()} == {f"m{text}"}
        assert [store.judgments(r.id)[0].raw for r in store.responses()] == [row["score_raw"] for row in rows]
        queue = draw_queue(store, f"q{text}", by=text)
        session = ReviewSession(store, f"r{text}", [row.response for row in queue.rows], queue=queue)
        for place in range(3):
            session.go(place)
            session.full_marks()
            session.say("comment", value=text)
            session.commit()
    done += [
        run("scores", "--by", "category", db=db),
        run("agreement", "--by", "category,model,reviewer", "--confusion", db=db),
        run("plan", db=db),
        run("queue", "list", db=db),
        run("queue", "show", f"q{text}", db=db) if "\x00" not in text and len(text) < 1000 else run("check", db=db),
        run("check", db=db),
        run("scores", "--json", db=db),
    ]
    for result in done:
        assert result.returncode == 0, result.stderr
        said = result.stdout + result.stderr
        raw = [line for line in said.splitlines() if any(c in line for c in "\x1b\x00\x07\x9b\u202e\u2066")]
        assert raw == [], result.args
        assert "Traceback" not in said
    assert json.loads(done[-1].stdout)["models"][0]["model"] == f"m{text}"
