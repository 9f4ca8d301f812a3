"""`miareview judge`: what judges have answered, and the prompts they are asked with.

Asking is `judge_run`, comparing `judge_compare`, looking over what was read `judge_readings`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.judge_batch import batch_document, collect, put_batches, submit
from miareview.cli.judge_compare import command as compare
from miareview.cli.judge_options import dollars, find_prompt, price_options
from miareview.cli.judge_probe import command as probe
from miareview.cli.judge_readings import command as readings
from miareview.cli.judge_readings import how_told, reading_document
from miareview.cli.judge_run import run
from miareview.errors import DataError, UsageError
from miareview.text import visible

if TYPE_CHECKING:
    from miareview.judge.budget import Prices
    from miareview.model import Item, Judge
    from miareview.store.store import Store


@click.group("judge", cls=Group)
def command() -> None:
    """Ask GPT-4o, or any model with an OpenAI-compatible API, to score responses.

    The API key is read from $OPENAI_API_KEY (Azure: $AZURE_OPENAI_API_KEY) and nowhere kept.

    Example: miareview judge run --model gpt-4o-2024-11-20
    """


for _other in (run, submit, collect, probe, compare, readings):
    command.add_command(_other)


@command.command("use")
@click.argument("name")
@click.pass_obj
def use(context: Context, name: str) -> None:
    """Have the tables, the screens and the report use this judge where none is named.

    The first judge that judged is the one, until you say otherwise; another one never takes its place by itself.

    Example: miareview judge use gpt-4o
    """
    from miareview.review.named import find_judge

    with context.open_store() as store:
        judge = find_judge(store, name)
        assert judge is not None
        store.use_judge(judge.id)
    talk(f"Tables use the judge {visible(judge.label, newlines=False)} from now on.")


@command.command("status")
@price_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def status(context: Context, prices: Prices, as_json: bool) -> None:
    """What each judge has answered, what waits for another try, and what it took.

    A question is one response asked about one time. Imported judgments have no tokens: nobody told them.

    Example: miareview judge status --price-in 2.5 --price-out 10
    """
    from miareview.cli.table import put_lines, put_table
    from miareview.store.batches import batches
    from miareview.store.judged import Judged, judged
    from miareview.store.reply_readings import how_read

    with context.open_store(reading=True) as store:
        judges, done, sent = store.judges(), judged(store), batches(store)
        audit = {judge.id: how_read(store, judge.id) for judge in judges}
        weights = {item.id: item.weights for item in store.items()}
    rows = [(judge, done.get(judge.id, Judged())) for judge in judges]
    if as_json:
        put_json(
            {
                "judges": [
                    {
                        "judge": judge.label,
                        "id": judge.id,
                        "model": judge.name,
                        "prompt": judge.prompt,
                        "parameters": json.loads(judge.parameters),
                        "sees_image": judge.sees_image,
                        "asked": one.asked,
                        "responses": one.responses,
                        "repeats": one.repeats,
                        "statuses": dict(one.statuses),
                        "waiting": one.waiting,
                        "calls": one.calls,
                        "requests": one.requests,
                        "prompt_tokens": one.prompt_tokens,
                        "completion_tokens": one.completion_tokens,
                        "calls_without_tokens": one.untold,
                        "models": one.models,
                        "reading": reading_document(audit[judge.id], weights),
                        "cost": prices.cost(one.prompt_tokens, one.completion_tokens) if one.calls else None,
                    }
                    for judge, one in rows
                ],
                "batches": [batch_document(batch) for batch in sent],
            }
        )
        return
    if not rows:
        talk("No judge has answered yet.")
        return
    head = ["model", "prompt", "sees picture", "asked", "ok", "warning", "partial", "other", "waiting", "repeats"]
    put_table(
        [*head, "tokens in", "tokens out", *(["cost"] if prices.known else [])],
        [
            [
                judge.name,
                judge.prompt or judge.harness or "–",
                _sees(judge),
                str(one.asked),
                *(str(one.statuses[kind]) for kind in ("ok", "warning", "partial")),
                str(sum(one.statuses[kind] for kind in ("refused", "empty", "unparsed"))),
                str(one.waiting),
                str(one.repeats),
                f"{one.prompt_tokens:,}" if one.calls else "–",
                f"{one.completion_tokens:,}" if one.calls else "–",
                *([dollars(prices.cost(one.prompt_tokens, one.completion_tokens))] if prices.known else []),
            ]
            for judge, one in rows
        ],
        left=3,
        spare=(9, 5, 6),
    )
    told = [
        f"{judge.id[:8]} {judge.label}: " + ", ".join(f"{name} {value}" for name, value in sorted(parameters.items()))
        for judge, _ in rows
        if (parameters := json.loads(judge.parameters))
    ]
    put_lines("Parameters", told)
    put_lines("Read", [f"{judge.label}: {how}" for judge in judges if (how := how_told(audit[judge.id], weights))])
    notes = [
        f"{judge.label}: {', '.join(f'{name} {count}×' for name, count in one.models.items())} answered"
        for judge, one in rows
        if set(one.models) - {judge.name}
    ]
    put_lines("Models that answered under another name", notes)
    put_batches(sent)


def _sees(judge: Judge) -> str:
    """Whether the judge sees the picture, and what it is shown instead."""
    shown = json.loads(judge.parameters).get("picture")
    told = {True: "yes", False: "no", None: "?"}[judge.sees_image]
    return f"{told} ({shown})" if judge.sees_image is False and shown else told


@command.command("prompts")
@click.option("--show", metavar="NAME", help="Print the template of this prompt.")
@click.option("--prompt-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Show this file's.")
@click.option("--item", type=click.IntRange(0), metavar="N", help="Fill the template in with item N and a response.")
@click.pass_obj
def prompts(context: Context, show: str | None, prompt_file: Path | None, item: int | None) -> None:
    """The prompts a judge can be asked with; their names with the hash that is part of a judge's identity.

    Example: miareview judge prompts --show points --item 3
    """
    from miareview.judge.prompt import BUILT_IN, built_in, render

    if show is None and prompt_file is None:
        if item is not None:
            raise UsageError("--item needs --show NAME or --prompt-file FILE.")
        for name in BUILT_IN:
            click.echo(built_in(name).label)
        return
    prompt = find_prompt(show, prompt_file)
    if item is None:
        click.echo(visible(prompt.template), nl=not prompt.template.endswith("\n"))
        return
    with context.open_store(reading=True) as store:
        found, response = _example(store, item)
    words = render(prompt, found, response, has_picture=True)
    for role, text in (("system", words.system), ("user", words.user)):
        if text:
            click.echo(click.style(f"[{role}]", dim=True))
            click.echo(visible(text))


def _example(store: Store, number: int) -> tuple[Item, str]:
    item = next((item for item in store.items() if item.index == number), None)
    if item is None:
        raise DataError(f"There is no item {number}.", "Items are numbered from 0.")
    texts = [response.text for response in store.responses() if response.item == item.id and response.status == "ok"]
    return item, texts[0] if texts else "(no response yet)"
