"""`miareview judge compare`: which judge is closer to people, steadier, cheaper, and whether it looks at pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json
from miareview.cli.judge_options import dollars, price_options
from miareview.cli.looking import looker_option, note_peek, writer
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import DataError, UsageError
from miareview.words.left_out import left_out_lines
from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.judge.budget import Prices
    from miareview.stats.agreement.group import Group
    from miareview.stats.judges.compare import Comparison, JudgeScore
    from miareview.store.store import Store


@click.command("compare", short_help="Judges against gold or people, against each other, and against themselves.")
@click.option(
    "--judge", "judges", multiple=True, metavar="NAME", help="Only this judge (label, name or id); may be repeated."
)
@click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given.")
@click.option("--gold", "split", type=click.Choice(["tune", "dev", "test"]),
              help="Only against the labels of this split (`gold split`); the test split decides once.")  # fmt: skip
@click.option("--again", is_flag=True, help="With --gold test: once more, on judges it has not decided on; recorded.")
@click.option("--probes", "noticing", is_flag=True,
              help="Also what each noticed of the probes beside the database (`judge probe`).")  # fmt: skip
@price_options
@looker_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def command(
    context: Context,
    judges: tuple[str, ...],
    benchmark: str | None,
    split: str | None,
    again: bool,
    noticing: bool,
    prices: Prices,
    looker: str | None,
    as_json: bool,
) -> None:
    """Choose between judges and prompts: coverage, agreement with people, paired differences, repeats, cost, pictures.

    With --gold only labels count (settled, unanimous, single), as in `gold export`. The test split decides once: its
    judges are written down with --as, the same comparison may be made again, and one of other judges is refused.

    \b
    Example: miareview judge compare --judge gpt-4o --judge gpt-4o-mini --price-in 2.5 --price-out 10
             miareview judge compare --gold test --as carol
    """
    if again and split != "test":
        raise UsageError("--again goes with --gold test: only the test split is used up.")
    from miareview.cli.judge_noticed import noticed_json, put_noticed
    from miareview.probing.beside import probes_beside
    from miareview.review.score_columns import judges_beside
    from miareview.stats.frame import build_frame
    from miareview.stats.judges.compare import compare_judges
    from miareview.store.gold import split_of

    with context.open_store(reading=split != "test") as store:
        if split is None:
            columns, runs = judges_beside(store, judges, benchmark)
            found = compare_judges(build_frame(columns), runs)
            tested = {item for item, part in split_of(store, columns.benchmark).items() if part == "test"}
            seen = bool(tested) and found.truth.items > 0
        else:
            found, seen = _on_split(store, judges, benchmark, split, looker, again), False
        note_peek(store, looker, "judge compare")
        probes = probes_beside(store, found.benchmark) if noticing else None
    if as_json:
        from miareview.words.judges import comparison_json

        more = noticed_json(probes, found.judges) if noticing else {}
        put_json(comparison_json(found, prices.cost) | more)
        return
    put_comparison(found, prices)
    if seen:
        put_lines("Splits", ["These figures use the labels of every split, the test's too: to choose, --gold dev."])
    if noticing:
        put_noticed(probes, found.judges)


def _on_split(
    store: Store, judges: Sequence[str], benchmark: str | None, split: str, looker: str | None, again: bool
) -> Comparison:
    """The judges against the labels of a split. Where it is the test that decides on them, that is recorded, before
    anything is said."""
    from miareview.gold.splits import decide, items_of
    from miareview.review.named import find_benchmark
    from miareview.review.score_columns import judges_beside, with_labels
    from miareview.stats.frame import build_frame
    from miareview.stats.judges.compare import compare_judges
    from miareview.stats.standing import Standing

    name = find_benchmark(store, benchmark)
    columns, runs = judges_beside(store, judges, name, items_of(store, name, split))
    columns, sources = with_labels(store, columns)
    standing = Standing(*(sources[source] for source in ("settled", "unanimous", "single", "disputed", "assisted")))
    found = compare_judges(build_frame(columns), runs, split=split, labels=standing)
    if all(judge.mae.value is None for judge in found.judges):
        raise DataError(
            f"No component of the {split} split has both a label and a judge's score yet.",
            "See `miareview gold status`.",
        )
    if split == "test":
        decide(store, name, split, [run.judge for run in runs], writer(store, looker), again)
    return found


def put_comparison(found: Comparison, prices: Prices) -> None:
    """Print the comparison for a person: tables for figures, a sentence for every answer."""
    from miareview.words.judges import closer, held_against, looks

    put_line(f"{found.benchmark} · {count(len(found.judges), 'judge')} · {held_against(found.truth)}")
    click.echo("")
    _put_judges(found.judges)
    put_lines(
        "How to read this",
        [
            "judged, complete: answers that have a reply; those of them with points for every component",
            "α, κ, bias, error, exact: against people, over components (points / weight); bias is the judge's leniency",
            "error: mean absolute error; intervals (95 %) resample items",
            *(
                ["few: below 30 items, a rough figure"]
                if any(j.against and j.against[0].few for j in found.judges)
                else []
            ),
        ],
    )
    put_lines("Judges of one name", _differences(found.judges))
    _put_categories(found.judges)
    put_lines("Leniency by model", [line for judge in found.judges for line in _by_model(judge)])
    put_lines("Lost", [_lost(judge) for judge in found.judges if judge.lost])
    put_lines("Which judge is closer to people", [closer(duel) for duel in found.duels])
    _put_duels(found)
    put_lines("Asked again", [_repeats(judge) for judge in found.judges if judge.repeats])
    put_lines("Pictures", [*(_sees(judge) for judge in found.judges), *(looks(probe) for probe in found.probes)])
    put_lines("Cost", [_cost(judge, prices) for judge in found.judges if judge.calls.calls])
    notes = []
    if found.truth.items and not found.truth.representative:
        notes.append("Some of the labelled responses were not drawn at random: the figures describe these responses.")
    if len(found.judges) > 2:
        notes.append("Many pairs are compared: of twenty without a difference one may look settled by chance.")
    put_lines("Keep in mind", notes)
    put_lines("Left out", left_out_lines(found.left_out))


def _put_judges(judges: Sequence[JudgeScore]) -> None:
    head = ["judge", "answers", "judged", "complete", "items", "units", "α", "95 %", "κ", "bias", "95 %"]
    head += ["error", "95 %", "exact"]
    rows = []
    for judge in judges:
        counted = [judge.label, str(judge.answers), str(judge.judged), str(judge.complete)]
        if not judge.against:  # nobody has scored anything blind
            rows.append([*counted, "0", "0", *[number(None)] * 8])
            continue
        group = judge.against[0]
        alpha = group.alpha["interval"]
        items = f"{group.items} few" if group.few and group.items else str(group.items)
        rows.append(
            [
                *counted, items, str(group.units),
                number(alpha.value), interval(alpha.low, alpha.high), number(group.kappa_quadratic),
                number(group.bias[0], True), interval(group.bias[1], group.bias[2], True),
                number(judge.mae.value), interval(judge.mae.low, judge.mae.high), number(group.exact),
            ]
        )  # fmt: skip
    put_table(head, rows, spare=[1, 5, 8, 4, 2, 3])


def _put_categories(judges: Sequence[JudgeScore]) -> None:
    """Every judge within each category that people have scored."""
    rows = []
    for name in dict.fromkeys(group.by["category"] for judge in judges for group in _categories(judge)):
        for judge in judges:
            for group in _categories(judge):
                if group.by["category"] == name:
                    rows.append(
                        [
                            name, judge.label, f"{group.items} few" if group.few else str(group.items),
                            number(group.alpha["interval"].value), number(group.bias[0], True),
                            interval(group.bias[1], group.bias[2], True), number(group.mae), number(group.exact),
                        ]
                    )  # fmt: skip
    if rows:
        click.echo("")
        put_table(["category", "judge", "items", "α", "bias", "95 %", "error", "exact"], rows, left=2)


def _categories(judge: JudgeScore) -> list[Group]:
    return [group for group in judge.against if group.by and group.units]


def _by_model(judge: JudgeScore) -> list[str]:
    """The models that a judge treats worst and best."""
    found = sorted(judge.models, key=lambda model: model.bias.value or 0.0)
    if len(found) < 2:
        return []
    ends = [
        f"{number(one.bias.value, True)} {interval(one.bias.low, one.bias.high, True)}".strip() + f" for {one.model}"
        for one in (found[0], found[-1])
    ]
    return [f"{judge.label}: from {ends[0]} to {ends[1]}"]


def _differences(judges: Sequence[JudgeScore]) -> list[str]:
    """What tells judges of the same name and prompt apart."""
    lines = []
    for judge in judges:
        mine = json.loads(judge.judge.parameters)
        same = [
            o
            for o in judges
            if o is not judge and (o.judge.name, o.judge.prompt) == (judge.judge.name, judge.judge.prompt)
        ]
        others = [json.loads(other.judge.parameters) for other in same]
        names = sorted({name for other in others for name in {*mine, *other} if mine.get(name) != other.get(name)})
        if names:
            told = ", ".join(f"{name} {json.dumps(mine.get(name))}" for name in names)
            lines.append(f"{judge.label}: {judge.judge.id[:8]}, {told}")
    return lines


def _put_duels(found: Comparison) -> None:
    rows = [
        [
            f"{duel.a} – {duel.b}", str(duel.items), str(duel.units), number(duel.alpha.value),
            interval(duel.alpha.low, duel.alpha.high), number(duel.bias.value, True),
            interval(duel.bias.low, duel.bias.high, True), number(duel.mae), number(duel.exact),
        ]
        for duel in found.duels
    ]  # fmt: skip
    if rows:
        click.echo("")
        put_table(["judge – judge", "items", "units", "α", "95 %", "bias", "95 %", "apart", "exact"], rows)


def _lost(judge: JudgeScore) -> str:
    from miareview.stats.judges.compare import LOST

    told = ", ".join(f"{judge.statuses[status]} {status}" for status in LOST if judge.statuses.get(status))
    return f"{judge.label}: {judge.lost} of {judge.judged} replies ({told})"


def _repeats(judge: JudgeScore) -> str:
    found = judge.repeats
    assert found is not None
    same = f"{number(found.identical.value)} {interval(found.identical.low, found.identical.high)}".rstrip()
    spread = "" if found.sd is None else f", SD of a response's score {number(found.sd)}"
    return (
        f"{judge.label}: {found.replies} replies to {found.responses} responses; the same points in"
        f" {same} of {found.cells}"
        f" components, α {number(found.alpha.value)}{spread}"
    )


def _sees(judge: JudgeScore) -> str:
    words = {True: "is shown the picture", False: "is not shown the picture", None: "not known whether it is shown it"}
    return f"{judge.label}: {words[judge.judge.sees_image]}"


def _cost(judge: JudgeScore, prices: Prices) -> str:
    calls = judge.calls
    told = (
        f"{judge.label}: {calls.calls} calls ({calls.requests} requests, {calls.failed} failed),"
        f" {calls.prompt_tokens} tokens in, {calls.completion_tokens} out"
    )
    if calls.untold:
        told += f" ({calls.untold} calls did not say)"
    if calls.timed:
        told += f", {calls.seconds / calls.timed:.1f} s a call"
    if prices.known:
        told += f", {dollars(prices.cost(calls.prompt_tokens, calls.completion_tokens))} at the given prices"
    return told
