"""`miareview agreement`: judge against people, people against people."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.looking import looker_option, note_peek, put_peeks
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import UsageError
from miareview.words.flags import say
from miareview.words.labels import SOME_SETTLED, labels_lines
from miareview.words.left_out import left_out_lines
from miareview.words.numbers import interval, number
from miareview.words.second import calibration_lines, second_lines

if TYPE_CHECKING:
    from miareview.stats.agreement.table import AgreementTable, Group

DIMENSIONS = ("category", "model", "difficulty", "weight", "reviewer")


@click.command("agreement")
@click.option("--by", "by", help=f"Break down by any of {', '.join(DIMENSIONS)}, with commas between.")
@click.option("--judge", metavar="NAME", help="Whose scores; the default judge if not given (`judge use`).")
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--assisted", is_flag=True, help="Also scores given with the judge in view.")
@click.option("--judges", "all_judges", is_flag=True, help="Also the other judges, each against this one.")
@click.option("--confusion", is_flag=True, help="Also the confusion matrix of points for every weight.")
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    by: str | None,
    judge: str | None,
    benchmark: str | None,
    assisted: bool,
    all_judges: bool,
    confusion: bool,
    looker: str | None,
    as_json: bool,
) -> None:
    """How far the judge and people agree, from blind reviews, with intervals clustered on the benchmark's items.

    People among themselves stand beside the judge: more agreement than theirs cannot be asked of it.

    Example: miareview agreement --by category,model
    """
    wanted = tuple(word.strip() for word in (by or "").split(",") if word.strip())
    unknown = [word for word in wanted if word not in DIMENSIONS]
    if unknown:
        raise UsageError(f"--by does not know {unknown[0]!r}.", f"It knows {', '.join(DIMENSIONS)}.")
    from miareview.review.practice import calibrations
    from miareview.review.score_columns import score_columns
    from miareview.review.second import all_second_readings
    from miareview.stats.agreement.table import agreement_table
    from miareview.stats.frame import build_frame
    from miareview.store.sight import peeks

    with context.open_store(reading=True) as store:
        columns = score_columns(store, judge, benchmark, all_judges=all_judges)
        note_peek(store, looker, "agreement")
        early = peeks(store)
        second = all_second_readings(store, columns.benchmark)
        calibrated = calibrations(store, columns.benchmark)
    table = agreement_table(build_frame(columns), wanted, include_assisted=assisted)
    if as_json:
        more = {name: [asdict(one) for one in found] for name, found in (("calibration", calibrated), ("peeks", early))}
        put_json(table.to_json(say) | {"second": [one.to_json(say) for one in second]} | more)
    else:
        put_agreement(table, confusion)
        put_lines("Training and repeats", [line for found in calibrated for line in calibration_lines(found)])
        put_lines("Second readings", [line for found in second for line in second_lines(found)])
        put_peeks(early)


def put_agreement(table: AgreementTable, confusion: bool = False) -> None:
    """Print the agreement for a person; what is undefined says why."""
    from miareview.stats.agreement.ceiling import FEW_ITEMS
    from miareview.words.agreement import reach, stands_in

    blind = "blind reviews only" if all(group.blind_only for group in table.groups) else "blind and assisted reviews"
    put_line(f"judge {table.judge or 'none'} · {blind} · 95 % intervals clustered on items")
    click.echo("")
    shown = [group for group in table.groups if group.kind == "judge-human" or not group.by] + list(table.beside)
    head = ["group", "raters", "items", "units", "α interval", "95 %", "α people", "95 %", "√α", "α ordinal",
            "α nominal", "AC1", "bias", "95 %", "MAE", "exact"]  # fmt: skip
    people = any(group.kind == "human-human" for group in table.groups)
    columns = [column for column in range(len(head)) if people or column not in (6, 7, 8)]
    if not any(group.units for group in table.groups):
        click.echo("Nobody has committed a review yet: miareview review --as YOUR-NAME\n")
    put_table(
        [head[column] for column in columns],
        [[row[column] for column in columns] for row in (_row(table, group) for group in shown)],
        left=2,
        dim=[number for number, group in enumerate(shown) if group.few],
        spare=[columns.index(column) for column in (10, 9, 14, 3, 7, 13, 11, 1, 6, 8) if column in columns],
    )
    put_lines(
        "How to read this",
        [
            "α: Krippendorff's alpha on points / weight; bias: first rater − second, so + is a lenient judge;"
            " MAE: mean absolute difference; exact: share of equal points; fractions of 1",
            *(
                ["α people: of people among themselves; √α: the most that any judge could reach with them"]
                if people
                else []
            ),
            *([f"few: below {FEW_ITEMS} items, a rough figure"] if any(group.few for group in shown) else []),
        ],
    )
    overall = table.people({})
    put_lines("How far people agree", [reach(overall)] if overall else [])
    test = stands_in(table.alternative) if table.alternative else ""
    put_lines("Alternative annotator test", [test] if test else [])
    said: dict[str, list[str]] = {}
    for group in shown:
        for why in (group.alpha["interval"].why, *group.flags):
            if why:
                said.setdefault(say(why), []).append(_name(group) if group.kind == "judge-human" else _label(group))
    put_lines(
        "Not given, or to keep in mind", [f"{', '.join(dict.fromkeys(names))}: {why}" for why, names in said.items()]
    )
    if any(group.units and not group.representative for group in table.groups):
        put_lines(
            "Not representative",
            ["Some reviews were not drawn at random: these figures describe the reviewed responses, not all of them."],
        )
    if any(group.kind.endswith("-gold") and group.units and not group.representative for group in table.beside):
        put_lines("Gold", [SOME_SETTLED])
    if confusion:
        _put_confusion(table.groups[0])
    put_lines("Labels", labels_lines(table.standing, table.relabelled))
    put_lines("Left out", left_out_lines(table.left_out))


def _row(table: AgreementTable, group: Group) -> list[str]:
    from miareview.stats.agreement.ceiling import most_reachable

    alpha = group.alpha["interval"]
    people = table.people(group.by) if group.kind == "judge-human" and "reviewer" not in group.by else None
    ceiling = people.alpha["interval"] if people else None
    return [
        _name(group),
        " – ".join(group.raters),
        f"{group.items} few" if group.few and group.items else str(group.items),
        str(group.units),
        number(alpha.value),
        interval(alpha.low, alpha.high),
        number(ceiling.value) if ceiling else "",
        interval(ceiling.low, ceiling.high) if ceiling else "",
        number(most_reachable(ceiling.value)) if ceiling else "",
        number(group.alpha["ordinal"].value),
        number(group.alpha["nominal"].value),
        number(group.ac1),
        number(group.bias[0], True),
        interval(group.bias[1], group.bias[2], True),
        number(group.mae),
        number(group.exact),
    ]


def _name(group: Group) -> str:
    return ", ".join(group.by.values()) or "all"


def _label(group: Group) -> str:
    return f"{_name(group)} ({' – '.join(group.raters)})"


def _put_confusion(group: Group) -> None:
    for weight, counts in group.confusion.items():
        judge, person = group.raters[:2]
        click.echo("")
        put_line(f"weight {weight}: rows are {judge}'s points, columns {person}'s")
        head = ["", *(str(points) for points in range(len(counts)))]
        put_table(head, [[str(points), *map(str, row)] for points, row in enumerate(counts)])
