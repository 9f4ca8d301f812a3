"""`miareview check`: is the database what it says it is?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json, talk
from miareview.errors import DataError, ExitCode
from miareview.text import visible
from miareview.words.numbers import count

if TYPE_CHECKING:
    from miareview.store.check import CheckResult, Head


@click.command("check")
@click.option("--rebuild", is_flag=True, help="Make the derived tables again, if all else is well.")
@click.option(
    "--heads",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the end of every chain to this file, to be kept elsewhere.",
)
@click.option(
    "--since",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Say whether the database still holds the ends in this file.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(context: Context, rebuild: bool, heads: Path | None, since: Path | None, as_json: bool) -> None:
    """Verify the ledger's chains, the facts and draws it recorded, what is derived from it, and the file itself.

    Nothing is written, and others may work meanwhile. An end of the ledger that was cut off leaves no trace in the
    file: keep the ends with --heads, and compare with --since.

    Example: miareview check --heads heads.json, and a week later miareview check --since heads.json
    """
    from miareview.store import check as checks

    kept = _read_heads(since) if since else None
    with context.open_store(reading=not rebuild) as store:
        if rebuild:
            checks.rebuild(store)
        result = checks.check(store, kept)
    if heads and result.ok:
        _write_heads(heads, result)
    if as_json:
        put_json(
            {
                "ok": result.ok,
                "events": result.events,
                "chains": result.chains,
                "facts_since": result.facts_since or None,
                "problems": [{"where": where, "what": what} for where, what in result.problems],
                "heads": {device: head._asdict() for device, head in result.heads.items()},
            }
        )
    else:
        for where, what in result.problems:
            click.echo(visible(f"{where}: {what}", newlines=False))
        counted = f"{count(result.events, 'event')} in {count(result.chains, 'chain')}"
        talk(f"{counted}: {'all well' if result.ok else 'see above'}.")
        if result.facts_since:
            talk(f"Facts of before are in the chain since {result.facts_since}; an earlier change of them is not seen.")
    if not result.ok:
        raise SystemExit(int(ExitCode.DATA))


def _write_heads(file: Path, result: CheckResult) -> None:
    text = json.dumps({"heads": {device: head._asdict() for device, head in result.heads.items()}}, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    talk(f"Wrote {file}: the ends of {count(result.chains, 'chain')}.")


def _read_heads(file: Path) -> dict[str, Head]:
    from miareview.store.check import Head

    try:
        found = json.loads(file.read_text(encoding="utf-8"))["heads"]
        return {
            str(device): Head(int(head["events"]), str(head["id"]), str(head["hash"])) for device, head in found.items()
        }
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.", "Make one with `check --heads FILE`.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{file} does not hold the ends of chains.", "Make one with `check --heads FILE`.") from error
