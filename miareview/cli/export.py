"""`miareview export`: everything out, a table a file."""

from __future__ import annotations

from pathlib import Path

import click

from miareview.cli.context import Context, talk
from miareview.cli.target import check_target, whole_file

ENDINGS = (".jsonl", ".csv", ".parquet")
# Names and first words of help stand here, so that --help need not load the tables.
TABLES = {
    "reviews": "one row a response that a person worked on",
    "scores": "one row a score of a component: judges, people, gold",
    "responses": "one row an answer",
    "judgments": "one row a reply of a judge",
    "items": "one row a component of the benchmark",
    "events": "the ledger: one row a thing that a person did",
    "queues": "one row a response of a queue",
    "calls": "one row a call of a judge's API",
}


@click.group("export", short_help="Everything out: tables as JSONL, CSV, Parquet; VLMEvalKit; Inspect.")
def command() -> None:
    """Write a table to a file. The ending of the name decides the format: .jsonl, .csv or .parquet.

    An export shows everything: judge, people and names of models. The columns are described in docs/exports.md.

    Example: miareview export scores scores.csv
    """


def _add(name: str, about: str) -> None:
    @command.command(name, short_help=f"{about[0].upper()}{about[1:]}.", help=(
        f"Write {name}: {about}.\n\nExample: miareview export {name} {name}.parquet"
    ))  # fmt: skip
    @click.argument("file", metavar="FILE.jsonl|FILE.csv|FILE.parquet", type=click.Path(path_type=Path))
    @click.option("--force", is_flag=True, help="Replace a file that is there already.")
    @click.pass_obj
    def write(context: Context, file: Path, force: bool) -> None:
        export_table(context, name, file, force)


for _name, _about in TABLES.items():
    _add(_name, _about)


def export_table(context: Context, name: str, file: Path, force: bool) -> None:
    """Write one table and say how many rows it has."""
    check_target(file, ENDINGS, force, "An exported table")
    from miareview.formats.table_out import WRITERS
    from miareview.store.tables import TABLES as tables

    table = tables[name]
    with context.open_store() as store, whole_file(file) as stream:
        count = WRITERS[file.suffix.lower()](stream, table.columns, table.rows(store))
    talk(f"{file}: {count} rows of {name}.")
