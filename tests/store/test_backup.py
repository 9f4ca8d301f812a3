"""A whole copy, while others write."""

import sqlite3
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from miareview.cli.main import cli
from miareview.errors import DataError, UsageError
from miareview.store import backup
from miareview.store.check import check
from miareview.store.ledger import Entry, append, events
from miareview.store.store import Store


def test_the_copy_has_the_newest_words_and_needs_no_log(store: Store, tmp_path: Path) -> None:
    append(store, Entry("ann", "flag", store.responses()[0].id, value="1"))
    copy = tmp_path / "copy.db"
    done = CliRunner().invoke(cli, ["--db", str(store.path), "backup", str(copy)])
    assert done.exit_code == 0, done.output
    alone = sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)
    assert alone.execute("select count(*) from event where kind = 'flag'").fetchone() == (1,)
    assert alone.execute("pragma journal_mode").fetchone() == ("delete",)
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith((".copy", "copy"))} == {"copy.db"}


def test_it_replaces_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    for links in (True, False):
        if not links:  # as on a memory stick
            monkeypatch.setattr(Path, "hardlink_to", lambda self, target: (_ for _ in ()).throw(PermissionError()))
        with pytest.raises(UsageError, match="is there already"):
            backup.write_copy(store.connection, there)
        assert there.read_text() == "mine"
        backup.write_copy(store.connection, tmp_path / f"new{links}.db")
        with Store.open(tmp_path / f"new{links}.db") as copy:
            assert check(copy).ok
    with pytest.raises(DataError, match="no folder"):
        backup.write_copy(store.connection, tmp_path / "nowhere" / "new.db")


def test_a_copy_made_while_others_write_is_whole(store: Store, tmp_path: Path) -> None:
    response, going = store.responses()[0].id, threading.Event()

    def write() -> None:
        with Store.open(store.path) as other:
            while not going.is_set():
                append(other, Entry("bob", "flag", response, value="1"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = []
        for number in range(5):
            copy = tmp_path / f"copy{number}.db"
            with Store.open(store.path, reading=True) as reader:
                backup.write_copy(reader.connection, copy)
            with Store.open(copy, reading=True) as found:
                assert check(found).problems == []
                sizes.append(len(events(found)))
    finally:
        going.set()
        writer.join()
    assert sizes == sorted(sizes)
