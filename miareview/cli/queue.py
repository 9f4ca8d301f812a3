"""`miareview queue`: samples to review."""

from __future__ import annotations

import getpass

import click

from miareview.cli.context import Context, put_json, talk
from miareview.text import visible


@click.group("queue", short_help="Samples to review: create, list, show, delete.")
def command() -> None:
    """Samples to review.

    Example: miareview queue create gold-50 --design random --size 50 --seed 7
    """


@command.command("create")
@click.argument("name")
@click.option("--design", type=click.Choice(["random", "all"]), default="random", show_default=True)
@click.option("--size", type=click.IntRange(1), help="How many items; all of them if not given.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same items.")
@click.option("--model", "models", multiple=True, help="Only this model's responses; may be repeated.")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--open", "is_open", is_flag=True, help="Show the judge from the start: reviews count as assisted.")
@click.pass_obj
def create(
    context: Context,
    name: str,
    design: str,
    size: int | None,
    seed: int,
    models: tuple[str, ...],
    benchmark: str | None,
    is_open: bool,
) -> None:
    """Draw a queue. The unit drawn is the item; each brings the responses of all models.

    Any stretch from the start of a random queue is a simple random sample, so you may stop anywhere.

    Example: miareview queue create gold-50 --size 50 --seed 7
    """
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
            by=getpass.getuser(),
        )
    talk(
        f"Queue {name}: {made.size} of {made.frame_size} items, {len(made.rows)} responses, {made.design},"
        f" seed {made.seed}. Next: miareview review --queue {name} --as YOUR-NAME"
    )


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """All queues, and how far they are.

    Example: miareview queue list --json
    """
    from miareview.review.score_columns import shared_commits
    from miareview.store.queues import commits, queues

    with context.open_store() as store:
        found = queues(store)
        done = shared_commits(found, commits(store))
    rows = [
        {
            "name": queue.name,
            "design": queue.design,
            "seed": queue.seed,
            "items": queue.size,
            "frame": queue.frame_size,
            "responses": len(queue.rows),
            "committed": sum(1 for row in queue.rows if (queue.name, row.response) in done),
            "blind": queue.blind,
            "made": queue.made,
        }
        for queue in found
    ]
    if as_json:
        put_json({"queues": rows})
        return
    if not rows:
        talk("There is no queue yet: miareview queue create NAME --size 50")
    for row in rows:
        click.echo(
            f"{visible(str(row['name']), newlines=False):<20} {row['design']}, seed {row['seed']}, {row['items']} of"
            f" {row['frame']} items, {row['committed']} of {row['responses']} responses committed,"
            f" {'blind' if row['blind'] else 'open'}"
        )


@command.command("show")
@click.argument("name")
@click.pass_obj
def show(context: Context, name: str) -> None:
    """The rows of a queue, in drawing order (item, stratum, inclusion probability; models stay masked).

    Example: miareview queue show gold-50
    """
    from miareview.review.score_columns import shared_commits
    from miareview.store.queues import commits, queue, queues

    with context.open_store() as store:
        found = queue(store, name)
        done = shared_commits(queues(store), commits(store))
        numbers = {item.id: item.index for item in store.items()}
    for row in found.rows:
        sign = "✓" if (name, row.response) in done else "·"
        click.echo(f"{row.position:>5} {sign} item {numbers[row.item]:<5} {row.stratum} p={row.probability:.4f}")


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
