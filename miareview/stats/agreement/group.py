"""The rows of the agreement table, and their JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from miareview.stats.agreement import BlandAltman, Interval
from miareview.stats.agreement.ceiling import FEW_ITEMS, Alternative, most_reachable
from miareview.stats.flags import Flag, Say, flags_json, left_out_json
from miareview.stats.standing import NOBODY, Standing

Kind = Literal["judge-human", "human-human", "judge-gold", "human-gold", "judge-judge"]


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the agreement table; `by` is {} for all. Measures that the data do not define are None.

    `units` are components with at least two ratings (for the judge: times reviewers), `items` benchmark items.
    `bias` is first - second, which for the judge is its leniency. `override_rate` is over all reviews, also those
    with the judge's score in sight. `confusion` has a table of whole points a weight, rows the first rater's; points
    between two whole ones count as the nearer one, halves as the upper; `rounded` says how many. `undefined` says why
    a measure is None, `flags` what to keep in mind. `bland_altman` is of item scores, for two raters overall.
    """

    by: dict[str, str]
    raters: tuple[str, ...]
    units: int
    items: int
    blind_only: bool
    representative: bool
    alpha: dict[str, Interval]
    kappa_quadratic: float | None
    ac1: float | None
    ac2: float | None
    ccc: float | None
    icc21: float | None
    bias: tuple[float | None, float | None, float | None]
    mae: float | None
    exact: float | None
    within_one_point: float | None
    override_rate: float | None
    confusion: dict[str, list[list[int]]]
    rounded: int
    kind: Kind = "judge-human"
    kappa_by_weight: dict[str, float | None] | None = None
    bland_altman: BlandAltman | None = None
    undefined: dict[str, Flag] | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def few(self) -> bool:
        """Fewer than 30 items: a rough figure."""
        return self.items < FEW_ITEMS

    def to_json(self, say: Say, people: Group | None = None) -> dict[str, Any]:
        """The row as plain values; `people` is the group of people among themselves to stand beside it."""
        limits = self.bland_altman
        return {
            "by": self.by,
            "kind": self.kind,
            "raters": list(self.raters),
            "units": self.units,
            "items": self.items,
            "few": self.few,
            "blind_only": self.blind_only,
            "representative": self.representative,
            "alpha": {
                level: found.to_json(say) | {"method": found.method}
                for level, found in self.alpha.items()
            },
            "ceiling": ceiling_of(people, say),
            "kappa_quadratic": self.kappa_quadratic,
            "kappa_by_weight": self.kappa_by_weight or {},
            "ac1": self.ac1,
            "ac2": self.ac2,
            "ccc": self.ccc,
            "icc21": self.icc21,
            "bias": dict(zip(("value", "low", "high"), self.bias, strict=True)),
            "mae": self.mae,
            "exact": self.exact,
            "within_one_point": self.within_one_point,
            "override_rate": self.override_rate,
            "bland_altman": None if limits is None else {
                "bias": limits.bias, "sd": limits.sd, "low": limits.low, "high": limits.high, "slope": limits.slope,
            },
            "confusion": self.confusion,
            "rounded": self.rounded,
            "undefined": {name: say(why) for name, why in (self.undefined or {}).items()},
            "flags": flags_json(self.flags, say),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """All groups, the overall ones first, and what was left out with its reason.

    `groups` are judge and people, each followed by people among themselves where there are two; `beside` are the
    judge and every person against gold, and the judge against other judges. `standing` says how the components stand
    that people scored, `relabelled` how many are counted in the category that people gave them.
    """

    judge: str
    groups: tuple[Group, ...]
    left_out: tuple[tuple[str, int], ...]
    beside: tuple[Group, ...] = ()
    alternative: Alternative | None = None
    standing: Standing = NOBODY
    relabelled: int = 0

    def people(self, by: dict[str, str]) -> Group | None:
        """People among themselves in that group, None where no component of it has two scores."""
        return next((group for group in self.groups if group.kind == "human-human" and group.by == by), None)

    def to_json(self, say: Say) -> dict[str, Any]:
        """The document of `agreement --json`."""
        return {
            "judge": self.judge,
            "groups": [
                group.to_json(say, self.people(group.by) if group.kind == "judge-human" else None)
                for group in (*self.groups, *self.beside)
            ],
            "alternative_annotator": None if self.alternative is None else self.alternative.to_json(say),
            "standing": self.standing.to_json(),
            "relabelled": self.relabelled,
            "left_out": left_out_json(self.left_out, say),
        }


def ceiling_of(people: Group | None, say: Say) -> dict[str, Any] | None:
    """Alpha of people among themselves and the most that a judge can reach with them; None: nothing scored twice."""
    if people is None:
        return None
    found = people.alpha["interval"]
    return {
        **found.to_json(say), "most": most_reachable(found.value),
        "items": people.items, "units": people.units, "raters": list(people.raters),
    }  # fmt: skip
