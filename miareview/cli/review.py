"""`miareview review`: the review app."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from miareview.cli.context import DEFAULT_DB, Context, talk
from miareview.cli.looking import who_looks, writer
from miareview.config import read_config, remember_theme
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.model import Queue
    from miareview.review.session import ReviewSession
    from miareview.store.store import Store
    from miareview.tui.doors import Doors

RENDERERS = ["auto", "kitty", "sixel", "halfcell", "unicode", "off"]
images_option = click.option(
    "--images",
    "renderer",
    type=click.Choice(RENDERERS),
    envvar="MIAREVIEW_IMAGES",
    default="auto",
    show_default=True,
    help="How pictures are drawn (or $MIAREVIEW_IMAGES).",
)


@click.command("review")
@click.option(
    "--queue", "queue_name", metavar="NAME", help="Work through this queue; the newest one if there are several."
)
@click.option(
    "--as",
    "reviewer",
    metavar="NAME",
    envvar="MIAREVIEW_REVIEWER",
    help="Your name in the ledger (or $MIAREVIEW_REVIEWER).",
)
@click.option("--new", is_flag=True, help="A name that is not known yet is a new person's: do not ask.")
@click.option("--item", type=click.IntRange(0), help="Only this item, by its number, outside any queue.")
@click.option("--model", metavar="NAME", help="Only this model's responses, outside any queue.")
@click.option("--judge", metavar="NAME", help="Whose scores to review; the default judge if not given (`judge use`).")
@click.option("--open", "is_open", is_flag=True, help="Show the judge from the start: your scores count as assisted.")
@images_option
@click.pass_obj
def command(
    context: Context,
    queue_name: str | None,
    reviewer: str | None,
    new: bool,
    item: int | None,
    model: str | None,
    judge: str | None,
    is_open: bool,
    renderer: str,
) -> None:
    """Review responses blind, with keys; every key is on disk before it is shown.

    Without --queue, --item or --model this works through the newest queue, and draws a random one over all items if
    there is none, so that what you review can stand for all.

    Example: miareview review --as ann
    """
    from miareview.review.queues import work_in

    work: Sequence[str]
    with context.open_store() as store:
        reviewer = writer(store, reviewer, new)
        if item is not None or model is not None:
            if queue_name is not None:
                raise UsageError("--queue goes without --item and --model.")
            queue, work = None, _chosen(store, item, model)
        else:
            queue = _queue(store, queue_name, reviewer)
            work = work_in(store, queue, reviewer)
        open_app(store, reviewer, work, queue, is_open or (queue is not None and not queue.blind), judge, renderer)


def open_app(
    store: Store,
    reviewer: str,
    work: Sequence[str],
    queue: Queue | None,
    is_open: bool,
    judge: str | None,
    renderer: str,
    first: Callable[[Doors], None] | None = None,
    kept: bool = True,
) -> None:
    """Run the app until the person leaves; `first` opens another screen than the review, `kept` says
    whether the database outlives it.

    Raises `UsageError` where there is no terminal.
    """
    if not on_terminal():
        raise UsageError("The review app needs a terminal.", "For numbers: miareview scores, miareview agreement.")
    from miareview.images.library import PictureLibrary
    from miareview.review.named import find_judge
    from miareview.review.progress import pace_sentence
    from miareview.review.session import ReviewSession
    from miareview.tui.picture import choose_renderer

    theme = read_config().theme
    session = ReviewSession(store, reviewer, work, queue=queue, blind=not is_open, judge=find_judge(store, judge))
    chosen = choose_renderer(renderer)
    from miareview.tui.app import MiaReview

    gc.enable()
    library = PictureLibrary(picture_folders(store), store.addresses())
    app = MiaReview(session, library, chosen, first, theme, remember_theme)
    app.run()
    if not app.return_code and first is None:
        talk(last_line(session) if kept else f"{pace_sentence(session.pace(), session.over)}.")
    sys.exit(app.return_code or 0)


def open_beside(
    context: Context,
    named: str | None,
    benchmark: str,
    judge: str | None,
    renderer: str,
    first: Callable[[Doors], None],
) -> None:
    """Run the app on a list, outside any queue, for the person who is named or has the login name."""
    from miareview.store.browse_query import any_response

    with context.open_store() as store:
        who = who_looks(store, named) or writer(store, named)
        response = any_response(store, benchmark)
        if response is None:
            raise DataError(f"{benchmark} has no response yet.", "Import a model's responses first.")
        open_app(store, who, [response], None, False, judge, renderer, first)


def on_terminal() -> bool:
    """Whether there is one to draw on and to read keys from, or a web browser in its place."""
    from miareview.tui.terminal import served

    return served() or (sys.stdin.isatty() and sys.stdout.isatty())


def last_line(session: ReviewSession) -> str:
    """What was done in all, and the command that goes on."""
    from miareview.review.progress import pace_sentence
    from miareview.words.commands import review_command

    done = pace_sentence(session.pace(), session.over) + "."
    if session.queue is None:
        return done
    if session.over:
        return f"{done} Next: miareview scores"
    path, usual = session.store.path, Path(os.environ.get("MIAREVIEW_DB") or DEFAULT_DB)
    db = "" if path.resolve() == usual.resolve() else str(path)
    return f"{done} Go on: {review_command(session.queue.name, session.reviewer, db)}"


def picture_folders(store: Store) -> list[Path]:
    """Where pictures may lie: the folder named at import, and `images/` beside the database."""
    from miareview.images.files import picture_folder

    named = store.setting("images")
    folders = [*([Path(named)] if named else []), picture_folder(store.path)]
    return list(dict.fromkeys(folder.resolve() for folder in folders))


def _queue(store: Store, name: str | None, reviewer: str) -> Queue:
    from miareview.review.queues import create_queue
    from miareview.store.queues import design, designs

    if name is not None:
        return design(store, name)
    there = designs(store)
    if there:
        return there[-1]
    made = create_queue(store, "random-1", by=reviewer)
    talk(
        f"Drew the queue {made.name}: all {made.size} items in random order, seed {made.seed}. Stop anywhere:"
        f" miareview queue close {made.name} shows you the judge."
    )
    return made


def _chosen(store: Store, item: int | None, model: str | None) -> list[str]:
    from miareview.store.answers import newest_of

    work = newest_of(store, item, model)
    if not work:
        raise DataError(
            f"There is no response{f' of {model!r}' if model else ''}{f' to item {item}' if item is not None else ''}.",
            f"Models: {', '.join(store.models()) or 'none'}.",
        )
    return work
