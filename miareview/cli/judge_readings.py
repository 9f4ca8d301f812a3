"""`miareview judge readings`: which replies were read with a warning, or not, and from which words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json

if TYPE_CHECKING:
    from miareview.store.reading_audit import StoredReading


@click.command("readings")
@click.option("--why", metavar="NAME", help="Only replies with this warning or status: several_verdicts, unparsed, …")
@click.option("--again", is_flag=True, help="Only replies that would be read otherwise today. Nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(context: Context, why: str | None, again: bool, as_json: bool) -> None:
    """Replies that were read with a warning or not read, with the words that were taken for scores.

    Example: miareview judge readings --why weights_or_scores
    """
    from miareview.store.reading_audit import stored_readings

    with context.open_store() as store:
        judges = {judge.id: judge.label for judge in store.judges()}
        items = {item.id: item for name in store.benchmarks() for item in store.items(name)} if again else {}
        counts: Counter[str] = Counter()
        listed: list[dict[str, Any]] = []
        total = 0
        for one in stored_readings(store):
            total += 1
            now = _read_again(one, items) if again else None
            names = {one.status, *one.warnings}
            if (again and now is None) or (not again and one.status == "ok") or (why is not None and why not in names):
                continue
            counts.update(one.warnings or [one.status])
            listed.append(_document(one, judges[one.judge]) | ({"now": now} if now else {}))
    if as_json:
        put_json({"replies": total, "counts": dict(counts), "readings": listed})
        return
    _put(listed, total, again)


def _document(one: StoredReading, judge: str) -> dict[str, Any]:
    components = [
        {"component": position, "points": None if points is None else float(points), "words": one.words(position)}
        for position, points in enumerate(one.points, start=1)
    ]
    return {
        "judge": judge, "item": one.number, "model": one.model, "repeat": one.repeat, "judgment": one.judgment,
        "status": one.status, "warnings": list(one.warnings), "components": components, "reply": one.raw,
    }  # fmt: skip


def _read_again(one: StoredReading, items: dict[str, Any]) -> dict[str, Any] | None:
    """How the reply is read today, None where that is as it was."""
    from miareview.judge.judgment import read_judgment

    finish = "length" if "truncated" in one.warnings else None
    now = read_judgment(one.raw, items[one.item], "", one.judge, one.repeat, finish)
    points = tuple(score.points for score in now.sub_scores)
    if points == one.points and (now.status == "ok") == (one.status == "ok"):
        return None
    told = [None if value is None else float(value) for value in points]
    return {"status": now.status, "warnings": list(now.warnings), "points": told}


def _put(listed: list[dict[str, Any]], total: int, again: bool) -> None:
    for one in listed:
        why = ", ".join(one["warnings"]).replace("_", " ")
        told = one["status"] + (f": {why}" if why and why != one["status"] else "")
        again_as = one["now"]["points"] if again else []
        _say(f"{one['judge']}, item {one['item']}, {one['model']}: {told}", bold=True)
        for place, part in enumerate(one["components"]):
            now = f"  today: {_number(again_as[place])}" if again else ""
            words = f"  from {' '.join(part['words'].split())!r}" if part["words"] else ""
            _say(f"  component {part['component']}: {_number(part['points'])}{words}{now}")
    doubtful = "would be read otherwise today" if again else "with a warning or not read"
    click.echo(f"{len(listed)} of {total} replies {doubtful}." + (" --json has their words." if listed else ""))


def _say(line: str, bold: bool = False) -> None:
    from miareview.text import visible

    click.echo(click.style(visible(line, newlines=False), bold=bold))


def _number(points: float | None) -> str:
    return "–" if points is None else f"{points:g}"
