"""`miareview config`: what is remembered or set, and where each value comes from."""

from __future__ import annotations

import os
from typing import Any

import click

from miareview.cli.context import DEFAULT_DB, Context, put_json
from miareview.cli.looking import login_name
from miareview.config import config_path, read_config
from miareview.text import visible

DEFAULT_THEME = "miareview"


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """The file that remembers your theme, the values in force, and where each comes from.

    The theme is chosen in the app (^p, then "theme"), and remembered.

    Example: miareview config
    """
    path, config = config_path(), read_config()
    set_by = {name: os.environ.get(name, "") for name in ("MIAREVIEW_DB", "MIAREVIEW_REVIEWER", "MIAREVIEW_IMAGES")}
    values = {
        "theme": (config.theme or DEFAULT_THEME, "config.toml" if config.theme else "default"),
        "db": (str(context.db), _source(str(context.db), set_by["MIAREVIEW_DB"], "MIAREVIEW_DB", str(DEFAULT_DB))),
        "reviewer": (
            set_by["MIAREVIEW_REVIEWER"] or login_name() or "",
            "MIAREVIEW_REVIEWER" if set_by["MIAREVIEW_REVIEWER"] else "login name",
        ),
        "images": (
            set_by["MIAREVIEW_IMAGES"] or "auto",
            "MIAREVIEW_IMAGES" if set_by["MIAREVIEW_IMAGES"] else "default",
        ),
    }
    if as_json:
        found: dict[str, Any] = {"path": str(path), "exists": path.exists()}
        put_json(found | {name: {"value": value, "from": source} for name, (value, source) in values.items()})
        return
    click.echo(f"{'file':<10} {visible(str(path), newlines=False)}{'' if path.exists() else ' (not there yet)'}")
    for name, (value, source) in values.items():
        click.echo(f"{name:<10} {visible(value, newlines=False)}  ({source})")


def _source(value: str, variable: str, name: str, default: str) -> str:
    if variable and value == variable:
        return name
    return "default" if value == default else "--db"
