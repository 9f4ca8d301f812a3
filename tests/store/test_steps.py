"""A transaction and the steps in it: what fails leaves nothing of itself, and what is interrupted nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import JUDGE, make_items, make_judgment, make_response

from miareview.errors import DataError
from miareview.store.check import check
from miareview.store.connection import Connection
from miareview.store.ledger import Entry, append, events
from miareview.store.store import Store


def everything(store: Store) -> list[str]:
    return list(store.connection.iterdump())


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_is_broken_off_leaves_nothing_of_all_its_steps(store: Store, error: type[BaseException]) -> None:
    before, item = everything(store), make_items()[0]

    def broken_off() -> None:
        with store.writing():
            store.add_responses([answer := make_response(item, "gamma")])
            store.add_judgments(JUDGE, [make_judgment(item, answer, [1, 2, 3])])
            append(store, Entry("ann", "flag", answer.id, value="1"))
            raise error

    with pytest.raises(error):
        broken_off()
    assert everything(store) == before
    with Store.open(store.path) as other:  # the file is not held
        append(other, Entry("ann", "flag", other.responses()[0].id, value="1"))
    assert check(store).ok


def test_a_step_that_fails_leaves_nothing_and_the_others_stay(store: Store) -> None:
    item = make_items()[0]
    answers = [make_response(item, model) for model in ("gamma", "delta", "probe: a question")]

    def broken_off() -> None:
        with store.writing():
            store.add_responses(answers[1:2])
            append(store, Entry("ann", "flag", answers[1].id, value="1"))
            store.set_setting("a", "b")
            raise RuntimeError

    with store.writing():
        store.add_responses(answers[:1])
        with pytest.raises(RuntimeError):
            broken_off()
        with pytest.raises(DataError, match="probe:"):
            store.add_responses(answers[2:])
        store.set_setting("kept", "1")
    assert {response.model for response in store.responses()} == {"alpha", "beta", "gamma"}
    assert (store.setting("a"), store.setting("kept")) == (None, "1")
    assert [event.kind for event in events(store)].count("flag") == 0
    assert check(store).ok


def test_a_step_is_on_disk_with_the_whole_and_not_before(store: Store) -> None:
    with Store.open(store.path, reading=True) as other:
        with store.writing():
            with store.writing():
                store.set_setting("a", "b")
            assert other.setting("a") is None
        assert other.setting("a") == "b"


@pytest.mark.parametrize("place", ["begin", "commit"])
def test_an_interrupt_where_the_transaction_begins_or_ends_leaves_the_file_free(
    store: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may come at any line: here in the last look at the file, which is after all that was to be written."""
    calls = 0

    def interrupted(self: Connection) -> None:
        nonlocal calls
        calls += 1
        if calls == (1 if place == "begin" else 2):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "_refuse_moved", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.set_setting("a", "b")
    assert not store.connection.in_transaction
    assert store.setting("a") is None
    store.set_setting("a", "c")
    assert store.setting("a") == "c"


def test_what_cannot_be_committed_is_taken_back_and_said(tmp_path: Path) -> None:
    """A rule that is held against all at the end: then the error comes with the commit itself."""
    with Store.open(tmp_path / "made.db", create=True) as store:

        def refused_at_the_end() -> None:
            with store.writing() as connection:
                connection.execute("create table part (of references setting deferrable initially deferred)")
                connection.execute("insert into part values ('nobody')")

        store.connection.execute("pragma foreign_keys = on")
        with pytest.raises(DataError, match="could not be written: FOREIGN KEY"):
            refused_at_the_end()
        assert not store.connection.in_transaction
        store.set_setting("a", "b")
        assert store.rows("select count(*) from sqlite_master where name = 'part'") == [(0,)]
