"""A second connection for what two threads do at a time: of the same moment, or none."""

import shutil
from pathlib import Path

from miareview.store.ledger import Entry, append
from miareview.store.store import Store

SAID = "select count(*) from event"


def say(store: Store) -> None:
    append(store, Entry("ann", "score", store.responses()[0].id, 1, "1"))


def test_a_twin_reads_the_moment_of_the_snapshot(store: Store) -> None:
    with Store.open(store.path) as other, store.snapshot():
        before = store.rows(SAID)
        with store.twin(SAID) as twin:
            assert twin is not None
            say(other)
            assert twin.rows(SAID) == store.rows(SAID) == before


def test_there_is_none_where_somebody_has_written_meanwhile(store: Store) -> None:
    with Store.open(store.path) as other, store.snapshot():
        store.rows(SAID)
        say(other)
        with store.twin(SAID) as twin:
            assert twin is None
        with store.twin("select count(*) from item") as twin:  # of which nothing was written
            assert twin is not None


def test_there_is_none_of_a_file_that_is_in_memory_or_read_alone_or_replaced(store: Store) -> None:
    with Store.scratch(store.path) as scratch, scratch.twin(SAID) as twin:
        assert twin is None
    with Store.open(store.path, reading=True) as reading, reading.twin(SAID) as twin:
        assert twin is None
    stranger = store.path.with_name("stranger.db")
    store.connection.execute("pragma wal_checkpoint(truncate)")
    shutil.copy(store.path, stranger)
    stranger.replace(store.path)
    with store.twin(SAID) as twin:
        assert twin is None
    Path(store.path).unlink()
    with store.twin(SAID) as twin:
        assert twin is None
