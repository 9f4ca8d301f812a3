"""What every command is handed, and how commands talk: data to stdout, talk to stderr, foreign text made visible."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.text import visible

if TYPE_CHECKING:
    from miareview.store.store import Store

DEFAULT_DB = Path("db/review.db")


@dataclass(frozen=True, slots=True)
class Context:
    """The options before the command's name."""

    db: Path

    def open_store(self, *, reading: bool = False) -> Store:
        """The database, which must be there; with `reading`, it is never written. Raises `DataError` otherwise."""
        from miareview.store.store import Store

        store = Store.open(self.db, reading=reading)
        if store.copied:
            talk(
                f"{self.db} was made by an older miareview and is read from a copy in memory, brought up to date each"
                " time anew. A command that writes (miareview browse, for one) brings the file itself up to date."
            )
        return store

    def open_listed(self) -> Store:
        """The database for a list, which keeps a summary in it: in a copy in memory where it may not be written."""
        from miareview.store.place import may_write
        from miareview.store.store import Store

        return Store.open(self.db) if may_write(self.db) or not self.db.exists() else Store.scratch(self.db)


def talk(text: str) -> None:
    """One line to stderr."""
    click.echo(visible(text), err=True)


def put_json(document: dict[str, Any]) -> None:
    """One JSON document to stdout, a line for each of its parts and of their parts; never a NaN."""
    click.echo("{\n" + ",\n".join(f"{_json(name)}: {_parts(part)}" for name, part in document.items()) + "\n}")


def _parts(value: Any) -> str:
    """Written by hand: the library's own indent takes fifteen times as long."""
    if isinstance(value, list | tuple) and value:
        return "[\n " + ",\n ".join(map(_json, value)) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
