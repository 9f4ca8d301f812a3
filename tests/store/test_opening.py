"""Opening a file to read it leaves no trace, and needs no permission; a log that is not the file's own is refused."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import make_items

from miareview.cli.main import cli
from miareview.errors import DataError
from miareview.store import opening
from miareview.store.ledger import Entry, append, events
from miareview.store.store import Store

# Opens a file to read it as somebody with no permission for it, and prints how many events there are.
READ = """
import os, sys
from miareview.errors import DataError
from miareview.store.store import Store
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with Store.open(sys.argv[1], reading=True) as store:
        print(store.rows("select count(*) from event")[0][0])
except DataError as error:
    print(error)
"""


def flag(store: Store, value: str = "1") -> None:
    append(store, Entry("ann", "flag", store.responses()[0].id, value=value))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def read_as_nobody(path: Path) -> str:
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip()


@pytest.fixture
def shut(store: Store) -> Iterator[Path]:
    """A closed database in a folder where nobody may write, with one word said in it."""
    flag(store)
    store.close()
    folder = Path(tempfile.mkdtemp())  # pytest's own is shut to others
    file = folder / "review.db"
    shutil.copy(store.path, file)
    file.chmod(0o444)
    folder.chmod(0o555)
    yield file
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_in_a_folder_where_nobody_may_write_is_read(shut: Path) -> None:
    count = sqlite3.connect(f"file:{shut}?mode=ro&immutable=1", uri=True).execute("select count(*) from event")
    assert read_as_nobody(shut) == str(count.fetchone()[0])
    assert [path.name for path in shut.parent.iterdir()] == ["review.db"]


def test_reading_makes_no_log_that_the_owner_could_not_write(shut: Path) -> None:
    shut.parent.chmod(0o777)
    assert read_as_nobody(shut).isdigit()
    assert [path.name for path in shut.parent.iterdir()] == ["review.db"]


def test_newest_words_that_cannot_be_read_are_not_left_out(shut: Path) -> None:
    shut.parent.chmod(0o777)
    with Store.open(shut) as store:
        flag(store, "0")
        log = shut.with_name("review.db-wal")
        kept = log.read_bytes()
    log.write_bytes(kept)
    log.chmod(0o444)
    shut.parent.chmod(0o555)
    assert "newest words" in read_as_nobody(shut)


def test_reading_writes_nothing_and_refuses_to(store: Store) -> None:
    flag(store)
    store.close()
    before = digests(store.path.parent)
    with Store.open(store.path, reading=True) as reader:
        assert events(reader)
        with pytest.raises(DataError, match="reading only"):
            flag(reader)
    after = digests(store.path.parent)
    assert {name: after[name] for name in before} == before


def test_a_reader_sees_what_a_writer_has_just_said(store: Store) -> None:
    with Store.open(store.path, reading=True) as reader:
        before = len(events(reader))
        flag(store)
        assert len(events(reader)) == before + 1


def test_an_older_schema_is_read_without_changing_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    old = tmp_path / "old.db"
    old.write_bytes(gzip.decompress((Path(__file__).parents[1] / "data" / "demo-0.1.0.db.gz").read_bytes()))
    before = digests(tmp_path)
    with Store.open(old, reading=True) as store:
        assert store.copied
        assert store.schema() == max(opening.MIGRATIONS)
        assert len(store.responses()) == 36
        with pytest.raises(DataError, match="reading only"):
            store.set_setting("a", "b")
    assert digests(tmp_path) == before
    said = CliRunner().invoke(cli, ["--db", str(old), "queue", "list"]).stderr
    assert "was made by an older miareview" in said
    with Store.open(old):
        pass
    assert "older" not in CliRunner().invoke(cli, ["--db", str(old), "queue", "list"]).stderr


def test_a_file_that_may_not_be_written_says_so_before_the_work(shut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "may_write", lambda path: False)
    with pytest.raises(DataError, match="no permission"):
        Store.open(shut)


def test_a_name_that_sqlite_would_take_for_memory_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "a?mode=memory", "100%.db", "x#y"):
        with Store.open(name, create=True) as store:
            store.add_items(make_items())
        with Store.open(name, reading=True) as store:
            assert len(store.items()) == 6


def with_left_log(path: Path, said: int = 1) -> bytes:
    """Say something, and end as a killed process does: with all of it in the log. Gives the log."""
    with Store.open(path) as store:
        store.connection.execute("pragma wal_checkpoint(truncate)")
        for number in range(said):
            flag(store, str(number % 2))
        log = path.with_name(path.name + "-wal").read_bytes()
        main = path.read_bytes()
    path.write_bytes(main)
    return log


@pytest.mark.parametrize("reading", [False, True])
def test_a_log_that_a_kill_left_is_read(store: Store, reading: bool) -> None:
    store.close()
    log = with_left_log(store.path, 3)
    store.path.with_name("test.db-wal").write_bytes(log)
    with Store.open(store.path, reading=reading) as again:
        assert [event.kind for event in events(again)].count("flag") == 3


@pytest.mark.parametrize("reading", [False, True])
def test_a_log_of_another_file_is_refused_and_the_file_unharmed(store: Store, reading: bool) -> None:
    """A sync client put another file in its place while the log of the one before lay beside it."""
    older = store.path.with_name("older.db")
    store.close()
    shutil.copy(store.path, older)
    with Store.open(older) as elsewhere:
        append(elsewhere, Entry("bob", "flag", elsewhere.responses()[1].id, value="1"))
    with_left_log(store.path, 2)
    log = with_left_log(store.path, 2)
    older.replace(store.path)
    store.path.with_name("test.db-wal").write_bytes(log)
    before = store.path.read_bytes()
    with pytest.raises(DataError, match="belongs to another file"):
        Store.open(store.path, reading=reading)
    assert store.path.read_bytes() == before
    store.path.with_name("test.db-wal").unlink()
    store.path.with_name("test.db-shm").unlink(missing_ok=True)
    with Store.open(store.path) as again:
        assert [event.reviewer for event in events(again) if event.kind == "flag"] == ["bob"]


def test_a_log_beside_a_file_in_two_minds_is_its_own(store: Store, tmp_path: Path) -> None:
    """Beside a reader, SQLite moves only those pages into the file that have not changed again since."""
    store.connection.execute("pragma wal_checkpoint(truncate)")
    responses = [response.id for response in store.responses()]
    append(store, *(Entry("ann", "flag", responses[0], value=str(number % 2)) for number in range(400)))
    with Store.open(store.path, reading=True) as reader:
        reader.connection.execute("begin")
        seen = len(events(reader))
        flag(store)
        store.connection.execute("pragma wal_checkpoint(passive)")
        killed = tmp_path / "killed"
        killed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(f"{store.path}{end}", killed / f"test.db{end}")
        alone = sqlite3.connect(f"file:{killed / 'test.db'}?mode=ro&immutable=1", uri=True)
        with closing(alone), pytest.raises(sqlite3.DatabaseError, match="malformed"):
            alone.execute("select device, max(id), hash from event group by device").fetchall()
        for path in (store.path, killed / "test.db"):
            for reading in (True, False):
                with Store.open(path, reading=reading) as again:
                    assert len(events(again)) == seen + 1


def test_on_a_network_there_is_no_log(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    monkeypatch.setattr(opening, "network", lambda path: "nfs4")
    with Store.open(store.path) as shared:
        flag(shared)
        assert shared.rows("pragma journal_mode") == [("delete",)]
        assert [path.name for path in store.path.parent.iterdir()] == ["test.db"]
    monkeypatch.undo()
    with Store.open(store.path) as local:
        assert local.rows("pragma journal_mode") == [("wal",)]
