"""What part of a queue stands for all: chosen by the pattern of commits, never by scores."""

from dataclasses import replace

from miareview.model import Queue, QueueRow
from miareview.review.samples import sample_of

FRAME = {f"r{number}" for number in range(200)}


def queue(name: str, order: list[int], seed: int = 1) -> Queue:
    rows = tuple(
        QueueRow(place, f"r{number}", f"i{number}", "m", "all", len(order) / 200)
        for place, number in enumerate(order, 1)
    )
    return Queue(name, "random", seed, '{"responses": {"m": 200}}', 200, len(order), True, "now", rows)


def test_a_skipped_response_is_a_gap_and_not_the_end() -> None:
    drawn = queue("q", list(range(60)))
    done = {("q", f"r{number}") for number in range(60) if number != 2}
    sample = sample_of("m", [drawn], done, FRAME)
    assert sample is not None
    assert (len(sample.responses), sample.gaps, sample.reason) == (60, ("r2",), "")


def test_much_that_is_open_is_left_behind() -> None:
    """Thirty in order and three picked far behind: the thirty stand alone."""
    drawn = queue("q", list(range(100)))
    done = {("q", f"r{number}") for number in [*range(30), 70, 85, 99]}
    sample = sample_of("m", [drawn], done, FRAME)
    assert sample is not None
    assert (len(sample.responses), sample.gaps) == (30, ())


def test_queues_of_other_seeds_are_one_sample() -> None:
    first, second = queue("a", list(range(40))), queue("b", list(range(30, 70)), seed=2)
    done = {("a", f"r{number}") for number in range(40)} | {("b", f"r{number}") for number in range(30, 70)}
    sample = sample_of("m", [first, second], done, FRAME)
    assert sample is not None
    assert (len(sample.responses), sample.gaps, len(sample.pooled)) == (70, (), 1)
    same = sample_of("m", [first, replace(second, seed=1)], done, FRAME)
    assert same is not None
    assert same.pooled == ()
