"""How numbers are written: one minus sign, no minus before nothing, "–" where there is no number."""

from __future__ import annotations

from collections.abc import Iterable

NONE = "–"
MANY = 8  # names that are still told one by one


def number(value: float | None, signed: bool = False, digits: int = 3) -> str:
    """ "0.927", "+0.050", "−0.050"; "–" where there is none, and never a minus before zeros."""
    if value is None or value != value:
        return NONE
    text = f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"
    if float(text) == 0.0:
        text = text.replace("-", "+" if signed else "")
    return text.replace("-", "−")


def interval(low: float | None, high: float | None, signed: bool = False, digits: int = 3) -> str:
    """ "[0.862, 0.900]"; nothing where there is none."""
    if low is None or high is None:
        return ""
    return f"[{number(low, signed, digits)}, {number(high, signed, digits)}]"


def count(amount: int, one: str, many: str = "") -> str:
    """ "1 item", "2,000 items", "3 people"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def chance(probability: float | None) -> str:
    """A probability in whole per cent, never rounded to a certainty that it is not."""
    if probability is None:
        return NONE
    if 0.0 < probability < 0.01:
        return "<1 %"
    if 0.99 < probability < 1.0:
        return ">99 %"
    return f"{100 * probability:.0f} %"


def by_sentence(said: Iterable[tuple[str, str]]) -> list[str]:
    """One line a sentence, with what it is said of: all names, or of many the first."""
    names: dict[str, list[str]] = {}
    for name, sentence in said:
        names.setdefault(sentence, []).append(name)
    return [f"{_some(list(dict.fromkeys(of)))}: {sentence}" for sentence, of in names.items()]


def _some(names: list[str]) -> str:
    if len(names) <= MANY:
        return ", ".join(names)
    return f"{', '.join(names[: MANY - 2])} and {len(names) - MANY + 2} more"


def runs(numbers: Iterable[int]) -> str:
    """Rising numbers in few words: "1, 2, 4–42"; three and more that follow each other are written as a run."""
    found: list[list[int]] = []
    for n in numbers:
        if found and n == found[-1][-1] + 1:
            found[-1].append(n)
        else:
            found.append([n])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in found)
