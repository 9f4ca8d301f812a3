"""Kept views: a filter, a unit and a sort order under a name, in the database, so that they travel with it."""

from __future__ import annotations

from dataclasses import dataclass

from miareview.store.connection import now
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class View:
    """How somebody looks at the list; `sort` as in "-delta,item"."""

    name: str
    unit: str
    filter: str
    sort: str


def views(store: Store) -> list[View]:
    """All kept views, by name."""
    return [View(*row) for row in store.rows("select name, unit, filter, sort from browse_view order by name")]


def keep_view(store: Store, view: View, by: str) -> None:
    """Keep a view; one of that name is replaced."""
    with store.writing() as connection:
        connection.execute(
            "insert into browse_view values (?, ?, ?, ?, ?, ?) on conflict(name) do update set unit = excluded.unit,"
            " filter = excluded.filter, sort = excluded.sort, made = excluded.made, by = excluded.by",
            (view.name, view.unit, view.filter, view.sort, now(), by),
        )


def drop_view(store: Store, name: str) -> None:
    """Forget a kept view; nothing happens where there is none."""
    with store.writing() as connection:
        connection.execute("delete from browse_view where name = ?", (name,))
