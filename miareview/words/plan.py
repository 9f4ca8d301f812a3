"""What is said of a plan, and the next command to type."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from miareview.stats.planning.plan import PairNeed, Plan
from miareview.stats.planning.sizes import SOUND
from miareview.stats.planning.step import Step
from miareview.words.commands import review_command
from miareview.words.flags import say, say_kind
from miareview.words.numbers import by_sentence, count, number

MOST = 5  # item numbers named one by one
DOUBLE = 15  # items that two people should have read


def sentence(step: Step) -> str:
    """What to do, and why."""
    queue, more = step.queue, count(step.more, "more item")
    if queue is None:
        if step.code == "nothing":
            return "There is no answer to review yet: import a model's responses."
        return f"Nothing is drawn yet: draw a random queue of {count(step.wanted, 'item')}."
    match step.code:
        case "draw_anew":
            return (
                f"The answers have changed since {queue.name} was drawn (seed {queue.seed}), so it stands for them no"
                f" longer. Draw {count(step.wanted, 'item')} anew with its seed: what was reviewed and has not changed"
                " counts."
            )
        case "fill_gap":
            first = ", ".join(str(number) for number in queue.gaps[:MOST])
            rest = f" and {len(queue.gaps) - MOST} more" if len(queue.gaps) > MOST else ""
            those = "Item" if len(queue.gaps) == 1 else "Items"
            return (
                f"{those} {first}{rest} in {queue.name} (seed {queue.seed}) {'is' if len(queue.gaps) == 1 else 'are'}"
                f" not committed for every model, and {count(queue.done, 'item')} stand or fall with that. Commit what"
                " is missing first: nothing narrows the interval more."
            )
        case "go_on":
            return f"Go on with {queue.name} (seed {queue.seed}): {more}."
        case "draw_longer":
            return (
                f"Draw a queue of {count(step.wanted, 'item')} with the seed of {queue.name}: it begins with the same"
                f" items, so what was reviewed counts; {more}."
            )
        case "complete":
            return f"All {count(queue.done, 'item')} are reviewed: the scores are exact."
    return f"{queue.name} is enough: {count(queue.done, 'item')} done, {step.wanted} needed."


def command(step: Step, options: Sequence[str] = ()) -> str:
    """The command to type; `options` go behind one that draws. "" where there is nothing to do it on."""
    if step.code in ("draw", "draw_anew", "draw_longer"):
        seed = ["--seed", str(step.queue.seed)] if step.queue else []
        return shlex.join(["miareview", "queue", "create", step.name, "--size", str(step.wanted), *seed, *options])
    if step.code in ("fill_gap", "go_on") and step.queue:
        return review_command(step.queue.name)
    return "miareview scores" if step.code in ("enough", "complete") else ""


def pairs(plan: Plan) -> list[str]:
    """What is known of neighbours in the ranking: settled, open (fewest items first), out of reach, refused."""
    open_ = sorted((one for one in plan.pairs if one.more), key=lambda one: one.more or 0)
    settled = [one for one in plan.pairs if one.more == 0]
    far = [one for one in plan.pairs if one.more is None and one.refused is None]
    lines = [*map(_settled, settled[:MOST]), *map(_open, open_[:MOST])]
    left = len(settled[MOST:]) + len(open_[MOST:])
    lines += [f"and {count(left, 'more pair')}, settled or within reach: miareview scores"] if left else []
    if far:
        total = far[0].pair.total
        lines.append(f"You cannot tell apart without nearly all {count(total, 'item')}: {_some(far)}.")
    reasons: dict[str, list[PairNeed]] = {}
    for one in plan.pairs:
        if one.refused:
            reasons.setdefault(say_kind(one.refused), []).append(one)
    return lines + [f"{_some(of)}: {reason}" for reason, of in reasons.items()]


def _some(of: Sequence[PairNeed]) -> str:
    first = ", ".join(f"{one.pair.a} and {one.pair.b}" for one in of[:MOST])
    return first + (f" and {count(len(of) - MOST, 'more pair')}" if len(of) > MOST else "")


def _settled(one: PairNeed) -> str:
    pair = one.pair
    return f"{pair.a} is ahead of {pair.b}, however often you look: {number(pair.difference, True)}."


def _open(one: PairNeed) -> str:
    more = count(one.more or 0, "more item")
    return f"You cannot tell {one.pair.a} and {one.pair.b} apart yet: {more} would, with 80 % assurance."


def notes(plan: Plan) -> list[str]:
    """What to keep in mind: rough guesses, what has no number and why, and how few items two people have read."""
    rough = [model.model for model in plan.models if model.needed is not None and model.spread.basis == "rough"]
    said = []
    if rough:
        said.append(f"A rough guess for {', '.join(rough)}: fewer than {SOUND} items are reviewed at random.")
    refused = [(model.model, say(model.refused)) for model in plan.models if model.refused]
    if len(refused) < len(plan.models) or any(model.spread.n for model in plan.models):
        said += by_sentence(refused)
    parts = [
        (found.category, say(found.refused)) for model in plan.models for found in model.categories if found.refused
    ]
    said += by_sentence(parts)
    if plan.twice is not None and plan.twice < DOUBLE:
        said.append(
            f"Several people review, and {count(plan.twice, 'item')} {'was' if plan.twice == 1 else 'were'} read by two"
            f" of them. From {DOUBLE} on it can be told who is severe and how far other people might differ: deal a"
            " queue out with an overlap (miareview queue create NAME --people A,B --overlap 0.3)."
        )
    return said
