"""`miareview import`: bringing the files of others into the database."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import click

from miareview.cli.context import Context, put_json
from miareview.text import visible

if TYPE_CHECKING:
    from miareview.errors import MiaReviewError
    from miareview.formats.folder import Found
    from miareview.formats.held import Held
    from miareview.formats.names import ColumnMap
    from miareview.importing.ingest import FileResult, KeepPicture
    from miareview.importing.matching import Catalogue
    from miareview.model import Item, Judge
    from miareview.store.store import Store

SHOWN = 10  # records left out, or files passed over, that are listed on the screen; --json has all
MANY = 1000  # rows from which a progress bar is worth it
FEW = 4  # files up to which rows have a bar, and files have none
_KINDS = {"benchmark": "benchmark", "responses": "responses", "judged": "judged results"}
# The names of `formats.detect.FORMATS`, which is not imported for `--help`.
_FORMATS = ("benchmark", "responses", "judged", "notebook", "vlmevalkit", "lmms-eval", "evalscope")
T = TypeVar("T")


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="Read the files as this, whatever they hold.")
@click.option(
    "--map",
    "map_",
    metavar="NAME=COLUMN",
    multiple=True,
    help="Which column holds the answer, reply, model, item, picture, or points.1, points.2 …; may be repeated.",
)
@click.option("--reply-column", metavar="COLUMN", help="The column with the judge's replies, as --map reply=COLUMN.")
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
    kind: str | None,
    map_: tuple[str, ...],
    reply_column: str | None,
    model: str | None,
    judge: str | None,
    benchmark: str | None,
    images: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read benchmarks, responses and judged results into the database.

    Files of VLMEvalKit, lmms-eval and EvalScope are read too. What a file is, is found out from its content; a PATH
    may be a folder, in which all files are looked at. Reading a file again changes nothing. A PATH of - is standard
    input. Columns that are not read are named, and --map says what they hold.

    \b
    Examples:
      miareview import instruction_benchmark_all.json llava.jsonl --model llava-1.6-13b
      miareview import outputs/ --dry-run
      miareview import ours.csv --map answer=llava --reply-column claude_says --judge claude
    """
    from miareview.errors import DataError, ExitCode, MiaReviewError
    from miareview.formats.benchmark import DEFAULT_NAME
    from miareview.formats.folder import files_of
    from miareview.formats.names import column_map
    from miareview.importing.ingest import ingest

    told = column_map(map_, reply_column)
    walk = files_of(paths)
    done: dict[int, FileResult | MiaReviewError] = {}
    readings, passed_over = _read(
        walk.files, DEFAULT_NAME if benchmark is None else benchmark, kind, told, done, ask=not as_json
    )
    _refuse_one_model_for_many(readings, model)
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
            # Items (a part of a benchmark after the whole), then whole answers, then what was judged, so that the
            # order of the paths does not matter.
            order = list(_KINDS)
            numbers = sorted(readings, key=lambda n: (order.index(readings[n].kind), -readings[n].items, n))
            track = _track if len(numbers) <= FEW else iter
            catalogues: dict[str, Catalogue] = {}
            for number in _progress(numbers, "Storing", FEW + 1):
                try:
                    done[number] = ingest(
                        readings[number].take(), store, model=model, judge=judge, benchmark=benchmark, track=track,
                        keep_picture=_keeper(context.db, dry_run), catalogues=catalogues,
                    )  # fmt: skip
                except MiaReviewError as error:
                    done[number] = error

    results = [(walk.files[number].path, done[number]) for number in sorted(done)]
    if as_json:
        files = [
            _failure(path, result) if isinstance(result, MiaReviewError) else result.as_dict()
            for path, result in results
        ]
        put_json({"files": files, "dry_run": dry_run, "passed_over": passed_over, "again": walk.again})
    codes: list[ExitCode] = []
    for path, result in results:
        if isinstance(result, MiaReviewError):
            _talk(f"miareview: {result}")
            codes.append(result.exit_code)
        else:
            if not as_json:
                _show(result)
            if not result.read:
                _talk(f"miareview: {path} has nothing that could be taken.")
                codes.append(ExitCode.DATA)
    _say_of_others("lead to a file that was read", walk.again)
    _say_of_others("hold nothing that miareview reads", passed_over)
    if not results:
        _talk(f"miareview: there is nothing to read in {', '.join(paths)}.")
        codes.append(ExitCode.DATA)
    if dry_run:
        _talk("Nothing was changed (--dry-run).")
    if codes:
        click.get_current_context().exit(codes[0])


command = import_


def _read(
    files: list[Found],
    benchmark: str,
    kind: str | None,
    told: ColumnMap,
    failed: dict[int, FileResult | MiaReviewError],
    ask: bool,
) -> tuple[dict[int, Held], list[str]]:
    """What was read of each file by its number, and the files of a folder that are of no known kind."""
    from miareview.errors import DataError, MiaReviewError
    from miareview.formats.detect import Ambiguous, read_file
    from miareview.formats.held import ROOM, Held
    from miareview.formats.source import NotOurs

    readings: dict[int, Held] = {}
    passed_over: list[str] = []
    rows = 0
    for number, found in _progress(list(enumerate(files)), "Reading files", FEW + 1):
        try:
            try:
                reading = read_file(found.path, benchmark, kind, told)
            except Ambiguous as two:
                if not (ask and found.path != "-" and sys.stdin.isatty() and sys.stderr.isatty()):
                    raise
                reading = read_file(found.path, benchmark, _which(found.path, two.claims), told)
            again = partial(read_file, found.path, benchmark, reading.format, told)
            readings[number] = Held(reading, rows + len(reading.rows) <= ROOM, again)
            rows += len(reading.rows)
        except MemoryError:
            failed[number] = DataError(f"{found.path} needs more memory than there is.", "Split it.")
        except RecursionError:
            failed[number] = DataError(f"{found.path} is nested too deeply to be read.", "Write it flatter.")
        except MiaReviewError as error:
            if found.folder and isinstance(error, NotOurs):
                passed_over.append(found.path)
            else:
                failed[number] = error
    return readings, passed_over


def _which(path: str, claims: dict[str, str]) -> str:
    """Ask which of several formats a file is."""
    _talk(f"{path} can be read in {len(claims)} ways:")
    for name, why in claims.items():
        _talk(f"  {name}: {why}")
    return str(click.prompt("Read it as", type=click.Choice(list(claims)), err=True))


def _refuse_one_model_for_many(readings: dict[int, Held], model: str | None) -> None:
    from miareview.errors import UsageError

    names = {name for reading in readings.values() for name in reading.models}
    if model and len(names) > 1:
        raise UsageError(
            f"The files have answers of {len(names)} models: {', '.join(sorted(name for name in names if name)[:5])}.",
            "Leave --model out, or import them one by one.",
        )


def _keeper(db: Path, dry_run: bool) -> KeepPicture:
    """Keeps pictures in the folder of the database's pictures."""

    def keep(item: Item, data: bytes, source: str) -> str:
        from miareview.errors import DataError
        from miareview.images.files import picture_folder
        from miareview.images.folder import add_bytes

        try:
            return add_bytes(picture_folder(db), item.image_url, data, source, dry_run=dry_run).status
        except OSError as error:
            raise DataError(f"{picture_folder(db)} cannot be written: {error.strerror}.") from None

    return keep


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
    return _progress(rows, "Reading replies", MANY)


def _progress(things: Sequence[T], label: str, least: int) -> Iterator[T]:
    """The things, with a progress bar where there are at least so many and somebody looks on."""
    if len(things) < least or not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, label=label, file=sys.stderr) as bar:
        yield from bar


def _failure(path: str, error: MiaReviewError) -> dict[str, Any]:
    nothing: dict[str, Any] = {"path": path, "format": None, "kind": None, "read": 0, "new": 0, "unchanged": 0}
    return nothing | {"left_out": [], "warnings": [], "model": None, "judge": None, "error": str(error)}


def _talk(sentence: str) -> None:
    """One line to stderr; a line break in a file's name does not make it two."""
    click.echo(visible(sentence, newlines=False), err=True)


def _say_of_others(what: str, paths: list[str]) -> None:
    if paths:
        names = ", ".join(Path(path).name for path in paths[:SHOWN]) + (" …" if len(paths) > SHOWN else "")
        _talk(f"Passed over {len(paths)} files that {what}: {names}.")


def _show(result: FileResult) -> None:
    harness = "" if result.format in _KINDS else f" of {result.format}"
    lines = [("what", f"{_KINDS[result.kind]}{harness} ({result.container})")]
    lines += [("model", result.model)] if result.model else []
    lines += [("judge", _judge(judge)) for judge in result.judges]
    lines += [("read", str(result.read)), ("new", str(result.new)), ("unchanged", str(result.unchanged))]
    if result.kind == "judged":
        lines.append(("answers", f"{result.new_responses} new"))
    if result.pictures:
        lines.append(("pictures", ", ".join(f"{count} {name}" for name, count in result.pictures.items())))
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


def _judge(judge: Judge) -> str:
    return f"{judge.label}, which never saw the picture" if judge.sees_image is False else judge.label
