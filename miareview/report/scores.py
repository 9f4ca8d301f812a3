"""The sections on scores: the leaderboard, the order of the models, and the judge's bias by category and model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from miareview.report.contents import Audit
from miareview.report.document import Block, Cell, Figure, Prose, Section, Table, span
from miareview.report.plots import Value, interval_plot
from miareview.stats.board.leaderboard import CategoryScore, DifficultyScore, ModelScore, PairScore
from miareview.stats.board.scores import Corrected
from miareview.stats.correction import FLAGGED_ITEMS
from miareview.text import clip
from miareview.words.board import ahead, in_short, of_model, turned_ends, verdict
from miareview.words.flags import say, say_kind
from miareview.words.numbers import NONE, count, number
from miareview.words.people import severity_lines

MOST_PAIRS = 60  # listed one by one
HEAD_CELLS = 20  # of a name that stands above a column of numbers


def leaderboard_section(audit: Audit) -> Section:
    """Published, recomputed, with overrides, corrected; and the last two steps as a plot."""
    models = audit.board.models
    rows = []
    for model in models:
        published, recomputed, fixed = model.as_published, model.recomputed, model.corrected
        harness = model.as_harness
        rows.append(
            (
                Cell(model.model),
                *([Cell(number(harness.value), f"{harness.used} read, {harness.lost} lost")] if harness else []),
                Cell(number(published.value), f"{published.used} read, {published.lost} lost"),
                Cell(number(recomputed.value), f"{recomputed.used} of {model.judged}"),
                Cell(number(model.with_overrides), count(model.reviewed, "review")),
                Cell(number(fixed.value), _ends(fixed), tuple(of_model(model)))
                if fixed
                else Cell(NONE, notes=(refusal(model),)),
                Cell(f"{fixed.estimate.n} of {fixed.estimate.total}" if fixed else NONE),
                Cell(number(model.pooled.value), span(model.pooled.low, model.pooled.high))
                if model.pooled
                else Cell(NONE),
                Cell(rank_words(model)),
            )
        )
    table = Table(
        "Leaderboard, the best recomputed score first. Scores are fractions of 1.",
        (
            "model",
            *([f"as {audit.board.harness}"] if audit.board.harness else []),
            "as published",
            "recomputed",
            "with overrides",
            "corrected",
            "reviewed",
            "pooled",
            "rank",
        ),
        tuple(rows),
        notes=(
            *(
                [f"as {audit.board.harness}: what it gives out itself, of what it counted."]
                if audit.board.harness
                else []
            ),
            "as published: mean of the totals that the judge wrote, over the replies that the benchmark's notebook"
            " would"
            " have read; the others are lost to it.",
            "recomputed: mean of points / weights, over the answers whose reply could be read in full.",
            "with overrides: a partial audit, not a correction.",
            "corrected: the estimate with its 95 % interval; reviewed: answers in the random sample, of all.",
            "pooled: the score if the judge's bias is partly the same for all models; beside the corrected one, never"
            " instead, and only where not all is reviewed.",
            "rank: by recomputed → by corrected score, among the models that have one, with the places that all pairs"
            " together leave possible at 95 %.",
            *_errors_note(audit),
        ),
    )
    plot = interval_plot(
        "plot-leaderboard",
        "Judge's and corrected score of every model",
        "For each model the score recomputed from the judge, and the corrected score with its 95 % interval.",
        [
            (
                model.model,
                f"{number(model.recomputed.value)} → {number(model.corrected.value if model.corrected else None)}",
                False,
                [
                    Value("judge", model.recomputed.value),
                    Value(
                        "human",
                        model.corrected.value if model.corrected else None,
                        model.corrected.low if model.corrected else None,
                        model.corrected.high if model.corrected else None,
                    ),
                ],
            )
            for model in models
        ],
        (("judge", "judge, recomputed"), ("human", "corrected, 95 % interval")),
        (0.0, 1.0),
    )
    figure = [Figure("The judge's score and the corrected one.", plot)] if plot else []
    return Section("leaderboard", "Leaderboard", (*figure, table))


def _ends(fixed: Corrected) -> str:
    whole = fixed.estimate.n >= fixed.estimate.total
    return "all reviewed" if whole and fixed.low == fixed.high else span(fixed.low, fixed.high)


def refusal(model: ModelScore) -> str:
    """Why a model has no corrected score, without its name, so that models share the sentence."""
    return f"Refused: {say(model.refused) if model.refused else 'no reason given'}"


def _errors_note(audit: Audit) -> tuple[str, ...]:
    if audit.board.errors == "zero":
        return ("Responses that are no answer count as 0, for judge and people alike; as published leaves them out.",)
    return ("Responses that are no answer are left out.",)


def rank_words(model: ModelScore) -> str:
    """A model's rank by recomputed and by corrected score, with the 95 % interval of the latter: 2 → 1 (1–3)."""
    rank = model.rank
    if rank is None:
        return NONE
    if rank.corrected is None:
        return f"{rank.judge} → {NONE}"
    return f"{rank.judge} → {rank.corrected}" + (f" ({rank.low}–{rank.high})" if rank.low and rank.high else "")


def order_section(audit: Audit) -> Section:
    """Pairs of models that change places, and those whose order the sample leaves open."""
    board = audit.board
    compared = [pair for pair in board.pairs if pair.known]
    flipped = [pair for pair in compared if pair.flipped]
    unsettled = [pair for pair in compared if not pair.settled and not pair.flipped]
    blocks: list[Block] = []
    if compared:
        text = f"{in_short(board)} All pairs are taken together; settled holds however often somebody looks."
        if board.tau_b is not None:
            text += f" Kendall's τ-b of judge and corrected scores is {number(board.tau_b)}."
        blocks.append(Prose(" ".join([text, *map(say, board.flags)])))
    elif audit.board.pairs:
        blocks.append(Prose("No pair of models can be compared; the reasons are under “Left out, and why”."))
    else:
        blocks.append(Prose("There is only one model, so there is nothing to compare."))
    refused = Counter(pair.refused.code for pair in board.pairs if pair.refused)
    if refused["confounded"]:
        text = (
            f"{count(refused['confounded'], 'pair')} of models were scored by different people, so nothing is said of"
            " them: a difference may be that of the people. Let the same people review both."
        )
        blocks.append(Prose(text, lead="Not compared."))
    if severe := severity_lines(board):
        blocks.append(Prose(" ".join(f"{line.rstrip('.')}." for line in severe), lead="Who is severe."))
    if flipped or unsettled:
        shown = [*flipped, *unsettled]
        rows = [_pair_row(pair) for pair in shown[:MOST_PAIRS]]
        more = (
            [f"{count(len(shown) - MOST_PAIRS, 'more pair')} of this kind are in `miareview scores --json`."]
            if len(shown) > MOST_PAIRS
            else []
        )
        blocks.append(
            Table(
                "Pairs whose order is turned or left open. Differences are the first model's score less the second's.",
                ("first", "second", "order", "corrected", "all pairs at once", "however often", "judge", "items"),
                tuple(rows),
                left=3,
                notes=(
                    "corrected: paired on the items reviewed for both, with its 95 % interval for this pair at this"
                    " look; then the interval that holds for all pairs at once, and the one that holds however often"
                    " somebody looks. turned: the second lies on the other side of zero than the judge's difference."
                    " open: the third holds zero.",
                    *more,
                ),
            )
        )
    return Section("order", "Who is ahead of whom", tuple(blocks))


def _pair_row(pair: PairScore) -> tuple[Cell, ...]:
    """One pair, with the model ahead after the correction first."""
    first, second, sign = ahead(pair)
    judge = None if pair.judge_difference is None else sign * pair.judge_difference
    return (
        Cell(first),
        Cell(second),
        Cell(verdict(pair)),
        Cell(
            number(sign * (pair.difference or 0.0), True),
            turned_ends(pair.low, pair.high, sign),
            tuple(map(say, pair.flags)),
        ),
        Cell(turned_ends(pair.low_all, pair.high_all, sign)),
        Cell(turned_ends(pair.low_any, pair.high_any, sign)),
        Cell(number(judge, True)),
        Cell(str(pair.n)),
    )


def categories_section(audit: Audit) -> Section:
    """Judge − corrected for every model in every category, and at every difficulty."""
    models = audit.board.models
    categories = {model.model: {score.category: score for score in model.categories} for model in models}
    difficulties = {model.model: {score.difficulty: score for score in model.difficulties} for model in models}
    blocks: list[Block] = [_grid("category", categories, models), _grid("difficulty", difficulties, models)]
    return Section("categories", "Where the judge differs", tuple(blocks))


def _grid(
    what: str, scores: Mapping[str, Mapping[str, CategoryScore | DifficultyScore]], models: Sequence[ModelScore]
) -> Table:
    names = list(dict.fromkeys(name for found in scores.values() for name in found))
    cells = [score.corrected for found in scores.values() for score in found.values() if score.corrected]
    sampled = any(fixed.estimate.n < fixed.estimate.total for fixed in cells)
    ends = ", with 95 % intervals" if sampled else ""
    return Table(
        f"Judge − corrected score by model and {what}{ends}; + is a lenient judge.",
        ("model", *(clip(name, HEAD_CELLS) for name in names)),
        tuple(
            (Cell(model.model), *(_difference(model, scores[model.model].get(name)) for name in names))
            for model in models
        ),
        notes=(
            f"The judge's mean over all of the {what} less the corrected one.",
            *(
                [f"few: below {FLAGGED_ITEMS} items reviewed. Among many cells some intervals exclude zero by chance."]
                if sampled
                else []
            ),
        ),
    )


def _difference(model: ModelScore, score: CategoryScore | DifficultyScore | None) -> Cell:
    if score is None:
        return Cell(NONE, notes=("There is none of it for this model.",))
    fixed = score.corrected
    if fixed is None:
        return Cell(NONE, notes=(f"Refused: {say_kind(score.refused) if score.refused else 'no reason given'}",))
    if score.recomputed is None:
        return Cell(NONE, notes=("The judge has no value here.",))
    gap = score.recomputed - fixed.value
    complete = fixed.estimate.n >= fixed.estimate.total
    few = any(flag.code == "few" for flag in fixed.flags)
    words = "all reviewed" if complete else span(score.recomputed - fixed.high, score.recomputed - fixed.low, True)
    flags = tuple(say_kind(flag) for flag in fixed.flags if flag.code != "few")
    return Cell(f"{number(gap, True)}{' few' if few else ''}", words, flags, few, signed_shade(gap))


def signed_shade(gap: float) -> str:
    """A step of the scale for differences: none below 0.01, the fourth from 0.2 on."""
    size = sum(abs(gap) >= edge for edge in (0.01, 0.05, 0.1, 0.2))
    return f"{'p' if gap > 0 else 'n'}{size}" if size else ""
