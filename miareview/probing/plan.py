"""Which probes are made: from stored responses, by the seed, the scarce categories first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from miareview.errors import DataError, UsageError
from miareview.identity import canonical_url, digest
from miareview.model import Item, Response
from miareview.probing.bases import Base, Counts, bases_of
from miareview.probing.build import Builder
from miareview.probing.elsewhere import Pair, donors, pairs_of
from miareview.store.probes import Probe

KINDS = ("break", "keep", "again", "injection", "padding", "echo", "empty", "donor", "pair", "order", "picture")


@dataclass(frozen=True, slots=True)
class Made:
    """Probes with the responses that carry them, bases among these; and what became of all demands, by category.

    `items` are those that are asked about, `copies` items that stand for one of them: with its components in another
    order, or beside another picture.
    """

    items: tuple[Item, ...]
    copies: tuple[Item, ...]
    responses: tuple[Response, ...]
    probes: tuple[Probe, ...]
    counts: dict[str, Counts]


def make_probes(
    items: Sequence[Item], responses: Sequence[Response], *, size: int | None, seed: int, kinds: Sequence[str] = KINDS
) -> Made:
    """Make the probes for `size` items (None: all that can be). Pure: the same arguments give the same probes.

    Raises `DataError` where there is no stored response to change, `UsageError` for a kind that is none.
    """
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise UsageError(f"There is no kind of probe named {unknown[0]!r}.", f"Kinds: {', '.join(KINDS)}.")
    by_id = {item.id: item for item in items}
    answers: dict[str, list[Response]] = {}
    order = sorted(
        (response for response in responses if response.status == "ok" and response.item in by_id),
        key=lambda response: digest("probe", seed, response.id),
    )
    for response in order:
        answers.setdefault(response.item, []).append(response)
    if not answers:
        raise DataError("There are no responses to change here.", "Import the answers of a model first.")
    counts: dict[str, Counts] = {}
    bases = {item.id: list(bases_of(item, answers.get(item.id, ()), counts)) for item in items}
    pairs = {item.id: list(pairs_of(item, answers.get(item.id, ()))) for item in items}
    chosen = _draw(items, bases, pairs if "pair" in kinds else {}, size, seed)
    build = Builder(kinds, donors((by_id[response.item], response) for response in order) if "donor" in kinds else [])
    for place, item in enumerate(chosen):
        for base in bases[item.id]:
            build.of_base(base)
        build.of_item(item, bases[item.id], pairs[item.id], _other_picture(chosen, place))
    return Made(tuple(chosen), tuple(build.copies), tuple(build.responses), tuple(build.probes), counts)


def _other_picture(items: Sequence[Item], place: int) -> Item | None:
    """The next of the items that has another picture."""
    mine = canonical_url(items[place].image_url)
    after = [*items[place + 1 :], *items[:place]]
    return next((item for item in after if canonical_url(item.image_url) != mine), None)


def _draw(
    items: Sequence[Item],
    bases: dict[str, list[Base]],
    pairs: dict[str, list[Pair]],
    size: int | None,
    seed: int,
) -> list[Item]:
    """Items with the scarcest category first, then those with more demands, then by the seed."""
    asked = {
        item.id: [item.components[one.position - 1].category for one in (*bases[item.id], *pairs.get(item.id, ()))]
        for item in items
    }
    many = Counter(category for categories in asked.values() for category in categories)

    def rank(item: Item) -> tuple[int, int, str]:
        found = asked[item.id]
        return min(many[category] for category in found), -len(found), digest("probe", seed, item.id)

    return sorted((item for item in items if asked[item.id]), key=rank)[:size]
