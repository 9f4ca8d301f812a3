"""`miareview demo`: the sample, on the screen or as tables."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from miareview.cli.context import talk
from miareview.cli.review import images_option

if TYPE_CHECKING:
    from miareview.store.store import Store


@click.command("demo")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the scratch copy here.")
@images_option
def command(folder: Path | None, renderer: str) -> None:
    """Open the review app on a scratch copy of the bundled sample; without a terminal, print its tables.

    All of it is demo data, written by hand: no model and no GPT-4o made it.

    Example: miareview demo --dir my-demo
    """
    from miareview.cli.review import on_terminal, open_app
    from miareview.demo import make_demo, your_queue
    from miareview.store.store import Store

    with nullcontext(str(folder)) if folder else TemporaryDirectory(prefix="miareview-demo-") as name:
        path = Path(name) / "demo.db"
        with Store.open(path) if path.exists() else make_demo(path) as store:
            if on_terminal():
                if folder is None:
                    talk("A scratch copy, gone when you leave. --dir DIR keeps it.")
                drawn = your_queue(store)
                open_app(
                    store,
                    "you",
                    [row.response for row in drawn.rows],
                    drawn,
                    False,
                    None,
                    renderer,
                    kept=folder is not None,
                )
            else:
                _put_tables(store)


def _put_tables(store: Store) -> None:
    from miareview.cli.agreement import put_agreement
    from miareview.cli.scores import put_leaderboard
    from miareview.review.score_columns import score_columns
    from miareview.stats.agreement.table import agreement_table
    from miareview.stats.board.leaderboard import leaderboard
    from miareview.stats.frame import build_frame

    frame = build_frame(score_columns(store))
    click.echo("Demo data, written by hand for miareview; not produced by any model or by GPT-4o.\n")
    put_agreement(agreement_table(frame, by=("category",)))
    click.echo("")
    put_leaderboard(leaderboard(frame))
    click.echo("\nThe review app opens with `miareview demo` in a terminal of at least 80 × 24.")
