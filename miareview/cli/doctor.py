"""`miareview doctor`: what is installed, what the terminal can do, and why."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import click

from miareview import __version__
from miareview.cli.context import Context, put_json
from miareview.cli.review import images_option
from miareview.errors import MiaReviewError
from miareview.text import visible


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@images_option
@click.pass_obj
def command(context: Context, as_json: bool, renderer: str) -> None:
    """Versions, the picture protocol and why it was chosen, colours, the database, and whether an API key is set.

    Example: miareview doctor
    """
    from miareview.store.place import network, network_note
    from miareview.tui.picture import cell_size, choose_renderer
    from miareview.tui.terminal import colours

    chosen = choose_renderer(renderer)
    width, height = cell_size()
    found: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "textual": version("textual"),
        "textual_image": version("textual-image"),
        "images": {"protocol": chosen.name, "why": chosen.why},
        "terminal": {"colours": colours(), "cell": [width, height], "cell_told": chosen.terminal.cell is not None},
        "db": {"path": str(context.db), "schema": _schema(context), "network": network(context.db)},
        "openai_key": bool(os.environ.get("OPENAI_API_KEY")),
    }
    if as_json:
        put_json(found)
        return
    images, db, terminal = found["images"], found["db"], found["terminal"]
    lies = network_note(context.db)
    few = "" if terminal["colours"] > 256 else "; COLORTERM=truecolor where the terminal can do more"
    if few and images["protocol"] in ("halfcell", "unicode"):
        few = f": pictures are in false colours, o opens the real picture{few}"
    for name, value in (
        ("miareview", found["version"]),
        ("python", found["python"]),
        ("textual", found["textual"]),
        ("textual-image", found["textual_image"]),
        ("pictures", f"{images['protocol']}: {images['why']}"),
        ("colours", f"{terminal['colours']:,}{few}"),
        ("cell", f"{width} × {height} pixels, {'told by the terminal' if terminal['cell_told'] else 'assumed'}"),
        ("database", f"{db['path']} ({db['schema'] or 'not there yet'}){lies and f', {lies}'}"),
        ("OPENAI_API_KEY", "set" if found["openai_key"] else "not set"),
    ):
        click.echo(f"{name:<15} {visible(value, newlines=False)}")


def _schema(context: Context) -> str | None:
    """The newest migration of the database, or why it cannot be opened; None where there is none yet."""
    if not os.path.lexists(context.db):
        return None
    try:
        with context.open_store(reading=True) as store:
            return store.schema()
    except MiaReviewError as error:
        return error.message
