"""`miareview compare`: several models' answers to one item beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.looking import list_looker_option, who_looks
from miareview.cli.review import images_option, on_terminal, open_beside
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import UsageError
from miareview.text import visible

if TYPE_CHECKING:
    from fractions import Fraction

    from miareview.browse.compare import Answer, Cell, Comparison


@click.command("compare")
@click.argument("number", metavar="ITEM", type=click.IntRange(min=0))
@click.option(
    "--models", metavar="NAME,…", help="Which models, with commas between; the first is the base. All if not given."
)
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@list_looker_option
@images_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    number: int,
    models: str | None,
    judge: str | None,
    benchmark: str | None,
    reviewer: str | None,
    renderer: str,
    as_json: bool,
) -> None:
    """The answers to one item, and for each component the points of judge, people and gold, and what was counted.

    On a terminal this opens the app; with --json, or without a terminal, it prints.

    Example: miareview compare 11 --models qwen2-72b,llava-13b
    """
    from miareview.browse.compare import compare
    from miareview.browse.sight import sight_of
    from miareview.review.named import find_benchmark, find_judge
    from miareview.store.place import may_write

    wanted = [name.strip() for name in (models or "").split(",") if name.strip()]
    with context.open_store(reading=True) as store:
        named = find_benchmark(store, benchmark)
        item = next((item for item in store.items(named) if item.index == number), None)
        if item is None:
            raise UsageError(f"{named} has no item {number}.", "See `miareview browse --unit item`.")
        found = compare(store, item, wanted, find_judge(store, judge), sight_of(store, who_looks(store, reviewer)))
    if not as_json and on_terminal() and may_write(context.db):
        base = next(iter(wanted), None)
        open_beside(context, reviewer, named, judge, renderer, lambda to: to.compare(named, number, base, wanted))
    if as_json:
        put_json(found.to_json())
    else:
        put_comparison(found)


def put_comparison(found: Comparison) -> None:
    """Print the answers and the matrix for a person."""
    item = found.item
    put_line(f"{item.benchmark} · item {item.index} · {item.difficulty} · judge {found.judge or 'none'}")
    click.echo(f"\n{visible(item.instruction)}")
    for answer in found.answers:
        click.echo("")
        click.echo(click.style(visible(_title(answer), newlines=False), bold=True))
        click.echo(visible(answer.response.text) if answer.response.text else "(no text)")
    people = found.people
    head = ["component", "of", "model", "judge", *people, "gold", "counted"]
    rows = [
        [f"{component.position} {component.category}", str(component.weight), answer.model,
         *_row(answer.cells[place], people)]
        for place, component in enumerate(item.components)
        for answer in found.answers
    ]  # fmt: skip
    click.echo("")
    put_table(head, rows, left=1)
    put_lines(
        "The judge gave the same answer other points",
        [f"component {position}: {first} and {second}" for position, first, second in found.contradictions()],
    )


def _title(answer: Answer) -> str:
    words = [answer.model, f"{answer.words} words"]
    if answer.response.status != "ok":
        words.append(answer.response.status)
    if answer.same_as is not None:
        words.append(f"says the same as {answer.same_as}")
    if answer.waits:
        words.append("waits in your blind queue")
    return " · ".join(words)


def _row(cell: Cell, people: tuple[str, ...]) -> list[str]:
    given = dict(cell.people)
    shown = [_points(given[who]) if who in given else "·" for who in people]
    met = {True: "✓", False: "✗", None: ""}[cell.check.verdict]
    gold = "≠" if cell.source == "disputed" else _points(cell.gold) if cell.gold is not None else "·"
    return [_points(cell.judge) if cell.judge is not None else "·", *shown, gold, f"{met} {cell.check.found}".strip()]


def _points(points: Fraction | None) -> str:
    from miareview.model import points_text

    return "x" if points is None else points_text(points)
