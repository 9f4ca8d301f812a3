"""From stored replies to probes to what the numbers are made of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from miareview.model import Item
from miareview.stats.noticing import Answer, Noticing, noticing
from miareview.store.probes import Probe, points, probes, probes_digest, said_wrong
from miareview.store.store import Store

Points = dict[int, float]
NEEDS_PICTURE = ("donor", "picture")


@dataclass(frozen=True, slots=True)
class Miss:
    """A break of a demand that the judge had given full marks for, and after it gave them again."""

    probe: Probe
    item: Item
    before: str
    after: str
    points_before: float
    points_after: float

    @property
    def component(self) -> str:
        return next(c.text for c in self.item.components if c.position == self.probe.position)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a judge said of the probes: `answered` of `questions`; the numbers; the misses, the near ones last.

    `judge` is its id, `name` what it is called.
    """

    judge: str
    name: str
    probes_sha256: str
    version: int
    questions: int
    answered: int
    found: Noticing
    misses: tuple[Miss, ...]


def asked(store: Store, judge: str) -> Asked:
    """The answers of the judge of that id to the probes of this file, put into numbers."""
    every = probes(store)
    wrong = said_wrong(store)
    said = points(store, judge)
    items = {item.id: item for item in store.items()}
    texts = {response.id: response.text for response in store.responses()}
    sees = bool(store.judge(judge).sees_image)
    valid = [probe for probe in every if probe.id not in wrong]
    kept = {probe.base: said.get(probe.response, ("", {}))[1] for probe in valid if probe.kind == "keep"}
    breaks = {(p.item, p.position, p.mutator, p.dose, p.base): p.response for p in valid if p.kind == "break"}
    answers: list[Answer] = []
    misses: list[Miss] = []
    for probe in valid:
        compared = probe.base
        if probe.kind in ("injection", "neutral"):
            compared = breaks.get((probe.item, probe.position, probe.mutator, probe.dose, probe.base))
        before = said.get(compared or "", ("", {}))[1]
        after = said.get(probe.response, ("", {}))[1]
        if probe.kind == "order":  # read back: the last component was asked about first
            after = {len(items[probe.item].components) + 1 - place: given for place, given in after.items()}
        answer = _answer(probe, items[probe.item], before, after, kept.get(probe.base, {}), sees)
        if answer is None:
            continue
        answers.append(answer)
        if probe.kind in ("break", "pair") and answer.before == 1 and answer.after == 1 and probe.base:
            told = texts[probe.base], texts[probe.response]
            misses.append(Miss(probe, items[probe.item], *told, answer.before, answer.after))
    misses.sort(key=lambda miss: (miss.probe.dose != "far", miss.probe.id))
    lost = Counter(status for status, found in said.values() if not found)
    name = store.judge(judge).label
    version = every[0].version if every else 0
    return Asked(
        judge, name, probes_digest(every), version, len(texts), len(said),
        noticing(answers, lost, len(wrong)), tuple(misses),
    )  # fmt: skip


def open_misses(store: Store, misses: Sequence[Miss], waiting: Collection[str]) -> list[Miss]:
    """The misses whose base is none of the `waiting` responses (ids) of the database that they were made from."""
    hidden = {
        (response.item, response.model, hashlib.sha256(response.text.encode("utf-8", "surrogatepass")).hexdigest())
        for response in store.responses()
        if response.id in waiting
    }
    return [m for m in misses if (m.probe.item, m.probe.base_model, m.probe.base_sha256) not in hidden]


def _answer(probe: Probe, item: Item, before: Points, after: Points, keep: Points, sees: bool) -> Answer | None:
    """None where a reply lacks what is compared, or where the judge would need a picture that it was not shown."""
    k = probe.position
    alone = probe.kind in ("echo", "empty")
    if k is None or k not in after or not (alone or k in before):
        return None
    if probe.kind in NEEDS_PICTURE and not sees:
        return None
    others, changed = _others(before, after, k)
    null_others, null_changed = _others(before, keep, k)
    return Answer(
        item=item.id,
        category=item.components[k - 1].category,
        kind="donor length" if (probe.kind, probe.expected) == ("donor", "same") else probe.kind,
        dose=probe.dose,
        before=None if alone else before[k],
        after=after[k],
        others=others,
        changed=changed,
        null=(before[k], keep[k]) if probe.kind == "break" and k in keep else None,
        null_others=null_others,
        null_changed=null_changed,
        base=f"{probe.base} {k}",
    )


def _others(before: Points, after: Points, k: int) -> tuple[int, int]:
    """Other components with points both times, and how many of them changed."""
    both = [position for position in before if position != k and position in after]
    return len(both), sum(before[position] != after[position] for position in both)
