"""Which probes are made: from stored responses, by the seed, the scarce categories first."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from miareview.errors import DataError, UsageError
from miareview.identity import digest, response_id
from miareview.model import Item, Response
from miareview.probing.certificates import Certificate, Checks, broken, checks, kept, same_verdicts
from miareview.probing.mutators import (
    BREAKING,
    INJECTION,
    NEUTRAL,
    VERSION,
    is_plain,
    keep,
    pad,
    with_sentence,
)
from miareview.review.checks import quoted_words
from miareview.review.doubts import item_doubts, share_in
from miareview.store.probes import Probe

KINDS = ("break", "keep", "again", "injection", "padding", "echo", "empty")
_NO_PADDING = re.compile(
    r"\b(?:simpl|short|brief|concise|succinct|complex|rhym)\w*", re.I
)  # an empty clause may break these
SHARE = 0.8  # of a component's words that must stand in the instruction
REFUSAL = "I cannot help with that."


@dataclass(slots=True)
class Counts:
    """What became of the demands of one category.

    `broken`: some change breaks it; `isolated`: one breaks it and moves no other, so that there is a probe. `why`
    counts the reasons for those that have none.
    """

    demands: int = 0
    checkable: int = 0
    based: int = 0
    broken: int = 0
    isolated: int = 0
    why: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Made:
    """Probes with the responses that carry them, bases among these; and what became of all demands, by category."""

    items: tuple[Item, ...]
    responses: tuple[Response, ...]
    probes: tuple[Probe, ...]
    counts: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class _Base:
    """A response in which the witness says met for a component, and its breaks by dose."""

    item: Item
    position: int
    response: Response
    checks: Checks
    breaks: tuple[tuple[str, str, str, Certificate], ...]  # dose, mutator, text


def make_probes(
    items: Sequence[Item], responses: Sequence[Response], *, size: int | None, seed: int, kinds: Sequence[str] = KINDS
) -> Made:
    """Make the probes for `size` items (None: all that can be). Pure: the same arguments give the same probes.

    Raises `DataError` where there is no stored response to change, `UsageError` for a kind that is none.
    """
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise UsageError(f"There is no kind of probe named {unknown[0]!r}.", f"Kinds: {', '.join(KINDS)}.")
    answers: dict[str, list[Response]] = {}
    for response in responses:
        if response.status == "ok":
            answers.setdefault(response.item, []).append(response)
    if not answers:
        raise DataError("There are no responses to change here.", "Import the answers of a model first.")
    counts: dict[str, Counts] = {}
    bases: dict[str, list[_Base]] = {}
    for item in items:
        order = sorted(answers.get(item.id, ()), key=lambda r: digest("probe", seed, r.id))
        for base in _bases(item, order, counts):
            bases.setdefault(item.id, []).append(base)
    chosen = _draw([item for item in items if item.id in bases], bases, size, seed)
    build = _Builder()
    for item in chosen:
        for base in bases[item.id]:
            build.of_base(base, kinds)
        build.of_item(item, kinds)
    return Made(tuple(chosen), tuple(build.responses), tuple(build.probes), counts)


def _bases(item: Item, answers: Sequence[Response], counts: dict[str, Counts]) -> Iterator[_Base]:
    """For each component that can be broken, the first response in which it can."""
    doubted = {doubt.position for doubt in item_doubts(item) if doubt.kind in ("foreign", "count", "negation")}
    seen = [(answer, checks(item, answer.text)) for answer in answers]
    for component in item.components:
        count = counts.setdefault(component.category, Counts())
        count.demands += 1
        if not checks(item, "A word.").get(component.position):
            continue
        count.checkable += 1
        if None in doubted or component.position in doubted or share_in(component.text, item.instruction) < SHARE:
            count.why["the component is in doubt"] += 1
            continue
        met = [(a, c) for a, c in seen if c[component.position].verdict is True]
        if not met:
            count.why["no response meets it for certain"] += 1
            continue
        count.based += 1
        plain = [(a, c) for a, c in met if is_plain(a.text)]
        tried = (
            _Base(item, component.position, a, c, breaks)
            for a, c in plain
            if (breaks := tuple(_breaks(item, component.position, a.text, c)))
        )
        base = next(tried, None)
        if base is not None:
            count.broken += 1
            count.isolated += 1
            yield base
        elif any(_broken_at_all(item, component.position, a.text) for a, _ in plain):
            count.broken += 1
            count.why["every change breaks another demand too"] += 1
        else:
            count.why["no change breaks it" if plain else "no response is plain text"] += 1


def _broken_at_all(item: Item, position: int, text: str) -> bool:
    words = quoted_words(item.components[position - 1].text)
    return any(
        checks(item, changed)[position].verdict is False
        for mutator in BREAKING
        for _, changed in mutator.apply(text, words)
    )


def _breaks(item: Item, position: int, text: str, before: Checks) -> Iterator[tuple[str, str, str, Certificate]]:
    """At most one change a dose, of the first mutator that has a certificate."""
    words = quoted_words(item.components[position - 1].text)
    named = {word.lower() for c in item.components for word in quoted_words(c.text) if len(word) > 1}
    for mutator in BREAKING:
        # Nothing that the item names is put in by chance: "right" as in "right away" may be no direction. Of single
        # letters the witness can tell.
        unwanted = named - {word.lower() for word in words if mutator.name == "use words"}
        found: dict[str, tuple[str, Certificate]] = {}
        for dose, changed in mutator.apply(text, words):
            added = changed.lower().replace(text.lower().rstrip(" .\n"), "")
            if dose in found or any(re.search(rf"\b{re.escape(word)}", added) for word in unwanted):
                continue
            certificate = broken(before, checks(item, changed), position)
            if certificate is not None:
                found[dose] = changed, certificate
        if found:
            for dose, (changed, certificate) in sorted(found.items(), reverse=True):
                yield dose, mutator.name, changed, certificate
            return


def _draw(items: Sequence[Item], bases: dict[str, list[_Base]], size: int | None, seed: int) -> list[Item]:
    """Items with the scarcest category first, then those with more demands, then by the seed."""
    many = Counter(_category(base) for found in bases.values() for base in found)

    def rank(item: Item) -> tuple[int, int, str]:
        found = bases[item.id]
        return min(many[_category(base)] for base in found), -len(found), digest("probe", seed, item.id)

    return sorted(items, key=rank)[:size]


def _category(base: _Base) -> str:
    return base.item.components[base.position - 1].category


class _Builder:
    """Probes and their responses, numbered in the order of their making; a base is asked about once."""

    def __init__(self) -> None:
        self.responses: list[Response] = []
        self.probes: list[Probe] = []
        self._bases: dict[str, Response] = {}
        self._laid_out: set[str] = set()  # bases that have their keep and again

    def of_base(self, base: _Base, kinds: Sequence[str]) -> None:
        text, asked = base.response.text, self._base(base)
        fresh = asked not in self._laid_out
        self._laid_out.add(asked)
        if "break" in kinds:
            for dose, mutator, changed, certificate in base.breaks:
                self._add(base, "break", mutator, dose, changed, certificate)
        if "keep" in kinds and fresh:
            for name, changed in keep(text):
                if kept(base.checks, checks(base.item, changed)):
                    self._add(base, "keep", name, "", changed)
                    break
        if "again" in kinds and fresh:
            self._add(base, "again", "the same text", "", text)
        padded = None if _NO_PADDING.search(base.item.instruction) else pad(text)
        if "padding" in kinds and padded and same_verdicts(base.checks, checks(base.item, padded)):
            self._add(base, "padding", "pad", "", padded)
        if "injection" in kinds:
            self._injection(base)

    def _injection(self, base: _Base) -> None:
        """The same break with either sentence, where the witness says of both what it says of the break."""
        for dose, mutator, changed, certificate in base.breaks:
            pair = [with_sentence(changed, sentence) for sentence in (INJECTION, NEUTRAL)]
            if None in pair:
                continue
            after = [checks(base.item, text or "") for text in pair]
            if all(found[base.position].verdict is False for found in after) and same_verdicts(*after):
                for kind, text in zip(("injection", "neutral"), pair, strict=True):
                    self._add(base, kind, mutator, dose, text or "", certificate)
                return

    def of_item(self, item: Item, kinds: Sequence[str]) -> None:
        for kind, text in (("echo", item.instruction), ("empty", REFUSAL)):
            if kind not in kinds:
                continue
            found = [(p, check) for p, check in checks(item, text).items() if check.verdict is False]
            if not found:
                continue
            response = self._response(item, kind, text)
            for position, check in found:
                certificate = Certificate(check.constraint, "", check.found)
                self._keep(item, position, kind, kind, "", None, text, "", certificate, response)

    def _base(self, base: _Base) -> str:
        there = self._bases.get(base.response.id)
        if there is None:
            there = self._response(base.item, "base", base.response.text)
            self._bases[base.response.id] = there
        return there.id

    def _add(
        self, base: _Base, kind: str, mutator: str, dose: str, text: str, certificate: Certificate | None = None
    ) -> None:
        check = base.checks[base.position]
        told = certificate or Certificate(check.constraint, check.found, check.found)
        of, response = self._base(base), self._response(base.item, kind, text)
        self._keep(
            base.item, base.position, kind, mutator, dose, of, base.response.text, base.response.model, told, response
        )

    def _keep(
        self,
        item: Item,
        position: int,
        kind: str,
        mutator: str,
        dose: str,
        base: str | None,
        text: str,
        model: str,
        told: Certificate,
        response: Response,
    ) -> None:
        sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        expected = {"keep": "same", "again": "same", "padding": "no rise"}.get(kind, "not full")
        self.probes.append(
            Probe(
                len(self.probes) + 1, item.id, position, kind, mutator, VERSION, dose, base, sha, model,
                told.constraint, told.before, told.after, expected, response.id,
            )
        )  # fmt: skip

    def _response(self, item: Item, kind: str, text: str) -> Response:
        model = f"probe:{kind}:{len(self.responses) + 1}"
        response = Response(response_id(item.id, model, text, "ok"), item.id, model, text, "ok")
        self.responses.append(response)
        return response
