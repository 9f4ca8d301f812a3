"""`miareview scores`: the leaderboard, as published and as it should be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.table import interval, number, put_lines, put_table

if TYPE_CHECKING:
    from miareview.stats.leaderboard import Leaderboard, PairScore


@click.command("scores", short_help="Leaderboard: published, recomputed, with overrides, corrected.")
@click.option("--judge", help="Whose scores; the judge with the most judgments if not given.")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--errors", type=click.Choice(["skip", "zero"]), default="skip", show_default=True,
              help="What a response that is an error counts.")  # fmt: skip
@click.option("--by", "by", type=click.Choice(["category"]), help="Break down as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context, judge: str | None, benchmark: str | None, errors: str, by: str | None, as_json: bool
) -> None:
    """What the judge said, what people changed, and what full review would have given, with its 95 % interval.

    Example: miareview scores --by category
    """
    from miareview.review.audit import score_columns
    from miareview.stats.leaderboard import leaderboard

    with context.open_store() as store:
        columns = score_columns(store, judge, benchmark)
    board = leaderboard(columns, errors="zero" if errors == "zero" else "skip", by_category=as_json or by is not None)
    if as_json:
        put_json(board.to_json())
    else:
        put_leaderboard(board, by is not None)


def put_leaderboard(board: Leaderboard, by_category: bool = False) -> None:
    """Print the leaderboard for a person: every number with its count, every refusal as a sentence."""
    click.echo(f"{board.benchmark} · judge {board.judge or 'none'} · errors: {board.errors} · fractions of 1\n")
    rows = []
    for model in board.models:
        corrected = model.corrected
        rows.append(
            [
                model.model,
                number(model.as_published.value),
                f"{model.as_published.used}/{model.judged}",
                number(model.recomputed.value),
                f"{model.recomputed.used}/{model.judged}",
                number(model.with_overrides),
                str(model.reviewed),
                number(corrected.value if corrected else None),
                interval(corrected.low, corrected.high) if corrected else "refused",
                f"{corrected.estimate.n}/{corrected.estimate.total}" if corrected else "",
            ]
        )
    head = ["model", "published", "read", "recomputed", "read", "with overrides", "reviews", "corrected", "95 %", "n"]
    put_table(head, rows)
    put_lines(
        "How to read this",
        [
            "published: the total the judge states, read as the published notebook reads it",
            "recomputed: points / weights from the sub-scores; 'read' says of how many judged responses",
            "with overrides: people where they reviewed, the judge elsewhere: a partial audit, not a correction",
            "corrected: what full human review would have given, from the random sample alone (n of all)",
        ],
    )
    if by_category:
        _put_categories(board)
    put_lines(
        "Flips",
        [_flip(pair) for pair in board.pairs if pair.flipped],
    )
    put_lines("Refused", _by_sentence([(m.model, m.refused) for m in board.models if m.refused]))
    flags = [(m.model, flag) for m in board.models if m.corrected for flag in m.corrected.flags]
    put_lines("Keep in mind", _by_sentence(flags))
    put_lines("Left out", [f"{reason}: {count}" for reason, count in board.left_out])


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


def _put_categories(board: Leaderboard) -> None:
    click.echo("")
    rows = []
    for model in board.models:
        for category in model.categories:
            fixed = category.corrected
            rows.append(
                [
                    model.model,
                    category.category,
                    str(category.components),
                    number(category.recomputed),
                    number(fixed.value if fixed else None),
                    interval(fixed.low, fixed.high) if fixed else "refused",
                    f"{fixed.estimate.n}" if fixed else "",
                ]
            )
    put_table(["model", "category", "components", "recomputed", "corrected", "95 %", "n"], rows, left=2)
    refused = [(f"{m.model} {c.category}", c.refused) for m in board.models for c in m.categories if c.refused]
    put_lines("Refused in categories", _by_sentence(refused))


def _by_sentence(said: list[tuple[str, str]]) -> list[str]:
    """One line a sentence, with all the models that it is said of."""
    models: dict[str, list[str]] = {}
    for model, sentence in said:
        models.setdefault(sentence, []).append(model)
    return [f"{', '.join(names)}: {sentence}" for sentence, names in models.items()]
