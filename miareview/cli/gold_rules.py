"""`miareview gold rule`, `guideline`, `split`: what labels are written by, and what they are for."""

from __future__ import annotations

from pathlib import Path

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.gold_settle import benchmark_option
from miareview.cli.group import Group
from miareview.cli.looking import by_option
from miareview.cli.table import put_line, put_table
from miareview.errors import DataError, UsageError


@click.group("rule", cls=Group, short_help="Rules that settled cases gave.")
def rule() -> None:
    """Rules, which labels cite by their number.

    Example: miareview gold rule list
    """


@rule.command("add")
@click.argument("text")
@by_option
@click.pass_obj
def add(context: Context, text: str, by: str) -> None:
    """Write a rule. Its number is printed.

    Example: miareview gold rule add "Score the stated number, not the way to it." --by carol
    """
    from miareview.store.gold import new_rule, rules
    from miareview.store.ledger import append
    from miareview.store.register import known_person

    with context.open_store() as store:
        append(store, new_rule(known_person(store, by), text))
        click.echo(rules(store)[-1].number)


@rule.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """Every rule, with how many labels cite it.

    Example: miareview gold rule list
    """
    from miareview.store.gold import guideline_numbers, rules

    with context.open_store(reading=True) as store:
        found, numbers = rules(store), guideline_numbers(store)
    if as_json:
        put_json(
            {
                "rules": [
                    {"rule": one.number, "text": one.text, "by": one.by, "at": one.at, "uses": one.uses,
                     "guideline": numbers.get(one.guideline, 0)}
                    for one in found
                ]
            }
        )  # fmt: skip
        return
    for one in found:
        put_line(f"{one.number:>3}  {one.text}  (v{numbers.get(one.guideline, 0)}, {one.uses} uses)")
    if not found:
        put_line("There is no rule yet.")


@click.command("guideline")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", metavar="NAME", envvar="MIAREVIEW_REVIEWER", help="Who adopts it (or $MIAREVIEW_REVIEWER).")
@click.option("--version", type=click.IntRange(1), help="Print this version instead of the one in force.")
@click.pass_obj
def guideline(context: Context, file: Path | None, by: str | None, version: int | None) -> None:
    """Adopt a Markdown file as the guideline, or print the one in force.

    Scores and labels are stamped with the version they were written under. A text that was in force before keeps its
    number.

    Example: miareview gold guideline guideline.md --by carol
    """
    from miareview.store.gold import guidelines, new_guideline
    from miareview.store.ledger import append
    from miareview.store.register import known_person

    if file is None:
        with context.open_store(reading=True) as store:
            known = guidelines(store)
        found = [one for one in known if one.current if version is None] or [g for g in known if g.number == version]
        if not found:
            raise DataError(
                f"There is no guideline v{version}." if version else "There is no guideline yet.",
                "Adopt one: miareview gold guideline FILE.md --by NAME",
            )
        click.echo(found[0].text, nl=not found[0].text.endswith("\n"))
        return
    if version is not None:
        raise UsageError("--version prints; it goes without a file.")
    if by is None:
        raise UsageError("Nobody is named.", "Say who adopts it with --by NAME.")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    with context.open_store() as store:
        append(store, new_guideline(known_person(store, by), text))
        now = next(one for one in guidelines(store) if one.current)
    talk(f"The guideline is v{now.number} ({now.version}) from now on.")


@click.command("split")
@click.option("--tune", type=click.FloatRange(0, 100), default=30, show_default=True, help="Percent of the items.")
@click.option("--dev", type=click.FloatRange(0, 100), default=20, show_default=True, help="Percent of the items.")
@click.option("--test", type=click.FloatRange(0, 100), default=50, show_default=True, help="Percent of the items.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed deals out the same items.")
@benchmark_option
@by_option
@click.pass_obj
def split(context: Context, tune: float, dev: float, test: float, seed: int, benchmark: str | None, by: str) -> None:
    """Deal the items out, for tuning a judge, trying it, and the test that decides.

    Once the test has decided on a judge (`judge compare --gold test`), the items stay as they are.

    Example: miareview gold split --tune 30 --dev 20 --test 50 --seed 7 --by carol
    """
    from miareview.gold.splits import deal_out
    from miareview.review.named import find_benchmark
    from miareview.store.gold import new_split
    from miareview.store.ledger import append
    from miareview.store.register import known_person

    with context.open_store() as store:
        name = find_benchmark(store, benchmark)
        items = [item.id for item in store.items(name)]
        parts = deal_out(items, {"tune": tune, "dev": dev, "test": test}, seed)
        append(store, new_split(known_person(store, by), name, seed, parts))
    put_table(["split", "items"], [[part, str(len(ids))] for part, ids in parts.items()])
