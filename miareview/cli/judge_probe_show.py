"""`miareview judge probe show`: what a judge noticed, what it missed, and what a person says of a certificate."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.looking import looker_option, note_peek, who_looks
from miareview.cli.review import images_option, picture_folders
from miareview.cli.table import put_line, put_lines, put_table
from miareview.config import read_config, remember_theme
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.probing.answers import Asked, Miss
    from miareview.store.store import Store


BESIDE = (
    "injection", "keep", "again", "padding", "echo", "empty", "order", "donor", "donor_length", "pair", "picture",
)  # fmt: skip


@click.command("show")
@click.option(
    "--judge",
    "name",
    metavar="NAME",
    help="Which judge (label, name or id); the one with the most answers if not given.",
)
@click.option("--misses", is_flag=True, help="The broken responses that got full marks all the same, word for word.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@looker_option
@images_option
@click.pass_obj
def show(context: Context, name: str | None, misses: bool, as_json: bool, looker: str | None, renderer: str) -> None:
    """What the judge noticed: of broken demands, of changes of layout, of sentences that praise the response.

    Each share has an interval that resamples items. There is no single grade, and none of it is an accuracy.
    On a terminal --misses opens a screen. Misses made from what waits in your blind queue are held back, and that you
    looked before it was over is recorded: these numbers tell a judge's habits.

    Example: miareview judge probe show --misses
    """
    from miareview.browse.sight import masked, sight_of
    from miareview.cli.judge_probe import open_probes
    from miareview.probing.answers import asked, open_misses

    with open_probes(context.db, reading=True) as store:
        chosen = _judge(store, name)
        told = asked(store, chosen)
    with context.open_store(reading=True) as store:
        note_peek(store, looker, "judge probe show")
        seen = open_misses(store, told.misses, masked(store, sight_of(store, who_looks(store, looker))))
        images = picture_folders(store)
    held, told = len(told.misses) - len(seen), replace(told, misses=tuple(seen))
    if as_json:
        put_json(document(told))
    elif misses and told.misses and sys.stdin.isatty() and sys.stdout.isatty():
        _open(context, told, images, renderer)
    elif misses:
        for miss in told.misses:
            _put_miss(miss)
        talk(f"{len(told.misses)} misses. Is a certificate wrong? miareview judge probe wrong NUMBER")
    else:
        put_noticing(told)
    if held:
        talk(f"{held} misses are held back: what they were made from waits in your blind queues.")


def _open(context: Context, told: Asked, images: list[Path], renderer: str) -> None:
    """The misses on a screen, until the person leaves."""
    from miareview.cli.judge_probe import open_probes
    from miareview.images.library import PictureLibrary
    from miareview.review.session import ReviewSession
    from miareview.store.probes import say_wrong
    from miareview.tui.missing import misses_app
    from miareview.tui.picture import choose_renderer

    with open_probes(context.db) as store:
        session = ReviewSession(store, "probes", [miss.probe.response for miss in told.misses], queue=None, blind=True)
        library = PictureLibrary(images, store.addresses())
        drawn = choose_renderer(renderer)
        app = misses_app(
            session, library, drawn, told.name, told.misses, lambda number: say_wrong(store, number),
            read_config().theme, remember_theme,
        )  # fmt: skip
        app.run()
    sys.exit(app.return_code or 0)


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
    from miareview.probing.words import HEAD, beside, sentences, table_of

    put_line(f"{told.name}: {told.answered} of {told.questions} questions answered")
    for sentence in sentences(told.found):
        put_line(sentence)
    click.echo("")
    put_table(list(HEAD), table_of(told.found), left=2, spare=(9, 6, 2))
    found = told.found
    put_lines("Beside them", [f"{what}: {figure}" for what, figure in beside(found)])
    lost = [f"{status} {count}×" for status, count in found.unscored]
    put_lines("In no share", [f"replies without points: {', '.join(lost)}"] if lost else [])
    if found.wrong:
        put_lines("Left out", [f"certificates that a person found wrong: {found.wrong}"])


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
        "judge": told.name,
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
