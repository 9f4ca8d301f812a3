"""`miareview gold`: what people agree on, as labels that judges can be tested against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import looker_option, note_peek
from miareview.cli.table import put_line, put_lines, put_table
from miareview.cli.target import check_target, counting
from miareview.formats.whole import whole_file

WORDS = {
    "settled": "somebody settled it",
    "unanimous": "two or more reviewers say the same, blind",
    "single": "one reviewer, blind",
    "disputed": "reviewers differ and nobody settled it",
    "assisted": "scored only with the judge's score in sight",
    "none": "no verdict",
}


@click.group("gold", short_help="Gold labels: how many there are, and as a test set for judges.")
def command() -> None:
    """Labels from committed reviews: settled, unanimous, or of a single blind reviewer.

    Example: miareview gold export gold.jsonl
    """


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
                "left_out": {source: sources[source] for source in WORDS if source not in LABELS},
                "categories": [
                    {"category": category, **{source: counts[source] for source in WORDS}}
                    for category, counts in sorted(categories.items())
                ],
            }
        )
        return
    put_line(f"{name} · {responses} reviewed responses, {some} with a label, {complete} complete")
    click.echo("")
    head = ["category", *LABELS, *(source for source in WORDS if source not in LABELS and sources[source])]
    rows = [
        [category, *(str(counts[source]) for source in head[1:])] for category, counts in sorted(categories.items())
    ]
    put_table(head, [*rows, ["all", *(str(sources[source]) for source in head[1:])]])
    put_lines("How to read this", [f"{source}: {WORDS[source]}" for source in head[1:]])
    if ungradable:
        put_lines("Keep in mind", [f"{ungradable} labels say that the component is ungradable."])


@command.command("export")
@click.argument("file", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@looker_option
@click.pass_obj
def export(context: Context, file: Path, benchmark: str | None, force: bool, looker: str | None) -> None:
    """Write the labels as a test set for judges, one record a response; docs/exports.md describes it.

    Example: miareview gold export gold.jsonl
    """
    check_target(file, (".jsonl",), force, "A gold export")
    from miareview.formats.gold_out import gold_record
    from miareview.formats.table_out import write_json_lines
    from miareview.review.queues import find_benchmark
    from miareview.store.verdicts import labels

    left_out: Counter[str] = Counter()
    empty = 0

    with context.open_store(reading=True) as store:
        name = find_benchmark(store, benchmark)
        note_peek(store, looker, "gold export")

        def records() -> Iterator[dict[str, Any]]:
            nonlocal empty
            for item, response, found in counting(labels(store, name)):
                left_out.update(label.source for label in found if not label.there)
                record = gold_record(item, response, found)
                if record is None:
                    empty += 1
                else:
                    yield record

        with whole_file(file) as stream:
            count = write_json_lines(stream, records())
    talk(f"{file}: {count} responses with gold labels.")
    for source, number in left_out.items():
        talk(f"Left out: {number} components, {WORDS[source]}.")
    if empty:
        talk(f"Left out: {empty} responses without any label.")
