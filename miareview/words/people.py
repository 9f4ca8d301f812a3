"""What is said of reviewers: who is severe, and how far people like these might differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.stats.board.scores import Leaderboard


def severity_lines(board: Leaderboard) -> list[str]:
    """Severities of the reviewers, and how much wider a score is for people like these; nothing where not known."""
    found = board.severities
    if found is None:
        return []
    lines = [
        f"{one.reviewer} gives {number(one.value, True)} {interval(one.low, one.high, True)} beside all who read it too"
        for one in found.people
    ]
    widths = [(model.corrected, model.corrected.people) for model in board.models if model.corrected]
    known = [(fixed.high - fixed.low, high - low) for fixed, people in widths if people for low, high in (people,)]
    if known:
        these, like = (sum(column) / len(known) / 2 for column in zip(*known, strict=True))
        lines.append(
            f"Scores are ± {number(these)} for these people, and ± {number(like)} for people like these (their spread"
            f" is {number(found.sd)}, on {count(found.items, 'item')} that two read)."
        )
    return lines
