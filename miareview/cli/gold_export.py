"""`miareview gold export`: labels for machines, each with where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, talk
from miareview.cli.gold_words import SOURCES
from miareview.cli.looking import looker_option, note_peek
from miareview.cli.target import check_target, counting
from miareview.errors import UsageError
from miareview.formats.whole import is_stdout, whole_file

if TYPE_CHECKING:
    from miareview.store.store import Store


@click.command("export")
@click.argument("file", metavar="FILE.jsonl|FILE.csv|FILE.parquet", type=click.Path(path_type=Path))
@click.option("--split", type=click.Choice(["tune", "dev", "test"]), help="Only the items of this split.")
@click.option("--few-shot", "few_shot", is_flag=True, help="Examples for a judge's prompt; never from the test split.")
@click.option("--for", "form", type=click.Choice(["inspect", "promptfoo"]), help="As samples or test cases of this.")
@click.option("--anonymous", is_flag=True, help="R1, R2, … in place of people's names.")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@looker_option
@click.pass_obj
def export(
    context: Context,
    file: Path,
    split: str | None,
    few_shot: bool,
    form: str | None,
    anonymous: bool,
    benchmark: str | None,
    force: bool,
    looker: str | None,
) -> None:
    """Write the labels, each with where it comes from; docs/exports.md describes the forms.

    FILE.jsonl has one record a response, FILE.csv and FILE.parquet one row a component. With --for and --few-shot only
    responses that are labelled completely are written.

    \b
    Example: miareview gold export gold.jsonl --split dev
             miareview gold export examples.jsonl --split dev --few-shot
             miareview gold export samples.jsonl --for inspect
    """
    if few_shot and form:
        raise UsageError("--few-shot goes without --for: examples are for a judge's prompt.")
    if few_shot and split == "test":
        raise UsageError("Few-shot examples are never from the test split.", "Take --split dev or --split tune.")
    chats = few_shot or form is not None
    check_target(file, (".jsonl",) if chats else (".jsonl", ".csv", ".parquet"), force, "A gold export")
    from miareview.formats.gold_forms import FORMS
    from miareview.formats.gold_forms import few_shot as example
    from miareview.formats.gold_out import COLUMNS, gold_rows
    from miareview.formats.table_out import WRITERS, write_json_lines
    from miareview.review.named import find_benchmark
    from miareview.store.gold import split_of

    told: Counter[str] = Counter()
    with context.open_store(reading=True) as store:
        name = find_benchmark(store, benchmark)
        note_peek(store, looker, "gold export")
        splits = split_of(store, name)
        if (split or few_shot) and not splits:
            raise UsageError(
                "The items are not dealt out into splits yet.", "miareview gold split --tune 30 --dev 20 --test 50"
            )
        chosen = {split} if split else {"tune", "dev"} if few_shot else None
        records = _records(store, name, splits, chosen, anonymous, told)
        with whole_file(file) as stream:
            if chats:
                shape = example if few_shot else FORMS[str(form)]
                count = write_json_lines(stream, (shape(record) for record in _complete(records, told)))
            elif is_stdout(file) or file.suffix.lower() == ".jsonl":
                count = write_json_lines(stream, records)
            else:
                rows = (row for record in records for row in gold_rows(record))
                count = WRITERS[file.suffix.lower()](stream, COLUMNS, rows)
    what = "components of responses" if file.suffix.lower() in (".csv", ".parquet") else "responses"
    talk(f"{file}: {count} {what} with gold labels.")
    for source, meaning in SOURCES.items():
        if told[source]:
            talk(f"Left out: {told[source]} components, {meaning}.")
    for reason in ("responses without any label", "responses of other splits", "responses not labelled completely"):
        if told[reason]:
            talk(f"Left out: {told[reason]} {reason}.")


def _records(
    store: Store, name: str, splits: dict[str, str], chosen: set[str] | None, anonymous: bool, told: Counter[str]
) -> Iterator[dict[str, Any]]:
    """The records of the splits that are wanted (None: of all), with what is left out counted in `told`."""
    from miareview.formats.gold_out import gold_record
    from miareview.store.gold import categories_of
    from miareview.store.verdicts import labels

    names: dict[str, str] = {}
    relabelled: dict[str, dict[int, str]] = {}
    for (id, position), category in categories_of(store).items():
        relabelled.setdefault(id, {})[position] = category
    for item, response, found in counting(labels(store, name)):
        if chosen is not None and splits.get(item.id) not in chosen:
            told["responses of other splits"] += 1
            continue
        told.update(label.source for label in found if not label.there)
        if anonymous:
            for person in (person for label in found for person in (*label.people, label.settled_by) if person):
                names.setdefault(person, f"R{len(names) + 1}")
        record = gold_record(
            item, response, found, split=splits.get(item.id, ""), relabelled=relabelled.get(item.id), names=names
        )
        if record is None:
            told["responses without any label"] += 1
        else:
            yield record


def _complete(records: Iterator[dict[str, Any]], told: Counter[str]) -> Iterator[dict[str, Any]]:
    for record in records:
        if record["complete"]:
            yield record
        else:
            told["responses not labelled completely"] += 1
