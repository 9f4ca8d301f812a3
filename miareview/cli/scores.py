"""`miareview scores`: the leaderboard, as published and as it should be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.looking import looker_option, note_peek, put_peeks
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import UsageError
from miareview.words.left_out import left_out_lines
from miareview.words.numbers import by_sentence, interval, number

if TYPE_CHECKING:
    from miareview.stats.board.leaderboard import CategoryScore, DifficultyScore, Leaderboard, ModelScore

DIMENSIONS = ("category", "difficulty")


@click.command("scores")
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
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
    from miareview.review.score_columns import judges_of, score_columns
    from miareview.stats.board.leaderboard import leaderboard
    from miareview.stats.flags import Flag, flags_json
    from miareview.store.sight import peeks
    from miareview.words.flags import say

    with context.open_store(reading=True) as store:
        columns = score_columns(store, judge, benchmark)
        note_peek(store, looker, "scores")
        early = peeks(store)
        others = tuple(one.label for one in judges_of(store, columns.benchmark) if one.label != columns.judge)
    beside = Flag("second_judge", len(others), names=others)
    board = leaderboard(
        columns,
        errors="zero" if errors == "zero" else "skip",
        by_category=as_json or "category" in wanted,
        by_difficulty=as_json or "difficulty" in wanted,
    )
    if others and judge is None:
        board = replace(board, flags=(*board.flags, beside))
    if as_json:
        document = board.to_json(say) | {"peeks": [asdict(peek) for peek in early]}
        if early:
            peeked = Flag("peeked", len(early), names=tuple(str(peek.committed) for peek in early))
            document["flags"] += flags_json((peeked,), say)
        put_json(document)
    else:
        put_leaderboard(board, wanted)
        put_peeks(early)


def put_leaderboard(board: Leaderboard, by: Sequence[str] = ()) -> None:
    """Print the leaderboard for a person: every number with its count, every refusal as a sentence.

    `by` names further tables: "category", "difficulty".
    """
    from miareview.words import board as board_words
    from miareview.words.flags import say
    from miareview.words.people import severity_lines

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
            "pooled: the same if the judge's bias is partly alike for all models; beside it, not instead",
            "rank: by the judge → by corrected scores [places that all pairs together leave possible, 95 %]",
        ],
    )
    for name in by:
        _put_parts(board, name)
    put_lines("Ranking", board_words.ranking(board))
    put_lines("Turned round", board_words.flips(board))
    put_lines("Not settled", board_words.unsettled(board))
    put_lines("Refused", by_sentence([(m.model, say(m.refused)) for m in board.models if m.refused]))
    put_lines("Not compared", board_words.not_compared(board))
    put_lines("Who is severe", severity_lines(board))
    put_lines("Keep in mind", [*map(say, board.flags), *by_sentence(board_words.to_keep_in_mind(board))])
    put_lines("Left out", left_out_lines(board.left_out))


def _put_models(board: Leaderboard) -> None:
    """The table; on a narrow terminal counts go first, then overrides, published, pooled scores, ranks."""
    ranked = any(model.rank and model.rank.corrected for model in board.models)
    rows = []
    for model in board.models:
        fixed = model.corrected
        harness = model.as_harness
        rows.append([
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
            number(model.pooled.value if model.pooled else None),
            _rank(model, ranked),
        ])  # fmt: skip
    harness_head = [board.harness, "read"] if board.harness else []
    head = ["model", *harness_head, "published", "read", "recomputed", "read", "with overrides", "reviews", "corrected",
            "95 %", "n", "pooled", "rank"]  # fmt: skip
    spare = ["read", "reviews", "n", "with overrides", "published", "pooled", "rank"]
    put_table(head, rows, spare=[at for name in spare for at, column in enumerate(head) if column == name and at])


def _rank(model: ModelScore, ranked: bool) -> str:
    """The judge's rank, and the corrected one; where some models have that, the others have no comparable rank."""
    rank = model.rank
    if rank is None or (ranked and rank.corrected is None):
        return "–"
    if rank.corrected is None:
        return str(rank.judge)
    return f"{rank.judge} → {rank.corrected} [{rank.low}–{rank.high}]"


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
    from miareview.words.flags import say

    click.echo("")
    units = "components" if by == "category" else "items"
    put_table(["model", by, units, "recomputed", "corrected", "95 %", "n"], rows, left=2)
    refused = [(f"{name} {label}", say(part.refused)) for name, label, _, part in parts if part.refused]
    put_lines(f"Refused by {by}", by_sentence(refused))
