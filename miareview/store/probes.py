"""Probes in a file of their own: what each changed, its certificate, and who says that one is wrong.

The file has the schema of every database, the setting `kind = probes`, and two tables more. The probes are responses in
it, of models named `probe:KIND:N`, so that runs, batches and resuming work as with any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from miareview.errors import DataError
from miareview.identity import digest
from miareview.model import Item, Response
from miareview.store.backup import write_copy
from miareview.store.connection import now
from miareview.store.imports import ADOPTED
from miareview.store.migrations import migrate
from miareview.store.store import COUNTS_LAST, Store

FILE = "probes.db"
_TABLES = (
    """create table probe (
        id integer primary key,
        item text not null references item(id),
        position integer,
        kind text not null,
        mutator text not null,
        version integer not null,
        dose text not null,
        base text references response(id),
        base_sha256 text not null,
        base_model text not null,
        constraint_text text not null,
        before text not null,
        after text not null,
        expected text not null,
        response text not null references response(id)
    ) strict""",
    "create table probe_wrong (probe integer primary key references probe(id), at text not null) strict",
)
_KEPT = ("setting", "benchmark", "item", "component", "response", "queue", "queue_row", "probe")
_TIMES = ("imported_at", "made")


@dataclass(frozen=True, slots=True)
class Probe:
    """One question with a known answer. `item`, `base`, `response` are ids; `base` is the probe's own base in the file.

    `position` is the component that the certificate is about, None where it is about all. `constraint`, `before` and
    `after` are what the witness reads of the demand and counted in base and probe.
    """

    id: int
    item: str
    position: int | None
    kind: str
    mutator: str
    version: int
    dose: str
    base: str | None
    base_sha256: str
    base_model: str
    constraint: str
    before: str
    after: str
    expected: str
    response: str


def probes_path(db: Path) -> Path:
    """Where the probes of a database lie."""
    return db.with_name(FILE)


def make_file(
    path: Path,
    items: Sequence[Item],
    responses: Sequence[Response],
    probes: Sequence[Probe],
    finish: Callable[[Store], object] = lambda store: None,
) -> None:
    """Write a new file of probes to `path`, as a whole or not at all; `finish` may add to it before.

    Its bytes follow from what is in it alone: no time and no machine is told in it, and the ledger begins with the
    first answer. Raises `DataError` where a file is there already, or it cannot be written.
    """
    if path.exists():
        raise DataError(f"{path} is there already.", "Remove it to make other probes; its answers go with it.")
    with TemporaryDirectory() as folder, Store.open(Path(folder) / FILE, create=True) as filled:
        filled.set_setting("kind", "probes")
        filled.holds_probes = True
        filled.add_items(items)
        filled.add_responses(responses)
        with filled.writing() as connection:
            for statement in _TABLES:
                connection.execute(statement)
            many = f"insert into probe values ({', '.join('?' * 15)})"
            connection.executemany(many, [astuple(one) for one in probes])
        finish(filled)
        with closing(_timeless(filled)) as made:
            write_copy(made, path)


def _timeless(filled: Store) -> sqlite3.Connection:
    """What is in a file without the times of its making and its ledger, in memory."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    migrate(made)
    made.execute("update _sqlite_migrations set applied_at = ''")
    for statement in _TABLES:
        made.execute(statement)
    made.execute("attach ? as filled", (str(filled.path),))
    made.execute("begin")
    for table in _KEPT:
        columns = [name for _, name, *_ in made.execute(f"pragma filled.table_info({table})")]
        told = ", ".join("''" if name in _TIMES else name for name in columns)
        made.execute(f"insert into {table} select {told} from filled.{table} order by {', '.join(columns)}")
    made.execute("delete from setting where key = ?", (ADOPTED,))
    made.execute("commit")
    made.execute("detach filled")
    return made


def probes(store: Store) -> list[Probe]:
    """All probes of the file, by number."""
    return [Probe(*row) for row in store.rows("select * from probe order by id")]


def probes_digest(found: Iterable[Probe]) -> str:
    """The SHA-256 over the probes: the same for the same database, seed and version of the mutators."""
    return digest("probes", *(astuple(one) for one in found), length=64)


def say_wrong(store: Store, probe: int) -> None:
    """Keep that a person found the certificate of this probe wrong. Raises `DataError` where there is no such probe."""
    if not store.rows("select 1 from probe where id = ?", (probe,)):
        raise DataError(f"There is no probe {probe} here.", "`miareview judge probe show --misses` names them.")
    with store.writing() as connection:
        connection.execute("insert into probe_wrong values (?, ?) on conflict(probe) do nothing", (probe, now()))


def said_wrong(store: Store) -> set[int]:
    """Numbers of the probes whose certificate a person found wrong."""
    return {number for (number,) in store.rows("select probe from probe_wrong")}


def points(store: Store, judge: str) -> dict[str, tuple[str, dict[int, float]]]:
    """By response: how the judge's reply could be read, and each component's points / weight."""
    found: dict[str, tuple[str, dict[int, float]]] = {}
    replies: dict[str, str] = {}
    for id, response, status in store.rows(
        f"select id, response, status from judgment_read judgment where judge = ? {COUNTS_LAST}", (judge,)
    ):
        found[response] = (status, {})
        replies[response] = id
    counting = {id: response for response, id in replies.items()}
    for id, position, given, weight in store.rows(
        "select judgment.id, component.position, points, weight from judgment"
        " join response on response.id = judgment.response join component on component.item = response.item"
        " join score_read sub_score on sub_score.judgment = judgment.id and sub_score.position = component.position"
        " where judge = ? and points is not null",
        (judge,),
    ):
        if id in counting:
            found[counting[id]][1][position] = float(Fraction(given) / weight)
    return found
