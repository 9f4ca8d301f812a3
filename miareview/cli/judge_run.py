"""`miareview judge run`: asking a judge, question by question, and saying what came of it."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.judge_options import (
    cap_options,
    dollars,
    go_on,
    no_prices,
    price_options,
    selection_options,
    service_options,
    settings_options,
    tell_estimate,
    warn_of_alias,
)
from miareview.errors import DataError, NetworkError

if TYPE_CHECKING:
    from miareview.judge.budget import Budget, Prices
    from miareview.judge.client import Client
    from miareview.judge.request import JudgeSettings
    from miareview.judge.runner import Progress
    from miareview.judging import Pictures, Plan, Selection
    from miareview.store.store import Store

FIRST = 5  # reasons that are printed one by one


@click.command("run")
@settings_options
@selection_options
@service_options
@price_options
@click.option("--concurrency", type=click.IntRange(1, 256), default=8, show_default=True, help="Questions at a time.")
@click.option("--timeout", type=click.FloatRange(1), default=120, show_default=True, help="Seconds for one request.")
@cap_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document about the run.")
@click.pass_obj
def run(
    context: Context,
    settings: JudgeSettings,
    selection: Selection,
    repeats: int,
    without_picture: str,
    base_url: str | None,
    api_version: str | None,
    prices: Prices,
    concurrency: int,
    timeout: float,
    max_calls: int | None,
    max_cost: float | None,
    yes: bool,
    dry_run: Path | None,
    as_json: bool,
) -> None:
    """Ask the judge about every response it has not answered yet. Stop at any time: the next run goes on from there.

    Every answer is in the database before the next question is asked. Calls that failed are asked again by the next
    run of the same command; an answer of any other kind, a refusal too, is not.

    Example: miareview judge run -m gpt-4o-2024-11-20 --price-in 2.5 --price-out 10 --max-cost 20
    """
    from miareview.cli.review import picture_folders
    from miareview.images.library import PictureLibrary
    from miareview.judging import Pictures, make_plan

    no_prices(prices, max_cost)
    warn_of_alias(settings)
    with context.open_store() as store:
        pictures = Pictures(PictureLibrary(picture_folders(store), store.addresses()))
        plan = make_plan(store, settings, pictures, selection, repeats, without_picture=without_picture == "ask")
        tell_plan(plan)
        if dry_run is not None:
            write_bodies(plan, pictures, dry_run)
            return
        if not plan.questions:
            talk("There is nothing left to ask.")
            if as_json:
                put_json(_document(plan, None, prices, 0.0))
            return
        from miareview.judge.budget import Budget
        from miareview.judge.client import Client, Service

        service = Service(base_url, api_version, timeout)
        client = Client(service)
        _confirm(plan, pictures, prices, service.host, max_calls, max_cost, yes)
        budget = Budget(prices, max_calls, max_cost)
        progress = _ask(store, plan, pictures, client, budget, concurrency)
        tell_run(plan, progress, prices, budget.spent)
        if as_json:
            put_json(_document(plan, progress, prices, budget.spent))
    if progress.why == "signal":
        raise click.Abort
    if progress.why == "server":
        raise NetworkError(progress.error, progress.hint)
    if progress.failed:
        raise NetworkError(f"{progress.failed} questions failed.", "Run the same command again to ask only them.")


def _ask(store: Store, plan: Plan, pictures: Pictures, client: Client, budget: Budget, concurrency: int) -> Progress:
    from miareview.judging import judge

    gc.enable()  # a run may take hours
    if not sys.stderr.isatty():
        return asyncio.run(judge(store, plan, pictures, client, budget, concurrency))
    with click.progressbar(
        length=len(plan.questions), label="Judging", file=sys.stderr, show_pos=True, item_show_func=_state(budget)
    ) as bar:

        def show(progress: Progress) -> None:
            bar.current_item = progress
            if progress.done > bar.pos:
                bar.update(progress.done - bar.pos, progress)
            else:
                bar.render_progress()

        return asyncio.run(judge(store, plan, pictures, client, budget, concurrency, show))


def _state(budget: Budget) -> Callable[[Progress | None], str]:
    def state(progress: Progress | None) -> str:
        if progress is None:
            return ""
        if progress.why == "signal":
            return "waiting for what is on its way; Ctrl-C again drops it"
        parts = [f"{progress.retries} retries", f"{progress.failed} failed"]
        if budget.prices.known:
            parts.append(dollars(budget.spent))
        pause = progress.paused_until - monotonic()
        if pause > 1:
            parts.append(f"the server asks to wait {pause:.0f} s")
        return ", ".join(parts)

    return state


def tell_plan(plan: Plan) -> None:
    """What is not asked, and why."""
    judge = plan.settings.as_judge()
    talk(f"Judge {judge.label}: {len(plan.questions)} questions to ask, {plan.done} answered already.")
    if plan.again:
        talk(f"{plan.again} of them failed before and are asked again.")
    if plan.on_their_way:
        talk(f"{plan.on_their_way} more are in batches that are not collected yet.")
    if plan.beyond:
        talk(f"{plan.beyond} more are left for later (--limit).")
    for status, count in sorted((plan.not_ok or {}).items()):
        talk(f"Not asked: {count} response{'' if count == 1 else 's'} with status {status}.")
    if plan.without_picture:
        items = len(plan.without_picture)
        what = f"{plan.unseen} questions not asked" if plan.unseen else "asked without, as another judge"
        talk(f"No picture for {items} items: {what}.")
        for _, reason in plan.without_picture[:FIRST]:
            talk(f"  {reason}")
        if items > FIRST:
            talk(f"  … and {items - FIRST} more.")


def _confirm(
    plan: Plan,
    pictures: Pictures,
    prices: Prices,
    host: str,
    max_calls: int | None,
    max_cost: float | None,
    yes: bool,
) -> None:
    from miareview.judging import estimate

    tell_estimate(estimate(plan.questions, pictures, prices), host, ", retries aside")
    caps = [f"{max_calls} requests"] if max_calls is not None else []
    caps += [dollars(max_cost)] if max_cost is not None else []
    if caps:
        talk(f"The run stops before it goes beyond {' or '.join(caps)}.")
    go_on("Ask?", yes)


def write_bodies(plan: Plan, pictures: Pictures, path: Path) -> None:
    """One line of JSON a question, as it would be sent; pictures as their hash and length."""
    from miareview.judging import shown_body

    written, left_out = 0, []
    with nullcontext(sys.stdout) if str(path) == "-" else path.open("w", encoding="utf-8") as file:
        for question in plan.questions:
            try:
                shown = shown_body(question, pictures)
            except DataError as error:
                left_out.append(error.message)
                continue
            name = question.ask.custom_id
            line = {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": shown}
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
            written += 1
    talk(f"Nothing was asked; {written} requests were written, with pictures as hash and length.")
    for reason in left_out[:FIRST]:
        talk(f"  left out: {reason}")
    if len(left_out) > FIRST:
        talk(f"  … and {len(left_out) - FIRST} more.")


def tell_run(plan: Plan, progress: Progress, prices: Prices, spent: float) -> None:
    """What came of a run."""
    told = ", ".join(f"{count} {status}" for status, count in progress.statuses.most_common()) or "none"
    cost = f" {dollars(spent)}." if prices.known else ""
    talk(f"{progress.statuses.total()} answers kept ({told}) of {progress.total}; {progress.requests} requests.{cost}")
    if progress.faults:
        faults = ", ".join(f"{what} {count}×" for what, count in progress.faults.most_common())
        talk(f"On the way: {faults}.")
    if progress.skipped:
        talk(f"{len(progress.skipped)} questions could not be asked:")
        for _, reason in progress.skipped[:FIRST]:
            talk(f"  {reason}")
    for error, count in progress.errors.most_common(FIRST):
        talk(f"  {count}× {error}")
    if len(progress.models) > 1:
        names = ", ".join(f"{name} {count}×" for name, count in progress.models.most_common())
        talk(f"More than one model answered: {names}.")
    if progress.why == "budget":
        left = progress.total - progress.done
        talk(f"Stopped at the cap; {left} questions are left. The same command goes on.")


def _document(plan: Plan, progress: Progress | None, prices: Prices, spent: float) -> dict[str, Any]:
    judge = plan.settings.as_judge()
    return {
        "judge": judge.label,
        "id": judge.id,
        "questions": len(plan.questions),
        "answered_before": plan.done,
        "not_ok": dict(plan.not_ok or {}),
        "without_picture": [item.index for item, _ in plan.without_picture],
        "statuses": dict(progress.statuses) if progress else {},
        "requests": progress.requests if progress else 0,
        "retries": progress.retries if progress else 0,
        "faults": dict(progress.faults) if progress else {},
        "models": dict(progress.models) if progress else {},
        "stopped": progress.why if progress else "",
        "cost": spent if prices.known else None,
    }
