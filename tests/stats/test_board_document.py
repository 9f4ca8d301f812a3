"""The JSON of a board says what its records say: nothing is left out, and what is not there is null."""

from __future__ import annotations

import json
from dataclasses import replace

from made_columns import add_rater, add_scores, components_of, set_sample, simulated

from miareview.stats.board.leaderboard import Leaderboard, leaderboard
from miareview.stats.board.scores import Mean, Pooled
from miareview.stats.flags import Flag


def word(flag: Flag) -> str:
    return flag.code


def board(models: int, *, errors: str = "skip", reviewed: int = 30) -> Leaderboard:
    """Two people read 20 items of every model, one of them ten more."""
    columns, _ = simulated(items=60, models=models, reviewed=reviewed)
    ben = add_rater(columns, "ben")
    for model, sample in enumerate(columns.samples):
        drawn = [] if sample is None else [columns.responses.index(id) for id in sample.responses]
        for response in drawn[:20]:
            add_scores(columns, response, ben, [1 for _ in components_of(columns, response)])
        if drawn:
            set_sample(columns, model, drawn)
    return leaderboard(columns, errors=errors)  # type: ignore[arg-type]


def test_models_with_all_that_is_known_of_them() -> None:
    found = board(4)
    told = json.loads(json.dumps(found.to_json(word), allow_nan=False))
    assert [model["model"] for model in told["models"]] == [model.model for model in found.models]
    assert found.severities is not None
    assert told["severities"] == found.severities.to_json()
    assert [one["reviewer"] for one in told["severities"]["people"]] == ["ann", "ben"]
    assert (told["replicates"], told["seed"], told["errors"], told["tau_b"]) == (2000, 0, "skip", found.tau_b)
    assert told["bias_p"] == found.bias_p is not None
    for model, said in zip(found.models, told["models"], strict=True):
        assert model.rank is not None
        assert said["rank"] == model.rank._asdict() | {"simultaneous": True}
        assert model.pooled is not None
        assert said["pooled"] == model.pooled._asdict()
        fixed = model.corrected
        assert fixed is not None
        assert fixed.people is not None
        assert said["corrected"]["people_like_these"] == {"low": fixed.people[0], "high": fixed.people[1]}
        assert (said["corrected"]["low"], said["corrected"]["n"]) == (fixed.low, 30)
        assert said["recomputed"] == {"value": model.recomputed.value, "used": 60, "lost": 0}
        assert [part["category"] for part in said["categories"]] == [part.category for part in model.categories]
        assert [part["difficulty"] for part in said["difficulties"]] == ["basic", "complex"]
    for pair, said in zip(found.pairs, told["pairs"], strict=True):
        assert said == pair._asdict() | {"refused": None, "flags": said["flags"]}
        assert [flag["code"] for flag in said["flags"]] == [flag.code for flag in pair.flags]
    assert told["unsettled_pairs"] == sum(not pair.settled for pair in found.pairs)


def test_what_is_not_there_is_null() -> None:
    found = board(2, reviewed=0)
    told = found.to_json(word)
    assert (told["severities"], told["tau_b"], told["harness"], told["unsettled_pairs"]) == (None, None, None, 0)
    for said in told["models"]:
        assert (said["corrected"], said["corrected_refused"], said["pooled"], said["ungradable"]) == (
            None, "not_reviewed", None, None,
        )  # fmt: skip
        assert said["as_harness"] is None
        assert said["rank"]["corrected"] is None
    (pair,) = told["pairs"]
    assert (pair["difference"], pair["refused"], pair["settled"]) == (None, "not_reviewed", False)
    first = replace(found.models[0], rank=None, pooled=Pooled(0.5, 0.25, 0.75, 2), as_harness=Mean(0.5, 2, 1))
    one = replace(found, models=(first,), harness="theirs").to_json(word)
    assert (one["harness"], one["models"][0]["rank"]) == ("theirs", None)
    assert one["models"][0]["pooled"] == {"value": 0.5, "low": 0.25, "high": 0.75, "rank": 2}
    assert one["models"][0]["as_harness"] == {"value": 0.5, "used": 2, "lost": 1}
