"""`miareview gold import`: labels that people gave in other tools."""

from __future__ import annotations

from pathlib import Path

import click

from miareview.cli.context import Context, talk
from miareview.errors import UsageError
from miareview.text import visible

SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="NAME=COLUMN", help="Which column holds what; may be repeated.")
@click.option("--settled", "as_settled", is_flag=True, help="As settled labels, not as these people's own readings.")
@click.option("--judge-seen", is_flag=True, help="The judge's scores were in sight when they labelled.")
@click.option("--queue", metavar="NAME", help="As work in this queue, so that they count in its sample.")
@click.option("--new", "new_people", is_flag=True, help="People whom this database does not know join it.")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.pass_obj
def import_labels(
    context: Context,
    file: Path,
    maps: tuple[str, ...],
    as_settled: bool,
    judge_seen: bool,
    queue: str | None,
    new_people: bool,
    benchmark: str | None,
) -> None:
    """Read labels that people gave elsewhere: CSV, TSV, JSON, JSON Lines, exports of Label Studio and Argilla.

    Columns: response_id, or item and model; component, points, who; --map names others. Each person's labels of a
    response become a committed reading of theirs where it is whole. What cannot be read or does not fit is listed, and
    the rest is kept; the same file again changes nothing.

    \b
    Example: miareview gold import labels.csv --map who=annotator --new
             miareview gold import ann.csv --queue gold-50
    """
    from miareview.formats.gold_in import COLUMNS, read_labels
    from miareview.review.labelling import take_labels
    from miareview.review.named import find_benchmark

    told = dict(part.split("=", 1) for part in maps if "=" in part)
    wrong = [part for part in maps if "=" not in part] + [name for name in told if name not in COLUMNS]
    if wrong:
        raise UsageError(f"--map does not know {wrong[0]!r}.", f"It is NAME=COLUMN; names: {', '.join(COLUMNS)}.")
    if queue is not None and as_settled:
        raise UsageError("--queue goes without --settled: what is settled is nobody's work in a queue.")
    found = read_labels(file, told)
    with context.open_store() as store:
        taken = take_labels(
            store, find_benchmark(store, benchmark), found.labels, as_settled=as_settled, judge_seen=judge_seen,
            new_people=new_people, queue=queue,
        )  # fmt: skip
    what = "settled labels" if as_settled else "readings"
    talk(f"{file}: {len(found.labels)} labels; {taken.new} {what} are new, {taken.there} were there already.")
    left_out = found.left_out + taken.left_out
    for place, reason in left_out[:SHOWN]:
        talk(f"Left out: {visible(place, newlines=False)}: {visible(reason, newlines=False)}.")
    if len(left_out) > SHOWN:
        talk(f"Left out: {len(left_out) - SHOWN} more.")
