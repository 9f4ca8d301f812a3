"""Replies of every kind, and composed ones: read right, or said that they are not; never wrong in silence."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parent))

import attacks_data  # noqa: F401  each adds its cases
import attacks_voices  # noqa: F401
import attacks_words  # noqa: F401
from bench_replies import QUIET, compose, outcome
from kinds import CASES, Points

from miareview.judge import reply
from miareview.judge.reply import parse_reply

KINDS = sorted({kind for kind, *_ in CASES})


def fault(kind: str, raw: str, weights: tuple[int, ...], points: Points, must: str) -> str:
    """What is wrong with the reading of a reply, or nothing."""
    reading = parse_reply(raw, weights)
    came = outcome(reading, points)
    if any((value is None) != (span is None) for value, span in zip(reading.points, reading.spans, strict=True)):
        return "a value without its place"
    if came == "silent" or (must != "warn" and came != "right"):
        return f"{came}: {reading}"
    if must == "no" and reading.status in ("ok", "warning"):
        return f"a verdict where there is none: {reading}"
    return f"warned of a plain reply: {reading}" if kind == "plain" and set(reading.warnings) - QUIET else ""


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(kind: str) -> None:
    faults = {case[1]: told for case in CASES if case[0] == kind and (told := fault(*case))}
    assert not faults, "\n\n".join(f"{raw}\n→ {told}" for raw, told in faults.items())


def test_composed_replies_are_never_wrong_in_silence() -> None:
    came = [outcome(parse_reply(made.raw, made.weights), made.points) for made in map(compose, range(300))]
    assert came.count("silent") == 0
    assert came.count("right") >= 285


def test_the_short_way_reads_as_the_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [(made.raw, made.weights) for made in map(compose, range(100))]
    replies += [
        (raw, weights) for _, raw, weights, _, _ in CASES if raw.isascii() and raw.lower().find("component") < 20
    ]
    good = "Component 1: {}/4\nComponent 2: 3/3\nTotal: {}/7\n\nIt is {} words long."
    replies += [(good.format(k, k + 3, k), (4, 3)) for k in range(5)]
    of_another_form = good.format(2, 5, "many")
    replies += [(of_another_form, weights) for weights in ((4, 3, 3), (4, 4), (3, 4), (4,))]
    leads = ("Here are the scores: ", "My first impression:\n", "The response claims: ", "Points lost: ", "Weights: ")
    replies += [(lead + of_another_form, (4, 3)) for lead in leads]
    short = [parse_reply(raw, weights) for raw, weights in replies]
    monkeypatch.setattr(reply, "simple_head", lambda raw: None)
    assert [parse_reply(raw, weights) for raw, weights in replies] == short


def test_readings_of_one_beginning_are_nobody_elses() -> None:
    raw = "Component 1: 3/4, component 2: 3/3, total: 6/7. It is {}."
    first, second = (parse_reply(raw.format(word), (4, 3)) for word in ("good", "long"))
    assert first == second
    first.points.clear()
    assert parse_reply(raw.format("blue"), (4, 3)) == second
    assert parse_reply(raw.format("blue"), (4, 5)).warnings == ["wrong_denominator", "total_mismatch"]


@pytest.mark.parametrize("finish", ["length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens"])
def test_a_reply_that_was_cut_is_never_ok(finish: str) -> None:
    reading = parse_reply("Component 1: 4/4\nTotal: 4/4", (4,), finish=finish)
    assert (reading.status, reading.warnings) == ("warning", ["truncated"])
    assert parse_reply("Component 1: 4/4\nTotal: 4/4", (4,), finish="stop").status == "ok"
