"""What part of a queue stands for all: chosen by the pattern of commits, never by scores."""

from collections.abc import Iterable

from miareview.model import Queue, Sample
from miareview.review.samples import samples_of

FRAME = {f"r{number}" for number in range(200)}


def drawn(name: str, seed: int = 1) -> Queue:
    return Queue(name, "random", seed, '{"responses": {"m": 200}}', 200, 60, True, "now")


def ids(numbers: Iterable[int]) -> list[str]:
    return [f"r{number}" for number in numbers]


def sample(orders: dict[str, list[str]], done: dict[str, list[str]], seeds: Iterable[int] = (1, 2)) -> Sample:
    """The sample of model m, from queues with these responses in order and these of them committed."""
    queues = [drawn(name, seed) for name, seed in zip(orders, seeds, strict=False)]
    by_model = {name: {"m": order} for name, order in orders.items()}
    found = samples_of(queues, by_model, {name: set(those) for name, those in done.items()}, {"m": FRAME})["m"]
    assert found is not None
    return found


def test_a_skipped_response_is_a_gap_and_not_the_end() -> None:
    found = sample({"q": ids(range(60))}, {"q": ids(number for number in range(60) if number != 2)})
    assert (len(found.responses), found.gaps, found.reason) == (60, ("r2",), "")


def test_much_that_is_open_is_left_behind() -> None:
    """Thirty in order and three picked far behind: the thirty stand alone."""
    found = sample({"q": ids(range(100))}, {"q": ids([*range(30), 70, 85, 99])})
    assert (len(found.responses), found.gaps) == (30, ())


def test_queues_of_other_seeds_are_one_sample() -> None:
    both = {"a": ids(range(40)), "b": ids(range(30, 70))}
    found = sample(both, both)
    assert (len(found.responses), found.gaps, len(found.pooled)) == (70, (), 1)
    assert sample(both, both, seeds=(1, 1)).pooled == ()
