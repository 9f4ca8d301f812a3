"""What a person works through is the same whether it is held as a list or read from the file a page at a time."""

import pytest
from conftest import commit, draw_queue, make_items, make_response

from miareview.errors import DataError
from miareview.review.queues import create_queue
from miareview.review.session import ReviewSession
from miareview.store import work as module
from miareview.store.ledger import Entry, append
from miareview.store.practice_work import Repeated
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.store.work import Chosen, Drawn, Said


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAGE", 5)
    monkeypatch.setattr(module, "_PAGES_KEPT", 2)
    monkeypatch.setattr(module, "_SEARCHED_AT_ONCE", 5)


@pytest.mark.usefixtures("small_pages")
def test_a_queue_in_the_file_is_its_rows(store: Store) -> None:
    rows = draw_queue(store, "q").rows
    drawn, chosen = Drawn(store, "q"), Chosen(store, [row.response for row in rows])
    for work in (drawn, chosen):
        assert list(work) == [row.response for row in rows]
        assert [work.row(place) for place in range(len(rows))] == [(row.response, row.item) for row in rows]
        assert work[2:7] == [row.response for row in rows[2:7]]
        assert work[-1] == rows[-1].response
        assert [work.place(row.response) for row in rows] == list(range(len(rows)))
        assert work.place("unknown") is None
        assert "unknown" not in work
        for row in rows:
            assert work.rivals(row.item) == [other.response for other in rows if other.item == row.item]
            assert work.places(row.item) == [place for place, other in enumerate(rows) if other.item == row.item]
        for place in (len(rows), -len(rows) - 1):
            with pytest.raises(IndexError):
                work[place]


@pytest.mark.usefixtures("small_pages")
def test_repeats_stand_at_the_places_of_their_item(store: Store) -> None:
    draw_queue(store, "q")
    drawn = Drawn(store, "q")
    work = Repeated(drawn, [drawn[1], drawn[4]], "q")
    items = [work.row(place)[1] for place in range(len(work))]
    for item in set(items):
        assert work.places(item) == [place for place, other in enumerate(items) if other == item]


def test_items_are_gone_through_in_any_order_of_their_responses(store: Store) -> None:
    """Also where the answers to an item do not stand together, as in a queue chosen by hand."""
    ids = [response.id for response in store.responses()]
    session = ReviewSession(store, "ann", [*ids[::2], *ids[1::2]])
    items = [session.work.row(place)[1] for place in range(len(ids))]
    for step in (1, -1):
        while True:
            at = session.index
            others = [place for place in range(at, len(items) if step > 0 else -1, step) if items[place] != items[at]]
            assert session.go_item(step) == bool(others)
            if not others:
                break
            assert items[session.index] == items[others[0]]
            assert session.index == 0 or items[session.index - 1] != items[session.index]


@pytest.mark.usefixtures("small_pages")
def test_what_was_said_in_it_is_told_of_one_person(store: Store) -> None:
    first, second, third, *_ = draw_queue(store, "q").rows
    commit(store, "ann", first.response, "q")
    append(store, Entry("ann", "skip", second.response), Entry("ann", "flag", second.response))
    commit(store, "ben", third.response, "q")
    for work in (Drawn(store, "q"), Chosen(store, [row.response for row in queue(store, "q").rows])):
        told = work.said("ann")
        assert told == {first.response: Said(True, False, False), second.response: Said(False, True, True)}


@pytest.mark.usefixtures("small_pages")
def test_a_number_is_found_before_words_and_both_only_in_the_work(store: Store) -> None:
    item = make_items()[3]
    gamma = make_response(item, "gamma", "Nobody asked for 3.")
    store.add_responses([gamma])
    create_queue(store, "q", models=["alpha", "gamma"])
    for work in (Drawn(store, "q"), Chosen(store, list(Drawn(store, "q")))):
        of_item = [place for place, id in enumerate(work) if work.row(place)[1] == item.id]
        assert [place for place, _ in work.find("3")] == of_item
        assert [work[place] for place, _ in work.find("NOBODY asked")] == [gamma.id]
        assert {line.split("  ")[1] for _, line in work.find("3")} == {f"{n} of {len(of_item)}" for n in (1, 2)}
        lines = [line for _, line in work.find("describe")]
        assert len(set(lines)) == len(lines), "lines of an item's answers are told apart by the answers"
        everywhere = [place for place, _ in work.find("describe sentences")]
        assert everywhere == list(range(len(work)))
        assert work.find("describe beta") == []
        assert len(work.find("describe", most=4)) == 4
        assert work.find("  ") == []


def test_a_session_reads_the_response_it_shows_and_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    create_queue(store, "q")

    def refuse(*_: object) -> None:
        raise AssertionError("all of them are read")

    for name in ("responses", "items"):
        monkeypatch.setattr(Store, name, refuse)
    session = ReviewSession(store, "ann", Drawn(store, "q"), queue=queue(store, "q"))
    for _ in range(12):
        session.view()
        session.full_marks()
        session.commit()
        session.go_unfinished()
    assert session.over
    assert session.summary().pace.committed == 12
    with pytest.raises(DataError, match="no response to review"):
        ReviewSession(store, "ann", Chosen(store, ["unknown"]))
