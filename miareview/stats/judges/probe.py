"""The blank-picture probe: do a judge's scores change without the picture more than when it is asked again with it?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.model import Judge
from miareview.stats.agreement.ceiling import FEW_ITEMS
from miareview.stats.agreement.totals import snap
from miareview.stats.flags import Flag, Say
from miareview.stats.frame import Texts
from miareview.stats.judges.versus import NOTHING, Between, mean_between
from miareview.stats.numeric.resample import Bools, Floats, Ints, encode, jackknife_se, leave_one_out
from miareview.stats.numeric.student import t_margin

PICTURE_CATEGORIES = ("describe", "textual", "math", "perspective")
SMALL = 0.05  # share of components: a change that is surely below it is no sign of looking
_CATEGORY_ITEMS = 5
_OF_PICTURE = ("detail", "picture_")


@dataclass(frozen=True, slots=True)
class Fall:
    """What happens without the picture, over the components of `name` that both runs scored.

    `change` is points / weight without the picture less those with it, `changed` the share of components with other
    points, `again` the share whose points change when the judge is asked again with the picture (None: never asked),
    and `beyond` the first share less the second.
    """

    name: str
    items: int
    units: int
    change: Between
    changed: float | None
    again: float | None
    beyond: Between
    refused: Flag | None = None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "category": self.name, "items": self.items, "units": self.units, "change": self.change.to_json(),
            "changed": self.changed, "changed_when_asked_again": self.again, "beyond": self.beyond.to_json(),
            "refused": say(self.refused) if self.refused else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probe:
    """A judge and its twin that was shown a blank picture or none. `looks` is None where that cannot be told.

    `pictured` are the categories that need the picture taken together, `others` the rest, which should not change.
    """

    judge: str
    twin: str
    shown: str
    pictured: Fall
    others: Fall
    categories: tuple[Fall, ...]
    looks: bool | None

    def to_json(self, say: Say) -> dict[str, Any]:
        return {
            "judge": self.judge,
            "twin": self.twin,
            "shown": self.shown,
            "pictured": self.pictured.to_json(say),
            "others": self.others.to_json(say),
            "categories": [fall.to_json(say) for fall in self.categories],
            "looks": self.looks,
        }


def twins(judges: Sequence[Judge]) -> list[tuple[int, int, str]]:
    """(judge shown the item's picture, the same judge shown something else, what) by their place in the list.

    The same judge is one of the same name, prompt and other parameters; a judge that is sent no picture has none of the
    parameters of the picture's detail and size.
    """
    known = [_settings(judge) for judge in judges]
    found = []
    for a, (shown, rest, size) in enumerate(known):
        if shown != "item":
            continue
        for b, (other, other_rest, other_size) in enumerate(known):
            if other in ("blank", "none") and other_rest == rest and (other == "none" or other_size == size):
                found.append((a, b, str(other)))
    return found


def _settings(judge: Judge) -> tuple[object, object, object]:
    """What was shown, everything else that makes the judge, and how the picture was sent."""
    parameters = json.loads(judge.parameters)
    if not isinstance(parameters, dict):
        return None, None, None
    size = {name: value for name, value in parameters.items() if name.startswith(_OF_PICTURE)}
    rest = {name: value for name, value in parameters.items() if name != "picture" and name not in size}
    return parameters.get("picture"), (judge.name, judge.prompt, rest), size


def probe(
    names: tuple[str, str],
    shown: str,
    seeing: Floats,
    blind: Floats,
    category: Texts,
    items: Ints,
    again: Floats | None = None,
    confidence: float = 0.95,
) -> Probe:
    """What changes from `seeing` to `blind` (cells,), NaN where there is no score; `names` are the two runs'.

    `again` (replies, cells) are all replies of the seeing judge; where 30 items have two, they say how much its points
    change by themselves. It looks if more of the components that need the picture change without it, the interval of
    the difference of shares being above zero; it does not if that lies below 0.05. Without such repeats only two things
    are sure: it looks if its mean changes, as asking again does not move a mean, and it does not if not one component
    changes. Refused below 30 items.
    """
    moved = _moved(again) if again is not None else np.full(seeing.size, np.nan)
    data = (seeing, blind, moved, items)
    needs = np.isin(category, PICTURE_CATEGORIES)
    pictured = _fall("picture", needs, data, FEW_ITEMS, confidence)
    others = _fall("others", ~needs, data, FEW_ITEMS, confidence)
    parts = tuple(
        _fall(name, category == name, data, _CATEGORY_ITEMS, confidence)
        for name in PICTURE_CATEGORIES
        if (category == name).any()
    )
    return Probe(*names, shown, pictured, others, parts, _looks(pictured))


def _moved(replies: Floats) -> Floats:
    """Share of the pairs of replies (replies, cells) that give a cell other points; NaN below two replies."""
    points = snap(replies)
    count = (~np.isnan(points)).sum(axis=0).astype(np.float64)
    same = np.zeros(points.shape[1])
    for row in range(len(points)):
        same += (points[row] == points[row + 1 :]).sum(axis=0)
    pairs = count * (count - 1.0) / 2.0
    return np.where(pairs > 0, 1.0 - same / np.where(pairs > 0, pairs, 1.0), np.nan)


def _fall(name: str, mask: Bools, data: tuple[Floats, Floats, Floats, Ints], enough: int, confidence: float) -> Fall:
    seeing, blind, moved, items = data
    both = mask & ~np.isnan(seeing) & ~np.isnan(blind)
    count = int(np.unique(items[both]).size)
    if count < enough:
        return Fall(name, count, int(both.sum()), NOTHING, None, None, NOTHING, Flag("few_both", count, enough))
    other = (snap(seeing[both]) != snap(blind[both])).astype(np.float64)
    asked = mask & ~np.isnan(moved)
    told = np.unique(items[asked]).size >= enough
    return Fall(
        name, count, int(both.sum()), mean_between(blind[both] - seeing[both], items[both], confidence),
        float(other.mean()), float(moved[asked].mean()) if told else None,
        share_beyond(other, items[both], moved[asked], items[asked], confidence) if told else NOTHING,
    )  # fmt: skip


def share_beyond(
    first: Floats, first_items: Ints, second: Floats, second_items: Ints, confidence: float = 0.95
) -> Between:
    """mean(first) - mean(second), two lists of cells whose items overlap; leaves out one item of both at a time, t.

    No ends where the difference is the same whichever item is left out, or where a list is of one item.
    """
    codes, size = encode(np.concatenate([first_items, second_items]))
    parts = ((first, codes[: first.size]), (second, codes[first.size :]))
    totals = np.column_stack(
        [np.bincount(of, weights=weights, minlength=size) for values, of in parts for weights in (values, None)]
    ).astype(np.float64)
    value = float(first.mean() - second.mean())
    left = leave_one_out(totals)
    if not (left[:, 1].all() and left[:, 3].all()):
        return Between(value, None, None)
    se = jackknife_se(left[:, 0] / left[:, 1] - left[:, 2] / left[:, 3])
    if se < 1e-12:
        return Between(value, None, None)
    margin = t_margin(confidence, size - 1) * se
    return Between(value, value - margin, value + margin)


def _looks(pictured: Fall) -> bool | None:
    if pictured.changed is None:
        return None
    if pictured.changed == 0.0:
        return False
    beyond = pictured.beyond
    if beyond.value is None:
        return True if pictured.change.sign else None
    if beyond.low is None or beyond.high is None:
        return True if beyond.value > 0 else None
    return True if beyond.low > 0 else False if beyond.high < SMALL else None
