"""Replies of every kind, and composed ones: read right, or said that they are not; never wrong in silence."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parent))

from bench_replies import QUIET, compose, outcome
from kinds import CASES, Points

from miareview.judge import reply
from miareview.judge.reply import parse_reply


@pytest.mark.parametrize(("kind", "raw", "weights", "points", "must"), CASES)
def test_kinds(kind: str, raw: str, weights: tuple[int, ...], points: Points, must: str) -> None:
    reading = parse_reply(raw, weights)
    came = outcome(reading, points)
    if must == "read":
        assert came == "right", reading
    elif must == "no":
        assert came == "right", reading
        assert reading.status not in ("ok", "warning")
    else:
        assert came != "silent", reading
    if kind == "plain":
        assert not set(reading.warnings) - QUIET
    for value, span in zip(reading.points, reading.spans, strict=True):
        assert (value is None) == (span is None)


def test_composed_replies_are_never_wrong_in_silence() -> None:
    came = [outcome(parse_reply(made.raw, made.weights), made.points) for made in map(compose, range(400))]
    assert came.count("silent") == 0
    assert came.count("right") >= 390


def test_the_short_way_reads_as_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [(made.raw, made.weights) for made in map(compose, range(400))]
    replies += [(raw, weights) for _, raw, weights, _, _ in CASES]
    good = "Component 1: {}/4\nComponent 2: 3/3\nTotal: {}/7\n\nIt is {} words long."
    replies += [(good.format(k, k + 3, k), (4, 3)) for k in range(5)]
    short = [parse_reply(raw, weights) for raw, weights in replies]
    monkeypatch.setattr(reply, "simple_verdict", lambda raw, names: None)
    assert [parse_reply(raw, weights) for raw, weights in replies] == short


@pytest.mark.parametrize("finish", ["length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens"])
def test_a_reply_that_was_cut_is_never_ok(finish: str) -> None:
    reading = parse_reply("Component 1: 4/4\nTotal: 4/4", (4,), finish=finish)
    assert (reading.status, reading.warnings) == ("warning", ["truncated"])
    assert parse_reply("Component 1: 4/4\nTotal: 4/4", (4,), finish="stop").status == "ok"
