"""`miareview judge submit` and `collect`: many questions at the price of a batch, answered within a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.judge_options import (
    cap_options,
    go_on,
    no_prices,
    price_options,
    selection_options,
    settings_options,
    tell_estimate,
    warn_of_alias,
)
from miareview.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miareview.batching.collect import Collected
    from miareview.batching.submit import Submitted
    from miareview.judge.budget import Prices
    from miareview.judge.request import JudgeSettings
    from miareview.judging import Selection
    from miareview.model import Batch

FIRST = 5  # reasons that are printed one by one


@click.command("submit")
@settings_options
@selection_options
@click.option("--base-url", metavar="URL", help="A server with the same Batch API (or $OPENAI_BASE_URL).")
@price_options
@cap_options
@click.option(
    "--max-mb",
    type=click.FloatRange(0, 200, min_open=True),
    default=200,
    show_default=True,
    help="Most megabytes of one file; smaller where an account may have few tokens waiting.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document about what was sent.")
@click.pass_obj
def submit(
    context: Context,
    settings: JudgeSettings,
    selection: Selection,
    repeats: int,
    without_picture: str,
    base_url: str | None,
    prices: Prices,
    max_calls: int | None,
    max_cost: float | None,
    yes: bool,
    dry_run: Path | None,
    max_mb: float,
    as_json: bool,
) -> None:
    """Send every question that has no answer yet to OpenAI's Batch API, in files of at most 200 MB.

    What is on its way is not sent again, and a run that was cut off is gone on with. Prices are those of a batch.
    The answers come within a day: miareview judge collect.

    Example: miareview judge submit -m gpt-4o-2024-11-20 --price-in 1.25 --price-out 5 --max-cost 20
    """
    from miareview.batching.submit import affordable, unsent
    from miareview.batching.submit import submit as send
    from miareview.cli.judge_run import tell_plan, write_bodies
    from miareview.cli.review import picture_folders
    from miareview.images.library import PictureLibrary
    from miareview.judge.batch import Limits
    from miareview.judging import Pictures, estimate, make_plan

    no_prices(prices, max_cost)
    warn_of_alias(settings)
    with context.open_store() as store:
        pictures = Pictures(PictureLibrary(picture_folders(store), store.addresses()))
        plan = make_plan(store, settings, pictures, selection, repeats, without_picture=without_picture == "ask")
        kept = affordable(plan.questions, pictures, prices, max_calls, max_cost)
        capped = len(plan.questions) - len(kept)
        plan = replace(plan, questions=kept)
        tell_plan(plan)
        if capped:
            talk(f"{capped} more would go beyond the cap.")
        if dry_run is not None:
            write_bodies(plan, pictures, dry_run)
            return
        from miareview.judge.client import Service
        from miareview.judge.client_batch import BatchClient

        client = BatchClient(Service(base_url))
        waiting = unsent(store, client.host)
        if waiting:
            talk(f"{sum(one.requests for one in waiting)} requests of an earlier run wait to be sent; they go first.")
        if not waiting and not plan.questions:
            talk("There is nothing left to send.")
            if as_json:
                put_json({"sent": [], "resumed": [], "dropped": [], "skipped": 0})
            return
        tell_estimate(estimate(plan.questions, pictures, prices), client.host, " in batches")
        go_on("Send?", yes)
        limits = Limits(bytes=int(max_mb * 1_000_000))
        done = send(store, client, plan.questions, pictures, limits, lambda batch: talk(f"Sent {_told(batch)}."))
    _tell_sent(done)
    if as_json:
        put_json(
            {
                "sent": [batch_document(batch) for batch in done.sent],
                "resumed": [batch_document(batch) for batch in done.resumed],
                "dropped": [batch_document(batch) for batch in done.dropped],
                "skipped": len(done.skipped),
            }
        )


def _tell_sent(done: Submitted) -> None:
    for batch in done.dropped:
        talk(f"{batch.requests} requests of an earlier run were never sent and their file is gone.")
        talk("Run the same command again to send them.")
    if done.skipped:
        talk(f"{len(done.skipped)} questions could not be sent:")
        for _, reason in done.skipped[:FIRST]:
            talk(f"  {reason}")
    if done.sent or done.resumed:
        talk("Next: miareview judge collect --wait")


@click.command("collect")
@click.option("--base-url", metavar="URL", help="The server that has the batches (or $OPENAI_BASE_URL).")
@click.option("--wait", "waits", is_flag=True, help="Look again until all batches are done; at most once a minute.")
@click.option("--give-up", metavar="BATCH", help="Await nothing more of this batch; its requests may be sent again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document about the batches.")
@click.pass_obj
def collect(context: Context, base_url: str | None, waits: bool, give_up: str | None, as_json: bool) -> None:
    """Fetch the answers of the batches that are done. Running it again changes nothing.

    Requests that failed, expired or have no answer are stored as failed calls; `miareview judge submit` sends them
    again.

    Example: miareview judge collect --wait
    """
    from miareview.batching import collect as collecting
    from miareview.store.batches import batches

    with context.open_store() as store:
        if give_up is not None:
            batch = collecting.give_up(store, give_up)
            talk(f"Nothing more is awaited of {_told(batch)}.")
            return
        open_batches = batches(store, open_only=True)
        if not open_batches:
            talk("No batch is waiting.")
            if as_json:
                put_json({"batches": []})
            return
        from miareview.judge.client import Service
        from miareview.judge.client_batch import BatchClient

        client = BatchClient(Service(base_url))
        _tell_elsewhere(open_batches, client.host)
        show = _Changes()
        found = (collecting.wait if waits else collecting.collect)(store, client, show)
    if as_json:
        put_json({"batches": [_collected_document(one) for one in found]})
    _conclude(found)


class _Changes:
    """Says of each batch what is new since the last look."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def __call__(self, one: Collected) -> None:
        said = _state(one)
        if self._said.get(one.batch.id) == said:
            return
        self._said[one.batch.id] = said
        talk(said)
        for error, count in one.errors.most_common(FIRST):
            talk(f"  {count}× {error}")
        for place, reason in one.left_out[:FIRST]:
            talk(f"  Left out: {place}: {reason}.")
        if len(one.left_out) > FIRST:
            talk(f"  … and {len(one.left_out) - FIRST} more.")


def _state(one: Collected) -> str:
    batch = one.batch
    if one.gone:
        return f"{_told(batch)}: {one.gone} To await it no longer: --give-up {batch.id}"
    said = f"{_told(batch)}"
    if not one.over:
        return f"{said}: {batch.completed or 0} done, {batch.failed or 0} failed so far."
    if one.statuses:
        kinds = ", ".join(f"{count} {status}" for status, count in one.statuses.most_common())
        said += f": {kinds}; {one.new} new."
    if batch.error:
        said += f" The service says: {batch.error}"
    return said


def _tell_elsewhere(found: Sequence[Batch], host: str) -> None:
    for other in sorted({batch.host for batch in found} - {host}):
        count = sum(batch.host == other for batch in found)
        talk(f"Batches at {other}, not at {host}: {count}. Name it with --base-url.")
    count = sum(batch.host == host and batch.remote is None for batch in found)
    if count:
        talk(f"Batches written and not sent: {count}. Run `miareview judge submit` again.")


def _conclude(found: Sequence[Collected]) -> None:
    """Says what to do next. Raises `NetworkError` where requests came to nothing."""
    at_work = sum(not one.over and not one.gone for one in found)
    if at_work:
        talk(f"Batches still at work: {at_work}. To wait for them: miareview judge collect --wait")
    failed = sum(one.statuses["api_error"] for one in found)
    failed += sum(one.batch.requests for one in found if one.over and not one.statuses)
    if failed:
        raise NetworkError(f"{failed} requests came to nothing.", "`miareview judge submit` sends only them again.")
    if any(one.gone for one in found):
        raise NetworkError("The service does not know some of the batches.", "Check --base-url and the key.")


def _told(batch: Batch) -> str:
    return f"{batch.remote or batch.id} ({batch.status}, {batch.requests} requests, {batch.bytes / 1_000_000:.1f} MB)"


def batch_document(batch: Batch) -> dict[str, Any]:
    """A batch for --json."""
    return {
        "id": batch.id,
        "remote": batch.remote,
        "judge": batch.judge,
        "host": batch.host,
        "status": batch.status,
        "requests": batch.requests,
        "completed": batch.completed,
        "failed": batch.failed,
        "bytes": batch.bytes,
        "made": batch.made,
        "finished": batch.finished,
        "closed": batch.closed,
        "error": batch.error,
    }


def _collected_document(one: Collected) -> dict[str, Any]:
    return batch_document(one.batch) | {
        "statuses": dict(one.statuses),
        "new": one.new,
        "errors": dict(one.errors),
        "missing": one.missing,
        "left_out": [{"place": place, "reason": reason} for place, reason in one.left_out],
        "gone": one.gone,
    }


def put_batches(found: Sequence[Batch]) -> None:
    """The batches as lines of a table of their own, the newest last; nothing where there is none."""
    from miareview.cli.table import put_table

    if not found:
        return
    click.echo()
    put_table(
        ["batch", "status", "host", "requests", "done", "failed", "made", "collected"],
        [
            [
                batch.id,
                batch.status,
                batch.host,
                str(batch.requests),
                "–" if batch.completed is None else str(batch.completed),
                "–" if batch.failed is None else str(batch.failed),
                batch.made[:16].replace("T", " "),
                "yes" if batch.closed else "no",
            ]
            for batch in found
        ],
        left=3,
    )
