"""`miareview browse`: the list of what is there, filtered, sorted and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import list_looker_option, who_looks
from miareview.cli.review import images_option, on_terminal, open_beside
from miareview.cli.table import put_line, put_lines, put_table

if TYPE_CHECKING:
    from miareview.browse.rows import Page
    from miareview.store.browse_query import FoundRow

TEXT = 60  # characters of an answer in a row


@click.command("browse")
@click.option("--filter", "words", default="", help="What to show, as in 'cat:math judge>=80% people<=50%'.")
@click.option(
    "--unit", type=click.Choice(["response", "component", "item"]), help="What a row is.  [default: response]"
)
@click.option("--sort", help="Columns with commas between; - before one turns it round, as in -delta,item.")
@click.option("--view", help="A kept view, or one of those that come along (see above).")
@click.option("--facet", help="Also count the values of this column.")
@click.option("--limit", type=click.IntRange(min=0), help="The most rows to print.  [default: 50]")
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@list_looker_option
@images_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    words: str,
    unit: str | None,
    sort: str | None,
    view: str | None,
    facet: str | None,
    limit: int | None,
    judge: str | None,
    benchmark: str | None,
    reviewer: str | None,
    renderer: str,
    as_json: bool,
) -> None:
    """Rows of responses, components or items, with judge and people beside each other and why to look.

    On a terminal this opens the list in the app; with --json, --facet or --limit, or without a terminal, it prints.

    Words of a filter: item, cat, diff, model, judge, people, delta, reviewers, gold, why, reason, who, queue, status,
    read, words, text, reply, comment, flag. A - before a word negates it, commas mean "or".

    Views: unread, witness, self, delta, people, flagged, unreviewed.

    Example: miareview browse --filter 'why:witness cat:length_limit' --sort -delta --facet model
    """
    from miareview.browse.rows import browse, open_view, question, refresh
    from miareview.browse.sight import sight_of
    from miareview.review.named import find_benchmark, find_judge
    from miareview.store.place import may_write

    printed = as_json or facet is not None or limit is not None or not (on_terminal() and may_write(context.db))
    with context.open_listed() as store:
        named = find_benchmark(store, benchmark)
        chosen = find_judge(store, judge)
        kept = open_view(store, view) if view else None
        words = " ".join(filter(None, (kept.filter if kept else "", words)))
        unit = unit or (kept.unit if kept else "response")
        sort = sort if sort is not None else (kept.sort if kept else "item")
        asked = question(named, unit, words, sort)
        if not printed:
            store.close()
            open_beside(context, reviewer, named, judge, renderer, lambda to: to.browse(named, words, unit, sort))
        summarised = refresh(store, chosen.id if chosen else None)
        if summarised > 1000:
            talk(f"{summarised} responses were made ready for browsing; from now on only what is new is.")
        page = browse(
            store, asked, sight_of(store, who_looks(store, reviewer)), judge=chosen.label if chosen else "",
            filter=words, limit=50 if limit is None else limit, facet=facet,
        )  # fmt: skip
    if as_json:
        put_json(page.to_json())
    else:
        put_page(page, facet)


def put_page(page: Page, facet: str | None = None) -> None:
    """Print the rows for a person."""
    held = f" · {page.held_back} more held back (your blind queues)" if page.held_back else ""
    put_line(f"{page.benchmark} · judge {page.judge or 'none'} · {page.matched} {page.unit}s match{held}")
    click.echo("")
    if facet is not None:
        put_table([facet, "n"], [["–" if value is None else str(value), str(n)] for value, n in page.facet])
        click.echo("")
    heads = {
        "response": ["item", "diff", "model", "judge", "people", "Δ", "n", "gold", "why", "words"],
        "component": ["item", "comp", "category", "model", "judge", "people", "Δ", "n", "gold", "why"],
        "item": ["item", "diff", "responses", "judge", "people", "Δ", "n"],
    }
    if page.rows:
        put_table(heads[page.unit], [_cells(row, page.unit) for row in page.rows], left=3)
    if page.matched > len(page.rows):
        put_line(f"… {page.matched - len(page.rows)} more; --limit shows them")
    if any(row.why for row in page.rows):
        put_lines("why", [_legend(page.rows)])


def _cells(row: FoundRow, unit: str) -> list[str]:
    from miareview.browse.rows import badges

    points = [_points(row.judge), _points(row.people), _points(row.delta, True)]
    people = "" if row.reviewers is None else str(row.reviewers)
    if unit == "item":
        return [str(row.item), row.difficulty, str(row.responses), *points, people]
    points[0] = f"{points[0]}/{row.weight}" if row.judge is not None else "–"
    why, gold = badges(row.why), row.gold or ""
    if unit == "component":
        return [str(row.item), str(row.component), row.category or "", row.model or "", *points, people, gold, why]
    return [str(row.item), row.difficulty, row.model or "", *points, people, gold, why, str(row.words)]


def _points(points: float | None, signed: bool = False) -> str:
    if points is None:
        return "–"
    return f"{points:+.3g}".replace("-", "−") if signed else f"{points:.3g}"


def _legend(rows: tuple[FoundRow, ...]) -> str:
    from miareview.browse.rows import why_of
    from miareview.filters import BADGES, WHY

    there = {name for row in rows for name in why_of(row.why)}
    return " · ".join(f"{BADGES[name]} {WHY[name]}" for name in WHY if name in there)
