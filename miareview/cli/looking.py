"""Who looks at numbers, and what is recorded when that is somebody with a blind queue that is not over."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from miareview.cli.context import talk
from miareview.cli.table import put_lines
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.store.sight import Peek
    from miareview.store.store import Store

looker_option = click.option(
    "--as",
    "looker",
    metavar="NAME",
    envvar="MIAREVIEW_REVIEWER",
    help="Who looks (or $MIAREVIEW_REVIEWER; else your login name if it is a reviewer's): numbers opened in the middle"
    " of one's own blind queue are recorded.",
)

list_looker_option = click.option(
    "--as",
    "reviewer",
    metavar="NAME",
    envvar="MIAREVIEW_REVIEWER",
    help="Who looks (or $MIAREVIEW_REVIEWER; else your login name if it is a reviewer's): what waits stays hidden.",
)


def put_peeks(peeks: Sequence[Peek]) -> None:
    """Say at which point of their blind queues people opened numbers."""
    first = {(peek.reviewer, peek.queue): peek for peek in reversed(peeks)}
    put_lines(
        "Opened early",
        [
            f"{peek.reviewer} opened {peek.opened} after {peek.committed} responses of the blind queue {peek.queue};"
            " their scores from there on may lean on what they saw"
            for peek in reversed(first.values())
        ],
    )


def login_name() -> str | None:
    """The name of the account, None where the system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def person(name: str) -> str:
    """A reviewer's name as it was given, without the blanks around it. Raises `UsageError` where it is none."""
    name = name.strip()
    if not name:
        raise UsageError("A reviewer needs a name.", "Give one with --as NAME.")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise UsageError("The name given with --as is not UTF-8.", "Give one that is.") from error
    return name


def who_looks(store: Store, named: str | None) -> str | None:
    """The person who is named, else the reviewer of this database who has the login name, else nobody: None."""
    from miareview.store.register import person_of

    if named is not None and named.strip():
        name = person(named)
        return person_of(store, name) or name
    return person_of(store, login_name() or "")


by_option = click.option(
    "--by", metavar="NAME", envvar="MIAREVIEW_REVIEWER", required=True, help="Who says so (or $MIAREVIEW_REVIEWER)."
)


def writer(store: Store, named: str | None, new: bool = False) -> str:
    """The person who writes under this name. A name that the register does not know is asked about on a terminal.

    Without a name the login name is proposed. With `new` a name that is not known is a new person; the first one of a
    database always is. Raises `UsageError` where nobody is named, `DataError` where the name is not known and nobody
    can be asked.
    """
    from miareview.store.ledger import append
    from miareview.store.register import alias, known_person, person_of, reviewers

    asked = sys.stdin.isatty() and sys.stdout.isatty()
    if named is None or not named.strip():
        login = login_name()
        if login is not None and person_of(store, login):
            return person_of(store, login) or login
        if not asked:
            raise UsageError("Nobody is named.", "Say who you are with --as NAME.")
        named = click.prompt("Your name in the ledger", default=login, err=True)
    name = person(named)
    found, there = person_of(store, name), reviewers(store)
    if found is not None:
        return found
    if there and not new and asked:
        known = ", ".join(f"{one.name} ({one.reviews} reviews)" for one in there)
        talk(f"New reviewer {name}. This database knows {known}. Is it one of them?")
        wanted = "Their name, or Enter for a new person"
        while same := click.prompt(wanted, default="", show_default=False, err=True).strip():
            if (known_as := person_of(store, same)) is not None:
                append(store, alias(name, known_as))
                return known_as
            talk(f"Nobody is called {same!r} here.")
    elif there and not new:
        return known_person(store, name)
    return enrolled(store, name)


def enrolled(store: Store, name: str) -> str:
    """The person of this name, who joins the register where it does not know them."""
    from miareview.store.ledger import append
    from miareview.store.register import new_reviewer, person_of

    name = person(name)
    if person_of(store, name) is None:
        append(store, new_reviewer(name))
    return person_of(store, name) or name


def note_peek(store: Store, named: str | None, opened: str) -> None:
    """Record that numbers are opened by somebody whose blind queue is not over, and say so on stderr.

    `opened` says which: "scores", "agreement", "report", "export scores". `store` may be open for reading only: where
    the file cannot be written, the numbers are given all the same, and it is said that nothing was recorded.
    """
    from miareview.review.looking import peek, unfinished
    from miareview.store.store import Store

    looker = who_looks(store, named)
    queues = unfinished(store, looker) if looker else []
    if not looker or not queues:
        return
    told = ", ".join(f"{part.queue} ({part.committed} of {part.responses} committed)" for part in queues)
    try:
        with Store.open(store.path) as writing:
            peek(writing, looker, opened, queues)
    except DataError as error:
        talk(f"{looker} has not finished {told}; that they opened {opened} could not be recorded: {error}")
    else:
        talk(f"{looker} has not finished {told}; that they opened {opened} is recorded.")
