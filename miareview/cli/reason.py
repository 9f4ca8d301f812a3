"""`miareview reason`: the judge's errors by kind."""

from __future__ import annotations

from dataclasses import asdict

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.looking import login_name, looker_option, note_peek, person
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import DataError
from miareview.text import visible
from miareview.words.reasons import curve_line


@click.group("reason", cls=Group)
def command() -> None:
    """Why people say that the judge is wrong, counted, with kinds that mean the same put together.

    Example: miareview reason list
    """


@command.command("list")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, benchmark: str | None, looker: str | None, as_json: bool) -> None:
    """All kinds of errors by category and model, and whether new ones still turn up.

    Example: miareview reason list --json
    """
    from miareview.review.named import find_benchmark
    from miareview.review.reasons import reasons

    with context.open_store(reading=True) as store:
        note_peek(store, looker, "reason list")
        found = reasons(store, find_benchmark(store, benchmark))
    if as_json:
        put_json(asdict(found))
        return
    if found.kinds:
        categories = sorted({name for kind in found.kinds for name in kind.categories})
        models = sorted({name for kind in found.kinds for name in kind.models})
        for head, pick in ((categories, "categories"), (models, "models")):
            put_table(
                ["kind", "in all", *head],
                [
                    [kind.name, str(kind.count), *(str(getattr(kind, pick).get(name, "·")) for name in head)]
                    for kind in found.kinds
                ],
            )
            click.echo("")
        merged = [(kind.name, [w for w in kind.words if w != kind.name]) for kind in found.kinds]
        put_lines("Said as", [f"{name}: {', '.join(words)}" for name, words in merged if words])
    put_line(curve_line(found.curve, found.new))


def _call(context: Context, words: tuple[str, ...], new: str | None, by: str | None) -> None:
    from miareview.review.named import find_benchmark
    from miareview.store.reasons import given_reasons, names_of_reasons, rename_reason

    who = person(by if by is not None else login_name() or "")
    with context.open_store() as store:
        names = names_of_reasons(store)
        known = {one.words for one in given_reasons(store, find_benchmark(store))} | set(names) | set(names.values())
        for one in words:
            if one not in known:
                raise DataError(f"Nobody has given the reason {one!r}.", "See `miareview reason list`.")
            if new is None and one not in names:
                raise DataError(f"{one!r} has its own name already.", "See `miareview reason list`.")
        for one in words:
            rename_reason(store, who, one, new)
    told = ", ".join(visible(one, newlines=False) for one in words)
    talk(f"{told}: called {visible(new, newlines=False)} from now on." if new else f"{told}: called so again.")


by_option = click.option("--by", metavar="NAME", envvar="MIAREVIEW_REVIEWER", help="Who says so; else your login name.")


@command.command("merge")
@click.argument("kinds", metavar="KIND… INTO", nargs=-1, required=True)
@by_option
@click.pass_obj
def merge(context: Context, kinds: tuple[str, ...], by: str | None) -> None:
    """Count kinds that mean the same under one name, the last that is given. What people said stays.

    Example: miareview reason merge "wrong count" "counts badly" miscount
    """
    if len(kinds) < 2:
        raise click.UsageError("Name the kinds, and the one that they are to be.")
    _call(context, kinds[:-1], kinds[-1], by)


@command.command("rename")
@click.argument("kind")
@click.argument("name", required=False)
@click.option("--undo", is_flag=True, help="Call it by its own name again; this takes a merge back too.")
@by_option
@click.pass_obj
def rename(context: Context, kind: str, name: str | None, undo: bool, by: str | None) -> None:
    """Call a kind otherwise from now on, or with --undo by its own name again.

    Example: miareview reason rename miscount "wrong number"
    """
    if undo == (name is not None):
        raise click.UsageError("Give a new name, or --undo.")
    _call(context, (kind,), name, by)
