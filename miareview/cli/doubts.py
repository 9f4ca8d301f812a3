"""`miareview doubts`: items of the benchmark whose components are not what their instruction asks for."""

from __future__ import annotations

import click

from miareview.cli.context import Context, put_json, talk


@click.command("doubts")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(context: Context, benchmark: str | None, as_json: bool) -> None:
    """List doubts about the benchmark itself, found by rules. Nothing is mended, and no score is changed.

    The review shows the same sentences under the instruction. What to score then is for your guideline to say.

    Example: miareview doubts --json
    """
    from miareview.cli.table import put_line
    from miareview.review.doubts import find_doubts
    from miareview.review.named import find_benchmark

    with context.open_store(reading=True) as store:
        name = find_benchmark(store, benchmark)
        items = store.items(name)
    found = find_doubts(items)
    if as_json:
        put_json(
            {
                "benchmark": name,
                "items": len(items),
                "doubts": [
                    {
                        "item": doubt.item.index,
                        "position": doubt.position,
                        "kind": doubt.kind,
                        "component": doubt.component,
                        "sentence": doubt.sentence,
                    }
                    for doubt in found
                ],
            }
        )
        return
    for doubt in found:
        where = f"item {doubt.item.index}" + (f", component {doubt.position}" if doubt.position else "")
        put_line(f"{where}: {doubt.sentence}" + (f"  ({doubt.component})" if doubt.component else ""))
    doubtful = len({doubt.item.index for doubt in found})
    talk(f"{doubtful} of {len(items)} items are in doubt. Nothing was changed.")
