"""Commands that are told to be typed: names in them stand as a shell takes them."""

from __future__ import annotations

import shlex


def review_command(queue: str, person: str = "YOUR-NAME", db: str = "") -> str:
    """The command that opens the review of a queue; `db` is the file where it is not the usual one."""
    where = ["--db", db] if db else []
    return shlex.join(["miareview", *where, "review", "--queue", queue, "--as", person])
