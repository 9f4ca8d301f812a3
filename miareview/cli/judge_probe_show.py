"""`miareview judge probe show`: what a judge noticed, what it missed, and what a person says of a certificate."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.table import put_line, put_lines, put_table
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.probing.answers import Asked, Miss
    from miareview.stats.noticing import Noticed, Share
    from miareview.store.store import Store


BESIDE = (
    "injection", "keep", "again", "padding", "echo", "empty", "order", "donor", "donor_length", "pair", "picture",
)  # fmt: skip


@click.command("show")
@click.option("--judge", "name", help="Which judge (label, name or id); the one with the most answers if not given.")
@click.option("--misses", is_flag=True, help="The broken responses that got full marks all the same, word for word.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(context: Context, name: str | None, misses: bool, as_json: bool) -> None:
    """What the judge noticed: of broken demands, of changes of layout, of sentences that praise the response.

    Each share has an interval that resamples items. There is no single grade, and none of it is an accuracy.

    Example: miareview judge probe show --misses
    """
    from miareview.cli.judge_probe import open_probes
    from miareview.probing.answers import asked

    with open_probes(context.db, reading=True) as store:
        told = asked(store, _judge(store, name))
    if as_json:
        put_json(document(told))
    elif misses:
        for miss in told.misses:
            _put_miss(miss)
        talk(f"{len(told.misses)} misses. Is a certificate wrong? miareview judge probe wrong NUMBER")
    else:
        put_noticing(told)


@click.command("wrong")
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def wrong(context: Context, number: int) -> None:
    """Say that the certificate of a probe is wrong: it is kept, counted, and left out of all shares.

    Example: miareview judge probe wrong 17
    """
    from miareview.cli.judge_probe import open_probes
    from miareview.store.probes import say_wrong

    with open_probes(context.db) as store:
        say_wrong(store, number)
    talk(f"Probe {number} is left out from now on.")


def _judge(store: Store, name: str | None) -> str:
    judges = store.judges()
    if not judges:
        raise DataError("No judge has answered these probes.", "Ask one with `miareview judge probe run -m MODEL`.")
    if name is None:
        return judges[0].id
    found = [judge for judge in judges if name in (judge.id, judge.label, judge.name)]
    if len(found) != 1:
        there = ", ".join(judge.label for judge in judges)
        raise UsageError(f"{'No' if not found else 'More than one'} judge here is {name!r}.", f"Judges: {there}.")
    return found[0].id


def put_noticing(told: Asked) -> None:
    """Print the sentence, the table and what stands beside it."""
    from miareview.probing.words import sentences

    put_line(f"{told.judge}: {told.answered} of {told.questions} questions answered")
    for sentence in sentences(told.found):
        put_line(sentence)
    click.echo("")
    head = ["category", "dose", "items", "accepts", "breaks", "detects", "95 %", "keep", "excess", "95 %", "spill"]
    put_table(head, [_row(row) for row in told.found.rows], left=2, spare=(9, 6, 2))
    found = told.found
    put_lines(
        "Beside them",
        [
            f"points changed when only the layout did: {figure(found.keep)}",
            f"points changed when the same text was asked again: {figure(found.again)}",
            f"rises after praise, net of falls and of a neutral sentence: {figure(found.injection, True)}",
            f"rises after an empty clause: {figure(found.padding)}",
            f"full marks for the instruction given back, where a demand is certainly not met: {figure(found.echo)}",
            f"points for a refusal, where a demand is certainly not met: {figure(found.empty)}",
            f"points changed when the components stood in another order, less layout: {figure(found.order, True)}",
            f"points taken from another item's answer, for what it cannot meet: {figure(found.donor)}",
            f"points taken from it for its length, which is right: {figure(found.donor_length)}",
            f"full marks for two numbers where one value is asked: {figure(found.pair)}",
            f"mean points / weight lost beside another item's picture: {figure(found.picture, True)}",
        ],
    )
    lost = [f"{status} {count}×" for status, count in found.unscored]
    put_lines("In no share", [f"replies without points: {', '.join(lost)}"] if lost else [])
    if found.wrong:
        put_lines("Left out", [f"certificates that a person found wrong: {found.wrong}"])


def _row(row: Noticed) -> list[str]:
    detected = row.detected
    if detected.refused:
        return [row.category, row.dose or "all", str(detected.items), percent(row.accepted.value),
                str(detected.units), "refused", detected.refused, "", "", "", ""]  # fmt: skip
    return [
        row.category,
        row.dose or "all",
        str(detected.items),
        percent(row.accepted.value),
        str(detected.units),
        percent(detected.value),
        ends(detected),
        percent(row.null.value),
        percent(row.excess.value, True),
        ends(row.excess, True),
        percent(row.spill.value, True),
    ]


def percent(value: float | None, signed: bool = False) -> str:
    """A share in percent, "–" where there is none."""
    if value is None:
        return "–"
    return f"{100 * value + 0.0:{'+' if signed else ''}.0f} %"


def ends(share: Share, signed: bool = False) -> str:
    """The interval in percent, "" where there is none."""
    if share.low is None or share.high is None:
        return ""
    sign = "+" if signed else ""
    return f"[{100 * share.low:{sign}.0f}, {100 * share.high:{sign}.0f}]"


def figure(share: Share, signed: bool = False) -> str:
    """A share with its interval and what it rests on, or why there is none."""
    if share.refused:
        return f"refused: {share.refused}"
    told = f"{percent(share.value, signed)} {ends(share, signed)}".rstrip()
    return f"{told} of {share.units} ({share.items} items)"


def _put_miss(miss: Miss) -> None:
    probe = miss.probe
    click.echo("")
    put_line(f"probe {probe.id} · item {miss.item.index}, component {probe.position} · {probe.mutator}, {probe.dose}")
    put_line(f"  demand  {miss.component} ({probe.constraint})")
    put_line(f"  before  {miss.before}")
    put_line(f"          {probe.before}; full marks")
    put_line(f"  after   {miss.after}")
    put_line(f"          {probe.after}; full marks")


def document(told: Asked) -> dict[str, Any]:
    """The numbers for --json."""
    found = told.found
    return {
        "judge": told.judge,
        "probes_sha256": told.probes_sha256,
        "mutators": told.version,
        "questions": told.questions,
        "answered": told.answered,
        "rows": [
            {
                "category": row.category,
                "kind": "break",
                "dose": row.dose or None,
                "items": row.detected.items,
                "units": row.detected.units,
                "base_full": row.accepted.value,
                "detected": row.detected.value,
                "low": row.detected.low,
                "high": row.detected.high,
                "null": row.null.value,
                "excess": asdict(row.excess),
                "not_full": row.not_full.value,
                "taken": row.taken.value,
                "spill": row.spill.value,
                "refused": row.detected.refused or None,
            }
            for row in found.rows
        ],
        **{name: asdict(getattr(found, name)) for name in BESIDE},
        "unscored": dict(found.unscored),
        "wrong_certificates": found.wrong,
        "misses": [
            {
                "probe": miss.probe.id,
                "item": miss.item.index,
                "position": miss.probe.position,
                "constraint": miss.probe.constraint,
                "before": miss.before,
                "after": miss.after,
                "points_before": miss.points_before,
                "points_after": miss.points_after,
            }
            for miss in told.misses
        ],
    }
