"""`miareview check`: is the database what it says it is?"""

from __future__ import annotations

import click

from miareview.cli.context import Context, put_json, talk
from miareview.errors import ExitCode
from miareview.text import visible


@click.command("check", short_help="Verify the ledger, and replay it.")
@click.option("--rebuild", is_flag=True, help="Make the derived tables again from the ledger.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(context: Context, rebuild: bool, as_json: bool) -> None:
    """Verify hash chains, foreign keys and file integrity, and compare what is stored with a replay of the ledger.

    Example: miareview check --json
    """
    from miareview.store.check import check

    with context.open_store() as store:
        result = check(store, rebuild)
    if as_json:
        put_json(
            {
                "ok": result.ok,
                "events": result.events,
                "chains": result.chains,
                "problems": [{"where": where, "what": what} for where, what in result.problems],
            }
        )
    else:
        for where, what in result.problems:
            click.echo(visible(f"{where}: {what}", newlines=False))
        talk(f"{result.events} events in {result.chains} chains: {'all well' if result.ok else 'see above'}.")
    if not result.ok:
        raise SystemExit(int(ExitCode.DATA))
