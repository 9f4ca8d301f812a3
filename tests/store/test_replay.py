"""What words add up to: a table of sequences with the state after each, and hashes written down."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from miareview.events import Event
from miareview.store.ledger import event_hash
from miareview.store.replay import judge_shown, replay

EVENT = Event(
    "0198a0c0-0000-7000-8000-000000000001", "2026-01-02T03:04:05.000006Z", "änn", "device", "score", "response", 2,
    "3.5", False, "gold", "1", "0.1.0", 1.5, "before", v=2,
)  # fmt: skip


def events(words: str) -> list[Event]:
    """ "1=3" scores component 1 blind, "1~3" with the judge in sight, "1?" is ungradable, "1-" clears; "undo 0" names
    the word of that number; "commit", "commit:end" and "reveal" stand for themselves."""
    made: list[Event] = []
    for word in words.split(", "):
        kind, _, value = word.partition(" ") if " " in word else word.partition(":")
        event = replace(EVENT, id=str(len(made)), kind=kind, component=None, value=value or None, queue="gold")  # type: ignore[arg-type]
        if word[0].isdigit():
            kind = {"=": "score", "~": "score", "?": "ungradable", "-": "clear"}[word[1]]
            event = replace(event, kind=kind, component=int(word[0]), value=word[2:], judge_visible=word[1] == "~")  # type: ignore[arg-type]
        made.append(event)
    return made


@pytest.mark.parametrize(
    ("words", "blind", "assisted", "undoable", "redoable"),
    [
        ("1=3, 1=2", {1: 2}, {}, "01", ""),
        ("1=3, 1-", {}, {}, "01", ""),
        ("1=3, 1?", {1: None}, {}, "01", ""),
        ("1=3, 2=1, undo 1", {1: 3}, {}, "0", "1"),
        ("1=3, 2=1, undo 1, redo 1", {1: 3, 2: 1}, {}, "01", ""),
        ("1=3, 2=1, undo 1, undo 0, redo 0", {1: 3}, {}, "0", "1"),
        ("1=3, undo 0, 2=1", {2: 1}, {}, "2", ""),  # a new word ends what could be said again
        ("1=3, undo 0, 2=1, redo 0", {2: 1}, {}, "2", ""),
        ("1=3, undo 0, reveal", {}, {}, "", ""),
        ("1=3, undo 0, reveal, redo 0", {}, {}, "", ""),
        ("1=3, undo 0, commit, redo 0", {}, {}, "", ""),
        ("1=3, reveal, undo 0", {1: 3}, {}, "", ""),  # nothing from before is taken back
        ("1=3, commit, undo 0", {1: 3}, {}, "", ""),
        ("1=3, reveal, 1~1", {1: 3}, {1: 1}, "2", ""),  # beside the blind score, not in its place
        (
            "1=3, reveal, 1=1",
            {1: 3},
            {1: 1},
            "2",
            "",
        ),  # said under their other name
        ("1=3, commit, reopen, 2=1", {1: 3, 2: 1}, {}, "3", ""),
        ("1=3, reveal, 1~1, undo 2", {1: 3}, {}, "", "2"),
        ("1=3, commit, reopen, 1=2", {1: 2}, {}, "3", ""),
    ],
)
def test_words_add_up(
    words: str, blind: dict[int, int | None], assisted: dict[int, int | None], undoable: str, redoable: str
) -> None:
    state = replay(events(words))
    assert {position: mark.points for position, mark in state.blind.items()} == blind
    assert {position: mark.points for position, mark in state.assisted.items()} == assisted
    assert ("".join(state.undoable), "".join(state.redoable)) == (undoable, redoable)


@pytest.mark.parametrize(
    ("words", "over", "shown"),
    [
        ("1=3", set(), False),
        ("1=3, reveal", set(), True),
        ("1=3, commit", set(), True),  # commits of before showed the judge at once
        ("1=3, commit:each", set(), True),
        ("1=3, commit:end", set(), False),
        ("1=3, commit:end", {"gold"}, True),
        ("1=3, commit:end", {"other"}, False),
        ("1=3, commit:never", {"gold"}, False),
        ("1=3, commit:end, reopen", {"gold"}, False),
    ],
)
def test_when_the_judge_may_be_seen(words: str, over: set[str], shown: bool) -> None:
    assert judge_shown(replay(events(words)), over) is shown


def test_points_are_exact() -> None:
    assert replay(events("1=7/3")).blind[1].points == Fraction(7, 3)


def test_hashes_of_both_forms() -> None:
    assert event_hash(replace(EVENT, v=1)) == "909e1ba144d90088e7ae9ed2b2cf49ae160dcb695995516caea06c90fae720a2"
    assert event_hash(EVENT) == "75c4799c59b6bc4ccb15c133bf87d5a64499d3ff2e65f3e9c23a16f900aa0a50"
