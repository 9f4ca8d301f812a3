"""The options that say which judge, which responses and what it may cost: the same for all commands that ask."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import talk
from miareview.errors import UsageError
from miareview.text import repair

if TYPE_CHECKING:
    from miareview.judge.budget import Prices
    from miareview.judge.prompt import Prompt
    from miareview.judge.request import JudgeSettings
    from miareview.judging import Estimate

Command = Callable[..., Any]


def _or_none(kind: Any) -> Callable[[click.Context, click.Parameter, str], Any]:
    """A reader of option values: one of that click type, or None for "none" (it is then not sent)."""
    return lambda context, option, text: None if text == "none" else kind.convert(text, option, context)


_SETTINGS = (
    click.option(
        "--model", "-m", required=True, metavar="NAME", help="The judge's model; a dated name stays the same model."
    ),
    click.option("--prompt", "prompt_name", help="See `miareview judge prompts`.  [default: points]"),
    click.option(
        "--prompt-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A prompt of your own: a Jinja2 template (docs/judge.md).",
    ),
    click.option(
        "--temperature",
        default="0",
        show_default=True,
        metavar="NUMBER|none",
        callback=_or_none(click.FloatRange(0, 2)),
        help="0 to 2; none: not sent.",
    ),
    click.option(
        "--seed",
        default="0",
        show_default=True,
        metavar="NUMBER|none",
        callback=_or_none(click.INT),
        help="Repeat k is asked with seed + k; none: not sent.",
    ),
    click.option("--max-tokens", type=click.IntRange(1), default=2000, show_default=True, help="Longest reply."),
    click.option(
        "--max-tokens-field",
        "tokens_field",
        type=click.Choice(["max_tokens", "max_completion_tokens"]),
        default="max_tokens",
        show_default=True,
        help="What the service calls it; reasoning models want the second.",
    ),
    click.option(
        "--detail",
        type=click.Choice(["low", "high", "auto"]),
        default="high",
        show_default=True,
        help="How closely the picture is looked at, in OpenAI's words.",
    ),
    click.option(
        "--picture",
        type=click.Choice(["item", "blank", "none"]),
        default="item",
        show_default=True,
        help="What the judge is shown; blank and none are probes: does it look?",
    ),
)
_SELECTION = (
    click.option("--queue", metavar="NAME", help="Only the responses of this queue, in its order."),
    click.option("--responses-of", "models", multiple=True, metavar="MODEL", help="Only this model's; repeatable."),
    click.option(
        "--item", "items", multiple=True, type=click.IntRange(0), metavar="N", help="Only item N; repeatable."
    ),
    click.option("--benchmark", metavar="NAME", help="Which benchmark; the one with the most items if not given."),
    click.option("--limit", type=click.IntRange(1), help="At most so many questions now."),
    click.option("--repeats", type=click.IntRange(1), default=1, show_default=True, help="Ask so often."),
    click.option(
        "--without-picture",
        type=click.Choice(["skip", "ask"]),
        default="skip",
        show_default=True,
        help="Items whose picture is not here: leave out, or ask without (which is another judge).",
    ),
)
_PRICES = (
    click.option("--price-in", type=click.FloatRange(0), help="US dollars a million prompt tokens."),
    click.option("--price-out", type=click.FloatRange(0), help="US dollars a million completion tokens."),
)
_CAPS = (
    click.option("--max-calls", type=click.IntRange(1), help="Send at most so many requests, retries included."),
    click.option("--max-cost", type=click.FloatRange(0, min_open=True), help="Never spend more US dollars now."),
    click.option("--yes", "-y", is_flag=True, help="Do not ask before spending."),
    click.option(
        "--dry-run",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        is_flag=False,
        flag_value="-",
        metavar="[FILE.jsonl]",
        help="Write what would be asked, and ask nothing.",
    ),
)
_SERVICE = (
    click.option("--base-url", metavar="URL", help="An OpenAI-compatible server (or $OPENAI_BASE_URL)."),
    click.option("--api-version", help="Azure's API version; --base-url is then the resource's address."),
)


def settings_options(command: Command) -> Command:
    """Options that make `settings`, a JudgeSettings."""

    @functools.wraps(command)
    def wrapped(
        *args: Any,
        model: str,
        prompt_name: str | None,
        prompt_file: Path | None,
        temperature: float | None,
        seed: int | None,
        max_tokens: int,
        tokens_field: Any,
        detail: Any,
        picture: Any,
        **more: Any,
    ) -> Any:
        from miareview.judge.request import JudgeSettings

        settings = JudgeSettings(
            repair(model)[0],
            find_prompt(prompt_name, prompt_file),
            temperature,
            seed,
            max_tokens,
            tokens_field,
            detail,
            picture,
        )
        return command(*args, settings=settings, **more)

    return _with(_SETTINGS, wrapped)


def selection_options(command: Command) -> Command:
    """Options that make `selection`, a Selection; `repeats` and `without_picture` go by themselves."""

    @functools.wraps(command)
    def wrapped(
        *args: Any,
        queue: str | None,
        models: tuple[str, ...],
        items: tuple[int, ...],
        benchmark: str | None,
        limit: int | None,
        **more: Any,
    ) -> Any:
        from miareview.judging import Selection

        return command(*args, selection=Selection(queue, models, items, benchmark, limit), **more)

    return _with(_SELECTION, wrapped)


def price_options(command: Command) -> Command:
    """Options that make `prices`, a Prices."""

    @functools.wraps(command)
    def wrapped(*args: Any, price_in: float | None, price_out: float | None, **more: Any) -> Any:
        from miareview.judge.budget import Prices

        if (price_in is None) != (price_out is None):
            raise UsageError("--price-in and --price-out go together.")
        return command(*args, prices=Prices(price_in, price_out), **more)

    return _with(_PRICES, wrapped)


def cap_options(command: Command) -> Command:
    """Options `max_calls`, `max_cost`, `yes` and `dry_run`."""
    return _with(_CAPS, command)


def service_options(command: Command) -> Command:
    """Options `base_url` and `api_version`."""
    return _with(_SERVICE, command)


def _with(options: tuple[Any, ...], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def find_prompt(name: str | None, path: Path | None) -> Prompt:
    """The prompt in the file, or the one of that name, else `points`."""
    from miareview.judge.prompt import built_in, read_prompt

    if path is None:
        return built_in("points" if name is None else name)
    if name is not None:
        raise UsageError("A prompt is a name or a file, not both.", "Leave one of them out.")
    return read_prompt(path)


def warn_of_alias(settings: JudgeSettings) -> None:
    """Say so where the model's name may mean another model tomorrow."""
    name = settings.model.rpartition("/")[2]
    if re.match(r"(?:gpt-|chatgpt-|o\d)", name) and not re.search(r"\d{4}-\d{2}-\d{2}|-\d{4}\b", name):
        talk(
            f"{settings.model} names whatever model it stands for today; a dated name stays the same. "
            "The model that answers is recorded with every call."
        )


def tell_estimate(taken: Estimate, host: str, more: str = "") -> None:
    """What is about to be sent, and what it will take."""
    cost = f"; {dollars(taken.cost)} if every reply is as long as it may be" if taken.cost is not None else ""
    talk(
        f"At {host}: {taken.requests} requests{more}; about {taken.prompt_tokens:,} prompt tokens (pictures by gpt-4o's"
        f" rule), at most {taken.completion_tokens:,} completion tokens{cost}."
    )


def go_on(question: str, yes: bool) -> None:
    """Ask whether to go on, unless that was said already. Raises `UsageError` where there is nobody to ask."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("There is no terminal to ask on whether to go on.", "Add --yes to go on.")
    click.confirm(question, default=False, abort=True, err=True)


def dollars(cost: float | None) -> str:
    """A cost for people: $12.34, $0.0012, or "" where it is not known."""
    if cost is None:
        return ""
    return f"${cost:,.2f}" if cost >= 1 or cost == 0 else f"${cost:.4f}"


def no_prices(prices: Prices, most_cost: float | None) -> None:
    """Raises `UsageError` where a cost is to be kept under a cap and nobody said what tokens cost."""
    if most_cost is not None and not prices.known:
        raise UsageError(
            "--max-cost needs prices.", "Name them, in dollars a million tokens: --price-in 2.5 --price-out 10"
        )
