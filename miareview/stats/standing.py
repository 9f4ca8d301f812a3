"""On whose word human scores rest: settled, or how many people said the same. What label noise there is in a number."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np

from miareview.stats.frame import Frame, Texts


@dataclass(frozen=True, slots=True)
class Standing:
    """How many components stand in each way, as labels do: see `LabelSource`. `disputed` ones are no label; in
    estimates the mean of what people gave stands for them. `assisted`: scored with the judge in sight only."""

    settled: int = 0
    unanimous: int = 0
    single: int = 0
    disputed: int = 0
    assisted: int = 0

    @property
    def labels(self) -> int:
        return self.settled + self.unanimous + self.single

    @property
    def kinds(self) -> tuple[int, int, int]:
        """How many labels are settled, unanimous, single."""
        return self.settled, self.unanimous, self.single

    def to_json(self) -> dict[str, int]:
        return asdict(self)


NOBODY = Standing()


def standings(frame: Frame) -> Texts:
    """How the human score of every cell (cells,) stands, as a name of `Standing`; "" where nobody scored it.

    Blind verdicts count, as in a label.
    """
    given = (~np.isnan(frame.blind) | frame.blind_ungradable).sum(axis=0)
    points = (~np.isnan(frame.blind)).sum(axis=0)
    least = np.where(np.isnan(frame.blind), np.inf, frame.blind).min(axis=0, initial=np.inf)
    most = np.where(np.isnan(frame.blind), -np.inf, frame.blind).max(axis=0, initial=-np.inf)
    same = (points == 0) | ((points == given) & (most <= least + 1e-9))
    found: Texts = np.select(
        [frame.gold.present, given == 1, (given > 1) & same, given > 1, frame.human.present],
        ["settled", "single", "unanimous", "disputed", "assisted"],
        "",
    )
    return found


def counted(names: Texts) -> Standing:
    """How many of these cells (as `standings` has them) stand in each way."""
    return Standing(**{field.name: int((names == field.name).sum()) for field in fields(Standing)})
