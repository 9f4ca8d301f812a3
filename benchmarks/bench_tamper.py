"""Thirty manipulations of a database, each on a copy of its own: which does `miareview check` find?

Every one is done as somebody would who knows SQLite and the code: triggers are taken away first and put back after,
and where it helps the derived tables are made again. Two leave no trace in the file; whoever kept the ends of the
chains (`check --heads`) finds them. Exits with 1 where fewer than 28 are found by the file alone, or an untouched copy
is not called well.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from miareview.demo import make_demo
from miareview.store import ledger
from miareview.store.check import check
from miareview.store.store import Store

Change = str | Callable[[sqlite3.Connection], None]
LAST = "(select max(id) from event where kind = 'score')"


def hash_anew(plain: sqlite3.Connection) -> None:
    """Change a score, and hash the whole chain again with the project's own code."""
    plain.execute(f"update event set value = '0' where id = {LAST}")
    previous: dict[str, str] = {}
    for row in plain.execute(f"select {ledger.COLUMNS} from event order by id").fetchall():
        event = replace(ledger.event_of(row), previous=previous.get(row[3], ""))
        previous[event.device] = ledger.event_hash(event)
        plain.execute(
            "update event set previous = ?, hash = ? where id = ?", (event.previous, previous[event.device], event.id)
        )
    ledger.rederive(plain)


def cut_tail(plain: sqlite3.Connection) -> None:
    """Take the last ten words away, and make the derived tables again."""
    plain.execute("delete from current_score")
    plain.execute("delete from review_status")
    plain.execute("delete from event where id in (select id from event order by id desc limit 10)")
    ledger.rederive(plain)


def and_rebuild(statement: str) -> Change:
    def change(plain: sqlite3.Connection) -> None:
        plain.execute(statement)
        ledger.rederive(plain)

    return change


def duplicate(plain: sqlite3.Connection) -> None:
    """Make the table of judgments again without its key, and put every judgment in twice."""
    plain.execute("create table copy as select * from judgment")
    plain.execute("drop table judgment")
    plain.execute("alter table copy rename to judgment")
    plain.execute("insert into judgment select * from judgment")


def second_device(plain: sqlite3.Connection) -> None:
    """Move the last word into a chain of its own."""
    plain.execute("insert into device values ('f', 'other')")
    plain.execute(f"update event set device = 'other', previous = '' where id = {LAST}")


CHANGES: list[tuple[str, Change]] = [
    ("100 judgments set to 0", "update sub_score set points = '0', sixtieths = 0 where judgment in"
     " (select id from judgment limit 100)"),
    ("one sub-score a point higher", "update sub_score set points = points + 1 where position = 1 and judgment ="
     " (select min(judgment) from sub_score)"),
    ("a judge's reply reworded", "update judgment set raw = raw || ' ' where rowid = 1"),
    ("a judgment's status", "update judgment set status = 'refused' where rowid = 1"),
    ("a total as the notebook reads it", "update judgment set published_total = '1/7' where rowid = 1"),
    ("a judgment taken out", "delete from judgment where rowid = 1"),
    ("sub-scores taken out", "delete from sub_score where position = 1"),
    ("every judgment twice", duplicate),
    ("the judge is said to see pictures", "update judge set sees_image = 1"),
    ("the judge renamed", "update judge set name = 'better-judge'"),
    ("a response reworded", "update response set text = 'It is fine.' where rowid = 3"),
    ("a response given to another model", "update response set model = 'demo-large' where model = 'demo-small'"),
    ("an answer made newer, so that it counts", "update response set imported_at = '2031-01-01' where rowid = 1"),
    ("a component's weight", "update component set weight = weight + 1 where position = 1"),
    ("a component's category", "update component set category = 'math' where position = 1"),
    ("a component added", "insert into component select item, 99, category, text, 1 from component where position = 1"),
    ("an instruction reworded", "update item set instruction = instruction || '!' where number = 1"),
    ("a response slipped in", "insert into response select 'f00', item, 'new', text, status, source, imported_at"
     " from response limit 1"),
    ("reviewed rows taken out of a draw", "delete from queue_row where position > 10"),
    ("a queue's seed", "update queue set seed = seed + 1"),
    ("inclusion probabilities", "update queue_row set probability = 0.5"),
    ("a queue slipped in", "insert into queue select 'x', design, seed, frame, frame_size, size, blind, made, reveal"
     " from queue"),
    ("a score changed, derived tables made again", and_rebuild(f"update event set value = '0' where id = {LAST}")),
    ("points 'abc'", and_rebuild(f"update event set value = 'abc' where id = {LAST}")),
    ("a word in the middle taken out", and_rebuild("delete from event where id = (select min(id) from event where"
     " kind = 'score')")),
    ("a word moved to a chain of its own", second_device),
    ("a reviewer renamed", and_rebuild("update event set reviewer = 'expert' where reviewer = 'demo-reviewer-2'")),
    ("a derived score changed", "update current_score set points = '0', sixtieths = 0"),
    ("the last ten words cut off, derived tables made again", cut_tail),
    ("a score changed and every chain hashed anew with this code", hash_anew),
]  # fmt: skip
MORE: list[tuple[str, Change]] = [
    ("a trigger dropped for good", "drop trigger event_no_update"),
    ("a table dropped", "drop table current_score"),
    ("an index dropped", "drop index event_chain"),
    ("a trigger that changes what is written", "create trigger x after insert on event begin"
     " delete from review_status; end"),
]  # fmt: skip


def tamper(path: Path, change: Change, restore: bool) -> None:
    plain = sqlite3.connect(path, isolation_level=None)
    triggers = plain.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    if restore:
        for name, _ in triggers:
            plain.execute(f"drop trigger {name}")
    if isinstance(change, str):
        plain.execute(change)
    else:
        change(plain)
    if restore:
        for _, sql in triggers:
            plain.execute(sql)
    plain.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the table to this file as well")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.db"
        make_demo(made).close()
        with Store.open(made, reading=True) as store:
            before = check(store)
        print(f"untouched: {len(before.problems)} problems")
        for number, (name, change) in enumerate([*CHANGES, *MORE], start=1):
            copy = Path(folder) / f"{number}.db"
            shutil.copy(made, copy)
            tamper(copy, change, restore=number <= len(CHANGES))
            with Store.open(copy, reading=True) as store:
                alone, since = check(store), check(store, before.heads)
            how = "found" if not alone.ok else "with the heads" if not since.ok else "not found"
            what = ": ".join((alone.problems or since.problems or [("", "")])[0])
            rows.append({"change": name, "found": how, "first": what})
            print(f"{number:2} {how:15} {name}\n{'':19}{what[:130]}")
    found = sum(row["found"] == "found" for row in rows[: len(CHANGES)])
    kept = sum(row["found"] == "with the heads" for row in rows[: len(CHANGES)])
    more = sum(row["found"] == "found" for row in rows[len(CHANGES) :])
    print(
        f"{found} of {len(CHANGES)} found by the file alone, {kept} more with the heads;"
        f" of schema: {more} of {len(MORE)}"
    )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if found < 28 or before.problems:
        sys.exit(1)


if __name__ == "__main__":
    main()
