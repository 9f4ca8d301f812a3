"""Items dealt out for tuning, developing and testing a judge; and that a test decides once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from miareview.errors import MiaReviewError, UsageError
from miareview.identity import random_number
from miareview.model import Judge
from miareview.store.gold import Use, split_of, used_split, uses_of
from miareview.store.gold_tables import SPLITS
from miareview.store.ledger import append
from miareview.store.store import Store


def deal_out(items: Sequence[str], shares: Mapping[str, float], seed: int) -> dict[str, list[str]]:
    """The items (ids) of each split, by permanent random numbers; `shares` are percents that make 100.

    Raises `UsageError` where they do not.
    """
    if abs(sum(shares.values()) - 100) > 1e-9:
        raise UsageError(f"The shares make {sum(shares.values()):g} percent, not 100.")
    order = sorted(items, key=lambda item: random_number(seed, "split", item))
    parts: dict[str, list[str]] = {}
    begin, reached = 0, 0.0
    for split in SPLITS:
        reached += shares[split]
        end = round(len(order) * reached / 100)
        parts[split] = order[begin:end]
        begin = end
    return parts


def items_of(store: Store, benchmark: str, split: str) -> set[str]:
    """The items (ids) of a split. Raises `UsageError` where the benchmark was not dealt out."""
    parts = split_of(store, benchmark)
    if not parts:
        raise UsageError(f"The items of {benchmark} are not dealt out.", "Do so first: miareview gold split --by NAME")
    return {item for item, part in parts.items() if part == split}


def decide(store: Store, benchmark: str, split: str, judges: Collection[Judge], by: str, again: bool) -> bool:
    """Record that a split decides on these judges; whether anything was to be recorded.

    Only the test split is used up: the first comparison writes down its judges, and the same may be made again.
    Raises `MiaReviewError` where it has decided on others before, unless `again`, which is recorded.
    """
    if split != "test":
        return False
    before = uses_of(store, benchmark, split)
    known = {judge for use in before for judge in use.judges}
    fresh = {judge.id for judge in judges} - known
    if not fresh:
        return False
    if before and not again:
        raise MiaReviewError(
            f"The test split is used up: {'; '.join(_told(store, use) for use in before)}; whoever has seen that and"
            f" tries {_labels(store, fresh)} on it is tuning on the test.",
            "Compare on --gold dev; or say --again, which is recorded.",
        )
    append(store, used_split(by, benchmark, split, [judge.id for judge in judges], again=bool(before)))
    return True


def _told(store: Store, use: Use) -> str:
    return f"on {use.at[:10]} it decided on {_labels(store, use.judges)} for {use.by}"


def _labels(store: Store, ids: Collection[str]) -> str:
    names = {judge.id: judge.label for judge in store.judges()}
    return ", ".join(sorted(names.get(id, id) for id in ids))
