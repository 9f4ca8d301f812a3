"""`miareview import`: bringing the files of others into the database."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

from miareview.cli.context import Context, put_json
from miareview.text import visible

if TYPE_CHECKING:
    from miareview.errors import MiaReviewError
    from miareview.formats.records import FileReading
    from miareview.ingest import FileResult
    from miareview.store.store import Store

SHOWN = 10  # records left out that are listed on the screen; --json has all
MANY = 1000  # rows from which a progress bar is worth it
_KINDS = {"benchmark": "benchmark", "responses": "responses", "judged": "judged results"}
T = TypeVar("T")


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--format", "kind", type=click.Choice(list(_KINDS)), help="Read the files as this, whatever they hold.")
@click.option("--model", metavar="NAME", help="Name of the model that answered.")
@click.option("--judge", metavar="NAME", help="Name of the judge that replied [gpt-4o].")
@click.option("--benchmark", metavar="NAME", help="Name of the benchmark [mia-bench].")
@click.option(
    "--images",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the benchmark's pictures; it is remembered.",
)
@click.option("--dry-run", is_flag=True, help="Say what an import would do, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def import_(
    context: Context,
    paths: tuple[str, ...],
    kind: Any,
    model: str | None,
    judge: str | None,
    benchmark: str | None,
    images: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read benchmarks, responses and judged results into the database.

    What a file is, is found out from its content. Reading a file again changes nothing. A PATH of - is standard input.

    \b
    Example:
      miareview import instruction_benchmark_all.json llava.jsonl --model llava-1.6-13b
    """
    from miareview.errors import DataError, ExitCode, MiaReviewError
    from miareview.formats.benchmark import DEFAULT_NAME
    from miareview.formats.detect import read_file
    from miareview.ingest import ingest

    done: dict[int, FileResult | MiaReviewError] = {}
    readings: dict[int, FileReading] = {}
    for number, path in enumerate(paths):
        try:
            name = DEFAULT_NAME if benchmark is None else benchmark
            readings[number] = read_file(path, name, kind)
        except MiaReviewError as error:
            done[number] = error
    if not context.db.exists() and all(reading.kind != "benchmark" for reading in readings.values()):
        nowhere = DataError(
            f"There is no database at {context.db}, and no benchmark among the files.",
            "Import the benchmark's JSON file first, or name it in the same command.",
        )
        done |= dict.fromkeys(readings, nowhere)
        readings.clear()
    if readings:
        with _store(context.db, dry_run) as store:
            if images:
                store.set_setting("images", str(images.resolve()))
            # Benchmarks first, so that the order of the paths does not matter.
            for number in sorted(readings, key=lambda number: (readings[number].kind != "benchmark", number)):
                try:
                    done[number] = ingest(
                        readings.pop(number), store, model=model, judge=judge, benchmark=benchmark, track=_track
                    )
                except MiaReviewError as error:
                    done[number] = error

    results = [done[number] for number in range(len(paths))]
    if as_json:
        files = [
            _failure(path, result) if isinstance(result, MiaReviewError) else result.as_dict()
            for path, result in zip(paths, results, strict=True)
        ]
        put_json({"files": files, "dry_run": dry_run})
    codes: list[ExitCode] = []
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, MiaReviewError):
            _talk(f"miareview: {result}")
            codes.append(result.exit_code)
        else:
            if not as_json:
                _show(result)
            if not result.read:
                _talk(f"miareview: {path} has nothing that could be taken.")
                codes.append(ExitCode.DATA)
    if dry_run:
        _talk("Nothing was changed (--dry-run).")
    if codes:
        click.get_current_context().exit(codes[0])


command = import_


@contextmanager
def _store(db: Path, dry_run: bool) -> Iterator[Store]:
    """The database; for a dry run a scratch copy of it, so that what is said is what an import would do."""
    from miareview.store.store import Store

    if not dry_run:
        there = db.exists()
        with Store.open(db, create=True) as store:
            if not there:
                _talk(f"Made {db}.")
            yield store
        return
    with TemporaryDirectory(prefix="miareview-") as folder:
        scratch = Path(folder) / "scratch.db"
        for end in ("", "-wal"):
            if (original := Path(f"{db}{end}")).exists():
                shutil.copyfile(original, f"{scratch}{end}")
        with Store.open(scratch, create=True) as store:
            yield store


def _track(rows: Sequence[T]) -> Iterator[T]:
    if len(rows) < MANY or not sys.stderr.isatty():
        yield from rows
        return
    with click.progressbar(rows, label="Reading replies", file=sys.stderr) as bar:
        yield from bar


def _failure(path: str, error: MiaReviewError) -> dict[str, Any]:
    nothing: dict[str, Any] = {"path": path, "format": None, "kind": None, "read": 0, "new": 0, "unchanged": 0}
    return nothing | {"left_out": [], "warnings": [], "model": None, "judge": None, "error": str(error)}


def _talk(sentence: str) -> None:
    """One line to stderr; a line break in a file's name does not make it two."""
    click.echo(visible(sentence, newlines=False), err=True)


def _show(result: FileResult) -> None:
    lines = [("what", f"{_KINDS[result.kind]} ({result.container})")]
    lines += [(name, value) for name, value in (("model", result.model), ("judge", result.judge)) if value]
    lines += [("read", str(result.read)), ("new", str(result.new)), ("unchanged", str(result.unchanged))]
    if result.kind == "judged":
        lines.append(("answers", f"{result.new_responses} new"))
    if result.left_out:
        lines.append(("left out", str(len(result.left_out))))
        width = max(len(f"{one.place} {one.number}") for one in result.left_out[:SHOWN])
        lines += [("", f"{f'{one.place} {one.number}':<{width}}  {one.reason}") for one in result.left_out[:SHOWN]]
        if len(result.left_out) > SHOWN:
            lines.append(("", f"and {len(result.left_out) - SHOWN} more (--json lists all)"))
    lines += [("warning", sentence) for sentence in result.warnings]
    click.echo(visible(result.path, newlines=False))
    for name, value in lines:
        click.echo(f"  {name:<9}  {visible(value, newlines=False)}")
