"""Commands with commands of their own."""

from __future__ import annotations

import click

WHOLE = 1000  # characters; no first sentence is longer


class Group(click.Group):
    """Help tells each command's first sentence whole; click would cut it to what fits on a line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(WHOLE)) for name, command in found if command])
