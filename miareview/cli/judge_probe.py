"""`miareview judge probe`: questions to a judge whose answer is known, made, asked and told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.context import Context, put_json, talk
from miareview.cli.group import Group
from miareview.cli.judge_batch import collect, submit
from miareview.cli.judge_options import dollars, price_options
from miareview.cli.judge_probe_show import show, wrong
from miareview.cli.judge_run import run as judge_run
from miareview.errors import DataError, UsageError

if TYPE_CHECKING:
    from miareview.judge.budget import Prices
    from miareview.probing.plan import Made
    from miareview.store.store import Store

QUEUE = "probes"
PICTURE_TOKENS = 765  # of a photograph in four tiles, by gpt-4o's rule
REPLY_TOKENS = 220  # of a reply with its reasons
_OWN = ("queue", "models", "items", "benchmark", "repeats", "without_picture")


@click.group(
    "probe", cls=Group, short_help="Does the judge notice? Questions with a known answer; nobody scores anything."
)
def command() -> None:
    """Change stored responses so that one demand is certainly broken, and see whether the judge takes points.

    Probes live in probes.db beside the database; nothing of them is ever written to the database itself.
    How often a judge is wrong on real responses they do not say (docs/probes.md).

    Example: miareview judge probe make --items 60
    """


@command.command("make")
@click.option("--items", "size", type=click.IntRange(1), default=60, show_default=True, help="At most so many items.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed, the same probes.")
@click.option("--responses-of", "models", multiple=True, metavar="MODEL", help="Only change this model's; repeatable.")
@click.option("--kinds", metavar="KIND,…", help="Only these kinds of probes.")
@price_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def make(
    context: Context,
    size: int,
    seed: int,
    models: tuple[str, ...],
    kinds: str | None,
    prices: Prices,
    as_json: bool,
) -> None:
    """Make probes from stored responses. Costs nothing and needs no network; it says what asking will take.

    Made again with the same database and seed they are the same; answers that are there are kept.

    Example: miareview judge probe make --items 60 --price-in 2.5 --price-out 10
    """
    from miareview.probing.plan import KINDS, make_probes
    from miareview.review.named import find_benchmark
    from miareview.review.queues import create_queue
    from miareview.store.columns import newest_answers
    from miareview.store.probes import make_file, probes, probes_digest, probes_path
    from miareview.store.store import Store

    with context.open_store(reading=True) as store:
        items = store.items(find_benchmark(store, None))
        newest = {id for id, _ in newest_answers(store).values()}
        responses = [r for r in store.responses() if r.id in newest and (not models or r.model in models)]
        images = store.setting("images")
    wanted = [kind.strip() for kind in kinds.split(",")] if kinds else KINDS
    made = make_probes(items, responses, size=size, seed=seed, kinds=wanted)
    if not made.probes:
        raise DataError("Nothing could be made: no stored response meets a demand that can be counted.")
    path = probes_path(context.db)
    digest = probes_digest(made.probes)
    if path.exists():
        with Store.open(path, reading=True, probes=True) as there:
            _refuse_reviews(there)
            if probes_digest(probes(there)) != digest:
                raise DataError(
                    f"{path} holds other probes.", "Remove it to make these; the answers that it holds go with it."
                )
        talk(f"{path} holds these probes already.")
    else:

        def finish(fresh: Store) -> None:
            create_queue(fresh, QUEUE, seed=seed, blind=False)
            if images is not None:
                fresh.set_setting("images", images)

        make_file(path, [*items, *made.copies], made.responses, made.probes, finish)
        talk(f"{path} is made.")
    _put_made(made, digest, _taken(made), prices, as_json)


def _taken(made: Made) -> tuple[int, int, int]:
    """Prompt tokens of all questions in the prompt `points`, the tokens of their pictures, and those of replies."""
    from miareview.judge.budget import tokens_of
    from miareview.judge.prompt import built_in
    from miareview.judge.request import Ask, JudgeSettings, body

    items = {item.id: item for item in (*made.items, *made.copies)}
    settings = JudgeSettings("", built_in("points"), picture="none")
    asks = [Ask(items[response.item], response, 0) for response in made.responses]
    text = sum(tokens_of(body(settings, ask, None), None).usual for ask in asks)
    return text, PICTURE_TOKENS * len(asks), REPLY_TOKENS * len(asks)


def _put_made(made: Made, digest: str, taken: tuple[int, int, int], prices: Prices, as_json: bool) -> None:
    from collections import Counter

    from miareview.cli.table import put_line, put_lines, put_table
    from miareview.probing.mutators import VERSION

    kinds = Counter(probe.kind for probe in made.probes)
    text, pictures, replies = taken
    cost = prices.cost(text + pictures, replies)
    if as_json:
        put_json(
            {
                "probes_sha256": digest,
                "mutators": VERSION,
                "items": len(made.items),
                "questions": len(made.responses),
                "prompt_tokens": text + pictures,
                "completion_tokens": replies,
                "cost": cost,
                "kinds": dict(kinds),
                "categories": {
                    name: {
                        "demands": count.demands,
                        "checkable": count.checkable,
                        "with_base": count.based,
                        "broken": count.broken,
                        "isolated": count.isolated,
                        "why": dict(count.why),
                    }
                    for name, count in made.counts.items()
                },
            }
        )
        return
    head = ["category", "demands", "checkable", "with a base", "can be broken", "alone"]
    put_table(
        head,
        [
            [name, *map(str, (count.demands, count.checkable, count.based, count.broken, count.isolated))]
            if count.checkable
            else [name, str(count.demands), "–", "–", "not probed", "–"]
            for name, count in sorted(made.counts.items(), key=lambda pair: -pair[1].checkable)
        ],
    )
    put_lines(
        "Not broken",
        [f"{name}: {why} {n}×" for name, count in made.counts.items() for why, n in count.why.most_common()],
    )
    told = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    put_line(f"{len(made.probes)} probes of {len(made.items)} items ({told}); {len(made.responses)} questions to ask.")
    told_cost = f"; {dollars(cost)}, as a batch {dollars(cost / 2)}" if cost is not None else ""
    put_line(
        f"Asked about all of them with the prompt `points`: some {text:,} tokens of text and {pictures:,} of pictures"
        f" ({PICTURE_TOKENS} each), {replies:,} of replies ({REPLY_TOKENS} each){told_cost}. `run` counts exactly."
    )
    put_line(f"SHA-256 {digest}, mutators version {VERSION}")


def _refuse_reviews(store: Store) -> None:
    if not store.holds_probes:
        raise DataError(f"{store.path} is no file of probes.", "Move it away, and make probes anew.")


def open_probes(db: Path, *, reading: bool = False) -> Store:
    """The probes beside a database. Raises `DataError` where there are none."""
    from miareview.store.probes import probes_path
    from miareview.store.store import Store

    path = probes_path(db)
    if not path.exists():
        raise DataError(f"There are no probes at {path}.", "Make some with `miareview judge probe make`.")
    store = Store.open(path, reading=reading, probes=True)
    _refuse_reviews(store)
    return store


def _ask(batch: bool, collecting: bool, **options: Any) -> None:
    """Ask the judge about every probe that it has not answered yet. Stop at any time.

    Options, prompt and picture are those of the judge under test, as `judge run` has them: else it is another judge.

    Example: miareview judge probe run -m gpt-4o-2024-11-20 --price-in 2.5 --price-out 10 --max-cost 5
    """
    if batch and collecting:
        raise UsageError("--batch sends and --collect fetches: name one.")
    context = click.get_current_context()
    context.obj = ProbeContext(context.obj.db)
    fixed = {
        "queue": QUEUE, "models": (), "items": (), "benchmark": None, "repeats": 1, "without_picture": "skip",
    }  # fmt: skip
    if collecting:
        _call(collect, base_url=options["base_url"], waits=False, give_up=None, as_json=options["as_json"])
    elif batch:
        _call(submit, **{**options, **fixed, "max_mb": 200})
    else:
        _call(judge_run, **{**options, **fixed})


def _call(other: click.Command, **options: Any) -> None:
    assert other.callback is not None
    names = {parameter.name for parameter in other.params}
    other.callback(**{name: value for name, value in options.items() if name in names})


class ProbeContext(Context):
    """A context whose database is the probes beside it."""

    def open_store(self, *, reading: bool = False) -> Store:
        return open_probes(self.db, reading=reading)


command.add_command(
    click.Command(
        "run",
        callback=_ask,
        params=[
            *(parameter for parameter in judge_run.params if parameter.name not in _OWN),
            click.Option(["--batch"], is_flag=True, help="Send the questions as a batch; see `judge submit`."),
            click.Option(["--collect", "collecting"], is_flag=True, help="Fetch the answers of batches."),
        ],
        help=_ask.__doc__,
        short_help="Ask the judge about the probes.",
    )
)
command.add_command(show)
command.add_command(wrong)
