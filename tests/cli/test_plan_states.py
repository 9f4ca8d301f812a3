"""An audit from nothing to the end, led by `miareview plan`: in every state its command is run and leads on."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from commands import run
from conftest import JUDGE, commit, make_items, make_judgment, make_response

from miareview.review.queues import work_in
from miareview.store.queues import queue
from miareview.store.store import Store

ITEMS = 40


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Forty items, two models, nothing reviewed."""
    path = tmp_path / "audit.db"
    with Store.open(path, create=True) as store:
        items = make_items(ITEMS)
        store.add_items(items)
        for model in ("m", "n"):
            responses = [make_response(item, model) for item in items]
            store.add_responses(responses)
            judged = [
                make_judgment(item, response, list(item.weights))
                for item, response in zip(items, responses, strict=True)
            ]
            store.add_judgments(JUDGE, judged)
    return path


def plan(db: Path) -> dict[str, Any]:
    done = run("plan", "--json", db=db)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def follow(db: Path, step: dict[str, Any], items: int = ITEMS, skip: int | None = None) -> None:
    """Run the command of a step. The app itself needs a terminal: in its place the next `items` of the queue that it
    would open are committed, but for the one at `skip`."""
    words = shlex.split(step["command"])
    assert words[0] == "miareview"
    if words[1] != "review":
        done = run(*words[1:], db=db)
        assert done.returncode == 0, done.stderr
        return
    assert (words[2], words[4:]) == ("--queue", ["--as", "YOUR-NAME"])
    with Store.open(db) as store:
        chosen = queue(store, words[3])
        assert chosen is not None
        work = work_in(store, chosen, "ann")
        answers = [work[place] for place in range(len(work))]
        done_before = {
            row[0] for row in store.rows("select response from review_status where committed_at is not null")
        }
        waiting = [answer for answer in answers if answer not in done_before]
        for place, answer in enumerate(waiting[: 2 * items]):
            if skip is None or place // 2 != skip:
                commit(store, "ann", answer, chosen.name)


def test_every_state_has_a_command_that_leads_on(db: Path) -> None:
    nothing = plan(db)
    assert nothing["next"]["state"] == "draw"
    assert all(model["needed"] is None and model["reviewed"] == 0 for model in nothing["models"])
    follow(db, nothing["next"])

    begun = plan(db)
    assert (begun["next"]["state"], begun["next"]["command"]) == (
        "go_on", "miareview review --queue next-30 --as YOUR-NAME",
    )  # fmt: skip
    follow(db, begun["next"], items=11, skip=4)

    gap = plan(db)
    assert gap["next"]["state"] == "fill_gap"
    assert "seed 1" in gap["next"]["sentence"]
    assert all(model["needed"] is None and "pilot" in model["reason"] for model in gap["models"])
    assert all("pilot" in pair["reason"] for pair in gap["pairs"])
    follow(db, gap["next"], items=1)

    pilot = plan(db)
    assert pilot["next"]["state"] == "go_on"
    assert [model["reviewed"] for model in pilot["models"]] == [11, 11]
    assert "19 more items" in pilot["next"]["sentence"]
    follow(db, pilot["next"], items=9)

    few = plan(db)
    assert [(model["reviewed"], model["basis"]) for model in few["models"]] == [(20, "rough")] * 2
    assert all(model["needed"] is not None for model in few["models"])
    assert few["next"]["state"] == "draw_longer"
    follow(db, few["next"])
    longer = plan(db)
    assert longer["next"]["state"] == "go_on"
    assert [model["reviewed"] for model in longer["models"]] == [20, 20]
    follow(db, longer["next"], items=16)
    assert plan(db)["next"]["state"] == "enough"

    with Store.open(db) as store:  # one answer more than when the queue was drawn
        items = make_items(ITEMS + 1)
        store.add_items(items)
        store.add_responses([make_response(items[-1], model) for model in ("m", "n")])
    changed = plan(db)
    assert changed["next"]["state"] == "draw_anew"
    assert changed["next"]["command"].endswith("--seed 1")
    follow(db, changed["next"])

    anew = plan(db)
    assert anew["next"]["state"] != "draw_anew"
    assert all(model["reviewed"] >= 28 for model in anew["models"])  # what was reviewed counts

    everything = {"command": "miareview queue create everything --seed 1"}
    follow(db, everything)
    follow(db, {"command": "miareview review --queue everything --as YOUR-NAME"}, items=ITEMS + 1)
    last = plan(db)
    assert (last["next"]["state"], last["next"]["command"]) == ("complete", "miareview scores")
    follow(db, last["next"])


def test_plan_and_scores_are_of_one_mind(db: Path) -> None:
    """What the plan calls settled the scores call settled, and what one refuses the other does."""
    follow(db, plan(db)["next"])
    for items in (9, 8, 13):
        follow(db, {"command": "miareview review --queue next-30 --as YOUR-NAME"}, items=items)
        planned, scored = plan(db), json.loads(run("scores", "--json", db=db).stdout)
        (one,), (other,) = planned["pairs"], scored["pairs"]
        assert one["settled"] == other["settled"]
        assert abs(one["difference"]) == pytest.approx(abs(other["difference"]))
        pilots = {flag["code"] for model in scored["models"] for flag in model["flags"]} >= {"pilot"}
        assert pilots == all(model["needed"] is None for model in planned["models"])
