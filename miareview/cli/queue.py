"""`miareview queue`: samples to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.looking import looker_option, who_looks, writer
from miareview.cli.queue_create import create, how_shown
from miareview.text import visible

if TYPE_CHECKING:
    from miareview.model import QueueRow


@click.group("queue", cls=Group)
def command() -> None:
    """Samples to review.

    Example: miareview queue create gold-50 --design random --size 50 --seed 7
    """


command.add_command(create)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """All queues, and how far they are.

    Example: miareview queue list --json
    """
    from miareview.review.samples import counting_in
    from miareview.store.queues import among, commits, dealt_to, designs, lengths

    with context.open_store(reading=True) as store:
        found, length, done = designs(store), lengths(store), commits(store)
        people = {queue.name: dealt_to(store, queue.name) for queue in found}
        committed = {}
        for queue in found:
            names = counting_in(queue, found)
            committed[queue.name] = len(among(store, queue.name, set().union(*(done.get(name, ()) for name in names))))
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
            "people": people[queue.name],
        }
        for queue in found
    ]
    if as_json:
        put_json({"queues": rows})
        return
    if not rows:
        talk("There is no queue yet: miareview queue create NAME --size 50")
    for queue, row in zip(found, rows, strict=True):
        unit = "responses" if queue.design == "second" else "items"
        click.echo(
            f"{visible(queue.name, newlines=False):<20} {queue.design}, seed {queue.seed}, {queue.size} of"
            f" {queue.frame_size} {unit}, {row['committed']} of {row['responses']} responses committed,"
            f" {'blind' if queue.blind else 'open'}: {how_shown(queue)}"
            + (f"; dealt out to {visible(', '.join(people[queue.name]), newlines=False)}" if people[queue.name] else "")
        )


@command.command("show")
@click.argument("name")
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(context: Context, name: str, looker: str | None, as_json: bool) -> None:
    """The rows of a queue, in drawing order: item, stratum, inclusion probability, and whether it is committed.

    The JSON also has models and people: whose row it is where the queue was dealt out, else who committed it. Whoever
    has not finished a blind queue sees signs in place of the models, and of second readings not why they were drawn.

    Example: miareview queue show gold-50 --as ann
    """
    from miareview.review.samples import counting_in
    from miareview.review.sight import masks
    from miareview.store.queues import committers, designs, queue

    with context.open_store(reading=True) as store:
        found = queue(store, name)
        done = committers(store, counting_in(found, designs(store)))
        who = who_looks(store, looker)
        signs = masks(store, who, found.name) if who else {}
        numbers = {item.id: item.index for item in store.items()}

    def told(row: QueueRow) -> bool:
        """Whether stratum and chance may be said: of a second reading they tell that person and judge differ."""
        return found.design != "second" or row.response not in signs

    if as_json:
        rows = [
            {
                "position": row.position,
                "item": numbers[row.item],
                "model": signs.get(row.response, row.model),
                "response": row.response,
                "probability": row.probability if told(row) else None,
                "people": list(row.people) or done.get(row.response, []),
            }
            for row in found.rows
        ]
        put_json({"name": found.name, "design": found.design, "reveal": found.reveal, "rows": rows})
        return
    for row in found.rows:
        sign = "✓" if row.response in done else "·"
        chance = f"{row.stratum} p={row.probability:.4f}" if told(row) else "hidden while it waits for you"
        whose = f"  {visible(', '.join(row.people), newlines=False)}" if row.people else ""
        click.echo(f"{row.position:>5} {sign} item {numbers[row.item]:<5} {chance}{whose}")


@command.command("close")
@click.argument("name")
@click.option("--as", "reviewer", metavar="NAME", envvar="MIAREVIEW_REVIEWER",
              help="Whose part of it.")  # fmt: skip
@click.pass_obj
def close(context: Context, name: str, reviewer: str | None) -> None:
    """End your part of a queue early: what you committed is the sample, and its judge is shown to you.

    Example: miareview queue close gold-50 --as ann
    """
    from miareview.review.looking import close_queue

    with context.open_store() as store:
        who = writer(store, reviewer)
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
