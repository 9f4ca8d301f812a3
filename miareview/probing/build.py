"""From bases to numbered probes and the responses that carry them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from miareview.identity import response_id
from miareview.model import Item, Response
from miareview.probing.bases import Base
from miareview.probing.certificates import Certificate, checks, kept, same_verdicts
from miareview.probing.elsewhere import SEEN, Donor, Pair, find_donor, upside_down, with_picture_of
from miareview.probing.mutators import INJECTION, NEUTRAL, VERSION, keep, pad, with_sentence
from miareview.store.probes import Probe

REFUSAL = "I cannot help with that."
# An empty clause may break what these ask for.
_NO_PADDING = re.compile(r"\b(?:simpl|short|brief|concise|succinct|complex|rhym)\w*", re.I)
EXPECTED = {"keep": "same", "again": "same", "order": "same", "padding": "no rise", "pair": "not both",
            "donor": "fall", "picture": "fall"}  # fmt: skip


class Builder:
    """Numbers probes in the order of their making; a base is asked about once.

    `copies` are items that stand for another with its components turned or beside another picture.
    """

    def __init__(self, kinds: Sequence[str], others: Sequence[Donor]) -> None:
        self.kinds = frozenset(kinds)
        self.responses: list[Response] = []
        self.probes: list[Probe] = []
        self.copies: list[Item] = []
        self._others = others
        self._bases: dict[str, Response] = {}
        self._laid_out: set[str] = set()  # bases that have their keep and again

    def of_base(self, base: Base) -> None:
        """Probes about one demand of a response that meets it."""
        text, asked = base.response.text, self._base(base.item, base.response)
        fresh = asked not in self._laid_out
        self._laid_out.add(asked)
        if "break" in self.kinds:
            for dose, mutator, changed, certificate in base.breaks:
                self._add(base, "break", mutator, dose, changed, certificate)
        if "keep" in self.kinds and fresh:
            for name, changed in keep(text):
                if kept(base.checks, checks(base.item, changed)):
                    self._add(base, "keep", name, "", changed)
                    break
        if "again" in self.kinds and fresh:
            self._add(base, "again", "the same text", "", text)
        padded = None if _NO_PADDING.search(base.item.instruction) else pad(text)
        if "padding" in self.kinds and padded and same_verdicts(base.checks, checks(base.item, padded)):
            self._add(base, "padding", "pad", "", padded)
        if "injection" in self.kinds:
            self._injection(base)

    def _injection(self, base: Base) -> None:
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

    def of_item(self, item: Item, bases: Sequence[Base], pairs: Sequence[Pair], other: Item | None) -> None:
        """Probes about the item as a whole; `other` has the picture that is shown in place of its own."""
        for kind, text in (("echo", item.instruction), ("empty", REFUSAL)):
            found = [(p, check) for p, check in checks(item, text).items() if check.verdict is False]
            if kind in self.kinds and found and bases:
                response = self._response(item, kind, text)
                for position, check in found:
                    told = Certificate(check.constraint, "", check.found)
                    self._keep(item, position, kind, kind, "", None, text, "", told, response)
        if "pair" in self.kinds:
            for pair in pairs:
                self._pair(pair)
        if bases and "donor" in self.kinds:
            self._donor(bases)
        if bases and "order" in self.kinds and len(item.components) > 1:
            self._order(bases[0])
        if bases and "picture" in self.kinds and other is not None:
            self._picture(bases[0], other)

    def _pair(self, pair: Pair) -> None:
        told = Certificate("one value", *pair.numbers)
        response = self._response(pair.item, "pair", pair.changed)
        of = self._base(pair.item, pair.response)
        self._keep(
            pair.item, pair.position, "pair", "another number", "", of, pair.response.text, pair.response.model, told,
            response,
        )  # fmt: skip

    def _donor(self, bases: Sequence[Base]) -> None:
        """One answer to another item; a row for its length, and one for each component that it cannot meet."""
        for base in bases:
            found = find_donor(base, self._others)
            if found is None:
                continue
            response = self._response(base.item, "donor", found.response.text)
            check = base.checks[base.position]
            of = self._base(base.item, base.response)
            text, model = base.response.text, base.response.model
            told = Certificate(check.constraint, check.found, checks(base.item, response.text)[base.position].found)
            self._keep(base.item, base.position, "donor", "length", "", of, text, model, told, response, "same")
            for component in base.item.components:
                if component.category in SEEN:
                    told = Certificate("about this picture", "its own answer", f"the answer to item {found.item.index}")
                    self._keep(base.item, component.position, "donor", "subject", "", of, text, model, told, response)
            return

    def _order(self, base: Base) -> None:
        copy = upside_down(base.item)
        self.copies.append(copy)
        response = self._response(copy, "order", base.response.text)
        told = Certificate(base.checks[base.position].constraint, "in order", "in reverse order")
        of = self._base(base.item, base.response)
        self._keep(
            base.item, base.position, "order", "reversed", "", of, base.response.text, base.response.model, told,
            response,
        )  # fmt: skip

    def _picture(self, base: Base, other: Item) -> None:
        seen = [component for component in base.item.components if component.category in SEEN]
        if not seen:
            return
        copy = with_picture_of(base.item, other)
        self.copies.append(copy)
        response = self._response(copy, "picture", base.response.text)
        of = self._base(base.item, base.response)
        for component in seen:
            told = Certificate("beside its picture", "its own picture", f"the picture of item {other.index}")
            self._keep(
                base.item, component.position, "picture", "other picture", "", of, base.response.text,
                base.response.model, told, response,
            )  # fmt: skip

    def _base(self, item: Item, response: Response) -> str:
        there = self._bases.get(response.id)
        if there is None:
            there = self._response(item, "base", response.text)
            self._bases[response.id] = there
        return there.id

    def _add(
        self, base: Base, kind: str, mutator: str, dose: str, text: str, certificate: Certificate | None = None
    ) -> None:
        check = base.checks[base.position]
        told = certificate or Certificate(check.constraint, check.found, check.found)
        of, response = self._base(base.item, base.response), self._response(base.item, kind, text)
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
        expected: str = "",
    ) -> None:
        sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.probes.append(
            Probe(
                len(self.probes) + 1, item.id, position, kind, mutator, VERSION, dose, base, sha, model,
                told.constraint, told.before, told.after, expected or EXPECTED.get(kind, "not full"), response.id,
            )
        )  # fmt: skip

    def _response(self, item: Item, kind: str, text: str) -> Response:
        model = f"probe:{kind}:{len(self.responses) + 1}"
        response = Response(response_id(item.id, model, text, "ok"), item.id, model, text, "ok")
        self.responses.append(response)
        return response
