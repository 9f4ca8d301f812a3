"""`miareview queue create`: the ways in which a queue comes about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from miareview.cli.context import Context, talk
from miareview.cli.looking import enrolled, login_name, who_looks
from miareview.errors import DataError, UsageError
from miareview.words.commands import review_command

if TYPE_CHECKING:
    from miareview.model import Queue, Reveal
    from miareview.store.store import Store

SHOWN = {
    "end": "the judge is shown at the end",
    "each": "the judge is shown after each response",
    "never": "the judge is never shown",
}


@click.command("create")
@click.argument("name")
@click.option(
    "--design",
    type=click.Choice(["random", "all"]),
    default="random",
    show_default=True,
    help="A random sample of items, or all of them.",
)
@click.option("--size", type=click.IntRange(1), help="How many items; all of them if not given.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same items.")
@click.option("--filter", "words", help="Not drawn but chosen: all that `browse` finds with it. Never a sample.")
@click.option("--model", "models", multiple=True, metavar="NAME", help="Only this model's responses; may be repeated.")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option(
    "--reveal",
    type=click.Choice(list(SHOWN)),
    help="When the judge is shown: once all of the queue is done (random queues), after each response (others), never.",
)
@click.option("--open", "is_open", is_flag=True, help="Show the judge from the start: reviews count as assisted.")
@click.option("--people", metavar="NAME,NAME", help="Deal it out: each of them has a part of it.")
@click.option(
    "--overlap", type=click.FloatRange(0, 1), default=0.0, help="With --people: share of items two of them read."
)
@click.option(
    "--second", is_flag=True, help="Second readings of what one person has committed: see --share, --min-delta."
)
@click.option("--share", type=click.FloatRange(0, 1), default=0.1, show_default=True,
              help="With --second: random share of what does not differ from the judge.")  # fmt: skip
@click.option("--min-delta", type=click.FloatRange(0, 1, min_open=True), default=0.5, show_default=True,
              help="With --second: read again all that differs from the judge by this share of a weight.")  # fmt: skip
@click.option("--repeats", type=click.FloatRange(0, 0.5), default=0.0,
              help="Share of responses that each person reads again later, unannounced.")  # fmt: skip
@click.option("--training", type=click.IntRange(1), metavar="N",
              help="N responses with settled labels, which are shown after each: to learn, never a score.")  # fmt: skip
@click.option("--recheck", metavar="VERSION",
              help="Responses with labels that were written under an older guideline than this one.")  # fmt: skip
@click.option("--again", is_flag=True, help="A new blind round: responses with labels that were sent back.")
@click.option(
    "--judge", metavar="NAME", help="With --second: which judge; the default judge if not given (`judge use`)."
)
@click.pass_context
def create(
    click_context: click.Context,
    name: str,
    design: str,
    size: int | None,
    seed: int,
    words: str | None,
    models: tuple[str, ...],
    benchmark: str | None,
    reveal: Reveal | None,
    is_open: bool,
    people: str | None,
    overlap: float,
    second: bool,
    share: float,
    min_delta: float,
    repeats: float,
    training: int | None,
    recheck: str | None,
    again: bool,
    judge: str | None,
) -> None:
    """Draw a queue. The unit drawn is the item; each brings the responses of all models.

    Any stretch from the start of a random queue is a simple random sample, so you may stop anywhere. A judge that is
    shown after each response teaches its habits to the person whose next scores are to be independent of it.

    \b
    Example: miareview queue create gold-50 --size 50 --seed 7
             miareview queue create shared --people ann,ben --overlap 0.3
             miareview queue create learn --training 20
             miareview queue create again --second --share 0.1 --min-delta 0.5 --people ann,ben
    """
    context: Context = click_context.obj
    given = {
        parameter
        for parameter in click_context.params
        if click_context.get_parameter_source(parameter) is ParameterSource.COMMANDLINE
    }
    from miareview.review.queues import refuse_unfit_name

    _refuse_mixed(given)
    refuse_unfit_name(name)
    with context.open_store() as store:
        names = tuple(enrolled(store, one) for one in people.split(",")) if people is not None else ()
        if words is not None:
            _choose(store, name, words, benchmark, reveal, is_open)
        elif recheck is not None:
            _recheck(store, name, recheck, benchmark, reveal, is_open)
        elif again:
            from miareview.review.practice import create_again

            made = create_again(store, name, benchmark=benchmark, by=login_name() or "")
            talk(
                f"Queue {name}: {len(made.rows)} responses with labels that were sent back, for whoever was not shown"
                f" their judge. Next: {review_command(name)}"
            )
        elif second:
            from miareview.review.named import find_judge
            from miareview.review.second import create_second

            made = create_second(
                store, name, share=share, min_delta=min_delta, judge=find_judge(store, judge), seed=seed,
                benchmark=benchmark, models=models, people=names, reveal=reveal, by=login_name() or "",
            )  # fmt: skip
            _tell_second(store, made)
        elif training is not None:
            from miareview.review.practice import create_training

            made = create_training(store, name, training, seed=seed, benchmark=benchmark, by=login_name() or "")
            talk(
                f"Queue {name}: {training} responses with settled labels, shown after each commit; nothing said there"
                f" is a label or a score. Next: {review_command(name)}"
            )
        else:
            from miareview.review.queues import create_queue
            from miareview.store.queues import lengths

            made = create_queue(
                store, name, design, size=size, seed=seed, models=models, blind=not is_open, benchmark=benchmark,
                by=login_name() or "", reveal=reveal, people=names, overlap=overlap,
                repeats=repeats,
            )  # fmt: skip
            length = lengths(store)[name]
            talk(
                f"Queue {name}: {made.size} of {made.frame_size} items, {length} responses, {made.design},"
                f" seed {made.seed}; {how_shown(made)}."
            )
            _tell_dealt(store, made)


GOES_WITHOUT = {
    "is_open": ("reveal", "second"),
    "words": ("design", "size", "models", "people", "second", "seed", "repeats", "training"),
    "second": ("design", "size", "repeats", "training"),
    "recheck": ("design", "size", "models", "people", "second", "seed", "repeats", "training", "words"),
    "again": (
        "design",
        "size",
        "models",
        "people",
        "second",
        "seed",
        "repeats",
        "training",
        "words",
        "recheck",
        "reveal",
        "is_open",
    ),
    "training": ("design", "size", "repeats", "people", "models", "reveal", "is_open"),
}
"""Options that say different things of one queue."""
NEEDS = {"overlap": "people", "share": "second", "min_delta": "second", "judge": "second"}


def _refuse_mixed(given: set[str]) -> None:
    option = {"is_open": "--open", "words": "--filter", "models": "--model"}

    def named(parameter: str) -> str:
        return option.get(parameter, "--" + parameter.replace("_", "-"))

    for one, others in GOES_WITHOUT.items():
        mixed = [other for other in others if other in given]
        if one in given and mixed:
            raise UsageError(f"{named(one)} goes without {', '.join(map(named, mixed))}.")
    for one, other in NEEDS.items():
        if one in given and other not in given:
            raise UsageError(f"{named(one)} goes with {named(other)}.")


def _tell_dealt(store: Store, queue: Queue) -> None:
    """Whose part is how large, and the next command."""
    from miareview.store.queues import dealt_to, rows_of

    names = dealt_to(store, queue.name)
    if names:
        unit = "responses" if queue.design == "second" else "items"
        rows = rows_of(store, queue.name)
        dealt = {row.item if queue.design != "second" else row.response: row.people for row in rows}
        both = sum(len(people) > 1 for people in dealt.values())
        parts = [f"{name} {sum(name in people for people in dealt.values())}" for name in names]
        talk(f"Dealt out, {unit}: {', '.join(parts)}" + (f"; two of them read {both}." if both else "."))
    talk(f"Next: {review_command(queue.name, *names[:1])}")


def _tell_second(store: Store, queue: Queue) -> None:
    from miareview.stats.agreement.second import FEWEST

    apart = sum(row.stratum == "differs" for row in queue.rows)
    rest, of = len(queue.rows) - apart, json.loads(queue.frame)["strata"]["rest"]["responses"]
    talk(
        f"Queue {queue.name}: of {queue.frame_size} responses that one person has committed, {apart} that differ from"
        f" the judge, and {rest} of the other {of} by chance; {how_shown(queue)}."
    )
    if rest < min(FEWEST, of):
        talk(f"How often second readers differ is told from {min(FEWEST, of)} of the others on: take a larger --share.")
    _tell_dealt(store, queue)


def _recheck(
    store: Store, name: str, version: str, benchmark: str | None, reveal: Reveal | None, is_open: bool
) -> None:
    """A queue of what was written under an older guideline."""
    from miareview.review.named import find_benchmark
    from miareview.review.queues import queue_by_rule, written_before

    named = find_benchmark(store, benchmark)
    chosen = written_before(store, named, version)
    if not chosen:
        raise DataError(f"Nothing was written under an older guideline than {version}.", "There is nothing to recheck.")
    rule = f"written before guideline {version}"
    made = queue_by_rule(
        store, name, rule, chosen, benchmark=named, blind=not is_open, reveal=reveal, by=login_name() or ""
    )
    talk(
        f"Queue {name}: {len(made.rows)} responses with labels {rule}, which are no random sample; {how_shown(made)}."
        f" Next: {review_command(name)}"
    )


def _choose(store: Store, name: str, words: str, benchmark: str | None, reveal: Reveal | None, is_open: bool) -> None:
    """A queue of what a filter finds, as far as the one who makes it may see."""
    from miareview.browse.find import matching_responses
    from miareview.browse.rows import question, refresh
    from miareview.browse.sight import sight_of
    from miareview.review.named import find_benchmark, find_judge
    from miareview.review.queues import queue_by_rule

    named, judge, looker = find_benchmark(store, benchmark), find_judge(store, None), who_looks(store, None)
    asked = question(named, "response", words, "")
    refresh(store, judge.id if judge else None)
    chosen = matching_responses(store, asked, sight_of(store, looker))
    made = queue_by_rule(
        store, name, words, chosen, benchmark=named, blind=not is_open, reveal=reveal, by=login_name() or ""
    )
    talk(
        f"Queue {name}: {len(made.rows)} responses chosen by {words!r}, which are no random sample; {how_shown(made)}."
        f" Next: {review_command(name)}"
    )


def how_shown(queue: Queue) -> str:
    """When the judge is shown in a queue, in words."""
    return SHOWN[queue.reveal] if queue.blind else "the judge is shown from the start"
