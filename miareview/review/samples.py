"""What part of a random queue may stand for all answers of a model: a rule that looks at commits, never at scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from miareview.model import Queue, Sample, ScoreColumns

if TYPE_CHECKING:
    from miareview.stats.planning.step import Drawn

SPREAD = 0.15  # of human − judge, item scores: only to weigh a gap against more reviews


def samples_of(
    queues: Iterable[Queue],
    orders: Mapping[str, Mapping[str, Sequence[str]]],
    commits: Mapping[str, Set[str]],
    frames: Mapping[str, Set[str]],
) -> dict[str, Sample | None]:
    """The random sample of every model: the first responses of a random queue, up to the place with the best interval.

    `orders` are the responses (ids) of each queue by model, `commits` those committed in it, `frames` by model those
    that the estimate is to stand for. The place is chosen by which responses are committed, never by scores: the
    half-width is taken as 2 S sqrt((1 - n/N) / n) + k / (2 n) for n responses, k of them without a commit, as those may
    score anything from 0 to 1. A response committed behind that place, or outside the queue, was chosen by a person and
    is not part of it. Queues of different seeds are independent samples, so their union is one random sample too, given
    its size; it is taken where it gives the shorter interval. None where no queue brought a review of the model.
    """
    found: dict[str, list[Sample]] = {model: [] for model in frames}
    for queue in queues:
        order, done = orders.get(queue.name, {}), commits.get(queue.name, frozenset())
        for model, frame in frames.items():
            sample = _sample(queue, model, order.get(model, ()), done, frame)
            if sample is not None:
                found[model].append(sample)
    committed = set[str]().union(*commits.values())
    return {model: _pooled(samples, committed) for model, samples in found.items()}


def counting_in(queue: Queue, drawn: Iterable[Queue]) -> set[str]:
    """Names of the queues whose commits count in this one: itself, and of a random one those of the same seed.

    One seed gives one order of the items, so a longer queue begins as a shorter one does.
    """
    twins = {other.name for other in drawn if other.design == "random" and other.seed == queue.seed}
    return {queue.name} | (twins if queue.design == "random" else set())


def shared_commits(drawn: Sequence[Queue], done: Mapping[str, Set[str]]) -> dict[str, Set[str]]:
    """Commits by queue, where one also counts in the other queues that `counting_in` says."""
    return {**done} | {
        queue.name: frozenset[str]().union(*(done.get(name, ()) for name in counting_in(queue, drawn)))
        for queue in drawn
    }


def half_width(size: int, gaps: int, total: int) -> float:
    """What a sample of that size promises, from the pattern of commits alone."""
    known = size - gaps
    if known < 2:
        return 10.0 + gaps - known  # wider than anything with two
    left = max(1.0 - known / total, 0.0)
    return float(2.0 * SPREAD * (left / known) ** 0.5 * (1.0 + 4.0 / known**1.5) + gaps / (2.0 * size))


def _sample(queue: Queue, model: str, answers: Sequence[str], commits: Set[str], frame: Set[str]) -> Sample | None:
    done = [answer in commits for answer in answers]
    if not any(done):
        return None
    gaps, best, chosen = 0, 0.0, 0
    for size, there in enumerate(done, 1):
        gaps += not there
        if not there:
            continue
        width = half_width(size, gaps, len(frame))
        # Equal widths: the longer stretch.
        if not chosen or width <= best + 1e-12:
            best, chosen = width, size
    prefix = tuple(answers[:chosen])
    missing = tuple(answer for answer, there in zip(prefix, done, strict=False) if not there)
    reason = _unusable(queue, model, len(answers), prefix, len(missing), frame)
    return Sample(queue.name, queue.design, queue.seed, len(frame), prefix, reason, missing)


def _unusable(queue: Queue, model: str, rows: int, prefix: tuple[str, ...], gaps: int, frame: Set[str]) -> str:
    if queue.design == "all" and (len(prefix) < rows or gaps):
        return "in_order"
    if queue.design not in ("random", "all"):
        return "chosen"
    drawn_from = json.loads(queue.frame)["responses"].get(model, 0)
    if drawn_from != len(frame) or not set(prefix) <= frame:
        return "changed"
    if len(prefix) - gaps < 2:
        return "too_little"
    return ""


def _pooled(samples: Sequence[Sample], committed: Set[str]) -> Sample | None:
    """The best sample, with those of other seeds that shorten its interval."""
    if not samples:
        return None
    usable = [sample for sample in samples if not sample.reason]
    if not usable:
        return max(samples, key=lambda sample: len(sample.responses))
    ordered = sorted(usable, key=lambda sample: half_width(len(sample.responses), len(sample.gaps), sample.frame_size))
    best = ordered[0]
    seeds = {best.seed}
    for other in ordered[1:]:
        if other.seed in seeds or other.design != "random" or best.design != "random":
            continue
        union = tuple(dict.fromkeys(best.responses + other.responses))
        gaps = tuple(response for response in union if response not in committed)
        if half_width(len(union), len(gaps), best.frame_size) < half_width(
            len(best.responses), len(best.gaps), best.frame_size
        ):
            pooled = (*best.pooled, other.queue)
            best = Sample(best.queue, best.design, best.seed, best.frame_size, union, "", gaps, pooled)
            seeds.add(other.seed)
    return best


def random_queue(
    columns: ScoreColumns, drawn: Sequence[Queue], numbers: Mapping[str, int], models: Sequence[str] = ()
) -> Drawn | None:
    """The random queue that a plan for these models (all if none) goes on with; None where there is none.

    The longest one with the seed that the samples rest on, one not begun where they rest on none, and one whose answers
    have changed where that is all there is. `numbers` are items' numbers by id. A queue serves a plan as far as it
    serves every model: `done` is the shortest of their samples.
    """
    from miareview.stats.planning.step import Drawn

    chosen = {name: columns.samples[m] for m, name in enumerate(columns.models) if not models or name in models}
    samples = [sample for sample in chosen.values() if sample is not None]
    fitting = [
        queue for queue in drawn if queue.design == "random" and set(chosen) <= {row.model for row in queue.rows}
    ]
    used = [sample for sample in samples if not sample.reason]
    resting = used or [sample for sample in samples if sample.reason in ("changed", "too_little")]
    if resting:
        seed = max(resting, key=lambda sample: len(sample.responses)).seed
        fitting = [queue for queue in fitting if queue.seed == seed]
    now = dict.fromkeys(chosen, 0)
    for model, status in zip(columns.response_model, columns.response_status, strict=True):
        if columns.models[model] in now and status == "ok":
            now[columns.models[model]] += 1
    fresh = [queue for queue in fitting if _drawn_from(queue, now)]
    if not fitting:
        return None
    queue = max(fresh or fitting, key=lambda queue: queue.size)
    item_of = dict(zip(columns.responses, columns.response_item, strict=True))
    done = [len(sample.responses) if sample and sample.seed == queue.seed else 0 for sample in chosen.values()]
    missing = {item_of[answer] for sample in used if sample.seed == queue.seed for answer in sample.gaps}
    gaps = sorted(numbers[columns.items[item]] for item in missing)
    changed = not fresh or (any(sample.reason == "changed" for sample in samples) and not used)
    return Drawn(queue.name, queue.seed, queue.size, min(done, default=0), tuple(gaps), changed)


def _drawn_from(queue: Queue, now: Mapping[str, int]) -> bool:
    """Whether the queue was drawn from as many answers of each model as there are now."""
    frame = json.loads(queue.frame)["responses"]
    return all(frame.get(model, 0) == size for model, size in now.items())
