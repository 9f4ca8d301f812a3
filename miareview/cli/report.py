"""`miareview report`: the whole audit as one file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from miareview.cli.context import Context, talk
from miareview.errors import DataError, ExitCode, UsageError

ENDINGS = (".html", ".md")


@click.command("report", short_help="The whole audit as one file, HTML or Markdown.")
@click.argument("file", metavar="FILE.html|FILE.md", type=click.Path(path_type=Path))
@click.option("--judge", help="Whose scores; the judge with the most judgments if not given.")
@click.option("--benchmark", help="Which benchmark; the one with the most items if not given.")
@click.option("--errors", type=click.Choice(["skip", "zero"]), default="skip", show_default=True,
              help="What a response that is an error counts.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.pass_obj
def command(context: Context, file: Path, judge: str | None, benchmark: str | None, errors: str, force: bool) -> None:
    """Write scores, agreement, methods, what was left out, and what ties it all to the database.

    The page needs no network and prints well. The ending of the name decides the format.

    Example: miareview report audit.html
    """
    _check_target(file, force)
    from miareview.report.contents import gather

    with context.open_store() as store:
        audit = gather(store, judge, benchmark, "zero" if errors == "zero" else "skip")
    if file.suffix.lower() == ".html":
        from miareview.report.html import render_html as render
    else:
        from miareview.report.markdown import render_markdown as render
    _write(file, render(audit))
    talk(f"{file} is written.")
    if not audit.check.ok:
        talk("The database did not pass its check; the report says so. See `miareview check`.")
        raise SystemExit(int(ExitCode.DATA))


def _check_target(file: Path, force: bool) -> None:
    """Refuse before the work is done, not after."""
    if file.suffix.lower() not in ENDINGS:
        raise UsageError(f"A report is a file whose name ends in .html or .md, not {str(file)!r}.")
    if not file.parent.is_dir():
        raise DataError(f"There is no folder {file.parent} to write {file.name} into.", "Make it first.")
    if file.is_dir():
        raise UsageError(f"{file} is a folder.", "Choose another name.")
    if file.exists() and not force:
        raise UsageError(f"{file} is there already.", "Choose another name, or replace it with --force.")


def _write(file: Path, text: str) -> None:
    """All of it or nothing: written beside the target, then moved over it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
