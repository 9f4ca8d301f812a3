"""`miareview images`: the benchmark's pictures, fetched or taken from a folder."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.review import picture_folders
from miareview.errors import DataError, ExitCode
from miareview.text import clip, visible

if TYPE_CHECKING:
    from miareview.images.adopt import Adopted
    from miareview.images.library import PictureLibrary
    from miareview.images.status import Standing
    from miareview.model import Item

SHOWN = 10  # pictures listed on the screen; --json has all
T = TypeVar("T")


@click.group("images", cls=Group)
def command() -> None:
    """The benchmark's pictures, kept in images/ beside the database.

    Example: miareview images fetch
    """


@command.command("fetch")
@click.option("--again", is_flag=True, help="Ask again for what servers said is gone; decode what is there.")
@click.option("--allow-private", is_flag=True, help="Connect to machines of your own network too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def fetch(context: Context, again: bool, allow_private: bool, as_json: bool) -> None:
    """Fetch the pictures that are missing from their addresses.

    Only what is missing is asked for, a few at a time and with a pause at each server; run it again to go on. What a
    server says is gone is remembered.

    Example: miareview images fetch
    """
    from miareview.images.fetch import fetch as fetching
    from miareview.images.files import picture_folder

    items, library = _pictures(context)
    numbers = _numbers(items)
    found = _each_address(_standings(library, items, again))
    wanted = [one for one in found if one.state != "there" and (again or not one.permanent)]
    known = [one for one in found if one.state == "failed" and one.permanent and not again]
    folder = picture_folder(context.db)
    begun = time.monotonic()
    with closing(fetching((one.item.image_url for one in wanted), folder, allow_private=allow_private)) as coming:
        done = list(_track("Fetching", coming, len(wanted)))
    failed = sorted((one for one in done if one.path is None), key=lambda one: numbers[one.url])
    said = [(numbers[one.url], f"{one.reason}. {one.source}") for one in failed]
    said += [(numbers[one.item.image_url], f"{_why(one)}, not asked again") for one in known]
    if as_json:
        put_json(
            {
                "folder": str(folder),
                "there": len(found) - len(wanted) - len(known),
                "wanted": len(wanted),
                "fetched": len(done) - len(failed),
                "failed": [
                    {"items": numbers[one.url], "url": one.url, "reason": one.reason, "permanent": one.permanent}
                    for one in failed
                ],
                "not_asked": [
                    {
                        "items": numbers[one.item.image_url],
                        "url": one.item.image_url,
                        "reason": one.reason,
                        "at": one.at,
                    }
                    for one in known
                ],
                "requests": sum(one.requests for one in done),
                "retries": sum(one.retries for one in done),
                "seconds": round(time.monotonic() - begun, 3),
            }
        )
    else:
        _line("there", f"{len(found) - len(wanted) - len(known)} pictures")
        _line("fetched", f"{len(done) - len(failed)} of {len(wanted)} that were missing, into {folder}")
        _list("not had", said)
    if said:
        if known and not as_json:
            talk("--again asks for these once more; pictures that you have: miareview images add DIR.")
        click.get_current_context().exit(ExitCode.NETWORK)


@command.command("add")
@click.argument("source", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def add(context: Context, source: Path, dry_run: bool, as_json: bool) -> None:
    """Take pictures over from a folder.

    A file is an item's picture by its number (37.jpg, 0037.png), by the last part of its address, or by its cache
    name. A name that could mean two items is refused. VLMEvalKit's folder LMUData is understood.

    Example: miareview images add ~/LMUData
    """
    from miareview.images.adopt import adopt, source_library
    from miareview.images.files import picture_folder

    items = _items(context)
    library = source_library(source, items)
    folder = picture_folder(context.db)
    done = list(_track("Adding", adopt(library, _each_url(items), folder, dry_run=dry_run), len(items)))
    count = Counter(one.status for one in done)
    known = {path for item in items for path in (library.find(item), *library.doubtful(item))}
    unknown = [path.name for path in library.paths() if path not in known]
    if as_json:
        put_json(
            {
                "folder": str(folder),
                "dry_run": dry_run,
                **{name: count[name] for name in ("new", "unchanged")},
                **{name: _as_list(done, name) for name in ("conflict", "refused", "ambiguous")},
                "unknown": unknown,
                "passed_over": [{"file": name, "reason": why} for name, why in library.passed_over],
            }
        )
    else:
        _line("new", f"{count['new']} pictures, into {folder}")
        _line("unchanged", f"{count['unchanged']}")
        for name in ("conflict", "refused", "ambiguous"):
            _list(name, [([one.item.index], one.reason) for one in done if one.status == name])
        if unknown:
            _line("unknown", f"{len(unknown)} files belong to no item: {clip(', '.join(unknown[:5]), 100)}")
        _passed_over(library)
    if dry_run:
        talk("Nothing was changed (--dry-run).")
    if not count["new"] + count["unchanged"]:
        raise DataError(
            f"{source} has no picture that could be taken.",
            "A picture is named after its item's number (37.jpg), or as in its address.",
        )


@command.command("status")
@click.option("--verify", is_flag=True, help="Decode every picture, and look for the same one twice.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def status(context: Context, verify: bool, as_json: bool) -> None:
    """Which items have a picture, where it came from, and why one is missing.

    Example: miareview images status --verify
    """
    from miareview.images.addresses import was_replaced
    from miareview.images.status import same_pictures

    items, library = _pictures(context)
    found = list(_standings(library, items, verify))
    same = [[one.item.index for one in group] for group in same_pictures(found)]
    if as_json:
        put_json(
            {
                "folders": [str(folder) for folder in library.folders],
                "items": [_as_dict(one) for one in found],
                "there": sum(one.state == "there" for one in found),
                "missing": sum(one.state != "there" for one in found),
                "verified": verify,
                "same": same,
                "passed_over": [{"file": name, "reason": why} for name, why in library.passed_over],
            }
        )
        return
    there = [one for one in found if one.state == "there"]
    _line("pictures", f"{len(there)} of {len(found)} items have one{', decoded just now' if verify else ''}")
    for words, number in Counter(_whence(one) for one in there).most_common(SHOWN):
        _line("", f"{number} {words}")
    for state, title in (
        ("damaged", "damaged"),
        ("ambiguous", "ambiguous"),
        ("failed", "not had"),
        ("never", "missing"),
    ):
        _list(title, [([one.item.index], _why(one)) for one in found if one.state == state])
    old = [one for one in there if was_replaced(one.source)]
    _list(
        "replaced", [([one.item.index], f"may be another picture: it is from {one.source}, as before") for one in old]
    )
    _list("the same", [(group, "have the same picture to the byte, under different addresses") for group in same])
    _passed_over(library)
    if len(there) < len(found):
        again = " --again" if any(one.state == "damaged" or one.permanent for one in found) else ""
        talk(f"Next: miareview images fetch{again}, or miareview images add DIR.")


def _items(context: Context) -> list[Item]:
    with context.open_store(reading=True) as store:
        return store.items()


def _pictures(context: Context) -> tuple[list[Item], PictureLibrary]:
    from miareview.images.library import PictureLibrary

    with context.open_store(reading=True) as store:
        items = store.items()
        return items, PictureLibrary(picture_folders(store), items)


def _standings(library: PictureLibrary, items: Sequence[Item], full: bool) -> Iterable[Standing]:
    from miareview.images.status import standings

    found = standings(library, items, full=full)
    return _track("Decoding", found, len(items)) if full else found


def _each_address(found: Iterable[Standing]) -> list[Standing]:
    """One standing for each address; several items may share one."""
    from miareview.images.files import cache_name

    return list({cache_name(one.item.image_url): one for one in found}.values())


def _each_url(items: Iterable[Item]) -> list[Item]:
    from miareview.images.files import cache_name

    return list({cache_name(item.image_url): item for item in items}.values())


def _numbers(items: Iterable[Item]) -> dict[str, list[int]]:
    """By address as written: the items that have it, or one that means the same."""
    from miareview.images.files import cache_name

    items = list(items)
    by_name: dict[str, list[int]] = {}
    for item in items:
        by_name.setdefault(cache_name(item.image_url), []).append(item.index)
    return {item.image_url: by_name[cache_name(item.image_url)] for item in items}


def _track(label: str, rows: Iterable[T], length: int) -> Iterator[T]:
    if not sys.stderr.isatty() or not length:
        yield from rows
        return
    with click.progressbar(rows, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def _line(name: str, words: str) -> None:
    click.echo(f"{name:<9}  {visible(words, newlines=False)}".rstrip())


def _list(title: str, rows: Sequence[tuple[list[int], str]]) -> None:
    if not rows:
        return
    _line(title, str(len(rows)))
    for numbers, words in rows[:SHOWN]:
        which = f"item{'s' if len(numbers) > 1 else ''} {clip(', '.join(map(str, numbers)), 40)}"
        _line("", f"{which:<8}  {words}")
    if len(rows) > SHOWN:
        _line("", f"and {len(rows) - SHOWN} more (--json lists all)")


def _passed_over(library: PictureLibrary) -> None:
    if library.passed_over:
        _line("not taken", str(len(library.passed_over)))
        for name, why in library.passed_over[:SHOWN]:
            _line("", f"{visible(name, newlines=False)}: {why}")


def _whence(one: Standing) -> str:
    if one.how == "cache" and one.source.startswith(("http://", "https://")):
        return "fetched"
    return f"from {clip(str(Path(one.source).parent) if one.how == 'cache' else one.source, 80)}, by {one.how}"


def _why(one: Standing) -> str:
    if one.state == "failed":
        return f"{one.reason}. {one.source}, on {one.at[:10]}"
    return f"{one.reason}. {one.item.image_url}" if one.state != "damaged" else one.reason


def _as_dict(one: Standing) -> dict[str, Any]:
    return {
        "item": one.item.index,
        "url": one.item.image_url,
        "state": one.state,
        "file": str(one.path) if one.path else None,
        "how": one.how or None,
        "source": one.source or None,
        "reason": one.reason or None,
        "at": one.at or None,
        "permanent": one.permanent,
    }


def _as_list(done: Iterable[Adopted], status: str) -> list[dict[str, Any]]:
    return [
        {"item": one.item.index, "file": one.path.name if one.path else None, "reason": one.reason}
        for one in done
        if one.status == status
    ]
