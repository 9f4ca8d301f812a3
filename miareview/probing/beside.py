"""The probes beside a database: what each judge that answered them noticed, for whoever tells of the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from miareview.errors import MiaReviewError
from miareview.probing.answers import Asked, asked, open_misses
from miareview.store.probes import probes, probes_path
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class Beside:
    """The judges, that with the most answers first; `held` misses are kept back. `why` tells why there are none."""

    judges: tuple[Asked, ...] = ()
    held: int = 0
    why: str = ""


def probes_beside(store: Store, benchmark: str, waiting: Collection[str] = ()) -> Beside | None:
    """What the file of probes beside `store` says of judges on this benchmark; None where there is none. Never raises.

    Misses that were made from one of the `waiting` responses (ids) are kept back.
    """
    path = probes_path(store.path)
    if not path.exists():
        return None
    try:
        with Store.open(path, reading=True, probes=True) as there:
            if not there.holds_probes:
                return Beside(why=f"{path.name} is no file of probes.")
            mine = {item.id: item.components for item in store.items(benchmark)}
            copied = {item.id: item.components for item in there.items()}
            if any(mine.get(probe.item) != copied[probe.item] for probe in probes(there)):
                return Beside(why=f"{path.name} was made from another benchmark.")
            found = [asked(there, judge.id) for judge in there.judges()]
    except MiaReviewError as error:
        return Beside(why=str(error))
    open_ = [tuple(open_misses(store, one.misses, waiting)) for one in found]
    held = sum(len(one.misses) - len(seen) for one, seen in zip(found, open_, strict=True))
    return Beside(tuple(replace(one, misses=seen) for one, seen in zip(found, open_, strict=True)), held)
