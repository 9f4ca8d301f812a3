"""`miareview gold`: what people agree on, as labels that judges can be tested against."""

from __future__ import annotations

from collections import Counter

import click

from miareview.cli.context import Context, put_json
from miareview.cli.gold_export import export
from miareview.cli.gold_import import import_labels
from miareview.cli.gold_words import SOURCES
from miareview.cli.table import put_line, put_lines, put_table
from miareview.cli.target import counting


@click.group("gold", short_help="Gold labels: how many there are, and as a test set for judges.")
def command() -> None:
    """Labels from committed reviews: settled, unanimous, or of a single blind reviewer.

    Example: miareview gold export gold.jsonl
    """


command.add_command(export)
command.add_command(import_labels)


@command.command("status")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def status(context: Context, benchmark: str | None, as_json: bool) -> None:
    """How many components have a label, where it comes from, and what is left out.

    Example: miareview gold status
    """
    from miareview.model import LABELS
    from miareview.review.queues import find_benchmark
    from miareview.store.verdicts import labels

    sources: Counter[str] = Counter()
    categories: dict[str, Counter[str]] = {}
    responses = complete = some = ungradable = 0
    with context.open_store(reading=True) as store:
        name = find_benchmark(store, benchmark)
        for item, _, found in counting(labels(store, name)):
            responses += 1
            complete += all(label.there for label in found)
            some += any(label.there for label in found)
            ungradable += sum(label.ungradable for label in found)
            for component, label in zip(item.components, found, strict=True):
                sources[label.source] += 1
                categories.setdefault(component.category, Counter())[label.source] += 1
    if as_json:
        put_json(
            {
                "benchmark": name,
                "responses": {"reviewed": responses, "with_labels": some, "complete": complete},
                "labels": {source: sources[source] for source in LABELS},
                "ungradable": ungradable,
                "left_out": {source: sources[source] for source in SOURCES if source not in LABELS},
                "categories": [
                    {"category": category, **{source: counts[source] for source in SOURCES}}
                    for category, counts in sorted(categories.items())
                ],
            }
        )
        return
    put_line(f"{name} · {responses} reviewed responses, {some} with a label, {complete} complete")
    click.echo("")
    head = ["category", *LABELS, *(source for source in SOURCES if source not in LABELS and sources[source])]
    rows = [
        [category, *(str(counts[source]) for source in head[1:])] for category, counts in sorted(categories.items())
    ]
    put_table(head, [*rows, ["all", *(str(sources[source]) for source in head[1:])]])
    put_lines("How to read this", [f"{source}: {SOURCES[source]}" for source in head[1:]])
    if ungradable:
        put_lines("Keep in mind", [f"{ungradable} labels say that the component is ungradable."])
