"""A file that goes away under the app: nothing is called saved, nothing reaches a stranger, nothing is lost."""

import shutil
from pathlib import Path

import pytest

from miareview.errors import DataError, MovedFileError
from miareview.store.check import check
from miareview.store.ledger import Entry, append, events
from miareview.store.store import Store


def say(store: Store, value: str) -> None:
    append(store, Entry("ann", "score", store.responses()[0].id, 1, value))


def scores(store: Store) -> list[str | None]:
    return [event.value for event in events(store) if event.kind == "score"]


def kept(folder: Path) -> Store:
    (found,) = folder.glob("*.kept-*")
    return Store.open(found)


@pytest.fixture
def stranger(store: Store) -> Path:
    """Another database: a copy of before, with a word of somebody else in it."""
    file = store.path.with_name("stranger.db")
    store.connection.execute("pragma wal_checkpoint(truncate)")
    shutil.copy(store.path, file)
    with Store.open(file) as other:
        append(other, Entry("bob", "score", other.responses()[0].id, 1, "4"))
    return file


def test_a_replaced_file_gets_no_word_and_the_words_before_are_kept(store: Store, stranger: Path) -> None:
    say(store, "1")
    say(store, "2")
    before = stranger.read_bytes()
    stranger.replace(store.path)
    for _ in range(2):
        with pytest.raises(MovedFileError, match=r"replaced"):
            say(store, "3")
    assert scores(store) == ["1", "2"]  # the screen still shows them
    assert store.path.read_bytes() == before
    with Store.open(store.path) as now:
        assert scores(now) == ["4"]
        assert check(now).ok
    with kept(store.path.parent) as saved:
        assert scores(saved) == ["1", "2"]
        assert check(saved).ok


def test_the_stranger_is_unharmed_also_after_the_app_has_ended(store: Store, stranger: Path) -> None:
    say(store, "1")
    stranger.replace(store.path)
    with pytest.raises(MovedFileError):
        say(store, "2")
    with Store.open(store.path) as other:
        append(other, Entry("bob", "score", other.responses()[0].id, 1, "3"))
        store.close()
        append(other, Entry("bob", "score", other.responses()[0].id, 1, "2"))
    with Store.open(store.path) as now:
        assert scores(now) == ["4", "3", "2"]
        assert check(now).ok


def test_a_moved_file_takes_all_words_with_it_and_goes_on_when_it_is_back(store: Store) -> None:
    say(store, "1")
    elsewhere = store.path.with_name("elsewhere.db")
    store.path.rename(elsewhere)
    with pytest.raises(MovedFileError, match=r"not there any more"):
        say(store, "2")
    with Store.open(elsewhere) as moved:
        assert scores(moved) == ["1"]
    elsewhere.rename(store.path)
    say(store, "2")
    assert scores(store) == ["1", "2"]
    with Store.open(store.path, reading=True) as now:
        assert scores(now) == ["1", "2"]
        assert check(now).ok


def test_of_a_deleted_file_all_is_kept_beside(store: Store) -> None:
    say(store, "1")
    store.path.unlink()
    with pytest.raises(MovedFileError, match=r"All that was saved before is in .*kept-"):
        say(store, "2")
    with kept(store.path.parent) as saved:
        assert scores(saved) == ["1"]


def test_a_folder_that_was_renamed_is_noticed_too(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    say(store, "1")
    folder = store.path.parent
    other = folder.with_name(folder.name + "-renamed")
    folder.rename(other)
    with pytest.raises(MovedFileError):
        say(store, "2")
    other.rename(folder)
    say(store, "2")
    assert scores(store) == ["1", "2"]


def test_a_file_replaced_in_the_middle_of_a_write_is_noticed_before_it_is_called_saved(
    store: Store, stranger: Path
) -> None:
    def replace_halfway() -> None:
        with store.writing() as connection:
            connection.execute("insert into setting values ('a', 'b')")
            stranger.replace(store.path)

    with pytest.raises(MovedFileError):
        replace_halfway()
    assert store.setting("a") is None
    with Store.open(store.path) as now:
        assert now.setting("a") is None


def test_it_is_a_failure_that_a_screen_can_tell_from_others() -> None:
    assert issubclass(MovedFileError, DataError)
