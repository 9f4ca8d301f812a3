"""Which benchmark and which judge somebody means by a name, or by none."""

from __future__ import annotations

from miareview.errors import DataError
from miareview.model import Judge
from miareview.store.judge_runs import judged_benchmark
from miareview.store.store import Store


def find_benchmark(store: Store, name: str | None = None) -> str:
    """The benchmark of that name, else the one with the most items. Raises `DataError` where there is none."""
    names = store.benchmarks()
    if not names:
        raise DataError(f"{store.path} holds no benchmark yet.", "Read one in with `miareview import BENCHMARK.json`.")
    if name is not None and name not in names:
        raise DataError(f"There is no benchmark named {name!r}.", f"There is: {', '.join(names)}.")
    return name or max(names, key=store.size_of)


def find_judge(store: Store, name: str | None = None, benchmark: str | None = None) -> Judge | None:
    """The judge of that label, name or id (six digits of it will do); without one, the default judge.

    That is the first one that judged, or the one that `judge use` chose; where it has judged nothing of the
    `benchmark`, the judge with the most judgments that has. None where there is no judge at all. Raises `DataError`
    where there is none of that name, or more than one.
    """
    judges = store.judges()
    if name is None:
        default = store.default_judge()
        judges.sort(key=lambda judge: judge.id != default)
        if benchmark is not None:
            judges.sort(key=lambda judge: not judged_benchmark(store, judge.id, benchmark))
        return judges[0] if judges else None
    found = (
        [judge for judge in judges if judge.label == name]
        or [judge for judge in judges if judge.name == name]
        or [judge for judge in judges if len(name) >= 6 and judge.id.startswith(name)]
    )
    if len(found) == 1:
        return found[0]
    if found:
        each = "; ".join(f"{judge.label} is {judge.id[:8]}" for judge in found)
        raise DataError(f"There are {len(found)} judges named {name!r}.", f"Name one by its label or id: {each}.")
    known = ", ".join(dict.fromkeys(judge.label for judge in judges)) or "none"
    raise DataError(f"There is no judge named {name!r}.", f"Known judges: {known}.")
