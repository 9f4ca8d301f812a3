"""What is said of a leaderboard: how sure its order is, which pairs turn, and what it takes to settle the others."""

from __future__ import annotations

from miareview.stats.board.scores import PILOT, Leaderboard, ModelScore, PairScore
from miareview.stats.planning.plan import needed
from miareview.words.flags import say, say_kind
from miareview.words.numbers import count, interval, number

MOST = 6  # pairs listed one by one


def in_short(board: Leaderboard) -> str:
    """What the pairs of models come to, in plain words; "" where there are none."""
    if not board.pairs:
        return ""
    known = sum(1 for pair in board.pairs if pair.known)
    pilots, turned = (sum(which) for which in zip(*((p.pilot, p.flipped) for p in board.pairs), strict=True))
    if not known:
        return "No two models can be compared yet."
    if pilots == known:
        return f"Too early to settle which model is ahead: no two have {PILOT} items reviewed."
    parts = [
        f"It is settled which model is ahead in {known - board.unsettled} of {count(len(board.pairs), 'pair')}",
        f"open in {board.unsettled}" if board.unsettled else "",
        f"not compared in {len(board.pairs) - known}" if known < len(board.pairs) else "",
    ]
    turn = "none turns" if not turned else "1 turns" if turned == 1 else f"{turned} turn"
    return f"{', '.join(part for part in parts if part)}; {turn} against the judge."


def ranking(board: Leaderboard) -> list[str]:
    """How much the corrected order differs from the judge's, and how much of it is settled."""
    compared = sum(1 for model in board.models if model.rank and model.rank.corrected)
    known = sum(1 for pair in board.pairs if pair.known)
    lines = []
    if board.tau_b is not None:
        lines.append(f"Kendall's tau-b of the judge's and the corrected scores is {number(board.tau_b)}.")
    if known:
        lines.append(
            f"Settled, however often you look: {known - board.unsettled} of {count(known, 'pair')}; turned round"
            f" against the judge: {sum(pair.flipped for pair in board.pairs)}."
        )
    if 1 < compared < len(board.models):
        lines.append(f"Ranks compare the {compared} of {len(board.models)} models that have a corrected score.")
    return lines


def flips(board: Leaderboard) -> list[str]:
    """A sentence for every pair that stands the other way round after the correction, all pairs taken together."""
    return [_flip(pair) for pair in board.pairs if pair.flipped]


def unsettled(board: Leaderboard) -> list[str]:
    """Sentences for the pairs whose order is open: the pilots together, then those that need the fewest reviews."""
    pilots = [pair for pair in board.pairs if pair.pilot]
    found = [(needed(pair), pair) for pair in board.pairs if pair.known and not pair.settled and not pair.pilot]
    found.sort(key=lambda entry: (entry[0] is None, entry[0] or 0))
    lines = [*([_pilots(pilots)] if pilots else []), *(_unsettled(pair, more) for more, pair in found[:MOST])]
    return lines + ([f"and {count(len(found) - MOST, 'more pair')}"] if len(found) > MOST else [])


def verdict(pair: PairScore) -> str:
    """ "pilot", "turned", "settled" or "open"."""
    return "pilot" if pair.pilot else "turned" if pair.flipped else "settled" if pair.settled else "open"


def ahead(pair: PairScore) -> tuple[str, str, float]:
    """The model ahead after the correction, the one behind, and the sign that turns the pair's numbers."""
    sign = -1.0 if (pair.difference or 0.0) < 0 else 1.0
    return (pair.a, pair.b, sign) if sign > 0 else (pair.b, pair.a, sign)


def turned_ends(low: float | None, high: float | None, sign: float, digits: int = 3) -> str:
    """An interval as seen by the model ahead."""
    if low is None or high is None:
        return ""
    least, most = sorted((sign * low, sign * high))
    return interval(least, most, True, digits)


def not_compared(board: Leaderboard) -> list[str]:
    """For each reason why pairs are refused though both models have a corrected score: which pairs, and the reason."""
    given = {model.model for model in board.models if model.corrected}
    found: dict[str, list[str]] = {}
    for pair in board.pairs:
        if pair.refused and {pair.a, pair.b} <= given:
            found.setdefault(say_kind(pair.refused), []).append(f"{pair.a} and {pair.b}")
    return [f"{_named(pairs)}: {sentence}" for sentence, pairs in found.items()]


def _named(pairs: list[str]) -> str:
    """All of a few pairs; of more their number, and the first of them."""
    if len(pairs) <= MOST // 2:
        return ", ".join(pairs)
    return f"{count(len(pairs), 'pair')} ({', '.join(pairs[: MOST // 2])}, …)"


def gaps(board: Leaderboard) -> list[tuple[str, str]]:
    """(model, sentence) where something in a sample is not scored whole."""
    return [
        (model.model, say(flag))
        for model in board.models
        for flag in (model.corrected.flags if model.corrected else ())
        if flag.code == "gap"
    ]


def to_keep_in_mind(board: Leaderboard) -> list[tuple[str, str]]:
    """Everything to keep in mind of models, as (model, sentence)."""
    return [(model.model, sentence) for model in board.models for sentence in of_model(model)]


def of_model(model: ModelScore) -> list[str]:
    """What is to be kept in mind of one model's scores."""
    flags = [*(model.corrected.flags if model.corrected else ()), *model.flags]
    said = [say(flag) for flag in flags]
    found = model.ungradable
    if found is not None:
        said.append(
            f"With its {count(found.components, 'ungradable component')} at no points the corrected score would be"
            f" {number(found.if_zero)}, at full points {number(found.if_full)}."
        )
    return said


def _flip(pair: PairScore) -> str:
    first, second, sign = ahead(pair)
    return (
        f"{first} passes {second}: {number(sign * (pair.difference or 0), True)}"
        f" {turned_ends(pair.low_all, pair.high_all, sign)} for all pairs at once, on {count(pair.n, 'item')};"
        f" the judge says {number(sign * (pair.judge_difference or 0), True)}"
    )


def _pilots(pairs: list[PairScore]) -> str:
    whose = f"{pairs[0].a} and {pairs[0].b} have" if len(pairs) == 1 else f"{count(len(pairs), 'pair')} have"
    return (
        f"This is a pilot: {whose} fewer than {PILOT} items reviewed for both. Nothing is said of who is"
        f" ahead. A plan to tell them apart can be made from {PILOT} items on."
    )


def _unsettled(pair: PairScore, more: int | None) -> str:
    first, second, sign = ahead(pair)
    todo = f"it takes nearly all {pair.total} items"
    if more is not None:
        todo = f"{count(more, 'more item')} would, with 80 % assurance"
    return (
        f"You cannot tell {first} and {second} apart yet: {todo}"
        f" ({number(sign * (pair.difference or 0), True)} {turned_ends(pair.low, pair.high, sign)} now, alone)"
    )
