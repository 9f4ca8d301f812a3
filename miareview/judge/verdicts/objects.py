"""Verdicts in JSON and XML, by the meaning of the keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from miareview.judge.verdicts.amounts import Amount, amount_at, whole_amount
from miareview.judge.verdicts.loose_json import Node
from miareview.judge.verdicts.names import Names, component_of
from miareview.judge.verdicts.page import lower, plain
from miareview.judge.verdicts.record import Said, Standing, Verdict
from miareview.judge.verdicts.words import COMPONENT, PART, word_pattern

# What a key says of the value under it; the first that fits.
_ROLES = tuple(
    (role, word_pattern(words))
    for role, words in (
        ("skip", "confidences?|certainty|probabilit(?:y|ies)|deduct(?:ion|ions|ed)?|penalt(?:y|ies)|lost|loss|missed"
            "|missing|minus|reason"
         "|reasoning|rationale|explanations?|comments?|why|notes?|justifications?|feedback|evidence|description"
         "|title|category|counts?|found"
         "|words?|length|fluency|quality|difficulty|rank|sample|reduction|taken off|tokens|date|time|version|error"
         "|errors|delta"),
        ("other", "self|claim(?:s|ed)?|quot(?:e|es|ed|ation)|response|answer|author|student|model|previous|reference"
            "|baseline|human|example|template"),
        ("draft", "draft|initial|first|preliminary|provisional|tentative|thoughts?|thinking|before|old|original"
            "|raw first|rough|pre"),
        ("weight", "max(?:imum|imal|imums)?|most|possible|available|weights?|weighting|worth|out of|of|full|limit"
            "|cap|target|potential|rubric|allocated"
         "|achievable|denominator|maxima|upper|scale|expected|ideal|总分值|满分|权重|gewicht(?:ung)?|poids|peso"),
        ("share", "share|percent(?:age)?|ratio|fraction|normali[sz]ed|pct|relative"),
        ("given", "awarded|award|awards|earned|given|achieved|obtained|received|actual|final|corrected|revised"
            "|adjusted|updated|granted|assigned|got|gained"),
        ("score", "scores?|ratings?|grades?|marks?|results?|verdict|evaluation|judge?ment"
            "|得分|评分|分数|スコア|得点|점수|punktzahl|note|puntuación|nota"
         "|pontuação|punteggio|оценка|балл"),
        ("points", "points?|pts|values?|punkte|puntos|pontos|punti|баллы|numerator|text"),
    )
)  # fmt: skip
_RANK = {"given": 3, "score": 2, "points": 1, "share": 0}
_TOTAL = re.compile(
    r"(?:(?:grand|my|the|final)\s)?(?:total|overall|sum|final|aggregate|judge|gesamt\w*|summe|totale|总分|总得分|合計|총점"
    r"|итого)"
    r"(?:\s(?:scores?|points|marks|awarded|rating|grade|sum|earned|result))?|scores? total|final scores? total"
    r"|sum of scores"
)
_TOTAL_OF = re.compile(
    r"(?:max(?:imum)? total|total (?:max(?:imum)?|possible|weight|available)|(?:max(?:imum)?|possible"
    r"|total possible) (?:score|points|total))"
)
_IDS = (
    "component", "component number", "component id", "component index", "component no", "number", "id", "index", "no",
    "nr", "criterion", "requirement", "part", "item", "n", "position", "criterion id", "criterion number",
    "requirement id", "idx", "key", "#", "aspect", "name", "component name", "title", "label",
)  # fmt: skip
_NOUN = re.compile(rf"(?:{COMPONENT}|{PART})s?")
_WRAPPERS = ("answer", "final answer", "output")  # of the judge's own
_TOP = re.compile(r"(?<![\d.])(\d{1,4})(?:\.0)?\s*$")
_LOOSE_AMOUNT = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,4})?)\s?(?=/|out of\b|of\b|von\b|points?\b|$|[-–—(:,;])")


@lru_cache(10_000)  # a list has the same few keys again and again
def key_words(key: str) -> str:
    """A key as words: "component1Score", "component_1-score" and "Component 1 Score" are "component 1 score"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain(key))
    spaced = re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", spaced)
    return " ".join(re.sub(r"[_\-./#*:]+", " ", lower(spaced)).split())


@lru_cache(10_000)
def role_of(words: str) -> str:
    """What a key's words say of the value under it, "" where they say nothing."""
    return next((role for role, pattern in _ROLES if pattern.search(words)), "")


def object_verdicts(nodes: Sequence[Node], names: Names) -> list[tuple[Node, Verdict]]:
    """The verdicts of the objects and arrays of a reply, each with its object.

    An object that only names one component counts where there are others like it, one a line.
    """
    found: list[tuple[Node, Verdict]] = []
    single: list[tuple[Node, Verdict]] = []
    for node in nodes:
        sets = _sets(node, names)
        found += [(node, one.verdict(node)) for one in sets]
        if not sets and node.kind == "object":
            one = _Set()
            _listed(node, names, one, [])
            single += [(node, one.verdict(node))] if one.said else []
    named = any(_NOUN.fullmatch(key_words(key)) for node, _ in single for key, _ in node.pairs)
    return found + single if found or named or len(single) > 1 else []


_Inner = list[tuple[Node, str]]  # what is inside, and the words of its key


@dataclass(slots=True)
class _Set:
    """Scores that stand beside each other in one object or array."""

    said: dict[int, Said] = field(default_factory=dict)
    total: Said | None = None
    standing: Standing = "plain"
    role: str = ""
    doubts: set[str] = field(default_factory=set)

    def verdict(self, node: Node) -> Verdict:
        places = [said.span for said in self.said.values()]
        start = min((place[0] for place in places), default=node.start)
        end = max((place[1] for place in places), default=node.end)
        return Verdict(
            "object",
            start,
            end,
            self.said,
            self.total,
            self.standing,
            self.role not in ("", "points"),
            doubts=self.doubts,
        )


def _sets(root: Node, names: Names) -> list[_Set]:
    """The sets of scores in an object, in order, without those that are weights or no scores."""
    found: list[_Set] = []
    total: Said | None = None
    waiting: list[tuple[Node, str, Standing]] = [(root, "", "plain")]
    while waiting:
        node, role, standing = waiting.pop(0)
        one = _Set(standing=standing, role=role)
        inner: _Inner = []
        if node.kind == "array":
            _array(node, role, names, one, inner)
        else:
            _object(node, names, one, inner)
        if one.said:
            found.append(one)
        if one.total and not one.said and total is None and standing == "plain" and role != "weight":
            total = one.total
        for child, words in inner:
            told = "" if words in _WRAPPERS else role_of(words)
            if told in ("skip", "weight", "other"):
                continue
            stands: Standing = "draft" if told == "draft" else "final" if _FINAL.search(words) else standing
            waiting.append((child, told or role, stands))
    if len(found) == 1 and found[0].total is None:
        found[0].total = total
    return found


_FINAL = re.compile(r"final|corrected|revised|adjusted|updated")


def _object(node: Node, names: Names, one: _Set, inner: _Inner) -> None:
    of: Amount | None = None
    tops: set[int] = set()  # {"scale": "1-5", "component_1": 4}
    candidates: dict[int, list[tuple[int, str, Said]]] = {}
    for key, value in node.pairs:
        words = key_words(key)
        component, rest = component_of(words, names)
        if component is None and _NOUN.fullmatch(words) and value.kind == "object":
            _listed(value, names, one, inner)  # <component id="1">
            continue
        if component is not None:
            role = role_of(rest)
            if role in ("skip", "weight", "other", "draft"):
                continue
            if value.kind in ("object", "array"):
                said, doubts = _score_of(value)
            else:
                said, doubts = _said(value), set()
            one.doubts |= doubts
            if said:
                candidates.setdefault(component, []).append((_RANK.get(role, 2), words, said))
            continue
        if _TOTAL_OF.fullmatch(words):
            of = (said.amount if (said := _said(value)) else None) or of
        elif _TOTAL.fullmatch(words) and (said := _total(value)):
            one.total = one.total or said
        elif value.kind in ("object", "array"):
            inner.append((value, words))
        elif role_of(words) == "weight" and (written := _TOP.search(value.value)):
            tops.add(int(written[1]))
    if tops - {sum(names.weights), *names.weights} or (len(set(names.weights)) > 1 and tops & set(names.weights)):
        one.doubts.add("other_scale")
    for component, said_here in candidates.items():
        best = max(rank for rank, _, _ in said_here)
        top = [said for rank, _, said in said_here if rank == best]
        if any(said.amount != top[0].amount for said in top):
            one.doubts.add("repeated_component")
        one.said.setdefault(component, top[0])
    if one.total and of and one.total.amount.of is None and of.of is None:
        one.total = Said(Amount(one.total.amount.points, of.points), one.total.span)


def _total(value: Node) -> Said | None:
    return _score_of(value)[0] if value.kind == "object" else _said(value)


def _array(node: Node, role: str, names: Names, one: _Set, inner: _Inner) -> None:
    objects = [part for part in node.parts if part.kind == "object"]
    before = len(one.said)
    for part in objects:
        _listed(part, names, one, inner)
    if len(one.said) > before or not node.parts:
        return
    count = len(names.weights)
    if len(node.parts) != count:
        inner += [(part, "") for part in node.parts if part.kind in ("object", "array")]
        return
    read = [_score_of(part)[0] if part.kind == "object" else _said(part) for part in node.parts]
    if all(said is not None for said in read) and (objects or role in ("score", "given")):
        one.said = {place: said for place, said in enumerate(read, start=1) if said}
        one.role = role or ("score" if objects else "")
    else:
        inner += [(part, "") for part in objects]


def _listed(node: Node, names: Names, one: _Set, inner: _Inner) -> None:
    """An object that says which component it is about."""
    keyed = {key_words(key): value for key, value in reversed(node.pairs)}
    component = None
    for key in _IDS:
        value = keyed.get(key)
        if value is not None and value.kind in ("text", "bare"):
            component = _id(value.value, key, names)
            if component is not None:
                break
    deeper = [value for _, value in node.pairs if value.kind in ("object", "array") and _holds_components(value, names)]
    if component is None or deeper:
        inner.append((node, ""))
        return
    said, doubts = _score_of(node)
    if said is None:
        return
    one.doubts |= doubts
    one.role = one.role or "score"
    first = one.said.setdefault(component, said)
    if first.amount != said.amount:
        one.doubts.add("repeated_component")


def _holds_components(node: Node, names: Names) -> bool:
    parts = node.parts if node.kind == "array" else [value for _, value in node.pairs]
    keys = [key_words(key) for key, _ in node.pairs]
    if any(component_of(words, names)[0] is not None for words in keys):
        return True
    return any(
        part.kind == "object"
        and any(key_words(key) in _IDS or component_of(key_words(key), names)[0] for key, _ in part.pairs)
        for part in parts
    )


def _id(value: str, key: str, names: Names) -> int | None:
    text = plain(value).strip()
    if text.isascii() and text.isdigit() and len(text) < 5:
        return int(text)
    component, _ = component_of(key_words(text), names)
    return component


def _score_of(node: Node) -> tuple[Said | None, set[str]]:
    """The score in an object about one component, out of the maximum where one stands beside."""
    if node.kind == "array":
        found = [said for part in node.parts if (said := _said(part))]
        return (found[0] if len(found) == 1 else None), set()
    ranked: list[tuple[int, Said]] = []
    of: Amount | None = None
    for key, value in node.pairs:
        words = key_words(key)
        role = role_of(words)
        if role == "weight":
            of = of or (said.amount if (said := _said(value)) else None)
        elif role in _RANK:
            said = _score_of(value)[0] if value.kind == "object" else _said(value)
            if said:
                ranked.append((_RANK[role], said))
    if not ranked:
        return None, set()
    best = max(rank for rank, _ in ranked)
    top = [said for rank, said in ranked if rank == best]
    doubts = {"several_verdicts"} if any(said.amount.points != top[0].amount.points for said in top) else set()
    said = top[-1] if doubts else top[0]
    if best == 0:  # only a share
        of = None
    lower_ranked = [other for rank, other in ranked if 0 < rank < best]
    if of is None and lower_ranked and best == 3:
        of = None
    if of is not None and of.of is None and said.amount.of is None:
        said = Said(Amount(said.amount.points, of.points), said.span, tuple(lower_ranked))
    return said, doubts


def _said(node: Node) -> Said | None:
    """The amount that a value is, or begins with: "3/4 - one run-on"."""
    if node.kind not in ("text", "bare"):
        return None
    text = lower(plain(node.value))
    if len(text) > 5000:
        return None
    amount = whole_amount(text)
    if amount is not None:
        lead = len(text) - len(text.lstrip())
        return Said(amount, (node.start + lead, node.start + len(text.rstrip())))
    begins = _LOOSE_AMOUNT.match(text)
    if not begins:
        return None
    amount, end = amount_at(text, begins.start(1), begins.end(1), begins[1])
    if not re.match(r"\s*(?:points?|pts|marks?|分|점)?\s*(?:$|[-–—(:,;.|\n])", text[end:]):
        return None
    if amount.of is None and re.match(r"\s*[-–—]\s*\d", text[end:]):  # a range
        return None
    return Said(amount, (node.start + begins.start(1), node.start + end))
