"""`miareview gold`: what people agree on, as labels that judges can be tested against."""

from __future__ import annotations

from collections import Counter

import click
from click.core import ParameterSource

from miareview.cli import gold_rules, gold_settle
from miareview.cli.context import Context, put_json
from miareview.cli.gold_export import export
from miareview.cli.gold_import import import_labels
from miareview.cli.gold_words import SOURCES
from miareview.cli.group import Group
from miareview.cli.looking import writer
from miareview.cli.review import images_option, on_terminal, open_beside
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import UsageError


@click.group("gold", cls=Group, invoke_without_command=True)
@click.option("--as", "reviewer", metavar="NAME", envvar="MIAREVIEW_REVIEWER",
              help="Who settles (or $MIAREVIEW_REVIEWER).")  # fmt: skip
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option(
    "--judge", metavar="NAME", help="Whose reply is shown last; the default judge if not given (`judge use`)."
)
@images_option
@click.pass_context
def command(
    click_context: click.Context, reviewer: str | None, benchmark: str | None, judge: str | None, renderer: str
) -> None:
    """Labels from committed reviews: settled, unanimous, or of a single blind reviewer.

    Alone this opens the screen on which they are settled.

    \b
    Example: miareview gold --as carol
             miareview gold export gold.jsonl
    """
    if click_context.invoked_subcommand is not None:
        _refuse_lost(click_context)
        return
    if not on_terminal():
        raise UsageError("The screen needs a terminal.", "For lists and numbers: miareview gold list, gold status.")
    from miareview.review.named import find_benchmark

    context: Context = click_context.obj
    with context.open_store() as store:
        who, name = writer(store, reviewer), find_benchmark(store, benchmark)
    open_beside(context, who, name, judge, renderer, lambda doors: doors.gold(name))


def _refuse_lost(context: click.Context) -> None:
    """Refuse options of the screen that were given before a subcommand, which would not hear of them."""
    for parameter in context.command.params:
        if parameter.name and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            option = parameter.opts[0]
            raise UsageError(f"{option} goes behind gold {context.invoked_subcommand}, if it takes it.")


for part in (
    gold_settle.list_, gold_settle.settle, gold_settle.keep, gold_settle.send_back, gold_settle.reopen,
    gold_settle.relabel,
    gold_rules.rule, gold_rules.guideline, gold_rules.split,
):  # fmt: skip
    command.add_command(part)
command.add_command(export)
command.add_command(import_labels)


@command.command("status")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--target", type=click.IntRange(0), default=50, show_default=True, help="Labels wanted of a category.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def status(context: Context, benchmark: str | None, target: int, as_json: bool) -> None:
    """How many components have a label, where it comes from, what is left out, and what each category still wants.

    Example: miareview gold status
    """
    from miareview.gold.work import read_labels
    from miareview.model import LABELS
    from miareview.review.named import find_benchmark
    from miareview.store.gold import current_guideline, split_of, uses_of

    with context.open_store(reading=True) as store:
        name = find_benchmark(store, benchmark)
        found = read_labels(store, name)
        guideline, parts = current_guideline(store), Counter(split_of(store, name).values())
        used = bool(uses_of(store, name, "test"))
    sources, coverage = found.counts(), found.coverage(target)
    ungradable = sum(row.label.ungradable for row in found.rows)
    count = sum(sources[source] for source in LABELS)
    if as_json:
        put_json(
            {
                "benchmark": name,
                "labels": count,
                **{source: sources[source] for source in SOURCES},
                "ungradable": ungradable,
                "guideline": guideline.number if guideline else 0,
                "splits": {**parts, "used_up": ["test"] if used else []},
                "categories": [
                    {"category": one.category, "labels": one.labels, "disputed": one.disputed, "target": one.target,
                     "more": one.more}
                    for one in coverage
                ],
            }
        )  # fmt: skip
        return
    told = ", ".join(f"{source} {sources[source]}" for source in LABELS)
    put_line(f"{name} · {count} labels: {told} · guideline {f'v{guideline.number}' if guideline else 'none'}")
    click.echo("")
    rows = [[one.category, str(one.labels), str(one.disputed), str(one.target), str(one.more)] for one in coverage]
    put_table(["category", "labels", "disputed", "target", "more"], rows)
    put_lines("How to read this", [f"{source}: {SOURCES[source]}" for source in LABELS])
    notes = [f"{sources[source]} components are no label: {SOURCES[source]}" for source in SOURCES
             if source not in LABELS and sources[source]]  # fmt: skip
    notes += [f"{ungradable} labels say that the component is ungradable."] if ungradable else []
    notes += [f"Items are dealt out: {', '.join(f'{split} {n}' for split, n in parts.items())}."] if parts else []
    notes += ["The test split is used up."] if used else []
    put_lines("Keep in mind", notes)
