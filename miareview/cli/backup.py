"""`miareview backup`: a whole copy of the database, while others work."""

from __future__ import annotations

from pathlib import Path

import click

from miareview.cli.context import Context, talk
from miareview.errors import DataError
from miareview.text import visible
from miareview.words.numbers import count


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def command(context: Context, file: Path) -> None:
    """Copy the database to FILE, which must not be there yet, and verify the copy.

    A copy of the .db file made by other means may lack the newest words: they lie in the -wal file beside it.

    Example: miareview backup review-monday.db
    """
    from miareview.store.backup import write_copy
    from miareview.store.check import check
    from miareview.store.store import Store

    with context.open_store(reading=True) as store:
        write_copy(store.connection, file)
    with Store.open(file, reading=True) as copy:
        result = check(copy)
    for where, what in result.problems:
        click.echo(visible(f"{where}: {what}", newlines=False))
    if not result.ok:
        raise DataError(f"{file} is there, but not all is well in it.", "Run `miareview check` on what it was made of.")
    talk(f"Wrote {file}: {count(result.events, 'event')} in {count(result.chains, 'chain')}, all well.")
