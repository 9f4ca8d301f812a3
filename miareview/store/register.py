"""The register of reviewers: who is in it, what is said of names, and the table of names made of that."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from miareview.errors import DataError, RefusedError
from miareview.store.connection import Connection
from miareview.store.entry import Entry
from miareview.store.names import Register, name_key


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person: the name that counts, their other names, and how many reviews they have committed."""

    name: str
    also: tuple[str, ...]
    reviews: int


# reading


def reviewers(store: Connection) -> list[Reviewer]:
    """Everybody in the register, by name."""
    names: dict[str, list[str]] = {}
    for name, person in store.rows("select name, person from reviewer order by person, name"):
        names.setdefault(person, []).extend([name] if name != person else [])
    reviews = dict(
        store.rows("select reviewer, count(*) from review_status where committed_at is not null group by reviewer")
    )
    return [Reviewer(person, tuple(also), reviews.get(person, 0)) for person, also in names.items()]


def person_of(store: Connection, name: str) -> str | None:
    """The person who has this name, in any spelling; None where the register knows nobody of it."""
    rows = store.rows("select person from reviewer where key = ? limit 1", (name_key(name),))
    return rows[0][0] if rows else None


def names_of_person(store: Connection, person: str) -> set[str]:
    """All names of a person, the one they are counted under among them."""
    return {person, *(name for (name,) in store.rows("select name from reviewer where person = ?", (person,)))}


def known_person(store: Connection, name: str) -> str:
    """The person who has this name. Raises `DataError` where the register knows nobody of it."""
    person = person_of(store, name)
    if person is None:
        raise DataError(f"This database knows no reviewer {name!r}.", f"Add them: miareview reviewer add {name!r}.")
    return person


# what is said of names; each goes to the ledger with `append`


def new_reviewer(name: str, by: str = "") -> Entry:
    """A new person joins the register."""
    return Entry(by, "reviewer", value=json.dumps({"name": " ".join(name.split())}, ensure_ascii=False))


def renamed(name: str, shown: str, by: str = "") -> Entry:
    """A person is written another way from now on."""
    return Entry(by, "reviewer", value=json.dumps({"name": name, "shown": " ".join(shown.split())}, ensure_ascii=False))


def alias(name: str, of: str | None, by: str = "") -> Entry:
    """`name` is the person `of`; with None it no longer is anybody else."""
    return Entry(by, "alias", value=json.dumps({"name": name, "of": of}, ensure_ascii=False))


def refuse_unfit_name(connection: sqlite3.Connection, entry: Entry) -> None:
    """Raise `RefusedError` where a `reviewer` or `alias` event says what cannot be."""
    said = json.loads(entry.value or "{}")
    register, name = read_register(connection), said["name"]
    if not name_key(name) or ("shown" in said and not name_key(said["shown"])):
        raise _unfit("A reviewer needs a name.")
    if entry.kind == "alias" and said["of"] is None:
        if name_key(name) not in register.alias:
            raise _unfit(f"{name!r} is nobody's other name.")
        return
    other = said.get("of", said.get("shown"))
    if other is None:
        if register.knows(name):
            raise _unfit(f"{register.person(name)!r} is in the register already.")
    elif entry.kind == "reviewer":
        if not register.knows(name):
            raise _unfit(f"This database knows no reviewer {name!r}.")
        if register.knows(other) and register.person(other) != register.person(name):
            raise RefusedError(
                f"{other!r} is another person.", "If they are one, say so: miareview reviewer alias OTHER NAME."
            )
    elif not register.knows(other):
        raise _unfit(f"This database knows no reviewer {other!r}.")
    elif register.person(name) == register.person(other):
        raise _unfit(f"{name!r} and {other!r} are one person already.")


def _unfit(message: str) -> RefusedError:
    return RefusedError(message, "Nothing was saved.")


# the table of names

# Who draws a queue or brings a file may be an account's name, and is no reviewer by that.
SPEAKS = "reviewer <> '' and kind not in ('queue', 'import')"


def read_register(connection: sqlite3.Connection) -> Register:
    """The register as the ledger tells it: everybody who said something, and what was said of names."""
    register = Register()
    told = connection.execute(
        f"select min(id) as place, reviewer, null, null from event where {SPEAKS} group by reviewer union all"
        " select id, reviewer, kind, value from event where kind in ('reviewer', 'alias') order by place"
    )
    for _, name, kind, value in told.fetchall():
        if kind is None:
            register.add(name)
        else:
            register.say(kind, value)
    return register


def names_of(connection: sqlite3.Connection, register: Register) -> list[tuple[str, str, str]]:
    """The rows of the table `reviewer`: every name that was given, its key, and the person."""
    given = {name for (name,) in connection.execute(f"select distinct reviewer from event where {SPEAKS}")}
    given |= set(register.shown.values())
    return sorted((name, name_key(name), register.person(name)) for name in given)


def derive_register(connection: sqlite3.Connection) -> set[str]:
    """Make the table of names again; the names whose person is another than before."""
    before = dict(connection.execute("select name, person from reviewer").fetchall())
    rows = names_of(connection, read_register(connection))
    connection.execute("delete from reviewer")
    connection.executemany("insert into reviewer values (?, ?, ?)", rows)
    return {name for name, _, person in rows if before.get(name, name) != person}


def enrol(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """How a name is written in the register, and the person; a name that is new joins it."""
    row = connection.execute("select name, person from reviewer where name = ?", (name,)).fetchone()
    if row is None:
        key = name_key(name)
        row = connection.execute("select name, person from reviewer where key = ? limit 1", (key,)).fetchone()
        if row is None:
            row = (" ".join(name.split()), " ".join(name.split()))
            connection.execute("insert into reviewer values (?, ?, ?)", (row[0], key, row[1]))
    return str(row[0]), str(row[1])
