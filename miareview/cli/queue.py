"""`miareview queue`: samples to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import login_name, looker_option, person, who_looks
from miareview.errors import UsageError
from miareview.text import visible

if TYPE_CHECKING:
    from miareview.model import Queue, Reveal

SHOWN = {
    "end": "the judge is shown at the end",
    "each": "the judge is shown after each response",
    "never": "the judge is never shown",
}


@click.group("queue", short_help="Samples to review: create, list, show, close, delete.")
def command() -> None:
    """Samples to review.

    Example: miareview queue create gold-50 --design random --size 50 --seed 7
    """


@command.command("create")
@click.argument("name")
@click.option("--design", type=click.Choice(["random", "all"]), default="random", show_default=True)
@click.option("--size", type=click.IntRange(1), help="How many items; all of them if not given.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same items.")
@click.option("--filter", "words", help="Not drawn but chosen: all that `browse` finds with it. Never a sample.")
@click.option("--model", "models", multiple=True, help="Only this model's responses; may be repeated.")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option(
    "--reveal",
    type=click.Choice(list(SHOWN)),
    help="When the judge is shown: once all of the queue is done (random queues), after each response (others), never.",
)
@click.option("--open", "is_open", is_flag=True, help="Show the judge from the start: reviews count as assisted.")
@click.pass_obj
def create(
    context: Context,
    name: str,
    design: str,
    size: int | None,
    seed: int,
    words: str | None,
    models: tuple[str, ...],
    benchmark: str | None,
    reveal: Reveal | None,
    is_open: bool,
) -> None:
    """Draw a queue. The unit drawn is the item; each brings the responses of all models.

    Any stretch from the start of a random queue is a simple random sample, so you may stop anywhere. A judge that is
    shown after each response teaches its habits to the person whose next scores are to be independent of it.

    Example: miareview queue create gold-50 --size 50 --seed 7
    """
    if is_open and reveal:
        raise UsageError("--open shows the judge from the start: it goes without --reveal.")
    if words is not None:
        if size or models or design != "random":
            raise UsageError("--filter chooses: it goes without --design, --size and --model.")
        _choose(context, name, words, benchmark, reveal, is_open)
        return
    from miareview.review.queues import create_queue

    with context.open_store() as store:
        made = create_queue(
            store,
            name,
            design,
            size=size,
            seed=seed,
            models=models,
            blind=not is_open,
            benchmark=benchmark,
            by=login_name() or "",
            reveal=reveal,
        )
    talk(
        f"Queue {name}: {made.size} of {made.frame_size} items, {len(made.rows)} responses, {made.design},"
        f" seed {made.seed}; {how_shown(made)}. Next: miareview review --queue {name} --as YOUR-NAME"
    )


def _choose(
    context: Context, name: str, words: str, benchmark: str | None, reveal: Reveal | None, is_open: bool
) -> None:
    """A queue of what a filter finds, as far as the one who makes it may see."""
    from miareview.browse.rows import question, refresh
    from miareview.browse.sight import sight_of
    from miareview.review.queues import find_benchmark, queue_by_rule
    from miareview.review.score_columns import find_judge
    from miareview.store.browse_query import matching_responses

    with context.open_store() as store:
        named, judge, looker = find_benchmark(store, benchmark), find_judge(store, None), who_looks(store, None)
        asked = question(named, "response", words, "")
        refresh(store, judge.id if judge else None)
        chosen = matching_responses(store, asked, sight_of(store, looker))
        made = queue_by_rule(
            store, name, words, chosen, benchmark=named, blind=not is_open, reveal=reveal, by=login_name() or ""
        )
    talk(
        f"Queue {name}: {len(made.rows)} responses chosen by {words!r}, which are no random sample; {how_shown(made)}."
        f" Next: miareview review --queue {name} --as YOUR-NAME"
    )


def how_shown(queue: Queue) -> str:
    """When the judge is shown in a queue, in words."""
    return SHOWN[queue.reveal] if queue.blind else "the judge is shown from the start"


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """All queues, and how far they are.

    Example: miareview queue list --json
    """
    from miareview.review.queues import counting_in
    from miareview.store.queues import commits, designs, lengths, rows_among

    with context.open_store(reading=True) as store:
        found, length, done = designs(store), lengths(store), commits(store)
        committed = {}
        for queue in found:
            names = counting_in(queue, found)
            committed[queue.name] = rows_among(store, queue.name, {id for name, id in done if name in names})
    rows = [
        {
            "name": queue.name,
            "design": queue.design,
            "seed": queue.seed,
            "items": queue.size,
            "frame": queue.frame_size,
            "responses": length.get(queue.name, 0),
            "committed": committed[queue.name],
            "blind": queue.blind,
            "reveal": queue.reveal,
            "made": queue.made,
        }
        for queue in found
    ]
    if as_json:
        put_json({"queues": rows})
        return
    if not rows:
        talk("There is no queue yet: miareview queue create NAME --size 50")
    for queue, row in zip(found, rows, strict=True):
        click.echo(
            f"{visible(queue.name, newlines=False):<20} {queue.design}, seed {queue.seed}, {queue.size} of"
            f" {queue.frame_size} items, {row['committed']} of {row['responses']} responses committed,"
            f" {'blind' if queue.blind else 'open'}: {how_shown(queue)}"
        )


@command.command("show")
@click.argument("name")
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(context: Context, name: str, looker: str | None, as_json: bool) -> None:
    """The rows of a queue, in drawing order: item, stratum, inclusion probability, and whether it is committed.

    The JSON also has models and people; whoever has not finished a blind queue sees signs in place of the models.

    Example: miareview queue show gold-50 --as ann
    """
    from miareview.review.queues import counting_in
    from miareview.review.sight import masks
    from miareview.store.queues import committers, designs, queue

    with context.open_store(reading=True) as store:
        found = queue(store, name)
        people = committers(store, counting_in(found, designs(store)))
        who = who_looks(store, looker)
        signs = masks(store, who, found) if who else {}
        numbers = {item.id: item.index for item in store.items()}
    if as_json:
        rows = [
            {
                "position": row.position,
                "item": numbers[row.item],
                "model": signs.get(row.response, row.model),
                "response": row.response,
                "probability": row.probability,
                "people": people.get(row.response, []),
            }
            for row in found.rows
        ]
        put_json({"name": found.name, "design": found.design, "reveal": found.reveal, "rows": rows})
        return
    for row in found.rows:
        sign = "✓" if row.response in people else "·"
        click.echo(f"{row.position:>5} {sign} item {numbers[row.item]:<5} {row.stratum} p={row.probability:.4f}")


@command.command("close")
@click.argument("name")
@click.option("--as", "reviewer", metavar="NAME", envvar="MIAREVIEW_REVIEWER",
              help="Whose part of it; else your login name.")  # fmt: skip
@click.pass_obj
def close(context: Context, name: str, reviewer: str | None) -> None:
    """End your part of a queue early: what you committed is the sample, and its judge is shown to you.

    Example: miareview queue close gold-50 --as ann
    """
    from miareview.review.looking import close_queue

    who = person(reviewer if reviewer is not None else login_name() or "")
    with context.open_store() as store:
        part = close_queue(store, name, who)
    talk(
        f"The queue {name} is over for {who}: {part.committed} of {part.responses} responses are committed."
        " Next: miareview scores"
    )


@command.command("delete")
@click.argument("name")
@click.pass_obj
def delete(context: Context, name: str) -> None:
    """Remove a queue in which nothing was committed.

    Example: miareview queue delete gold-50
    """
    from miareview.store.queues import delete_queue

    with context.open_store() as store:
        delete_queue(store, name)
    talk(f"Queue {name} is gone.")
