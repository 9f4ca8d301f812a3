"""`miareview export`: everything out, a table a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, talk
from miareview.cli.group import Group
from miareview.cli.looking import looker_option, note_peek
from miareview.cli.target import check_target, counting
from miareview.errors import DataError, UsageError
from miareview.formats.whole import is_stdout, whole_file

if TYPE_CHECKING:
    from miareview.model import Item, Response, Verdict
    from miareview.store.store import Store

ENDINGS = (".jsonl", ".csv", ".parquet")
# Names and first words of help stand here, so that --help need not load the tables.
EXPORTED = {
    "reviews": "one row a response that a person worked on",
    "scores": "one row a score of a component: judges, people, gold",
    "responses": "one row an answer",
    "judgments": "one row a reply of a judge",
    "readings": "one row a component of every reading of a reply",
    "items": "one row a component of the benchmark",
    "events": "the ledger: one row a thing that a person did",
    "queues": "one row a response of a queue",
    "calls": "one row a call of a judge's API",
}


# What tells judges' or people's scores, and is recorded where it is opened in the middle of a blind queue.
TELLING = ("reviews", "scores", "judgments", "readings", "events")


def _standing_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of the exports that give one model's scores back."""
    for option in (
        looker_option,
        click.option("--force", is_flag=True, help="Replace a file that is there already."),
        click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given."),
        click.option(
            "--judge",
            metavar="NAME",
            help="Whose scores stand where no person scored; the default judge if not given (`judge use`).",
        ),
        click.option("--model", metavar="NAME", help="Whose answers; needed where there are several models."),
    ):
        function = option(function)
    return function


@click.group("export", cls=Group)
def command() -> None:
    """Write a table to a file; its ending decides the format: .jsonl, .csv or .parquet. "-" is JSON Lines to stdout.

    An export shows everything: judge, people and names of models. The columns are described in docs/exports.md.

    Example: miareview export scores scores.csv
    """


def _add(name: str, about: str) -> None:
    @command.command(name, short_help=f"{about[0].upper()}{about[1:]}.", help=(
        f"Write {name}: {about}.\n\nExample: miareview export {name} {name}.parquet"
    ))  # fmt: skip
    @click.argument("file", metavar="FILE.jsonl|FILE.csv|FILE.parquet", type=click.Path(path_type=Path))
    @click.option("--force", is_flag=True, help="Replace a file that is there already.")
    @looker_option
    @click.pass_obj
    def write(context: Context, file: Path, force: bool, looker: str | None) -> None:
        export_table(context, name, file, force, looker)


for _name, _about in EXPORTED.items():
    _add(_name, _about)


def export_table(context: Context, name: str, file: Path, force: bool, looker: str | None) -> None:
    """Write one table and say how many rows it has."""
    check_target(file, ENDINGS, force, "An exported table")
    from miareview.formats.table_out import WRITERS
    from miareview.store.tables import TABLES

    table = TABLES[name]
    with context.open_store(reading=True) as store, whole_file(file) as stream:
        if name in TELLING:
            note_peek(store, looker, f"export {name}")
        count = WRITERS[".jsonl" if is_stdout(file) else file.suffix.lower()](
            stream, table.columns, counting(table.rows(store))
        )
    talk(f"{file}: {count} rows of {name}.")


@command.command("vlmevalkit", short_help="Scores of one model back as a VLMEvalKit-like table.")
@click.argument("file", metavar="FILE.tsv|FILE.csv", type=click.Path(path_type=Path))
@_standing_options
@click.pass_obj
def vlmevalkit(
    context: Context,
    file: Path,
    model: str | None,
    judge: str | None,
    benchmark: str | None,
    force: bool,
    looker: str | None,
) -> None:
    """Write the scores that stand (gold, else people, else the judge) as replies in the published form.

    FILE.tsv keeps the texts as they are, for programs; FILE.csv is safe to open in a spreadsheet.

    Example: miareview export vlmevalkit corrected.tsv --model llava-1.6-13b
    """
    check_target(file, (".tsv", ".csv"), force, "A VLMEvalKit-like table")
    from miareview.formats.published_out import VLMEVALKIT, vlmevalkit_row
    from miareview.formats.table_out import is_dangerous, write_csv, write_tsv

    told = _Told()
    write = write_tsv if file.suffix.lower() == ".tsv" else write_csv
    with context.open_store(reading=True) as store:
        note_peek(store, looker, "export vlmevalkit")
        standing = _standing(store, model, judge, benchmark)

        def rows() -> Iterator[list[Any]]:
            for item, response, verdicts in standing:
                row = vlmevalkit_row(item, response, verdicts)
                told.add(item, verdicts, row[-1], is_dangerous(response.text))
                yield row

        with whole_file(file) as stream:
            count = write(stream, VLMEVALKIT, rows())
    talk(f"{file}: {count} rows, {count - len(told.refused)} of them with scores.")
    told.say(as_it_is=write is write_tsv)


@command.command("inspect", short_help="Scores of one model as Inspect AI's precomputed scores.")
@click.argument("file", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@_standing_options
@click.pass_obj
def inspect(
    context: Context,
    file: Path,
    model: str | None,
    judge: str | None,
    benchmark: str | None,
    force: bool,
    looker: str | None,
) -> None:
    """Write the scores that stand (gold, else people, else the judge) for Inspect AI's precomputed_scores.

    A record's id is the item's index, from 0: give the samples of the evaluation the same ids.

    Example: miareview export inspect scores.jsonl --model llava-1.6-13b
    """
    check_target(file, (".jsonl",), force, "A scores file for Inspect")
    from miareview.formats.published_out import inspect_record, why_not
    from miareview.formats.table_out import write_json_lines

    told = _Told()
    with context.open_store(reading=True) as store:
        note_peek(store, looker, "export inspect")
        standing = _standing(store, model, judge, benchmark)

        def records() -> Iterator[dict[str, Any]]:
            for item, response, verdicts in standing:
                try:
                    record = inspect_record(item, response, verdicts)
                except ValueError:
                    told.refused.append((item.index, why_not(verdicts)))
                    continue
                yield record

        with whole_file(file) as stream:
            count = write_json_lines(stream, records())
    talk(f"{file}: scores of {count} samples.")
    told.say(as_it_is=False)


class _Told:
    """What is said on stderr when a model's scores are written."""

    def __init__(self) -> None:
        self.by: Counter[str] = Counter()
        self.refused: list[tuple[int, str]] = []
        self.parts = self.dangerous = 0

    def add(self, item: Item, verdicts: Sequence[Verdict], reason: str, dangerous: bool) -> None:
        self.dangerous += dangerous
        if reason:
            self.refused.append((item.index, reason))
            return
        self.by.update(verdict.by for verdict in verdicts)
        self.parts += sum(v.points is not None and v.points.denominator > 1 for v in verdicts)

    def say(self, as_it_is: bool) -> None:
        if self.by:
            talk("Components scored by " + ", ".join(f"{by}: {count}" for by, count in self.by.most_common()) + ".")
        if self.parts:
            talk(f"{self.parts} components have parts of a point, written with a larger denominator (3.5/4 as 7/8).")
        if self.dangerous and as_it_is:
            talk(f"{self.dangerous} answers begin like a formula and stand as they are: open no .tsv in a spreadsheet.")
        elif self.dangerous:
            talk(f"{self.dangerous} answers begin like a formula and got an apostrophe; to import them, write a .tsv.")
        for index, reason in self.refused:
            talk(f"No score for item {index}: {reason}.")


def _standing(
    store: Store, model: str | None, judge: str | None, benchmark: str | None
) -> Iterator[tuple[Item, Response, tuple[Verdict, ...]]]:
    """The verdicts on one model's answers. Raises `DataError`, `UsageError` where it is not clear whose."""
    from miareview.review.named import find_benchmark, find_judge
    from miareview.store.verdicts import verdicts

    name = find_benchmark(store, benchmark)
    models = store.models()
    known = ", ".join(models) or "none"
    if model is None and len(models) != 1:
        raise UsageError(f"There are {len(models)} models, and a file holds the scores of one.", f"Name it: {known}.")
    if model is not None and model not in models:
        raise DataError(f"There is no model named {model!r}.", f"Known models: {known}.")
    chosen = find_judge(store, judge)
    return verdicts(store, name, model or models[0], chosen.id if chosen else None)
