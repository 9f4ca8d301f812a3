"""`miareview reviewer`: who is who."""

from __future__ import annotations

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.looking import person
from miareview.cli.table import put_line, put_table
from miareview.errors import UsageError


@click.group("reviewer", cls=Group)
def command() -> None:
    """The people of this database. Numbers count people, not names.

    Names are compared without case, blanks folded: Ann and "ann " are one person.

    Example: miareview reviewer list
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """Everybody, with their other names and how many reviews they have committed.

    Example: miareview reviewer list
    """
    from miareview.store.register import reviewers

    with context.open_store(reading=True) as store:
        found = reviewers(store)
    if as_json:
        people = [{"name": one.name, "also": list(one.also), "reviews": one.reviews} for one in found]
        put_json({"reviewers": people})
    elif found:
        put_table(
            ["name", "also", "reviews"], [[one.name, ", ".join(one.also), str(one.reviews)] for one in found], left=2
        )
    else:
        put_line("Nobody has said anything in this database yet.")


@command.command("add")
@click.argument("name")
@click.pass_obj
def add(context: Context, name: str) -> None:
    """A new person, who may then review and settle.

    Example: miareview reviewer add anne
    """
    from miareview.store.ledger import append
    from miareview.store.register import new_reviewer

    name = person(name)
    with context.open_store() as store:
        append(store, new_reviewer(name))
    talk(f"{name} is in the register.")


@command.command("alias")
@click.argument("other")
@click.argument("name", required=False)
@click.option("--undo", is_flag=True, help="OTHER is nobody else any more.")
@click.pass_obj
def alias(context: Context, other: str, name: str | None, undo: bool) -> None:
    """OTHER is another name of NAME: from now on they are counted as one person. It is recorded.

    Example: miareview reviewer alias anne ann

    Example: miareview reviewer alias --undo anne
    """
    from miareview.store.ledger import append
    from miareview.store.register import alias, known_person

    if undo == (name is not None):
        raise UsageError("Say `reviewer alias OTHER NAME`, or `reviewer alias --undo OTHER`.")
    with context.open_store() as store:
        known_person(store, other) if undo else known_person(store, name or "")
        append(store, alias(person(other), name))
    talk(f"{other} is nobody else any more." if undo else f"{other} is {name} from now on, in all numbers.")


@command.command("rename")
@click.argument("name")
@click.argument("new")
@click.pass_obj
def rename(context: Context, name: str, new: str) -> None:
    """Write a person's name another way, everywhere. The old name still means them.

    Example: miareview reviewer rename ann "Ann B."
    """
    from miareview.store.ledger import append
    from miareview.store.register import known_person, renamed

    with context.open_store() as store:
        append(store, renamed(known_person(store, name), person(new)))
    talk(f"{name} is written {new} from now on.")
