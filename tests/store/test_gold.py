"""Labels, rules, guidelines and splits: what is let in, what it adds up to, and that replay says the same."""

from __future__ import annotations

from fractions import Fraction

import pytest

from miareview.errors import RefusedError
from miareview.store.check import check, derived_rows, rebuild
from miareview.store.gold import (
    categories_of,
    current_guideline,
    guidelines,
    kept_disputed,
    new_guideline,
    new_rule,
    new_split,
    opened,
    relabelled,
    rules,
    sent_back,
    settled,
    split_of,
    taken_back,
    used_split,
    uses_of,
)
from miareview.store.ledger import Entry, append, events
from miareview.store.settling import Given, label_of
from miareview.store.store import Store
from miareview.store.verdicts import response_labels

ANN, BEN = (Given(name, Fraction(points), "2024-01-01", "1") for name, points in (("ann", 2), ("ben", 1)))


@pytest.fixture
def disputed(store: Store) -> str:
    """A response that ann and ben scored blind: they differ in the first component only."""
    response = store.responses("alpha")[0].id
    for name, first in (("ann", "4"), ("ben", "1")):
        scores = [Entry(name, "score", response, place, value) for place, value in ((1, first), (2, "2"), (3, "1"))]
        append(store, *scores, Entry(name, "commit", response))
    return response


def first(store: Store, response: str):  # type: ignore[no-untyped-def]
    item = next(item for item in store.items() if item.id == store.responses("alpha")[0].item)
    return response_labels(store, item, response)[0]


def test_how_a_label_stands_is_one_rule() -> None:
    assert label_of(1, None, []).source == "none"
    assert label_of(1, None, [], assisted=True).source == "assisted"
    assert label_of(1, None, [ANN]).source == "single"
    assert label_of(1, None, [ANN, ANN._replace(person="cat")]).source == "unanimous"
    label = label_of(1, None, [ANN, BEN])
    assert (label.source, label.points, label.values, label.people) == ("disputed", None, (2, 1), ("ann", "ben"))


def test_a_label_carries_where_it_comes_from(store: Store, disputed: str) -> None:
    append(store, new_guideline("cat", "Count what is there."), new_rule("cat", "The number counts, not the way."))
    append(store, settled("cat", disputed, 1, Fraction(3), rule=1, note="both half right", seconds=12.5))
    label = first(store, disputed)
    assert (label.source, label.points, label.values, label.people) == ("settled", 3, (4, 1), ("ann", "ben"))
    assert (label.settled_by, label.rule, label.judge_seen, label.own) == ("cat", 1, False, False)
    assert (label.seconds, label.note) == (12.5, "both half right")
    assert label.guideline == current_guideline(store).version  # type: ignore[union-attr]
    assert rules(store)[0].uses == 1


def test_words_on_a_label_stand_until_they_are_taken_back(store: Store, disputed: str) -> None:
    (one,) = append(store, settled("cat", disputed, 1, Fraction(3)))
    (two,) = append(store, settled("cat", disputed, 1, ungradable="ambiguous"))
    assert (first(store, disputed).points, first(store, disputed).why) == (None, "ambiguous")
    with pytest.raises(RefusedError, match="Something else was said"):
        append(store, taken_back("cat", disputed, 1, one.id))
    append(store, taken_back("cat", disputed, 1, two.id))
    assert first(store, disputed).points == 3
    append(store, opened("cat", disputed, 1))
    assert first(store, disputed).source == "disputed"
    append(store, kept_disputed("cat", disputed, 1))
    assert (first(store, disputed).source, first(store, disputed).kept) == ("disputed", True)


def test_what_was_sent_back_is_disputed_until_all_scored_it_again(store: Store, disputed: str) -> None:
    append(store, sent_back("cat", disputed, 1))
    label = first(store, disputed)
    assert (label.source, label.again) == ("disputed", True)
    later = "9999"
    same = [ANN._replace(at=later), BEN._replace(at=later, points=Fraction(2))]
    from miareview.store.verdicts import settled_of

    ruling = settled_of(store, disputed)[1]
    assert label_of(1, ruling, same).source == "unanimous"
    assert label_of(1, ruling, [same[0], BEN]).again


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (lambda id: settled("cat", id, 1, Fraction(9)), "does not fit"),
        (lambda id: settled("cat", id, 9, Fraction(1)), "no component 9"),
        (lambda id: settled("cat", id, 1, ungradable=""), "for a reason"),
        (lambda id: settled("cat", id, 1, Fraction(1), rule=4), "no rule 4"),
        (lambda id: settled("ANN", id, 1, Fraction(1)), "ann has scored component 1 too"),
        (lambda id: opened("cat", id, 1), "Nothing is settled"),
        (lambda id: new_rule("cat", " "), "needs words"),
        (lambda id: new_guideline("cat", ""), "is empty"),
        (lambda id: relabelled("cat", "nothing", 1, "math"), "no component 1"),
    ],
)
def test_what_cannot_be_said_of_labels_is_refused(store: Store, disputed: str, entry, words: str) -> None:  # type: ignore[no-untyped-def]
    before = len(events(store))
    with pytest.raises(RefusedError, match=words):
        append(store, entry(disputed))
    assert len(events(store)) == before


def test_whoever_settles_their_own_scores_says_so(store: Store, disputed: str) -> None:
    append(
        store, settled("ann", disputed, 1, Fraction(4), own=True), settled("cat", disputed, 2, Fraction(2), own=True)
    )
    assert first(store, disputed).own
    item = next(item for item in store.items() if item.id == store.responses("alpha")[0].item)
    assert not response_labels(store, item, disputed)[1].own, "cat has not scored it"


def test_what_the_judge_was_seen_for_is_on_the_label(store: Store, disputed: str) -> None:
    append(store, Entry("cat", "reveal", disputed), settled("cat", disputed, 1, Fraction(4)))
    assert first(store, disputed).judge_seen


def test_scores_and_labels_are_stamped_with_the_guideline_they_were_written_by(store: Store, disputed: str) -> None:
    assert {event.guideline for event in events(store)} == {"1"}
    append(store, new_guideline("cat", "one\r\n"), settled("cat", disputed, 1, Fraction(4)))
    append(store, new_guideline("cat", "two"), settled("cat", disputed, 2, Fraction(2)))
    one, two = guidelines(store)
    assert [(one.number, one.current), (two.number, two.current)] == [(1, False), (2, True)]
    assert [event.guideline for event in events(store) if event.kind == "settle"] == [one.version, two.version]
    with pytest.raises(RefusedError, match="these very words"):
        append(store, new_guideline("cat", "two"))
    append(store, new_guideline("cat", "one\n"))
    assert [found.current for found in guidelines(store)] == [True, False], "its version is that of its words"
    assert current_guideline(store).number == 1  # type: ignore[union-attr]


def test_a_split_stays_as_it_was_dealt_out_once_it_has_decided(store: Store) -> None:
    items = [item.id for item in store.items()]
    append(store, new_split("cat", "test", 7, {"tune": [], "dev": items[1:], "test": items[:1]}))
    append(store, new_split("cat", "test", 8, {"tune": [], "dev": items[:1], "test": items[1:]}))
    assert split_of(store, "test") == {items[0]: "dev"} | dict.fromkeys(items[1:], "test")
    with pytest.raises(RefusedError, match="each once"):
        append(store, new_split("cat", "test", 8, {"tune": items[:1], "dev": items[:1], "test": []}))
    append(store, used_split("cat", "test", "test", ["j2", "j1"], again=False))
    assert [(use.split, use.judges, use.again) for use in uses_of(store, "test", "test")] == [
        ("test", ("j1", "j2"), False)
    ]
    assert uses_of(store, "test", "dev") == []
    with pytest.raises(RefusedError, match="has decided"):
        append(store, new_split("cat", "test", 9, {"tune": [], "dev": [], "test": items}))


def test_a_category_stands_beside_the_original(store: Store) -> None:
    item = store.items()[0]
    append(store, relabelled("cat", item.id, 1, "math"))
    assert categories_of(store) == {(item.id, 1): "math"}
    assert store.items()[0].components[0].category == item.components[0].category
    append(store, relabelled("cat", item.id, 1, None))
    assert categories_of(store) == {}
    with pytest.raises(RefusedError, match="no category 'odd'"):
        append(store, relabelled("cat", item.id, 1, "odd"))


def test_the_tables_of_gold_can_be_made_again_and_a_change_is_found(store: Store, disputed: str) -> None:
    items = [item.id for item in store.items()]
    append(
        store,
        new_guideline("cat", "text"), new_rule("cat", "rule"), settled("cat", disputed, 1, Fraction(5, 2), rule=1),
        new_split("cat", "test", 7, {"tune": [], "dev": items[1:], "test": items[:1]}),
        relabelled("cat", items[0], 1, "math"),
    )  # fmt: skip
    before = derived_rows(store)
    assert check(store).ok
    store.connection.execute("update label set points = '4'")
    store.connection.execute("delete from split_item")
    assert {where for where, _ in check(store).problems} == {"derived table label", "derived table split_item"}
    assert rebuild(store).ok
    assert derived_rows(store) == before
