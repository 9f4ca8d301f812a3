"""`miareview plan`: how many more reviews, and of what."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import UsageError
from miareview.words.numbers import number

if TYPE_CHECKING:
    from miareview.stats.planning.plan import ModelNeed, Plan
    from miareview.stats.planning.sizes import Spread


@click.command("plan")
@click.option("--half-width", type=click.FloatRange(0, 0.5, min_open=True), default=0.03, show_default=True,
              help="How sure a corrected score should be: plus or minus this, in fractions of 1.")  # fmt: skip
@click.option("--model", "models", multiple=True, metavar="NAME", help="Only this model; may be repeated.")
@click.option("--by", "by", type=click.Choice(["category"]), help="Also for every category.")
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    half_width: float,
    models: tuple[str, ...],
    by: str | None,
    judge: str | None,
    benchmark: str | None,
    as_json: bool,
) -> None:
    """Items to review at random for a 95 % interval of that half-width, and to settle who is ahead of whom.

    Example: miareview plan --half-width 0.02 --by category
    """
    from miareview.review.samples import random_queue
    from miareview.review.score_columns import score_columns
    from miareview.stats.frame import build_frame
    from miareview.stats.planning.plan import make_plan
    from miareview.stats.planning.step import next_step
    from miareview.store.queues import queues
    from miareview.words import plan as plan_words
    from miareview.words.flags import say

    if math.isnan(half_width):
        raise UsageError("--half-width must be a number.", "Such as 0.03.")
    with context.open_store(reading=True) as store:
        columns = score_columns(store, judge, benchmark)
        drawn = queues(store)
        numbers = {item.id: item.index for item in store.items(columns.benchmark)}
    unknown = [name for name in models if name not in columns.models]
    if unknown:
        raise UsageError(f"There are no responses of {unknown[0]!r}.", f"There are: {', '.join(columns.models)}.")
    plan = make_plan(build_frame(columns), half_width, models=models, by_category=by is not None)
    total = max((model.answers for model in plan.models), default=0)
    queue = random_queue(columns, drawn, numbers, models)
    step = next_step(plan.needed, total, queue, frozenset(queue.name for queue in drawn))
    options = [word for name in models for word in ("--model", name)]
    options += ["--benchmark", benchmark] if benchmark is not None else []
    said, command = plan_words.sentence(step), plan_words.command(step, options)
    if as_json:
        put_json({**plan.to_json(say), "next": {"state": step.code, "sentence": said, "command": command}})
    else:
        put_plan(plan)
        put_lines("Next", [said, *([command] if command else [])])


def put_plan(plan: Plan) -> None:
    """Print the plan for a person; a guess is called one."""
    from miareview.words import plan as plan_words

    put_line(f"{plan.benchmark} · judge {plan.judge or 'none'} · ± {plan.half_width:g} at {plan.confidence * 100:g} %")
    click.echo("")
    known = any(model.spread.n for model in plan.models)
    if known:
        head = ["model", "items", "reviewed", "sd", "80 % bound", "± now", "needed", "more"]
        put_table(head, [_model_row(model) for model in plan.models])
    elif plan.models:
        click.echo("Nothing is reviewed at random yet, so the spread of human − judge is assumed:\n")
        widest = max(plan.models, key=lambda model: model.answers)
        put_table(
            ["sd of human − judge", *(f"{sd:g}" for sd, _ in widest.assumed)],
            [["items needed", *(str(needed) for _, needed in widest.assumed)]],
        )
        put_lines("How to choose", ["0.05: nearly always the same score; 0.1–0.12: a usual judge; 0.2: a poor one"])
    categories = [(model.model, found) for model in plan.models for found in model.categories]
    if categories:
        click.echo("")
        put_table(
            ["model", "category", "items", "reviewed", "sd", "80 % bound", "needed in it", "needed in all"],
            [
                [model, found.category, str(found.items), str(found.spread.n), *_sds(found.spread),
                 _count(found.in_category), _count(found.needed)]
                for model, found in categories
            ],
            left=2,
        )  # fmt: skip
    if known:
        put_lines("Who is ahead of whom", plan_words.pairs(plan))
        put_lines(
            "How to read this",
            [
                "sd: of human − judge by item, guarded as the corrected score; the plan rests on its upper 80 % bound",
                "needed: items reviewed in the order of a random queue, for all models; more: beyond those done",
            ],
        )
    put_lines("Keep in mind", plan_words.notes(plan))


def _model_row(model: ModelNeed) -> list[str]:
    return [
        model.model, str(model.answers), str(model.spread.n), *_sds(model.spread), number(model.half_width_now),
        _count(model.needed), _count(model.more),
    ]  # fmt: skip


def _sds(spread: Spread) -> list[str]:
    return [number(spread.sd), number(spread.upper)]


def _count(value: int | None) -> str:
    return "–" if value is None else str(value)
