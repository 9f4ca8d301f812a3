"""`miareview judge readings`: how replies were read, and from which words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json
from miareview.cli.looking import looker_option, note_peek
from miareview.cli.streams import printable

if TYPE_CHECKING:
    from miareview.store.reply_readings import HowRead, StoredReading


SHOWN = 3  # scores with their words that `judge status` gives of each judge


@click.command("readings")
@click.option("--why", metavar="NAME", help="Only replies with this warning or status: several_verdicts, unparsed, …")
@click.option("--all", "every", is_flag=True, help="Replies that were read without a doubt too.")
@click.option("--item", type=click.IntRange(0), metavar="N", help="All replies to responses to item N, and no others.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@looker_option
@click.pass_obj
def command(
    context: Context, why: str | None, every: bool, item: int | None, as_json: bool, looker: str | None
) -> None:
    """Replies that were read with a warning or not read, with the words that were taken for scores.

    What this version would read otherwise, `miareview reread --dry-run` says.

    Examples: miareview judge readings --why weights_or_scores, miareview judge readings --item 12
    """
    from miareview.store.reply_readings import stored_readings

    every = every or item is not None or why == "ok"
    with context.open_store(reading=True) as store:
        note_peek(store, looker, "judge readings")
        judges = {judge.id: judge.label for judge in store.judges()}
        weights = {one.id: one.weights for one in store.items()}
        counts: Counter[str] = Counter()
        listed: list[dict[str, Any]] = []
        total = 0
        for one in stored_readings(store):
            total += 1
            names = {one.status, *one.warnings}
            if (
                (one.status == "ok" and not every)
                or (why is not None and why not in names)
                or (item is not None and one.number != item)
            ):
                continue
            counts.update(one.warnings or [one.status])
            listed.append(_document(one, judges[one.judge], weights[one.item]))
    if as_json:
        put_json({"replies": total, "counts": dict(counts), "readings": listed})
        return
    for document in listed:
        _put(document)
    shown = "are listed" if every or why else "were read with a warning or not read"
    click.echo(f"{len(listed)} of {total} replies {shown}." + (" --json has their words." if listed else ""))


def how_told(how: HowRead, weights: Mapping[str, tuple[int, ...]]) -> str:
    """How a judge's replies were read, with a score or two and the words they were read from; no reply is named."""
    if not how.scores:
        return ""
    told = f"{how.read:,} of {how.scores:,} scores"
    told += f"; nothing of {how.nothing:,} replies" if how.nothing else ""
    told += f"; {how.again:,} replies read again" if how.again else ""
    said = [part["say"] for one in how.examples for part in _components(one, weights[one.item]) if part["statement"]]
    return told + "".join(f"; {words}" for words in list(dict.fromkeys(said))[:SHOWN])


def reading_document(how: HowRead, weights: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """The same for `judge status --json`."""
    return {
        "scores": how.scores, "read": how.read, "replies_with_nothing": how.nothing, "read_again": how.again,
        "examples": [{"status": one.status, "components": _components(one, weights[one.item])} for one in how.examples],
    }  # fmt: skip


def _components(one: StoredReading, weights: tuple[int, ...]) -> list[dict[str, Any]]:
    from miareview.words.read_from import read_from, statement

    found = []
    for position, (points, weight) in enumerate(zip(one.points, weights, strict=True), start=1):
        said = statement(one.raw, one.spans, position)
        found.append(
            {
                "component": position, "points": None if points is None else float(points), "weight": weight,
                "words": one.words(position), "statement": said, "say": read_from(points, weight, said),
            }
        )  # fmt: skip
    return found


def _document(one: StoredReading, judge: str, weights: tuple[int, ...]) -> dict[str, Any]:
    return {
        "judge": judge, "item": one.number, "model": one.model, "repeat": one.repeat, "judgment": one.judgment,
        "status": one.status, "warnings": list(one.warnings), "reader": one.reader, "readings": one.times + 1,
        "total": None if one.stated_total is None else [float(number) for number in one.stated_total],
        "components": _components(one, weights), "reply": one.raw,
    }  # fmt: skip


def _put(one: dict[str, Any]) -> None:
    why = ", ".join(one["warnings"]).replace("_", " ")
    told = one["status"] + (f": {why}" if why and why != one["status"] else "")
    again = f", read again by {one['reader']}" if one["reader"] else ""
    _say(f"{one['judge']}, item {one['item']}, {one['model']}: {told}{again}", bold=True)
    for part in one["components"]:
        _say(f"  component {part['component']}: {part['say']}")


def _say(line: str, bold: bool = False) -> None:
    from miareview.text import visible

    click.echo(click.style(printable(visible(line, newlines=False)), bold=bold))
