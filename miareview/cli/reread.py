"""`miareview reread`: stored replies read again by today's reader, and kept beside what was read before."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from miareview import __version__
from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import looker_option, note_peek
from miareview.cli.streams import printable
from miareview.text import visible

if TYPE_CHECKING:
    from fractions import Fraction

    from miareview.model import Judgment
    from miareview.rereading import Change
    from miareview.store.reply_readings import StoredReading

MANY = 1000  # replies from which a progress bar is worth it


@click.command("reread")
@click.option("--dry-run", is_flag=True, help="Say what would be read otherwise, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@looker_option
@click.pass_obj
def command(context: Context, dry_run: bool, as_json: bool, looker: str | None) -> None:
    """Read the judges' replies in the database again, with the reader of this version.

    Where it reads otherwise, the new reading is kept beside the old one, and counts from then on, in every number and
    on every screen. Nothing that was read before is changed, nor what people said. A second time changes nothing.

    Example: miareview reread --dry-run
    """
    from miareview.rereading import changes
    from miareview.store.reply_readings import add_readings, count_replies, stored_readings

    reader = f"miareview {__version__}"
    with context.open_store(reading=dry_run) as store:
        total = count_replies(store)
        found = list(changes(store, _with_bar(stored_readings(store), total)))
        if found:
            note_peek(store, looker, "reread")
        kept = 0 if dry_run or not found else add_readings(store, [(one.before, one.now) for one in found], reader)
        judges = {judge.id: judge.label for judge in store.judges()}
        weights = store.weights({one.before.response for one in found})
    if as_json:
        counts: Counter[str] = Counter(one.differs for one in found)
        put_json(
            {
                "reader": reader,
                "dry_run": dry_run,
                "replies": total,
                "kept": kept,
                "differs": {name: counts[name] for name in ("points", "warnings", "words")},
                "changes": [_document(one, judges[one.before.judge]) for one in found],
            }
        )
        return
    for one in found:
        _put(one, judges[one.before.judge], weights[one.before.response])
    _sum_up(found, total, kept, dry_run)


def _with_bar(replies: Iterable[StoredReading], total: int) -> Iterable[StoredReading]:
    """The replies, with a progress bar where they are many and somebody looks on."""
    if total < MANY or not sys.stderr.isatty():
        yield from replies
        return
    with click.progressbar(replies, length=total, label="Reading replies", file=sys.stderr) as bar:
        yield from bar


def _document(one: Change, judge: str) -> dict[str, Any]:
    before, now = one.before, one.now
    return {
        "judge": judge, "item": before.number, "model": before.model, "repeat": before.repeat,
        "judgment": before.judgment, "differs": one.differs,
        "before": {
            "reader": before.reader, "status": before.status, "warnings": list(before.warnings),
            "points": [_float(points) for points in before.points], "total": _total(before),
            "words": [before.words(place) for place in range(1, len(before.points) + 1)],
        },
        "now": {
            "status": now.status, "warnings": list(now.warnings),
            "points": [_float(score.points) for score in now.sub_scores], "total": _total(now),
            "words": [_words(before.raw, score.start, score.end) for score in now.sub_scores],
        },
    }  # fmt: skip


def _put(one: Change, judge: str, weights: dict[int, int]) -> None:
    """What differs, in lines; a reading that only points at other words of the same points has none."""
    if one.differs == "words":
        return
    before, now = one.before, one.now
    head = f"{judge}, item {before.number}, {before.model}" + (f", repeat {before.repeat}" if before.repeat else "")
    said = (_how(before.status, before.warnings), _how(now.status, now.warnings))
    _say(f"{head}: {said[0]} → {said[1]}" if said[0] != said[1] else head, bold=True)
    for score, points in zip(now.sub_scores, before.points, strict=True):
        if score.points != points:
            words = _words(before.raw, score.start, score.end)
            given = f"{_number(points)} → {_number(score.points)} of {weights[score.position]}"
            place = f", read from “{' '.join(words.split())}”" if words else ""
            _say(f"  component {score.position}: {given}{place}")
    if before.stated_total != now.stated_total:
        _say(f"  total: {_slash(before.stated_total)} → {_slash(now.stated_total)}")


def _sum_up(found: list[Change], total: int, kept: int, dry_run: bool) -> None:
    if not found:
        click.echo(f"All {total:,} replies are read today as they are kept.")
        return
    counts: Counter[str] = Counter(one.differs for one in found)
    told = [
        f"{counts[name]:,} with {what}"
        for name, what in (
            ("points", "other points"),
            ("warnings", "another status or other warnings alone"),
            ("words", "the same points from other words"),
        )
        if counts[name]
    ]
    click.echo(f"{len(found):,} of {total:,} replies are read otherwise today: {', '.join(told)}.")
    if dry_run:
        talk("Nothing was changed (--dry-run).")
    else:
        click.echo(f"{kept:,} new readings are kept beside the old ones, and count from now on.")


def _how(status: str, warnings: Iterable[str]) -> str:
    names = ", ".join(name.replace("_", " ") for name in warnings)
    return f"{status} ({names})" if names else status


def _words(raw: str, start: int | None, end: int | None) -> str | None:
    return None if start is None else raw[start:end]


def _total(reading: StoredReading | Judgment) -> list[float] | None:
    return None if reading.stated_total is None else [float(number) for number in reading.stated_total]


def _slash(total: tuple[Fraction, Fraction] | None) -> str:
    return "none" if total is None else "/".join(_number(number) for number in total)


def _float(points: Fraction | None) -> float | None:
    return None if points is None else float(points)


def _number(points: Fraction | None) -> str:
    return "–" if points is None else f"{float(points):g}"


def _say(line: str, bold: bool = False) -> None:
    click.echo(click.style(printable(visible(line, newlines=False)), bold=bold))
