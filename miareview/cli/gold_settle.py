"""`miareview gold list`, `settle`, `reopen`, `relabel`: what becomes of single labels."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import by_option, list_looker_option, who_looks
from miareview.cli.table import put_line, put_table
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.gold.settler import Settler
    from miareview.gold.work import Row
    from miareview.store.store import Store

benchmark_option = click.option(
    "--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given."
)


@click.command("list")
@click.option("--filter", "words", help="Only what these words match, as in `miareview browse --unit component`.")
@click.option("--all", "everything", is_flag=True, help="Every label, not only what is to be settled.")
@click.option("--names", is_flag=True, help="Say who gave what.")
@benchmark_option
@list_looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_(
    context: Context,
    words: str | None,
    everything: bool,
    names: bool,
    benchmark: str | None,
    reviewer: str | None,
    as_json: bool,
) -> None:
    """What is to be settled: disputed, flagged, or written under another guideline; the most points at stake first.

    With --filter or --all every label is listed, in whatever state. People's names are hidden: R1, R2 on each item.

    Example: miareview gold list --filter 'cat:math gold:disputed'
    """
    from miareview.gold.work import read_labels
    from miareview.review.named import find_benchmark

    with context.open_listed() as store:
        name = find_benchmark(store, benchmark)
        looker = who_looks(store, reviewer)
        found = read_labels(store, name, looker)
        rows = list(found.rows) if everything or words is not None else found.work()
        if words is not None:
            kept = _matching(store, name, words, looker)
            rows = [row for row in rows if row.key in kept]
    if as_json:
        put_json({"rows": [_document(row, names) for row in rows], "held_back": found.held_back})
        return
    shown = [
        [row.category, str(row.item.index), row.response.model, str(row.component.position), str(row.component.weight),
         row.label.source, " ".join(_values(row)), ", ".join(row.label.people) if names else str(len(row.label.people)),
         " ".join(row.flags)]
        for row in rows
    ]  # fmt: skip
    if shown:
        put_table(["category", "item", "model", "component", "of", "state", "values", "who", "flags"], shown, left=1)
    put_line(f"{len(shown)} labels" if shown else "Nothing is to be settled." if words is None else "Nothing matches.")
    if found.held_back:
        put_line(f"{found.held_back} responses are held back: they wait in an unfinished blind queue of {looker}.")


def _matching(store: Store, benchmark: str, words: str, looker: str | None) -> set[tuple[str, int]]:
    """(response, position) of the components that a filter matches."""
    from miareview.browse.rows import browse, question, refresh
    from miareview.browse.sight import sight_of
    from miareview.review.named import find_judge

    judge = find_judge(store, None)
    refresh(store, judge.id if judge else None)
    asked = question(benchmark, "component", words, "item")
    rows = browse(store, asked, sight_of(store, looker), limit=-1).rows
    return {(row.response, row.component) for row in rows if row.response is not None and row.component is not None}


def _values(row: Row) -> list[str]:
    from miareview.model import points_text

    return ["x" if value is None else points_text(value) for value in row.label.values]


def _document(row: Row, names: bool) -> dict[str, Any]:
    label = row.label
    return {
        "item": row.item.index,
        "model": row.response.model,
        "component": row.component.position,
        "category": row.category,
        "weight": row.component.weight,
        "state": label.source,
        "values": [None if value is None else float(value) for value in label.values],
        "guideline": row.guideline,
        "flags": list(row.flags),
        **({"people": list(label.people)} if names else {}),
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """A component of a model's answer to an item."""

    item: int
    model: str
    component: int
    benchmark: str | None

    def __str__(self) -> str:
        return f"Item {self.item}, {self.model}, component {self.component}"


def _at(command: Any) -> Any:
    """Options that make `place`, a _Place, and `by`, who settles."""

    @functools.wraps(command)
    def wrapped(*args: Any, item: int, model: str, component: int, benchmark: str | None, by: str, **more: Any) -> Any:
        return command(*args, place=_Place(item, model, component, benchmark), by=by, **more)

    for option in (
        by_option,
        benchmark_option,
        click.option("--component", required=True, type=click.IntRange(1), help="Its place in the item, from 1."),
        click.option("--model", required=True, metavar="NAME", help="Whose answer."),
        click.option("--item", required=True, type=click.IntRange(0), help="The item's number."),
    ):
        wrapped = option(wrapped)
    return wrapped


def _find(store: Store, by: str, place: _Place) -> tuple[Settler, Row]:
    from miareview.gold.settler import Settler
    from miareview.review.named import find_benchmark
    from miareview.store.register import known_person

    settler = Settler(store, known_person(store, by), find_benchmark(store, place.benchmark))
    row = settler.row(place.item, place.model, place.component)
    if row is None:
        raise DataError(
            f"There is no component {place.component} of an answer of {place.model!r} to item {place.item} that you"
            " may see.",
            "See `miareview gold list --all`, `miareview browse`.",
        )
    return settler, row


@click.command("settle")
@_at
@click.option("--points", metavar="P", help="How many points it gets: 2, 2.5 or 7/3.")
@click.option("--ungradable", metavar="WHY", help="Why it cannot be graded.")
@click.option("--rule", type=click.IntRange(1), help="Number of the rule that it rests on.")
@click.option("--note", default="", help="Words that travel with the label.")
@click.option("--own", is_flag=True, help="You scored it yourself, and say that you know; the label carries it.")
@click.pass_obj
def settle(
    context: Context,
    place: _Place,
    by: str,
    points: str | None,
    ungradable: str | None,
    rule: int | None,
    note: str,
    own: bool,
) -> None:
    """Settle the label of one component.

    Example: miareview gold settle --item 11 --model llava-13b --component 2 --points 0 --by carol --rule 7
    """
    if (points is None) == (ungradable is None):
        raise UsageError("A label is --points P or --ungradable WHY.")
    value = None if points is None else _points(points)
    with context.open_store() as store:
        settler, row = _find(store, by, place)
        settler.settle(row, value, ungradable, rule=rule, note=note, own=own)
    talk(f"{place} is settled: {points if points is not None else ungradable}.")


def _points(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"{text!r} is no number of points.", "Write 2, 2.5 or 7/3.") from None


@click.command("keep")
@_at
@click.option("--note", default="", help="Why.")
@click.pass_obj
def keep(context: Context, place: _Place, by: str, note: str) -> None:
    """Leave a label disputed: somebody looked, and there is none.

    Example: miareview gold keep --item 11 --model llava-13b --component 2 --by carol
    """
    with context.open_store() as store:
        settler, row = _find(store, by, place)
        settler.keep(row, note)
    talk(f"{place} stays disputed.")


@click.command("send-back")
@_at
@click.option("--note", default="", help="Why.")
@click.pass_obj
def send_back(context: Context, place: _Place, by: str, note: str) -> None:
    """Send a label back for a new blind round: it is disputed until it was scored again.

    Example: miareview gold send-back --item 11 --model llava-13b --component 2 --by carol
    """
    with context.open_store() as store:
        settler, row = _find(store, by, place)
        settler.send_back(row, note)
        able = settler.blind_readers(row)
    who = f"{', '.join(able)} can score it again blind" if able else "its judge was shown to all who scored it"
    talk(f"{place} is sent back; {who}. Next, for whoever has not seen the judge: miareview queue create NAME --again")


@click.command("reopen")
@_at
@click.option("--note", default="", help="Why.")
@click.pass_obj
def reopen(context: Context, place: _Place, by: str, note: str) -> None:
    """Open a label again that was settled, kept disputed or sent back.

    Example: miareview gold reopen --item 11 --model llava-13b --component 2 --by carol
    """
    with context.open_store() as store:
        settler, row = _find(store, by, place)
        settler.reopen(row, note)
    talk(f"{place} is open again.")


@click.command("relabel")
@click.option("--item", required=True, type=click.IntRange(0), help="The item's number.")
@click.option("--component", required=True, type=click.IntRange(1), help="Its place in the item, from 1.")
@click.option("--category", required=True, help="The category; the benchmark's own takes the relabelling back.")
@benchmark_option
@by_option
@click.pass_obj
def relabel(context: Context, item: int, component: int, category: str, benchmark: str | None, by: str) -> None:
    """Give a component another category. The benchmark's stays beside it.

    Example: miareview gold relabel --item 11 --component 2 --category math --by carol
    """
    from miareview.review.named import find_benchmark
    from miareview.store.gold import relabelled
    from miareview.store.ledger import append
    from miareview.store.register import known_person

    with context.open_store() as store:
        found = [one for one in store.items(find_benchmark(store, benchmark)) if one.index == item]
        if not found or component > len(found[0].components):
            raise DataError(f"There is no component {component} of an item {item}.", "Items count from 0.")
        own = found[0].components[component - 1].category
        append(
            store, relabelled(known_person(store, by), found[0].id, component, None if category == own else category)
        )
    talk(f"Item {item}, component {component}: {category} (the benchmark says {own}).")
