"""The schema, as numbered migrations. A migration that has been released is never edited; a new one is added."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from miareview.store.browse_schema import BROWSE, COLUMNS
from miareview.store.gold_schema import GOLD
from miareview.store.reread_schema import REREAD

migrations = Migrations("miareview")

FACTS = ("benchmark", "item", "component", "response", "judge", "judgment", "sub_score", "call", "reread",
         "reread_score")  # fmt: skip
DERIVED = ("current_score", "review_status")


@migrations()
def m001_facts(db: Database) -> None:
    """What others wrote: benchmark, responses, judgments. Inserted once, never changed."""
    for statement in (
        "create table setting (key text primary key, value text not null) strict",
        "create table benchmark (name text primary key, imported_at text not null) strict",
        """create table item (
            id text primary key,
            benchmark text not null references benchmark(name),
            number integer not null,
            image_url text not null,
            instruction text not null,
            difficulty text not null
        ) strict""",
        "create index item_number on item(benchmark, number)",
        """create table component (
            item text not null references item(id),
            position integer not null check (position >= 1),
            category text not null,
            text text not null,
            weight integer not null check (weight > 0),
            primary key (item, position)
        ) strict, without rowid""",
        """create table response (
            id text primary key,
            item text not null references item(id),
            model text not null,
            text text not null,
            status text not null check (status in ('ok', 'error', 'empty', 'missing')),
            source text not null,
            imported_at text not null
        ) strict""",
        "create index response_item on response(item, model)",
        "create index response_model on response(model)",
        """create table judge (
            id text primary key,
            name text not null,
            prompt text not null,
            parameters text not null,
            sees_image integer check (sees_image in (0, 1))
        ) strict""",
        """create table judgment (
            id text primary key,
            response text not null references response(id),
            judge text not null references judge(id),
            repeat integer not null,
            raw text,
            status text not null
                check (status in ('ok', 'warning', 'partial', 'refused', 'api_error', 'empty', 'unparsed')),
            warnings text not null,
            stated_points text,
            stated_of text,
            published_total text,
            imported_at text not null
        ) strict""",
        "create index judgment_response on judgment(response, judge)",
        "create index judgment_judge on judgment(judge)",
        """create table sub_score (
            judgment text not null references judgment(id),
            position integer not null,
            points text,
            sixtieths integer,
            span_start integer,
            span_end integer,
            primary key (judgment, position)
        ) strict, without rowid""",
    ):
        db.execute(statement)
    for table in ("benchmark", "item", "component", "response", "judge", "judgment", "sub_score"):
        _refuse_change(db, table)


@migrations()
def m002_ledger(db: Database) -> None:
    """What people did: the append-only ledger, the queues, and the tables that replay can rebuild."""
    for statement in (
        "create table device (fingerprint text primary key, id text not null unique) strict",
        """create table event (
            id text primary key,
            at text not null,
            reviewer text not null,
            device text not null,
            kind text not null check (kind in ('score', 'agree', 'clear', 'comment', 'reason', 'ungradable', 'skip',
                'flag', 'reveal', 'commit', 'undo', 'redo', 'relabel', 'gold', 'queue')),
            response text references response(id),
            component integer,
            value text,
            judge_visible integer not null check (judge_visible in (0, 1)),
            queue text,
            guideline text not null,
            app text not null,
            seconds real,
            previous text not null,
            hash text not null
        ) strict""",
        "create index event_chain on event(device, id)",
        "create index event_response on event(response, reviewer, id)",
        "create index event_gold on event(response, component) where kind = 'gold'",
        """create table queue (
            name text primary key,
            design text not null check (design in ('random', 'stratified', 'rule', 'all')),
            seed integer not null,
            frame text not null,
            frame_size integer not null,
            size integer not null,
            blind integer not null check (blind in (0, 1)),
            made text not null
        ) strict""",
        """create table queue_row (
            queue text not null references queue(name) on delete cascade,
            position integer not null,
            response text not null references response(id),
            stratum text not null,
            probability real not null,
            primary key (queue, position)
        ) strict, without rowid""",
        """create table current_score (
            response text not null references response(id),
            reviewer text not null,
            position integer not null,
            judge_visible integer not null,
            points text,
            sixtieths integer,
            ungradable text,
            reason text,
            at text not null,
            event text not null references event(id),
            primary key (response, reviewer, position, judge_visible)
        ) strict, without rowid""",
        """create table review_status (
            response text not null references response(id),
            reviewer text not null,
            committed_at text,
            committed_queues text not null,
            revealed integer not null,
            skipped integer not null,
            flagged integer not null,
            comment text not null,
            primary key (response, reviewer)
        ) strict, without rowid""",
    ):
        db.execute(statement)
    _refuse(db, "event", "update", "the ledger is append-only")
    _refuse(db, "event", "delete", "the ledger is append-only")


@migrations()
def m003_calls(db: Database) -> None:
    """What a harness made of a reply, and how a reply that miareview asked for came about."""
    db.execute("alter table judgment add column harness_total text")
    db.execute(
        """create table call (
            id text primary key,
            judgment text not null references judgment(id),
            at text not null,
            model text,
            request_id text,
            finish_reason text,
            prompt_tokens integer,
            completion_tokens integer,
            seconds real,
            attempts integer not null check (attempts >= 1),
            error text,
            batch text
        ) strict"""
    )
    db.execute("create index call_judgment on call(judgment)")
    _refuse_change(db, "call")


@migrations()
def m004_batches(db: Database) -> None:
    """Requests handed to a Batch API. A request may be open once only: what is on its way is not sent again."""
    for statement in (
        """create table batch (
            id text primary key,
            judge text not null references judge(id),
            host text not null,
            requests integer not null,
            bytes integer not null,
            sha256 text not null,
            made text not null,
            status text not null,
            input_file text,
            remote text,
            completed integer,
            failed integer,
            error text,
            finished text,
            closed text
        ) strict""",
        """create table batch_request (
            batch text not null references batch(id),
            custom_id text not null,
            judge text not null references judge(id),
            response text not null references response(id),
            repeat integer not null,
            open integer not null check (open in (0, 1)),
            primary key (batch, custom_id)
        ) strict, without rowid""",
        "create unique index batch_request_open on batch_request(judge, response, repeat) where open = 1",
    ):
        db.execute(statement)


@migrations()
def m005_promises(db: Database) -> None:
    """Events of any kind under a versioned hash, imports in the chain, and when a queue shows the judge.

    The derived tables are left empty; `ledger.adopt` fills them again.
    """
    columns = (
        "id, at, reviewer, device, kind, response, component, value, judge_visible, queue, guideline, app, seconds,"
        " previous, hash"
    )
    for statement in (
        "delete from current_score",
        "delete from review_status",
        """create table event_of_any_kind (
            id text primary key,
            at text not null,
            reviewer text not null,
            device text not null,
            kind text not null,
            response text references response(id),
            component integer,
            value text,
            judge_visible integer not null check (judge_visible in (0, 1)),
            queue text,
            guideline text not null,
            app text not null,
            seconds real,
            previous text not null,
            hash text not null,
            v integer not null
        ) strict""",
        f"insert into event_of_any_kind ({columns}, v) select {columns}, 1 from event order by id",
        "drop table event",
        "alter table event_of_any_kind rename to event",
        "create index event_chain on event(device, id)",
        "create index event_response on event(response, reviewer, id)",
        "create index event_gold on event(response, component) where kind = 'gold'",
        "create index event_other on event(kind, queue) where response is null",
        "alter table queue add column reveal text not null default 'each' check (reveal in ('end', 'each', 'never'))",
        "alter table item add column imported_at text not null default ''",
        "create index item_imported on item(imported_at)",
        "create index response_imported on response(imported_at)",
        "create index judgment_imported on judgment(imported_at)",
    ):
        db.execute(statement)
    _refuse(db, "event", "update", "the ledger is append-only")
    _refuse(db, "event", "delete", "the ledger is append-only")


@migrations()
def m006_browse(db: Database) -> None:
    """What lists are read from: a summary of every response and component, searchable texts, and saved views."""
    for statement in BROWSE:
        db.execute(statement)


@migrations()
def m007_people(db: Database) -> None:
    """Queues of any design, and rows that are dealt out to people."""
    for statement in (
        """create table queue_of_any_design (
            name text primary key,
            design text not null,
            seed integer not null,
            frame text not null,
            frame_size integer not null,
            size integer not null,
            blind integer not null check (blind in (0, 1)),
            made text not null,
            reveal text not null default 'each' check (reveal in ('end', 'each', 'never'))
        ) strict""",
        "insert into queue_of_any_design select * from queue",
        """create table queue_row_for_people (
            queue text not null references queue_of_any_design(name) on delete cascade,
            position integer not null,
            response text not null references response(id),
            stratum text not null,
            probability real not null,
            people text not null default '[]' check (json_valid(people)),
            primary key (queue, position)
        ) strict, without rowid""",
        "insert into queue_row_for_people (queue, position, response, stratum, probability)"
        " select queue, position, response, stratum, probability from queue_row",
        "drop table queue_row",
        "drop table queue",
        "alter table queue_of_any_design rename to queue",
        "alter table queue_row_for_people rename to queue_row",
    ):
        db.execute(statement)


@migrations()
def m008_gold(db: Database) -> None:
    """Who is who, and what became of labels: derived from the ledger, as `ledger.rederive` makes them."""
    for statement in GOLD:
        db.execute(statement)


@migrations()
def m009_work(db: Database) -> None:
    """Where in queues a response stands: found without reading the queues."""
    db.execute("create index queue_row_response on queue_row(response, queue)")


@migrations()
def m010_reread(db: Database) -> None:
    """What a later reader made of replies that are there, beside what was read first; and which of it counts."""
    for statement in REREAD:
        db.execute(statement)
    for table in ("reread", "reread_score"):
        _refuse_change(db, table)


@migrations()
def m011_answers(db: Database) -> None:
    """What was answered to an item, by whom and when, is read from the index alone, without the texts."""
    db.execute("drop index response_item")
    db.execute("create index response_item on response(item, model, imported_at, id, status)")


@migrations()
def m012_columns(db: Database) -> None:
    """The summary a column at a time, in which lists are found."""
    for statement in COLUMNS:
        db.execute(statement)


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that the file lacks: all of them or none, and only one process at a time."""
    connection.execute("begin immediate")
    try:
        migrations.apply(Database(connection, execute_plugins=False))
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _refuse_change(db: Database, table: str) -> None:
    _refuse(db, table, "update", "a fact is never changed")
    _refuse(db, table, "delete", "a fact is never deleted")


def _refuse(db: Database, table: str, action: str, why: str) -> None:
    db.execute(f"create trigger {table}_no_{action} before {action} on {table} begin select raise(abort, '{why}'); end")


@cache
def expected_schema() -> Mapping[tuple[str, str], str]:
    """The SQL of every table, index and trigger that the migrations make, by its kind and name."""
    db = Database(memory=True, execute_plugins=False)
    migrations.apply(db)
    rows = db.execute("select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'")
    return {(kind, name): sql for kind, name, sql in rows.fetchall()}


def schema_sql(db: Database) -> str:
    """The whole schema as SQL text, in the order of its making; written to db/schema.sql."""
    rows = db.execute(
        "select sql from sqlite_master where sql is not null and name not like 'sqlite_%'"
        " and substr(tbl_name, 1, 7) <> '_sqlite' order by rowid"
    ).fetchall()
    return "".join(f"{' '.join(sql.split())};\n" for (sql,) in rows)
