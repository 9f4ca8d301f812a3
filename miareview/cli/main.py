"""The command line. `main` is the one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from pathlib import Path

import click

from miareview import __version__
from miareview.cli import streams
from miareview.cli.context import DEFAULT_DB, Context
from miareview.errors import ExitCode, MiaReviewError
from miareview.text import visible

COMMANDS = {
    "demo": ("demo", "The review app on the bundled sample."),
    "import": ("import_", "Read benchmarks, responses and judged results into the database."),
    "images": ("images", "The benchmark's pictures: fetch, add, status."),
    "doubts": ("doubts", "Items whose components do not fit their instruction."),
    "judge": ("judge", "Have a judge score responses; what judges answered."),
    "reread": ("reread", "Read stored judge replies again, with this version's reader."),
    "review": ("review", "Open the review app."),
    "browse": ("browse", "Find responses: filter, sort, count; why each deserves a look."),
    "compare": ("compare", "Several models' answers to one item, and who gave what."),
    "queue": ("queue", "Samples to review: create, list, show, close, delete."),
    "reviewer": ("reviewer", "Who is who: people, and the names they go by."),
    "agreement": ("agreement", "Judge against people, people against people."),
    "scores": ("scores", "Leaderboard: published, recomputed, with overrides, corrected."),
    "plan": ("plan", "How many more reviews, and of what."),
    "reason": ("reason", "The judge's errors by kind: list, merge, rename."),
    "gold": ("gold", "Settle labels; how many there are, and as a test set for judges."),
    "report": ("report", "The whole audit as one file, HTML or Markdown."),
    "export": ("export", "Everything out: tables as JSONL, CSV, Parquet; VLMEvalKit; Inspect."),
    "check": ("check", "Verify everything in the database."),
    "backup": ("backup", "A whole copy of the database, while others work."),
    "doctor": ("doctor", "Versions, terminal, pictures, database."),
    "config": ("config", "What is set, and where each value comes from."),
}
"""The module in which each command is, and what help says of it: for help alone no command is imported."""


class Commands(click.Group):
    """Commands in the order of a user's day, each module imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"miareview.cli.{COMMANDS[cmd_name][0]}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.command(
    cls=Commands,
    epilog="Try it: miareview demo. With your own files: miareview import BENCHMARK.json RESPONSES.jsonl",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="MIAREVIEW_DB",
    default=DEFAULT_DB,
    show_default=True,
    help="The database file (or $MIAREVIEW_DB).",
)
@click.version_option(__version__, prog_name="miareview")
@click.pass_context
def cli(ctx: click.Context, db: Path) -> None:
    """Audit an LLM judge: review its scores on MIA-Bench, measure agreement, correct the leaderboard."""
    ctx.obj = Context(db)


def main() -> None:
    """Run the command line and exit."""
    # A command lives for a second and makes hundreds of thousands of rows: looking for cycles among them takes a
    # fifth of its time and finds none. The app, which stays, turns it on again.
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: matrices are small, and threads only wait
    streams.prepare()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup ignores the second
            signal.signal(ending, signal.default_int_handler)
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except MiaReviewError as error:
        _complain(error.message, error.hint)
        code = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = ExitCode.USAGE
    except click.ClickException as error:
        usage = f"See `{error.ctx.command_path} --help`." if isinstance(error, click.UsageError) and error.ctx else ""
        _complain(error.format_message(), usage)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("miareview: interrupted; what was saved is kept.", err=True)
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    except MemoryError:
        _complain("there is not enough memory for this.", "Do less at once: fewer or smaller files.")
        code = ExitCode.FAILURE
    except RecursionError:
        _complain("something here is nested too deeply to be read.", "What was saved is kept.")
        code = ExitCode.DATA
    except OSError as error:
        _complain(f"{error.filename or 'what was printed'}: {error.strerror or error}.", "")
        code = ExitCode.FAILURE
    except Exception as error:
        if os.environ.get("MIAREVIEW_TRACEBACK"):
            raise
        if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
            # Only words of a command can hold bytes that are no text: what files hold was read as text.
            _complain(f"{error.object!r} is not UTF-8.", "Names are kept as text: give one that is.")
            code = ExitCode.USAGE
        else:
            what = f"{type(error).__name__}: {error}"
            _complain(
                f"a fault of miareview itself ({what}), or `miareview check` finds that the database was changed.",
                "MIAREVIEW_TRACEBACK=1 shows where; please report it.",
            )
            code = ExitCode.FAILURE
    gc.freeze()  # else the interpreter looks for cycles in all of it once more, at its end
    sys.exit(int(code or 0))


def _complain(message: str, hint: str) -> None:
    click.echo(visible(f"miareview: {message} {hint}".strip()), err=True)
