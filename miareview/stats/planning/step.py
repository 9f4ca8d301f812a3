"""What to do next, in every state that an audit can be in: a code with what is needed to word it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from miareview.stats.planning.sizes import SOUND

Code = Literal["draw", "draw_anew", "fill_gap", "go_on", "draw_longer", "enough", "complete", "nothing"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The random queue that a plan goes on with: its seed, its items, and how many of them from its start are done.

    `gaps` are the numbers of items in that stretch with a response that nobody has committed. `changed`: it was drawn
    from other answers than there are now, so that it stands for them no longer.
    """

    name: str
    seed: int
    size: int
    done: int
    gaps: tuple[int, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What to do: `more` items of `wanted` in all, with the queue there is (None: none); `name` is for a new one."""

    code: Code
    wanted: int
    more: int
    queue: Drawn | None
    name: str = ""


def next_step(needed: int | None, total: int, queue: Drawn | None, taken: frozenset[str] = frozenset()) -> Step:
    """The next step to `needed` of `total` items reviewed in random order (None: not known yet).

    Never fewer than 30 items are aimed at, as below no spread is worth planning on. A gap comes before more reviews:
    it widens the interval more than a review narrows it. A queue whose answers have changed is drawn anew with its
    seed, and one that is too short longer: both begin with the same items, so what was reviewed counts. `taken` are
    names in use.
    """
    if not total:
        return Step("nothing", 0, 0, None)
    wanted = min(max(needed or 0, SOUND), total)
    done = queue.done if queue else 0
    more = max(wanted - done, 0)
    name = f"next-{wanted}"
    while name in taken:
        name += "b"
    if queue is None:
        return Step("draw", wanted, more, None, name)
    if queue.changed:
        return Step("draw_anew", wanted, more, queue, name)
    if queue.gaps:
        return Step("fill_gap", wanted, len(queue.gaps), queue)
    if done >= total:
        return Step("complete", wanted, 0, queue)
    if done >= wanted:
        return Step("enough", wanted, 0, queue)
    if queue.size >= wanted:
        return Step("go_on", wanted, more, queue)
    return Step("draw_longer", wanted, more, queue, name)
