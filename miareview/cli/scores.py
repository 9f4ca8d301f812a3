"""`miareview scores`: the leaderboard, as published and as it should be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.looking import looker_option, note_peek, put_peeks
from miareview.cli.table import interval, number, put_line, put_lines, put_table
from miareview.errors import UsageError

if TYPE_CHECKING:
    from miareview.stats.board.leaderboard import CategoryScore, DifficultyScore, Leaderboard, ModelScore, PairScore

DIMENSIONS = ("category", "difficulty")


@click.command("scores", short_help="Leaderboard: published, recomputed, with overrides, corrected.")
@click.option("--judge", help="Whose scores; the judge with the most judgments if not given.")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--errors", type=click.Choice(["skip", "zero"]), default="skip", show_default=True,
              help="What a response that is an error counts.")  # fmt: skip
@click.option("--by", "by", help=f"Break down as well by any of {', '.join(DIMENSIONS)}, with commas between.")
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    judge: str | None,
    benchmark: str | None,
    errors: str,
    by: str | None,
    looker: str | None,
    as_json: bool,
) -> None:
    """What the judge said, what people changed, and what full review would have given, with its 95 % interval.

    Example: miareview scores --by category,difficulty
    """
    wanted = tuple(word.strip() for word in (by or "").split(",") if word.strip())
    unknown = [word for word in wanted if word not in DIMENSIONS]
    if unknown:
        raise UsageError(f"--by does not know {unknown[0]!r}.", f"It knows {', '.join(DIMENSIONS)}.")
    from miareview.review.score_columns import score_columns
    from miareview.stats.board.leaderboard import leaderboard
    from miareview.store.sight import peeks

    with context.open_store(reading=True) as store:
        columns = score_columns(store, judge, benchmark)
        note_peek(store, looker, "scores")
        early = peeks(store)
    board = leaderboard(
        columns,
        errors="zero" if errors == "zero" else "skip",
        by_category=as_json or "category" in wanted,
        by_difficulty=as_json or "difficulty" in wanted,
    )
    if as_json:
        put_json(board.to_json() | {"peeks": [asdict(peek) for peek in early]})
    else:
        put_leaderboard(board, wanted)
        put_peeks(early)


def put_leaderboard(board: Leaderboard, by: Sequence[str] = ()) -> None:
    """Print the leaderboard for a person: every number with its count, every refusal as a sentence.

    `by` names further tables: "category", "difficulty".
    """
    seen = " · this judge never saw the pictures" if board.judge_sees is False else ""
    put_line(f"{board.benchmark} · judge {board.judge or 'none'} · errors: {board.errors} · fractions of 1{seen}")
    click.echo("")
    _put_models(board)
    put_lines(
        "How to read this",
        [
            *([f"{board.harness}: the mean that it gives out itself, of what it counted"] if board.harness else []),
            "published: the total the judge states, read as the published notebook reads it",
            "recomputed: points / weights from the sub-scores; 'read' says of how many judged responses",
            "with overrides: people where they reviewed, the judge elsewhere: a partial audit, not a correction",
            "corrected: what full human review would have given, from the random sample alone (n of all)",
            "rank: by the judge → by corrected scores [its 95 % interval]; first: the probability of being it",
        ],
    )
    for name in by:
        _put_parts(board, name)
    put_lines("Ranking", _ranking(board))
    put_lines("Flips", [_flip(pair) for pair in board.pairs if pair.flipped])
    put_lines("Refused", _by_sentence([(m.model, m.refused) for m in board.models if m.refused]))
    flags = [(m.model, flag) for m in board.models if m.corrected for flag in m.corrected.flags]
    put_lines("Keep in mind", _by_sentence(flags) + [line for m in board.models for line in _ungradable(m)])
    put_lines("Left out", [f"{reason}: {count}" for reason, count in board.left_out])


def _put_models(board: Leaderboard) -> None:
    """The table; on a narrow terminal counts go first, then the chance of being first, overrides, published, ranks."""
    ranked = any(model.rank and model.rank.corrected for model in board.models)
    rows = []
    for model in board.models:
        fixed = model.corrected
        harness = model.as_harness
        row = [
            model.model,
            *([number(harness.value), f"{harness.used}/{harness.used + harness.lost}"] if harness else []),
            number(model.as_published.value),
            f"{model.as_published.used}/{model.judged}",
            number(model.recomputed.value),
            f"{model.recomputed.used}/{model.judged}",
            number(model.with_overrides),
            str(model.reviewed),
            number(fixed.value if fixed else None),
            interval(fixed.low, fixed.high) if fixed else "refused",
            f"{fixed.estimate.n}/{fixed.estimate.total}" if fixed else "",
            _rank(model, ranked),
        ]
        rows.append([*row, _chance(model.rank.probability_best if model.rank else None)] if ranked else row)
    harness_head = [board.harness, "read"] if board.harness else []
    head = ["model", *harness_head, "published", "read", "recomputed", "read", "with overrides", "reviews", "corrected",
            "95 %", "n", "rank", *(["first"] if ranked else [])]  # fmt: skip
    spare = ["read", "reviews", "n", "first", "with overrides", "published", "rank"]
    put_table(head, rows, spare=[at for name in spare for at, column in enumerate(head) if column == name and at])


def _rank(model: ModelScore, ranked: bool) -> str:
    """The judge's rank, and the corrected one; where some models have that, the others have no comparable rank."""
    rank = model.rank
    if rank is None or (ranked and rank.corrected is None):
        return "–"
    if rank.corrected is None:
        return str(rank.judge)
    return f"{rank.judge} → {rank.corrected} [{rank.low}–{rank.high}]"


def _chance(probability: float | None) -> str:
    """A probability in whole per cent, never rounded to a certainty that it is not."""
    if probability is None:
        return "–"
    if 0.0 < probability < 0.01:
        return "<1 %"
    if 0.99 < probability < 1.0:
        return ">99 %"
    return f"{100 * probability:.0f} %"


def _ranking(board: Leaderboard) -> list[str]:
    """How much the corrected ranking differs from the judge's, and how much of it is settled."""
    if board.ranking_changes is None:
        return []
    compared = sum(1 for model in board.models if model.rank and model.rank.corrected)
    agreement = "" if board.tau_b is None else f"; Kendall's tau-b between the two is {number(board.tau_b)}"
    lines = [f"Probability that full review would turn a pair round: {_chance(board.ranking_changes)}{agreement}."]
    known = sum(1 for pair in board.pairs if pair.difference is not None)
    if known:
        lines.append(f"Unsettled: {board.unsettled} of {known} pairs, whose corrected difference may have either sign.")
    if compared < len(board.models):
        lines.append(f"Ranks compare the {compared} of {len(board.models)} models that have a corrected score.")
    return lines


def _ungradable(model: ModelScore) -> list[str]:
    found = model.ungradable
    if found is None:
        return []
    return [
        f"{model.model}: with its {found.components} ungradable components at no points the corrected score would be"
        f" {number(found.if_zero)}, at full points {number(found.if_full)}."
    ]


def _flip(pair: PairScore) -> str:
    """Who is ahead after the correction although the judge has it the other way round on the same items."""
    sign = 1 if (pair.difference or 0) > 0 else -1
    ahead, behind = (pair.a, pair.b) if sign > 0 else (pair.b, pair.a)
    low, high = sorted(sign * (end or 0) for end in (pair.low, pair.high))
    judge = number(sign * (pair.judge_difference or 0), True)
    return (
        f"{ahead} passes {behind}: {number(sign * (pair.difference or 0), True)} {interval(low, high, True)},"
        f" paired on {pair.n} items; the judge says {judge}"
    )


def _put_parts(board: Leaderboard, by: str) -> None:
    """Judge's and corrected means of every model's categories or difficulties."""
    parts: list[tuple[str, str, int, CategoryScore | DifficultyScore]] = []
    for model in board.models:
        if by == "category":
            parts += [(model.model, part.category, part.components, part) for part in model.categories]
        else:
            parts += [(model.model, part.difficulty, part.items, part) for part in model.difficulties]
    rows = []
    for name, label, count, part in parts:
        fixed = part.corrected
        rows.append(
            [
                name,
                label,
                str(count),
                number(part.recomputed),
                number(fixed.value if fixed else None),
                interval(fixed.low, fixed.high) if fixed else "refused",
                f"{fixed.estimate.n}" if fixed else "",
            ]
        )
    click.echo("")
    units = "components" if by == "category" else "items"
    put_table(["model", by, units, "recomputed", "corrected", "95 %", "n"], rows, left=2)
    refused = [(f"{name} {label}", part.refused) for name, label, _, part in parts if part.refused]
    put_lines(f"Refused by {by}", _by_sentence(refused))


def _by_sentence(said: list[tuple[str, str]]) -> list[str]:
    """One line a sentence, with all the models that it is said of."""
    models: dict[str, list[str]] = {}
    for model, sentence in said:
        models.setdefault(sentence, []).append(model)
    return [f"{', '.join(names)}: {sentence}" for sentence, names in models.items()]
