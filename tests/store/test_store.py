"""Facts go in once, come out as they were, and are never changed."""

import sqlite3
import threading
from pathlib import Path

import pytest
from conftest import HOSTILE, JUDGE, make_items, make_judgment, make_response
from sqlite_utils import Database

from miareview.errors import DataError
from miareview.model import Call, Component, Item
from miareview.store.migrations import FACTS, migrations, schema_sql
from miareview.store.opening import MIGRATIONS
from miareview.store.reply_readings import add_readings, stored_readings
from miareview.store.store import Store

ROOT = Path(__file__).resolve().parents[2]


def test_a_second_time_changes_nothing(store: Store) -> None:
    before = {table: store.rows(f"select * from {table} order by 1, 2") for table in FACTS}
    items = make_items()
    responses = [make_response(item, "alpha") for item in items]
    assert (store.add_items(items).new, store.add_items(items).unchanged) == (0, 6)
    assert (store.add_responses(responses).new, store.add_responses(responses).unchanged) == (0, 6)
    judgments = [make_judgment(i, r, list(i.weights)) for i, r in zip(items, responses, strict=True)]
    assert store.add_judgments(JUDGE, judgments).unchanged == 6
    assert {table: store.rows(f"select * from {table} order by 1, 2") for table in FACTS} == before


def test_records_come_back_as_they_went_in(store: Store) -> None:
    items = make_items()
    assert store.items() == items
    response = make_response(items[0], "alpha")
    assert response in store.responses("alpha")
    assert store.judgments(response.id) == [make_judgment(items[0], response, [4, 3, 3])]


def test_an_item_with_other_components_is_a_conflict_and_left_out(store: Store) -> None:
    item = make_items()[0]
    other = Item(
        item.id, item.benchmark, item.index, item.image_url, item.instruction, item.difficulty,
        (Component(1, "math", "count", 10),),
    )  # fmt: skip
    added = store.add_items([other])
    assert added.new == 0
    assert added.conflicts[0][0] == item.id
    assert store.items()[0] == item


@pytest.mark.parametrize("text", [HOSTILE, "", "x" * 100_000, "\x00", "\u202e", "a\r\nb\tc"])
def test_a_hostile_response_is_kept_to_the_letter(store: Store, text: str) -> None:
    response = make_response(make_items()[1], HOSTILE, text)
    store.add_responses([response])
    assert next(r for r in store.responses() if r.id == response.id) == response


@pytest.mark.parametrize("table", [*FACTS, "event"])
def test_the_database_itself_refuses_to_change_what_is_written(store: Store, table: str) -> None:
    if table == "event":
        from miareview.store.ledger import Entry, append

        append(store, Entry("ann", "flag", store.responses()[0].id, value="1"))
    if table == "call":
        store.add_judgments(JUDGE, [], [Call("c1", store.judgments(store.responses()[0].id)[0].id, "2026-01-01")])
    if table.startswith("reread"):
        one = next(stored_readings(store))
        add_readings(store, [(one, store.judgments(one.response)[0])], "test")
    column = store.rows(f"select name from pragma_table_info('{table}') limit 1")[0][0]
    for statement in (f"update {table} set {column} = {column}", f"delete from {table}"):
        with pytest.raises(sqlite3.IntegrityError, match=r"never|append-only"):
            store.connection.execute(statement)


def test_opening_what_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("not a database, but long enough to be looked at " * 20)
    with pytest.raises(DataError, match=r"notes\.db cannot be used as a database"):
        Store.open(tmp_path / "notes.db")
    with pytest.raises(DataError, match="There is no database"):
        Store.open(tmp_path / "nowhere.db")


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new.db", create=True) as made, made.writing() as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('miareview', 'm999', 'x')"
        )
    with pytest.raises(DataError, match="newer miareview"):
        Store.open(tmp_path / "new.db")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "photos.db") as other:
        other.execute("create table photo (name text)")
    before = (tmp_path / "photos.db").read_bytes()
    for create in (False, True):
        with pytest.raises(DataError, match="another program"):
            Store.open(tmp_path / "photos.db", create=create)
    assert (tmp_path / "photos.db").read_bytes() == before


def test_the_names_of_the_migrations_are_known_without_them() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    assert tuple(done.name for done in migrations.applied(db)) == MIGRATIONS


def test_replacing_a_fact_is_refused_too(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        store.connection.execute("insert or replace into judge select * from judge")


def test_a_failed_write_leaves_no_part_behind(store: Store) -> None:
    before = store.rows("select count(*) from setting")

    def fail_halfway() -> None:
        with store.writing() as connection:
            connection.execute("insert into setting values ('a', 'b')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert store.rows("select count(*) from setting") == before


def test_threads_write_one_after_another(store: Store) -> None:
    threads = [threading.Thread(target=store.set_setting, args=(f"key{n}", str(n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.rows("select count(*) from setting where key like 'key%'") == [(20,)]


def test_the_schema_file_is_what_the_migrations_make() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    assert (ROOT / "db" / "schema.sql").read_text(encoding="utf-8") == schema_sql(db)


def test_the_data_dictionary_names_every_table_and_column() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    text = (ROOT / "db" / "README.md").read_text(encoding="utf-8")
    for table in db.tables:
        # The tables that SQLite keeps a full-text index in are its own.
        if not table.name.startswith("_sqlite") and not table.name.endswith(("_data", "_idx", "_docsize", "_config")):
            assert f"## {table.name}" in text
            section = text.split(f"## {table.name}\n", 1)[1].split("\n## ", 1)[0]
            for column in table.columns:
                assert f"`{column.name}`" in section, f"{table.name}.{column.name}"
