"""The blank-picture probe: does a judge score otherwise when it is not shown the picture?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from miareview.model import Judge
from miareview.stats.agreement.ceiling import FEW_ITEMS
from miareview.stats.agreement.totals import snap
from miareview.stats.frame import Texts
from miareview.stats.judges.versus import NOTHING, Between, mean_between
from miareview.stats.numeric.resample import Bools, Floats, Ints

PICTURE_CATEGORIES = ("describe", "textual", "math", "perspective")
SMALL = 0.05  # a mean change below it is no sign of looking
_CATEGORY_ITEMS = 5
_OF_PICTURE = ("detail", "picture_")


@dataclass(frozen=True, slots=True)
class Fall:
    """Points / weight without the picture less those with it, over the components of `name` that both runs scored.

    `changed` is the share of components with other points.
    """

    name: str
    items: int
    units: int
    change: Between
    changed: float | None
    refused: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "category": self.name, "items": self.items, "units": self.units, "change": self.change.to_json(),
            "changed": self.changed, "refused": self.refused or None,
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
    sentence: str

    def to_json(self) -> dict[str, Any]:
        return {
            "judge": self.judge,
            "twin": self.twin,
            "shown": self.shown,
            "pictured": self.pictured.to_json(),
            "others": self.others.to_json(),
            "categories": [fall.to_json() for fall in self.categories],
            "looks": self.looks,
            "sentence": self.sentence,
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
    confidence: float = 0.95,
) -> Probe:
    """The change from `seeing` to `blind` (cells,), NaN where there is no score; `names` are the two runs'.

    It looks if the components that need the picture change by an amount whose interval is without zero; it does not if
    the interval lies within 0.05 of zero. Refused below 30 items.
    """
    needs = np.isin(category, PICTURE_CATEGORIES)
    pictured = _fall("picture", needs, seeing, blind, items, FEW_ITEMS, confidence)
    others = _fall("others", ~needs, seeing, blind, items, FEW_ITEMS, confidence)
    parts = tuple(
        _fall(name, category == name, seeing, blind, items, _CATEGORY_ITEMS, confidence)
        for name in PICTURE_CATEGORIES
        if (category == name).any()
    )
    looks, sentence = _verdict(names[0], shown, pictured, others)
    return Probe(*names, shown, pictured, others, parts, looks, sentence)


def _fall(name: str, mask: Bools, seeing: Floats, blind: Floats, items: Ints, enough: int, confidence: float) -> Fall:
    both = mask & ~np.isnan(seeing) & ~np.isnan(blind)
    count = int(np.unique(items[both]).size)
    if count < enough:
        return Fall(name, count, int(both.sum()), NOTHING, None, f"needs {enough} items that both runs scored")
    changed = float((snap(seeing[both]) != snap(blind[both])).mean())
    return Fall(
        name, count, int(both.sum()), mean_between(blind[both] - seeing[both], items[both], confidence), changed
    )


def _verdict(judge: str, shown: str, pictured: Fall, others: Fall) -> tuple[bool | None, str]:
    without = "with a blank picture" if shown == "blank" else "without the picture"
    change = pictured.change
    if change.value is None:
        return (
            None,
            f"Whether {judge} looks at the picture cannot be told: {pictured.refused}, there are {pictured.items}.",
        )
    ends = "" if change.low is None or change.high is None else f" [{change.low:+.3f}, {change.high:+.3f}]"
    told = f"{without} its scores for {', '.join(PICTURE_CATEGORIES)} change by {change.value:+.3f}{ends}"
    if others.change.value is not None:
        told += f", the others by {others.change.value:+.3f}"
    if change.low is None or change.high is None:
        if pictured.changed == 0.0:
            return False, f"{judge} does not look: {told}, and not one of {pictured.units} components changes."
        return None, f"Whether {judge} looks at the picture cannot be told: {told}."
    if change.sign:
        weak = " (but by little)" if max(abs(change.low), abs(change.high)) < SMALL else ""
        return True, f"{judge} looks at the picture{weak}: {told}."
    if max(abs(change.low), abs(change.high)) < SMALL:
        return False, f"{judge} does not look at the picture, as far as its scores show: {told}."
    return None, f"It is not settled whether {judge} looks at the picture: {told}."
