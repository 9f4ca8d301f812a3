"""`miareview report`: the whole audit as one file."""

from __future__ import annotations

from pathlib import Path

import click

from miareview.cli.context import Context, talk
from miareview.cli.looking import looker_option, note_peek, who_looks
from miareview.cli.target import check_target
from miareview.errors import ExitCode
from miareview.formats.whole import whole_file

ENDINGS = (".html", ".md")


@click.command("report")
@click.argument("file", metavar="FILE.html|FILE.md", type=click.Path(path_type=Path))
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--errors", type=click.Choice(["skip", "zero"]), default="skip", show_default=True,
              help="What a response that is an error counts.")  # fmt: skip
@looker_option
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.pass_obj
def command(
    context: Context,
    file: Path,
    judge: str | None,
    benchmark: str | None,
    errors: str,
    looker: str | None,
    force: bool,
) -> None:
    """Write scores, agreement, methods, what was left out, and what ties it all to the database.

    The page needs no network and prints well. The ending of the name decides the format.

    Example: miareview report audit.html
    """
    check_target(file, ENDINGS, force, "A report")
    from miareview.browse.sight import masked, sight_of
    from miareview.report.contents import gather

    with context.open_store(reading=True) as store:
        note_peek(store, looker, "report")
        waiting = masked(store, sight_of(store, who_looks(store, looker)))
        audit = gather(store, judge, benchmark, "zero" if errors == "zero" else "skip", waiting)
    if file.suffix.lower() == ".html":
        from miareview.report.html import render_html as render
    else:
        from miareview.report.markdown import render_markdown as render
    with whole_file(file) as stream:
        stream.write(render(audit).encode("utf-8"))
    talk(f"{file} is written.")
    if not audit.check.ok:
        talk("The database did not pass its check; the report says so. See `miareview check`.")
        raise SystemExit(int(ExitCode.DATA))
