"""What is said of judges: what they are held against, which is closer to people, and whether one looks at pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miareview.stats.judges.probe import PICTURE_CATEGORIES, SMALL
from miareview.words.flags import say
from miareview.words.labels import told as told_labels
from miareview.words.numbers import chance, interval, number

if TYPE_CHECKING:
    from miareview.stats.judges.compare import Comparison, Cost, Truth
    from miareview.stats.judges.probe import Probe
    from miareview.stats.judges.versus import Duel


def comparison_json(found: Comparison, cost: Cost) -> dict[str, Any]:
    """The document of `judge compare --json`, with its sentences."""
    document = found.to_json(say, cost)
    document["held_against"]["sentence"] = held_against(found.truth)
    for row, duel in zip(document["pairs"], found.duels, strict=True):
        row["closer_to_people"]["sentence"] = closer(duel)
    for row, probe in zip(document["picture_probes"], found.probes, strict=True):
        row["sentence"] = looks(probe)
    return document


def held_against(truth: Truth) -> str:
    """In words what the judges are held against."""
    standing = truth.standing
    seen = f" ({truth.seen} settled with a judge's score in sight)" if truth.seen else ""
    if truth.split:
        told = f"{standing.labels} labels of the {truth.split} split: {told_labels(*standing.kinds)}"
        return f"Held against {told}{seen}; {truth.items} items."
    if not truth.gold + truth.people:
        return "Nobody has scored a component blind yet, so no judge can be held against people."
    apart = f", {standing.disputed} disputed" if standing.disputed else ""
    parts = [f"gold of {truth.gold} components"] if truth.gold else []
    parts += [f"the mean of what people gave blind to {truth.people} components"] if truth.people else []
    return f"Held against {' and '.join(parts)}{seen}, {truth.items} items: {told_labels(*standing.kinds)}{apart}."


def closer(duel: Duel) -> str:
    """Which judge is closer to people, or why that is not said."""
    found = duel.difference
    if found is None or found.value is None:
        return f"{duel.a} and {duel.b}: not compared, {say(duel.refused) if duel.refused else 'nothing is shared'}."
    on = f"on {duel.shared} components of {duel.shared_items} items"
    if found.low is not None and found.high is not None and found.sign:
        ahead, behind = (duel.a, duel.b) if found.sign < 0 else (duel.b, duel.a)
        low, high = sorted((abs(found.low), abs(found.high)))
        return (
            f"{ahead} is closer to people than {behind} by {number(abs(found.value))} {interval(low, high)}"
            f" (mean absolute error, {on})."
        )
    ends = f" {interval(found.low, found.high, True)}".rstrip()
    return (
        f"{duel.a} and {duel.b}: not settled who is closer to people (mean absolute error of {duel.a} less that of"
        f" {duel.b}: {number(found.value, True)}{ends}, {on})."
    )


def looks(probe: Probe) -> str:
    """Whether a judge looks at the picture, and what that rests on."""
    without = "with a blank picture" if probe.shown == "blank" else "without the picture"
    found = probe.pictured
    if found.changed is None:
        why = say(found.refused) if found.refused else "nothing was scored by both"
        return f"Whether {probe.judge} looks at the picture cannot be told: {why}."
    where = f"{found.units} components for {', '.join(PICTURE_CATEGORIES)}"
    if found.changed == 0.0:
        return f"{probe.judge} does not look: {without} not one of {where} changes."
    told = f"{without} {chance(found.changed)} of {where} get other points"
    mean = f"the mean changes by {number(found.change.value, True)}"
    told += f" ({mean} {interval(found.change.low, found.change.high, True)})".replace(" )", ")")
    if probe.others.changed is not None:
        told += f", {chance(probe.others.changed)} of the others"
    if found.again is None:
        if probe.looks:
            return f"{probe.judge} looks at the picture: {told}, and asking again would not move the mean."
        return (
            f"Whether {probe.judge} looks at the picture cannot be told: {told}. How often its points change when it is"
            " asked again with the picture is not known: ask it again (miareview judge run --repeats 2)."
        )
    beyond = found.beyond
    told += (
        f"; asked again with the picture, {chance(found.again)}: a difference of {number(beyond.value, True)}"
        f" {interval(beyond.low, beyond.high, True)}"
    ).rstrip()
    if probe.looks:
        weak = " (but by little)" if beyond.high is not None and beyond.high < SMALL else ""
        return f"{probe.judge} looks at the picture{weak}: {told}."
    if probe.looks is False:
        return f"{probe.judge} does not look at the picture, as far as its scores show: {told}."
    return f"It is not settled whether {probe.judge} looks at the picture: {told}."
