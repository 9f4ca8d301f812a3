"""A queue is a seeded draw; only its unbroken start may stand for the whole."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from conftest import commit as commit_response
from conftest import draw_queue, make_items, make_response

from miareview.errors import RefusedError, UsageError
from miareview.identity import digest
from miareview.model import Queue, Sample
from miareview.review import queues as queues_module
from miareview.review.queues import create_queue, draw
from miareview.review.samples import samples_of
from miareview.review.session import ReviewSession
from miareview.store.answers import Answer
from miareview.store.ledger import events
from miareview.store.queues import commits, delete_queue, designs, orders, queue, queues
from miareview.store.store import Store

ITEMS = [item.id for item in make_items()]


def answers() -> list[Answer]:
    made = [make_response(item, model) for item in make_items() for model in ("alpha", "beta")]
    return [Answer(one.id, one.item, one.model, one.status) for one in made]


def drawn(
    seed: int = 1,
    size: int | None = None,
    items: Sequence[str] = ITEMS,
    stored: Sequence[Answer] | None = None,
    **more: object,
) -> Queue:
    there = answers() if stored is None else stored
    answers_to = {item: [one for one in there if one.item == item] for item in items}
    newest = {item: {one.model: one.status for one in found} for item, found in answers_to.items()}
    queue, rows = draw(
        "q", "random", items, newest.items(), answers_to.__getitem__, size=size, seed=seed, made="now",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return replace(queue, rows=tuple(rows))


def commit(store: Store, name: str, *places: int) -> None:
    rows = queue(store, name).rows
    for place in places:
        commit_response(store, "ann", rows[place].response, name)


def test_the_same_seed_draws_the_same_whatever_the_order_of_import() -> None:
    backwards = drawn(items=ITEMS[::-1], stored=answers()[::-1])
    assert {row.item for row in drawn(size=3).rows} == {row.item for row in drawn(size=3).rows}
    assert [row.response for row in drawn().rows] == [row.response for row in backwards.rows]
    assert [row.response for row in drawn().rows] != [row.response for row in drawn(seed=2).rows]


def test_a_draw_is_the_one_that_was_drawn_when_this_was_written() -> None:
    made = drawn(seed=7, size=4, people=("ann", "ben"), overlap=0.5, repeats=0.25)
    assert digest(*(tuple(row) for row in made.rows), made.frame) == "2637c6b6279250c7"


def test_a_longer_queue_begins_with_the_shorter() -> None:
    short, long = drawn(size=2), drawn(size=5)
    assert [row.response for row in long.rows][: len(short.rows)] == [row.response for row in short.rows]


def test_every_item_is_drawn_equally_often() -> None:
    """2 of 6 items: 1,200 seeds, each item 400 times; 4 standard deviations are 65."""
    counts = Counter(row.item for seed in range(1200) for row in drawn(seed=seed, size=2, models=["alpha"]).rows)
    assert len(counts) == 6
    assert all(abs(count - 400) < 65 for count in counts.values())


def test_an_item_brings_all_its_models_and_its_probability() -> None:
    made = drawn(size=3)
    assert (made.size, made.frame_size, len(made.rows)) == (3, 6, 6)
    assert {row.probability for row in made.rows} == {0.5}
    assert [row.item for row in made.rows[::2]] == [row.item for row in made.rows[1::2]]


def test_models_stand_in_an_order_of_each_items_own() -> None:
    orders = {tuple(row.model for row in drawn().rows if row.item == item.id) for item in make_items()}
    assert orders == {("alpha", "beta"), ("beta", "alpha")}


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(UsageError, match="does not fit"):
        drawn(size=7)
    with pytest.raises(UsageError, match="no responses of 'gamma'"):
        drawn(models=["gamma"])
    with pytest.raises(UsageError, match="no response to review"):
        drawn(stored=[])


def test_errors_are_not_drawn() -> None:
    failed = Answer("failed", ITEMS[0], "alpha", "error")
    made = drawn(stored=[*answers(), failed])
    assert failed.id not in {row.response for row in made.rows}
    assert len(made.rows) == 11


def sample_of_alpha(store: Store, frame: set[str] | None = None) -> Sample | None:
    """The sample that stands for these responses (ids), or for all that are there."""
    frame = frame or {response.id for response in store.responses("alpha")}
    return samples_of(designs(store), orders(store), commits(store), {"alpha": frame})["alpha"]


def test_the_sample_is_the_committed_start_and_nothing_beyond_a_gap(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5)
    mine = [place for place, row in enumerate(made.rows) if row.model == "alpha"]
    commit(store, "gold", mine[0], mine[1], mine[-1])
    sample = sample_of_alpha(store)
    assert sample is not None
    assert sample.responses == tuple(made.rows[place].response for place in mine[:2])
    assert (sample.reason, sample.gaps) == ("", ())
    commit(store, "gold", mine[2], mine[3])
    sample = sample_of_alpha(store)
    assert sample is not None
    assert len(sample.responses) == 4


def test_reviews_outside_the_queue_are_no_sample(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5)
    commit_response(store, "ann", made.rows[0].response)
    assert sample_of_alpha(store) is None


def test_a_queue_drawn_before_more_responses_came_is_refused(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5)
    commit(store, "gold", *range(len(made.rows)))
    frame = {r.id for r in store.responses("alpha")} | {"a new one"}
    sample = sample_of_alpha(store, frame)
    assert sample is not None
    assert sample.reason == "changed"


def test_a_queue_drawn_from_as_many_other_responses_is_refused(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5)
    commit(store, "gold", *range(len(made.rows)))
    first = next(row.response for row in made.rows if row.model == "alpha")
    frame = {r.id for r in store.responses("alpha")} - {first} | {"another answer to its item"}
    sample = sample_of_alpha(store, frame)
    assert sample is not None
    assert sample.reason == "changed"


def test_the_sample_is_the_committed_start_also_of_a_queue_that_was_closed(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5)
    session = ReviewSession(store, "ann", [row.response for row in made.rows], queue=made)
    for place in range(6):
        session.go(place)
        session.full_marks()
        session.commit()
    whole = sample_of_alpha(store)
    assert whole is not None
    assert len(whole.responses) == 3
    session.reopen()
    shorter = sample_of_alpha(store)
    assert shorter is not None
    assert len(shorter.responses) + (made.rows[5].model == "alpha") == 3, "what is open again is no part of it"
    session.commit()
    session.close()
    assert sample_of_alpha(store) == whole


def test_the_benchmarks_own_order_is_a_sample_only_when_complete(store: Store) -> None:
    made = draw_queue(store, "all", "all")
    commit(store, "all", 0, 1)
    partial = sample_of_alpha(store)
    assert partial is not None
    assert partial.reason == "in_order"
    commit(store, "all", *range(2, len(made.rows)))
    whole = sample_of_alpha(store)
    assert whole is not None
    assert whole.reason == ""


def test_the_draw_is_in_the_ledger(store: Store) -> None:
    create_queue(store, "gold", size=2, seed=5, by="ann")
    (event,) = [event for event in events(store) if event.kind == "queue"]
    assert (event.reviewer, event.queue) == ("ann", "gold")
    assert json.loads(event.value or "")["seed"] == 5


def test_what_the_ledger_keeps_of_a_draw_is_a_digest_of_all_its_rows(store: Store) -> None:
    made = draw_queue(store, "gold", seed=5, people=("ann", "ben"))
    (event,) = [event for event in events(store) if event.kind == "queue"]
    odds = [(row.position, row.stratum, row.probability) for row in made.rows]
    kept = json.loads(event.value or "")
    assert kept["rows"] == digest(*(row.response for row in made.rows))
    assert kept["odds"] == digest(made.frame, made.made, *odds)
    assert kept["people"] == digest(*(row.people for row in made.rows))


def test_a_frame_that_grows_keeps_the_order_of_the_others() -> None:
    fewer = drawn(9, items=ITEMS[:4])
    more = drawn(9)
    there = {row.item for row in fewer.rows}
    assert [row.item for row in more.rows if row.item in there] == [row.item for row in fewer.rows]


def test_what_is_imported_while_a_queue_is_drawn_is_in_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing reads before it holds the file, so somebody else may write; then it draws again."""
    late = make_response(make_items()[0], "late")
    real = queues_module.newest_by_item

    def newest_by_item(there: Store) -> Iterator[tuple[str, dict[str, str]]]:
        for item, status in real(there):
            yield item, status
            if item != late.item and not store.rows("select 1 from response where id = ?", (late.id,)):
                with Store.open(store.path) as other:
                    other.add_responses([late])

    monkeypatch.setattr(queues_module, "newest_by_item", newest_by_item)
    create_queue(store, "all")
    assert late.id in {row.response for row in queue(store, "all").rows}
    assert json.loads(queue(store, "all").frame)["responses"]["late"] == 1


def test_a_queue_that_was_worked_in_stays(store: Store) -> None:
    create_queue(store, "gold", seed=5)
    with pytest.raises(UsageError, match="already a queue"):
        create_queue(store, "gold")
    commit(store, "gold", 0)
    with pytest.raises(RefusedError, match="1 review"):
        delete_queue(store, "gold")
    create_queue(store, "empty")
    delete_queue(store, "empty")
    assert [found.name for found in queues(store)] == ["gold"]
