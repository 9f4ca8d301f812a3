"""`miareview judge`: judges, and how they compare."""

from __future__ import annotations

import importlib

import click

COMMANDS = {"compare": "judge_compare"}


class Commands(click.Group):
    """Commands on judges, each module imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"miareview.cli.{COMMANDS[cmd_name]}").command
        assert isinstance(found, click.Command)
        return found


@click.command("judge", cls=Commands, short_help="Judges: compare.")
def command() -> None:
    """Judges.

    Example: miareview judge compare
    """
