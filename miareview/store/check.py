"""Is this database what it says it is? Ledger chains, foreign keys, integrity, and replay against what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from miareview.store import ledger
from miareview.store.migrations import DERIVED
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`problems` are (where, what); empty when all is well. `chains` counts devices."""

    events: int
    chains: int
    problems: list[tuple[str, str]]

    @property
    def ok(self) -> bool:
        return not self.problems


def check(store: Store, rebuild: bool = False) -> CheckResult:
    """Verify the file. With `rebuild`, the derived tables are made again from the ledger first."""
    if rebuild:
        ledger.rebuild(store)
    events = ledger.events(store)
    problems = [("file", message) for (message,) in store.rows("pragma integrity_check") if message != "ok"]
    problems += [
        (f"table {table}, row {row}", f"refers to a row of {parent} that is not there")
        for table, row, parent, _ in store.rows("pragma foreign_key_check")
    ]
    problems += ledger.chain_problems(events)
    if not rebuild:
        problems += _replay_problems(store)
    return CheckResult(len(events), len({event.device for event in events}), problems)


def derived_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The derived tables, row by row, in the order of their keys."""
    return {table: store.rows(f"select * from {table} order by 1, 2, 3, 4") for table in DERIVED}


def _replay_problems(store: Store) -> list[tuple[str, str]]:
    """Compare the derived tables with what the ledger adds up to, without leaving a trace."""
    stored = derived_rows(store)
    with store.lock:
        connection = store.connection
        connection.execute("begin")
        try:
            connection.execute("delete from current_score")
            connection.execute("delete from review_status")
            for response, reviewer in connection.execute(
                "select distinct response, reviewer from event where response is not null"
            ).fetchall():
                ledger.derive(connection, response, reviewer)
            replayed = derived_rows(store)
        finally:
            connection.rollback()
    problems = []
    for table in DERIVED:
        for row in [r for r in stored[table] if r not in set(replayed[table])][:3]:
            problems.append((f"table {table}, {row[0]} by {row[1]}", "differs from the ledger; run check --rebuild"))
        missing = len(set(replayed[table]) - set(stored[table]))
        if missing and len(stored[table]) < len(replayed[table]):
            problems.append((f"table {table}", f"lacks {missing} rows of the ledger; run check --rebuild"))
    return problems
